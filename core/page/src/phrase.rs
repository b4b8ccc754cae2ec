//! Classes of phrases: implied agreement, objections, buttons, withdrawal, channels.

use crate::fold::fold;
use crate::lexicon::{Hit, Word, has, hits};
use crate::purpose::{Purposes, spoken_of};
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
    folded.chars().count() <= LABEL_MAX
        && (has(&folded, Word::Refuse) || has(&folded, Word::Shame))
        && !denies_refusal(&folded)
}

/// A label that agrees, and does not decline.
#[must_use]
pub fn accepts(label: &str) -> bool {
    let folded = fold(label);
    folded.chars().count() <= LABEL_MAX && has(&folded, Word::Accept) && !refuses(label)
}

/// A control for all whose label leaves out what it covers: “全选”. Nothing else may follow, or it is for something else.
#[must_use]
pub fn is_bare_all(label: &str) -> bool {
    let folded = fold(label);
    has(&folded, Word::All) && !has(&folded, Word::Agree)
}

/// “全选” and hardly more: “全选商品” is no consent.
#[must_use]
pub fn is_only_all(label: &str) -> bool {
    let folded = fold(label);
    let longest =
        hits(&folded).iter().filter(|hit| hit.word == Word::All).map(|hit| hit.end - hit.start).max();
    longest.is_some_and(|bytes| folded.len() - bytes <= ALL_REST_MAX) || is_one_by_one(label)
}

/// It is to be confirmed one by one.
#[must_use]
pub fn is_one_by_one(label: &str) -> bool {
    let folded = fold(label);
    ONE_BY_ONE.iter().any(|word| folded.contains(word))
}

/// The text goes on with a sentence that another block began: “并同意接收…”.
#[must_use]
pub fn goes_on(text: &str) -> bool {
    let folded = fold(text);
    CONTINUES.iter().any(|word| folded.starts_with(word))
}

/// It agrees in so many words, or switches on.
#[must_use]
pub fn agrees(label: &str) -> bool {
    let folded = fold(label);
    has(&folded, Word::Agree)
        || has(&folded, Word::AgreeLabel)
        || folded.contains("开启")
        || folded.contains("turn on")
}

/// A refusal that shames: “我不需要省钱”, “I'd rather pay full price”.
#[must_use]
pub fn shames(label: &str) -> bool {
    let folded = fold(label);
    let shaming = |hit: &Hit| {
        // “不错过优惠” shames nobody.
        hit.word == Word::Shame && !folded.get(..hit.start).unwrap_or_default().ends_with(['不', '免'])
    };
    hits(&folded).iter().any(shaming)
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

/// It names commercial content: offers, news of products.
#[must_use]
pub fn is_commercial(text: &str) -> bool {
    has(&fold(text), Word::Promo)
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

/// It speaks of an agreement, a box or a tick: what a demand for consent names.
#[must_use]
pub fn names_agreement(text: &str) -> bool {
    let folded = fold(text);
    has(&folded, Word::Agree) || AGREEMENTS.iter().any(|word| folded.contains(word))
}

/// A label that subscribes: sending is then what is asked for.
#[must_use]
pub fn subscribes(label: &str) -> bool {
    let folded = fold(label);
    !folded.is_empty() && SUBSCRIBES.iter().any(|word| folded.contains(word))
}

/// Channels a text names as ways to send, each once. A customer service's telephone and an address are none.
#[must_use]
pub fn channels(text: &str) -> Vec<Channel> {
    let folded = fold(text);
    let found: Vec<Hit> = hits(&folded).into_iter().filter(|hit| !is_contact(&folded, *hit)).collect();
    Channel::ALL.into_iter().filter(|channel| found.iter().any(|hit| hit.word == channel.word())).collect()
}

/// The phrase gives a way to reach the asker, or names a kind of data: “客服电话”, “手机号码”, “email address”.
fn is_contact(folded: &str, hit: Hit) -> bool {
    let before = folded.get(..hit.start).unwrap_or_default().trim_end();
    let after = folded.get(hit.end..).unwrap_or_default();
    let after = after.trim_start_matches([' ', ':', '(', '为', '是']);
    BEFORE_CONTACT.iter().any(|word| before.ends_with(word))
        || AFTER_CONTACT.iter().any(|word| after.starts_with(word))
        || (hit.word == Word::Call && after.starts_with(|c: char| c.is_ascii_digit() || c == '+'))
}

/// A cookie panel's words.
#[must_use]
pub fn is_of_cookies(text: &str) -> bool {
    fold(text).contains("cookie")
}

/// It names a policy that is more than about cookies.
#[must_use]
pub fn names_policy(text: &str) -> bool {
    let folded = fold(text);
    has(&folded, Word::Terms) || has(&folded, Word::Privacy)
}

/// The label is the name of a kind of cookies: “Marketing”, “Statistics”.
#[must_use]
pub fn is_kind_of_cookies(label: &str) -> bool {
    let folded = fold(label);
    folded.chars().count() <= CHANNEL_MAX + CHANNEL_MAX && COOKIES.iter().any(|word| folded.starts_with(word))
}

/// What makes it marketing is a call of an adviser, and nothing else: “同意课程顾问联系我”.
#[must_use]
pub fn is_adviser_call(text: &str) -> bool {
    let read = sentences(text);
    let says = |word: Word| read.iter().any(|sentence| sentence.says(word));
    says(Word::Adviser) && !says(Word::Marketing) && !says(Word::Promo)
}

/// A label that asks for a call or a consultation.
#[must_use]
pub fn requests_call(label: &str) -> bool {
    has(&fold(label), Word::Request)
}

/// It names somebody who works on another's behalf: a courier, a payment service.
#[must_use]
pub fn names_processor(text: &str) -> bool {
    has(&fold(text), Word::Processor)
}

/// Others are named beside the asker: “云帆集团及合作品牌”, “us and our partners”.
#[must_use]
pub fn joins_others(text: &str) -> bool {
    let folded = fold(text);
    hits(&folded).iter().filter(|hit| hit.word == Word::Third).any(|hit| {
        let before: String =
            folded.get(..hit.start).unwrap_or_default().chars().rev().take(JOIN_REACH).collect();
        let before: String = before.chars().rev().collect();
        JOINS.iter().any(|join| before.contains(join))
    })
}

/// The label is the name of a channel and hardly more.
#[must_use]
pub fn is_channel(label: &str) -> bool {
    label.chars().count() <= CHANNEL_MAX && channels(label).len() == 1
}

/// It hints at a channel without naming one: “electronic communications”.
#[must_use]
pub fn hints_channel(text: &str) -> bool {
    has(&fold(text), Word::Electronic)
}

/// Sentences of a text that do not tell how to withdraw, or that ask for marketing all the same.
#[must_use]
pub fn asking_text(text: &str) -> String {
    let read = sentences(text);
    let asking = |sentence: &&Sentence<'_>| {
        spoken_of(sentence).has(Purposes::MARKETING)
            || !(sentence.says(Word::Withdraw) || sentence.says(Word::Contact))
    };
    read.iter().filter(asking).map(|sentence| sentence.text).collect::<Vec<_>>().join(" ")
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
    let by = standing(Word::By).or(standing(Word::ByUsing));
    let before = |hit: &Hit| sentence.folded.get(hit.start..).is_some_and(|rest| rest.starts_with('に'));
    let doing = standing(Word::Doing).or(by);
    follows(doing, standing(Word::Means))
        || (doing.is_some() && standing(Word::Means).as_ref().is_some_and(before))
        || (by.is_some() && standing(Word::YouAgree).is_some())
}

/// What is to mean agreement is using the site, and nothing else.
pub(crate) fn is_by_using(sentence: &Sentence<'_>) -> bool {
    let using = |hit: &&Hit| {
        sentence
            .words
            .iter()
            .any(|other| other.word == Word::ByUsing && other.start <= hit.start && other.end >= hit.end)
    };
    let mut acts = sentence.words.iter().filter(|hit| matches!(hit.word, Word::By | Word::Doing));
    sentence.says(Word::ByUsing) && acts.all(|hit| using(&hit))
}

pub(crate) fn announces(sentence: &Sentence<'_>) -> bool {
    hits(&sentence.folded).iter().any(|hit| hit.word == Word::Announce && !sentence.is_negated(*hit))
}

/// “不放弃，立即开启” agrees although it names a refusal.
fn denies_refusal(folded: &str) -> bool {
    folded.starts_with("不放弃") || folded.starts_with("不取消") || folded.starts_with("don't skip")
}

const AGREEMENTS: [&str; 9] =
    ["协议", "条款", "政策", "agreement", "terms", "policy", "box", "checkbox", "规约"];
const SUBSCRIBES: [&str; 7] =
    ["订阅", "subscribe", "购读", "odebírat", "подписаться", "abonnieren", "s'abonner"];
const BEFORE_CONTACT: [&str; 16] = [
    "联系",
    "客服",
    "咨询",
    "投诉",
    "热线",
    "服务",
    "拨打",
    "致电",
    "举报",
    "contact",
    "call us",
    "customer service",
    "your",
    "my",
    "new",
    "valid",
];
const AFTER_CONTACT: [&str; 10] =
    ["号码", "号", "地址", "账号", "账户", "address", "addresses", "number", "numbers", "verification"];
/// Characters before the others' name in which a joining word stands.
const JOIN_REACH: usize = 14;
const JOINS: [&str; 11] =
    ["及", "和", "与", "以及", "或", "、", " and ", " or ", " & ", "并", " as well as "];
/// Bytes beside the words for all.
const ALL_REST_MAX: usize = 3;
const ONE_BY_ONE: [&str; 6] = ["逐项", "逐一", "逐条", "分别确认", "one by one", "individually"];
const CONTINUES: [&str; 14] = [
    "并",
    "以及",
    "且",
    "及",
    "和",
    "与",
    ",",
    "、",
    "《",
    "同时",
    "and ",
    "as well as",
    "including ",
    "or ",
];
const COOKIES: [&str; 12] = [
    "necessary",
    "strictly necessary",
    "statistics",
    "analytics",
    "functional",
    "performance",
    "preferences",
    "marketing",
    "targeting",
    "advertising",
    "必要",
    "统计",
];
/// Characters of a channel's label.
const CHANNEL_MAX: usize = 16;
/// Characters of a button's label; longer ones are sentences.
const LABEL_MAX: usize = 40;
