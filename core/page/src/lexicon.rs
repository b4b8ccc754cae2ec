//! The words of sign-up pages, read from `lexicon.txt`.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use crate::fold::{fold, is_wide};

/// The classes of `lexicon.txt`, each with its heading.
macro_rules! words {
    ($($heading:literal $word:ident $doc:literal;)+) => {
        /// What a phrase does in a text.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Word {
            $(#[doc = $doc] $word,)+
        }

        /// Headings of `lexicon.txt`.
        const CLASSES: &[(&str, Word)] = &[$(($heading, Word::$word),)+];
    };
}

#[rustfmt::skip]
words! {
    "terms" Terms "Names terms or a contract.";
    "paper" Paper "Names a document of some kind.";
    "privacy" Privacy "Names a privacy text.";
    "processing" Processing "Names the processing of personal information: with marketing it is the means, not a purpose beside it.";
    "authorise" Authorise "Authorises.";
    "marketing" Marketing "Names commercial messages by itself.";
    "adviser" Adviser "Somebody who sells is to call: marketing, unless the call is what the page offers.";
    "promo" Promo "Names commercial content, which with [`Word::Deliver`] makes commercial messages.";
    "deliver" Deliver "Sending, receiving.";
    "message" Message "What is sent: information, mail, notice.";
    "service" Service "Names messages that the service itself consists of.";
    "third" Third "Names somebody else.";
    "company" Company "Names a company.";
    "together" Together "Names somebody else as taking part.";
    "share" Share "Names provision to others by itself.";
    "give" Give "Giving data away.";
    "person" Person "Personal information, in general.";
    "data" Data "A kind of personal information.";
    "sensitive" Sensitive "A kind of sensitive information.";
    "agree" Agree "Agreeing.";
    "read" Read "Having read, knowing.";
    "refer" Refer "Points to a document without agreeing to it.";
    "acknowledge" Acknowledge "Takes note of a document rather than agreeing to it.";
    "firm" Firm "Takes consent within a document.";
    "firm say" FirmSay "Announces within a document what needs consent.";
    "apart" Apart "Makes it depend on another consent.";
    "plain" Plain "A box that is no consent.";
    "cookie use" CookieUse "A cookie panel.";
    "not" Not "Denies what follows.";
    "not after" NotAfter "Denies what stands before.";
    "unlike" Unlike "Looks like a denial and is none.";
    "means" Means "“… means agreement”.";
    "doing" Doing "The act that is to mean it.";
    "by" By "“By clicking …”.";
    "by using" ByUsing "The act is using the site, not registering.";
    "you agree" YouAgree "“… you agree”.";
    "agree label" AgreeLabel "Begins the label of a button that agrees and does something else.";
    "announce" Announce "Announces sending.";
    "objection" Objection "Objects to sending.";
    "untick" Untick "Asks to take a tick away.";
    "all" All "All at once.";
    "refuse" Refuse "Declines, as a button does.";
    "accept" Accept "Agrees, as a button does.";
    "shame" Shame "Shames who declines.";
    "irrevocable" Irrevocable "Cannot be taken back.";
    "withdraw" Withdraw "How to withdraw.";
    "optional" Optional "Need not be given.";
    "must" Must "Demands agreement.";
    "sms" Sms "Channel.";
    "call" Call "Channel.";
    "email" Email "Channel.";
    "push" Push "Channel.";
    "im" Im "Channel.";
    "post" Post "Channel.";
    "electronic" Electronic "Hints at a channel without naming one.";
    "frequency" Frequency "How often.";
    "period" Period "How long.";
    "kind" Kind "What kind of content.";
    "contact" Contact "How to reach somebody.";
    "processor" Processor "Works on another's behalf.";
    "product is call" Request "The service asked for is a call.";
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
            let text = fold(phrase.trim_end_matches('*'));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_heading_is_known_and_every_class_has_words() {
        let headings: Vec<&str> = TEXT.lines().filter_map(|line| line.strip_prefix("= ")).collect();
        for heading in &headings {
            assert!(CLASSES.iter().any(|row| row.0 == *heading), "heading: {heading}");
        }
        let phrases = read(TEXT);
        for (heading, word) in CLASSES {
            assert!(phrases.iter().any(|phrase| phrase.word == *word), "no words: {heading}");
        }
    }

    #[test]
    fn stars_stand_at_ends_only() {
        for line in TEXT.lines().filter(|line| !line.starts_with(['#', '='])) {
            for phrase in line.split('|').map(str::trim) {
                assert!(!phrase.trim_end_matches('*').contains('*'), "{phrase}");
                assert!(
                    phrase.chars().filter(|c| c.is_alphanumeric()).count() > 1
                        || phrase.is_empty()
                        || is_wide_word(phrase),
                    "{phrase}"
                );
            }
        }
    }

    fn is_wide_word(phrase: &str) -> bool {
        phrase.chars().all(|c| is_wide(c) || c.is_alphabetic())
    }

    #[test]
    fn letters_are_matched_at_word_boundaries() {
        for (text, word, expected) in [
            ("terms", Word::Terms, true),
            ("midterms", Word::Terms, false),
            ("同意terms和", Word::Terms, true),
            ("souhlasím s obchodními podmínkami", Word::Terms, true),
            ("условиями", Word::Terms, true),
            ("newsletters", Word::Marketing, true),
        ] {
            assert_eq!(has(text, word), expected, "{text}");
        }
    }
}
