//! RP-15 to RP-30 over small records: for every rule a violation, a pass and its traps.
#![cfg(test)]

use anning_page::finding::{Outcome, Rule, judge};
use anning_page::record::{
    Act, Control, ControlKind, Dialog, Document, Event, FORMAT, Field, Link, Made, Opened, Outcome as Ended,
    Paragraph, Record, Recorder, Run, Seen, State, Style, Submit, Text, Viewport,
};

/// The rule's answers taken together: the worst.
fn check(what: &str, sketch: &Sketch, rule: &str, wanted: &str) {
    let record = sketch.record();
    record.check().unwrap();
    let rule = Rule::of_id(rule).unwrap();
    let findings = judge(&record);
    let mine: Vec<_> = findings.iter().filter(|finding| finding.rule == rule).collect();
    let worst = [Outcome::Violation, Outcome::NeedsPerson, Outcome::Passes, Outcome::NotApplicable]
        .into_iter()
        .find(|outcome| mine.iter().any(|finding| finding.outcome == *outcome))
        .unwrap();
    let word = match worst {
        Outcome::Violation => "violation",
        Outcome::Passes => "passes",
        Outcome::NeedsPerson => "person",
        Outcome::NotApplicable => "none",
    };
    assert_eq!(word, wanted, "{what}: {mine:#?}");
    if worst == Outcome::Violation {
        let evidence = mine.iter().find(|finding| finding.outcome == Outcome::Violation).unwrap();
        assert!(!evidence.zh.is_empty() && !evidence.en.is_empty(), "{what}");
        assert!(rule.id() == "RP-23" || !evidence.quotes.is_empty(), "{what}: a violation quotes the page");
    }
}

const AGREE: &str = "我已阅读并同意《用户协议》和《隐私政策》";
const BURIED: &str = "您同意平台及合作商家通过短信、电话向您发送商品推广等商业性信息。";
const FULL: &str = "（可选）我愿意接收青禾书店以短信发送的新书与优惠信息，使用您的手机号码，每月不超过 2 条，期限 12 个月，可随时回复 R 退订";

#[test]
fn rp15_a_clause_is_buried_when_the_surface_does_not_speak_of_it() {
    let page = |text: &str| Sketch::form().tick(text, false).submit("注册");
    for (what, sketch, wanted) in [
        ("in the terms alone", page(AGREE).document("用户协议", &["总则。", BURIED]), "violation"),
        (
            "terms without it",
            page(AGREE).document("用户协议", &["总则。"]).document("隐私政策", &["保存至注销。"]),
            "passes",
        ),
        (
            "denied in the terms",
            page(AGREE).document("用户协议", &["本协议不构成您对接收商业性信息的同意。"]),
            "passes",
        ),
        (
            "described, on separate consent",
            page(AGREE).document("隐私政策", &["经您单独同意后，我们才会向您发送营销短信。"]),
            "passes",
        ),
        (
            "said on the surface",
            page("我同意《用户协议》，并同意接收平台及合作商家的营销短信").document("用户协议", &[BURIED]),
            "passes",
        ),
        ("a PDF", page(AGREE).opened("用户协议", Opened::File), "person"),
        ("on another host", page(AGREE).opened("用户协议", Opened::Elsewhere), "person"),
        ("no documents", Sketch::form().tick("记住我", false).submit("登录"), "none"),
    ] {
        check(what, &sketch, "RP-15", wanted);
    }
}

#[test]
fn rp15_one_sentence_on_both_is_one_finding() {
    let clause = "您同意我们及我们的关联公司向您发送短信，推荐商品、优惠活动等商业信息。";
    let record = Sketch::form().tick(AGREE, false).submit("注册").document("用户协议", &[clause]).record();
    let found = anning_page::finding::judge(&record);
    let found = found.iter().filter(|finding| finding.rule.id() == "RP-15");
    assert_eq!(found.count(), 1);
}

#[test]
fn rp16_and_rp17_judge_what_a_person_reads() {
    let page = |size: f32, contrast: f32| {
        Sketch::form().look(size, contrast).tick(AGREE, false).look(16.0, 7.0).submit("注册")
    };
    for (what, sketch, small, pale) in [
        ("readable", page(14.0, 9.0), "passes", "passes"),
        ("11 pixels", page(11.0, 9.0), "violation", "passes"),
        (
            "small against the button",
            Sketch::form().look(13.0, 9.0).tick(AGREE, false).look(20.0, 9.0).submit("注册"),
            "violation",
            "passes",
        ),
        ("grey", page(14.0, 2.85), "passes", "violation"),
        ("large and a little pale", page(24.0, 3.5), "passes", "passes"),
        ("no style sheet", page(8.0, 1.2).unstyled(), "none", "none"),
        ("over a picture", page(14.0, 0.0), "passes", "person"),
        ("only the links are pale", page(14.0, 9.0).links_look(14.0, 3.5), "passes", "person"),
        ("only the links are small", page(14.0, 9.0).links_look(10.0, 9.0), "person", "passes"),
        (
            "for screen readers",
            page(14.0, 9.0).look(9.0, 1.5).unseen_text("点击注册即表示同意《用户协议》"),
            "passes",
            "passes",
        ),
        (
            "an optional notice elsewhere",
            page(14.0, 9.0).look(10.0, 1.5).text("版权所有"),
            "passes",
            "passes",
        ),
    ] {
        check(what, &sketch, "RP-16", small);
        check(what, &sketch, "RP-17", pale);
    }
    let refusal = |size: f32, contrast: f32| {
        let mut sketch = Sketch::form().submit("注册");
        sketch = sketch.step(Act::Submit, None).dialog("m", "开启优惠通知，我们将以短信向您发送促销信息");
        sketch
            .look(16.0, 7.0)
            .button("m", "同意开启", 250.0, 46.0, true)
            .look(size, contrast)
            .button("m", "暂不", 250.0, 46.0, true)
    };
    check("a small refusal", &refusal(10.0, 7.0), "RP-16", "violation");
    check("a pale refusal", &refusal(16.0, 1.5), "RP-17", "violation");
    check("a refusal as good", &refusal(16.0, 7.0), "RP-17", "passes");
}

#[test]
fn rp18_the_text_is_on_screen_with_the_button() {
    let implied = "点击注册即表示同意《用户协议》和《隐私政策》";
    for (what, sketch, wanted) in [
        ("above the button", Sketch::form().text(implied).submit("注册"), "passes"),
        ("below the button", Sketch::form().submit("注册").text(implied), "violation"),
        ("two screens above", Sketch::form().text(implied).gap(2_000.0).submit("注册"), "violation"),
        ("two screens below", Sketch::form().submit("注册").gap(2_000.0).text(implied), "violation"),
        (
            "a long page, the form at its end",
            Sketch::form().gap(3_000.0).text(implied).submit("注册"),
            "passes",
        ),
        (
            "a bar that stays, the text far below",
            Sketch::form().gap(2_000.0).text(implied).fixed_submit("注册"),
            "violation",
        ),
        ("a bar that stays, the text beside it", Sketch::form().text(implied).fixed_submit("注册"), "passes"),
        ("an optional box below", Sketch::form().submit("注册").tick(FULL, false), "person"),
        ("no style sheet", Sketch::form().submit("注册").text(implied).unstyled(), "none"),
        ("no button", Sketch::form().text(implied), "none"),
    ] {
        check(what, &sketch, "RP-18", wanted);
    }
}

#[test]
fn rp19_hidden_on_and_sent() {
    let hidden = |seen: Seen| Sketch::form().hidden_tick("我愿意接收营销短信", "mkt", seen).submit("注册");
    for (what, sketch, wanted) in [
        ("off screen and sent", hidden(Seen::OffScreen).sent(&[("mkt", "1")]), "violation"),
        ("covered and sent", hidden(Seen::Covered).sent(&[("mkt", "on")]), "violation"),
        ("in a closed fold", hidden(Seen::Folded).sent(&[("mkt", "1")]), "violation"),
        ("sent as no", hidden(Seen::OffScreen).sent(&[("mkt", "0")]), "person"),
        ("not sent", hidden(Seen::NotRendered), "person"),
        ("a stand-in is drawn", hidden(Seen::Transparent).stand_in().sent(&[("mkt", "1")]), "none"),
        ("shown", hidden(Seen::Shown).sent(&[("mkt", "1")]), "none"),
        (
            "no consent",
            Sketch::form().hidden_tick("记住我", "remember", Seen::OffScreen).sent(&[("remember", "1")]),
            "none",
        ),
        (
            "a box of the same name is seen",
            hidden(Seen::NotRendered).named_tick("我愿意接收营销短信", "mkt").sent(&[("mkt", "1")]),
            "person",
        ),
        ("a field of no control", Sketch::form().submit("注册").sent(&[("newsletter", "1")]), "person"),
        ("a field that says no", Sketch::form().submit("注册").sent(&[("newsletter", "0")]), "none"),
    ] {
        check(what, &sketch, "RP-19", wanted);
    }
}

#[test]
fn rp20_documents_open_and_are_in_the_language_of_the_page() {
    let page = || Sketch::form().tick(AGREE, false).submit("注册");
    let chinese = "本政策说明我们如何处理您的个人信息，包括手机号码和收货地址，以及您的权利。";
    let english = "This policy explains how we process your personal information, including your phone number and address.";
    let traditional =
        "本政策說明我們如何處理您的個人資料，包括手機號碼與收貨地址，以及您的權利。請詳細閱讀。";
    for (what, sketch, wanted) in [
        ("opens", page().document("用户协议", &[chinese]).document("隐私政策", &[chinese]), "passes"),
        (
            "does nothing",
            page().document("隐私政策", &[chinese]).opened("用户协议", Opened::Nothing),
            "violation",
        ),
        ("login wall", page().opened("隐私政策", Opened::LoginWall), "violation"),
        ("missing", page().opened("隐私政策", Opened::Failed), "violation"),
        ("empty", page().opened("隐私政策", Opened::Empty), "violation"),
        ("a PDF", page().opened("隐私政策", Opened::File).opened("用户协议", Opened::File), "person"),
        ("elsewhere", page().opened("隐私政策", Opened::Elsewhere), "person"),
        ("in English only", page().document("隐私政策", &[english]), "violation"),
        (
            "in both",
            page().document("隐私政策", &[chinese, english]).document("用户协议", &[chinese]),
            "passes",
        ),
        ("in traditional characters", page().document("隐私政策", &[traditional]), "violation"),
        (
            "English on an English page",
            Sketch::form_in("en", "Create an account")
                .tick("I agree to the Terms of Service and Privacy Policy", false),
            "none",
        ),
    ] {
        check(what, &sketch, "RP-20", wanted);
    }
}

#[test]
fn rp21_only_a_shaming_refusal_is_sure() {
    let dialog = |no: &str| {
        let sketch = Sketch::form().submit("注册").step(Act::Submit, None);
        sketch
            .dialog("m", "接收优惠短信，每月不超过 2 条")
            .button("m", "同意接收", 200.0, 44.0, true)
            .button("m", no, 200.0, 44.0, true)
    };
    check("shames", &dialog("我不需要省钱"), "RP-21", "violation");
    check("declines", &dialog("不接收"), "RP-21", "passes");
    check("shames in English", &dialog("No thanks, I prefer to pay full price"), "RP-21", "violation");
    for (what, text, wanted) in [
        ("two ways to withdraw", "接收短信促销信息，每月2条，回复R退订或在设置中关闭", "passes"),
        ("a link to withdraw", "接收促销邮件，点击退订链接退订", "passes"),
        ("two ways in English", "Send me offers by email. Opt out in the app or click unsubscribe", "passes"),
        ("not to withdraw", "不要退订营销短信", "person"),
        ("two denials", "不是不愿意接收营销短信，请勿勾选", "person"),
    ] {
        check(what, &Sketch::form().tick(text, false).submit("注册"), "RP-21", wanted);
    }
    check("inverted", &Sketch::form().tick("我不希望接收营销短信", false).submit("注册"), "RP-21", "person");
    check("plain", &Sketch::form().tick(AGREE, false).submit("注册"), "RP-21", "passes");
}

#[test]
fn rp22_frequency_and_period_are_told() {
    let page = |text: &str| Sketch::form().tick(text, false).submit("注册");
    for (what, text, wanted) in [
        ("complete", FULL, "passes"),
        ("nothing", "我愿意接收营销短信", "violation"),
        ("no period", "我愿意接收营销短信，每月不超过 2 条", "violation"),
        ("no frequency", "我愿意接收营销短信，期限 12 个月", "violation"),
        ("a discount is no frequency", "我愿意接收最多 50 元的优惠短信，期限 12 个月", "violation"),
        (
            "how often varies",
            "Send me marketing emails for 12 months. Frequency varies, up to you",
            "violation",
        ),
        (
            "English",
            "Send me marketing emails, no more than 2 emails per month, for 12 months. Unsubscribe at any time.",
            "passes",
        ),
        (
            "German",
            "Ich möchte den Newsletter mit Angeboten per E-Mail erhalten, höchstens einmal im Monat, für 12 Monate",
            "passes",
        ),
        (
            "French",
            "Je souhaite recevoir les offres promotionnelles, deux par mois, pendant 12 mois",
            "passes",
        ),
        (
            "Japanese",
            "メールマガジン（月2通まで、期間は12か月、いつでも配信停止できます）を受け取る",
            "passes",
        ),
        ("no marketing", AGREE, "none"),
    ] {
        check(what, &page(text), "RP-22", wanted);
    }
    let layer = page("我愿意接收优惠短信，说明见《优惠信息说明》");
    let told = layer.document("优惠信息说明", &["每月不超过 2 条。", "期限 12 个月。", "回复 R 退订。"]);
    check("told one click away", &told, "RP-22", "passes");
    check("withdrawal told one click away", &told, "RP-25", "passes");
    let general = page("我同意接收营销短信和《隐私政策》")
        .document("隐私政策", &["每月备份一次。", "保存期限为 12 个月。"]);
    check("a policy speaks of other months", &general, "RP-22", "violation");
}

#[test]
fn rp23_handler_and_rules_are_a_click_away() {
    let page = || Sketch::form().tick(AGREE, false).submit("注册");
    let policy = "处理者：青禾图书（成都）有限公司，联系电话 028-0000-0166。";
    for (what, sketch, wanted) in [
        ("in the policy", page().document("隐私政策", &[policy]).document("用户协议", &["略"]), "passes"),
        (
            "on the surface",
            page().document("隐私政策", &["略"]).document("用户协议", &["略"]).text(policy),
            "passes",
        ),
        ("nowhere", page().document("隐私政策", &["略"]).document("用户协议", &["略"]), "violation"),
        (
            "affiliates name nobody",
            page()
                .document("隐私政策", &["平台及其关联公司，电话 028-0000-0166"])
                .document("用户协议", &["略"]),
            "violation",
        ),
        (
            "no contact",
            page().document("隐私政策", &["青禾图书（成都）有限公司"]).document("用户协议", &["略"]),
            "violation",
        ),
        ("no rules", Sketch::form().text(policy).submit("注册"), "violation"),
        (
            "a message names a policy and shows none",
            Sketch::form().text(policy).submit("注册").text("请先阅读并同意用户服务协议和隐私政策"),
            "violation",
        ),
        ("not read", page().opened("隐私政策", Opened::Elsewhere), "person"),
        ("asks for nothing", Sketch::bare().text("欢迎"), "none"),
        ("asks for an age", Sketch::bare().text("欢迎").tick("我已年满18周岁", false).submit("进入"), "none"),
    ] {
        check(what, &sketch, "RP-23", wanted);
    }
}

#[test]
fn rp23_steps_that_were_not_walked_may_tell() {
    let mut record =
        Sketch::form().tick(AGREE, false).submit("下一步").document("用户协议", &["略"]).record();
    let sure = |record: &Record| {
        let found = anning_page::finding::judge(record);
        found.iter().any(|f| f.rule.id() == "RP-23" && f.outcome == anning_page::finding::Outcome::Violation)
    };
    record.outcome = anning_page::record::Outcome::Complete;
    for link in record.states.iter_mut().flat_map(|state| &mut state.links) {
        link.document = Some(0);
    }
    assert!(sure(&record));
    record.outcome = anning_page::record::Outcome::Partial;
    assert!(!sure(&record));
}

#[test]
fn rp24_recipients_are_named_with_a_contact() {
    let page = |text: &str| Sketch::form().tick(text, false).submit("注册");
    let named =
        "我同意向合作方北纬咖啡（成都）有限公司（联系电话 028-0000-0177）提供我的手机号码，用于发放饮品券";
    for (what, sketch, wanted) in [
        ("partners", page("我愿意接收云帆集团及合作品牌的优惠信息"), "violation"),
        ("partners in English", page("Send me marketing emails from your partners"), "violation"),
        ("named", page(named), "passes"),
        ("named without a contact", page("我同意向合作方北纬咖啡（成都）有限公司提供我的手机号码"), "person"),
        (
            "named, and others",
            page("我同意向北纬咖啡（成都）有限公司（电话 028-0000-0177）及其他合作伙伴提供个人信息"),
            "person",
        ),
        ("denied", page("我同意《用户协议》，我们不会向第三方提供您的个人信息"), "none"),
        ("in a clause", page(AGREE).document("用户协议", &[BURIED]), "violation"),
        (
            "on a list",
            page("我同意按《合作方清单》向合作方提供我的个人信息")
                .document("合作方清单", &["北纬咖啡（成都）有限公司"]),
            "passes",
        ),
    ] {
        check(what, &sketch, "RP-24", wanted);
    }
}

#[test]
fn rp25_withdrawal_is_told() {
    let page = |text: &str| Sketch::form().tick(text, false).submit("注册");
    for (what, sketch, wanted) in [
        ("told", page(FULL), "passes"),
        ("not told", page("我愿意接收营销短信"), "violation"),
        ("in English", page("Email me special offers. You can unsubscribe at any time."), "passes"),
        (
            "by choices",
            page("I agree to marketing emails. To manage your marketing choices call us."),
            "passes",
        ),
        (
            "a heading tells nothing",
            page("Email me special offers and news").text("Email preferences"),
            "violation",
        ),
        (
            "settings to change it in",
            page("Email me special offers").text("Change this in your email preferences."),
            "passes",
        ),
        ("a policy that was not read tells nothing", page("我同意《隐私政策》并接收营销短信"), "violation"),
        ("of cookies", page("我愿意接收营销短信").text("您可以随时撤回对 Cookie 的同意。"), "violation"),
        (
            "a policy that could not be opened",
            page("我同意《隐私政策》并接收营销短信").opened("隐私政策", Opened::Failed),
            "person",
        ),
        ("beside the box", page("我愿意接收营销短信").text("您可随时回复 R 退订营销短信"), "passes"),
        (
            "in the policy it links",
            page("我同意《隐私政策》并接收营销短信").document("隐私政策", &["您可以在设置中撤回同意。"]),
            "passes",
        ),
        (
            "in a policy of another box",
            page("我愿意接收营销短信").tick(AGREE, false).document("隐私政策", &["您可以撤回同意。"]),
            "violation",
        ),
        ("no marketing", page(AGREE), "none"),
    ] {
        check(what, &sketch, "RP-25", wanted);
    }
}

#[test]
fn rp26_irrevocable() {
    let page = |text: &str| Sketch::form().tick(text, false).submit("注册");
    for (what, sketch, wanted) in [
        ("on the surface", page("我不可撤销地授权将我的个人信息提供给合作机构"), "violation"),
        (
            "in a document",
            page(AGREE).document("用户协议", &["您不可撤销地同意我们使用您的个人信息。"]),
            "violation",
        ),
        ("uploads", page(AGREE).document("用户协议", &["您授予我们永久使用您上传的内容的许可。"]), "passes"),
        ("payments", page(AGREE).document("用户协议", &["已完成的支付不可撤销。"]), "passes"),
        ("denied", page("我同意《用户协议》，本授权并非不可撤销"), "passes"),
        ("nothing", page(AGREE), "passes"),
        ("no consent", Sketch::form().submit("登录"), "none"),
    ] {
        check(what, &sketch, "RP-26", wanted);
    }
}

const ASK: &str = "开启优惠通知，麦田课堂将以短信向您发送新课与优惠信息";

fn asked() -> Sketch {
    Sketch::form().submit("注册").step(Act::Submit, None).dialog("m", ASK).button(
        "m",
        "同意并进入",
        250.0,
        46.0,
        true,
    )
}

#[test]
fn rp27_a_dialog_can_be_declined() {
    for (what, sketch, wanted) in [
        ("Escape does nothing", asked().step(Act::Escape, None), "violation"),
        ("the ground does nothing", asked().step(Act::Backdrop, None), "violation"),
        ("nothing was tried", asked(), "person"),
        ("Escape closes", asked().step(Act::Escape, None).without_dialogs(), "person"),
        ("a refusal", asked().button("m", "暂不", 250.0, 46.0, true).step(Act::Escape, None), "passes"),
        ("a cross", asked().button("m", "×", 20.0, 20.0, false).step(Act::Escape, None), "passes"),
        ("settings", asked().button("m", "管理选项", 250.0, 46.0, true).step(Act::Escape, None), "person"),
        ("a message of the form", said("请先勾选协议", "确定"), "none"),
        ("of the browser", asked().native("alert").step(Act::Escape, None), "none"),
        ("cookies", said("我们使用 Cookie 推送广告信息", "同意"), "none"),
        ("an optional box on a page", Sketch::form().tick(FULL, false).submit("同意并注册"), "none"),
    ] {
        check(what, &sketch, "RP-27", wanted);
    }
    let step = || Sketch::form().submit("下一步").step(Act::Submit, None).cleared();
    let asking = || step().text("橘灯将使用您的手机号码，以短信向您发送优惠信息");
    check("a step that only agrees", &asking().submit("同意并继续"), "RP-27", "violation");
    check("a step that can be skipped", &asking().submit("同意并继续").submit("跳过"), "RP-27", "none");
    check("a step with a box", &asking().tick(FULL, false).submit("同意并继续"), "RP-27", "none");
}

fn said(text: &str, button: &str) -> Sketch {
    let sketch = Sketch::form().submit("注册").step(Act::Submit, None);
    sketch.dialog("m", text).button("m", button, 250.0, 46.0, true).step(Act::Escape, None)
}

#[test]
fn rp28_refusal_is_as_prominent_as_agreement() {
    let beside = |width: f32, height: f32, filled: bool, size: f32, contrast: f32| {
        asked().look(size, contrast).button("m", "暂不", width, height, filled)
    };
    for (what, sketch, wanted) in [
        ("the same", beside(250.0, 46.0, true, 16.0, 7.0), "passes"),
        ("a frame instead of a fill", beside(250.0, 46.0, false, 16.0, 7.0), "passes"),
        ("tiny", beside(22.0, 16.0, false, 11.0, 1.5), "violation"),
        ("text only", beside(250.0, 20.0, false, 16.0, 7.0), "violation"),
        ("smaller letters", beside(250.0, 46.0, true, 12.0, 7.0), "violation"),
        ("pale", beside(250.0, 46.0, true, 16.0, 2.0), "violation"),
        ("larger than agreement", beside(340.0, 60.0, true, 20.0, 9.0), "passes"),
        ("outside the window", asked().gap(1_500.0).button("m", "暂不", 250.0, 46.0, true), "violation"),
        ("a cross only", asked().button("m", "×", 20.0, 20.0, false), "person"),
        ("no refusal at all", asked(), "none"),
        ("no style sheet", beside(22.0, 16.0, false, 11.0, 1.5).unstyled(), "none"),
    ] {
        check(what, &sketch, "RP-28", wanted);
    }
}

#[test]
fn rp29_refusing_takes_no_more_than_agreeing() {
    let first = || asked().button("m", "暂不", 250.0, 46.0, true).step(Act::Decline, Some("暂不"));
    let second = || {
        let sketch = first().without_dialogs().dialog("n", "确定放弃 188 元红包吗？");
        sketch.button("n", "不放弃，立即开启", 250.0, 46.0, true).button("n", "仍要放弃", 250.0, 46.0, true)
    };
    let settings = || asked().button("m", "管理选项", 250.0, 46.0, true);
    for (what, sketch, wanted) in [
        ("one step", first().without_dialogs(), "passes"),
        ("asked twice", second().step(Act::Decline, Some("仍要放弃")).without_dialogs(), "violation"),
        ("the end is not recorded", second(), "passes"),
        ("through the settings", settings().step(Act::Escape, None), "violation"),
        ("settings, or Escape", settings().step(Act::Escape, None).without_dialogs(), "person"),
        ("no dialog", Sketch::form().tick(FULL, true).submit("注册"), "none"),
    ] {
        check(what, &sketch, "RP-29", wanted);
    }
}

#[test]
fn rp30_a_refusal_is_final_for_the_visit() {
    let refused =
        || asked().button("m", "暂不", 250.0, 46.0, true).step(Act::Decline, Some("暂不")).without_dialogs();
    let back = |sketch: Sketch| {
        sketch
            .dialog("m", ASK)
            .button("m", "同意并进入", 250.0, 46.0, true)
            .button("m", "暂不", 250.0, 46.0, true)
    };
    let again = |act: Act| back(refused().step(act, None));
    let reloaded = |times: usize| {
        (0..times).fold(refused(), |sketch, _| back(sketch.step(Act::Reload, None).without_dialogs()))
    };
    for (what, sketch, wanted) in [
        ("gone for good", refused().step(Act::Click, None), "passes"),
        ("back at the next click", again(Act::Click), "violation"),
        ("back after a while", again(Act::Wait), "violation"),
        ("back at the next submit", again(Act::Submit), "person"),
        ("at one opening", reloaded(1), "person"),
        ("at three openings", reloaded(3), "violation"),
        (
            "another request",
            refused()
                .step(Act::Click, None)
                .dialog("k", "请同意《用户协议》以使用直播")
                .button("k", "同意", 250.0, 46.0, true),
            "passes",
        ),
        ("nothing was refused", asked(), "none"),
    ] {
        check(what, &sketch, "RP-30", wanted);
    }
}

/// A record drawn by hand: elements stand below each other; `《…》` in a text is a link to the document of that name.
#[derive(Clone)]
struct Sketch {
    states: Vec<State>,
    events: Vec<Event>,
    documents: Vec<Document>,
    submits: Vec<Submit>,
    y: f32,
    style: Style,
    count: usize,
}

impl Sketch {
    fn bare() -> Self {
        let state = State {
            id: 0,
            visit: 0,
            at_ms: 0,
            pristine: true,
            address: "https://shop.example/join".to_owned(),
            title: String::new(),
            language: "zh-CN".to_owned(),
            scroll: [0.0, 0.0],
            size: [390.0, 844.0],
            styled: true,
            texts: Vec::new(),
            links: Vec::new(),
            controls: Vec::new(),
            fields: Vec::new(),
            dialogs: Vec::new(),
            picture: None,
        };
        let load = Event {
            id: 0,
            act: Act::Load,
            target: None,
            label: String::new(),
            before: None,
            after: 0,
            without_effect: 0,
        };
        let style = Style {
            size: 16.0,
            weight: 400,
            colour: [0.0, 0.0, 0.0, 1.0],
            ground: None,
            contrast: Some(9.0),
        };
        Self {
            states: vec![state],
            events: vec![load],
            documents: Vec::new(),
            submits: Vec::new(),
            y: 100.0,
            style,
            count: 0,
        }
    }

    fn form() -> Self {
        Self::form_in("zh-CN", "注册青禾会员")
    }

    fn form_in(language: &str, title: &str) -> Self {
        let mut sketch = Self::bare().text(title);
        sketch.now().language = language.to_owned();
        let area = [20.0, sketch.y, 350.0, 44.0];
        sketch.now().fields.push(Field {
            key: "phone".to_owned(),
            kind: "tel".to_owned(),
            label: "手机号".to_owned(),
            area,
            ..Field::default()
        });
        sketch.gap(60.0)
    }

    fn now(&mut self) -> &mut State {
        self.states.last_mut().unwrap()
    }

    fn key(&mut self) -> String {
        self.count += 1;
        format!("k{}", self.count)
    }

    fn gap(mut self, height: f32) -> Self {
        self.y += height;
        self
    }

    /// How what follows looks; a contrast of 0 was not measured.
    fn look(mut self, size: f32, contrast: f32) -> Self {
        self.style.size = size;
        self.style.contrast = (contrast > 0.0).then_some(contrast);
        self
    }

    fn text(mut self, text: &str) -> Self {
        self.put_text(text, None, [50.0, self.y, 300.0, 20.0], Seen::Shown);
        self.gap(40.0)
    }

    /// One pixel, for screen readers.
    fn unseen_text(mut self, text: &str) -> Self {
        self.put_text(text, None, [50.0, self.y, 1.0, 1.0], Seen::Shown);
        self
    }

    fn put_text(&mut self, text: &str, dialog: Option<&str>, area: [f32; 4], seen: Seen) -> String {
        let key = self.key();
        let style = self.style;
        let mut runs = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('《') {
            let (name, after) = after.split_once('》').unwrap();
            let link = self.key();
            self.now().links.push(Link {
                key: link.clone(),
                place: link.clone(),
                text: format!("《{name}》"),
                target: format!("{name}.html"),
                area,
                seen,
                dialog: dialog.map(str::to_owned),
                document: None,
            });
            if !before.is_empty() {
                runs.push(Run { text: before.to_owned(), area, style, link: None });
            }
            runs.push(Run { text: format!("《{name}》"), area, style, link: Some(link) });
            rest = after;
        }
        if !rest.is_empty() {
            runs.push(Run { text: rest.to_owned(), area, style, link: None });
        }
        self.now().texts.push(Text {
            key: key.clone(),
            place: key.clone(),
            text: text.to_owned(),
            runs,
            area,
            seen,
            dialog: dialog.map(str::to_owned),
            group: dialog.is_none().then(|| "f".to_owned()),
            ..Text::default()
        });
        key
    }

    fn links_look(mut self, size: f32, contrast: f32) -> Self {
        for run in
            self.now().texts.iter_mut().flat_map(|text| &mut text.runs).filter(|run| run.link.is_some())
        {
            run.style.size = size;
            run.style.contrast = Some(contrast);
        }
        self
    }

    fn tick(self, label: &str, on: bool) -> Self {
        self.put_tick(label, "agree", on, Seen::Shown)
    }

    fn named_tick(self, label: &str, name: &str) -> Self {
        self.put_tick(label, name, false, Seen::Shown)
    }

    fn hidden_tick(self, label: &str, name: &str, seen: Seen) -> Self {
        self.put_tick(label, name, true, seen)
    }

    fn put_tick(mut self, label: &str, name: &str, on: bool, seen: Seen) -> Self {
        let text = self.put_text(label, None, [50.0, self.y, 300.0, 20.0], seen);
        let (key, y) = (self.key(), self.y);
        self.now().controls.push(Control {
            key: key.clone(),
            place: key,
            kind: ControlKind::Checkbox,
            made: Made::Native,
            name: name.to_owned(),
            on: Some(on),
            label: label.to_owned(),
            texts: vec![text],
            area: [20.0, y, 16.0, 16.0],
            seen,
            operable: true,
            group: Some("f".to_owned()),
            ..Control::default()
        });
        self.gap(40.0)
    }

    fn stand_in(mut self) -> Self {
        for control in self.now().controls.iter_mut().filter(|control| control.kind == ControlKind::Checkbox)
        {
            control.stand_in = Some("i.box".to_owned());
            control.seen = Seen::Shown;
        }
        self
    }

    fn submit(self, label: &str) -> Self {
        self.put_submit(label, false)
    }

    fn fixed_submit(mut self, label: &str) -> Self {
        self.y = 780.0;
        self.put_submit(label, true)
    }

    fn put_submit(mut self, label: &str, fixed: bool) -> Self {
        let (key, y, style) = (self.key(), self.y, self.style);
        self.now().controls.push(Control {
            key: key.clone(),
            place: key,
            kind: ControlKind::Submit,
            label: label.to_owned(),
            area: [20.0, y, 350.0, 46.0],
            style: Some(style),
            filled: true,
            operable: true,
            fixed,
            group: Some("f".to_owned()),
            ..Control::default()
        });
        self.gap(60.0)
    }

    /// What was sent when the form was submitted, nobody having touched a box.
    fn sent(mut self, fields: &[(&str, &str)]) -> Self {
        self = self.step(Act::Submit, None);
        let event = self.events.len() - 1;
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.submits.push(Submit { event, address: "/join".to_owned(), method: "POST".to_owned(), fields });
        self
    }

    fn document(self, name: &str, paragraphs: &[&str]) -> Self {
        let mut sketch = self.opened(name, Opened::Page);
        let texts = paragraphs.iter().zip(0_u16..).map(|(text, at)| Paragraph {
            text: (*text).to_owned(),
            top: f32::from(at) * 900.0,
            heading: 0,
            size: 14.0,
            set_off: false,
        });
        sketch.documents.last_mut().unwrap().texts = texts.collect();
        sketch
    }

    fn opened(mut self, name: &str, opened: Opened) -> Self {
        let id = self.documents.len();
        let title = format!("《{name}》");
        for link in self.now().links.iter_mut().filter(|link| link.text == title) {
            link.document = Some(id);
        }
        self.documents.push(Document {
            id,
            name: title,
            address: format!("{name}.html"),
            clicks: 1,
            from: None,
            opened,
            reason: String::new(),
            title: String::new(),
            language: String::new(),
            height: 3_000.0,
            window: 844.0,
            texts: Vec::new(),
            cut: false,
            links: Vec::new(),
            picture: None,
        });
        self
    }

    fn dialog(mut self, key: &str, text: &str) -> Self {
        self.now().dialogs.push(Dialog {
            key: key.to_owned(),
            place: key.to_owned(),
            text: text.to_owned(),
            area: [45.0, 200.0, 300.0, 260.0],
            modal: true,
            native: String::new(),
        });
        self.y = 220.0;
        let area = [60.0, self.y, 270.0, 60.0];
        self.put_text(text, Some(key), area, Seen::Shown);
        self.gap(80.0)
    }

    fn native(mut self, kind: &str) -> Self {
        for dialog in &mut self.now().dialogs {
            dialog.native = kind.to_owned();
        }
        self
    }

    fn button(mut self, dialog: &str, label: &str, width: f32, height: f32, filled: bool) -> Self {
        let (y, style) = (self.y, self.style);
        self.now().controls.push(Control {
            key: format!("{dialog} {label}"),
            place: label.to_owned(),
            kind: ControlKind::Button,
            label: label.to_owned(),
            area: [60.0, y, width, height],
            style: Some(style),
            filled,
            operable: true,
            dialog: Some(dialog.to_owned()),
            ..Control::default()
        });
        self.gap(height + 10.0)
    }

    /// A further state, so far like the one before, after something was done to the button of this label.
    fn step(mut self, act: Act, label: Option<&str>) -> Self {
        let before = self.states.len() - 1;
        let mut state = self.states[before].clone();
        let target =
            label.and_then(|label| state.controls.iter().rev().find(|control| control.label == label));
        let target = target.map(|control| control.key.clone());
        state.id = before + 1;
        state.pristine = false;
        state.at_ms += 1_000;
        self.states.push(state);
        self.events.push(Event {
            id: self.events.len(),
            act,
            target,
            label: label.unwrap_or_default().to_owned(),
            before: Some(before),
            after: before + 1,
            without_effect: 0,
        });
        self
    }

    fn without_dialogs(mut self) -> Self {
        let state = self.now();
        state.dialogs.clear();
        state.controls.retain(|control| control.dialog.is_none());
        state.texts.retain(|text| text.dialog.is_none());
        state.links.retain(|link| link.dialog.is_none());
        self
    }

    /// Another step: what the page showed before is gone.
    fn cleared(mut self) -> Self {
        let state = self.now();
        state.texts.clear();
        state.links.clear();
        state.controls.clear();
        state.fields.clear();
        self.y = 100.0;
        self
    }

    fn unstyled(mut self) -> Self {
        for state in &mut self.states {
            state.styled = false;
        }
        self
    }

    fn record(&self) -> Record {
        Record {
            format: FORMAT.to_owned(),
            address: "https://shop.example/join".to_owned(),
            recorded_at: "2026-11-27T02:00:00Z".to_owned(),
            recorder: Recorder::default(),
            viewport: Viewport { width: 390, height: 844, scale: 2.0, touch: true },
            outcome: Ended::Complete,
            notes: Vec::new(),
            states: self.states.clone(),
            events: self.events.clone(),
            documents: self.documents.clone(),
            submits: self.submits.clone(),
            files: Vec::new(),
        }
    }
}
