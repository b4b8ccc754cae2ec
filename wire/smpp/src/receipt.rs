//! The text of a delivery receipt: Appendix B of SMPP 3.4 as servers really write it, and as we write it.

use anning_link::{Report, ReportState};

/// What the text of a receipt says; each as written, empty where the key is missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// `id`.
    pub id: Vec<u8>,
    /// `submit date`.
    pub submitted: Vec<u8>,
    /// `done date`.
    pub done: Vec<u8>,
    /// `stat`.
    pub stat: Vec<u8>,
    /// `err`.
    pub err: Vec<u8>,
    /// `text`: the message's beginning.
    pub text: Vec<u8>,
}

impl Receipt {
    /// Reads a text. Keys may be missing, in any order and case; a text without any key is all empty.
    #[must_use]
    pub fn parse(text: &[u8]) -> Self {
        // The message's own beginning comes last and may hold anything, keys included.
        let end = find(text, b"text:").unwrap_or(text.len());
        let (head, message) = text.split_at_checked(end).unwrap_or((text, &[]));
        let value = |key: &[u8]| -> Vec<u8> {
            let Some(at) = find(head, key) else { return Vec::new() };
            let rest = head.get(at + key.len()..).unwrap_or(&[]);
            rest.split(|b| *b == b' ').next().unwrap_or(&[]).to_vec()
        };
        Self {
            id: value(b"id:"),
            submitted: value(b"submit date:"),
            done: value(b"done date:"),
            stat: value(b"stat:"),
            err: value(b"err:"),
            text: message.get(b"text:".len()..).unwrap_or(&[]).to_vec(),
        }
    }

    /// Is it a receipt's text at all?
    #[must_use]
    pub fn says_anything(&self) -> bool {
        !self.id.is_empty() || !self.stat.is_empty()
    }
}

/// Where a key begins: at the text's beginning or after a space, in any case.
fn find(text: &[u8], key: &[u8]) -> Option<usize> {
    let boundary =
        |at: usize| at.checked_sub(1).and_then(|before| text.get(before)).is_none_or(|b| *b == b' ');
    text.windows(key.len())
        .enumerate()
        .find(|(at, w)| w.eq_ignore_ascii_case(key) && boundary(*at))
        .map(|(at, _)| at)
}

/// The text that tells a report, in the layout that senders' parsers expect. `word` is [`word_of`] its state; dates that
/// are none become zeros, because parsers want ten digits there.
#[must_use]
pub fn write(report: &Report) -> Vec<u8> {
    let delivered = if report.state == ReportState::Delivered { "001" } else { "000" };
    let mut text = [b"id:".as_slice(), report.id.0.as_slice()].concat();
    text.extend_from_slice(format!(" sub:001 dlvrd:{delivered} submit date:").as_bytes());
    text.extend_from_slice(&date(&report.submitted));
    text.extend_from_slice(b" done date:");
    text.extend_from_slice(&date(&report.done));
    text.extend_from_slice(format!(" stat:{} err:", word(report)).as_bytes());
    text.extend_from_slice(if report.error.is_empty() { b"000" } else { &report.error });
    text.extend_from_slice(b" text:");
    text.extend_from_slice(report.text.get(..TEXT_MOST).unwrap_or(&report.text));
    text
}

/// The protocol's word: the carrier's own where it is one of the protocol's, else that of the state. Senders' parsers
/// know these alone.
#[must_use]
pub fn word(report: &Report) -> &'static str {
    WORDS
        .iter()
        .find(|(_, word, _)| word.as_bytes() == report.word.as_slice())
        .map_or_else(|| word_of(report.state), |(_, word, _)| *word)
}

/// The protocol's word for a state.
#[must_use]
pub const fn word_of(state: ReportState) -> &'static str {
    match state {
        ReportState::Underway => "ENROUTE",
        ReportState::Delivered => "DELIVRD",
        ReportState::Expired => "EXPIRED",
        ReportState::Deleted => "DELETED",
        ReportState::Undeliverable | ReportState::Failed => "UNDELIV",
        ReportState::Accepted => "ACCEPTD",
        ReportState::Unknown => "UNKNOWN",
        ReportState::Rejected => "REJECTD",
    }
}

/// The number of a state (message_state).
#[must_use]
pub const fn number_of(state: ReportState) -> u8 {
    match state {
        ReportState::Underway => 1,
        ReportState::Delivered => 2,
        ReportState::Expired => 3,
        ReportState::Deleted => 4,
        ReportState::Undeliverable | ReportState::Failed => 5,
        ReportState::Accepted => 6,
        ReportState::Unknown => 7,
        ReportState::Rejected => 8,
    }
}

/// The state of a number; none for those that the protocol leaves open.
#[must_use]
pub fn state_of_number(number: u8) -> Option<ReportState> {
    WORDS.iter().find(|(known, ..)| *known == number).map(|(.., state)| *state)
}

/// The state of a word, in any case; a word of the carrier's own tells a failure, no word tells nothing.
#[must_use]
pub fn state_of_word(word: &[u8]) -> ReportState {
    let known = WORDS.iter().find(|(_, known, _)| known.as_bytes().eq_ignore_ascii_case(word));
    let unknown = if word.is_empty() { ReportState::Unknown } else { ReportState::Failed };
    known.map_or(unknown, |(.., state)| *state)
}

/// Is it one of the protocol's words?
#[must_use]
pub fn is_word(word: &[u8]) -> bool {
    WORDS.iter().any(|(_, known, _)| known.as_bytes().eq_ignore_ascii_case(word))
}

/// A date as YYMMDDhhmm, whether it was written with seconds, with a year of four digits, or both; none if it is no date.
#[must_use]
pub fn minutes(date: &[u8]) -> Option<[u8; 10]> {
    let rest = match date.len() {
        14 => date.get(2..)?,
        // With seconds or with the century? A year of two digits will not be 20 again in our time.
        12 if date.starts_with(b"20") && is_date(date.get(2..)?) => date.get(2..)?,
        10 | 12 => date,
        _ => return None,
    };
    is_date(rest).then(|| rest.first_chunk().copied()).flatten()
}

/// YYMMDDhhmm at its beginning.
fn is_date(text: &[u8]) -> bool {
    let pair = |at: usize| {
        let digit = |at: usize| text.get(at).filter(|b| b.is_ascii_digit()).map(|b| b - b'0');
        Some(digit(at)? * 10 + digit(at + 1)?)
    };
    let within = |at: usize, least: u8, most: u8| pair(at).is_some_and(|n| (least..=most).contains(&n));
    within(0, 0, 99) && within(2, 1, 12) && within(4, 1, 31) && within(6, 0, 23) && within(8, 0, 59)
}

fn date(written: &[u8]) -> Vec<u8> {
    minutes(written).map_or_else(|| NO_DATE.to_vec(), |date| date.to_vec())
}

/// What we write where there is no date.
pub(crate) const NO_DATE: &[u8] = b"0000000000";
/// So much of the message's text is repeated at most.
pub(crate) const TEXT_MOST: usize = 20;

/// message_state, stat, and the state that both tell. SCHEDULED and SKIPPED are of 5.0.
const WORDS: &[(u8, &str, ReportState)] = &[
    (1, "ENROUTE", ReportState::Underway),
    (2, "DELIVRD", ReportState::Delivered),
    (3, "EXPIRED", ReportState::Expired),
    (4, "DELETED", ReportState::Deleted),
    (5, "UNDELIV", ReportState::Undeliverable),
    (6, "ACCEPTD", ReportState::Accepted),
    (7, "UNKNOWN", ReportState::Unknown),
    (8, "REJECTD", ReportState::Rejected),
    (0, "SCHEDLD", ReportState::Underway),
    (9, "SKIPPED", ReportState::Rejected),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, [id, submitted, done, stat, err, rest]: [&str; 6]) {
        let of = |text: &str| text.as_bytes().to_vec();
        let expected = Receipt {
            id: of(id),
            submitted: of(submitted),
            done: of(done),
            stat: of(stat),
            err: of(err),
            text: of(rest),
        };
        assert_eq!(Receipt::parse(text.as_bytes()), expected, "{text}");
    }

    #[test]
    fn texts_of_many_servers() {
        check(
            "id:0059113978 sub:001 dlvrd:001 submit date:1002101730 done date:1002101731 stat:DELIVRD err:000 text:@$#!%&/:",
            ["0059113978", "1002101730", "1002101731", "DELIVRD", "000", "@$#!%&/:"],
        );
        // Seconds, no `sub`, no `text`.
        check(
            "id:1 submit date:231121153600 done date:20231121153600 stat:UNDELIV err:5",
            ["1", "231121153600", "20231121153600", "UNDELIV", "5", ""],
        );
        // The message's own text quotes a receipt.
        check(
            "id:7 stat:EXPIRED err:003 Text:id:8 stat:DELIVRD",
            ["7", "", "", "EXPIRED", "003", "id:8 stat:DELIVRD"],
        );
        check("ID:7 Stat:MK:0012 Err: text:", ["7", "", "", "MK:0012", "", ""]);
        check("paid:7 hello", ["", "", "", "", "", ""]);
        check("", ["", "", "", "", "", ""]);
    }

    #[test]
    fn dates_come_in_four_lengths() {
        for (written, expected) in [
            ("2611271530", Some("2611271530")),
            ("261127153059", Some("2611271530")),
            ("202611271530", Some("2611271530")),
            ("20261127153059", Some("2611271530")),
            ("0000000000", None),
            ("2613271530", None),
            ("26112715", None),
            ("", None),
        ] {
            let expected: Option<[u8; 10]> = expected.map(|e| e.as_bytes().try_into().unwrap());
            assert_eq!(minutes(written.as_bytes()), expected, "{written}");
        }
    }

    #[test]
    fn words_and_numbers_agree() {
        for (number, word, state) in WORDS {
            assert_eq!(state_of_number(*number), Some(*state));
            assert_eq!(state_of_word(word.to_ascii_lowercase().as_bytes()), *state);
            assert_eq!(state_of_number(number_of(*state)), Some(*state));
            assert_eq!(state_of_word(word_of(*state).as_bytes()), *state);
        }
        assert_eq!(state_of_word(b"MK:0012"), ReportState::Failed);
        assert_eq!(state_of_number(10), None);
    }
}
