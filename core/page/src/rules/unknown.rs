//! What a consent text goes on to agree to, and no word list knows: for a person, rather than silence.

use crate::fold::fold;
use crate::lexicon::{Word, has};
use crate::purpose::{Purposes, mentioned};
use crate::sentence::sentences;

/// The first sentence that agrees to something besides its documents, in words that tell no purpose.
pub(super) fn unknown_clause(text: &str) -> Option<String> {
    let read = sentences(text);
    let found = read.iter().find(|sentence| {
        OPENERS.iter().any(|opener| {
            let places = sentence.folded.match_indices(opener);
            places.filter_map(|(at, _)| sentence.folded.get(at + opener.len()..)).any(is_unknown)
        })
    });
    found.map(|sentence| sentence.text.to_owned())
}

/// The words after an opening, up to the next mark, name no purpose, no document and none of what forms are about.
fn is_unknown(rest: &str) -> bool {
    let end = rest.find(MARKS).unwrap_or(rest.len());
    let part = rest.get(..end).unwrap_or_default().trim();
    let content = part.chars().filter(|c| c.is_alphabetic()).count() >= CONTENT_MIN;
    // What a sentence asks may stand after the next mark: “并同意平台，以短信向我发送优惠”.
    let purposes = mentioned(part).union(mentioned(rest)).without(Purposes::OTHER);
    let known = [Word::Paper, Word::Plain, Word::Service, Word::CookieUse, Word::Processing];
    content
        && purposes.is_none()
        && !known.iter().any(|word| has(&fold(part), *word))
        && !FORMALITIES.iter().any(|word| says(part, word))
}

/// Letters are whole words, wide characters may stand anywhere.
fn says(part: &str, word: &str) -> bool {
    if word.is_ascii() { format!(" {part} ").contains(&format!(" {word} ")) } else { part.contains(word) }
}

/// What begins a further agreement in folded text.
const OPENERS: [&str; 32] = [
    "并同意",
    "并愿意",
    "并接受",
    "并允许",
    "并自愿",
    "且同意",
    "且愿意",
    "同时同意",
    "以及同意",
    "及同意",
    "亦同意",
    "也同意",
    ",同意",
    ",愿意",
    ",接受",
    ",允许",
    "并希望",
    "and agree to ",
    "and i agree to ",
    "and i agree that ",
    "and agree that ",
    "and consent to ",
    "and i consent to ",
    "and accept ",
    "and allow ",
    "and i allow ",
    "and permit ",
    "and would like ",
    "and i would like ",
    "and want ",
    "and to be ",
    "and to receive ",
];
const MARKS: [char; 9] = [',', '。', ';', '!', '?', '(', '《', '"', '、'];
/// Letters from which words say something.
const CONTENT_MIN: usize = 2;
/// Agreeing to these adds nothing to the documents: being bound, registering, the whole of them.
const FORMALITIES: [&str; 53] = [
    "遵守",
    "约束",
    "全部",
    "所有",
    "上述",
    "以上",
    "以下",
    "该等",
    "其内容",
    "条款内容",
    "协议内容",
    "注册",
    "创建",
    "登录",
    "成为",
    "加入",
    "开通",
    "使用本",
    "使用我们",
    "本服务",
    "本网站",
    "本平台的",
    "提交",
    "继续",
    "履行",
    "承担",
    "订立",
    "签署",
    "电子签名",
    "单独",
    "另行",
    "支付",
    "付款",
    "bound by",
    "comply",
    "abide",
    "the above",
    "the following",
    "all of",
    "them",
    "these",
    "this",
    "it",
    "its content",
    "create",
    "register",
    "sign up",
    "continue",
    "proceed",
    "join",
    "pay",
    "old or older",
    "years",
];
