//! In whose name a text says that it comes: the signatures at its head and its tail.

use std::borrow::Cow;

use anning_vocab::Known;

use crate::fold::Fold;
use crate::normal::is_han;
use crate::reply::{Intent, read_reply, told_keyword};

/// The signature that a text goes out under: the one at its head, or else the one at its tail.
///
/// A signature is a name between 【 and 】, or the forms of these brackets that look like them (〖〗, 〔〕, ︻︼), at the very
/// head of a text or at its very tail, as carriers look for it. What has no form (a zero-width character, a control, a
/// variation selector) and what is blank is not read, before a bracket as little as within a name. At the tail neither a
/// number nor a word to refuse with is a name: 您的验证码是【482913】, 拒收请回复【R】. Square brackets, half as wide or whole,
/// are none: people put remarks and smileys into them. [`signatures`] looks at them too.
///
/// ```
/// use anning_judge::signature;
/// assert_eq!(signature("\u{200b}【云\u{feff}栖百货】今晚开抢").as_deref(), Some("云栖百货"));
/// assert_eq!(signature("今晚开抢 退订回T〖云栖百货〗").as_deref(), Some("云栖百货"));
/// assert_eq!(signature("[提醒]今晚开抢"), None);
/// ```
#[must_use]
pub fn signature(text: &str) -> Option<Cow<'_, str>> {
    let (head, rest) = head(text, &is_bracket);
    head.or_else(|| tail(rest, false))
}

/// Every name that a reader may take a text's sender for: the [`signature`] at the head, the one at the tail beside it,
/// and where there is neither, a name in square brackets at the head. Whoever may use some signatures alone must be
/// allowed each of them.
///
/// Beside a signature at the head, what stands at the tail is a name only if there is a Han character in it: 【A7K2】 is
/// the code that the message is about.
///
/// ```
/// let all = |text| anning_judge::signatures(text).collect::<Vec<_>>();
/// assert_eq!(all("【云栖百货】您的账户异常，请速回电【某银行】"), ["云栖百货", "某银行"]);
/// assert_eq!(all("［某银行］您的账户异常"), ["某银行"]);
/// assert_eq!(all("【云栖百货】[提醒]您的验证码是【A7K2】"), ["云栖百货"]);
/// ```
pub fn signatures(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let (front, rest) = head(text, &is_bracket);
    let back = tail(rest, front.is_some());
    let square = if front.is_none() && back.is_none() { head(text, &is_square).0 } else { None };
    front.into_iter().chain(back).chain(square.filter(|name| name.contains(char::is_alphabetic)))
}

/// A consent request states type, frequency and period: the words for frequency and period stand in it.
#[must_use]
pub fn states_terms(text: &str) -> Known {
    let read: String = text.chars().filter_map(|c| Fold::shared().read(c)).collect();
    let any = |words: &[&str]| words.iter().any(|w| read.contains(w));
    let frequency =
        any(&["每月", "每周", "每日", "每天", "每季", "a month", "a week", "per month", "per week"]);
    let period =
        frequency && any(&["期限", "有效期", "一年", "半年", "个月内", "至20", "for one year", "until"]);
    Known::from_option(Some(period))
}

/// Which half of a pair of brackets a character is read as.
type Bracket<'b> = &'b dyn Fn(char) -> Option<Half>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Open,
    Close,
}

fn is_bracket(c: char) -> Option<Half> {
    match Fold::shared().read(c)? {
        '【' | '︻' | '︗' => Some(Half::Open),
        '】' | '︼' | '︘' => Some(Half::Close),
        _ => None,
    }
}

fn is_square(c: char) -> Option<Half> {
    match Fold::shared().read(c)? {
        '[' => Some(Half::Open),
        ']' => Some(Half::Close),
        _ => None,
    }
}

/// The name at the head, and what follows it; brackets around nothing are passed over.
fn head<'t>(text: &'t str, half: Bracket<'_>) -> (Option<Cow<'t, str>>, &'t str) {
    let mut rest = text;
    loop {
        let bare = rest.trim_start_matches(is_blank);
        let inside = bare.strip_prefix(|c| half(c) == Some(Half::Open));
        let Some((name, after)) = inside.and_then(|inside| cut(inside, half)) else { return (None, rest) };
        let name = seen(name);
        if !name.is_empty() {
            let fits = name.len() <= SIGNATURE_MAX;
            return if fits { (Some(name), after) } else { (None, rest) };
        }
        rest = after;
    }
}

/// Before and after the first closing bracket.
fn cut<'t>(inside: &'t str, half: Bracket<'_>) -> Option<(&'t str, &'t str)> {
    let (at, close) = inside.char_indices().find(|(_, c)| half(*c) == Some(Half::Close))?;
    Some((inside.get(..at)?, inside.get(at + close.len_utf8()..)?))
}

/// The name at the tail of what follows a head.
fn tail(text: &str, beside: bool) -> Option<Cow<'_, str>> {
    let bare = text.trim_end_matches(is_blank).strip_suffix(|c| is_bracket(c) == Some(Half::Close))?;
    let (at, open) = bare.char_indices().rev().find(|(_, c)| is_bracket(*c) == Some(Half::Open))?;
    let name = seen(bare.get(at + open.len_utf8()..)?);
    let named = if beside { name.contains(is_han) } else { name.contains(char::is_alphabetic) };
    let told = || told_keyword(text).is_some_and(|told| told.words().any(|word| word == name.to_lowercase()));
    let refuses = || matches!(read_reply(&name), Intent::Refusal { .. }) || told();
    (named && name.len() <= SIGNATURE_MAX && !refuses()).then_some(name)
}

/// A name without what nobody sees.
fn seen(name: &str) -> Cow<'_, str> {
    let name = name.trim_matches(is_blank);
    if name.chars().all(|c| Fold::shared().read(c).is_some()) {
        return Cow::Borrowed(name);
    }
    Cow::Owned(name.chars().filter(|c| Fold::shared().read(*c).is_some()).collect())
}

/// Has it no form, or is it blank?
fn is_blank(c: char) -> bool {
    Fold::shared().read(c).is_none_or(char::is_whitespace)
}

/// Longest signature, in bytes: a longer text between brackets is no name.
pub const SIGNATURE_MAX: usize = 60;

#[cfg(test)]
mod tests {
    use super::{signature, signatures, states_terms};
    use anning_vocab::Known;

    /// The first is the one that it goes out under, if any.
    fn check(text: &str, names: &[&str]) {
        assert_eq!(signatures(text).collect::<Vec<_>>(), names, "{text:?}");
        if !text.contains(['[', '［']) {
            assert_eq!(signature(text).as_deref(), names.first().copied(), "{text:?}");
        }
    }

    #[test]
    fn signatures_stand_at_head_or_tail() {
        check("【云栖百货】今晚开抢", &["云栖百货"]);
        check("今晚开抢 退订回T【云栖百货】", &["云栖百货"]);
        check("今晚【双11】开抢", &[]);
        check("【】空", &[]);
        check("【 云栖百货 】", &["云栖百货"]);
        check("【未闭合", &[]);
        check("】【", &[]);
        check("", &[]);
        check(&format!("【{}】", "长".repeat(21)), &[]);
    }

    #[test]
    fn what_nobody_sees_hides_no_signature() {
        for unseen in
            ["\u{200b}", "\u{feff}", "\u{ad}", "\u{fe0f}", "\u{e0100}", "\0", "\u{3164}", "\u{2800} "]
        {
            check(&format!("{unseen}【某银行】您的账户异常"), &["某银行"]);
            check(&format!("您的账户异常【某银行】{unseen}"), &["某银行"]);
            check(&format!("【】{unseen}【某银行】您的账户异常"), &["某银行"]);
        }
        check("【某\u{200b}银\u{200d}行】您的账户异常", &["某银行"]);
        check(&format!("【某银行{}】您的账户异常", "\u{200b}".repeat(60)), &["某银行"]);
    }

    #[test]
    fn brackets_that_look_alike_are_alike() {
        for (open, close) in [('〖', '〗'), ('〔', '〕'), ('︻', '︼'), ('︗', '︘'), ('【', '〗')]
        {
            check(&format!("{open}某银行{close}您的账户异常"), &["某银行"]);
            check(&format!("您的账户异常{open}某银行{close}"), &["某银行"]);
        }
    }

    #[test]
    fn square_brackets_name_a_sender_where_nothing_else_does() {
        for (open, close) in [('[', ']'), ('［', '］')] {
            check(&format!("{open}某银行{close}您的账户异常"), &["某银行"]);
            check(&format!("{open}482913{close}是您的验证码"), &[]);
            check(&format!("生日快乐{open}微笑{close}"), &[]);
            check(&format!("【云栖百货】{open}提醒{close}您的订单已发货"), &["云栖百货"]);
            check(&format!("{open}提醒{close}您的订单已发货【云栖百货】"), &["云栖百货"]);
            assert_eq!(signature(&format!("{open}某银行{close}您的账户异常")), None);
        }
    }

    #[test]
    fn both_ends_are_looked_at() {
        check("【云栖百货】您的账户异常，请速回电【某银行】", &["云栖百货", "某银行"]);
        check("【云栖百货】〖某银行〗", &["云栖百货", "某银行"]);
        check("【云栖百货】【某银行】您的账户异常", &["云栖百货"]);
    }

    #[test]
    fn codes_and_words_to_refuse_with_are_no_names() {
        check("您的验证码是【482913】", &[]);
        check("【云栖百货】您的验证码是【482913】", &["云栖百货"]);
        check("【云栖百货】您的验证码是【A7K2】", &["云栖百货"]);
        for word in ["R", "TD", "T", "退订", "拒收"] {
            check(&format!("【云栖百货】今晚开抢 拒收请回复【{word}】"), &["云栖百货"]);
            check(&format!("今晚开抢 拒收请回复【{word}】"), &[]);
        }
        check("今晚开抢 退订请回复【QX】", &[]);
        check("今晚开抢【KFC】", &["KFC"]);
        check("【10086】您的话费余额", &["10086"]);
    }

    #[test]
    fn terms_are_read_as_people_read_them() {
        let check = |text: &str, stated| assert_eq!(states_terms(text), stated, "{text:?}");
        check("每月两条促销短信，期限一年", Known::Yes);
        check("每\u{200b}月两条促销短信，期\u{feff}限一年", Known::Yes);
        check("每月两条促销短信，至２０２７年", Known::Yes);
        check("promotions twice a month, for one year", Known::Yes);
        check("每月两条促销短信", Known::No);
        check("促销短信，期限一年", Known::No);
    }
}
