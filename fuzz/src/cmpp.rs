//! Promises of `anning-cmpp`, and of the session of `anning-link` that speaks it.

use anning_cmpp::pdu::{Body, Layout, Pdu, Report};
use anning_cmpp::{Cmpp, Version};
use anning_link::{Civil, Credentials, Dialect, Event, Moment, Output, Session, Settings};

/// A PDU that is read is written as it came; what is heard of it is kept within a few times its length.
pub(crate) fn pdu(bytes: &[u8]) {
    for layout in [Layout::Narrow, Layout::Wide] {
        let Ok(pdu) = Pdu::decode(bytes, layout) else { continue };
        let mut again = Vec::new();
        pdu.encode(&mut again);
        assert_eq!(again, bytes, "one writing a PDU");
        if let Body::Submit(submit) = &pdu.body {
            let kept = submit.dest_terminal_ids.len() * 32 + submit.content.len() + submit.tail.len();
            assert!(kept <= bytes.len() * 2, "no more is kept than came");
        }
        if let Body::Deliver(deliver) = &pdu.body
            && let Ok(report) = Report::decode(&deliver.content)
        {
            assert_eq!(report.encode(), deliver.content, "one writing a report");
        }
    }
    for version in [Version::V20, Version::V30] {
        let mut cmpp = Cmpp::client(version);
        match cmpp.hear(bytes) {
            Ok((sequence, spoken)) => cmpp.say(sequence, &spoken, &mut Vec::new()),
            Err(malformed) => {
                let _ = cmpp.answer_malformed(&malformed);
                assert!(malformed.at <= bytes.len(), "the field lies in the frame");
            }
        }
    }
}

/// A server's session survives any stream, keeps its windows, and says nothing after its end.
pub(crate) fn session(bytes: &[u8]) {
    let settings = Settings { window: 4, ..Settings::of(&Cmpp::server().limits()) };
    let mut session = Session::server(Cmpp::server(), settings, Moment::default());
    let anybody = Credentials { account: b"900001".to_vec(), secret: b"888888".to_vec() };
    let mut ended = false;
    for (second, part) in (0..).zip(bytes.chunks(61)) {
        let now = Moment::from_millis(second * 1000);
        session.received(part, now, Civil::default());
        while let Some(output) = session.poll() {
            match output {
                Output::Event(event) => {
                    assert!(!ended, "nothing after the end");
                    ended = matches!(event, Event::Ended(_));
                    if matches!(event, Event::Login(_)) {
                        session.admit(&anybody, now);
                    }
                }
                Output::Send(_) | Output::Close(_) => {}
            }
        }
        assert!(session.owes() <= 4, "windows are kept");
        assert_eq!(session.wake_at().is_none(), session.ending().is_some(), "something is due until the end");
    }
}
