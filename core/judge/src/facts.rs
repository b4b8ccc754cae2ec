//! What the text shows by itself: who sends it, how to reach them, how to refuse, a label, a code.

use anning_vocab::{Known, TextFacts};

use crate::cue::Side;
use crate::fold::Fold;
use crate::normal::{LINK, NUMBER, Normal, is_han};
use crate::reading::Met;

/// What was seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) signature: bool,
    pub(crate) name: bool,
    pub(crate) phone: bool,
    pub(crate) link: bool,
    pub(crate) contact: bool,
    pub(crate) refusal: bool,
    pub(crate) label: bool,
    pub(crate) code: bool,
    /// Latin letters prevail.
    pub(crate) latin: bool,
}

impl Seen {
    /// As facts of the message.
    pub(crate) const fn facts(self) -> TextFacts {
        TextFacts {
            // A name among other words cannot be told from them: what is not signed is not shown to be unnamed.
            identity: if self.signature || self.name { Known::Yes } else { Known::Unknown },
            contact: Known::from_option(Some(self.phone || self.link || self.contact)),
            refusal: Known::from_option(Some(self.refusal)),
            ad_label: Known::from_option(Some(self.label)),
            code: Known::from_option(Some(self.code)),
        }
    }
}

/// Scans a text that has been read and whose cues were met.
pub(crate) fn scan(text: &str, normal: &Normal, met: &[Met]) -> Seen {
    let mut seen = Seen { signature: signed(text), label: labelled(text), ..Seen::default() };
    let mut latin = 0_usize;
    for token in &normal.tokens {
        let length = token.end.saturating_sub(token.start) as usize;
        seen.link |= token.id == LINK;
        // 7 digits and more reach somebody; shorter numbers are sums, dates and codes.
        seen.phone |= token.id == NUMBER && is_phone(text, token.start as usize, length);
        latin += usize::from(token.id > 0x10_ffff);
    }
    seen.latin = latin * 2 > normal.tokens.len();
    let number_named = normal.tokens.iter().any(|t| t.id == NUMBER || t.id > 0x10_ffff);
    for m in met {
        match m.cue.side {
            Side::Refusal => seen.refusal = true,
            Side::Name => seen.name = true,
            Side::Contact => seen.contact |= number_named,
            Side::Code => seen.code = seen.code || code_near(text, normal, m.at),
            Side::Offer | Side::Notice | Side::Private | Side::Nothing => {}
        }
    }
    seen
}

fn is_phone(text: &str, start: usize, length: usize) -> bool {
    let Some(number) = text.get(start..start + length) else { return false };
    (7..=40).contains(&length)
        && number.chars().filter(|c| !matches!(c, '-' | ' ')).count() >= 7
        && !number.contains(['.', ':', ',', '/'])
}

/// Tokens before and after the words that name a code among which the code itself may stand.
const CODE_BEFORE: usize = 9;
const CODE_AFTER: usize = 16;

/// Is there, near token `at` where a code is named, what may be the code?
fn code_near(text: &str, normal: &Normal, at: usize) -> bool {
    let near = at.saturating_sub(CODE_BEFORE)..(at + CODE_AFTER).min(normal.tokens.len());
    let near = normal.tokens.get(near).unwrap_or_default();
    let (Some(first), Some(last)) = (near.first(), near.last()) else { return false };
    let (start, end) = (first.start as usize, last.end as usize);
    let Some(window) = text.get(start..end) else { return false };
    // A masked code counts: DIGIT, <#>, a run of x.
    window.contains("DIGIT") || window.contains("<#>") || has_code(window)
}

/// Is there a run of 4 to 8 letters and digits, with a digit or all masked, that is no telephone number or year?
fn has_code(window: &str) -> bool {
    let folded = |c: char| Fold::shared().read(c).unwrap_or(' ');
    let (mut run, mut digits, mut masks) = (0, 0, 0);
    let mut before = [' '; 2];
    let mut chars = window.chars().map(folded).chain([' ']).peekable();
    while let Some(c) = chars.next() {
        if c.is_ascii_alphanumeric() {
            run += 1;
            digits += usize::from(c.is_ascii_digit());
            masks += usize::from(matches!(c, 'x' | 'X'));
            continue;
        }
        let dialled = before.iter().any(|c| "电拨打致线询服热".contains(*c));
        let inside = c == '-' && chars.peek().is_some_and(char::is_ascii_digit);
        if (4..=8).contains(&run) && (digits > 0 || masks == run) && c != '年' && !dialled && !inside {
            return true;
        }
        (run, digits, masks) = (0, 0, 0);
        before = [before[1], c];
    }
    false
}

/// 【…】 or […] with at least one letter or Han character, at either end of the text.
fn signed(text: &str) -> bool {
    let text = text.trim();
    let pairs = [('【', '】'), ('[', ']'), ('［', '］'), ('〔', '〕'), ('「', '」')];
    pairs.iter().any(|&(open, close)| {
        let named = |inside: &str| {
            let length = inside.chars().count();
            (1..=24).contains(&length) && inside.chars().any(|c| c.is_alphabetic() || is_han(c))
        };
        let front = text.strip_prefix(open).and_then(|rest| rest.split_once(close));
        let back = text.strip_suffix(close).and_then(|rest| rest.rsplit_once(open));
        front.is_some_and(|(inside, _)| named(inside)) || back.is_some_and(|(_, inside)| named(inside))
    })
}

/// 广告 or AD as the first characters (a bracket before them does not hide them).
fn labelled(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || "【[(（［<《".contains(c));
    let english = text.strip_prefix("AD").or_else(|| text.strip_prefix("ＡＤ"));
    text.starts_with("广告")
        || text.starts_with("廣告")
        || english.is_some_and(|r| !r.starts_with(char::is_alphabetic))
}
