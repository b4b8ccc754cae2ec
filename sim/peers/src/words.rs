//! What a simulated sender writes, and to whom.

use anning_text::{Coding, Cut, Marking, Room, SplitFault};

use crate::protocol::Protocol;

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A one-time code.
    Code,
    /// A notice about something ordered.
    Service,
    /// An offer.
    Campaign,
    /// An offer in several segments.
    Long,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Code, Self::Service, Self::Campaign, Self::Long];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Service => "service",
            Self::Campaign => "campaign",
            Self::Long => "long",
        }
    }

    pub(crate) const fn place(self) -> usize {
        match self {
            Self::Code => 0,
            Self::Service => 1,
            Self::Campaign => 2,
            Self::Long => 3,
        }
    }

    /// A text of ours: `{n}` becomes the message's number, so that no two are the same, nor any of their segments.
    const fn template(self) -> &'static str {
        match self {
            Self::Code => "【云栖百货】您的验证码是{n}，5分钟内有效，请勿告诉他人",
            Self::Service => "【云栖百货】您的订单{n}已发货，预计明天送达，请保持电话畅通",
            Self::Campaign => {
                "【云栖百货】今晚八点全场五折，满300减50，领券 yq.example/{n} 客服4008123123 拒收请回复R"
            }
            Self::Long => {
                "【云栖百货】尊敬的{n}号会员，周年庆今日开幕，家电、服饰、美妆、母婴全场五折起，满300减50，满600减120，上不封顶，\
                 更有整点秒杀；凭会员号{n}加赠双倍积分，到店再领新品试用装一份，前一千名顾客另有礼品相送，数量有限，送完为止，先到先得，\
                 欢迎带家人朋友同来选购。点击领券 https://yq.example/{n} 客服4008123123 拒收请回复R"
            }
        }
    }
}

/// How many of each kind in a hundred, or in whatever they add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mix(pub [u32; 4]);

impl Default for Mix {
    fn default() -> Self {
        Self([20, 30, 40, 10])
    }
}

impl Mix {
    /// Of one kind alone.
    #[must_use]
    pub const fn only(kind: Kind) -> Self {
        match kind {
            Kind::Code => Self([1, 0, 0, 0]),
            Kind::Service => Self([0, 1, 0, 0]),
            Kind::Campaign => Self([0, 0, 1, 0]),
            Kind::Long => Self([0, 0, 0, 1]),
        }
    }

    /// Reads `code=20,service=30,campaign=40,long=10`; what is left out has none. None if it is no such list.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut mix = [0; 4];
        for part in text.split(',') {
            let (name, share) = part.split_once('=')?;
            let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name.trim())?;
            *mix.get_mut(kind.place())? = share.trim().parse::<u16>().ok()?.into();
        }
        mix.iter().any(|share| *share > 0).then_some(Self(mix))
    }

    /// The kind of the `serial`th message: every run the same, and kinds well mixed.
    #[must_use]
    pub fn kind(self, serial: u64) -> Kind {
        let total: u64 = self.0.iter().map(|share| u64::from(*share)).sum();
        let total = total.max(1);
        // A step that shares no divisor with the total visits every place once.
        let step = if total.is_multiple_of(STEP) { 1 } else { STEP };
        let mut place = serial % total * step % total;
        for (kind, share) in Kind::ALL.into_iter().zip(self.0) {
            match place.checked_sub(share.into()) {
                Some(rest) => place = rest,
                None => return kind,
            }
        }
        Kind::Service
    }
}

/// Whom a sender writes to: so many numbers from the first on, in turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recipients {
    /// The first, eleven digits.
    pub first: u64,
    /// How many.
    pub count: u64,
}

impl Recipients {
    /// Reads `13800000000+1000`; a number alone is one recipient.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (first, count) = text.split_once('+').unwrap_or((text, "1"));
        let (first, count) = (first.parse().ok()?, count.parse().ok()?);
        (count > 0 && (10_000_000_000..=19_999_999_999_u64).contains(&first)).then_some(Self { first, count })
    }

    pub(crate) const fn of(self, serial: u64) -> u64 {
        let count = if self.count == 0 { 1 } else { self.count };
        self.first + serial % count
    }
}

/// The text of the `serial`th message, from our template or the sender's own.
pub(crate) fn text(kind: Kind, own: &[String], serial: u64) -> String {
    let place = usize::try_from(serial).unwrap_or(0).checked_rem(own.len()).unwrap_or(0);
    let template = own.get(place).map_or(kind.template(), String::as_str);
    // Six digits at least, as codes have.
    template.replace("{n}", &format!("{serial:06}"))
}

/// A text as segments in UCS-2.
pub(crate) fn segments(protocol: Protocol, text: &str, reference: u8) -> Result<Vec<Cut>, SplitFault> {
    let room = Room::of(protocol.numbering(), Coding::Ucs2);
    anning_text::split(text, Coding::Ucs2, room, Marking::Short(reference), None)
}

/// UCS-2 in every protocol's numbers.
pub(crate) const UCS2: u8 = 8;
const STEP: u64 = 61;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixes() {
        let check = |text: &str, mix: Option<[u32; 4]>| assert_eq!(Mix::parse(text), mix.map(Mix), "{text}");
        check("code=1", Some([1, 0, 0, 0]));
        check("campaign=40, long=2", Some([0, 0, 40, 2]));
        check("code=0", None);
        check("codes=1", None);
        check("", None);
        let mut counts = [0; 4];
        (0..1_000).for_each(|serial| counts[Mix::default().kind(serial).place()] += 1);
        assert_eq!(counts, [200, 300, 400, 100]);
    }

    #[test]
    fn recipients_in_turn() {
        let three = Recipients::parse("13800000000+3").unwrap();
        assert_eq!([0, 2, 3].map(|n| three.of(n)), [13_800_000_000, 13_800_000_002, 13_800_000_000]);
        assert_eq!(Recipients::parse("138+3"), None);
        assert_eq!(Recipients::parse("13800000000+0"), None);
    }

    #[test]
    fn long_texts_take_segments() {
        for (kind, count) in [(Kind::Code, 1), (Kind::Service, 1), (Kind::Campaign, 1), (Kind::Long, 3)] {
            let cuts = |serial| segments(Protocol::Cmpp3, &text(kind, &[], serial), 1).unwrap();
            assert_eq!(cuts(7).len(), count, "{kind:?}");
            // Whoever looks for what came twice must not find two messages alike in a segment.
            assert!(cuts(7).iter().zip(cuts(8)).all(|(a, b)| a.content != b.content), "{kind:?}");
        }
    }
}
