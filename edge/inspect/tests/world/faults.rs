//! Pages that are none, that never end, that ask for a person: each has a record that says so.

use anning_inspect::Page;
use anning_page::record::{Outcome, Record};

use crate::browser::{PHONE, stored, with_browser};
use crate::server::{Answer, Server};

fn noted(record: &Record, kind: &str) -> bool {
    record.notes.iter().any(|note| note.kind == kind)
}

/// Records one page of a server and checks how that ended and what was noted.
fn check(name: &str, answer: impl Fn(&str) -> Answer + Send + Sync + 'static, outcome: Outcome, note: &str) {
    with_browser(name, &["127.0.0.1"], |browser| {
        let server = Server::start(answer);
        let address = format!("{}/", server.origin());
        let record =
            browser.record(&Page::Address { address, origins: Vec::new() }, PHONE, None).unwrap().record;
        assert_eq!(record.outcome, outcome, "{name}: {:?}", record.notes);
        assert!(note.is_empty() || noted(&record, note), "{name}: {:?}", record.notes);
        record.check().unwrap();
    });
}

/// Records a stored page and checks the same.
fn check_stored(name: &str, html: &str, outcome: Outcome, note: &str) {
    with_browser(name, &[], |browser| {
        let pages = stored(&[("index.html", html)]);
        let record = browser.record(&pages.page(), PHONE, None).unwrap().record;
        assert_eq!(record.outcome, outcome, "{name}: {:?}", record.notes);
        assert!(note.is_empty() || noted(&record, note), "{name}: {:?}", record.notes);
        record.check().unwrap();
        // The browser is whole after it.
        let again = stored(&[("index.html", "<p>好</p><input>")]);
        let record = browser.record(&again.page(), PHONE, None).unwrap().record;
        assert_eq!(record.states[0].texts[0].text, "好", "{name}");
    });
}

#[test]
fn no_page() {
    check(
        "status",
        |_| Answer::with("404 Not Found", "content-type: text/html\r\n"),
        Outcome::Unreachable,
        "unreachable",
    );
    check("loop", |_| Answer::with("302 Found", "location: /\r\n"), Outcome::Unreachable, "unreachable");
    check(
        "login",
        |_| Answer::with("401 Unauthorized", "www-authenticate: Basic realm=x\r\n"),
        Outcome::Unreachable,
        "login_refused",
    );
    check("json", |_| Answer::of("application/json", "{}"), Outcome::NotAPage, "not_a_page");
    check(
        "download",
        |_| Answer { head: "content-type: application/zip\r\n".to_owned(), ..Answer::of("", "PK") },
        Outcome::NotAPage,
        "not_a_page",
    );
}

#[test]
fn no_server_and_no_certificate() {
    with_browser("unreachable", &["127.0.0.1", "nobody.invalid"], |browser| {
        let plain = Server::start(|_| Answer::html("x"));
        for address in [
            "http://127.0.0.1:1/".to_owned(),
            "https://nobody.invalid/".to_owned(),
            plain.origin().replace("http", "https"),
        ] {
            let page = Page::Address { address: address.clone(), origins: Vec::new() };
            let record = browser.record(&page, PHONE, None).unwrap().record;
            assert_eq!(record.outcome, Outcome::Unreachable, "{address}: {:?}", record.notes);
        }
        let page = Page::Address { address: "file:///etc/hostname".to_owned(), origins: Vec::new() };
        assert!(browser.record(&page, PHONE, None).is_err());
    });
}

#[test]
fn pages_that_never_end() {
    check_stored(
        "timers",
        "<form><label><input type=checkbox>同意协议</label><button>注册</button></form><p id=p></p><script>setInterval(()=>{p.textContent=Math.random()},5)</script>",
        Outcome::Complete,
        "",
    );
    check_stored(
        "scroll",
        "<div id=d></div><script>function more(){for(let i=0;i<50;i++)d.append(document.createElement('p'),'好')}more();addEventListener('scroll',more);setInterval(more,50)</script>",
        Outcome::Complete,
        "",
    );
    check_stored("alerts", "<script>for(;;)alert('好')</script>", Outcome::Crashed, "bound_reached");
    check_stored(
        "busy",
        "<p>好</p><form><button type=button onclick='for(;;){}'>注册</button></form>",
        Outcome::Partial,
        "step_failed",
    );
    check_stored(
        "leaving",
        "<form><button onclick=\"location='index.html?2'\">注册</button></form><script>onbeforeunload=e=>{e.preventDefault();return 'x'}</script>",
        Outcome::Complete,
        "",
    );
    check_stored(
        "dialogs",
        "<form onsubmit=\"return confirm('确定？')&&!!prompt('验证码')\"><button>注册</button></form>",
        Outcome::Complete,
        "dialog_answered",
    );
}

#[test]
fn a_page_that_dies() {
    check_stored("crash", "<script>location='chrome://crash'</script><p>好</p>", Outcome::Complete, "");
    check_stored(
        "memory",
        "<p>好</p><script>function f(){const a=[];for(;;)a.push(new Array(1e7).fill(a.length))}</script><form><button type=button onclick='f()'>注册</button></form>",
        Outcome::Crashed,
        "crashed",
    );
}

#[test]
fn proof_of_a_human_being() {
    check_stored(
        "captcha",
        "<div class='geetest_box' style='height:200px'>请完成安全验证</div>",
        Outcome::Captcha,
        "captcha",
    );
}

#[test]
fn a_page_too_long() {
    let long = "好".repeat(1000);
    check(
        "long",
        move |path| {
            if path == "/" {
                Answer::html("<p>好</p><script src=/big.js></script>")
            } else {
                Answer::of("text/javascript", &format!("//{}", long.repeat(18_000)))
            }
        },
        Outcome::Complete,
        "bound_reached",
    );
}

#[test]
fn pages_that_come_late_or_not_at_all() {
    let late = |millis: u32| {
        format!(
            "<div id=app></div><script>setTimeout(()=>{{app.innerHTML='<form><input type=tel><label><input type=checkbox \
             checked>接收优惠短信</label><button>注册</button></form>'}},{millis})</script>"
        )
    };
    let stored_cases = [
        (late(400), Outcome::Complete, "", true),
        (late(2_000), Outcome::Complete, "", true),
        (format!("<p>加载中…</p>{}", late(900)), Outcome::Complete, "", true),
        ("<div id=app></div>".to_owned(), Outcome::Blank, "blank", false),
        (
            format!("<h1>消息</h1><p>{}</p>", "今天天气好。".repeat(40)),
            Outcome::Complete,
            "asks_nothing",
            false,
        ),
    ];
    with_browser("late", &["127.0.0.1"], |browser| {
        for (html, outcome, note, form) in stored_cases {
            let pages = stored(&[("index.html", &html)]);
            let record = browser.record(&pages.page(), PHONE, None).unwrap().record;
            assert_eq!(record.outcome, outcome, "{html}: {:?}", record.notes);
            assert!(note.is_empty() || noted(&record, note), "{html}: {:?}", record.notes);
            let fields = record.states[0].fields.len() + record.states[0].controls.len();
            assert_eq!(fields > 0, form, "{html}");
            record.check().unwrap();
        }
        let elsewhere = Server::start(|_| Answer::of("text/javascript", "document.body.innerHTML='<input>'"));
        let script = format!("{}/app.js", elsewhere.origin());
        for (words, outcome) in [("", Outcome::Blank), ("<h1>欢迎</h1>", Outcome::Partial)] {
            let html = format!("<!DOCTYPE html><body>{words}<script src='{script}'></script>");
            let server = Server::start(move |_| Answer::html(&html));
            let address = format!("{}/", server.origin());
            let page = Page::Address { address: address.clone(), origins: Vec::new() };
            let record = browser.record(&page, PHONE, None).unwrap().record;
            assert_eq!(record.outcome, outcome, "{:?}", record.notes);
            let said = anning_inspect::gaps(&record);
            let way_out = format!("--allow-origin {}", elsewhere.origin());
            assert!(said.iter().any(|words| words.en.contains(&way_out)), "{said:?}");
            let page = Page::Address { address, origins: vec![elsewhere.origin()] };
            let record = browser.record(&page, PHONE, None).unwrap().record;
            assert_eq!(record.states[0].fields.len(), 1, "{:?}", record.notes);
        }
    });
}
