//! The way through a page: walls, tabs, steps, dialogs that come again, one box for all.

use anning_page::record::{Act, Event, Record};

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
