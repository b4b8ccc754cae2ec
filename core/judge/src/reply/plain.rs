//! A reply in the form in which wordings are looked for: Han characters as they are, `<word>`, nothing else.

use crate::fold::Fold;
use crate::normal::is_han;

/// A reply, clause by clause.
#[derive(Debug, Default)]
pub(super) struct Plain {
    pub(super) clauses: Vec<Clause>,
    /// Characters and words.
    pub(super) length: usize,
    /// A sender's name in brackets, 【…】, begins or ends a text that is more than that.
    pub(super) quoted: bool,
    /// Line of the last clause.
    pub(super) last_line: usize,
}

/// What stands between two marks.
#[derive(Debug, Default)]
pub(super) struct Clause {
    pub(super) plain: String,
    /// A question mark ends it.
    pub(super) asked: bool,
    /// Line it stands on, from 0.
    pub(super) line: usize,
}

impl Plain {
    pub(super) fn of(text: &str) -> Self {
        let mut plain = Self::default();
        let mut open = Open::default();
        let mut line = 0;
        for c in text.chars().take(READ_MAX) {
            let Some(c) = Fold::shared().read(c) else { continue };
            let c = twin(c).to_ascii_lowercase();
            if c.is_ascii_alphanumeric() {
                open.letter(c);
                continue;
            }
            // don't, T'D: an apostrophe is no end of a word.
            if c == '\'' {
                continue;
            }
            open.end_word();
            if ENDS.contains(&c) {
                plain.end_clause(&mut open, c == '?', line);
                line += usize::from(c == '\n');
            } else if is_han(c) || c.is_alphanumeric() {
                open.character(c);
            }
        }
        open.end_word();
        plain.end_clause(&mut open, false, line);
        plain.quoted = is_quoted(text);
        plain.last_line = plain.clauses.last().map_or(0, |clause| clause.line);
        plain
    }

    /// Clauses as one.
    pub(super) fn join<'c>(clauses: impl Iterator<Item = &'c Clause>) -> String {
        let joined: String = clauses.map(|clause| clause.plain.as_str()).collect();
        spelt(&joined)
    }

    fn end_clause(&mut self, open: &mut Open, asked: bool, line: usize) {
        if open.tokens == 0 {
            // "退订 ？" and "退订。？" ask as well.
            if let Some(last) = self.clauses.last_mut().filter(|_| asked) {
                last.asked = true;
            }
            return;
        }
        self.length += core::mem::take(&mut open.tokens);
        self.clauses.push(Clause { plain: spelt(&open.plain), asked, line });
        open.plain.clear();
    }
}

/// A clause that has not ended.
#[derive(Default)]
struct Open {
    plain: String,
    /// Characters and words in it.
    tokens: usize,
    /// Within a word.
    inside: bool,
}

impl Open {
    /// A letter or digit of a word.
    fn letter(&mut self, c: char) {
        if !self.inside {
            self.plain.push('<');
            self.tokens += 1;
        }
        self.inside = true;
        self.plain.push(c);
    }

    fn end_word(&mut self) {
        if core::mem::take(&mut self.inside) {
            self.plain.push('>');
        }
    }

    /// A character that stands for itself.
    fn character(&mut self, c: char) {
        self.plain.push(c);
        self.tokens += 1;
    }
}

/// Letters that stand alone side by side are a word spelt out: `<t><d>` is `<td>`.
pub(super) fn spelt(plain: &str) -> String {
    let mut out = String::with_capacity(plain.len());
    let mut single = false;
    for token in tokens(plain) {
        let is_single = token.len() == 3 && token.starts_with('<');
        if is_single && single {
            out.pop();
            out.push_str(token.get(1..).unwrap_or(""));
        } else {
            out.push_str(token);
        }
        single = is_single;
    }
    out
}

/// Characters and `<word>`s one by one.
pub(super) fn tokens(plain: &str) -> impl Iterator<Item = &str> {
    let mut rest = plain;
    core::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let length =
            if first == '<' { rest.find('>').map_or(rest.len(), |at| at + 1) } else { first.len_utf8() };
        let (token, after) = rest.split_at_checked(length)?;
        rest = after;
        Some(token)
    })
}

/// 【name】 at either end, with more beside it than a keyword needs.
fn is_quoted(text: &str) -> bool {
    let text = text.trim();
    let front = text.strip_prefix('【').and_then(|rest| rest.split_once('】')).map(|(_, rest)| rest);
    let back = text.strip_suffix('】').and_then(|rest| rest.rsplit_once('【')).map(|(rest, _)| rest);
    front.or(back).is_some_and(|rest| rest.chars().count() > QUOTED_MIN)
}

/// Twins of Latin letters and traditional forms, beyond those that every text is read with. They stand apart because
/// the table of variants is part of what names a judge.
const fn twin(c: char) -> char {
    match c {
        'А' | 'Α' | 'ᴀ' | 'ꓮ' | 'Ⲁ' | 'ⲁ' | 'ᴬ' => 'a',
        'В' | 'в' | 'Β' | 'ꓐ' | 'Ⲃ' | 'ⲃ' => 'b',
        'С' | 'Ϲ' | 'ϲ' | 'ᴄ' | 'ꓚ' | 'Ⲥ' | 'ⲥ' => 'c',
        'Д' | 'д' | 'Δ' | 'δ' | 'ꓓ' | 'Ⲇ' | 'ⲇ' | 'ᴰ' | 'ᴅ' | 'Ď' | 'ď' | 'Ԁ' | 'ԁ' | 'Ꭰ' | 'Đ' | 'đ' => {
            'd'
        }
        'ꓰ' | 'Ⲉ' | 'ⲉ' | 'Е' | 'ε' | 'ᴇ' | 'É' | 'é' | 'È' | 'è' => 'e',
        'Н' | 'н' | 'Η' | 'ꓧ' | 'Ⲏ' | 'ⲏ' => 'h',
        'І' | 'і' | 'Ι' | 'ι' | 'ꓲ' | 'Ⲓ' | 'ⲓ' => 'i',
        'К' | 'к' | 'Κ' | 'κ' | 'ꓗ' | 'Ⲕ' | 'ⲕ' => 'k',
        'М' | 'м' | 'Μ' | 'ꓟ' | 'Ⲙ' | 'ⲙ' => 'm',
        'ꓠ' | 'Ⲛ' | 'ⲛ' | 'ᴺ' | 'И' | 'и' | 'Ν' | 'ɴ' | 'Ň' | 'ň' | 'Ń' | 'ń' | 'Ñ' | 'ñ' | 'ℕ' | 'η'
        | 'П' | 'п' => 'n',
        'ꓳ' | 'Ⲟ' | 'ⲟ' | 'О' | 'ᴏ' | 'Ó' | 'ó' => 'o',
        'Р' | 'ρ' | 'ᴘ' | 'ꓑ' | 'Ⲣ' | 'ⲣ' => 'p',
        'Ԛ' | 'ԛ' | 'ℚ' => 'q',
        'ꓣ' | 'ᴿ' | 'Я' | 'я' | 'ʀ' | 'Ŕ' | 'ŕ' | 'Ř' | 'ř' | 'ℝ' | 'Ꭱ' | 'Ʀ' => 'r',
        'ꓢ' | 'Ѕ' | 'ѕ' | 'ꜱ' | 'Ꮪ' | 'Š' | 'š' => 's',
        'ꓔ' | 'Ⲧ' | 'ⲧ' | 'ᵀ' | 'Т' | 'т' | 'Τ' | 'τ' | 'ᴛ' | 'Ꭲ' | 'Ť' | 'ť' | 'Ţ' | 'ţ' | 'Ț' | 'ț'
        | '丅' | 'ㄒ' | 'Ŧ' | 'ŧ' => 't',
        'ꓴ' | 'Υ' | 'υ' | 'ᴜ' | 'Ü' | 'ü' => 'u',
        'У' | 'у' | 'ꓬ' | 'Ⲩ' | 'ⲩ' => 'y',
        'Х' | 'χ' | 'ꓫ' | 'Ⲭ' | 'ⲭ' => 'x',
        '煩' => '烦',
        '騷' => '骚',
        '麽' => '么',
        '闆' => '板',
        _ => c,
    }
}

/// Marks that end a clause.
const ENDS: [char; 15] = ['\n', ',', '.', '!', '?', ';', ':', '~', '、', '。', '…', '\r', '【', '】', '|'];
/// Characters of a reply that are read: ten segments hold fewer.
const READ_MAX: usize = 1_000;
/// A name in brackets with no more than this beside it is no quotation: 【退订】, 【某商城】退订.
const QUOTED_MIN: usize = 8;
