//! What stands around a message: the signature, the way to refuse, a telephone line.

use core::ops::Range;

use anning_vocab::ContentKind;

use crate::random::Stream;
use crate::template::Slots;
use crate::{Label, Want};

/// What decides the envelope.
#[derive(Debug)]
pub(crate) struct Envelope<'a> {
    pub(crate) label: Label,
    pub(crate) mixed: bool,
    pub(crate) code: bool,
    pub(crate) kind: ContentKind,
    pub(crate) english: bool,
    pub(crate) want: &'a Want<'a>,
}

impl Envelope<'_> {
    /// Joins the parts, flagged as offers or not; answers text, where the offer stands, refusal told.
    pub(crate) fn wrap(
        &self,
        parts: Vec<(String, bool)>,
        slots: &Slots,
        stream: &mut Stream,
    ) -> (String, Option<Range<usize>>, bool) {
        let mut text = String::new();
        let signature = self.signature(slots, stream);
        let front = self.want.signature.is_some() || stream.chance(60);
        if front {
            text.push_str(&signature);
        }
        let mut offer = None;
        let joint = if self.english { [" ", ". ", "\n", " - "] } else { ["。", "！", " ", ""] };
        for (at, (part, is_offer)) in parts.iter().enumerate() {
            if at > 0 && !text.ends_with(['。', '！', '!', '.', '？', '~', '；']) {
                text.push_str(stream.one(&joint).copied().unwrap_or_default());
            }
            let from = text.len();
            text.push_str(part);
            if *is_offer {
                offer = Some(from..text.len());
            }
        }
        let refusal = self.refusal(stream);
        if refusal {
            let slot = if self.english { "refusal_en" } else { "refusal" };
            self.slot(slots, slot, stream, &mut text);
        }
        if !front {
            text.push_str(&signature);
        }
        (text, offer, refusal)
    }

    fn refusal(&self, stream: &mut Stream) -> bool {
        if let Some(wanted) = self.want.refusal {
            return wanted;
        }
        // Notices tell a way to refuse too: the words must not decide by themselves.
        stream.chance(match (self.label, self.mixed, self.code) {
            (_, _, true) => 4,
            (_, true, _) => 25,
            (Label::Marketing, ..) => 38,
            (Label::Service, ..) => 9,
            (Label::Other, ..) => 6,
            (Label::Otp | Label::Personal, ..) => 0,
        })
    }

    fn signature(&self, slots: &Slots, stream: &mut Stream) -> String {
        let (open, close) = if stream.chance(90) { ('【', '】') } else { ('[', ']') };
        if let Some(given) = self.want.signature {
            return if given.is_empty() { String::new() } else { format!("【{given}】") };
        }
        let signed = match self.label {
            Label::Personal => 0,
            Label::Marketing if self.mixed => 80,
            Label::Marketing => 50,
            Label::Service | Label::Otp => 80,
            Label::Other => 60,
        };
        if self.english || !stream.chance(signed) {
            return String::new();
        }
        let mut name = String::new();
        let of_kind = format!("sign_{}", self.kind.code());
        let slot =
            if slots.find(&of_kind).is_some() && stream.chance(80) { of_kind } else { "sign_any".to_owned() };
        self.slot(slots, &slot, stream, &mut name);
        if name.is_empty() { name } else { format!("{open}{name}{close}") }
    }

    fn slot(&self, slots: &Slots, name: &str, stream: &mut Stream, out: &mut String) {
        if let Some(at) = slots.find(name) {
            slots.write(at, stream, out, &mut Vec::new());
        }
    }
}
