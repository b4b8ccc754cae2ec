//! The lexicon over phrases of the kinds that sign-up pages use, in the languages it knows.
#![cfg(test)]

use anning_page::phrase::{self, Channel};
use anning_page::purpose::{Purposes, mentioned, purposes};

const T: Purposes = Purposes::TERMS;
const P: Purposes = Purposes::PRIVACY;
const M: Purposes = Purposes::MARKETING;
const TP: Purposes = T.union(P);

fn check(rows: &[(&str, Purposes)]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter(|row| purposes(row.0) != row.1)
        .map(|row| format!("{}: {:?}, expected {:?}", row.0, purposes(row.0), row.1))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// Words for marketing that are denied, or belong to something the service consists of.
#[test]
fn notices_of_the_service_are_no_marketing() {
    for text in [
        "接收物流通知短信，非营销",
        "接收取件提醒（非营销短信）",
        "接收系统消息，非广告、非推销",
        "以簡訊通知我訂單狀態（非行銷用途）",
        "开启零广告、无推销模式",
        "开启无广告模式，接收更新",
        "为我拦截推销电话和广告短信",
        "Email me about my orders (non-promotional)",
        "点击注册即表示您同意接收验证码等非营销类短信",
        "报名成功后短信通知我活动的时间和地点",
        "预约成功后短信通知我，含活动室预约",
        "接收班级活动通知",
        "接收停水停电服务信息短信",
        "Text me updates about my delivery",
        "Send me a reminder before events I have booked",
        "Email me announcements from my teacher",
        "Send me status updates when the service is down",
        "Notify me by email of updates to these Terms",
        "使用新人优惠券，结算后接收电子发票",
        "发送验证码和优惠券券码",
    ] {
        assert!(!purposes(text).has(M), "{text}: {:?}", purposes(text));
    }
    for text in [
        "同意接收“营销短信”",
        "没有异议即同意接收营销短信",
        "我不拒绝接收营销短信",
        "Send me news and offers by email, change this in my account",
    ] {
        assert!(purposes(text).has(M), "{text}: {:?}", purposes(text));
    }
    assert!(!purposes("回复“取消营销”即可").has(M));
}

#[test]
fn purposes_of_chinese_texts() {
    let a = Purposes::AUTHORISATION;
    let third = Purposes::THIRD_PARTY;
    check(&[
        ("同意接收产品更新邮件", M),
        ("接收产品及服务的最新消息", M),
        ("最新活动", Purposes::NONE),
        ("我同意将上述信息提供给承保的保险公司", third),
        ("我同意遵守社区规定", T),
        ("我已阅读并同意《用户协议》和《隐私政策》", TP),
        ("阅读并接受《服务条款》", T),
        ("我已詳閱並同意《會員條款》與《隱私權政策》", TP),
        ("我同意服務條款及隱私權保護政策", TP),
        ("我已閱讀並接受使用條款", T),
        ("已阅读并同意 《中国移动认证服务条款》 《用户协议》 《隐私协议》", TP),
        ("我同意接收营销短信", M),
        ("接收优惠活动通知", M),
        ("订阅我们的电子报", M),
        ("我願意收到最新優惠及活動訊息", M),
        ("我想收到電子報", M),
        ("同意收取直銷促銷資訊", M),
        ("不同意接收推广信息", Purposes::NONE),
        ("我不希望接收营销短信", Purposes::NONE),
        ("我们不会向您发送营销短信", Purposes::NONE),
        ("绝不向第三方提供您的个人信息", Purposes::NONE),
        ("未勾选不代表同意", Purposes::NONE),
        ("会员积分不构成您对接收商业性信息的同意", Purposes::NONE),
        ("会员促销价", Purposes::NONE),
        ("新人专享 188 元礼包", Purposes::NONE),
        ("记住我", Purposes::NONE),
        ("30天内免登录", Purposes::NONE),
        ("不定期向您推送优惠信息", M),
        ("您可随时回复“退订”停止", Purposes::NONE),
        ("授权我们将您的信息提供给合作机构", a.union(third)),
        ("同意将我的个人信息提供给第三方", third),
        ("接收云帆集团及合作品牌的优惠信息", M.union(third)),
        ("我同意《用户协议》、《隐私政策》并接收优惠资讯", TP.union(M)),
        ("我同意接收推广短信，详见《隐私政策》", M),
        ("根据《隐私政策》向您发送优惠信息", M),
        ("接收订单通知", Purposes::OTHER),
        ("推荐人手机号", Purposes::NONE),
        ("同意《个人信息处理规则》", P),
        ("我已阅读《用户协议》和《第三方个人信息共享清单》", T),
        ("我同意《天蓝账号章程》", T),
        ("我们將不時以電郵向您發送推廣資訊", M),
        ("本人同意貴公司使用本人的個人資料作直接促銷用途", M),
        ("开启消息推送，第一时间获取优惠", M),
        ("勾選即表示您同意我們的使用者條款", T),
        ("请务必审慎阅读、充分理解“服务协议”和“隐私政策”各条款", TP),
    ]);
}

#[test]
fn purposes_of_english_texts() {
    let third = Purposes::THIRD_PARTY;
    check(&[
        ("Offers and news by email", M),
        ("Order confirmation by email", Purposes::NONE),
        ("Get your receipt by text message", Purposes::NONE),
        ("Sign me up for emails", M),
        ("Email me about special pricing", M),
        ("Email me a copy of my receipt", Purposes::NONE),
        ("We'll email you a link to verify your address", Purposes::NONE),
        ("It's ok to send me occasional emails", M),
        ("I'd like information, tips, and offers about your products", M),
        ("Yes, I would like to receive information about your brand in the future", M),
        ("I agree that you may process my data", P),
        ("I agree to the Terms of Use and Privacy Policy", TP),
        ("I accept the terms and conditions", T),
        ("I have read and understood the Privacy Notice", P),
        ("By creating an account, you agree to our Conditions of Use and Privacy Notice.", TP),
        ("Send me emails about new arrivals, hot items, daily savings, & more.", M),
        ("Sign up for our newsletter", M),
        ("Yes, I want to receive exclusive offers by email", M),
        ("Email me news and special offers", M),
        ("Keep me updated on the latest news and promotions", M),
        ("I'd like to hear about new products and offers", M),
        ("I would like to receive marketing communications", M),
        ("Subscribe to our mailing list", M),
        ("Text me with news and offers", M),
        ("Get product updates, tips and inspiration in your inbox", M),
        ("I'm happy to receive regular recipe recommendations and inspiration", M),
        ("Please send me SMS promotions", M),
        ("I want to receive personalised offers from your partners", M.union(third)),
        ("You may share my personal information with third parties", third),
        ("I agree that you share my data with partner companies", third),
        ("We will never share your data with third parties", Purposes::NONE),
        ("I do not want to receive marketing emails", Purposes::NONE),
        ("Please don't send me newsletters", Purposes::NONE),
        ("Never miss our special offers", M),
        ("Remember me", Purposes::NONE),
        ("Keep me signed in on this device", Purposes::NONE),
        ("I am at least 18 years old", Purposes::NONE),
        ("Show password", Purposes::NONE),
        ("We'll email you trip confirmations and receipts.", Purposes::NONE),
        ("Notify me of new comments via email", Purposes::NONE),
        ("I want to receive newsletters. See our Privacy Policy for details.", M),
        ("I agree to receive marketing emails in accordance with the Privacy Policy", M),
        ("I consent to the processing of my personal data for marketing purposes", M),
        ("I consent to the processing of my personal data", P),
        ("Your password must be at least 8 characters", Purposes::NONE),
        ("Free shipping on all orders with promotion code", Purposes::NONE),
        ("I agree to the Terms, the Privacy Policy and to receive promotional emails", TP.union(M)),
        ("I agree to the Terms & Conditions", T),
        ("I have read and agree to the Membership Agreement", T),
    ]);
}

#[test]
fn purposes_in_other_languages() {
    check(&[
        ("利用規約に同意する", T),
        ("プライバシーポリシーに同意する", P),
        ("会員規約及び個人情報保護方針に同意します", TP),
        ("メールマガジンを購読する", M),
        ("お得な情報を受け取る", M),
        ("キャンペーン情報のメールを希望しない", Purposes::NONE),
        ("Souhlasím s obchodními podmínkami", T),
        ("Souhlasím se zásadami ochrany osobních údajů", P),
        ("Souhlasím se zpracováním osobních údajů", P),
        ("Chci dostávat novinky a slevy e-mailem", M),
        ("Souhlasím se zasíláním obchodních sdělení", M),
        ("Nechci dostávat newsletter", Purposes::NONE),
        ("Я принимаю условия пользовательского соглашения", T),
        ("Согласен с политикой конфиденциальности", P),
        ("Я согласен на обработку персональных данных", P),
        ("Хочу получать новости и акции", M),
        ("Я согласен получать рекламную рассылку", M),
        ("Ich akzeptiere die AGB und die Datenschutzerklärung", TP),
        ("Ja, ich möchte den Newsletter abonnieren", M),
        ("Ich möchte keine Werbung erhalten", Purposes::NONE),
        ("J'accepte les conditions générales", T),
        ("J'accepte la politique de confidentialité", P),
        ("Je souhaite recevoir des offres promotionnelles", M),
        ("Acepto los términos y condiciones y la política de privacidad", TP),
        ("Quiero recibir promociones y novedades", M),
        ("Запомнить меня", Purposes::NONE),
        ("ログイン状態を保持する", Purposes::NONE),
        ("Angemeldet bleiben", Purposes::NONE),
        ("Se souvenir de moi", Purposes::NONE),
    ]);
}

#[test]
fn implied_agreement() {
    for (text, expected) in [
        ("点击注册即表示同意《用户协议》", true),
        ("登录即代表您已阅读并同意《用户协议》和《隐私政策》", true),
        ("注册即视为同意《服务条款》", true),
        ("點擊「註冊」即表示您同意我們的服務條款", true),
        ("註冊即代表您同意蝦皮的服務條款與隱私權政策", true),
        ("未注册的手机号验证后将自动创建账号，登录即同意《用户协议》", true),
        ("使用本服务即表示您接受条款", true),
        ("繼續即表示你同意條款", true),
        ("提交即默认同意以上条款", true),
        ("完成註冊代表您同意會員條款", true),
        ("注册登录即表明您已同意用户协议", true),
        ("未勾选不代表同意", false),
        ("点击注册不代表您同意接收短信", false),
        ("我已阅读并同意《用户协议》", false),
        ("点击获取验证码", false),
        ("By clicking Create Account, you agree to our Terms", true),
        ("By signing up, you accept the Terms of Service", true),
        ("By continuing, you're agreeing to our Conditions of Use", true),
        ("By joining I agree to the Terms", true),
        ("Creating an account means you agree to the Terms", true),
        ("By registering you confirm that you accept our Terms", true),
        ("When you create an account, you agree to our terms", true),
        ("Signing up constitutes your acceptance of the terms", true),
        ("Click Sign up to continue", false),
        ("I agree to the Terms", false),
        ("By default, passwords are hidden", false),
        ("会員登録することで利用規約に同意したものとみなします", true),
        ("Kliknutím na Registrovat souhlasíte s obchodními podmínkami", true),
        ("Registrací souhlasíte s podmínkami", true),
        ("Odesláním formuláře berete na vědomí zásady", true),
        ("Нажимая кнопку, вы соглашаетесь с условиями", true),
        ("Регистрируясь, вы принимаете правила", true),
        ("Mit der Registrierung akzeptieren Sie unsere AGB", true),
        ("En cliquant sur s'inscrire, vous acceptez nos conditions", true),
        ("Al registrarte, aceptas los términos", true),
        ("Al hacer clic en continuar, aceptas nuestras condiciones", true),
    ] {
        assert_eq!(phrase::implied_agreement(text).is_some(), expected, "{text}");
    }
}

#[test]
fn announcements_and_objections() {
    for (text, announced, objecting) in [
        ("我们将通过短信向您发送优惠信息，可回复 TD 退订", true, true),
        ("将不定期向您推送活动资讯", true, false),
        ("我们不会向您发送广告", false, false),
        ("我不希望接收营销信息", false, true),
        ("請勿向我發送推廣訊息", false, true),
        ("Airbnb will send you members-only deals", true, false),
        ("We may send you marketing emails from time to time", true, false),
        ("You'll receive our weekly newsletter", true, false),
        ("We will not send you marketing", false, false),
        ("I don’t want to receive marketing messages", false, true),
        ("Please tick if you do not wish to receive offers", false, true),
        ("I would prefer not to hear about offers", false, true),
        ("メールマガジンを配信します", true, false),
        ("メルマガの配信を希望しない", false, true),
        ("Nechci dostávat novinky", false, true),
        ("Не хочу получать рассылку", false, true),
    ] {
        assert_eq!(phrase::announcement(text).is_some(), announced, "{text}");
        assert_eq!(phrase::objects(text), objecting, "{text}");
    }
}

#[test]
fn labels_of_buttons() {
    for (label, accepts, refuses) in [
        ("同意", true, false),
        ("不同意", false, true),
        ("暂不", false, true),
        ("同意并继续", true, false),
        ("好的，全部开启", true, false),
        ("不放弃，立即开启", true, false),
        ("我不需要省钱", false, true),
        ("残忍拒绝", false, true),
        ("稍後再說", false, true),
        ("允许", true, false),
        ("不允许", false, true),
        ("Accept all", true, false),
        ("No thanks", false, true),
        ("No, thanks", false, true),
        ("Maybe later", false, true),
        ("I agree", true, false),
        ("I disagree", false, true),
        ("Don't allow", false, true),
        ("Allow", true, false),
        ("同意する", true, false),
        ("同意しない", false, true),
        ("Souhlasím", true, false),
        ("Odmítnout", false, true),
        ("Принять", true, false),
        ("Отклонить", false, true),
        ("Ablehnen", false, true),
        ("Accepter", true, false),
        ("Rechazar", false, true),
    ] {
        assert_eq!((phrase::accepts(label), phrase::refuses(label)), (accepts, refuses), "{label}");
    }
    for (label, agreeing) in [
        ("同意并注册", true),
        ("同意協議並註冊", true),
        ("Agree and continue", true),
        ("Agree & Join", true),
        ("規約に同意して登録", true),
        ("同意する", false),
        ("注册", false),
        ("Create account", false),
    ] {
        assert_eq!(phrase::agreeing_label(label), agreeing, "{label}");
    }
}

#[test]
fn other_classes() {
    type Class = fn(&str) -> bool;
    let rows: [(Class, &str, bool); 26] = [
        (phrase::is_plain, "记住我", true),
        (phrase::is_plain, "Keep me logged in", true),
        (phrase::is_plain, "我已年满18周岁", true),
        (phrase::is_plain, "我同意接收优惠信息", false),
        (phrase::agrees_to_all, "全选", true),
        (phrase::agrees_to_all, "I agree to all the following items", true),
        (phrase::agrees_to_all, "すべてに同意する", true),
        (phrase::agrees_to_all, "我同意《用户协议》", false),
        (phrase::shames, "我不需要省钱", true),
        (phrase::shames, "No thanks, I prefer to pay full price", true),
        (phrase::shames, "不同意", false),
        (phrase::tells_withdrawal, "您可回复 T 退订", true),
        (phrase::tells_withdrawal, "You can unsubscribe at any time", true),
        (phrase::tells_withdrawal, "接收优惠信息", false),
        (phrase::is_optional, "（可选，不影响注册）", true),
        (phrase::is_optional, "Phone number (optional)", true),
        (phrase::is_optional, "手机号码", false),
        (phrase::demands, "请先勾选协议", true),
        (phrase::demands, "You must accept the terms", true),
        (phrase::demands, "注册成功", false),
        (|text| phrase::irrevocable(text).is_some(), "不可撤销地授权", true),
        (|text| phrase::irrevocable(text).is_some(), "irrevocably authorise", true),
        (|text| phrase::irrevocable(text).is_some(), "该授权并非不可撤销", false),
        (phrase::joins_others, "云帆集团及合作品牌", true),
        (phrase::joins_others, "offers from us and our partners", true),
        (phrase::joins_others, "offers from our partners", false),
    ];
    for (class, text, expected) in rows {
        assert_eq!(class(text), expected, "{text}");
    }
}

#[test]
fn channels() {
    use Channel::{Call, Email, Im, Post, Push, Sms};
    for (text, expected) in [
        ("以短信方式发送", vec![Sms]),
        ("通过短信、电话、即时通讯等方式", vec![Sms, Call, Im]),
        ("使用您的手机号码，以短信方式发送（客服电话 028-0000-0166）", vec![Sms]),
        ("Send me emails", vec![Email]),
        ("marketing emails, and push notifications", vec![Email, Push]),
        ("Enter your email address to receive offers", vec![]),
        ("our newsletter", vec![Email]),
        ("电子邮箱地址", vec![]),
        ("訂閱電子報", vec![Email]),
        ("by email, text message, phone or post", vec![Sms, Email, Post]),
        ("接收优惠信息", vec![]),
        ("メールで受け取る", vec![Email]),
    ] {
        let found = phrase::channels(text);
        assert!(expected.iter().all(|channel| found.contains(channel)), "{text}: {found:?}");
        assert!(expected.len() > 1 || found == expected, "{text}: {found:?}");
    }
}

#[test]
fn what_is_denied_is_still_spoken_of() {
    for text in
        ["我不希望接收营销短信", "I don't want to receive marketing emails", "Nechci dostávat newsletter"]
    {
        assert!(mentioned(text).has(M), "{text}");
        assert!(!purposes(text).has(M), "{text}");
    }
}
