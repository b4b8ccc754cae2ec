//! One session, fed by hand: what is said to what, and what is due when.

use std::fmt::Write as _;

use anning_link::{
    Answer, Civil, Dialect, Event, Frames, LoginMode, MessageId, Moment, Output, Query, Sequence, Session,
    Settings, Spoken,
};

use crate::toy::{Toy, delivery, frame, login, secret, submission};

/// What is done to a session.
enum Do {
    Hear(u32, Spoken),
    Bytes(Vec<u8>),
    Admit,
    AdmitOther,
    TurnAway,
    Ask,
    Submit(u64),
    Deliver(u64),
    Take(u32),
    TakeDelivery(u32),
    /// Time goes on until that second; what is due meanwhile is done when it is due.
    Until(u64),
    Cut,
    Leave,
}
use Do::*;

const CIVIL: Civil = Civil { month: 3, day: 1, hour: 0, minute: 0, second: 0 };

/// Does it all, and writes down what comes of it, one word each.
fn run(mut session: Session<Toy>, deeds: Vec<Do>) -> String {
    let mut now = Moment::default();
    let mut said = String::new();
    for deed in deeds {
        match deed {
            Hear(number, spoken) => session.received(&frame(number, &spoken), now, CIVIL),
            Bytes(bytes) => session.received(&bytes, now, CIVIL),
            Admit => said += if session.admit(&secret(), now) { "" } else { "not admitted; " },
            AdmitOther => {
                let mut other = secret();
                other.secret = b"another".to_vec();
                assert!(!session.admit(&other, now));
            }
            TurnAway => session.turn_away(55, now),
            Ask => session.login(now, CIVIL),
            Submit(ticket) => match session.submit(ticket, submission(b"hello"), now, CIVIL) {
                Ok(_) => {}
                Err(_) => said += "given back; ",
            },
            Deliver(ticket) => match session.deliver(ticket, delivery(b"reply"), now, CIVIL) {
                Ok(_) => {}
                Err(_) => said += "given back; ",
            },
            Take(number) => {
                let taken = Answer::Taken(MessageId(b"id".to_vec()));
                said += if session.answer(Sequence::of(number), taken) { "" } else { "nothing to answer; " };
            }
            TakeDelivery(number) => assert!(session.answer_delivery(Sequence::of(number), 0)),
            Until(second) => {
                let until = Moment::from_millis(second * 1000);
                while let Some(due) = session.wake_at().filter(|due| *due <= until) {
                    now = due.max(now);
                    session.tick(now, CIVIL);
                    said += &heard(&mut session, Some(now));
                    assert!(session.wake_at().is_none_or(|next| next > now), "due again at once");
                }
                now = until;
            }
            Cut => session.peer_closed(now),
            Leave => session.leave(now, CIVIL),
        }
        said += &heard(&mut session, None);
    }
    said.trim_end_matches("; ").to_owned()
}

fn heard(session: &mut Session<Toy>, at: Option<Moment>) -> String {
    let mut words = String::new();
    while let Some(output) = session.poll() {
        if let Some(at) = at {
            write!(words, "{}s ", at.since_beginning().as_secs()).unwrap();
        }
        match output {
            Output::Event(event) => words += &word(&event),
            Output::Send(bytes) => words += &spoken(&bytes),
            Output::Close(ending) => write!(words, "close: {ending}").unwrap(),
        }
        words += "; ";
    }
    words
}

fn word(event: &Event) -> String {
    match event {
        Event::Login(asked) => format!("login of {}", asked.account.escape_ascii()),
        Event::LoggedIn { version } => format!("logged in {version}"),
        Event::LoginRefused(code) => format!("refused {code}"),
        Event::Submitted { sequence, .. } => format!("submitted {}", sequence.number()),
        Event::Answered { ticket, answer: Answer::Taken(_) } => format!("taken t{ticket}"),
        Event::Answered { ticket, answer } => format!("{answer:?} t{ticket}"),
        Event::Delivered { sequence, .. } => format!("delivered {}", sequence.number()),
        Event::DeliveryAnswered { ticket, code } => format!("delivery answered {code} t{ticket}"),
        Event::Overrun { sequence } => format!("overrun {}", sequence.number()),
        Event::InDoubt { ticket } => format!("in doubt t{ticket}"),
        Event::Odd(note) => format!("odd: {note}"),
        Event::Ended(_) => "ended".to_owned(),
        Event::Queried { .. }
        | Event::QueryAnswered { .. }
        | Event::Cancelled { .. }
        | Event::CancelAnswered { .. } => format!("{event:?}"),
    }
}

/// The frames that were sent together stand in one pair of brackets.
fn spoken(bytes: &[u8]) -> String {
    let mut frames = Frames::new(9, 300);
    frames.push(bytes);
    let mut words = Vec::new();
    while let Some(frame) = frames.take().unwrap() {
        let (sequence, spoken) = Toy.hear(frame).unwrap();
        let what = match spoken {
            Spoken::Login(_) => "login".to_owned(),
            Spoken::LoginAnswer(code, _) => format!("login answer {code}"),
            Spoken::Submit(_) => "submit".to_owned(),
            Spoken::SubmitAnswer(Answer::Refused(code)) => format!("refuse {code}"),
            Spoken::SubmitAnswer(_) => "take".to_owned(),
            Spoken::Deliver(_) => "deliver".to_owned(),
            Spoken::DeliverAnswer(code, id) => format!("deliver answer {code} {}", id.0.escape_ascii()),
            Spoken::Alive
            | Spoken::AliveAnswer
            | Spoken::Leave
            | Spoken::LeaveAnswer
            | Spoken::Query(_)
            | Spoken::QueryAnswer(_)
            | Spoken::Cancel(_)
            | Spoken::CancelAnswer(_)
            | Spoken::Foreign(_)
            | Spoken::NotUnderstood(_) => format!("{spoken:?}"),
        };
        words.push(format!("{what} #{}", sequence.number()));
    }
    assert_eq!(frames.waiting(), 0);
    format!("[{}]", words.join(", "))
}

fn settings() -> Settings {
    Settings { window: 2, ..Settings::of(&Toy.limits()) }
}

fn server(deeds: Vec<Do>, said: &str) {
    assert_eq!(run(Session::server(Toy, settings(), Moment::default()), deeds), said);
}

fn client(deeds: Vec<Do>, said: &str) {
    client_with(settings(), deeds, said);
}

fn client_with(settings: Settings, deeds: Vec<Do>, said: &str) {
    let session = Session::client(Toy, settings, secret(), LoginMode::Both, Moment::default());
    assert_eq!(run(session, deeds), said);
}

/// A server that let somebody in, and what it said until then.
fn server_in(deeds: Vec<Do>, said: &str) {
    let mut all = vec![Hear(9, login(b"secret")), Admit];
    all.extend(deeds);
    server(all, &format!("login of toy; logged in 7; [login answer 0 #9]; {said}"));
}

/// A client that was let in, and what it said until then.
fn client_in(deeds: Vec<Do>, said: &str) {
    client_with_in(settings(), deeds, said);
}

fn client_with_in(settings: Settings, deeds: Vec<Do>, said: &str) {
    let mut all = vec![Ask, Hear(1, let_in())];
    all.extend(deeds);
    client_with(settings, all, &format!("[login #1]; logged in 7; {said}"));
}

fn let_in() -> Spoken {
    Spoken::LoginAnswer(0, b"server knows secret".to_vec())
}

fn submit() -> Spoken {
    Spoken::Submit(submission(b"hello"))
}

fn taken() -> Spoken {
    Spoken::SubmitAnswer(Answer::Taken(MessageId(b"id".to_vec())))
}

#[test]
fn a_server_lets_in_or_turns_away() {
    let asked = || Hear(9, login(b"secret"));
    server(vec![asked(), Admit, Admit], "login of toy; logged in 7; [login answer 0 #9]; not admitted");
    server(
        vec![asked(), AdmitOther],
        "login of toy; ended; [login answer 100 #9]; close: login refused with code: 100",
    );
    server(
        vec![asked(), TurnAway, asked(), Hear(3, submit())],
        "login of toy; ended; [login answer 55 #9]; close: login refused with code: 55",
    );
    server(vec![Admit, TurnAway], "not admitted");
}

#[test]
fn what_comes_before_the_login() {
    server(
        vec![Hear(3, submit())],
        "odd: request before the login was answered, number: 3; ended; [refuse 105 #3]; \
         close: something else came before the login",
    );
    server(
        vec![Hear(9, login(b"secret")), Hear(3, submit()), Admit],
        "login of toy; odd: request before the login was answered, number: 3; [refuse 105 #3]; \
         logged in 7; [login answer 0 #9]",
    );
    server(vec![Hear(3, Spoken::Alive)], "[AliveAnswer #3]");
    server(vec![Hear(3, Spoken::Leave)], "ended; [LeaveAnswer #3]; close: other side left");
    server(
        vec![Hear(3, Spoken::Foreign(15))],
        "odd: command is not answered here: 0x0000000f; ended; [NotUnderstood(200) #3]; \
         close: something else came before the login",
    );
    server(
        vec![Hear(9, login(b"secret")), Hear(8, login(b"secret"))],
        "login of toy; odd: login after the login, number: 8; [login answer 104 #8]",
    );
    client(vec![Submit(1), Ask, Ask, Submit(1)], "given back; [login #1]; given back");
}

#[test]
fn a_client_is_refused() {
    client(
        vec![Ask, Hear(1, Spoken::LoginAnswer(3, vec![]))],
        "[login #1]; refused 3; ended; close: login refused by the other side with code: 3",
    );
    client(
        vec![Ask, Hear(2, let_in()), Hear(1, Spoken::NotUnderstood(4))],
        "[login #1]; odd: answer to no request of ours, number: 2; refused 4; ended; \
         close: login refused by the other side with code: 4",
    );
    client_in(vec![Cut], "ended; close: connection closed right after the login, which counts as refused");
    client_in(
        vec![Hear(5, Spoken::Alive), Cut],
        "[AliveAnswer #5]; ended; close: connection closed by the other side",
    );
}

#[test]
fn a_server_proves_itself_on_request_only() {
    let wrong = || vec![Ask, Hear(1, Spoken::LoginAnswer(0, b"mock".to_vec()))];
    let not_proved = "server did not prove that it knows the secret";
    client(wrong(), &format!("[login #1]; odd: {not_proved}; logged in 7"));
    client_with(
        Settings { prove_server: true, ..settings() },
        wrong(),
        &format!("[login #1]; odd: {not_proved}; ended; close: {not_proved}"),
    );
    client_with_in(Settings { prove_server: true, ..settings() }, vec![Submit(1)], "[submit #2]");
}

#[test]
fn requests_are_answered_once() {
    server_in(
        vec![Hear(3, submit()), Take(3), Take(3), Take(4)],
        "submitted 3; [take #3]; nothing to answer; nothing to answer",
    );
    client_in(
        vec![Submit(70), Hear(2, taken()), Hear(2, taken())],
        "[submit #2]; taken t70; odd: answer to no request of ours, number: 2",
    );
    client_in(
        vec![Submit(70), Hear(2, Spoken::CancelAnswer(0)), Hear(2, Spoken::NotUnderstood(3))],
        "[submit #2]; odd: answer of another kind than its request, number: 2; Refused(3) t70",
    );
    client_in(
        vec![Hear(4, Spoken::Deliver(delivery(b"reply"))), TakeDelivery(4)],
        "delivered 4; [deliver answer 0 reply #4]",
    );
    server_in(
        vec![Deliver(5), Hear(1, Spoken::DeliverAnswer(9, MessageId::default()))],
        "[deliver #1]; delivery answered 9 t5",
    );
}

#[test]
fn a_delivery_may_come_before_the_answer() {
    client_in(
        vec![Submit(70), Hear(2, Spoken::Deliver(delivery(b"report"))), TakeDelivery(2), Hear(2, taken())],
        "[submit #2]; delivered 2; [deliver answer 0 report #2]; taken t70",
    );
}

#[test]
fn each_side_asks_what_it_may() {
    server_in(vec![Submit(1)], "given back");
    client_in(vec![Deliver(1)], "given back");
    server_in(
        vec![Hear(3, Spoken::Deliver(delivery(b"x")))],
        "odd: request that this side or login may not make, number: 3; [deliver answer 106 x #3]",
    );
    client_in(
        vec![Hear(3, submit()), Hear(4, login(b"secret"))],
        "odd: request that this side or login may not make, number: 3; [refuse 106 #3]; \
         odd: request that this side or login may not make, number: 4",
    );
}

#[test]
fn windows_are_kept() {
    client_in(
        vec![Submit(1), Submit(2), Submit(3), Hear(2, taken()), Submit(3)],
        "[submit #2]; [submit #3]; given back; taken t1; [submit #4]",
    );
    let over = |number: u32| format!("overrun {number}; [refuse 108 #{number}]; ");
    let six: String = (3..9).map(over).collect();
    let flood = || (1..9).map(|number| Hear(number, submit()));
    let begins = format!("submitted 1; [x]; submitted 2; {six}").replace("[x]; ", "");
    server_in(
        flood().chain([Take(1), Hear(50, submit())]).collect(),
        &format!("{begins}[take #1]; submitted 50"),
    );
    // Three windows beyond its own it is heard no further, and nothing of what it says is lost: silence is not held against
    // it meanwhile.
    let held = || flood().chain([Hear(9, submit()), Hear(10, submit()), Until(1_000)]);
    server_in(held().collect(), begins.trim_end_matches("; "));
    let (nine, ten) = ("submitted 9; overrun 10; [take #1, refuse 108 #10]", "submitted 11");
    server_in(
        held().chain([Take(1), Take(2), Hear(11, submit())]).collect(),
        &format!("{begins}{nine}; [take #2]; {ten}"),
    );
    // What waits unheard is bounded.
    let more = || Bytes(frame(9, &submit()).repeat(20_000));
    let ends = "ended; close: other side kept sending beyond its window";
    server_in(flood().chain([more(), more(), more()]).collect(), &format!("{begins}{ends}"));
}

#[test]
fn it_listens_as_long_as_it_is_listened_to() {
    let mut session = Session::server(Toy, Settings { output_max: 100, ..settings() }, Moment::default());
    let now = Moment::default();
    session.received(&frame(1, &login(b"secret")), now, CIVIL);
    session.event();
    assert!(session.admit(&secret(), now));
    heard(&mut session, None);
    // Answers that nobody fetches.
    for n in 0..3 {
        assert!(session.listens(), "{n}");
        session.received(&frame(1, &Spoken::Alive), now, CIVIL);
    }
    assert!(!session.listens());
    heard(&mut session, None);
    assert!(session.listens());
    // More than its window, until something is answered.
    for number in 1..9 {
        assert!(session.listens(), "{number}");
        session.received(&frame(number, &submit()), now, CIVIL);
        heard(&mut session, None);
    }
    assert!(!session.listens());
    session.answer(Sequence::of(2), Answer::Refused(1));
    assert!(session.listens());
}

#[test]
fn whoever_reads_nothing_for_too_long_is_cut_off() {
    let check = |taken_at: Option<u64>, ends: Option<u64>| {
        let mut session = Session::server(Toy, settings(), Moment::default());
        session.received(&frame(1, &login(b"secret")), Moment::default(), CIVIL);
        session.event();
        assert!(session.admit(&secret(), Moment::default()));
        heard(&mut session, None);
        let mut ended = None;
        for second in 0..100 {
            let now = Moment::from_millis(second * 1_000);
            // Nothing is taken from the first second on, but for some bytes in between.
            let since = taken_at.filter(|at| *at <= second).unwrap_or(1).min(second);
            session.set_unread(Some(Moment::from_millis(since * 1_000)));
            session.received(&frame(1, &Spoken::Alive), now, CIVIL);
            if session.wake_at().is_some_and(|due| due <= now) {
                session.tick(now, CIVIL);
            }
            heard(&mut session, None);
            if session.ending().is_some() && ended.is_none() {
                assert_eq!(session.ending(), Some(anning_link::Ending::Unread));
                ended = Some(second);
            }
        }
        assert_eq!(ended, ends);
    };
    check(None, Some(61));
    check(Some(30), Some(90));
    check(Some(60), None);
}

/// A carrier tells as many reports as it likes; what is asked of it keeps to its own window.
#[test]
fn the_other_side_may_have_a_window_of_its_own() {
    let settings = Settings { window: 1, window_theirs: Some(3), ..settings() };
    let tell = |number| Hear(number, Spoken::Deliver(delivery(b"report")));
    client_with_in(
        settings,
        vec![Submit(1), Submit(2), tell(1), tell(2), tell(3), tell(4)],
        "[submit #2]; given back; delivered 1; delivered 2; delivered 3; overrun 4; \
         [deliver answer 108 report #4]",
    );
}

#[test]
fn a_number_names_one_request() {
    server_in(
        vec![Hear(3, submit()), Hear(3, submit()), Hear(3, Spoken::Submit(submission(b"other"))), Take(3)],
        "submitted 3; odd: request sent again before its answer, number: 3; \
         odd: another request with the number of an open one, number: 3; [refuse 107 #3]; [take #3]",
    );
    // Toy numbers go from 1 to 9: the tenth skips that of the request that is still open.
    let mut deeds = vec![Submit(1)];
    let mut said = "[submit #2]; ".to_owned();
    for number in [3, 4, 5, 6, 7, 8, 9, 1, 3] {
        deeds.extend([Submit(2), Hear(number, taken())]);
        write!(said, "[submit #{number}]; taken t2; ").unwrap();
    }
    client_in(deeds, said.trim_end_matches("; "));
}

#[test]
fn frames_that_are_none() {
    let unknown = [&9_u32.to_be_bytes()[..], &[99, 0, 0, 0, 5]].concat();
    server_in(
        vec![Bytes(unknown), Hear(3, submit())],
        "odd: unknown command: 0x00000063; [NotUnderstood(200) #5]; submitted 3",
    );
    server_in(
        vec![Hear(3, submit()), Bytes(vec![0, 0, 0, 8])],
        "submitted 3; ended; close: frame shorter than a header: 8",
    );
    server_in(vec![Bytes(vec![0, 0, 2, 0])], "ended; close: frame longer than this side takes: 512");
    // One answer with three stray bytes: the stream is off, and the next length tells.
    let stray = [frame(4, &Spoken::AliveAnswer), b"x00".to_vec(), frame(5, &Spoken::Alive)].concat();
    server_in(
        vec![Bytes(stray)],
        "odd: answer to no request of ours, number: 4; ended; \
         close: frame longer than this side takes: 2016423936",
    );
}

#[test]
fn logins_and_frames_take_their_time() {
    server(vec![Until(29)], "");
    server(vec![Until(30)], "30s ended; 30s close: no login in time");
    client(vec![Until(10), Ask, Until(50)], "[login #1]; 40s ended; 40s close: no login in time");
    let half = || frame(3, &submit())[..7].to_vec();
    server_in(
        vec![Bytes(half()), Until(59), Bytes(frame(3, &submit())[7..].to_vec()), Until(100)],
        "submitted 3",
    );
    server_in(
        vec![Bytes(half()), Until(30), Bytes(vec![0]), Until(100)],
        "60s ended; 60s close: rest of a frame did not come in time",
    );
    server_in(
        vec![Bytes(half()), Until(59), Bytes([&frame(3, &submit())[7..], &half()[..]].concat()), Until(118)],
        "submitted 3",
    );
}

#[test]
fn silence_is_asked_and_then_given_up() {
    server_in(
        vec![Until(500)],
        "180s [Alive #1]; 240s [Alive #2]; 300s [Alive #3]; 360s ended; \
         360s close: other side does not answer any more",
    );
    server_in(vec![Until(180), Hear(1, Spoken::AliveAnswer), Until(359)], "180s [Alive #1]");
    server_in(
        vec![Until(300), Hear(3, Spoken::Alive), Until(479)],
        "180s [Alive #1]; 240s [Alive #2]; 300s [Alive #3]; \
         odd: question for life answered with a question, number: 3; [AliveAnswer #3]",
    );
    server_in(vec![Hear(3, Spoken::AliveAnswer)], "odd: answer to no request of ours, number: 3");
    let settings =
        Settings { alive_after: None, idle_max: Some(std::time::Duration::from_secs(60)), ..settings() };
    client_with_in(
        settings,
        vec![Until(30), Submit(1), Hear(2, taken()), Until(80), Hear(5, Spoken::Alive), Until(100)],
        "[submit #2]; taken t1; [AliveAnswer #5]; 90s ended; 90s close: no request for too long",
    );
}

#[test]
fn what_is_not_answered_is_in_doubt() {
    client_in(
        vec![Submit(1), Until(30), Submit(2), Until(70), Hear(2, taken())],
        "[submit #2]; [submit #3]; 60s in doubt t1; odd: answer to no request of ours, number: 2",
    );
    let again = Settings { resend: true, ..settings() };
    client_with_in(
        again,
        vec![Submit(1), Until(70), Hear(2, taken()), Until(179)],
        "[submit #2]; 60s odd: no answer in time, request sent again, number: 2; 60s [submit #2]; taken t1",
    );
    client_with_in(
        again,
        vec![Submit(1), Until(179), Hear(9, Spoken::Alive), Until(181)],
        "[submit #2]; 60s odd: no answer in time, request sent again, number: 2; 60s [submit #2]; \
         120s odd: no answer in time, request sent again, number: 2; 120s [submit #2]; [AliveAnswer #9]; \
         180s in doubt t1",
    );
    client_in(
        vec![Submit(1), Submit(2), Hear(3, taken()), Cut, Submit(3)],
        "[submit #2]; [submit #3]; taken t2; in doubt t1; ended; close: connection closed by the other side; \
         given back",
    );
}

#[test]
fn leaving_waits_for_what_is_owed() {
    let bye = |number: u32| Hear(number, Spoken::LeaveAnswer);
    client_in(vec![Leave, bye(2)], "[Leave #2]; ended; close: left");
    client_in(
        vec![Submit(1), Leave, Submit(2), Hear(2, taken()), bye(3)],
        "[submit #2]; given back; taken t1; [Leave #3]; ended; close: left",
    );
    client_in(
        vec![Submit(1), Leave, Until(200)],
        "[submit #2]; 60s in doubt t1; 60s [Leave #3]; 120s ended; 120s close: left without an answer",
    );
    server_in(
        vec![Hear(3, submit()), Leave, Hear(4, submit()), Take(3), Hear(8, Spoken::Leave), bye(1)],
        "submitted 3; odd: request while the session ends, number: 4; [refuse 112 #4]; [take #3, Leave #1]; \
         [LeaveAnswer #8]; ended; close: left",
    );
    server_in(
        vec![Hear(3, submit()), Hear(4, Spoken::Leave), Take(3)],
        "submitted 3; ended; [take #3, LeaveAnswer #4]; close: other side left",
    );
    server_in(
        vec![Hear(3, submit()), Deliver(9), Hear(4, Spoken::Leave), Until(60), Take(3)],
        "submitted 3; [deliver #1]; 60s in doubt t9; 60s ended; 60s [LeaveAnswer #4]; 60s close: other side left; \
         nothing to answer",
    );
}

#[test]
fn whoever_does_not_read_is_cut_off() {
    let settings = Settings { output_max: 40, ..settings() };
    let mut session = Session::server(Toy, settings, Moment::default());
    let alive = frame(1, &Spoken::Alive).repeat(4);
    session.received(&alive, Moment::default(), CIVIL);
    assert!(session.ending().is_none());
    session.received(&alive, Moment::default(), CIVIL);
    assert_eq!(heard(&mut session, None), "ended; close: other side does not read what is sent to it; ");
    assert_eq!(session.wake_at(), None);
}

#[test]
fn questions_and_taking_back() {
    let id = || MessageId(b"id".to_vec());
    let mut session = Session::client(Toy, settings(), secret(), LoginMode::Both, Moment::default());
    session.login(Moment::default(), CIVIL);
    session.received(&frame(1, &let_in()), Moment::default(), CIVIL);
    session.query(5, Query::State(id()), Moment::default(), CIVIL).unwrap();
    session.cancel(6, id(), Moment::default(), CIVIL).unwrap();
    assert_eq!(session.query(7, Query::State(id()), Moment::default(), CIVIL), Err(Query::State(id())));
    heard(&mut session, None);
    session.received(&frame(2, &Spoken::QueryAnswer(Err(1))), Moment::default(), CIVIL);
    session.received(&frame(3, &Spoken::CancelAnswer(2)), Moment::default(), CIVIL);
    let found = Event::QueryAnswered { ticket: 5, found: Err(1) };
    assert_eq!(session.event(), Some(found));
    assert_eq!(session.event(), Some(Event::CancelAnswered { ticket: 6, code: 2 }));

    let mut server = Session::server(Toy, settings(), Moment::default());
    server.received(&frame(9, &login(b"secret")), Moment::default(), CIVIL);
    assert!(server.admit(&secret(), Moment::default()));
    server.received(&frame(1, &Spoken::Query(Query::State(id()))), Moment::default(), CIVIL);
    server.received(&frame(2, &Spoken::Cancel(id())), Moment::default(), CIVIL);
    let one = Sequence::of(1);
    assert!(!server.answer(one, Answer::Refused(1)) && !server.answer_cancel(one, 1));
    assert!(server.answer_query(one, Err(1)) && server.answer_cancel(Sequence::of(2), 2));
    assert!(
        heard(&mut server, None).contains("[login answer 0 #9, QueryAnswer(Err(1)) #1, CancelAnswer(2) #2]")
    );
}
