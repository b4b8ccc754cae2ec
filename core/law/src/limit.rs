//! Sums, terms and lines: data that an article sets, never written in Rust.

use anning_vocab::{Fen, Interval, Mark, Role, Set};

use crate::error::Place;

/// One row of what a penalty provision allows.
///
/// Several rows may share an `id`: steps by gain, tiers, and the same provision under its former number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Penalty {
    /// Such as `AD-62`.
    pub id: String,
    /// The article that sets it.
    pub article: String,
    /// Where it is written.
    pub place: Place,
    /// Acts on these days.
    pub interval: Interval,
    /// How far its text is verified.
    pub mark: Mark,
    /// Articles, or whole instruments, whose breach it punishes.
    pub punishes: Vec<String>,
    /// Who is punished.
    pub roles: Set<Role>,
    /// The fine is optional (可以).
    pub optional: bool,
    /// Warning, confiscation and fine singly or together (单处或者并处).
    pub singly: bool,
    /// What must have happened first.
    pub precondition: Precondition,
    /// Applies only where no other law or regulation sets a penalty.
    pub subsidiary: bool,
    /// The step of illegal gain that this row is for.
    pub gain: GainStep,
    /// The fine.
    pub fine: Fine,
    /// What comes besides the fine.
    pub other: Vec<Sanction>,
    /// Who imposes it, in the words of the text.
    pub authority: String,
    /// Fine on responsible persons: from, to.
    pub persons: Option<(Fen, Fen)>,
    /// Row of the obligation table.
    pub obligation: Option<String>,
}

/// What must have happened before a row applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precondition {
    /// Nothing.
    None,
    /// 拒不改正.
    RefusedCorrection,
    /// 情节严重.
    Serious,
    /// 拒不改正或者情节严重.
    RefusedOrSerious,
}

/// Which illegal gain a row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GainStep {
    /// Whatever the gain.
    Any,
    /// There is a gain.
    Some,
    /// There is none.
    None,
    /// A gain of at least so much.
    AtLeast(Fen),
    /// None, or less than so much.
    Below(Fen),
}

impl GainStep {
    /// Is a gain of this size on this step?
    #[must_use]
    pub fn admits(self, gain: Fen) -> bool {
        match self {
            Self::Any => true,
            Self::Some => gain > Fen(0),
            Self::None => gain <= Fen(0),
            Self::AtLeast(floor) => gain >= floor,
            Self::Below(ceiling) => gain < ceiling,
        }
    }
}

/// How a fine is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fine {
    /// No fine in this row.
    None,
    /// From, to.
    Range {
        /// Least.
        min: Fen,
        /// Most.
        max: Fen,
    },
    /// Times the illegal gain.
    MultipleOfGain {
        /// Least multiple; 0 where the text names none.
        min: u16,
        /// Greatest multiple.
        max: u16,
        /// Never more than this, if capped.
        cap: Option<Fen>,
    },
    /// Up to.
    MaxOnly {
        /// Most.
        max: Fen,
    },
    /// Up to a sum or a share of last year's turnover.
    TurnoverShare {
        /// Hundredths of turnover.
        percent: u16,
        /// The sum.
        max: Fen,
    },
}

/// What an authority may impose besides a fine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sanction {
    /// 责令改正, 责令停止违法行为.
    Order,
    /// 警告, 通报批评.
    Warning,
    /// 没收违法所得.
    Confiscation,
    /// 暂停业务, 停业整顿.
    Suspension,
    /// 吊销许可证或者营业执照.
    Licence,
    /// 向社会公告, 公布.
    Publicity,
    /// 记入信用档案.
    Credit,
    /// 行政拘留.
    Detention,
    /// 禁止担任职务.
    Bar,
}

impl Sanction {
    /// Code and Chinese word of each.
    pub const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Order, "order", "责令改正"),
        (Self::Warning, "warning", "警告"),
        (Self::Confiscation, "confiscation", "没收违法所得"),
        (Self::Suspension, "suspension", "停业或者暂停业务"),
        (Self::Licence, "licence", "吊销许可证或者执照"),
        (Self::Publicity, "publicity", "向社会公布"),
        (Self::Credit, "credit", "记入信用档案"),
        (Self::Detention, "detention", "拘留"),
        (Self::Bar, "bar", "禁止任职"),
    ];

    /// The word used in files, which is English too.
    #[must_use]
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(sanction, ..)| *sanction == self).map_or("", |(_, code, _)| code)
    }

    /// The Chinese word.
    #[must_use]
    pub fn zh(self) -> &'static str {
        Self::ALL.iter().find(|(sanction, ..)| *sanction == self).map_or("", |(.., zh)| zh)
    }

    /// The member with this code, if any.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, c, _)| *c == code).map(|(sanction, ..)| *sanction)
    }
}

/// A clock or a retention term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Such as `sms-log`.
    pub id: String,
    /// The article that sets it.
    pub article: String,
    /// Where it is written.
    pub place: Place,
    /// When it is in force.
    pub interval: Interval,
    /// How far its text is verified.
    pub mark: Mark,
    /// What it is for.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// At least, at most or exactly.
    pub bound: Bound,
    /// How many.
    pub amount: u32,
    /// Of what.
    pub unit: Unit,
    /// What it runs from.
    pub runs_from: String,
    /// Row of the obligation table.
    pub obligation: Option<String>,
}

/// How a term binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bound {
    /// Not shorter.
    AtLeast,
    /// Not longer.
    AtMost,
}

/// What a term is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Hours.
    Hours,
    /// Calendar days.
    Days,
    /// Working days.
    WorkingDays,
    /// Months.
    Months,
    /// Years.
    Years,
}

/// A line that an article draws: so many yuan, or so many records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// Such as `PI-5-7`.
    pub id: String,
    /// The article that sets it.
    pub article: String,
    /// Where it is written.
    pub place: Place,
    /// When it is in force.
    pub interval: Interval,
    /// How far its text is verified.
    pub mark: Mark,
    /// What lies beyond it.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// Where it lies.
    pub at_least: Measure,
    /// Row of the obligation table.
    pub obligation: Option<String>,
}

/// What a line is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Money.
    Money(Fen),
    /// Records, persons or items.
    Count(u32),
}
