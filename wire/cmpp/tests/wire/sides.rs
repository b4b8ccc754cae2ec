//! Both sides of a session, wired to each other.

use anning_cmpp::{Cmpp, Version, message_id};
use anning_link::{
    Answer, Civil, Credentials, Delivery, Dialect, Ending, Event, LoginMode, MessageId, Moment, Output,
    Reply, Report, Session, Settings, Submission,
};

use crate::vectors::vector;

const CIVIL: Civil = Civil { month: 3, day: 1, hour: 0, minute: 0, second: 0 };

fn who() -> Credentials {
    Credentials { account: b"900001".to_vec(), secret: b"888888".to_vec() }
}

fn server() -> Session<Cmpp> {
    Session::server(Cmpp::server(), Settings::of(&Cmpp::server().limits()), Moment::default())
}

fn client(version: Version) -> Session<Cmpp> {
    let settings = Settings { prove_server: true, ..Settings::of(&Cmpp::server().limits()) };
    Session::client(Cmpp::client(version), settings, who(), LoginMode::Both, Moment::default())
}

/// What one side says goes to the other; what happens to it comes back.
fn pass(from: &mut Session<Cmpp>, to: &mut Session<Cmpp>) -> Vec<Event> {
    let mut events = Vec::new();
    while let Some(output) = from.poll() {
        match output {
            // The line cuts frames anywhere.
            Output::Send(bytes) => {
                bytes.chunks(7).for_each(|bytes| to.received(bytes, Moment::default(), CIVIL))
            }
            Output::Event(event) => events.push(event),
            Output::Close(_) => {}
        }
    }
    events
}

#[test]
fn from_the_login_to_the_end() {
    for version in [Version::V20, Version::V21, Version::V30] {
        let now = Moment::default();
        let (mut server, mut client) = (server(), client(version));
        client.login(now, CIVIL);
        pass(&mut client, &mut server);
        assert!(matches!(server.event(), Some(Event::Login(asked)) if asked.account == b"900001"));
        assert!(server.admit(&who(), now));
        pass(&mut server, &mut client);
        let logged_in = Event::LoggedIn { version: version.byte() };
        assert_eq!(client.event(), Some(logged_in), "proved itself");

        let message = vector("cmpp-051");
        let anning_link::Spoken::Submit(mut message) =
            Cmpp::client(Version::V30).hear(&message.bytes).unwrap().1
        else {
            panic!("no submit")
        };
        if version != Version::V30 {
            message.link.clear();
        }
        client.submit(1, message.clone(), now, CIVIL).unwrap();
        pass(&mut client, &mut server);
        let Some(Event::Submitted { sequence, submission }) = server.event() else { panic!("no submit") };
        assert_eq!(submission, message, "{version:?}");
        let id = message_id(CIVIL, 1, 7);
        // The report comes before the answer.
        let recipient = message.destinations[0].clone();
        let report = Report { id: id.clone(), carried_as: id.clone(), recipient, ..Report::default() };
        server.deliver(2, Box::new(Delivery::Report(report)), now, CIVIL).unwrap();
        assert!(server.answer(sequence, Answer::Taken(id.clone())));
        pass(&mut server, &mut client);
        let Some(Event::Delivered { sequence, delivery }) = client.event() else { panic!("no report") };
        assert!(matches!(*delivery, Delivery::Report(report) if report.id == id));
        assert!(client.answer_delivery(sequence, 0));
        assert_eq!(client.event(), Some(Event::Answered { ticket: 1, answer: Answer::Taken(id) }));
        client.leave(now, CIVIL);
        pass(&mut client, &mut server);
        assert_eq!(server.event(), Some(Event::DeliveryAnswered { ticket: 2, code: 0 }));
        pass(&mut server, &mut client);
        assert_eq!((client.ending(), server.ending()), (Some(Ending::Left), Some(Ending::PeerLeft)));
    }
}

#[test]
fn an_account_may_be_pinned_to_a_version() {
    let now = Moment::default();
    let mut server = server();
    // It says 3.0 and its contract says 2.0.
    server.received(&vector("cmpp-032").bytes, now, CIVIL);
    assert!(matches!(server.event(), Some(Event::Login(_))));
    server.dialect_mut().pin(Version::V20);
    server.turn_away(3, now);
    assert!(server.event().is_some());
    assert!(matches!(server.poll(), Some(Output::Send(bytes)) if bytes.len() == 30 && bytes[12] == 3));
}

#[test]
fn what_real_peers_do() {
    let now = Moment::default();
    // Another server's proof, captured: the real secret is not known here, so that it is only noted.
    let settings = Settings::of(&Cmpp::server().limits());
    let mut client = Session::client(Cmpp::client(Version::V30), settings, who(), LoginMode::Both, now);
    client.login(now, CIVIL);
    let Some(Output::Send(connect)) = client.poll() else { panic!("no login") };
    let mut answer = vector("cmpp-033").bytes;
    answer[8..12].copy_from_slice(&connect[8..12]);
    client.received(&answer, now, CIVIL);
    assert!(matches!(client.event(), Some(Event::Odd(_))));
    assert_eq!(client.event(), Some(Event::LoggedIn { version: 0x30 }));
    // A variant that is not spoken here is refused, and the line is closed.
    let mut server = server();
    let mut connect = vector("cmpp-032").bytes;
    connect[34] = 0x7F;
    server.received(&connect, now, CIVIL);
    assert_eq!(server.ending(), Some(Ending::TurnedAway(4)));
    // Four bytes "0x00" where the length says one: noted as a bad length, and closed.
    let stray = [&vector("cmpp-013").bytes[..12], b"0x00", &vector("cmpp-012").bytes].concat();
    client.received(&stray, now, CIVIL);
    assert!(matches!(client.ending(), Some(Ending::Frame(_))), "{:?}", client.ending());
}

#[test]
fn nothing_printed_shows_a_person() {
    let reply = Reply {
        id: MessageId(vec![1]),
        source: anning_link::Address::new(b"13800138000"),
        ..Reply::default()
    };
    let message = Submission { destinations: vec![reply.source.clone()], ..Submission::default() };
    for printed in
        [format!("{reply:?}"), format!("{message:?}"), format!("{:?}", who()), format!("{:?}", server())]
    {
        assert!(!printed.contains("13800138000") && !printed.contains("888888"), "{printed}");
    }
}
