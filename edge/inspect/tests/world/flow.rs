//! The way through a page: walls, tabs, steps, dialogs that come again, one box for all.

use anning_inspect::{Step, Target};
use anning_page::record::{Act, Event, Opened, Outcome, Record};

use crate::browser::{PHONE, stored, with_browser};

/// Records a page and gives its record to a test.
fn check(name: &str, html: &str, test: impl FnOnce(&Record)) {
    with_browser(name, &[], |browser| {
        let pages = stored(&[("index.html", html)]);
        let record = browser.record(&pages.page(), PHONE, None).unwrap().record;
        record.check().unwrap();
        test(&record);
    });
}

fn event<'r>(record: &'r Record, act: Act, label: &str) -> &'r Event {
    let found = record.events.iter().find(|event| event.act == act && event.label.contains(label));
    found.unwrap_or_else(|| panic!("no {act:?} of {label}: {:#?}", record.events))
}

fn on(record: &Record, state: usize, key: &str) -> Option<bool> {
    record.states[state].controls.iter().find(|control| control.key == key).and_then(|control| control.on)
}

#[test]
fn a_declined_dialog_that_comes_again() {
    let html = "<style>.m{position:fixed;inset:0;background:#0008;display:none}.m.on{display:block}.d{margin:200px 40px;background:#fff}</style>\
        <form id=f><label><input type=checkbox id=t required>我已阅读并同意协议</label><button>注册</button></form>\
        <nav><button id=home type=button>首页</button></nav>\
        <div class=m id=m><div class=d><p>开启优惠短信通知，以短信推送优惠</p><button id=y>好的，全部开启</button><span id=n style='cursor:pointer;display:inline-block'>暂不</span></div></div>\
        <script>f.onsubmit=e=>{e.preventDefault();f.remove();m.classList.add('on')};n.onclick=()=>m.classList.remove('on');home.onclick=()=>setTimeout(()=>m.classList.add('on'),200)</script>";
    check("nag", html, |record| {
        let declined = event(record, Act::Decline, "暂不");
        let shown = |state: usize| record.states[state].dialogs.iter().any(|dialog| dialog.key == "#m");
        assert!(shown(declined.before.unwrap()) && !shown(declined.after));
        assert!(
            record.events.iter().skip(declined.id + 1).any(|event| shown(event.after)),
            "{:#?}",
            record.events
        );
    });
}

#[test]
fn a_wall_without_a_way_out_and_one_that_comes_at_each_load() {
    let wall = |button: &str| {
        format!(
            "<div role=dialog aria-modal=true id=m style='position:fixed;inset:0;background:#fff'><p>同意接收优惠短信</p>\
             <button id=y>同意</button>{button}</div><form><button>注册</button></form>\
             <script>for(const b of m.querySelectorAll('button'))b.onclick=()=>m.remove()</script>"
        )
    };
    check("wall", &wall(""), |record| {
        for act in [Act::Escape, Act::Agree] {
            event(record, act, "");
        }
        assert!(!record.events.iter().any(|event| event.act == Act::Decline));
    });
    check("each", &wall("<button>不接收</button>"), |record| {
        let again = record.events.iter().filter(|event| event.act == Act::Reload);
        let shown = again.filter(|event| !record.states[event.after].dialogs.is_empty()).count();
        assert_eq!(shown, 3);
    });
}

#[test]
fn one_box_for_all_and_a_box_that_ticks_itself() {
    let html = "<form><input type=tel name=m placeholder=手机号><button type=button id=c>获取验证码</button>\
        <label><input type=checkbox id=all>全部同意</label><label><input type=checkbox id=a>同意《用户协议》</label>\
        <label><input type=checkbox id=b>接收优惠短信</label><button>注册</button></form>\
        <script>all.onchange=()=>{a.checked=b.checked=all.checked};c.onclick=()=>{a.checked=true}</script>";
    check("all", html, |record| {
        let all = event(record, Act::Tick, "全部同意");
        assert_eq!(
            (on(record, all.before.unwrap(), "#b"), on(record, all.after, "#b")),
            (Some(false), Some(true))
        );
        let code = event(record, Act::Click, "获取验证码");
        assert_eq!(
            (on(record, code.before.unwrap(), "#a"), on(record, code.after, "#a")),
            (Some(false), Some(true))
        );
    });
}

#[test]
fn other_tabs_and_next_steps_are_seen() {
    let html = "<style>[hidden]{display:none}</style><div class=tb><a href='#1' class=on>手机注册</a><a href='#2'>邮箱注册</a></div>\
        <form id=one><input type=tel placeholder=手机号><label><input type=checkbox id=a>同意《用户协议》</label><button>下一步</button></form>\
        <form id=two hidden><label><input type=checkbox id=b checked>接收优惠短信</label><button type=button>完成注册</button></form>\
        <script>const t=document.querySelectorAll('.tb a');t.forEach(x=>x.onclick=e=>{e.preventDefault();t.forEach(y=>y.classList.toggle('on',x===y));\
        document.title=x.textContent;one.querySelector('input').placeholder=x.textContent});\
        one.onsubmit=e=>{e.preventDefault();if(a.checked){one.hidden=true;two.hidden=false}}</script>";
    check("steps", html, |record| {
        let tab = event(record, Act::Click, "邮箱注册");
        assert_eq!(record.states[tab.after].title, "邮箱注册");
        let seen = |state: &anning_page::record::State| {
            state
                .controls
                .iter()
                .any(|control| control.key == "#b" && control.seen.is_shown() && control.on == Some(true))
        };
        assert!(record.states.iter().any(seen), "{:#?}", record.events);
        event(record, Act::Submit, "完成注册");
    });
}

#[test]
fn ticks_of_paint_alone_answer_and_dead_ones_do_not() {
    let mark = |script: &str| {
        format!(
            "<style>i{{display:inline-block;width:14px;height:14px;border:1px solid #888;border-radius:50%}}.sel i{{background:#06c}}</style>\
             <form><div id=r class=sel><i></i> <span>我已阅读并同意《用户协议》</span></div><button>注册</button></form>{script}"
        )
    };
    for (name, script, dead) in
        [("live", "<script>r.onclick=()=>r.classList.toggle('sel')</script>", false), ("dead", "", true)]
    {
        check(name, &mark(script), |record| {
            let pressed = event(record, Act::Untick, "");
            assert_eq!(pressed.without_effect, if dead { 3 } else { 0 }, "{name}");
            let drawn = &record.states[0].controls[0];
            assert_eq!((drawn.on, drawn.operable), (Some(true), !dead), "{name}");
            assert_eq!(on(record, pressed.after, &drawn.key), Some(dead), "{name}");
        });
    }
}

/// Three steps, each drawn anew; the last asks for consent and sends.
fn wizard(guard: &str) -> String {
    format!(
        "<main id=app></main><script>let s=1;function draw(){{app.innerHTML=[0,\
         '<h1>Step 1 of 3</h1><form><label>E-mail<input type=email name=email required></label><button>Continue</button></form>',\
         '<h1>Step 2 of 3</h1><form><label>Name<input type=text name=n required></label><button>Continue</button></form>',\
         '<h1>Step 3 of 3</h1><form><label><input type=checkbox id=sms checked>Text me promotions</label>\
         <label><input type=checkbox id=ok required>I agree to the Terms of Service</label><button>Join now</button></form>'][s];\
         app.querySelector('form').onsubmit=e=>{{e.preventDefault();{guard}if(s<3){{s++;draw()}}else fetch('/join',{{method:'POST',body:'a=1'}})}}}}draw()</script>"
    )
}

#[test]
fn a_wizard_is_walked_to_its_end_or_said_to_be_unfinished() {
    with_browser("wizard", &[], |browser| {
        let mut record = |html: &str| {
            let pages = stored(&[("index.html", html)]);
            let record = browser.record(&pages.page(), PHONE, None).unwrap().record;
            record.check().unwrap();
            record
        };
        let whole = record(&wizard(""));
        assert_eq!(whole.outcome, Outcome::Complete, "{:?}", whole.notes);
        let boxes = whole.states.iter().find_map(|state| state.control("#sms"));
        assert_eq!(boxes.and_then(|control| control.on), Some(true), "{:#?}", whole.events);
        event(&whole, Act::Submit, "Join now");
        assert_eq!(whole.submits.len(), 1);
        // The second step wants what nobody can invent.
        let stuck = record(&wizard("if(s===2)return;"));
        assert_eq!(stuck.outcome, Outcome::Partial, "{:#?}", stuck.events);
        let why: Vec<_> = stuck.notes.iter().filter(|note| note.kind == "unfinished").collect();
        assert_eq!(why.len(), 1, "{:?}", stuck.notes);
        assert_eq!(why[0].text, "step 2 of 3 was the last that came");
        let said = anning_inspect::gaps(&stuck);
        assert!(said[0].en.contains("step 2 of 3"), "{said:?}");
        // More steps than anybody walks.
        let endless = record(
            "<main id=app></main><script>let s=1;function draw(){app.innerHTML='<form><label>F'+s+'<input name=f'+s+'></label>\
             <button>下一步</button></form>';app.querySelector('form').onsubmit=e=>{e.preventDefault();s++;draw()}}draw()</script>",
        );
        assert_eq!(endless.outcome, Outcome::Partial, "{:#?}", endless.events);
        assert!(endless.notes.iter().any(|note| note.text == "more than 8 steps"), "{:?}", endless.notes);
    });
}

#[test]
fn links_are_tried_each_from_the_form() {
    let html = "<main id=app></main><script>function draw(){const at=location.hash;\
        if(at==='#/agreement'||at==='#/privacy'){app.innerHTML='<h1>'+at+'</h1><p>'+at.repeat(20)+'</p>';return}\
        app.innerHTML='<form><input type=tel name=m><label><input type=checkbox>我已阅读并同意<a href=\"#/agreement\">《用户协议》</a>和<a href=\"#/privacy\">《隐私政策》</a></label>\
        <button>注册</button></form><a href=\"/account/delete?id=3\">删除我的隐私数据</a><a href=\"#x\" id=out onclick=\"fetch(`/user/logout`)\">隐私与退出登录</a>'}\
        addEventListener('hashchange',draw);draw()</script>";
    check("hash", html, |record| {
        let opened = |name: &str| {
            let found = record.documents.iter().find(|document| document.name == name);
            found.unwrap_or_else(|| panic!("{name}: {:?}", record.documents))
        };
        for (name, words) in [("《用户协议》", "#/agreement"), ("《隐私政策》", "#/privacy")] {
            let document = opened(name);
            assert_eq!(document.opened, Opened::Page, "{document:?}");
            assert!(document.texts.iter().any(|text| text.text.contains(words)), "{document:?}");
        }
        // The form is there again, and the way goes on from it.
        assert!(!record.submits.is_empty() || record.events.iter().any(|event| event.act == Act::Submit));
        // What does something is left alone, and that is said.
        assert_eq!(record.documents.len(), 2, "{:?}", record.documents);
        let left = record.notes.iter().filter(|note| note.kind == "link_not_followed").count();
        assert_eq!(left, 2, "{:?}", record.notes);
        assert!(!record.events.iter().any(|event| event.label.contains("退出")), "{:#?}", record.events);
    });
}

#[test]
fn a_box_that_a_timer_ticks_after_typing() {
    let html = "<form><input type=tel name=m placeholder=手机号><label><input type=checkbox id=a>我已阅读并同意《用户协议》</label><button>注册</button></form>\
        <script>document.querySelector('[name=m]').oninput=()=>setTimeout(()=>{a.checked=true},500)</script>";
    check("timer", html, |record| {
        let typed = event(record, Act::Type, "");
        assert_eq!(
            (on(record, typed.before.unwrap(), "#a"), on(record, typed.after, "#a")),
            (Some(false), Some(true))
        );
    });
}

#[test]
fn a_step_that_cannot_be_taken_is_named() {
    let target = |text: &str| Target::read(text);
    let cases = [
        (Step::Tick(target("#none")), "step 2, tick = \"#none\": nothing on the page is: #none"),
        (
            Step::Tick(target("###")),
            "step 2, tick = \"###\": neither a selector nor text=… with the words on the page: ###",
        ),
        (Step::Click(target("text=没有")), "step 2, click = \"text=没有\": nothing on the page is: 没有"),
    ];
    with_browser("steps-failed", &[], |browser| {
        let pages = stored(&[("index.html", "<form><input type=tel><button>注册</button></form>")]);
        for (step, said) in cases {
            let record = browser.record_flow(&pages.page(), &[Step::Fill, step], PHONE, None).unwrap().record;
            assert_eq!(record.outcome, Outcome::Partial);
            let note = record.notes.iter().find(|note| note.kind == "step_failed").unwrap();
            assert_eq!(note.text, said);
            assert!(anning_inspect::gaps(&record)[0].zh.contains(said), "{said}");
        }
    });
}
