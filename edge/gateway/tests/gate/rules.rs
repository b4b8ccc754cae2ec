//! Allow, deny, hold, fail open: by class, mode, date and what the person did.

use anning_gateway::codes::Reason;
use anning_gateway::config::{International, Protocol};
use anning_gateway::{Gate, Lane, Trouble, Verdict, Waited};
use anning_link::Address;
use anning_vocab::{ActKind, Control, Covers, Terms};

use crate::world::{CODE, CODE_WITH_OFFER, ENFORCE, ENFORCE_ALL, NOTICE, OFFER, World, at, config, told};

const DAY: &str = "2024-08-05 10:00";

/// Person 1 agreed; 2 refused; 3 agreed by a box ticked by default; 4 refused another name of the brand; of the others
/// nothing is on record.
fn world(edits: &[(&str, &str)]) -> World {
    let mut world = World::new(edits);
    world.agrees(1, "2024-07-20 09:00", |_| ());
    world.agrees(2, "2024-07-20 09:00", |_| ());
    let terms = Terms {
        controller: world.consent().controller,
        brand: world.consent().brand,
        ..Terms::silent(Covers::Receive)
    };
    world.act(2, ActKind::Withdrawn, "2024-07-21 09:00", terms);
    world.agrees(3, "2024-07-20 09:00", |terms| terms.control = Control::TickedByDefault);
    world.agrees(4, "2024-07-20 09:00", |_| ());
    world.act(4, ActKind::Withdrawn, "2024-07-21 09:00", Terms { controller: None, ..terms });
    world
}

#[test]
fn enforcing() {
    let world = world(&[ENFORCE, ENFORCE_ALL]);
    let check = |text, n, when, expected: &str| {
        assert_eq!(world.says(text, n, when), expected, "{text} to {n} at {when}")
    };
    check(OFFER, 1, DAY, "permit");
    check(OFFER, 2, DAY, "refuse: refused");
    check(OFFER, 3, DAY, "refuse: defective_consent");
    check(OFFER, 4, DAY, "refuse: refused");
    check(OFFER, 9, DAY, "refuse: no_consent");
    check(CODE, 2, DAY, "permit");
    check(NOTICE, 2, DAY, "permit");
    check(CODE_WITH_OFFER, 9, DAY, "fail_open: no_identity");
    check(OFFER, 1, "2024-08-05 21:30", "hold until 2024-08-06T08:00:00+08:00: quiet_hours");
    check(OFFER, 9, "2024-08-05 21:30", "refuse: no_consent");
    check(CODE, 9, "2024-08-05 21:30", "permit");
}

#[test]
fn shadow_passes_and_counts() {
    let world = world(&[]);
    let check = |text, n, when, expected: &str| {
        assert_eq!(world.says(text, n, when), expected, "{text} to {n} at {when}")
    };
    check(OFFER, 1, DAY, "permit");
    check(OFFER, 2, DAY, "shadow_pass: refused");
    check(OFFER, 9, DAY, "shadow_pass: no_consent");
    check(CODE_WITH_OFFER, 9, DAY, "fail_open: no_identity");
    let ruling = world.ruling(OFFER, 2, DAY);
    assert_eq!(ruling.would_have(), Some(anning_decide::Outcome::Deny));
    assert!(world.ruling(OFFER, 1, DAY).would_have().is_none());
    check(OFFER, 1, "2024-08-05 21:30", "shadow_pass: quiet_hours");
    let shadow = world.gate.shadow();
    assert_eq!(shadow.stopped(), (3, 1));
    let refused = &shadow.of("mall").unwrap()["refused"];
    assert_eq!((refused.messages, refused.examples[0].recipient.as_str()), (2, "138****0002"));
    assert!(!refused.articles.is_empty());
}

#[test]
fn by_class() {
    // Offers are enforced, notices watched.
    let world =
        world(&[("{ not_commercial = \"shadow\" }", "{ commercial = \"enforce\", mixed = \"enforce\" }")]);
    assert_eq!(world.says(OFFER, 2, DAY), "refuse: refused");
    assert_eq!(world.says(NOTICE, 2, DAY), "permit");
}

#[test]
fn codes_with_an_offer_are_refused_where_the_account_asks_for_it() {
    let world = world(&[
        ENFORCE,
        ENFORCE_ALL,
        ("refuse_codes_with_offer = false", "refuse_codes_with_offer = true "),
    ]);
    assert_eq!(world.says(CODE_WITH_OFFER, 9, DAY), "refuse: no_identity");
    assert_eq!(world.says(CODE, 9, DAY), "permit");
}

#[test]
fn held_messages_are_refused_where_the_account_asks_for_it() {
    let world = world(&[ENFORCE, ("holds = \"wait\"  ", "holds = \"refuse\"")]);
    assert_eq!(world.says(OFFER, 1, "2024-08-05 21:30"), "refuse: quiet_hours");
}

#[test]
fn lanes() {
    let world = world(&[ENFORCE]);
    let check = |text, n, lane| assert_eq!(world.ruling(text, n, DAY).lane, lane, "{text}");
    check(CODE, 1, Lane::Code);
    check(NOTICE, 1, Lane::Service);
    check(OFFER, 1, Lane::Commercial);
    // It is never lost, and does not go before codes that carry no offer.
    check(CODE_WITH_OFFER, 1, Lane::Service);
}

/// The same refusal under names of one brand, before and after the second name was said to be of it, and before and
/// after the text that says so was in force.
#[test]
fn a_refusal_follows_the_brand() {
    let mut world = World::new(&[ENFORCE, ENFORCE_ALL]);
    let life = OFFER.replace("云栖百货", "云栖生活");
    let brand = Terms { brand: world.consent().brand, ..Terms::silent(Covers::Receive) };
    for n in [1, 2] {
        world.agrees(n, "2022-01-01 09:00", |terms| terms.brand = None);
    }
    world.act(2, ActKind::Withdrawn, "2022-02-01 09:00", brand);
    let check =
        |text: &str, n, when, expected: &str| assert_eq!(world.says(text, n, when), expected, "{n} {when}");
    check(OFFER, 2, "2022-03-01 10:00", "refuse: refused");
    check(OFFER, 1, "2022-03-01 10:00", "permit");
    check(&life, 2, "2022-07-01 10:00", "refuse: refused");
    check(&life, 1, "2022-07-01 10:00", "permit");
}

#[test]
fn what_is_not_on_file_is_refused_from_the_day_it_is_not() {
    let mut world = World::new(&[ENFORCE, ("# until = 2030-01-01", "until = 2024-08-06")]);
    world.agrees(1, "2022-01-01 09:00", |_| ());
    let life = OFFER.replace("云栖百货", "云栖生活");
    assert_eq!(world.says(&life, 1, "2024-08-06 10:00"), "permit");
    assert_eq!(world.says(&life, 1, "2024-08-07 10:00"), "refuse: not_filed");
    assert_eq!(world.says(OFFER, 1, "2024-08-07 10:00"), "permit");
}

/// The law of the day: PIPL bound nobody before 2021-11-01, and what its article 17 has told was not asked for.
#[test]
fn the_law_of_the_day_is_asked() {
    let mut world = World::new(&[ENFORCE, ENFORCE_ALL]);
    world.agrees(1, "2021-10-01 09:00", |terms| {
        terms.notice =
            terms.notice.map(|notice| anning_vocab::Notice { states_rights: Some(false), ..notice });
    });
    let notice = anning_law::ProvisionId::PiplNotice;
    let check = |when, expected: &str, asked| {
        let ruling = world.ruling(OFFER, 1, when);
        assert_eq!(ruling.decision.findings.strict.applicable() & notice.bit() != 0, asked, "{when}");
        assert_eq!(told(&Verdict::Ruled(ruling)), expected, "{when}");
    };
    check("2021-10-31 20:59", "permit", false);
    check("2021-11-01 08:00", "refuse: notice_incomplete", true);
}

#[test]
fn who_may_not_show_a_number_or_sign_is_told() {
    let world = world(&[ENFORCE, ENFORCE_ALL]);
    let mall = world.account("mall");
    let read = |source, text| world.gate.read(&mall, source, text).map(|_| ());
    assert_eq!(read("1069000101", OFFER), Ok(()));
    assert_eq!(read("95000", OFFER), Err(Reason::Source));
    assert_eq!(read("", OFFER), Err(Reason::Source));
    assert_eq!(read("1069000101", "【某银行】五折"), Err(Reason::Signature));
    assert_eq!(read("1069000101", "没有签名"), Ok(()));
    // Whatever a reader takes for a sender's name is looked at, at both ends.
    for text in [
        "\u{200b}【某银行】您的账户异常",
        "您的账户异常【某银行】",
        "您的账户异常【某银行】\u{feff}",
        "【】【某银行】您的账户异常",
        "〖某银行〗您的账户异常",
        "[某银行]您的账户异常",
        "［某银行］您的账户异常",
        "【云栖百货】您的账户异常，请速回电【某银行】",
        "【某\u{200d}银行】您的账户异常",
    ] {
        assert_eq!(read("1069000101", text), Err(Reason::Signature), "{text:?}");
    }
    for text in [
        "\u{feff}【云\u{200b}栖百货】今晚开抢",
        "〖云栖百货〗今晚开抢",
        "【云栖百货】您的验证码是【482913】",
        "【云栖百货】今晚开抢 拒收请回复【R】",
        "【云栖百货】今晚开抢【云栖生活】",
        "【云栖百货】[提醒]您的订单已发货",
    ] {
        assert_eq!(read("1069000101", text), Ok(()), "{text:?}");
    }
    assert_eq!(
        world.gate.unread(&mall, "1069000101", Reason::Unreadable).map(|_| ()),
        Err(Reason::Unreadable)
    );
}

/// Shadow blocks nothing: what enforcing would have refused before asking the law is counted under its own reason.
#[test]
fn shadow_counts_what_may_not_be_shown_signed_or_read() {
    let world = world(&[]);
    let mall = world.account("mall");
    let says = |read: Result<anning_gateway::Read, Reason>| {
        let verdict = world.gate.decide(&read.unwrap(), &[crate::world::person(1)], at(DAY)).pop().unwrap();
        told(&verdict)
    };
    // Whether a number that the account may not show is true, nobody recorded.
    let read = |source, text| world.gate.read(&mall, source, text);
    assert_eq!(says(read("95000", OFFER)), "shadow_pass: source_not_allowed");
    assert_eq!(says(read("", CODE)), "permit: source_not_allowed");
    assert_eq!(says(read("1069000101", "【某银行】五折")), "permit: signature_not_allowed");
    assert_eq!(
        says(world.gate.unread(&mall, "1069000101", Reason::Unreadable)),
        "shadow_pass: unreadable",
        "what cannot be read is not known to be harmless"
    );
    let shadow = world.gate.shadow();
    let counts: Vec<(&str, u64)> =
        shadow.of("mall").unwrap().iter().map(|(reason, count)| (*reason, count.messages)).collect();
    assert_eq!(counts, [("signature_not_allowed", 1), ("source_not_allowed", 2), ("unreadable", 1)]);
    assert_eq!(shadow.stopped(), (4, 0));
    // Where one class is enforced, what cannot be read may be of it.
    let world = World::new(&[("{ not_commercial = \"shadow\" }", "{ commercial = \"enforce\" }")]);
    let mall = world.account("mall");
    let read = |source, text| world.gate.read(&mall, source, text).map(|_| ());
    assert_eq!((read("95000", OFFER), read("95000", NOTICE)), (Err(Reason::Source), Ok(())));
    assert_eq!(
        world.gate.unread(&mall, "1069000101", Reason::Unreadable).map(|_| ()),
        Err(Reason::Unreadable)
    );
}

#[test]
fn recipients_are_normalised_or_invalid() {
    let read = |protocol, ton, text: &str, international| {
        let address = Address { ton, ..Address::new(text.as_bytes()) };
        Gate::recipient(protocol, &address, international).map(|recipient| recipient.reveal())
    };
    let check = |protocol, ton, text: &str, expected: Result<&str, Reason>| {
        let found = read(protocol, ton, text, International::ChineseIfEleven);
        assert_eq!(found, expected.map(str::to_owned), "{text}");
    };
    let invalid = Err(Reason::Destination);
    check(Protocol::Cmpp, 0, "13800138000", Ok("+8613800138000"));
    check(Protocol::Sgip, 0, "8613800138000", Ok("+8613800138000"));
    check(Protocol::Smpp, 0, "13800138000", Ok("+8613800138000"));
    // Eleven digits that begin with 1, and a country code: North America.
    check(Protocol::Smpp, 1, "12125550100", Ok("+12125550100"));
    check(Protocol::Smpp, 1, "+8613800138000", Ok("+8613800138000"));
    // Clients that say 1 of whatever they are given: smpp34 does by default.
    check(Protocol::Smpp, 1, "13800138000", Ok("+8613800138000"));
    // Those that mean it say so in the configuration.
    let declared = |ton, text| read(Protocol::Smpp, ton, text, International::AsDeclared).unwrap();
    assert_eq!(declared(1, "13125550100"), "+13125550100");
    assert_eq!(declared(1, "8613800138000"), "+8613800138000");
    assert_eq!(declared(1, "+8613800138000"), "+8613800138000");
    assert_eq!(declared(0, "13800138000"), "+8613800138000");
    check(Protocol::Cmpp, 1, "2F6A9CFF00", Ok("im:pseudo:2F6A9CFF00"));
    check(Protocol::Smgp, 0, "4008123123", Ok("+864008123123"));
    check(Protocol::Cmpp, 0, "", invalid);
    check(Protocol::Cmpp, 0, "138001", invalid);
    check(Protocol::Cmpp, 0, "a@b.cn", invalid);
    check(Protocol::Http, 0, "im:zhang", invalid);
    check(Protocol::Smpp, 0, "13800\u{0}", invalid);
}

/// What waited is decided again, so that a refusal which came meanwhile stops it even where nobody recalled it.
#[test]
fn what_waited_is_decided_again_after_a_refusal() {
    let mut world = world(&[ENFORCE, ENFORCE_ALL]);
    let person = crate::world::person(1);
    let again = |world: &World, text| {
        let (source, recipient) = ("1069000101", &person);
        let waited = Waited { account: "mall", source, text: Some(text), recipient, ticket: None };
        told(&world.gate.decide_again(&waited, at(DAY)).unwrap())
    };
    assert_eq!(again(&world, OFFER), "permit");
    let terms = Terms {
        controller: world.consent().controller,
        brand: world.consent().brand,
        ..Terms::silent(Covers::Receive)
    };
    world.act(1, ActKind::Withdrawn, "2024-08-05 09:59", terms);
    assert_eq!(again(&world, OFFER), "refuse: refused");
    assert_eq!(again(&world, CODE), "permit");
    assert_eq!(again(&world, NOTICE), "permit");
}

/// Doubt never sends, and an outage is neither consent nor its absence.
#[test]
fn without_evidence_offers_get_the_temporary_refusal_and_codes_pass() {
    let world = world(&[ENFORCE, ENFORCE_ALL]);
    for trouble in [Trouble::Stopped, Trouble::Behind, Trouble::Clock] {
        world.gate.set_trouble(Some(trouble));
        let says = |text, n| world.says(text, n, DAY);
        assert_eq!(says(OFFER, 1), format!("unavailable {trouble:?}"));
        assert_eq!(says(OFFER, 2), format!("unavailable {trouble:?}"));
        assert_eq!(says(CODE, 2), "permit");
        assert_eq!(says(NOTICE, 2), "permit");
        assert_eq!(says(CODE_WITH_OFFER, 9), "fail_open: no_identity");
        assert_eq!(world.ruling(CODE, 2, DAY).unrecorded, Some(trouble));
    }
    world.gate.set_trouble(None);
    assert_eq!(world.says(OFFER, 1, DAY), "permit");
    assert_eq!(world.ruling(CODE, 2, DAY).unrecorded, None);
}

#[test]
fn a_clock_that_runs_behind_is_trouble_until_it_is_not() {
    let world = world(&[ENFORCE]);
    assert_eq!(world.says(OFFER, 1, DAY), "permit");
    assert_eq!(told(&world.verdict("mall", OFFER, 1, at(DAY).plus_millis(-1_000))), "permit");
    assert_eq!(told(&world.verdict("mall", OFFER, 1, at(DAY).plus_millis(-60_000))), "unavailable Clock");
    assert_eq!(told(&world.verdict("mall", CODE, 1, at(DAY).plus_millis(-60_000))), "permit");
    assert_eq!(told(&world.verdict("mall", OFFER, 1, at(DAY).plus_millis(1_000))), "permit");
}

#[test]
fn a_new_configuration_holds_from_the_next_message_on() {
    let world = world(&[]);
    assert_eq!(world.says(OFFER, 2, DAY), "shadow_pass: refused");
    assert!(world.gate.swap(config(&[ENFORCE])).is_empty());
    assert_eq!(world.says(OFFER, 2, DAY), "refuse: refused");
    assert_eq!(world.gate.swap(config(&[ENFORCE, ("127.0.0.1:7890", "127.0.0.1:7899")])), ["listen"]);
}

/// A message decided before an act of the person is decided again.
#[test]
fn a_clearance_does_not_outlive_a_refusal() {
    let mut world = world(&[ENFORCE]);
    let soon = at(DAY).plus_millis(5_000);
    let pass = |world: &World, text, n| world.ruling(text, n, DAY).pass.unwrap();
    let [first, late, other, code] =
        [(OFFER, 1), (OFFER, 1), (OFFER, 1), (CODE, 1)].map(|(text, n)| pass(&world, text, n));
    assert!(world.gate.redeem(first, soon).is_ok());
    assert!(world.gate.redeem(late, at(DAY).plus_millis(30_000)).is_err(), "its time is over");
    let terms = Terms::silent(Covers::Receive);
    world.act(77, ActKind::Refused, "2024-08-05 10:01", terms);
    let another = pass(&world, OFFER, 1);
    world.act(1, ActKind::Withdrawn, "2024-08-05 10:01", terms);
    assert!(world.gate.redeem(other, soon).is_err());
    assert!(world.gate.redeem(another, soon).is_err());
    assert!(world.gate.redeem(code, soon).is_ok(), "a code goes out whatever the person refused");
}

#[test]
fn verdicts_never_print_a_person() {
    let world = world(&[ENFORCE]);
    let verdict: Verdict = world.verdict("mall", OFFER, 1, at(DAY));
    let shown = format!("{verdict:?} {:?}", world.gate);
    assert!(!shown.contains("138000") && !shown.contains("五折"), "{shown}");
}
