//! What a recipient's reply means.
//!
//! A refusal must be express (cn/npcsc/7 明确表示拒绝), but not well written: a keyword, a sentence that tells the sender
//! to stop, or the complaint that stopping did not help. A question is no refusal, and neither is a keyword inside
//! a longer word. Wordings stand in `model/replies.txt`; `docs/replies.md` argues the choices.

use core::fmt;

mod plain;
mod table;
mod told;

pub use told::{Keyword, told_keyword};

use plain::{Clause, Plain};
use table::{Kind, Table};

/// What a reply means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Intent {
    /// Wants no more messages.
    Refusal {
        /// Of what.
        scope: Scope,
        /// By what it was known.
        ground: Ground,
    },
    /// Asks to be written to again: an act of the person, to be recorded as one.
    Resubscription,
    /// Asks how to refuse, and has not done so: to be told how.
    AsksHow,
    /// Anything else.
    Other,
}

/// How much a refusal refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everything of the brand.
    Brand,
    /// By its wording one campaign or kind only ("只退这个活动"). Still a refusal; who narrows it answers for that.
    Narrow,
}

/// By what a refusal was known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ground {
    /// A usual keyword.
    Keyword,
    /// The keyword that the message told.
    Told,
    /// A sentence.
    Wording,
    /// The complaint that refusing did not help.
    Failed,
}

impl fmt::Display for Intent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refusal { scope: Scope::Brand, .. } => "refusal",
            Self::Refusal { scope: Scope::Narrow, .. } => "narrow refusal",
            Self::Resubscription => "resubscription",
            Self::AsksHow => "asks how",
            Self::Other => "other",
        })
    }
}

/// Reads a reply by itself.
///
/// ```
/// use anning_judge::{Intent, read_reply};
/// assert!(matches!(read_reply("请退订，谢谢"), Intent::Refusal { .. }));
/// assert_eq!(read_reply("怎么退订？"), Intent::AsksHow);
/// assert_eq!(read_reply("T恤有货吗"), Intent::Other);
/// ```
#[must_use]
pub fn read_reply(text: &str) -> Intent {
    read_reply_to(text, None)
}

/// Reads a reply to a message that told its recipients a keyword: that word refuses, whatever it is.
#[must_use]
pub fn read_reply_to(text: &str, told: Option<&Keyword>) -> Intent {
    let plain = Plain::of(text);
    let table = Table::shared();
    if told.is_some_and(|keyword| keyword.is_meant(table, &plain)) {
        return Intent::Refusal { scope: Scope::Brand, ground: Ground::Told };
    }
    let whole = undeclined(table, &plain.clauses);
    if whole.is_empty() {
        return Intent::Other;
    }
    if table.covers(&whole, &[Kind::Alone, Kind::Clause], &FILLERS) {
        return refusal(table, &whole, Ground::Keyword);
    }
    if table.covers(&whole, &[Kind::Resume], &[Kind::ResumeFiller]) {
        let asked = plain.clauses.iter().any(|clause| clause.asked);
        return if asked { Intent::Other } else { Intent::Resubscription };
    }
    sentences(table, &plain, &whole)
}

/// A reply of more than keywords.
fn sentences(table: &Table, plain: &Plain, whole: &str) -> Intent {
    let (mut failed, mut ordered, mut emphatic, mut named, mut keyword, mut how) = Default::default();
    let (mut lost, mut any) = (false, false);
    for clause in &plain.clauses {
        let met = table.meet(&clause.plain);
        let has = |kind| met.contains(&kind);
        let asks = clause.asked || has(Kind::Asks);
        // An instruction is ours, quoted.
        let instruction = told::in_plain(table, &clause.plain).is_some();
        failed |= has(Kind::Failed);
        emphatic |= has(Kind::Emphatic);
        ordered |= has(Kind::Phrase);
        keyword |= !instruction && table.covers(&clause.plain, &[Kind::Clause], &FILLERS);
        named |= !instruction && !asks && has(Kind::Topic);
        lost |= has(Kind::Lost);
        any |= has(Kind::Topic);
        how |= has(Kind::How) || (asks && has(Kind::Topic));
    }
    let long = plain.length > LONG;
    if plain.quoted {
        // A message of ours begins or ends with its sender's name. What follows on a line of its own is the reply.
        return if emphatic || failed {
            refusal(table, whole, Ground::Wording)
        } else if last_line_refuses(table, plain) {
            refusal(table, "", Ground::Keyword)
        } else {
            Intent::Other
        };
    }
    if failed {
        return refusal(table, whole, Ground::Failed);
    }
    if emphatic || (ordered && !long) {
        return refusal(table, whole, Ground::Wording);
    }
    if how || (lost && (any || keyword)) {
        return Intent::AsksHow;
    }
    if keyword {
        return refusal(table, whole, Ground::Keyword);
    }
    if named && !long { refusal(table, whole, Ground::Wording) } else { Intent::Other }
}

fn refusal(table: &Table, whole: &str, ground: Ground) -> Intent {
    let narrow = table.names_part(whole);
    Intent::Refusal { scope: if narrow { Scope::Narrow } else { Scope::Brand }, ground }
}

/// The clauses together, without those that only decline an offer: 不需要，T.
fn undeclined(table: &Table, clauses: &[Clause]) -> String {
    let declines = |clause: &&Clause| !table.covers(&clause.plain, &[Kind::Decline], &[Kind::Polite]);
    Plain::join(clauses.iter().filter(declines))
}

/// Does a reply under a quotation refuse? An instruction there is part of the quotation.
fn last_line_refuses(table: &Table, plain: &Plain) -> bool {
    let last = plain.clauses.iter().rev().take_while(|clause| clause.line == plain.last_line);
    let last: Vec<&Clause> = last.collect();
    let line = Plain::join(last.into_iter().rev());
    plain.last_line > 0
        && told::in_plain(table, &line).is_none()
        && table.covers(&line, &[Kind::Alone, Kind::Clause], &FILLERS)
}

/// What may stand beside a keyword.
const FILLERS: [Kind; 2] = [Kind::Filler, Kind::Narrow];
/// A reply longer than so many characters and words is talk: there a keyword alone means nothing.
const LONG: usize = 40;
