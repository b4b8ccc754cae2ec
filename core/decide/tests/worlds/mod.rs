//! Random worlds in which everything collides: few parties, few seconds, few brands, and days on which
//! the law changes.

use anning_consent::{BrandAssertion, BrandGraph, Member, Prior, World};
use anning_decide::{Account, Mode, Policy, QuietHours, Reading};
use anning_law::Law;
use anning_vocab::*;

/// SplitMix64: a seed is a whole world, and nothing else is random.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to `n - 1`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// Once in `n`.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// Nothing, more or less half of the time.
    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.once_in(2).then(|| make(self))
    }

    fn rarely<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.once_in(4).then(|| make(self))
    }

    fn flag(&mut self) -> Option<bool> {
        self.of(&[None, Some(true), Some(true), Some(false)])
    }

    fn party(&mut self) -> PartyId {
        PartyId(self.below(PARTIES) as u32)
    }

    fn brand(&mut self) -> BrandId {
        BrandId(self.below(BRANDS) as u32)
    }

    fn port(&mut self) -> PortId {
        PortId(self.below(PORTS) as u32)
    }
}

/// One world and what is asked of it.
pub struct Scene {
    pub world: World,
    pub message: Message,
    pub class: Class,
    pub acts: Vec<Act>,
    pub prior: Vec<Prior>,
    pub policy: Policy,
}

/// Every day on which the law changes, with the days around it, and some ordinary ones.
pub fn days(law: &Law) -> Vec<Date> {
    let changes = law.bindings().iter().flat_map(|b| [Some(b.interval.from), b.interval.until]).flatten();
    let mut days: Vec<Date> = changes.flat_map(|d| (-2..=2).map(move |n| d.plus_days(n))).collect();
    // Ordinary days of the years the product is for, ends of months and years among them.
    let ordinary = ["2005-01-01", "2016-02-29", "2019-12-31", "2021-11-11", "2022-02-28", "2023-01-01"];
    let recent = ["2024-02-29", "2024-06-18", "2025-11-11", "2025-12-31", "2026-06-01", "2027-03-15"];
    days.extend(ordinary.iter().chain(&recent).filter_map(|d| Date::parse(d).ok()));
    days.sort_unstable();
    days.dedup();
    days
}

impl Scene {
    pub fn random(dice: &mut Dice, days: &[Date]) -> Self {
        let day = dice.of(days);
        let (world, day) = (world(dice, day), day);
        let message = message(dice, &world, day);
        let mut acts: Vec<Act> = (0..dice.below(9)).map(|_| act(dice, &world, message.sent_at)).collect();
        acts.sort_by_key(|act| act.occurred);
        let mut prior: Vec<Prior> = (0..dice.below(6)).map(|_| earlier(dice, message.sent_at)).collect();
        prior.sort_by_key(|p| p.sent_at);
        let class = dice.of(&[
            Class::Commercial,
            Class::Commercial,
            Class::Mixed,
            Class::Borderline,
            Class::NotCommercial,
        ]);
        Self { world, message, class, acts, prior, policy: policy(dice) }
    }
}

/// Everything that an assertion can be about.
pub fn members() -> impl Iterator<Item = Member> {
    let parties = (0..PARTIES).map(|n| Member::Party(PartyId(n as u32)));
    let ports = (0..PORTS).map(|n| Member::Port(PortId(n as u32)));
    parties.chain(ports).chain((0..2).map(|n| Member::Signature(SignatureId(n))))
}

/// A handful of terms and of brand assertions, around one day.
fn world(dice: &mut Dice, day: Date) -> World {
    let terms = (0..TERMS).map(|_| terms(dice, day)).collect();
    let assertions: Vec<BrandAssertion> = (0..dice.below(6)).map(|_| assertion(dice, day)).collect();
    World { terms, brands: BrandGraph::new(assertions) }
}

fn assertion(dice: &mut Dice, day: Date) -> BrandAssertion {
    let member = match dice.below(4) {
        0 => Member::Signature(SignatureId(dice.below(2) as u32)),
        1 => Member::Port(dice.port()),
        _ => Member::Party(dice.party()),
    };
    let from = day.plus_days(dice.of(&[-400, -400, -2, -1, 0, 1]));
    let until = dice.rarely(|dice| day.plus_days(dice.of(&[-1, 0, 1])));
    let by = dice.maybe(Dice::party);
    BrandAssertion { member, brand: dice.brand(), interval: Interval { from, until }, by }
}

fn terms(dice: &mut Dice, day: Date) -> Terms {
    Terms {
        controller: dice.maybe(Dice::party),
        brand: dice.rarely(Dice::brand),
        port: dice.rarely(Dice::port),
        covers: dice.of(&[Covers::Both, Covers::Both, Covers::Receive, Covers::Process]),
        channels: dice.rarely(|dice| Set::<Channel>::from_bits(dice.below(128) as u32)),
        kinds: dice.rarely(|dice| Set::<ContentKind>::from_bits(dice.below(8) as u32)),
        purposes: dice.rarely(|dice| Set::<ProcessingPurpose>::from_bits(dice.below(32) as u32)),
        categories: dice.rarely(|dice| Set::<Category>::from_bits(dice.below(512) as u32)),
        frequency: dice.rarely(|dice| Frequency { at_most: dice.below(4) as u16, per: dice.of(Window::ALL) }),
        until: dice.rarely(|dice| day.plus_days(dice.of(&[-400, -1, 0, 1, 30]))),
        days: dice.rarely(|dice| dice.of(&[0, 1, 2, 7, 8, 30, 365, 400, u32::MAX])),
        control: dice.of(Control::ALL),
        bundling: dice.of(Bundling::ALL),
        prominence: dice.of(Prominence::ALL),
        forced: dice.flag(),
        related: dice.flag(),
        notice: dice.maybe(notice),
        provision: dice.rarely(provision),
        age: dice.of(&[AgeBand::Unknown, AgeBand::Unknown, AgeBand::Adult, AgeBand::Minor, AgeBand::Under14]),
        guardian: dice.rarely(|dice| dice.once_in(2)),
        wording: dice.maybe(|dice| dice.below(2) as u32),
        page: dice.rarely(|dice| PageSeen {
            version: 1 + dice.below(2) as u64,
            since: day.plus_days(dice.of(&[-400, -1, 0, 1, 30])).start(),
            contradicts: dice.once_in(2),
            sealed: dice.once_in(2),
        }),
    }
}

fn notice(dice: &mut Dice) -> Notice {
    Notice {
        hash: dice.below(4) as u64,
        names_controller: dice.flag(),
        states_purpose: dice.flag(),
        states_categories: dice.flag(),
        states_retention: dice.flag(),
        states_rights: dice.flag(),
        states_type_frequency_period: dice.flag(),
    }
}

fn provision(dice: &mut Dice) -> Provision {
    Provision {
        recipient: dice.of(&[None, Some(PartyId(0)), Some(PartyId(0)), Some(PartyId(1))]),
        contact: dice.flag(),
        purpose_and_method: dice.flag(),
        categories: dice.flag(),
        separate: dice.flag(),
    }
}

pub fn act(dice: &mut Dice, world: &World, sent: Timestamp) -> Act {
    let kind = dice.of(&[
        ActKind::Given,
        ActKind::Given,
        ActKind::Given,
        ActKind::Renewed,
        ActKind::Invited,
        ActKind::Refused,
        ActKind::Withdrawn,
        ActKind::Withdrawn,
        ActKind::Asked,
        ActKind::NoAnswer,
        ActKind::Reassigned,
    ]);
    let occurred = around(dice, sent);
    // Mostly at once; else late, up to after the send; rarely before it happened.
    let delay = |dice: &mut Dice| dice.of(&[0, 0, 0, 0, 1_000, 5_000, DAY, 10 * DAY, 500 * DAY, -1, -DAY]);
    let received = occurred.plus_millis(delay(dice));
    let recorded = received.plus_millis(delay(dice));
    // One id in many is of another world.
    let terms = if dice.once_in(40) { world.terms.len() } else { dice.below(world.terms.len()) };
    let origin = dice.of(&[Origin::Captured, Origin::Captured, Origin::Anchored, Origin::Imported]);
    Act { kind, origin, occurred, received, recorded, terms: TermsId(terms as u32) }
}

/// Mostly one of a few instants before the send, so that acts tie; some after it.
fn around(dice: &mut Dice, sent: Timestamp) -> Timestamp {
    let base =
        dice.of(&[-1_462 * DAY, -1_460 * DAY, -400 * DAY, -31 * DAY, -7 * DAY, -DAY, -5_000, -5_000, 0]);
    sent.plus_millis(base + dice.of(&[0, 0, 0, 0, -1, 1, 400, -1_000, 1_000, 2_000]))
}

pub fn earlier(dice: &mut Dice, sent: Timestamp) -> Prior {
    // Both sides of every window's edge, as far as it is near.
    let day = sent.date();
    let edges = [Window::Day, Window::Week, Window::Month, Window::Year]
        .map(|per| anning_consent::window_start(per, day).start());
    let at = match dice.below(3) {
        0 => dice.of(&edges).plus_millis(dice.of(&[-1, 0, 1])),
        1 => around(dice, sent),
        _ => sent.plus_millis(-dice.of(&[0, 1_000, 3_600_000, DAY, 2 * DAY, 8 * DAY])),
    };
    Prior {
        sent_at: at.min(sent),
        sender: dice.of(&[Some(PartyId(0)), Some(PartyId(0)), Some(PartyId(1)), None]),
        channel: dice.of(&[Channel::Sms, Channel::Sms, Channel::Call, Channel::Email]),
        kind: dice.maybe(|dice| dice.of(&[ContentKind::Retail, ContentKind::Finance])),
        commercial: !dice.once_in(4),
        request: dice.once_in(3),
        wording: dice.maybe(|dice| dice.below(2) as u32),
    }
}

fn message(dice: &mut Dice, world: &World, day: Date) -> Message {
    let minute = dice.of(&[0, 0, 1, 479, 480, 600, 720, 1_259, 1_260, 1_439]);
    let at = day.start().plus_millis(minute * 60_000 + dice.of(&[0, 0, 0, -1, 1, 999, 59_999]));
    let channel = if dice.once_in(2) { Channel::Sms } else { dice.of(Channel::ALL) };
    let mut m = Message::new(at, channel);
    m.kind = dice.maybe(|dice| dice.of(&[ContentKind::Retail, ContentKind::Finance, ContentKind::Logistics]));
    m.purpose = if dice.once_in(4) { Purpose::ConsentRequest } else { Purpose::Content };
    m.declared = dice.of(Declared::ALL);
    m.parties = Parties {
        advertiser: dice.of(&[None, Some(PartyId(0)), Some(PartyId(0)), Some(PartyId(1))]),
        content_provider: dice.of(&[None, Some(PartyId(0)), Some(PartyId(2))]),
        service_provider: dice.maybe(Dice::party),
        carrier: dice.maybe(Dice::party),
        controller: dice.maybe(Dice::party),
    };
    m.signature = dice.maybe(|dice| SignatureId(dice.below(2) as u32));
    m.port = dice.maybe(Dice::port);
    m.brand = match dice.below(3) {
        0 => dice.maybe(Dice::brand),
        _ => world.brands.of_message(m.signature, m.sender(), m.port, at.date()),
    };
    let known = |dice: &mut Dice| dice.of(&[Known::Yes, Known::Yes, Known::No, Known::Unknown]);
    m.online_business = known(dice);
    m.port_shared = dice.of(Known::ALL);
    m.port_use = dice.of(PortUse::ALL);
    m.sender_number = dice.of(SenderNumber::ALL);
    m.filing = Filing { signature: known(dice), content_provider: known(dice), port: known(dice) };
    m.audience = dice.of(Audience::ALL);
    m.untargeted_option = known(dice);
    m.refusal_free = known(dice);
    m.vendor_contract = known(dice);
    m.licence = known(dice);
    m.operator_knew = known(dice);
    m.log_kept = known(dice);
    m.basis = dice.of(Basis::ALL);
    m.region = dice.of(Region::ALL);
    let (identity, contact, refusal) = (known(dice), known(dice), known(dice));
    m.text = TextFacts { identity, contact, refusal, ad_label: known(dice), code: dice.of(Known::ALL) };
    m.recipient = dice.of(&[
        RecipientKind::Person,
        RecipientKind::Person,
        RecipientKind::Foreign,
        RecipientKind::Organisation,
    ]);
    m.age = dice.of(&[
        AgeBand::Unknown,
        AgeBand::Unknown,
        AgeBand::Unknown,
        AgeBand::Adult,
        AgeBand::Minor,
        AgeBand::Under14,
    ]);
    m.wording = dice.maybe(|dice| dice.below(2) as u32);
    m.request_states_terms = known(dice);
    m
}

fn policy(dice: &mut Dice) -> Policy {
    let night = |(from, to)| QuietHours { from, to };
    Policy {
        mode: dice.of(&[Mode::Shadow, Mode::Enforce]),
        reading: dice.of(&[Reading::Strict, Reading::Lenient]),
        account: dice.of(&[Account::Service, Account::Commercial]),
        quiet_hours: dice
            .maybe(|dice| night(dice.of(&[(1_260, 480), (0, 480), (480, 600), (1_439, 1), (600, 600)]))),
        cap: dice.maybe(|dice| Frequency { at_most: dice.below(4) as u16, per: dice.of(Window::ALL) }),
        brand_refusal: dice.once_in(2),
        require_filing: dice.once_in(2),
        refuse_codes_with_offer: dice.once_in(2),
    }
}

const PARTIES: usize = 4;
const BRANDS: usize = 2;
const PORTS: usize = 2;
const TERMS: usize = 10;
const DAY: i64 = 86_400_000;
