//! A text as it is read: one token a Han character, word, number or link, tricks undone.
//!
//! Reading is one pass over folded characters. Tokens keep their place in the text as given, so that a
//! clause can be shown as it was written. Beside the tokens stands a plain form of the text in which cues
//! are looked for: Han characters as they are, ` word `, `0` for any number, `@` for any link.

use crate::fold::Fold;

/// One token and its place in the text as given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is: a character, one of the ids below, or a word by its hash.
    pub(crate) id: u32,
    /// Byte where it begins in the text as given.
    pub(crate) start: u32,
    /// Byte after its end.
    pub(crate) end: u32,
    /// Byte where it begins in the plain form.
    pub(crate) plain: u32,
}

/// Any number.
pub(crate) const NUMBER: u32 = 0x30;
/// Any link or e-mail address.
pub(crate) const LINK: u32 = 0x40;
/// Set in the id of a word.
const WORD: u32 = 0x8000_0000;

impl Token {
    /// Does it end a clause?
    pub(crate) const fn is_break(self) -> bool {
        matches!(
            self.id,
            0x21 | 0x2c | 0x3f | 0x3b | 0x0a | 0x7e | 0x3001 | 0x3002 | 0x2026 | 0x3010 | 0x3011
        )
    }
}

/// The reading of one text. Buffers are reused.
#[derive(Debug, Default)]
pub(crate) struct Normal {
    /// Tokens in order.
    pub(crate) tokens: Vec<Token>,
    /// The plain form.
    pub(crate) plain: String,
    /// Folded characters with the byte where each stood.
    folded: Vec<(char, u32)>,
    /// Lower-case word under way.
    word: String,
    /// Tokens since the last clause end or separator: Han characters only.
    han_run: u32,
}

/// Is it a Han character?
pub(crate) const fn is_han(c: char) -> bool {
    matches!(c as u32, 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff)
}

impl Normal {
    /// Reads a text.
    pub(crate) fn read(&mut self, text: &str) {
        self.fold(text);
        self.cut(text.len());
    }

    /// Reads a text without the folded characters that stand at `apart`, which is sorted.
    pub(crate) fn read_without(&mut self, text: &str, apart: &[usize]) {
        self.fold(text);
        let (mut apart, mut at) = (apart.iter().peekable(), 0);
        self.folded.retain(|_| {
            at += 1;
            apart.next_if(|&&left| left + 1 == at).is_none()
        });
        self.cut(text.len());
    }

    /// The folded characters of the text read, each with the byte where it stood.
    pub(crate) fn folded(&self) -> &[(char, u32)] {
        self.folded.split_last().map_or(&[], |(_, folded)| folded)
    }

    fn fold(&mut self, text: &str) {
        self.folded.clear();
        let fold = Fold::shared();
        for (at, c) in text.char_indices() {
            if let Some(read) = fold.read(c) {
                self.folded.push((read, at as u32));
            }
        }
    }

    /// Cuts what was folded of a text of this length in bytes into tokens.
    fn cut(&mut self, length: usize) {
        self.tokens.clear();
        self.plain.clear();
        self.han_run = 0;
        let fold = Fold::shared();
        self.folded.push(('\n', length as u32));
        let mut i = 0;
        while i + 1 < self.folded.len() {
            i = self.step(fold, i);
        }
    }

    fn at(&self, i: usize) -> char {
        self.folded.get(i).map_or('\n', |&(c, _)| c)
    }

    fn byte(&self, i: usize) -> u32 {
        self.folded.get(i).or(self.folded.last()).map_or(0, |&(_, at)| at)
    }

    /// Reads what begins at folded character `i`; answers where the next begins.
    fn step(&mut self, fold: &Fold, i: usize) -> usize {
        let c = self.at(i);
        if is_radical(c)
            && let Some(whole) = fold.whole(c, self.at(i + 1))
        {
            return self.push_han(whole, i, i + 2);
        }
        if is_han(c) {
            return self.han(c, i);
        }
        if c.is_ascii_alphanumeric() || (c == '<' && self.at(i + 1).is_ascii_graphic()) {
            return self.run(i);
        }
        match c {
            ' ' | '\t' | '.' | '*' | '_' | '-' | '/' | '·' | '^' | '|' | '`' | '\'' | '"' | '(' | ')'
            | '[' | ']' | '{' | '}' | '<' | '>' | ':' | '+' | '=' | '\\' | '&' | '#' | '@' | '%' | '$' => {
                self.separator(c, i)
            }
            '\r' => i + 1,
            '!' | ',' | '?' | ';' | '\n' | '~' | '、' | '。' | '…' | '【' | '】' => {
                self.end_clause(c, i)
            }
            _ => self.push(c as u32, i, i + 1, c),
        }
    }

    fn push(&mut self, id: u32, from: usize, to: usize, plain: char) -> usize {
        self.han_run = 0;
        self.tokens.push(Token {
            id,
            start: self.byte(from),
            end: self.byte(to),
            plain: self.plain.len() as u32,
        });
        self.plain.push(plain);
        to
    }

    fn push_han(&mut self, c: char, from: usize, to: usize) -> usize {
        let run = self.han_run + 1;
        self.push(c as u32, from, to, c);
        self.han_run = run;
        to
    }

    /// A Han character, with the few that do not stand for themselves.
    fn han(&mut self, c: char, i: usize) -> usize {
        match c {
            // A masked name (某某某) says no more than a name left out.
            '某' if self.at(i + 1) == '某' => {
                (i..self.folded.len()).find(|&j| self.at(j) != '某').unwrap_or(i + 1)
            }
            '扣' if self.at(i + 1) == '扣' => self.push_word("qq", i, i + 2),
            _ if is_numeral(c) => {
                let end = (i..self.folded.len()).find(|&j| !is_numeral(self.at(j))).unwrap_or(i + 1);
                // Five numerals on end are a number spelt out to be missed, not a way to count.
                if end - i >= 5 { self.push(NUMBER, i, end, '0') } else { self.push_han(c, i, i + 1) }
            }
            _ => self.push_han(c, i, i + 1),
        }
    }

    /// A separator is not read; between words of Latin letters it is what keeps them apart.
    fn separator(&mut self, c: char, i: usize) -> usize {
        if c == '%' {
            return self.push(c as u32, i, i + 1, c);
        }
        // A full stop or colon after Latin text ends a clause there.
        if c == '.' && matches!(self.at(i + 1), ' ' | '\n') && !self.plain.is_empty() {
            return self.end_clause('。', i);
        }
        i + 1
    }

    fn end_clause(&mut self, c: char, i: usize) -> usize {
        // 优，惠，活，动: one character between marks is a trick, not a clause.
        if self.han_run == 1
            && is_han(self.at(i + 1))
            && !is_han(self.at(i + 2))
            && matches!(c, ',' | '、' | '~')
        {
            return i + 1;
        }
        let mut end = i + 1;
        while self.at(end) == c && end + 1 < self.folded.len() {
            end += 1;
        }
        self.push(c as u32, i, end, '\n')
    }

    /// A run that begins with a letter or digit of ASCII: link, number or word.
    fn run(&mut self, i: usize) -> usize {
        if self.at(i) == '<' {
            // <#>, <DECIMAL> and the like stand for a number.
            let close = (i + 1..(i + 12).min(self.folded.len())).find(|&j| self.at(j) == '>');
            return close.map_or(i + 1, |j| self.push(NUMBER, i, j + 1, '0'));
        }
        if let Some(end) = self.link_end(i) {
            return self.push(LINK, i, end, '@');
        }
        if let Some(end) = self.number_end(i) {
            return self.push(NUMBER, i, end, '0');
        }
        self.word_at(i)
    }

    /// Where a link that begins here ends.
    fn link_end(&mut self, i: usize) -> Option<usize> {
        let mut end = i;
        let (mut dot, mut slashes, mut at) = (None, false, false);
        while is_link_char(self.at(end)) {
            match self.at(end) {
                '.' if dot.is_none_or(|d: usize| d < end) => dot = Some(end),
                ':' if self.at(end + 1) == '/' && self.at(end + 2) == '/' => slashes = true,
                '@' => at = true,
                _ => {}
            }
            end += 1;
        }
        if slashes {
            return Some(end);
        }
        // A placeholder: URL, URLabc.
        if self.at(i) == 'U'
            && self.at(i + 1) == 'R'
            && self.at(i + 2) == 'L'
            && !self.at(i + 3).is_ascii_uppercase()
        {
            return Some(end);
        }
        dot?;
        let known = (i..end).any(|j| self.at(j) == '.' && self.is_top_level(j + 1));
        (known || (at && dot.is_some())).then_some(end)
    }

    fn is_top_level(&mut self, i: usize) -> bool {
        self.word.clear();
        for j in i..i + 7 {
            let c = self.at(j);
            if !c.is_ascii_alphabetic() {
                break;
            }
            self.word.push(c.to_ascii_lowercase());
        }
        TOP_LEVELS.contains(&self.word.as_str())
    }

    /// Where a number that begins here ends: digits, masks (x-runs), and the marks inside numbers.
    fn number_end(&self, i: usize) -> Option<usize> {
        let first = self.at(i);
        if !first.is_ascii_digit() && !self.mask_begins(i) {
            return None;
        }
        let mut end = i;
        loop {
            let (c, next) = (self.at(end), self.at(end + 1));
            let inside = match c {
                '0'..='9' | '*' => true,
                'x' | 'X' => !next.is_ascii_alphabetic() || matches!(next, 'x' | 'X'),
                // 1OO元, l38: letters that pass for digits.
                'o' | 'O' | 'l' | 'I' => {
                    end > i && (next.is_ascii_digit() || matches!(next, 'o' | 'O' | '元' | '万' | '%'))
                }
                '.' | ',' | ':' | '-' | '/' => next.is_ascii_digit() || matches!(next, 'x' | 'X'),
                _ => false,
            };
            if !inside {
                return Some(end);
            }
            end += 1;
        }
    }

    /// x, xx, xxx…, as masks leave them.
    fn mask_begins(&self, i: usize) -> bool {
        if !matches!(self.at(i), 'x' | 'X') {
            return false;
        }
        let end = (i..self.folded.len()).find(|&j| !matches!(self.at(j), 'x' | 'X')).unwrap_or(i);
        !self.at(end).is_ascii_alphabetic()
    }

    fn word_at(&mut self, i: usize) -> usize {
        let (mut end, mut capitals, mut last, mut same) = (i, true, '\0', 0);
        self.word.clear();
        while self.at(end).is_ascii_alphabetic()
            || (self.at(end) == '\'' && self.at(end + 1).is_ascii_alphabetic())
        {
            let c = self.at(end);
            end += 1;
            if c == '\'' {
                continue;
            }
            capitals &= c.is_ascii_uppercase();
            let lower = c.to_ascii_lowercase();
            same = if lower == last { same + 1 } else { 0 };
            last = lower;
            if same < 2 {
                self.word.push(lower);
            }
        }
        if end == i {
            return i + 1;
        }
        let word = core::mem::take(&mut self.word);
        let next = if capitals { self.placeholder(&word, i, end) } else { None };
        let next = next.unwrap_or_else(|| self.known_word(&word, i, end));
        self.word = word;
        next
    }

    /// Tokens that stand for something removed from the text.
    fn placeholder(&mut self, word: &str, i: usize, end: usize) -> Option<usize> {
        match word {
            "name" | "place" => Some(end),
            "digit" | "cellphone" | "phone" | "hotline" | "bank" | "cellphonephone" => {
                Some(self.push(NUMBER, i, end, '0'))
            }
            "wechat" => Some(self.push_wechat(i, end)),
            _ => None,
        }
    }

    fn push_wechat(&mut self, i: usize, end: usize) -> usize {
        self.push_han('微', i, end);
        self.push_han('信', i, end)
    }

    /// A word, or what stands for 微信 where an account is offered.
    fn known_word(&mut self, word: &str, i: usize, end: usize) -> usize {
        let before = self.tokens.last().map_or(0, |t| t.id);
        let after = self.at(end);
        let joins = before == '加' as u32 || self.plain.ends_with('十');
        match word {
            "vx" | "wx" | "weixin" | "wechat" | "vxin" => self.push_wechat(i, end),
            "v" | "w" if after == '信' => self.push_han('微', i, end),
            "v" | "w" if after == '芯' => self.push_han('微', i, end),
            "v" | "w" | "vv" if joins || after == '号' => self.push_wechat(i, end),
            _ => self.push_word(word, i, end),
        }
    }

    fn push_word(&mut self, word: &str, from: usize, to: usize) -> usize {
        let mut hash = 0x811c_9dc5_u32;
        for byte in word.bytes() {
            hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
        self.push(WORD | hash, from, to, ' ');
        self.plain.push_str(word);
        self.plain.push(' ');
        to
    }
}

const fn is_radical(c: char) -> bool {
    matches!(
        c,
        '氵' | '亻'
            | '扌'
            | '讠'
            | '钅'
            | '忄'
            | '纟'
            | '礻'
            | '贝'
            | '饣'
            | '犭'
            | '阝'
            | '彳'
            | '亠'
            | '艹'
            | '辶'
            | '宀'
            | '冫'
    )
}

const fn is_numeral(c: char) -> bool {
    matches!(
        c,
        '零' | '〇'
            | '一'
            | '二'
            | '三'
            | '四'
            | '五'
            | '六'
            | '七'
            | '八'
            | '九'
            | '壹'
            | '贰'
            | '叁'
            | '肆'
            | '伍'
            | '陆'
            | '柒'
            | '捌'
            | '玖'
            | '幺'
    )
}

const fn is_link_char(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '.' | '/' | ':' | '-' | '_' | '?' | '=' | '&' | '%' | '#' | '@' | '+' | '~')
}

/// Ends of host names that make a dotted word a link.
const TOP_LEVELS: [&str; 44] = [
    "com", "cn", "net", "org", "cc", "me", "co", "io", "top", "vip", "xyz", "info", "hk", "tv", "uk", "in",
    "ly", "gl", "club", "shop", "wang", "site", "online", "mobi", "gov", "edu", "tk", "us", "im", "so", "la",
    "ltd", "fun", "app", "biz", "ru", "jp", "link", "asia", "pw", "gd", "ink", "win", "ac",
];
