//! Pages that are odd in one place: that place is cut and noted, the record stands.

use anning_page::record::{Outcome, Record};

use crate::browser::{DESKTOP, stored, with_browser};

const FORM: &str = "<form><input name=m type=tel placeholder=手机号><label><input id=c type=checkbox checked name=mk>同意接收营销短信</label><button>注册</button></form>";

/// Records a page in which something follows the form, and checks that the form was seen.
fn check(name: &str, html: &str, test: impl FnOnce(&Record)) {
    check_outcome(name, html, Outcome::Complete, test);
}

fn check_outcome(name: &str, html: &str, outcome: Outcome, test: impl FnOnce(&Record)) {
    with_browser(name, &[], |browser| {
        let pages = stored(&[("index.html", html)]);
        let record = browser.record(&pages.page(), DESKTOP, None).unwrap().record;
        record.check().unwrap_or_else(|err| panic!("{name}: {err}"));
        assert_eq!(record.outcome, outcome, "{name}: {:?}", record.notes);
        let on =
            record.states[0].controls.iter().any(|control| control.on == Some(true) && control.attribute);
        assert!(on, "{name}: {:#?}", record.states[0].controls);
        test(&record);
    });
}

fn cut(record: &Record, what: &str) -> bool {
    record.notes.iter().any(|note| note.kind == "bound_reached" && note.text.contains(what))
}

#[test]
fn what_is_too_long_or_too_far_is_cut() {
    let long = "a".repeat(300_000);
    for (name, html, what) in [
        ("far", format!("{FORM}<a href=# style='position:absolute;left:-99999999px'>跳到主要内容</a>"), ""),
        ("tall", format!("{FORM}<div style='height:33000000px'></div>"), ""),
        (
            "nan",
            format!(
                "{FORM}<p style='opacity:calc(NaN);font-size:calc(infinity*1px);transform:scale(calc(infinity))'>z</p>"
            ),
            "",
        ),
        ("scale", format!("{FORM}<p style='transform:scale(1e9)'>大</p><p style='zoom:1e-9'>x</p>"), ""),
        ("id", FORM.replace("id=c", &format!("id={}", "a".repeat(600))), "key of an element"),
        ("name", FORM.replace("name=mk", &format!("name={long}")), "name of a control"),
        (
            "title",
            format!("<!doctype html><html lang=zh><meta charset=utf-8><title>{long}</title>{FORM}"),
            "title",
        ),
        ("language", format!("<!doctype html><html lang={long}><meta charset=utf-8>{FORM}"), "language"),
        ("target", format!("{FORM}<a href='https://x.example/{long}'>《隐私政策》</a>"), "target of a link"),
        ("pattern", FORM.replace("type=tel", &format!("type=tel pattern='{long}'")), "pattern of a field"),
        ("fragment", format!("{FORM}<script>location.hash='{long}'</script>"), "address of a state"),
    ] {
        check(name, &html, |record| {
            assert!(what.is_empty() || cut(record, what), "{name}: {:?}", record.notes)
        });
    }
}

#[test]
fn half_a_character_and_names_that_hide_members() {
    let names = [
        "getAttribute",
        "localName",
        "attributes",
        "children",
        "parentElement",
        "getBoundingClientRect",
        "id",
        "querySelector",
    ];
    let inputs: String = names.iter().map(|name| format!("<input type=hidden name={name}>")).collect();
    for (name, html) in [
        (
            "half",
            format!(
                "{FORM}<p id=s></p><script>s.textContent='同意\\ud800接收\\udfff';document.title='\\ud800'</script>"
            ),
        ),
        ("form", FORM.replace("<form>", &format!("<form>{inputs}"))),
        (
            "document",
            format!(
                "<img name=querySelectorAll><img name=documentElement><img name=body><img name=getAnimations><img name=readyState>{FORM}"
            ),
        ),
        (
            "frame",
            format!(
                "{FORM}<iframe srcdoc='<form><input name=localName><input name=getAttribute><p>好</p></form>'></iframe>"
            ),
        ),
    ] {
        check(name, &html, |_| ());
    }
    let deep = format!(
        "{FORM}<div id=d></div><script>let at=d;for(let i=0;i<5000;i++){{const s=document.createElement('span');at.append(s);at=s}}at.textContent='底'</script>"
    );
    // What lies deeper was not looked at: the page was seen in part.
    check_outcome("deep", &deep, Outcome::Partial, |record| {
        assert!(cut(record, "elements within each other"), "{:?}", record.notes);
    });
}

#[test]
fn a_page_that_takes_all_memory_ends_alone() {
    with_browser("memory", &[], |browser| {
        let pages = stored(&[(
            "index.html",
            "<p>好</p><script>const a=[];setInterval(()=>{for(let i=0;i<4;i++){const b=new Uint8Array(50e6);b.fill(1);a.push(b)}},50)</script>",
        )]);
        let record = browser.record(&pages.page(), DESKTOP, None).unwrap().record;
        assert_eq!(record.outcome, Outcome::Crashed, "{:?}", record.notes);
        assert!(record.notes.iter().any(|note| note.kind == "memory"), "{:?}", record.notes);
        let again = stored(&[("index.html", FORM)]);
        let record = browser.record(&again.page(), DESKTOP, None).unwrap().record;
        assert_eq!(record.outcome, Outcome::Complete, "{:?}", record.notes);
    });
}

#[test]
fn a_page_cannot_tell_that_it_is_looked_at() {
    let script = "const s=[];const say=(n,ok)=>{if(!ok)s.push(n)};\
        say('agent',!/Headless|Anning/.test(navigator.userAgent)&&/Chrome\\/\\d/.test(navigator.userAgent));\
        say('webdriver',!navigator.webdriver);\
        say('brands',!navigator.userAgentData||navigator.userAgentData.brands.some(b=>b.brand==='Google Chrome'));\
        const native=(f,n)=>Function.prototype.toString.call(f)==='function '+n+'() { [native code] }';\
        for(const n of ['WebSocket','RTCPeerConnection'])say(n,typeof window[n]==='function'&&native(window[n],n)&&window[n].name===n&&window[n].prototype.constructor===window[n]);\
        say('toString',native(Function.prototype.toString,'toString'));say('open',native(window.open,'open'));\
        say('own',Object.getOwnPropertySymbols(Element.prototype).length===2);\
        let w;try{w=new WebSocket('wss://a.example/x');say('url',w.url==='wss://a.example/x'&&w instanceof WebSocket&&w.readyState===0)}catch(e){say('socket '+e,false)}\
        let bad='';try{new WebSocket('x:y')}catch(e){bad=e.name}say('syntax',bad==='SyntaxError');\
        p.textContent='same '+s.join();w.onerror=()=>w.onclose=e=>{p.textContent+=' closed '+e.code}";
    check("cloak", &format!("{FORM}<p id=p></p><script>{script}</script>"), |record| {
        let texts: Vec<&str> =
            record.states.iter().flat_map(|state| &state.texts).map(|t| t.text.as_str()).collect();
        assert!(texts.iter().any(|text| text.starts_with("same closed 1006")), "{texts:?}");
    });
}
