//! The only way text gets into a page. Markup is a literal of this crate; everything else is escaped.

use crate::summary::words::Phrase;
use crate::summary::{Lang, Words};

/// An HTML document in the making.
pub(super) struct Page {
    out: String,
}

impl Page {
    pub(super) const fn new() -> Self {
        Self { out: String::new() }
    }

    /// Markup of our own: only literals have this lifetime, so input text cannot come this way.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.out.push_str(markup);
        self
    }

    /// Text from outside, escaped for element content and quoted attributes.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        escape(text, &mut self.out);
        self
    }

    /// Text from outside in an isolated run, so that its direction cannot reorder ours.
    pub(super) fn quote(&mut self, text: &str) -> &mut Self {
        self.raw("<bdi>").text(text).raw("</bdi>")
    }

    /// ` name="value"`.
    pub(super) fn attr(&mut self, name: &'static str, value: &str) -> &mut Self {
        self.raw(" ").raw(name).raw("=\"").text(value).raw("\"")
    }

    /// ` data-zh="…" data-en="…"` for what the script puts into `name` when the language changes.
    pub(super) fn label(&mut self, phrase: Phrase) -> &mut Self {
        self.attr("data-zh", phrase.zh).attr("data-en", phrase.en).attr("aria-label", phrase.zh)
    }

    /// Both languages; the style shows one.
    pub(super) fn say(&mut self, phrase: Phrase) -> &mut Self {
        self.both(phrase.zh, phrase.en)
    }

    /// Both languages of words from the summary.
    pub(super) fn words(&mut self, words: &Words) -> &mut Self {
        self.both(&words.zh, &words.en)
    }

    /// Both languages with `{}` replaced in turn.
    pub(super) fn fill(&mut self, phrase: Phrase, values: &[&str]) -> &mut Self {
        let (zh, en) = (fill(phrase.zh, values), fill(phrase.en, values));
        self.both(&zh, &en)
    }

    fn both(&mut self, zh: &str, en: &str) -> &mut Self {
        if zh == en {
            return self.text(zh);
        }
        self.raw("<span class=\"z\" lang=\"zh-CN\">").text(zh).raw("</span>");
        self.raw("<span class=\"e\" lang=\"en\">").text(en).raw("</span>")
    }

    /// A whole number with its thousands apart.
    pub(super) fn count(&mut self, n: u64) -> &mut Self {
        let text = count(n);
        self.text(&text)
    }

    /// A number for a coordinate, to a tenth.
    pub(super) fn at(&mut self, name: &'static str, value: f64) -> &mut Self {
        let text = tenth(value);
        self.attr(name, &text)
    }

    /// A length as a share of the whole, in per cent.
    pub(super) fn per_cent(&mut self, name: &'static str, part: u64, whole: u64) -> &mut Self {
        let text = format!("{}%", tenth(share(part, whole) * 100.0));
        self.attr(name, &text)
    }

    pub(super) fn finish(self) -> String {
        self.out
    }
}

/// Escapes for element content, quoted attributes and JSON inside a data block alike; control and
/// direction characters are shown, never obeyed.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push('\n'),
            '\t' => out.push(' '),
            c if hidden(c) => out.push_str(&format!("⟨U+{:04X}⟩", u32::from(c))),
            c => out.push(c),
        }
    }
}

/// Characters that a reader cannot see or that reorder the text around them.
const fn hidden(c: char) -> bool {
    matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// `{}` replaced in turn.
pub(super) fn fill(template: &str, values: &[&str]) -> String {
    let mut out = String::new();
    let mut parts = template.split("{}");
    out.push_str(parts.next().unwrap_or_default());
    for (part, value) in parts.zip(values.iter().copied().chain(std::iter::repeat(""))) {
        out.push_str(value);
        out.push_str(part);
    }
    out
}

/// `1,234,567`.
pub(crate) fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Part of a whole, 0 when there is none.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { approx(part) / approx(whole) }
}

/// `12.3%`; small parts that are not zero do not read as zero, nor large ones as all.
pub(crate) fn per_cent(part: u64, whole: u64) -> String {
    let value = share(part, whole) * 100.0;
    match (part, whole) {
        (_, 0) => "–".to_owned(),
        (0, _) => "0%".to_owned(),
        (p, w) if p == w => "100%".to_owned(),
        _ if value < 0.1 => "<0.1%".to_owned(),
        _ if value > 99.9 => ">99.9%".to_owned(),
        _ => format!("{value:.1}%"),
    }
}

fn tenth(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// For lengths on paper only.
#[expect(clippy::cast_precision_loss, reason = "a length to a tenth of a unit needs no 53 bits")]
pub(super) const fn approx(n: u64) -> f64 {
    n as f64
}

/// Yuan from fen, for people: `29,800 元`, `CNY 29,800`.
pub(super) fn yuan(fen: i64, lang: Lang) -> String {
    let sum = anning_vocab::Fen(fen);
    match lang {
        Lang::Zh => format!("{sum} 元"),
        Lang::En => format!("CNY {sum}"),
    }
}

/// Yuan in both languages.
pub(super) fn money(fen: i64) -> Words {
    Words::new(yuan(fen, Lang::Zh), yuan(fen, Lang::En))
}

#[cfg(test)]
mod tests {
    use super::{Page, count, fill, per_cent};

    #[test]
    fn nothing_from_outside_is_markup() {
        let check = |text: &str, html: &str| {
            let mut page = Page::new();
            page.text(text);
            assert_eq!(page.finish(), html);
        };
        check("</script><b>&\"'", "&lt;/script&gt;&lt;b&gt;&amp;&quot;&#39;");
        check("a\u{202e}b\u{0}c\u{2028}", "a⟨U+202E⟩b⟨U+0000⟩c⟨U+2028⟩");
        check("回T退订", "回T退订");
    }

    #[test]
    fn numbers_for_people() {
        assert_eq!(count(0), "0");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(per_cent(1, 100_000), "<0.1%");
        assert_eq!(per_cent(0, 10), "0%");
        assert_eq!(per_cent(99_999, 100_000), ">99.9%");
        assert_eq!(per_cent(1, 0), "–");
        assert_eq!(per_cent(1, 3), "33.3%");
    }

    #[test]
    fn templates_take_values_in_turn() {
        assert_eq!(fill("a {} b {}", &["1", "2"]), "a 1 b 2");
        assert_eq!(fill("{}", &[]), "");
    }
}
