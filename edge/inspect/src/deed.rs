//! Links and buttons that do something rather than say something: nobody logs out or deletes for the sake of reading.

/// The address is one by which something is done: `/account/delete?id=3`, `?action=logout`. A document about doing it,
/// such as `/cancellation-policy.html`, is none.
pub(crate) fn is_address(url: &str) -> bool {
    let rest =
        url.split_once("://").map_or(url, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let segments = path
        .split(['/', '#'])
        .chain(query.split('&').filter_map(|pair| pair.split_once('=')).map(|(_, value)| value));
    segments.map(words).any(|words| {
        let any = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
        let pair = words.windows(2).any(|pair| match pair {
            [first, second] => PAIRS.contains(&(first.as_str(), second.as_str())),
            _ => false,
        });
        (any(DOES) || pair) && !any(SAYS)
    })
}

/// The words of a link or button that do something: log out, delete, cancel.
pub(crate) fn is_label(label: &str) -> bool {
    let label = label.trim().to_lowercase();
    label.chars().count() <= LABEL_MAX
        && LABELS.iter().any(|word| label.contains(word))
        && !ABOUT.iter().any(|word| label.contains(word))
}

/// `deleteAccount-now` is delete, account, now.
fn words(segment: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut word = String::new();
    let mut low = false;
    for c in segment.chars().take(SEGMENT_MAX) {
        if !c.is_alphanumeric() || (low && c.is_uppercase()) {
            all.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        low = c.is_lowercase();
    }
    all.push(word);
    all.retain(|word| !word.is_empty());
    all
}

/// Words of an address that do something.
const DOES: &[&str] = &[
    "delete",
    "del",
    "remove",
    "destroy",
    "erase",
    "logout",
    "logoff",
    "signout",
    "unsubscribe",
    "unsub",
    "deactivate",
    "cancel",
    "terminate",
    "zhuxiao",
    "tuichu",
    "tuiding",
];
/// Two words of an address that do something together.
const PAIRS: &[(&str, &str)] = &[
    ("log", "out"),
    ("log", "off"),
    ("sign", "out"),
    ("opt", "out"),
    ("close", "account"),
    ("place", "order"),
];
/// Words of an address that say something about it.
const SAYS: &[&str] = &[
    "policy",
    "terms",
    "privacy",
    "agreement",
    "notice",
    "rules",
    "conditions",
    "faq",
    "help",
    "about",
    "legal",
    "js",
    "css",
    "xieyi",
    "png",
    "svg",
    "json",
];
/// Words that do something.
const LABELS: &[&str] = &[
    "注销账",
    "注销帐",
    "註銷帳",
    "确认注销",
    "立即注销",
    "退出登",
    "退出账",
    "退出帐",
    "登出",
    "删除账",
    "删除帐",
    "刪除帳",
    "取消订单",
    "取消訂單",
    "退订",
    "log out",
    "logout",
    "sign out",
    "log off",
    "unsubscribe",
    "delete",
    "deactivate",
    "cancel order",
    "cancel my",
    "close my account",
    "close account",
];
/// Words that say something about it.
const ABOUT: &[&str] = &[
    "《",
    "协议",
    "協議",
    "须知",
    "須知",
    "说明",
    "說明",
    "政策",
    "规则",
    "規則",
    "条款",
    "條款",
    "如何",
    "policy",
    "terms",
    "how ",
    "about",
    "rules",
    "conditions",
    "agreement",
    "notice",
];
/// Characters of the words on something to press.
const LABEL_MAX: usize = 30;
/// Characters of a part of an address.
const SEGMENT_MAX: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_do_something() {
        for (url, expected) in [
            ("https://a.example/account/delete?id=3", true),
            ("https://a.example/account?action=logout", true),
            ("/user/signOut", true),
            ("https://a.example/sign-out.do", true),
            ("https://a.example/u/unsubscribe/abc", true),
            ("https://a.example/cancellation-policy.html", false),
            ("https://a.example/cancel-policy.html", false),
            ("https://delete.example/privacy", false),
            ("https://a.example/terms.html#delete-your-data-policy", false),
            ("https://a.example/deleted-items", false),
            ("https://a.example/js/logout.js", false),
            ("https://a.example/", false),
            ("#/privacy", false),
        ] {
            assert_eq!(is_address(url), expected, "{url}");
        }
    }

    #[test]
    fn words_that_do_something() {
        for (label, expected) in [
            ("退出登录", true),
            ("注销账号", true),
            ("《账号注销须知》", false),
            ("注销账号须知", false),
            ("Delete my data", true),
            ("Log out", true),
            ("Privacy policy", false),
            ("How to delete your account", false),
            ("注册", false),
        ] {
            assert_eq!(is_label(label), expected, "{label}");
        }
    }
}
