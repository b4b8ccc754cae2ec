//! What an account says of its clients: codes, versions, types of number.

use anning_cmpp::Cmpp;
use anning_cmpp::Version;
use anning_gateway::config::Protocol;
use anning_link::{Address, Answer, Delivery, Event, MessageId, Reply, ReportState, Submission};

use crate::line::{Line, connect, taken, who};
use crate::world::{CODE, ENFORCE, OFFER, World, message};

const MODE: &str = "mode = \"enforce\"";

#[test]
fn refusals_in_standard_codes_for_clients_that_know_no_others() {
    for (edit, code) in [("mode = \"enforce\"\nrefusal_codes = \"plain\"", 0x45), (MODE, 0x406)] {
        let world = World::new(&[ENFORCE, (MODE, edit)]);
        let _carrier = world.carrier();
        let mut sender = world.smpp();
        assert_eq!(sender.one(message(&["13800138000"], OFFER)), Answer::Refused(code), "{edit}");
        // What has a standard code has it either way.
        assert_eq!(sender.one(message(&["12"], CODE)), Answer::Refused(0x0B), "{edit}");
        // Other protocols have no such clients.
        let mut other = world.cmpp(Version::V30).unwrap();
        assert_eq!(other.one(message(&["13800138000"], OFFER)), Answer::Refused(106), "{edit}");
    }
}

#[test]
fn a_version_that_the_account_may_not_speak_is_refused_at_the_login() {
    // "Version too high", in CMPP's words.
    let check = |versions: &str, expected: [Result<(), u32>; 3]| {
        let edit = format!("{MODE}\nversions = {versions}");
        let world = World::new(&[ENFORCE, (MODE, &edit)]);
        let found = [Version::V20, Version::V21, Version::V30].map(|v| world.cmpp(v).map(|_| ()));
        assert_eq!(found, expected, "{versions}");
    };
    check("[\"2.0\"]", [Ok(()), Ok(()), Err(4)]);
    check("[\"3.0\"]", [Err(4), Err(4), Ok(())]);
    check("[\"2.0\", \"3.0\"]", [Ok(()); 3]);
    check("[]", [Ok(()); 3]);
}

/// Eleven digits under an international type of number, as they come to a carrier of CMPP, and the report back.
#[test]
fn international_numbers_mean_what_the_account_says() {
    let declared = "mode = \"enforce\"\ninternational_numbers = \"as-declared\"";
    for (edit, carried) in [(MODE, "13125550100"), (declared, "+13125550100")] {
        let world = World::new(&[ENFORCE, (MODE, edit)]);
        let mut carrier = world.carrier();
        let mut sender = world.smpp();
        let to = Address { ton: 1, npi: 1, text: b"13125550100".to_vec() };
        let answer = sender.one(Submission { destinations: vec![to], ..message(&[], CODE) });
        let id = taken(answer);
        let seen = carrier.carries(b"theirs01", ReportState::Delivered, "DELIVRD");
        assert_eq!(seen.destinations, [Address::new(carried.as_bytes())], "{edit}");
        let reports = sender.reports(1);
        assert_eq!(reports[0].id, id, "{edit}");
    }
}

/// Two accounts that may show one number: a reply goes to the one that wrote last to this person, else to the one that
/// names the number more narrowly.
#[test]
fn a_reply_goes_to_whoever_wrote() {
    let other = "[[account]]\nname = \"a-broad-one\"\nlogin = { cmpp = \"777777\" }\nsecret = \"other\"\n\
                 sources = [\"1069*\"]\nadvertiser = \"yunqi\"\nmode = \"enforce\"\ncharset = \"ucs2\"\n\n[[upstream]]";
    let world = World::new(&[ENFORCE, ("[[upstream]]", other)]);
    let mut carrier = world.carrier();
    let mut mall = world.cmpp(Version::V30).unwrap();
    let socket = connect(world.bound(Protocol::Cmpp));
    let mut broad = Line::login(socket, Cmpp::client(Version::V30), who("777777", "other")).unwrap();
    let says = |carrier: &mut Line<Cmpp>, from: &str, text: &str| {
        carrier.reply(Reply {
            id: MessageId(text.as_bytes().to_vec()),
            source: Address::new(from.as_bytes()),
            destination: Address::new(b"1069000101"),
            content: text.as_bytes().to_vec(),
            ..Reply::default()
        });
    };
    let hears = |line: &mut Line<Cmpp>, text: &str| loop {
        if let Event::Delivered { delivery, .. } = line.event()
            && let Delivery::Reply(reply) = &*delivery
        {
            assert_eq!(reply.content, text.as_bytes());
            break;
        }
    };
    says(&mut carrier, "13800138000", "hello 1");
    hears(&mut mall, "hello 1");
    taken(broad.one(message(&["13800138000"], CODE)));
    carrier.carries(b"theirs01", ReportState::Delivered, "DELIVRD");
    says(&mut carrier, "13800138000", "hello 2");
    hears(&mut broad, "hello 2");
    // Somebody else was not written to.
    says(&mut carrier, "13800138001", "hello 3");
    hears(&mut mall, "hello 3");
    taken(mall.one(message(&["13800138000"], CODE)));
    carrier.carries(b"theirs02", ReportState::Delivered, "DELIVRD");
    says(&mut carrier, "13800138000", "hello 4");
    hears(&mut mall, "hello 4");
}

/// Between two ends of SMPP the number stays as it is; a report is found whatever type of number it comes with.
#[test]
fn a_report_finds_its_letter_however_the_number_is_typed() {
    let smpp = ("protocol = \"cmpp\"\nversion = \"3.0\"", "protocol = \"smpp\"");
    for edit in [MODE, "mode = \"enforce\"\ninternational_numbers = \"as-declared\""] {
        for ton in [0, 1] {
            let world = World::new(&[ENFORCE, (MODE, edit), smpp]);
            let mut carrier = world.smpp_carrier();
            let mut sender = world.smpp();
            let to = Address { ton: 1, npi: 1, text: b"13125550100".to_vec() };
            let answer = sender.one(Submission { destinations: vec![to.clone()], ..message(&[], CODE) });
            let id = taken(answer);
            let (sequence, mut seen) = carrier.takes();
            assert_eq!(seen.destinations, [to]);
            seen.destinations[0].ton = ton;
            let theirs = anning_link::MessageId(b"77".to_vec());
            carrier.answer(sequence, Answer::Taken(theirs.clone()));
            carrier.report(&theirs, &seen, ReportState::Delivered, "DELIVRD");
            carrier.flush();
            assert_eq!(sender.reports(1)[0].id, id, "{edit} {ton}");
        }
    }
}
