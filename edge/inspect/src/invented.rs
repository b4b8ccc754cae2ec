//! Data the recorder types: valid in form, belonging to nobody, and recognisable when a page sends them.

/// A mobile number in a block that carriers have not given out.
pub(crate) const MOBILE: &str = "19900000013";
/// An address under a name that cannot exist (RFC 2606).
pub(crate) const MAIL: &str = "ceshi.anning@example.invalid";
/// Eighteen places with a right check digit, in a district that does not exist.
pub(crate) const IDENTITY: &str = "990000199001010017";
/// Word for a family and given name.
pub(crate) const NAME: &str = "测试";
/// What a page takes for a strong password.
pub(crate) const PASSWORD: &str = "Anning-2026x";
/// A code as it comes by message.
pub(crate) const CODE: &str = "135790";
/// Bank card number that passes the check of Luhn and has no issuer.
const CARD: &str = "9900000000000002";

/// Those that nobody would write by chance.
pub(crate) fn marked() -> Vec<String> {
    [MOBILE, MAIL, IDENTITY, PASSWORD, CARD].iter().map(|value| (*value).to_owned()).collect()
}

/// What to type into a field, by its type and all words known about it.
pub(crate) fn value(kind: &str, words: &str) -> &'static str {
    let words = words.to_lowercase();
    let has = |list: &[&str]| list.iter().any(|word| words.contains(word));
    if kind == "password" || has(&["密码", "密碼", "password", "passwd", "パスワード", "heslo", "пароль"])
    {
        return PASSWORD;
    }
    if kind == "email" || has(&["邮箱", "郵箱", "电子邮件", "e-mail", "email", "メール", "почт"])
    {
        return MAIL;
    }
    if has(&[
        "验证码",
        "驗證碼",
        "校验码",
        "captcha",
        "verify",
        "verification",
        "one-time-code",
        "認証コード",
    ]) {
        return CODE;
    }
    if has(&["身份证", "身份證", "证件号", "idcard", "id card"]) {
        return IDENTITY;
    }
    if has(&["银行卡", "銀行卡", "cc-number", "card number"]) {
        return CARD;
    }
    if kind == "tel" || has(&["手机", "手機", "电话", "電話", "mobile", "phone", "tel", "телефон"])
    {
        return MOBILE;
    }
    match kind {
        "url" => "https://example.invalid/",
        "date" => "1990-01-01",
        "month" => "1990-01",
        "week" => "1990-W01",
        "time" => "10:00",
        "datetime-local" => "1990-01-01T10:00",
        "number" | "range" => "10",
        "color" => "#000000",
        _ if has(&["邮编", "postcode", "zip", "postal"]) => "100000",
        _ if has(&["收入", "金额", "年龄", "income", "amount", "age", "numeric"]) => "5000",
        _ if has(&["日期", "生日", "birth", "date"]) => "1990-01-01",
        _ if has(&["账号", "帳號", "用户名", "用戶名", "昵称", "username", "nick", "login", "account"]) => {
            "ceshi135"
        }
        _ => NAME,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_gets_what_its_form_check_accepts() {
        let cases = [
            ("tel", "", MOBILE),
            ("text", "请输入手机号", MOBILE),
            ("text", "短信验证码", CODE),
            ("text", "E-Mail Address", MAIL),
            ("text", "身份证号码", IDENTITY),
            ("text", "月收入（元）", "5000"),
            ("text", "First name", NAME),
            ("date", "", "1990-01-01"),
        ];
        for (kind, words, expected) in cases {
            assert_eq!(value(kind, words), expected, "{kind} {words}");
        }
    }

    #[test]
    fn the_check_digit_holds() {
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        let digits: Vec<u32> = IDENTITY.chars().filter_map(|digit| digit.to_digit(10)).collect();
        let sum: u32 = digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum();
        assert_eq!("10X98765432".chars().nth(sum as usize % 11), IDENTITY.chars().last());
    }
}
