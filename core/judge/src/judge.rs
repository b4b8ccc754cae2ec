//! The judge: text in, class and reason out.

use core::ops::Range;
use std::sync::OnceLock;

use anning_vocab::{Class, TextFacts};

use crate::Error;
use crate::cue::{self, Cue, Side};
use crate::fold;
use crate::reading::{Clause, Reading};
use crate::request;
use crate::spacing::Spacing;
use crate::weights::{FIGURES, Weights};

/// The weights we ship.
const SHIPPED: &[u8] = include_bytes!("../model/weights.bin");
/// Changed whenever this code could answer otherwise with the same weights and tables.
const CODE_VERSION: u32 = 3;

/// Weights and cues, ready to judge. Immutable; share it between threads.
#[derive(Debug)]
pub struct Judge {
    weights: Weights,
    hash: [u8; 32],
}

/// Buffers reused from message to message: one a thread.
#[derive(Debug, Default)]
pub struct Scratch {
    reading: Reading,
    other: Reading,
    spacing: Spacing,
}

/// What a text is, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// What it is.
    pub class: Class,
    /// Log-odds that it is commercial.
    pub score: f32,
    /// The clause that decided: byte range in the text as given, on character boundaries.
    pub clause: Range<usize>,
    /// The cue that decided within that clause.
    pub cue: Cue,
    /// What the text itself shows.
    pub text: TextFacts,
}

impl Judge {
    /// The judge with the weights we ship, trained only on rows we wrote.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static SHIPPED_JUDGE: OnceLock<Judge> = OnceLock::new();
        // Damaged weights inside the program would be a bug of the build, and a test reads them; should it
        // happen all the same, the cues alone judge.
        SHIPPED_JUDGE.get_or_init(|| {
            Self::from_bytes(SHIPPED).unwrap_or_else(|_| Self::of(Weights::with_room(1), SHIPPED))
        })
    }

    /// A judge with the user's own weights, as written by [`crate::train`].
    ///
    /// # Errors
    /// If the bytes are not such weights, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        Ok(Self::of(Weights::from_bytes(bytes)?, bytes))
    }

    fn of(weights: Weights, bytes: &[u8]) -> Self {
        let mut hasher = blake3::Hasher::new();
        let tables = [cue::TEXT.as_bytes(), fold::VARIANTS.as_bytes(), fold::UNSEEN.as_bytes()];
        for part in [bytes].into_iter().chain(tables).chain([CODE_VERSION.to_le_bytes().as_slice()]) {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
        Self { weights, hash: *hasher.finalize().as_bytes() }
    }

    /// Names this judge: BLAKE3 over weights, cues, variants, unseen characters and code version. Decisions bind it.
    #[must_use]
    pub const fn hash(&self) -> [u8; 32] {
        self.hash
    }

    /// Judges one text.
    #[must_use]
    pub fn judge(&self, text: &str, scratch: &mut Scratch) -> Judgement {
        let Scratch { reading, other, spacing } = scratch;
        let figures = reading.read(text, &self.weights);
        let mut score = self.score(figures, reading);
        // Letters set apart are to be missed: of the readings with and without what stands between them the more
        // commercial counts.
        for apart in spacing.find(reading.normal.folded()).into_iter().filter(|apart| !apart.is_empty()) {
            let figures = other.read_without(text, apart, &self.weights);
            let joined = self.score(figures, other);
            if joined > score {
                core::mem::swap(reading, other);
                score = joined;
            }
        }
        let class = self.class(score, reading);
        let (clause, cue) = reason(class, reading, text.len());
        Judgement { class, score, clause, cue, text: reading.facts.facts() }
    }

    /// The score of a text read, with the rules that stand beside the weights.
    fn score(&self, figures: [f32; FIGURES], reading: &mut Reading) -> f32 {
        let score = combine(&self.weights.combine, &figures);
        let commercial = reading.drop_bare_code()
            || offers_and_tells_refusal(reading)
            || request::find(&reading.normal.plain).is_some();
        if commercial { score.max(self.weights.margin) } else { score }
    }

    fn class(&self, score: f32, reading: &Reading) -> Class {
        if score.abs() < self.weights.margin {
            return Class::Borderline;
        }
        if score < 0.0 {
            return Class::NotCommercial;
        }
        // An offer beside what is a notice by itself: the notice is no amnesty, and is told.
        let is_notice =
            |c: &Clause| c.score < self.weights.notice && c.notice < 0.0 && c.offer + c.notice < 0.0;
        if reading.facts.code || reading.clauses.iter().any(is_notice) {
            Class::Mixed
        } else {
            Class::Commercial
        }
    }
}

/// A Chinese text that tells how to refuse further ones and in one clause plainly states an offer that no notice in that
/// clause outweighs. Short ones give the linear model too little to go by. The way to refuse alone decides nothing,
/// notices tell it too; so does an offer alone, it is left to the weights.
fn offers_and_tells_refusal(reading: &Reading) -> bool {
    let seen = reading.facts;
    seen.refusal && !seen.latin && reading.offers()
}

/// The score of the combining model.
pub(crate) fn combine(weights: &[f32; FIGURES], figures: &[f32; FIGURES]) -> f32 {
    weights.iter().zip(figures).map(|(w, f)| w * f).sum()
}

/// The clause that decided and its strongest cue on the side of the verdict.
fn reason(class: Class, reading: &Reading, length: usize) -> (Range<usize>, Cue) {
    let toward = match class {
        Class::Commercial | Class::Mixed | Class::Borderline => 1.0_f32,
        Class::NotCommercial => -1.0,
    };
    if class != Class::NotCommercial
        && let Some(asked) = request::find(&reading.normal.plain)
    {
        let at = reading.normal.tokens.partition_point(|t| t.plain as usize <= asked).saturating_sub(1);
        let clause = reading.clauses.iter().find(|c| c.tokens.contains(&at));
        return (clause.and_then(|c| bounds(c, reading)).unwrap_or(0..length), Cue::REQUEST);
    }
    let strength = |c: &Clause| toward * (c.score + c.offer.min(4.0) + c.notice.max(-4.0));
    let best = reading.clauses.iter().max_by(|a, b| strength(a).total_cmp(&strength(b)));
    let Some(best) = best else { return (0..length, Cue::WORDING) };
    let inside = reading.met.iter().filter(|m| best.tokens.contains(&m.at));
    let cue = inside
        .filter(|m| match m.cue.side {
            Side::Offer | Side::Notice | Side::Private => m.cue.weight * toward > 0.0,
            // A code named is why a text is none of these provisions' business, unless it carries an offer.
            Side::Code => class == Class::NotCommercial,
            Side::Refusal | Side::Contact | Side::Name | Side::Nothing => false,
        })
        .max_by(|a, b| a.cue.weight.abs().total_cmp(&b.cue.weight.abs()))
        .map_or(Cue::WORDING, |m| Cue::of(m.cue));
    (bounds(best, reading).unwrap_or(0..length), cue)
}

/// Where a clause stands in the text as given.
fn bounds(clause: &Clause, reading: &Reading) -> Option<Range<usize>> {
    let tokens = reading.normal.tokens.get(clause.tokens.clone())?;
    tokens.first().zip(tokens.last()).map(|(a, z)| a.start as usize..z.end as usize)
}

#[cfg(test)]
mod tests {
    use anning_vocab::{Class, Known};

    use super::{Judge, Scratch};

    fn class(text: &str) -> Class {
        Judge::shipped().judge(text, &mut Scratch::default()).class
    }

    /// Short, spaced, an offer and a way to refuse.
    #[test]
    fn an_offer_that_tells_how_to_refuse_is_commercial() {
        for text in [
            "【云栖百货】双11五折 拒收请回复R",
            "【云栖百货】双11全场五折，拒收请回复R",
            "【云栖百货】 五 折 拒收请回复R",
            "【某超市】满100减20 回T退订",
            "【某店】优惠券待领 退订回T",
        ] {
            assert_eq!(class(text), Class::Commercial, "{text}");
            assert_ne!(Judge::shipped().judge(text, &mut Scratch::default()).cue.id(), "wording", "{text}");
        }
    }

    /// Neither a code nor a notice becomes commercial by the way to refuse.
    #[test]
    fn a_way_to_refuse_alone_decides_nothing() {
        for text in [
            "【某商城】您的验证码是123456，请勿告诉他人 退订回T",
            "【某商城】验证码 482913，5分钟内有效，拒收请回复R",
            "【某快递】您的包裹已到丰巢，请凭取件码取件 退订回T",
            "【某银行】押金100元已返还至您的账户 退订回T",
        ] {
            assert_eq!(class(text), Class::NotCommercial, "{text}");
        }
        let offer = "【某商城】验证码123456，5分钟内有效。双11全场五折，退订回T";
        let judged = Judge::shipped().judge(offer, &mut Scratch::default());
        assert_eq!((judged.class, judged.text.code), (Class::Mixed, Known::Yes), "{offer}");
    }

    /// Between letters stand characters without a form, blanks, marks and letters of other scripts.
    #[test]
    fn letters_set_apart_are_read_together() {
        let letters: Vec<String> = "双11全场五折，满300减50，速来抢购".chars().map(String::from).collect();
        let unseen = [
            "\u{3164}",
            "\u{ffa0}",
            "\u{115f}",
            "\u{1160}",
            "\u{2800}",
            "\u{61c}",
            "\u{17b4}",
            "\u{17b5}",
            "\u{1ab0}",
            "\u{1dc0}",
            "\u{3099}",
            "\u{483}",
            "\u{1680}",
            "\u{e0100}",
            "\u{e01ef}",
            "\u{fe00}",
            "\u{fe0f}",
            "\u{e0000}",
            "\u{e007f}",
            "\u{1d173}",
            "\u{1d17a}",
            "\u{e000}",
            "\u{f8ff}",
            "\u{f0000}",
            "\u{10fffd}",
            "\u{fdd0}",
            "\u{600}",
        ];
        let seen = [
            "。",
            "；",
            "ㅡ",
            "ж",
            "˙",
            ".",
            "·",
            "|",
            "/",
            "_",
            "-",
            "*",
            "、",
            "，",
            ",",
            "!",
            "?",
            "~",
            "\n",
            "丨",
            "一",
            "a",
            "1",
            "1a",
            "。。",
            " ж ",
            "ж\u{3164}",
            "【",
            "】",
            "%",
            "@",
            ":",
            "&",
            "☆",
            "ん",
        ];
        for between in unseen.into_iter().chain(seen) {
            let text = format!("【云栖百货】{} 拒收请回复R", letters.join(between));
            assert_eq!(class(&text), Class::Commercial, "{text:?}");
        }
        let turns = ["。", "；", "ж", "˙", "|", "/", "_"].into_iter().cycle();
        let text: String = letters.iter().map(String::as_str).zip(turns).flat_map(|(a, b)| [a, b]).collect();
        assert_eq!(class(&format!("【云栖百货】{text} 拒收请回复R")), Class::Commercial, "{text}");
        let text = "【云栖百货】双11全ж场五ж折，满й300减50，速ж来抢购 拒收请回复R";
        assert_eq!(class(text), Class::Commercial);
    }

    /// What letters are set apart by makes no notice an offer.
    #[test]
    fn a_notice_set_apart_is_a_notice() {
        let text = "您的验证码是123456，请勿告诉他人";
        for between in ["ж", "。", "\u{3164}", ".", " "] {
            let letters: Vec<String> = text.chars().map(String::from).collect();
            assert_eq!(class(&letters.join(between)), Class::NotCommercial, "{between:?}");
        }
        for text in ["购物清单：米、油、盐、酱、醋、茶、糖、面", "成绩：语/数/英/物/化/生/政/史"]
        {
            assert_ne!(class(text), Class::Commercial, "{text}");
        }
    }

    /// A code appended to an offer makes no notice of it; one that says what it verifies stays a code.
    #[test]
    fn a_bare_code_beside_an_offer_is_none() {
        let check = |text: &str, class: Class, code: Known| {
            let judged = Judge::shipped().judge(text, &mut Scratch::default());
            assert_eq!((judged.class, judged.text.code), (class, code), "{text}");
        };
        check("【云栖百货】双11全场五折，满300减50，速来抢购 验证码8888", Class::Commercial, Known::No);
        check(
            "【云栖百货】双11全场五折，满300减50，速来抢购 验证码8888 拒收请回复R",
            Class::Commercial,
            Known::No,
        );
        check(
            "【云栖百货】验证码8888。双11全场五折，满300减50，速来抢购，拒收请回复R",
            Class::Commercial,
            Known::No,
        );
        check("【云栖百货】双11全场五折，注册即送50元礼包，校验码：8888", Class::Commercial, Known::No);
        check("双11全场五折 验证码8888", Class::Commercial, Known::No);
        check("【某店】新品上市 验证码8888", Class::Commercial, Known::No);
        check("【某商城】验证码123456，5分钟内有效。双11全场五折，退订回T", Class::Mixed, Known::Yes);
        check("【某商城】您的验证码是123456。双11全场五折，满300减50，退订回T", Class::Mixed, Known::Yes);
        check("【某商城】登录验证码123456，全场五折，退订回T", Class::Mixed, Known::Yes);
        check("【某商城】验证码8888", Class::NotCommercial, Known::Yes);
        check("【某商城】验证码482913，请勿泄露", Class::NotCommercial, Known::Yes);
    }

    /// Asking leave to send offers is a step of sending them.
    #[test]
    fn a_request_for_consent_is_commercial() {
        for text in [
            "【云栖百货】您是否同意接收我们的促销信息？每月2条，为期一年，同意请回复Y",
            "您是否同意接收我们的促销信息？同意请回复Y",
            "【云栖百货】可否向您发送商业性短信？可以请回Y",
        ] {
            let judged = Judge::shipped().judge(text, &mut Scratch::default());
            assert_eq!((judged.class, judged.cue.id()), (Class::Commercial, "consent_request"), "{text}");
            assert!(text.get(judged.clause).is_some_and(|c| c.contains(['同', '可'])), "{text}");
        }
        assert_ne!(class("【某医院】您是否同意接收就诊提醒短信？同意请回复Y"), Class::Commercial);
    }

    /// A telephone that folds is no discount.
    #[test]
    fn folds_are_no_discounts() {
        assert_eq!(Judge::shipped().judge("三折叠手机", &mut Scratch::default()).cue.id(), "wording");
    }
}
