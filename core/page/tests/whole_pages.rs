//! Whole pages of many makes: which of RP-01 to RP-14 they violate, and no other.
#![cfg(test)]

mod sketch;

use anning_page::finding::{Outcome, judge};

fn check(rows: &[(&str, &str, &str)]) {
    let mut wrong = Vec::new();
    for (name, expected, page) in rows {
        let findings = judge(&sketch::record(page));
        let violated = findings.iter().filter(|finding| finding.outcome == Outcome::Violation);
        let mut ids: Vec<&str> =
            violated.map(|finding| &finding.rule.id()[3..]).filter(|id| *id <= "14").collect();
        ids.dedup();
        if ids.join(" ") != *expected {
            wrong.push(format!("{name}: [{}], expected [{expected}]", ids.join(" ")));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn chinese() {
    check(&[
        (
            "phone login",
            "03",
            "field 手机号\nfield 验证码\n<登录>\n未注册手机号验证后自动注册，登录即代表同意《用户协议》《隐私政策》",
        ),
        ("code means agreement", "03", "field 手机号\n获取验证码即表示您同意《用户服务协议》\n<获取验证码>"),
        ("forum", "02", "field 用户名\n[x] 同意网站服务条款\n<注册>"),
        ("own names of documents", "02", "[x] 我已认真阅读并同意《天蓝账号协议》\n<注册>"),
        ("own names, off", "", "[ ] 我已认真阅读并同意《天蓝账号协议》\n<注册>"),
        ("clean", "", "field 手机号\n[ ] 我已阅读并同意《用户协议》和《隐私政策》\n[ ] 记住我\n<立即注册>"),
        ("remember me beside the notice", "03", "[x] 7天内自动登录\n登录即同意《用户协议》\n<登录>"),
        ("announced after success", "05", "温馨提示：我们会通过短信给您发送优惠信息\n<注册>"),
        ("push and calls", "13", "[ ] 我同意接收来自平台的促销短信及推销电话\n<注册>"),
        ("forced by terms", "09 11", "[*] 我已阅读并同意《会员章程》，并接收会员促销短信\n<入会>"),
        (
            "traditional, all in one",
            "03 04 09 11 13",
            "點擊「註冊」即表示你同意我們的《服務條款》及《隱私權政策》，並同意收到最新優惠訊息\n<註冊>",
        ),
        ("traditional, objection", "05 13", "[ ] 本人不希望收取任何推廣資訊\n<登記>"),
        ("traditional, newsletter ticked", "01", "[x] 訂閱電子報\n[ ] 我已閱讀並同意服務條款\n<註冊>"),
        ("traditional, policy ticked", "02", "[x] 我同意隱私權政策\n<註冊>"),
        (
            "four documents",
            "03 14",
            "登录即代表同意《用户协议》《隐私政策》《儿童隐私保护声明》《第三方信息共享清单》\n<登录>",
        ),
        ("radio yes", "01 13", "您是否愿意接收我们的优惠资讯\n(x) 是\n( ) 否\n<注册>"),
        ("radio no", "13", "您是否愿意接收我们的优惠资讯\n( ) 是\n(x) 否\n<注册>"),
        ("sex is no consent", "", "性别\n(x) 男\n( ) 女\n<注册>"),
        ("others may call", "10", "[ ] 我已阅读并同意《用户协议》，并允许合作机构与我联系\n<提交>"),
        ("kinds of content", "01", "我希望收到以下短信\n[x] 优惠活动\n[ ] 新品\n<保存>"),
        ("slogan", "", "加入会员，享新人优惠券和专属折扣\nfield 手机号\n<立即领取>"),
        ("bottom of page", "", "版权所有 违法和不良信息举报电话：400-000-0000 用户协议 隐私政策"),
        ("broken over lines", "03", "注册即表示您已阅读并同意\n《用户协议》\n与\n《隐私政策》\n<注册>"),
    ]);
}

#[test]
fn english() {
    check(&[
        (
            "recipients under a question",
            "13",
            "I would like to receive news and offers from:\n[ ] Our hotel partners\n[ ] Brands of the group\n<Join>",
        ),
        ("recipients under nothing", "", "Our hotel partners\n[ ] Partner hotel guest\n<Join>"),
        (
            "auction",
            "03",
            "By creating an account, you agree to our User Agreement and acknowledge reading our User Privacy Notice.\n<Create account>",
        ),
        (
            "social network",
            "03",
            "By clicking Sign Up, you agree to our Terms, Privacy Policy and Cookies Policy. You may receive SMS notifications from us and can opt out any time.\n<Sign Up>",
        ),
        (
            "with ads described",
            "03",
            "By signing up, you agree to the Terms of Service and Privacy Policy, including Cookie Use. We may use your contact information for purposes outlined in our Privacy Policy, like keeping your account secure.\n<Sign up>",
        ),
        (
            "sports shop",
            "03",
            "[ ] Sign up for emails to get updates on products, offers and your member benefits\nBy continuing, I agree to the Privacy Policy and Terms of Use.\n<Create account>",
        ),
        (
            "shop register",
            "",
            "Your personal data will be used to support your experience throughout this website, to manage access to your account, and for other purposes described in our privacy policy.\n<Register>",
        ),
        ("shop terms", "", "[*] I have read and agree to the website terms and conditions\n<Register>"),
        ("checkout", "01", "[x] Email me with news and offers\n<Continue>"),
        (
            "newsletter radios",
            "01",
            "Newsletter\nSubscribe\n(x) Yes\n( ) No\n[ ] I have read and agree to the Privacy Policy\n<Continue>",
        ),
        (
            "newsletter box",
            "",
            "[ ] Sign Up for Newsletter\n[ ] Allow remote shopping assistance\n<Create an Account>",
        ),
        ("partners", "13", "[ ] Receive offers from our partners\n<Save>"),
        (
            "affiliates",
            "10 13",
            "[ ] Yes, I would like to receive offers and updates from Acme and its affiliates\n<Join>",
        ),
        (
            "preferences heading",
            "",
            "Email preferences\n[ ] Receive occasional product updates and announcements.\n<Create account>",
        ),
        ("account mails", "", "We'll occasionally send you account related emails.\n<Sign up>"),
        (
            "contact box",
            "",
            "We may keep you informed with personalized emails about products and services.\n[ ] Please contact me via email\n<Sign up>",
        ),
        ("bottom of page", "", "By using this site, you agree to our Terms.\n<Sign up>"),
        ("subscription at the bottom", "03", "By registering you agree to the Terms\n<Register>"),
        ("objection", "05 13", "[ ] Tick here if you do not wish to receive promotional offers\n<Register>"),
        ("objection for e-mail", "05", "[ ] Please do not send me marketing emails\n<Register>"),
        ("kinds of content", "01", "Email me about\n[x] Special events\n[ ] Product news\n<Save>"),
        (
            "partners may call",
            "03 10",
            "By clicking Get quotes you agree to the Terms and that our partners may contact you.\n<Get quotes>",
        ),
        ("cookie panel", "", "We use cookies\n[x] Necessary\n[x] Statistics\n[x] Marketing\n<Save>"),
        (
            "calls on submit",
            "04 11 13",
            "By clicking Submit, you agree to receive marketing calls and text messages.\n<Submit>",
        ),
        ("card", "", "field Card number\n<Start trial>"),
        ("keep me signed in, ticked", "", "[x] Keep me signed in\n<Sign in>"),
        ("agree label", "03", "Terms of Service\ndoc Terms of Service: Rules.\n<Agree & Join>"),
        (
            "double purpose",
            "09 11 13",
            "[*] I agree to the Terms & Conditions and to receive promotional messages\n<Join>",
        ),
        ("texts and mails", "13", "[ ] I'd like to receive special offers by email and text message\n<Join>"),
        ("updates on rules", "03", "By registering you agree to abide by the community rules.\n<Register>"),
        (
            "captcha",
            "",
            "This site is protected by a captcha and the Privacy Policy and Terms of Service apply.\n<Sign up>",
        ),
        ("age and terms", "", "[ ] I am over 18 and agree to the Terms of Service\n<Join>"),
        ("age and terms ticked", "02", "[x] I am over 18 and agree to the Terms of Service\n<Join>"),
    ]);
}

#[test]
fn other_languages() {
    check(&[
        (
            "Japanese shop",
            "01 03",
            "利用規約とプライバシーポリシーに同意の上、登録してください。\n[x] メールマガジンを購読する\n<同意して登録する>",
        ),
        ("Japanese box", "02", "[x] 利用規約に同意する\n<登録する>"),
        (
            "Japanese clean",
            "",
            "[ ] 利用規約および個人情報保護方針に同意します\n[ ] お得な情報をメールで受け取る\n<登録>",
        ),
        ("Japanese objection", "05", "[ ] メールマガジンの配信を希望しない\n<登録>"),
        (
            "Czech shop",
            "03 05 13",
            "Registrací souhlasíte s obchodními podmínkami a se zpracováním osobních údajů.\n[ ] Nechci dostávat obchodní sdělení\n<Registrovat>",
        ),
        (
            "Czech boxes",
            "",
            "[ ] Souhlasím s obchodními podmínkami\n[ ] Chci dostávat novinky e-mailem\n<Registrovat>",
        ),
        ("Czech ticked", "01", "[x] Souhlasím se zasíláním obchodních sdělení e-mailem\n<Odeslat>"),
        (
            "Russian notice",
            "03",
            "Нажимая «Зарегистрироваться», вы соглашаетесь с условиями пользовательского соглашения и даёте согласие на обработку персональных данных\n<Зарегистрироваться>",
        ),
        ("Russian ticked", "01", "[x] Я хочу получать новости и акции по электронной почте\n<Создать>"),
        ("Russian terms ticked", "02", "[x] Я согласен с правилами сайта\n<Создать>"),
        (
            "German",
            "03",
            "Mit der Registrierung akzeptieren Sie unsere AGB und die Datenschutzerklärung.\n[ ] Newsletter abonnieren\n<Registrieren>",
        ),
        (
            "French",
            "01",
            "[x] Je souhaite recevoir la lettre d'information par e-mail\n[ ] J'accepte les conditions générales\n<Créer>",
        ),
        ("Spanish", "03", "Al registrarte, aceptas los términos y la política de privacidad.\n<Registrarme>"),
    ]);
}
