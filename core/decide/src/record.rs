//! The record of a decision: what a receipt proves.
//!
//! It holds no address, no name and no text: hashes stand for them, and the opened [`crate::Evidence`] must
//! hash to what is recorded. Every byte is defined in `spec/receipt.md`.

use anning_law::{Law, ProvisionId, rules};
use anning_ledger::{CborError, Hash, Value};
use anning_vocab::{Answer, Caveat, Caveats, Class, Date, Timestamp};

use crate::binds::Binds;
use crate::clearance::ClearanceKind;
use crate::decision::{Decision, Outcome, Treatment};
use crate::findings::Masks;
use crate::house::{House, HouseGround};

/// What was decided, when, and on what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecisionRecord {
    /// Time of sending: the law of that day was asked.
    pub sent_at: Timestamp,
    /// Under which provisions it was judged.
    pub treatment: Treatment,
    /// What its content read as.
    pub class: Class,
    /// Answers under the stricter reading; bit `n` is provision `n` of the law pack's list.
    pub strict: Masks,
    /// Answers under the more lenient reading.
    pub lenient: Masks,
    /// What the reader must be told besides.
    pub caveats: Caveats,
    /// What house policy said, apart from the law.
    pub house: House,
    /// What was to be done.
    pub outcome: Outcome,
    /// What the message went out on, if it did.
    pub clearance: Option<ClearanceKind>,
    /// Law pack, judge, policy, brand graph and log position.
    pub binds: Binds,
    /// Shard of the log that decided.
    pub shard: u16,
    /// What stands for the evidence.
    pub sealed: Sealed,
}

/// What stands in a record for what must not: each is salted with the evidence's own blind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Hash of the message: its facts and text.
    pub message: Hash,
    /// Hash of everything that was decided on.
    pub evidence: Hash,
    /// Commitment to the recipient.
    pub recipient: Hash,
}

/// Why bytes are no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordError {
    /// Not deterministic CBOR.
    Cbor(CborError),
    /// This field is not what it must be.
    Field(&'static str),
}

impl core::fmt::Display for RecordError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Cbor(error) => error.fmt(f),
            Self::Field(name) => write!(f, "decision record holds something else than it must in: {name}"),
        }
    }
}
impl core::error::Error for RecordError {}

impl DecisionRecord {
    /// The record of one decision.
    #[must_use]
    pub fn new(
        decision: &Decision,
        sent_at: Timestamp,
        class: Class,
        clearance: Option<ClearanceKind>,
        binds: Binds,
        shard: u16,
        sealed: Sealed,
    ) -> Self {
        Self {
            sent_at,
            treatment: decision.treatment,
            class,
            strict: decision.findings.strict,
            lenient: decision.findings.lenient,
            caveats: decision.caveats,
            house: decision.house,
            outcome: decision.outcome,
            clearance,
            binds,
            shard,
            sealed,
        }
    }

    /// The bytes that are committed to.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let lenient = if self.lenient == self.strict { Vec::new() } else { masks(self.lenient) };
        let hash = |hash: Hash| Value::Bytes(hash.to_vec());
        let position = |list: &[Treatment], one| index(list.iter().position(|t| *t == one));
        Value::List(vec![
            Value::Int(VERSION),
            Value::Int(self.sent_at.millis()),
            position(&TREATMENTS, self.treatment),
            index(Some(self.class.index())),
            Value::Bytes(masks(self.strict)),
            Value::Bytes(lenient),
            Value::Int(i64::from(self.caveats.bits())),
            house(self.house),
            outcome(self.outcome),
            index(
                self.clearance.map_or(Some(0), |c| CLEARANCES.iter().position(|k| *k == c).map(|at| at + 1)),
            ),
            hash(self.binds.law),
            hash(self.binds.judge),
            hash(self.binds.policy),
            hash(self.binds.brands),
            Value::Int(i64::try_from(self.binds.log_position).unwrap_or(i64::MAX)),
            Value::Int(i64::from(self.shard)),
            hash(self.sealed.message),
            hash(self.sealed.evidence),
            hash(self.sealed.recipient),
        ])
        .to_bytes()
    }

    /// Reads a record.
    ///
    /// # Errors
    /// [`RecordError`] names the field that is not what it must be.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RecordError> {
        let value = Value::from_bytes(bytes, RECORD_MAX).map_err(RecordError::Cbor)?;
        let mut fields = value.into_list().ok_or(RecordError::Field("record"))?.into_iter();
        let mut next = |name| fields.next().ok_or(RecordError::Field(name));
        let version: i64 = read(next("version")?, "version", Value::into_int)?;
        if version != VERSION {
            return Err(RecordError::Field("version"));
        }
        let sent_at = Timestamp::from_millis(read(next("sent_at")?, "sent_at", Value::into_int)?);
        let treatment = read(next("treatment")?, "treatment", |v| member(v, &TREATMENTS))?;
        let class = read(next("class")?, "class", |v| member(v, Class::ALL))?;
        let strict = read(next("strict")?, "strict", read_masks)?;
        let lenient = read(next("lenient")?, "lenient", |v| read_lenient(v, strict))?;
        let caveats = read(next("caveats")?, "caveats", read_caveats)?;
        let house = read(next("house")?, "house", read_house)?;
        let outcome = read(next("outcome")?, "outcome", read_outcome)?;
        let clearance = read(next("clearance")?, "clearance", read_clearance)?;
        let mut hash = |name| read(next(name)?, name, read_hash);
        let (law, judge, policy, brands) = (hash("law")?, hash("judge")?, hash("policy")?, hash("brands")?);
        let log_position = read(next("log_position")?, "log_position", Value::into_int)?;
        let shard = read(next("shard")?, "shard", Value::into_int)?;
        let mut hash = |name| read(next(name)?, name, read_hash);
        let sealed =
            Sealed { message: hash("message")?, evidence: hash("evidence")?, recipient: hash("recipient")? };
        if fields.next().is_some() {
            return Err(RecordError::Field("record"));
        }
        let binds = Binds { law, judge, policy, brands, log_position };
        Ok(Self {
            sent_at,
            treatment,
            class,
            strict,
            lenient,
            caveats,
            house,
            outcome,
            clearance,
            binds,
            shard,
            sealed,
        })
    }

    /// Provisions that answered, with the answers under both readings, in order.
    pub fn answers(&self) -> impl Iterator<Item = (ProvisionId, Answer, Answer)> {
        let applicable = self.strict.applicable() | self.lenient.applicable();
        let (strict, lenient) = (self.strict, self.lenient);
        ProvisionId::ALL
            .iter()
            .filter(move |p| applicable & p.bit() != 0)
            .map(move |p| (*p, strict.answer(*p), lenient.answer(*p)))
    }

    /// The record in words: what stands beside the proof in a receipt that people read.
    #[must_use]
    pub fn words(&self) -> Value {
        let hex = |hash: &Hash| Some(Value::text(anning_ledger::hex::encode(hash)));
        let day = self.sent_at.date();
        let answers = self.answers().map(|(provision, strict, lenient)| {
            Value::map([
                ("article", Some(Value::text(article_on(provision, day)))),
                ("provision", Some(Value::text(provision.code()))),
                ("strict", Some(Value::text(strict.code()))),
                ("lenient", Some(Value::text(lenient.code()))),
            ])
        });
        let until = match self.outcome {
            Outcome::Hold(until) => Some(Value::text(until.to_string())),
            Outcome::Allow | Outcome::Deny | Outcome::FailOpen => None,
        };
        let caveats = self.caveats.iter().map(|caveat| Value::text(caveat.code()));
        let house = match self.house {
            House::Pass => "pass",
            House::Deny(ground) | House::Hold(ground, _) => ground.code(),
        };
        Value::map([
            ("sent_at", Some(Value::text(self.sent_at.to_string()))),
            ("treatment", Some(Value::text(self.treatment.code()))),
            ("class", Some(Value::text(self.class.code()))),
            ("outcome", Some(Value::text(self.outcome.code()))),
            ("until", until),
            ("clearance", Some(Value::text(self.clearance.map_or("none", ClearanceKind::code)))),
            ("house", Some(Value::text(house))),
            ("findings", Some(Value::List(answers.collect()))),
            ("caveats", Some(Value::List(caveats.collect()))),
            ("law_pack", hex(&self.binds.law)),
            ("judge", hex(&self.binds.judge)),
            ("policy", hex(&self.binds.policy)),
            ("brands", hex(&self.binds.brands)),
            ("log_position", Some(Value::Int(i64::try_from(self.binds.log_position).unwrap_or(i64::MAX)))),
            ("shard", Some(Value::Int(i64::from(self.shard)))),
            ("message", hex(&self.sealed.message)),
            ("evidence", hex(&self.sealed.evidence)),
            ("recipient", hex(&self.sealed.recipient)),
        ])
    }
}

/// Where a provision stood on a day, such as `cn/adlaw/43/1`: an amendment may number its article anew.
#[must_use]
pub fn article_on(provision: ProvisionId, day: Date) -> String {
    let bound = Law::embedded().bindings().iter();
    let bound = bound.filter(|b| b.provision == provision).find(|b| b.interval.contains(day));
    let rule = rules().iter().find(|rule| rule.id == provision);
    match (bound, rule) {
        (Some(bound), Some(rule)) if rule.paragraph > 0 => format!("{}/{}", bound.article, rule.paragraph),
        (Some(bound), _) => bound.article.to_owned(),
        (None, _) => article(provision),
    }
}

/// Where a provision was first written, such as `cn/adlaw/43/1`.
#[must_use]
pub fn article(provision: ProvisionId) -> String {
    let rule = rules().iter().find(|rule| rule.id == provision);
    match rule.map(|rule| (rule.article, rule.paragraph)) {
        Some((article, 0)) => article.to_owned(),
        Some((article, paragraph)) => format!("{article}/{paragraph}"),
        None => provision.code().to_owned(),
    }
}

impl Treatment {
    /// The code used in files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Commercial => "commercial",
            Self::ConsentRequest => "consent_request",
            Self::Outside => "outside",
        }
    }
}

impl Outcome {
    /// The code used in files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
            Self::Hold(_) => "hold",
            Self::FailOpen => "fail_open",
        }
    }
}

impl ClearanceKind {
    /// The code used in files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Permit => "permit",
            Self::ShadowPass => "shadow_pass",
            Self::FailOpen => "fail_open",
        }
    }
}

fn read<T>(value: Value, name: &'static str, of: impl FnOnce(Value) -> Option<T>) -> Result<T, RecordError> {
    of(value).ok_or(RecordError::Field(name))
}

fn index(at: Option<usize>) -> Value {
    Value::Int(at.and_then(|at| i64::try_from(at).ok()).unwrap_or(i64::MAX))
}

fn member<T: Copy>(value: Value, list: &[T]) -> Option<T> {
    list.get(value.into_int::<usize>()?).copied()
}

fn masks(masks: Masks) -> Vec<u8> {
    [masks.met, masks.breached, masks.unproved, masks.unclear]
        .into_iter()
        .flat_map(u64::to_be_bytes)
        .collect()
}

fn read_masks(value: Value) -> Option<Masks> {
    let bytes = value.into_byte_string()?;
    let mut words = bytes.chunks(8).map(|chunk| chunk.try_into().ok().map(u64::from_be_bytes));
    let mut next = || words.next().flatten();
    let masks = Masks { met: next()?, breached: next()?, unproved: next()?, unclear: next()? };
    let answers = [masks.met, masks.breached, masks.unproved, masks.unclear];
    // One answer a provision.
    let single = answers.iter().map(|mask| mask.count_ones()).sum::<u32>() == masks.applicable().count_ones();
    (bytes.len() == 32 && single).then_some(masks)
}

/// Left empty where the readings agree.
fn read_lenient(value: Value, strict: Masks) -> Option<Masks> {
    if value == Value::Bytes(Vec::new()) {
        return Some(strict);
    }
    read_masks(value).filter(|lenient| *lenient != strict)
}

fn read_caveats(value: Value) -> Option<Caveats> {
    let bits = value.into_int::<u32>()?;
    (bits & !anning_vocab::Set::<Caveat>::all().bits() == 0).then(|| Caveats::from_bits(bits))
}

fn house(house: House) -> Value {
    let ground = |ground| index(GROUNDS.iter().position(|g| *g == ground));
    Value::List(match house {
        House::Pass => vec![],
        House::Deny(why) => vec![ground(why)],
        House::Hold(why, until) => vec![ground(why), Value::Int(until.millis())],
    })
}

fn read_house(value: Value) -> Option<House> {
    let mut items = value.into_list()?.into_iter();
    let (ground, until, more) = (items.next(), items.next(), items.next());
    match (ground, until, more) {
        (None, ..) => Some(House::Pass),
        (Some(ground), None, _) => Some(House::Deny(member(ground, &GROUNDS)?)),
        (Some(ground), Some(until), None) => {
            Some(House::Hold(member(ground, &GROUNDS)?, Timestamp::from_millis(until.into_int()?)))
        }
        (Some(_), Some(_), Some(_)) => None,
    }
}

fn outcome(outcome: Outcome) -> Value {
    Value::List(match outcome {
        Outcome::Allow => vec![Value::Int(0)],
        Outcome::Deny => vec![Value::Int(1)],
        Outcome::Hold(until) => vec![Value::Int(2), Value::Int(until.millis())],
        Outcome::FailOpen => vec![Value::Int(3)],
    })
}

fn read_outcome(value: Value) -> Option<Outcome> {
    let mut items = value.into_list()?.into_iter();
    let kind: u8 = items.next()?.into_int()?;
    let (until, more) = (items.next(), items.next());
    match (kind, until, more) {
        (0, None, _) => Some(Outcome::Allow),
        (1, None, _) => Some(Outcome::Deny),
        (2, Some(until), None) => Some(Outcome::Hold(Timestamp::from_millis(until.into_int()?))),
        (3, None, _) => Some(Outcome::FailOpen),
        (_, _, _) => None,
    }
}

fn read_clearance(value: Value) -> Option<Option<ClearanceKind>> {
    match value.into_int::<usize>()?.checked_sub(1) {
        None => Some(None),
        Some(at) => CLEARANCES.get(at).copied().map(Some),
    }
}

fn read_hash(value: Value) -> Option<Hash> {
    value.into_byte_string()?.try_into().ok()
}

/// The form of a record that this reads and writes.
const VERSION: i64 = 1;
/// A record has no part that grows: 428 bytes at most.
pub const RECORD_MAX: usize = 512;
const TREATMENTS: [Treatment; 3] = [Treatment::Commercial, Treatment::ConsentRequest, Treatment::Outside];
const GROUNDS: [HouseGround; 4] =
    [HouseGround::BrandRefusal, HouseGround::NotFiled, HouseGround::QuietHours, HouseGround::Cap];
const CLEARANCES: [ClearanceKind; 3] =
    [ClearanceKind::Permit, ClearanceKind::ShadowPass, ClearanceKind::FailOpen];
