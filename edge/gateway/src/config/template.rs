//! `[[template]]`: texts with places in them, for senders who come with another vendor's interface.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::account::bare;
use super::section::Section;

/// A text with places in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// What requests call it: `TemplateCode`, `TemplateId`.
    pub code: String,
    /// The account that may use it.
    pub account: Arc<str>,
    /// Its text.
    pub text: Vec<Piece>,
    /// The one signature that it may be sent with; any that the account may use, if none is named.
    pub signature: Option<String>,
    /// The number that it is sent from; the account's first whole one, if none is named.
    pub from: Option<String>,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// As it stands.
    Text(String),
    /// A place for the value of this name: `${code}`, `{1}`.
    Value(String),
}

impl Template {
    /// Names of its places, each once.
    #[must_use]
    pub fn names(&self) -> BTreeSet<&str> {
        self.text.iter().filter_map(Piece::name).collect()
    }

    /// Its text with these values; none where one is missing.
    #[must_use]
    pub fn fill(&self, values: &BTreeMap<String, String>) -> Option<String> {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => Some(text.clone()),
            Piece::Value(name) => values.get(name).cloned(),
        };
        self.text.iter().map(piece).collect()
    }
}

impl Piece {
    fn name(&self) -> Option<&str> {
        match self {
            Self::Text(_) => None,
            Self::Value(name) => Some(name),
        }
    }

    /// Reads a text: `${name}` and `{1}` are places, other braces stand as they are.
    #[must_use]
    pub fn read(text: &str) -> Vec<Self> {
        let (mut pieces, mut plain, mut rest) = (Vec::new(), String::new(), text);
        while let Some(at) = rest.find('{') {
            let (before, from) = rest.split_at(at);
            let inside = from.strip_prefix('{').and_then(|tail| tail.split_once('}'));
            let named = before.strip_suffix('$');
            let is_name =
                |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
            let is_number = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit());
            match (inside, named) {
                (Some((name, after)), Some(before)) if is_name(name) => {
                    plain.push_str(before);
                    pieces.push(Self::Text(core::mem::take(&mut plain)));
                    pieces.push(Self::Value(name.to_owned()));
                    rest = after;
                }
                (Some((name, after)), None) if is_number(name) => {
                    plain.push_str(before);
                    pieces.push(Self::Text(core::mem::take(&mut plain)));
                    pieces.push(Self::Value(name.to_owned()));
                    rest = after;
                }
                (_, _) => {
                    plain.push_str(before);
                    plain.push('{');
                    rest = from.strip_prefix('{').unwrap_or("");
                }
            }
        }
        plain.push_str(rest);
        pieces.push(Self::Text(plain));
        pieces.retain(|piece| *piece != Self::Text(String::new()));
        pieces
    }
}

/// Reads one template.
pub(super) fn read(mut from: Section<'_>) -> Option<Template> {
    let (code, account, text) = (from.text("code"), from.text("account"), from.text("text"));
    if text.as_ref().is_some_and(|text| text.trim_start().starts_with('【')) {
        from.fault("text", "begins with a signature; it comes with the request, leave it out here", "");
    }
    let template = Template {
        code: code.clone().unwrap_or_default(),
        account: account.clone().unwrap_or_default().into(),
        text: Piece::read(text.as_deref().unwrap_or("")),
        signature: from.maybe_text("signature").map(|signature| bare(&signature).to_owned()),
        from: from.maybe_text("from"),
    };
    from.end();
    code.and(account).and(text).map(|_| template)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_and_filled() {
        let check = |text: &str, names: &[&str], values: &[(&str, &str)], expected: Option<&str>| {
            let template = Template {
                code: String::new(),
                account: "".into(),
                text: Piece::read(text),
                signature: None,
                from: None,
            };
            assert_eq!(template.names().into_iter().collect::<Vec<_>>(), names, "{text}");
            let values = values.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
            assert_eq!(template.fill(&values).as_deref(), expected, "{text}");
        };
        check("您的验证码是${code}。", &["code"], &[("code", "1234")], Some("您的验证码是1234。"));
        check("您的验证码是${code}。", &["code"], &[("other", "1234")], None);
        check("{1}先生，{2}点{1}", &["1", "2"], &[("1", "王"), ("2", "9")], Some("王先生，9点王"));
        check("没有", &[], &[("1", "x")], Some("没有"));
        check("", &[], &[], Some(""));
        check("{a} {} ${} ${a-b} {1", &[], &[], Some("{a} {} ${} ${a-b} {1"));
        check("${姓名}您好", &["姓名"], &[("姓名", "${x}{1}")], Some("${x}{1}您好"));
        check("a$${b}{{2}}", &["2", "b"], &[("b", "B"), ("2", "C")], Some("a$B{C}"));
    }
}
