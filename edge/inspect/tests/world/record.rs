//! What is seen and tried, and that nothing is sent.

use anning_inspect::Page;
use anning_page::record::{Act, ControlKind, Made, Opened, Outcome, Record};

use crate::browser::{DESKTOP, PHONE, stored, with_browser};
use crate::server::{Answer, Server};

/// The control with these words in a state.
fn control<'r>(record: &'r Record, state: usize, words: &str) -> &'r anning_page::record::Control {
    let state = &record.states[state];
    let named = |control: &&anning_page::record::Control| {
        control.label.contains(words)
            || state.texts.iter().any(|text| control.texts.contains(&text.key) && text.text.contains(words))
    };
    state
        .controls
        .iter()
        .find(named)
        .unwrap_or_else(|| panic!("no control with {words}: {:#?}", state.controls))
}

/// Every request a page makes of every kind; none but reading reaches the server, and nothing another origin.
const RESTLESS: &str = r#"<!DOCTYPE html><html lang="zh-CN"><title>注册</title>
<form id="f" method="post" action="/deliver/form"><input type="tel" name="mobile" placeholder="手机号">
<label><input type="checkbox" name="agree"> 同意<a href="/terms.html">《用户协议》</a></label><button>注册</button></form>
<form id="g" action="/deliver/get"><input name="q" value="1"></form>
<form id="b" method="post" action="/deliver/blank" target="_blank"><input name="q" value="2"></form>
<a id="p" href="/read.html" ping="/deliver/ping">x</a>
<img src="OTHER/pixel.gif"><link rel="preconnect" href="OTHER"><link rel="prefetch" href="/read.txt">
<link rel="stylesheet" href="/style.css">
<iframe srcdoc="<script>fetch('/deliver/frame',{method:'POST',body:'a'})</script>"></iframe>
<script>
navigator.sendBeacon('/deliver/beacon', 'a=1');
fetch('/deliver/post', {method: 'POST', body: '{"a":1}', headers: {'content-type': 'application/json'}}).catch(() => 0);
fetch('/deliver/keep', {method: 'POST', body: 'b', keepalive: true}).catch(() => 0);
fetch('/read.json').catch(() => 0);
for (const m of ['PUT', 'PATCH', 'DELETE']) fetch('/deliver/' + m, {method: m}).catch(() => 0);
const x = new XMLHttpRequest(); x.open('POST', '/deliver/xhr'); x.send('c=3');
try { new WebSocket(location.origin.replace('http', 'ws') + '/deliver/socket'); } catch {}
try { new EventSource('/deliver/events'); } catch {}
new Image().src = '/deliver/pixel?m=19900000013';
const w = new Worker(URL.createObjectURL(new Blob(["fetch('" + location.origin + "/deliver/worker',{method:'POST'});" +
  "try { new WebSocket('" + location.origin.replace('http', 'ws') + "/deliver/worker-socket') } catch {}"])));
window.open('/deliver/window?m=19900000013');
document.getElementById('f').addEventListener('submit', () => { document.getElementById('b').submit(); });
document.querySelector('[name=mobile]').addEventListener('change', () => { document.getElementById('g').submit(); });
document.querySelector('[name=agree]').addEventListener('change', () => { document.getElementById('p').click(); });
addEventListener('pagehide', () => navigator.sendBeacon('/deliver/hide', 'd'));
</script>"#;

#[test]
fn nothing_is_sent_and_no_other_origin_is_reached() {
    with_browser("nothing_is_sent", &["127.0.0.1"], |browser| {
        let other = Server::start(|_| Answer::html("other"));
        let page = RESTLESS.replace("OTHER", &other.origin());
        let server = Server::start(move |path| match path {
            "/" => Answer::html(&page),
            "/terms.html" => Answer::html("<p>协议</p>"),
            "/style.css" => Answer::of("text/css", "p{color:red}"),
            _ => Answer::of("application/json", "{}"),
        });
        let address = format!("{}/", server.origin());
        let made = browser.record(&Page::Address { address, origins: Vec::new() }, PHONE, None).unwrap();
        let record = made.record;
        let asked = server.log();
        assert!(asked.contains(&"GET /".to_owned()), "{asked:?}");
        assert!(asked.contains(&"GET /terms.html".to_owned()), "{asked:?}");
        assert!(asked.contains(&"GET /read.json".to_owned()), "{asked:?}");
        let sent: Vec<&String> =
            asked.iter().filter(|line| line.contains("/deliver") || !line.starts_with("GET ")).collect();
        assert!(sent.is_empty(), "these left: {sent:?}");
        assert_eq!(other.log(), Vec::<String>::new());
        for path in [
            "form", "get", "post", "beacon", "keep", "xhr", "PUT", "PATCH", "DELETE", "frame", "worker",
            "pixel",
        ] {
            let kept =
                record.submits.iter().any(|submit| submit.address.contains(&format!("/deliver/{path}")));
            assert!(kept, "not kept: {path}: {:#?}", record.submits);
        }
        let form = record.submits.iter().find(|submit| submit.address.ends_with("/deliver/form")).unwrap();
        assert_eq!(record.events[form.event].act, Act::Submit);
        assert!(form.fields.contains(&("mobile".to_owned(), "19900000013".to_owned())));
        assert_eq!(record.outcome, Outcome::Complete, "{:?}", record.notes);
    });
}

#[test]
fn stored_pages_read_nothing_outside_their_folder() {
    with_browser("outside", &[], |browser| {
        let pages = stored(&[
            (
                "pages/index.html",
                "<p id=t>同意</p><img src='../secret.png'><iframe src='/%2e%2e/secret.html'></iframe><iframe src='link.html'></iframe><script>fetch('file:///etc/hostname').then(r=>r.text()).then(t=>document.getElementById('t').textContent=t)</script>",
            ),
            ("secret.html", "<p>秘密</p>"),
        ]);
        std::os::unix::fs::symlink(pages.path("secret.html"), pages.path("pages/link.html")).unwrap();
        let page = Page::Stored { folder: pages.path("pages"), entry: "index.html".to_owned() };
        let record = browser.record(&page, DESKTOP, None).unwrap().record;
        let texts: Vec<&str> = record.states[0].texts.iter().map(|text| text.text.as_str()).collect();
        assert!(texts.contains(&"同意"), "{texts:?}");
        assert!(!texts.iter().any(|text| text.contains("秘密")), "{texts:?}");
        assert!(
            record.notes.iter().any(|note| note.text.starts_with("outside the folder")),
            "{:?}",
            record.notes
        );
    });
}

#[test]
fn a_closed_root_inside_a_frame_is_opened() {
    with_browser("closed_root", &[], |browser| {
        for mode in ["open", "closed"] {
            let inner = format!(
                "<form><x-box id=m></x-box><button>提交</button></form><script>customElements.define('x-box',class extends \
                 HTMLElement{{connectedCallback(){{const r=this.attachShadow({{mode:'{mode}'}});r.innerHTML='<label>\
                 <input type=checkbox>接收优惠信息</label>';r.querySelector('input').checked=true}}}})</script>"
            );
            let pages = stored(&[
                ("index.html", "<h1>注册</h1><iframe id=f src=inner.html></iframe>"),
                ("inner.html", &inner),
            ]);
            let record = browser.record(&pages.page(), DESKTOP, None).unwrap().record;
            let found = control(&record, 0, "接收优惠信息");
            assert_eq!(
                (found.on, found.attribute, found.kind),
                (Some(true), false, ControlKind::Checkbox),
                "{mode}"
            );
            assert_eq!(found.place, "#f >>> #m >>> label>input", "{mode}");
            let off =
                record.events.iter().find(|event| event.act == Act::Untick).expect("it was switched off");
            assert_eq!(control(&record, off.after, "接收优惠信息").on, Some(false), "{mode}");
        }
    });
}

#[test]
fn stand_ins_of_common_libraries_are_seen() {
    let layui = "<style>.c{display:inline-block;width:18px;height:18px;border:1px solid #ccc}.c.on{background:#16b777}</style>\
        <div><input type=checkbox checked style='display:none'><div class='c on'></div></div>";
    let label_before = "<style>#a{display:none}#a+label::before{content:'';display:inline-block;width:16px;height:16px;border:1px solid #999}</style>\
        <input type=checkbox id=a checked><label for=a>我已阅读并同意协议</label>";
    let over = "<style>.w{position:relative;display:inline-block;width:20px;height:20px;border:1px solid}.w input{opacity:0;position:absolute;inset:0}</style>\
        <span class=w><input type=checkbox checked><svg width=20 height=20><path d='M2 2h16v16z'/></svg></span>";
    let off_screen = "<style>.h{position:absolute;left:-9999px}.b{display:inline-block;width:14px;height:14px;background:#07c}</style>\
        <label><input class=h type=checkbox checked><i class=b></i><span>我已阅读并同意协议</span></label>";
    let bare = "<div><input type=checkbox checked style='position:absolute;left:-9999px'></div>";
    with_browser("stand_ins", &[], |browser| {
        for (name, html, seen) in [
            ("layui", layui, true),
            ("label", label_before, true),
            ("over", over, true),
            ("off", off_screen, true),
            ("bare", bare, false),
        ] {
            let pages =
                stored(&[("index.html", &format!("<form>{html}<span>我已阅读并同意协议</span></form>"))]);
            let record = browser.record(&pages.page(), DESKTOP, None).unwrap().record;
            let found = &record.states[0].controls[0];
            assert_eq!((found.on, found.kind), (Some(true), ControlKind::Checkbox), "{name}");
            assert_eq!((found.seen.is_shown(), found.stand_in.is_some()), (seen, seen), "{name}: {found:#?}");
        }
    });
}

#[test]
fn a_switch_kept_by_a_framework_and_a_dead_picture() {
    let page = "<main><div class=row><span id=l>接收促销短信</span><span role=switch aria-checked=true tabindex=0 aria-labelledby=l \
        style='display:inline-block;width:40px;height:20px;background:#f80'></span></div>\
        <p><img src=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 10 10'%3E%3Crect width='10' height='10' fill='red'/%3E%3C/svg%3E\" \
        width=12 height=12> 点击注册即视为同意用户协议</p><button id=go>注册</button></main>\
        <script>let on=true;document.addEventListener('click',e=>{const s=e.target.closest('[role=switch]');if(!s)return;on=!on;\
        setTimeout(()=>{s.setAttribute('aria-checked',on);document.getElementById('go').disabled=!on},20)})</script>";
    with_browser("framework", &[], |browser| {
        let pages = stored(&[("index.html", page)]);
        let record = browser.record(&pages.page(), DESKTOP, None).unwrap().record;
        let switch = control(&record, 0, "接收促销短信");
        assert_eq!((switch.kind, switch.made, switch.on), (ControlKind::Switch, Made::Role, Some(true)));
        let off = record
            .events
            .iter()
            .find(|event| event.act == Act::Untick && event.target.as_deref() == Some(&switch.key))
            .unwrap();
        assert!(
            control(&record, off.after, "注册").disabled
                || record.states[off.after].controls.iter().any(|c| c.disabled)
        );
        let drawn =
            record.states[0].controls.iter().find(|c| c.made == Made::Drawn).expect("the picture of a tick");
        assert_eq!((drawn.on, drawn.operable), (Some(true), false));
        let dead = record.events.iter().find(|event| event.target.as_deref() == Some(&drawn.key)).unwrap();
        assert_eq!(dead.without_effect, 3);
    });
}

#[test]
fn documents_are_opened_by_what_they_are() {
    let page = "<form><label><input type=checkbox> 同意<a href='a.html'>《协议甲》</a><a href='a.html#x'>《协议乙》</a><a href='gone.html'>《协议丙》</a>\
        <a href='javascript:;'>《协议丁》</a><a href='https://elsewhere.example/x'>《政策戊》</a><a href='#k'>《条款己》</a>\
        <a href='f.pdf'>《规则庚》</a><a href='empty.html'>《声明辛》</a><span style='cursor:pointer' onclick=\"d.showModal()\">《隐私壬》</span></label>\
        <button>注册</button></form><dialog id=d><p>这里是隐私政策的全文，处理您的手机号码。</p><button type=button onclick='d.close()'>关闭</button></dialog>\
        <p id=k>条款在此，请阅读。</p>";
    with_browser("documents", &[], |browser| {
        let pages = stored(&[
            ("index.html", page),
            ("a.html", "<h1>协议</h1><p>一</p><a href='b.html'>《附件规则》</a>"),
            ("b.html", "<p>二</p>"),
            ("f.pdf", "%PDF-1.4"),
            ("empty.html", "<div></div>"),
        ]);
        let record = browser.record(&pages.page(), DESKTOP, None).unwrap().record;
        let opened = |name: &str| {
            let link = record.states[0]
                .links
                .iter()
                .find(|link| link.text.contains(name))
                .unwrap_or_else(|| panic!("{name}"));
            let id = link.document.unwrap_or_else(|| panic!("{name} was not tried"));
            (id, record.documents[id].opened)
        };
        let expected = [
            ("甲", Opened::Page),
            ("乙", Opened::Page),
            ("丙", Opened::Failed),
            ("丁", Opened::Nothing),
            ("戊", Opened::Elsewhere),
            ("己", Opened::Anchor),
            ("庚", Opened::File),
            ("辛", Opened::Empty),
            ("壬", Opened::Dialog),
        ];
        for (name, kind) in expected {
            assert_eq!(opened(name).1, kind, "{name}: {:#?}", record.documents);
        }
        assert_eq!(opened("甲").0, opened("乙").0, "opened once");
        let second = &record.documents[record.documents[opened("甲").0].links[0]];
        assert_eq!(
            (second.clicks, second.from, second.texts[0].text.as_str()),
            (2, Some(opened("甲").0), "二")
        );
        assert!(record.documents[opened("壬").0].texts.iter().any(|text| text.text.contains("手机号码")));
    });
}

#[test]
fn boxes_in_one_line_have_words_of_their_own() {
    let wrapped = "<label><input type=checkbox> 我已阅读并同意协议</label> <label><input type=checkbox> 接收促销短信</label>";
    let named = "<input type=checkbox id=a><label for=a>我已阅读并同意协议</label> <input type=checkbox id=b><label for=b>接收促销短信</label>";
    let after = "<label for=a>我已阅读并同意协议</label><input type=checkbox id=a> <label for=b>接收促销短信</label><input type=checkbox id=b>";
    let plain = "<input type=checkbox> 我已阅读并同意协议<br><input type=checkbox> 接收促销短信";
    let long = "我已阅读并同意协议".repeat(30);
    let broken = format!(
        "<label><input type=checkbox> {long}</label><label><input type=checkbox> 接收促销短信</label>"
    );
    with_browser("one_line", &[], |browser| {
        for html in [wrapped, named, after, plain, broken.as_str()] {
            let pages = stored(&[("index.html", &format!("<meta charset=utf-8><form>{html}</form>"))]);
            let record = browser.record(&pages.page(), DESKTOP, None).unwrap().record;
            let state = &record.states[0];
            for (place, own, other) in [(0, "同意协议", "促销短信"), (1, "促销短信", "同意协议")]
            {
                let keys = &state.controls[place].texts;
                let words: String =
                    state.texts.iter().filter(|t| keys.contains(&t.key)).map(|t| t.text.as_str()).collect();
                assert!(words.contains(own) && !words.contains(other), "{html}: {place}: {words}");
            }
        }
    });
}

#[test]
fn a_line_goes_on_past_its_label() {
    let html = "<meta charset=utf-8><form><input type=checkbox id=a><label for=a>我已阅读并同意</label><a href=t.html>《用户协议》</a></form>";
    with_browser("goes_on", &[], |browser| {
        let pages = stored(&[("index.html", html)]);
        let record = browser.record(&pages.page(), DESKTOP, None).unwrap().record;
        let state = &record.states[0];
        let text = state.texts.iter().find(|text| state.controls[0].texts.contains(&text.key)).unwrap();
        assert_eq!(text.text, "我已阅读并同意《用户协议》");
    });
}
