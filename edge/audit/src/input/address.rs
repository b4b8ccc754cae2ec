//! Addresses of pages, so that one page is told by one writing.

use anning_consent::Address;

use super::names::Names;

/// The numbers of an address, as a capture or an act names it.
pub(crate) fn address(text: &str, names: &Names) -> Address {
    let (exact, place) = forms(text);
    Address { exact: names.page_address(&exact), place: names.page_address(&place) }
}

/// Do two texts name one address?
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    forms(one).0 == forms(other).0
}

/// An address without what does not tell pages apart (scheme, `www.`, usual port, case of the host, last slash,
/// fragment but for a route such as `#/register`), with and without what follows `?`. What is no web address stays.
fn forms(text: &str) -> (String, String) {
    let text = text.trim();
    let begins =
        |scheme: &&str| text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme));
    let scheme = ["https://", "http://"].into_iter().find(begins);
    let rest = text.get(scheme.map_or(0, str::len)..).unwrap_or_default();
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let is_host = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    if scheme.is_none() && !(host.contains('.') && host.chars().all(is_host)) {
        return (text.to_owned(), text.to_owned());
    }
    let host = host.to_lowercase();
    let host = host.strip_suffix(":80").or_else(|| host.strip_suffix(":443")).unwrap_or(&host);
    let host = host.trim_end_matches('.');
    let host = host.strip_prefix("www.").unwrap_or(host);
    let (before, fragment) = tail.split_once('#').unwrap_or((tail, ""));
    let (path, query) = before.split_once('?').unwrap_or((before, ""));
    let path = path.trim_end_matches('/');
    let fragment = if fragment.starts_with(['/', '!']) { fragment } else { "" };
    let (route, route_query) = fragment.split_once('?').unwrap_or((fragment, ""));
    let part = |mark: char, text: &str| if text.is_empty() { String::new() } else { format!("{mark}{text}") };
    let (route, query, route_query) =
        (part('#', route.trim_end_matches('/')), part('?', query), part('?', route_query));
    (format!("{host}{path}{query}{route}{route_query}"), format!("{host}{path}{route}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_page_has_one_writing() {
        let home = ("hean-home.example/register", "hean-home.example/register");
        for (text, (exact, place)) in [
            ("https://hean-home.example/register", home),
            ("HTTP://WWW.Hean-Home.example:80/register/ ", home),
            ("hean-home.example/register#terms", home),
            ("https://hean-home.example./register", home),
            (
                "https://hean-home.example/Register",
                ("hean-home.example/Register", "hean-home.example/Register"),
            ),
            ("https://hean-home.example/register?a=1", ("hean-home.example/register?a=1", home.1)),
            ("https://a.example/#/join/?from=sms", ("a.example#/join?from=sms", "a.example#/join")),
            ("https://a.example:8443/", ("a.example:8443", "a.example:8443")),
            ("https://注册.example/页", ("注册.example/页", "注册.example/页")),
            ("register/index.html", ("register/index.html", "register/index.html")),
            ("weixin://App/Page", ("weixin://App/Page", "weixin://App/Page")),
            ("门店扫码", ("门店扫码", "门店扫码")),
            ("", ("", "")),
        ] {
            assert_eq!(forms(text), (exact.to_owned(), place.to_owned()), "{text}");
            assert_eq!(forms(exact).0, exact, "told twice: {text}");
        }
    }
}
