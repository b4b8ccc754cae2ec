//! The words of sign-up pages, read from `lexicon.txt`.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use crate::fold::{fold, is_wide};

/// What a phrase does in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Word {
    /// Names terms or a contract.
    Terms,
    /// Names a privacy text.
    Privacy,
    /// Authorises.
    Authorise,
    /// Names commercial messages by itself.
    Marketing,
    /// Names commercial content, which with [`Word::Deliver`] makes commercial messages.
    Promo,
    /// Sending, receiving.
    Deliver,
    /// Names messages that the service itself consists of.
    Service,
    /// Names somebody else.
    Third,
    /// Names somebody else as taking part.
    Together,
    /// Names provision to others by itself.
    Share,
    /// Giving data away.
    Give,
    /// Personal information, in general.
    Person,
    /// A kind of personal information.
    Data,
    /// A kind of sensitive information.
    Sensitive,
    /// Agreeing.
    Agree,
    /// Takes consent within a document, or announces what needs it.
    Firm,
    /// Makes it depend on another consent.
    Apart,
    /// A box that is no consent.
    Plain,
    /// Denies what follows.
    Not,
    /// Denies what stands before.
    NotAfter,
    /// “… means agreement”.
    Means,
    /// The act that is to mean it.
    Doing,
    /// “By clicking …”.
    By,
    /// “… you agree”.
    YouAgree,
    /// Begins the label of a button that agrees and does something else.
    AgreeLabel,
    /// Announces sending.
    Announce,
    /// Objects to sending.
    Objection,
    /// All at once.
    All,
    /// Declines, as a button does.
    Refuse,
    /// Agrees, as a button does.
    Accept,
    /// Shames who declines.
    Shame,
    /// Cannot be taken back.
    Irrevocable,
    /// How to withdraw.
    Withdraw,
    /// Need not be given.
    Optional,
    /// Demands agreement.
    Must,
    /// Channel.
    Sms,
    /// Channel.
    Call,
    /// Channel.
    Email,
    /// Channel.
    Push,
    /// Channel.
    Im,
    /// Channel.
    Post,
    /// How often.
    Frequency,
    /// How long.
    Period,
    /// What kind of content.
    Kind,
    /// How to reach somebody.
    Contact,
    /// Works on another's behalf.
    Processor,
    /// The service asked for is a call.
    Request,
}

/// A phrase found in a folded text: bytes `start..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    /// What it does.
    pub(crate) word: Word,
    /// First byte.
    pub(crate) start: usize,
    /// Byte after the last.
    pub(crate) end: usize,
}

/// All phrases in a folded text, overlapping ones too, by their ends.
pub(crate) fn hits(folded: &str) -> Vec<Hit> {
    let lexicon = lexicon();
    let Some(automaton) = &lexicon.automaton else { return Vec::new() };
    let mut found = Vec::new();
    for hit in automaton.find_overlapping_iter(folded) {
        let Some(phrase) = lexicon.phrases.get(hit.pattern().as_usize()) else { continue };
        if begins(folded, hit.start()) && (phrase.open || ends(folded, hit.end())) {
            found.push(Hit { word: phrase.word, start: hit.start(), end: hit.end() });
        }
    }
    found
}

/// Some phrase of this kind stands in the folded text.
pub(crate) fn has(folded: &str, word: Word) -> bool {
    hits(folded).iter().any(|hit| hit.word == word)
}

struct Lexicon {
    automaton: Option<AhoCorasick>,
    phrases: Vec<Phrase>,
}

struct Phrase {
    text: String,
    word: Word,
    open: bool,
}

fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(|| {
        let phrases = read(TEXT);
        let automaton = AhoCorasick::new(phrases.iter().map(|phrase| &phrase.text)).ok();
        Lexicon { automaton, phrases }
    })
}

fn read(text: &str) -> Vec<Phrase> {
    let mut phrases = Vec::new();
    let mut word = None;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("= ") {
            word = CLASSES.iter().find(|row| row.0 == name.trim()).map(|row| row.1);
            continue;
        }
        let Some(word) = word else { continue };
        for phrase in line.split('|').map(str::trim).filter(|phrase| !phrase.is_empty()) {
            let open = phrase.ends_with('*');
            // Inside a phrase a star would need a pattern, not a word list: such a phrase is matched up to there.
            let text = fold(phrase.split('*').next().unwrap_or_default().trim());
            phrases.push(Phrase { text, word, open });
        }
    }
    phrases
}

fn begins(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    let first = text.get(at..).and_then(|rest| rest.chars().next());
    !glued(before, first)
}

fn ends(text: &str, at: usize) -> bool {
    let last = text.get(..at).and_then(|before| before.chars().next_back());
    let after = text.get(at..).and_then(|rest| rest.chars().next());
    !glued(last, after)
}

/// Both belong to one word of letters.
fn glued(left: Option<char>, right: Option<char>) -> bool {
    let letter = |c: char| c.is_alphanumeric() && !is_wide(c);
    left.is_some_and(letter) && right.is_some_and(letter)
}

const TEXT: &str = include_str!("../lexicon.txt");

/// Headings of `lexicon.txt`.
const CLASSES: [(&str, Word); 47] = [
    ("terms", Word::Terms),
    ("privacy", Word::Privacy),
    ("authorise", Word::Authorise),
    ("marketing", Word::Marketing),
    ("promo", Word::Promo),
    ("deliver", Word::Deliver),
    ("service", Word::Service),
    ("third", Word::Third),
    ("together", Word::Together),
    ("share", Word::Share),
    ("give", Word::Give),
    ("person", Word::Person),
    ("data", Word::Data),
    ("sensitive", Word::Sensitive),
    ("agree", Word::Agree),
    ("firm", Word::Firm),
    ("apart", Word::Apart),
    ("plain", Word::Plain),
    ("not", Word::Not),
    ("not after", Word::NotAfter),
    ("means", Word::Means),
    ("doing", Word::Doing),
    ("by", Word::By),
    ("you agree", Word::YouAgree),
    ("agree label", Word::AgreeLabel),
    ("announce", Word::Announce),
    ("objection", Word::Objection),
    ("all", Word::All),
    ("refuse", Word::Refuse),
    ("accept", Word::Accept),
    ("shame", Word::Shame),
    ("irrevocable", Word::Irrevocable),
    ("withdraw", Word::Withdraw),
    ("optional", Word::Optional),
    ("must", Word::Must),
    ("sms", Word::Sms),
    ("call", Word::Call),
    ("email", Word::Email),
    ("push", Word::Push),
    ("im", Word::Im),
    ("post", Word::Post),
    ("frequency", Word::Frequency),
    ("period", Word::Period),
    ("kind", Word::Kind),
    ("contact", Word::Contact),
    ("processor", Word::Processor),
    ("product is call", Word::Request),
];
