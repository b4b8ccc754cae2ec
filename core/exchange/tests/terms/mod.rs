//! Any act with any terms.

use anning_ledger::{Event, Suite, sheet};
use anning_vocab::{
    ActKind, AgeBand, BrandId, Bundling, Category, Channel, ContentKind, Control, Covers, Date, Frequency,
    Notice, Origin, PageSeen, PartyId, PortId, ProcessingPurpose, Prominence, Provision, Set, Terms,
    Timestamp, Window,
};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// An act, its sheet, and the suite.
pub type Act = (Event, Vec<u8>, Suite);

fn flag() -> impl Strategy<Value = Option<bool>> {
    option::of(any::<bool>())
}

fn id() -> impl Strategy<Value = Option<u32>> {
    option::of(any::<u32>())
}

/// A set of any members, absent or empty too.
fn bits(all: u32) -> impl Strategy<Value = Option<u32>> {
    option::of(any::<u32>().prop_map(move |bits| bits & all))
}

fn notice() -> impl Strategy<Value = Notice> {
    (prop_oneof![Just(0), any::<u64>()], [flag(), flag(), flag(), flag(), flag(), flag()]).prop_map(
        |(hash, f)| Notice {
            hash,
            names_controller: f[0],
            states_purpose: f[1],
            states_categories: f[2],
            states_retention: f[3],
            states_rights: f[4],
            states_type_frequency_period: f[5],
        },
    )
}

fn page() -> impl Strategy<Value = PageSeen> {
    (1..=u64::MAX, any::<i64>(), any::<[bool; 2]>()).prop_map(|(version, since, [contradicts, sealed])| {
        PageSeen { version, since: Timestamp::from_millis(since), contradicts, sealed }
    })
}

fn provision() -> impl Strategy<Value = Provision> {
    (id(), [flag(), flag(), flag(), flag()]).prop_map(|(recipient, f)| Provision {
        recipient: recipient.map(PartyId),
        contact: f[0],
        purpose_and_method: f[1],
        categories: f[2],
        separate: f[3],
    })
}

/// Every field, every value.
pub fn terms() -> impl Strategy<Value = Terms> {
    let sets = (
        bits(Set::<Channel>::all().bits()),
        bits(Set::<ContentKind>::all().bits()),
        bits(Set::<ProcessingPurpose>::all().bits()),
        bits(Set::<Category>::all().bits()),
    );
    let words = (
        select(Covers::ALL),
        select(Control::ALL),
        select(Bundling::ALL),
        select(Prominence::ALL),
        select(AgeBand::ALL),
    );
    let period = (
        option::of((any::<u16>(), select(Window::ALL))),
        option::of(-719_162..2_932_896_i32),
        option::of(any::<u32>()),
    );
    let flags = [flag(), flag(), flag()];
    (
        [id(), id(), id(), id()],
        sets,
        words,
        period,
        flags,
        option::of(notice()),
        option::of(provision()),
        option::of(page()),
    )
        .prop_map(|(ids, sets, words, period, flags, notice, provision, page)| Terms {
            controller: ids[0].map(PartyId),
            brand: ids[1].map(BrandId),
            port: ids[2].map(PortId),
            wording: ids[3],
            covers: words.0,
            channels: sets.0.map(Set::<Channel>::from_bits),
            kinds: sets.1.map(Set::<ContentKind>::from_bits),
            purposes: sets.2.map(Set::<ProcessingPurpose>::from_bits),
            categories: sets.3.map(Set::<Category>::from_bits),
            frequency: period.0.map(|(at_most, per)| Frequency { at_most, per }),
            until: period.1.map(Date::from_days),
            days: period.2,
            control: words.1,
            bundling: words.2,
            prominence: words.3,
            forced: flags[0],
            related: flags[1],
            notice,
            provision,
            age: words.4,
            guardian: flags[2],
            page,
        })
}

/// Every field of an event, its times within the calendar.
pub fn act() -> impl Strategy<Value = Act> {
    let words = (select(ActKind::ALL), select(Origin::ALL), select(&[Suite::International, Suite::Gm][..]));
    let time = || -62_135_596_800_000 + 86_400_000..253_402_300_799_000_i64 - 86_400_000;
    let address = prop_oneof![Just(String::new()), Just("+8613800138000".to_owned()), ".{0,20}"];
    let id = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..=64),
        "[0-9a-z-]{0,64}".prop_map(String::into_bytes),
        "\\PC{0,16}".prop_map(String::into_bytes)
    ];
    (terms(), words, [time(), time(), time()], address, id).prop_map(
        |(terms, (kind, origin, suite), at, address, id)| {
            let name = |table, id| Some(format!("{table:?} 名 '\"\\{id}"));
            let sheet = sheet::encode(&terms, &name).unwrap();
            let [occurred, received, recorded] = at.map(Timestamp::from_millis);
            let hash = sheet::hash(suite, &sheet);
            let event = Event { kind, origin, occurred, received, recorded, sheet: hash, address, id };
            (event, sheet, suite)
        },
    )
}
