#![cfg(test)]
//! What stored records, and what changes made to them, ask consent to.

use anning_page::record::{Outcome, Record};
use anning_page::request::requests;
use anning_page::version::Version;
use anning_vocab::{Bundling, Channel, Control, Frequency, PageAsks, PageFacts, Prominence, Set, Window};

fn record(name: &str) -> Record {
    let path = format!("{}/../../samples/pages-audit/records/{name}.json", env!("CARGO_MANIFEST_DIR"));
    Record::read(&std::fs::read(path).unwrap()).unwrap()
}

/// The one request for marketing.
fn marketing(record: &Record) -> PageFacts {
    let all = requests(record);
    let [only] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!(only.asks, PageAsks::Marketing);
    *only
}

const SHORT: Set<Channel> = Set::<Channel>::of(&[Channel::Sms, Channel::Mms, Channel::Rcs]);

#[test]
fn a_clause_buried_in_terms_whose_box_is_on() {
    let facts = marketing(&record("seed-bad"));
    assert_eq!(facts.control, Control::TickedByDefault);
    assert_eq!(facts.bundling, Bundling::WithTerms);
    assert_eq!(facts.prominence, Prominence::Buried);
    assert_eq!(facts.forced, Some(true));
    assert_eq!(facts.channels, Some(SHORT.union(Set::<Channel>::of(&[Channel::Call]))));
    assert_eq!((facts.frequency, facts.days), (None, None));
    assert_eq!(facts.notice.states_type_frequency_period, Some(false));
    assert_eq!(facts.notice.states_rights, Some(false));
    assert_eq!(facts.notice.names_controller, Some(true));
}

#[test]
fn a_request_of_its_own() {
    let facts = marketing(&record("seed-fixed"));
    assert_eq!(facts.control, Control::TickedByRecipient);
    assert_eq!(facts.bundling, Bundling::Separate);
    assert_eq!(facts.prominence, Prominence::OnFace);
    assert_eq!(facts.forced, Some(false));
    assert_eq!(facts.channels, Some(SHORT));
    assert_eq!(facts.frequency, Some(Frequency { at_most: 4, per: Window::Month }));
    assert_eq!(facts.days, Some(366));
    let told = facts.notice;
    let all = [
        told.names_controller,
        told.states_purpose,
        told.states_categories,
        told.states_retention,
        told.states_rights,
        told.states_type_frequency_period,
    ];
    assert_eq!(all, [Some(true); 6]);
}

/// The control after a change to the page with a request of its own.
fn check(what: &str, change: impl Fn(&mut Record), expected: &[Control]) {
    let mut record = record("seed-fixed");
    change(&mut record);
    let found: Vec<Control> = requests(&record).iter().map(|facts| facts.control).collect();
    assert_eq!(found, expected, "{what}");
}

#[test]
fn control_follows_from_what_the_page_does() {
    fn radios(record: &mut Record, on: Option<bool>) {
        for state in &mut record.states {
            state.controls.iter_mut().filter(|c| c.label.contains("同意接收")).for_each(|c| c.on = on);
        }
    }
    check("as it is", |_| {}, &[Control::TickedByRecipient]);
    check("on before any input", |r| radios(r, Some(true)), &[Control::TickedByDefault]);
    check("cannot be told", |r| radios(r, None), &[Control::NotRecorded]);
    let without = |r: &mut Record| {
        for state in &mut r.states {
            state.controls.retain(|c| !c.label.contains("接收"));
            state.texts.retain(|t| !t.key.starts_with("#mk"));
        }
        for document in &mut r.documents {
            document.texts.retain(|p| !p.text.contains("商业性信息") && !p.text.contains("优惠"));
        }
    };
    check("asks for nothing", without, &[Control::Implied]);
    let implied = |r: &mut Record| {
        without(r);
        for state in &mut r.states {
            if let Some(text) = state.texts.iter_mut().find(|t| t.text.contains("三十分钟")) {
                text.text = "点击注册即表示您同意接收我们发送的营销短信".to_owned();
                text.runs.clear();
            }
        }
    };
    check("implied by registering", implied, &[Control::Implied]);
    let unread = |r: &mut Record| {
        without(r);
        r.documents[0].opened = anning_page::record::Opened::Failed;
    };
    check("a document was not read, so nothing can be told", unread, &[]);
    check(
        "not seen whole",
        |r| {
            without(r);
            r.outcome = Outcome::Partial;
        },
        &[],
    );
    check("no page", |r| r.outcome = Outcome::Captcha, &[]);
}

#[test]
fn versions_are_those_that_sign_up_logs_bear() {
    for (name, expected) in [
        ("seed-bad", "cad1aa83f0930c4d5fafd5ad0361e0ae3c2313fe1f1098b26c1786be0aa6b198"),
        ("seed-fixed", "56e4091e312572b73e5480e3e2d4fb37c8f3fca4dc07344d3e5820cbe0a50331"),
    ] {
        let version = Version::of(&record(name)).unwrap();
        assert_eq!(version.to_string(), expected, "{name}");
        assert_eq!(format!("{:016x}", version.head()), &expected[..16], "{name}");
    }
}
