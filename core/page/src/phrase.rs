//! Classes of phrases: implied agreement, objections, buttons, withdrawal, channels.

use crate::fold::fold;
use crate::lexicon::{Hit, Word, has, hits};
use crate::sentence::{Sentence, sentences};

/// The first sentence that makes some other act mean agreement: “点击注册即表示同意…”, “by clicking …, you agree …”.
#[must_use]
pub fn implied_agreement(text: &str) -> Option<&str> {
    sentences(text).iter().find(|sentence| implies(sentence)).map(|sentence| sentence.text)
}

/// A label that agrees and does something else: “同意并注册”, “Agree and continue”, “規約に同意して登録”.
#[must_use]
pub fn agreeing_label(label: &str) -> bool {
    let folded = fold(label);
    folded.chars().count() <= LABEL_MAX && has(&folded, Word::AgreeLabel) && !has(&folded, Word::NotAfter)
}

/// It objects to being sent something: “不希望接收…”, “I don't want to receive …”.
#[must_use]
pub fn objects(text: &str) -> bool {
    sentences(text).iter().any(|sentence| has(&sentence.folded, Word::Objection))
}

/// The first sentence that announces sending: “将向您发送…”, “we will send you …”.
#[must_use]
pub fn announcement(text: &str) -> Option<&str> {
    sentences(text).iter().find(|sentence| announces(sentence)).map(|sentence| sentence.text)
}

/// A box that is no consent: remember me, age, show password, cookies.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    has(&fold(text), Word::Plain)
}

/// All at once: “全选”, “I agree to all …”.
#[must_use]
pub fn agrees_to_all(text: &str) -> bool {
    has(&fold(text), Word::All)
}

/// A label that declines.
#[must_use]
pub fn refuses(label: &str) -> bool {
    let folded = fold(label);
    folded.chars().count() <= LABEL_MAX && (has(&folded, Word::Refuse) || has(&folded, Word::Shame))
}

/// A label that agrees, and does not decline.
#[must_use]
pub fn accepts(label: &str) -> bool {
    let folded = fold(label);
    folded.chars().count() <= LABEL_MAX
        && has(&folded, Word::Accept)
        && (!refuses(label) || starts_with_denied_refusal(&folded))
}

/// A refusal that shames: “我不需要省钱”, “I'd rather pay full price”.
#[must_use]
pub fn shames(label: &str) -> bool {
    has(&fold(label), Word::Shame)
}

/// The first sentence with an authorisation that cannot be taken back.
#[must_use]
pub fn irrevocable(text: &str) -> Option<&str> {
    let found = sentences(text);
    let found = found.iter().find(|sentence| {
        hits(&sentence.folded).iter().any(|hit| hit.word == Word::Irrevocable && !sentence.is_negated(*hit))
    });
    found.map(|sentence| sentence.text)
}

/// It says how to withdraw.
#[must_use]
pub fn tells_withdrawal(text: &str) -> bool {
    has(&fold(text), Word::Withdraw)
}

/// It says that it need not be given.
#[must_use]
pub fn is_optional(text: &str) -> bool {
    has(&fold(text), Word::Optional)
}

/// It demands agreement: “请先勾选协议”, “you must agree”.
#[must_use]
pub fn demands(text: &str) -> bool {
    has(&fold(text), Word::Must)
}

/// Channels a text names.
#[must_use]
pub fn channels(text: &str) -> Vec<Channel> {
    let found = hits(&fold(text));
    Channel::ALL.into_iter().filter(|channel| found.iter().any(|hit| hit.word == channel.word())).collect()
}

/// A way to reach somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// Text message.
    Sms,
    /// Voice call.
    Call,
    /// E-mail, newsletters included.
    Email,
    /// Notification of an app or browser, message inside a site.
    Push,
    /// Instant messaging, social media.
    Im,
    /// Letter, fax.
    Post,
}

impl Channel {
    /// All.
    pub const ALL: [Self; 6] = [Self::Sms, Self::Call, Self::Email, Self::Push, Self::Im, Self::Post];

    /// Its Chinese name.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Sms => "短信",
            Self::Call => "电话",
            Self::Email => "邮件",
            Self::Push => "推送",
            Self::Im => "即时通讯",
            Self::Post => "信函",
        }
    }

    const fn word(self) -> Word {
        match self {
            Self::Sms => Word::Sms,
            Self::Call => Word::Call,
            Self::Email => Word::Email,
            Self::Push => Word::Push,
            Self::Im => Word::Im,
            Self::Post => Word::Post,
        }
    }
}

pub(crate) fn implies(sentence: &Sentence<'_>) -> bool {
    let found = hits(&sentence.folded);
    let standing =
        |word: Word| found.iter().find(|hit| hit.word == word && !sentence.is_negated(**hit)).copied();
    let follows = |first: Option<Hit>, second: Option<Hit>| {
        first.is_some_and(|a| second.is_some_and(|b| a.start < b.end))
    };
    follows(standing(Word::Doing).or(standing(Word::By)), standing(Word::Means))
        || (standing(Word::By).is_some() && standing(Word::YouAgree).is_some())
}

pub(crate) fn announces(sentence: &Sentence<'_>) -> bool {
    hits(&sentence.folded).iter().any(|hit| hit.word == Word::Announce && !sentence.is_negated(*hit))
}

/// “不放弃，立即开启” agrees although it names a refusal.
fn starts_with_denied_refusal(folded: &str) -> bool {
    folded.starts_with("不放弃") || folded.starts_with("不取消") || folded.starts_with("don't skip")
}

/// Characters of a button's label; longer ones are sentences.
const LABEL_MAX: usize = 40;
