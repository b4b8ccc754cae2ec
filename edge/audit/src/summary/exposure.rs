//! What it may cost: candidate penalties by party and role, as ranges of the texts, never as a forecast.
//!
//! Only breached sends ground an exposure. Unproved ones stand beside as a count: a regulator still has
//! to find a breach.

use anning_vocab::{Mark, Role};
use serde::{Deserialize, Serialize};

use super::{Code, Words};

/// One party in one role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exposure {
    /// Party id; the empty string when the log names none.
    pub party: String,
    /// Its name, if the input gives one.
    pub name: Option<String>,
    /// The role in which it answers.
    pub role: Code<Role>,
    /// Breached sends for which it answers in this role.
    pub breached: u64,
    /// Unproved sends for which it would answer; they ground nothing here.
    pub unproved: u64,
    /// First and last day of the breached sends.
    pub period: Option<(String, String)>,
    /// How many acts it may be.
    pub acts: Acts,
    /// Illegal gain in fen, if known; none is *not computable*, never zero.
    pub gain: Option<i64>,
    /// Confiscation of that gain (Administrative Penalty Law 28).
    pub confiscation: Confiscation,
    /// Provisions under which a penalty may be imposed, chosen first.
    pub candidates: Vec<Candidate>,
    /// Which fine remains when several provisions fine one act (Administrative Penalty Law 29).
    pub concurrence: Option<Concurrence>,
    /// Questions the texts leave open; shown as open.
    pub open: Vec<Words>,
}

/// How many acts the sends may be held to be. The count is for a person to decide.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acts {
    /// By default.
    pub usual: u64,
    /// Other counts that can be argued.
    pub others: Vec<u64>,
    /// Why.
    pub reason: Words,
}

/// Confiscation of illegal gain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confiscation {
    /// Amount in fen after refunds; none when not computable or not available.
    pub amount: Option<i64>,
    /// Article it rests on; none when no text in force at the act provides it.
    pub article: Option<String>,
    /// What the reader must know.
    pub note: Option<Words>,
}

/// Kind of penalty or measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PenaltyKind {
    /// 责令改正, 责令停止.
    Order,
    /// 警告.
    Warning,
    /// 没收违法所得.
    Confiscation,
    /// 罚款.
    Fine,
    /// 责令停业整顿, 暂停业务.
    Suspension,
    /// 吊销许可证件.
    Licence,
    /// 限制从业.
    Bar,
    /// 公示, 通报.
    Publicity,
    /// 记入信用档案.
    Credit,
}

/// How a text sets its fine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FineForm {
    /// From a sum to a sum.
    Range,
    /// A multiple of the gain.
    Multiple,
    /// Up to a sum.
    MaxOnly,
    /// Up to a share of last year's turnover.
    TurnoverShare,
}

/// A fine as the text sets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fine {
    /// How it is set.
    pub form: FineForm,
    /// Least, in fen, where it can be computed.
    pub min: Option<i64>,
    /// Most, in fen, where it can be computed.
    pub max: Option<i64>,
    /// The multiple, for [`FineForm::Multiple`]: least and most.
    pub times: Option<(u32, u32)>,
    /// Hundredths of a per cent of turnover, for [`FineForm::TurnoverShare`].
    pub turnover_bp: Option<u32>,
}

/// Where a candidate stands among the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Its fine is the one that remains.
    Chosen,
    /// Whether it applies is an open question; both are shown.
    Open,
    /// Applies only if its precondition comes about.
    Conditional,
    /// Its fine gives way to a higher one; its other kinds remain.
    Absorbed,
    /// Subsidiary: another law sets the penalty.
    GivesWay,
    /// The text of its penalty is not loaded: blocked, no fall-back.
    Blocked,
    /// Past limitation on the dates given.
    Barred,
}

/// One penalty provision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Rule id, such as `AD-62`.
    pub rule: String,
    /// Article in the numbering of the act date.
    pub article: String,
    /// Name of the instrument and article, in words.
    pub title: Words,
    /// How far the text is verified.
    pub mark: Code<Mark>,
    /// Where it stands.
    pub standing: Standing,
    /// Kinds it provides.
    pub kinds: Vec<PenaltyKind>,
    /// Its fine, if it provides one.
    pub fine: Option<Fine>,
    /// The authority may, but need not, fine.
    pub optional: bool,
    /// What must hold first, such as refusal to correct.
    pub preconditions: Vec<Words>,
    /// Ids of the provisions whose breach grounds it.
    pub provisions: Vec<String>,
    /// Breached sends that ground it.
    pub breached: u64,
    /// Why it stands where it stands.
    pub note: Option<Words>,
}

/// The fine that remains.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concurrence {
    /// Article applied.
    pub article: String,
    /// Rule whose fine remains; none when the question is open.
    pub chosen: Option<String>,
    /// Least, in fen, of the fine that remains.
    pub min: Option<i64>,
    /// Most, in fen.
    pub max: Option<i64>,
    /// How it was compared.
    pub note: Words,
}

impl Exposure {
    pub(super) fn settle(&mut self) {
        self.candidates.sort_by(|a, b| a.standing.cmp(&b.standing).then(a.rule.cmp(&b.rule)));
        for candidate in &mut self.candidates {
            candidate.kinds.sort();
            candidate.provisions.sort();
        }
    }
}
