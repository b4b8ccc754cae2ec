//! The only way text gets into a report. Markup is a literal of this crate; everything else is escaped.

use crate::terminal::is_hidden;
use crate::words::Words;

/// A document in the making.
pub(super) struct Html {
    out: String,
}

impl Html {
    pub(super) const fn new() -> Self {
        Self { out: String::new() }
    }

    /// Markup of our own: only literals live so long, so that text from a page cannot come this way.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.out.push_str(markup);
        self
    }

    /// Text from outside, escaped for element content and quoted attributes.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                '\'' => self.out.push_str("&#39;"),
                '\n' => self.out.push('\n'),
                '\t' => self.out.push(' '),
                c if is_hidden(c) => self.out.push_str(&format!("⟨U+{:04X}⟩", u32::from(c))),
                c => self.out.push(c),
            }
        }
        self
    }

    /// Text from a page in a run of its own, so that its direction cannot reorder ours.
    pub(super) fn quote(&mut self, text: &str) -> &mut Self {
        self.raw("<bdi>").text(text).raw("</bdi>")
    }

    /// ` name="value"`.
    pub(super) fn attr(&mut self, name: &'static str, value: &str) -> &mut Self {
        self.raw(" ").raw(name).raw("=\"").text(value).raw("\"")
    }

    /// ` name="1.5"`: a length or a place.
    pub(super) fn at(&mut self, name: &'static str, value: f32) -> &mut Self {
        let text = number(value);
        self.attr(name, &text)
    }

    /// Both languages; the style shows one.
    pub(super) fn say(&mut self, zh: &str, en: &str) -> &mut Self {
        if zh == en {
            return self.quote(zh);
        }
        self.raw("<span class=\"z\" lang=\"zh-CN\">").text(zh).raw("</span>");
        self.raw("<span class=\"e\" lang=\"en\">").text(en).raw("</span>")
    }

    pub(super) fn words(&mut self, words: &Words) -> &mut Self {
        self.say(&words.zh, &words.en)
    }

    /// Both languages within a drawing.
    pub(super) fn label(&mut self, class: &'static str, at: [f32; 2], zh: &str, en: &str) -> &mut Self {
        for (lang, text) in [("z", zh), ("e", en)] {
            self.raw("<text")
                .attr("class", &format!("{class} {lang}"))
                .at("x", at[0])
                .at("y", at[1])
                .raw(">");
            self.text(text).raw("</text>");
        }
        self
    }

    /// ` data-zh="…" data-en="…" aria-label="…"`: the script changes the last with the language.
    pub(super) fn named(&mut self, zh: &str, en: &str) -> &mut Self {
        self.attr("data-zh", zh).attr("data-en", en).attr("aria-label", zh)
    }

    pub(super) fn finish(self) -> String {
        self.out
    }
}

/// To two places, without zeros that say nothing.
pub(super) fn number(value: f32) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Html, number};

    #[test]
    fn nothing_from_outside_is_markup() {
        for (text, html) in [
            ("</script><b>&\"'", "&lt;/script&gt;&lt;b&gt;&amp;&quot;&#39;"),
            ("a\u{202e}b\u{0}c\u{2028}", "a⟨U+202E⟩b⟨U+0000⟩c⟨U+2028⟩"),
            ("回T退订", "回T退订"),
        ] {
            let mut out = Html::new();
            out.text(text);
            assert_eq!(out.finish(), html);
        }
    }

    #[test]
    fn numbers_say_no_more_than_they_know() {
        for (value, text) in [(12.0, "12"), (1.5, "1.5"), (0.0, "0"), (4.456, "4.46"), (100.0, "100")] {
            assert_eq!(number(value), text);
        }
    }
}
