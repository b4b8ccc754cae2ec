//! Sheets: every field of every kind of terms survives; what is not the one form is refused.

use anning_ledger::{CborError, FieldError, Value, sheet};
use anning_vocab::{
    AgeBand, BrandId, Bundling, Category, Channel, ContentKind, Control, Covers, Date, Frequency, Notice,
    PageSeen, PartyId, PortId, ProcessingPurpose, Prominence, Provision, Set, Terms, Timestamp, Window,
};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

fn name(table: sheet::Table, id: u32) -> Option<String> {
    Some(format!("{table:?} 名 {id}"))
}

fn intern(_: sheet::Table, name: &str) -> u32 {
    name.rsplit(' ').next().and_then(|id| id.parse().ok()).unwrap_or_default()
}

fn flag() -> impl Strategy<Value = Option<bool>> {
    option::of(any::<bool>())
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
    (option::of(any::<u32>()), [flag(), flag(), flag(), flag()]).prop_map(|(recipient, f)| Provision {
        recipient: recipient.map(PartyId),
        contact: f[0],
        purpose_and_method: f[1],
        categories: f[2],
        separate: f[3],
    })
}

fn terms() -> impl Strategy<Value = Terms> {
    let ids = [
        option::of(any::<u32>()),
        option::of(any::<u32>()),
        option::of(any::<u32>()),
        option::of(any::<u32>()),
    ];
    let sets = (
        option::of(any::<u32>()),
        option::of(any::<u32>()),
        option::of(any::<u32>()),
        option::of(any::<u32>()),
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
    (
        ids,
        sets,
        words,
        period,
        [flag(), flag(), flag()],
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
            channels: sets.0.map(|b| Set::<Channel>::from_bits(b & Set::<Channel>::all().bits())),
            kinds: sets.1.map(|b| Set::<ContentKind>::from_bits(b & Set::<ContentKind>::all().bits())),
            purposes: sets
                .2
                .map(|b| Set::<ProcessingPurpose>::from_bits(b & Set::<ProcessingPurpose>::all().bits())),
            categories: sets.3.map(|b| Set::<Category>::from_bits(b & Set::<Category>::all().bits())),
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn round_trip(terms in terms()) {
        let bytes = sheet::encode(&terms, &name).unwrap();
        prop_assert!(bytes.len() <= sheet::SHEET_MAX);
        prop_assert_eq!(sheet::decode(&bytes, &mut intern), Ok(terms));
    }

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut names = Vec::new();
        let mut intern = |_, name: &str| { names.push(name.to_owned()); names.len() as u32 - 1 };
        if let Ok(terms) = sheet::decode(&bytes, &mut intern) {
            let again = sheet::encode(&terms, &|_, id| names.get(id as usize).cloned()).unwrap();
            prop_assert_eq!(again, bytes);
        }
    }
}

fn check(entries: &[(&'static str, Value)], expected: &FieldError) {
    let all = entries.iter().map(|(key, value)| (*key, Some(value.clone())));
    let bytes = Value::map(all).to_bytes();
    assert_eq!(sheet::decode(&bytes, &mut |_, _| 0).as_ref(), Err(expected), "{entries:?}");
}

#[test]
fn what_is_no_sheet_says_why() {
    let covers = ("covers", Value::text("receive"));
    let with = |key, value, expected| check(&[covers.clone(), (key, value)], &expected);
    check(&[], &FieldError::Missing("covers"));
    with("colour", Value::text("red"), FieldError::Unknown("colour".to_owned()));
    with("control", Value::text("not_recorded"), FieldError::Wrong("control"));
    with("age", Value::text("unknown"), FieldError::Wrong("age"));
    with("days", Value::Int(-1), FieldError::Wrong("days"));
    with("until", Value::text("2021-02-29"), FieldError::Wrong("until"));
    with("frequency", Value::text("04/week"), FieldError::Wrong("frequency"));
    with("frequency", Value::text("70000/week"), FieldError::Wrong("frequency"));
    with("provision", Value::Flag(false), FieldError::Wrong("provision"));
    with("provision_to", Value::text("某"), FieldError::Missing("provision"));
    let list = |codes: &[&'static str]| Value::List(codes.iter().map(|c| Value::text(*c)).collect());
    with("channels", list(&["mms", "sms"]), FieldError::Wrong("channels"));
    with("channels", list(&["sms", "sms"]), FieldError::Wrong("channels"));
    with("notice", Value::map([("hash", Some(Value::text("0000000000000000")))]), FieldError::Wrong("hash"));
    let long = Value::text("x".repeat(sheet::SHEET_MAX));
    with("controller", long, FieldError::Cbor(CborError::TooLong));
}

#[test]
fn an_id_without_a_name_is_no_sheet() {
    let terms = Terms { port: Some(PortId(1)), ..Terms::silent(Covers::Both) };
    assert_eq!(sheet::encode(&terms, &|_, _| None), Err(FieldError::Unnamed("port")));
}

#[test]
fn bytes_that_never_change() {
    let mut terms = Terms::silent(Covers::Receive);
    terms.controller = Some(PartyId(3));
    terms.channels = Some(Set::<Channel>::of(&[Channel::Sms, Channel::Email]));
    terms.frequency = Some(Frequency { at_most: 4, per: Window::Week });
    terms.control = Control::TickedByRecipient;
    let bytes = sheet::encode(&terms, &|_, _| Some("某商城".to_owned())).unwrap();
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(
        hex,
        "a566636f76657273677265636569766567636f6e74726f6c737469636b65645f62795f726563697069656e74686368616e6e656c738263736d\
         7365656d61696c696672657175656e637966342f7765656b6a636f6e74726f6c6c657269e69f90e59586e59f8e"
    );
}
