//! The line that the carrier makes to us, and who else comes there.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::Ordering;
use std::time::Duration;

use anning_link::{Civil, Credentials, Dialect as _, LoginMode, Sequence, Spoken};
use anning_sgip::{Counter, Sgip};

use super::world::{CARRIER, SECRET, World, who};

/// Says something and hears all that is answered, until the other side closes.
fn say(to: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let mut line = TcpStream::connect(to).unwrap();
    line.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    line.write_all(bytes).unwrap();
    let mut answer = Vec::new();
    // A reset ends it as well.
    let _ = line.read_to_end(&mut answer);
    answer
}

/// Logs in, and leaves: the code of the answer.
pub fn bind(to: SocketAddr, who: &Credentials, mode: LoginMode) -> u8 {
    let at = Civil { month: 11, day: 27, hour: 11, minute: 0, second: 0 };
    let mut client = Sgip::new(101_000, Counter::default());
    let (asked, mut login, mut leave) = (client.login(who, mode, at), Vec::new(), Vec::new());
    let first = client.next(Sequence::default(), at);
    client.say(first, &Spoken::Login(asked), &mut login);
    client.say(client.clone().next(first, at), &Spoken::Leave, &mut leave);
    let mut line = TcpStream::connect(to).unwrap();
    line.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    line.write_all(&login).unwrap();
    let mut answer = [0; 29];
    line.read_exact(&mut answer).unwrap();
    // Whoever was turned away is gone already.
    let _ = line.write_all(&leave).and_then(|()| line.read_to_end(&mut Vec::new()).map(drop));
    answer[20]
}

#[test]
fn who_is_let_in() {
    let world = World::new(&[]);
    let check = |login: &str, secret: &str, mode, code| {
        let answer = bind(world.deliveries(), &who(login, secret), mode);
        assert_eq!(answer, code, "{login} {mode:?}");
    };
    check(CARRIER, SECRET, LoginMode::Receive, 0);
    check(CARRIER, SECRET, LoginMode::Both, 0);
    // Login type 1: it would hand in messages.
    check(CARRIER, SECRET, LoginMode::Send, 4);
    check(CARRIER, "secres", LoginMode::Receive, 1);
    check(CARRIER, "", LoginMode::Receive, 1);
    check("mall", SECRET, LoginMode::Receive, 1);
    check("", SECRET, LoginMode::Receive, 1);
    // Whoever goes on guessing waits, and so does the right secret from there; others do not.
    for _ in 0..3 {
        check(CARRIER, "guess", LoginMode::Receive, 1);
    }
    check(CARRIER, SECRET, LoginMode::Receive, 1);
    assert_eq!(bind(world.door(), &who("mall", SECRET), LoginMode::Send), 0);
    let results = |how: &str| {
        world.metric(&format!("anning_carrier_logins_total{{upstream=\"mobile\",result=\"{how}\"}}"))
    };
    assert_eq!((results("in"), results("wrong_type"), results("locked")), (2, 1, 1));
    world.ahead.fetch_add(61_000, Ordering::SeqCst);
    check(CARRIER, SECRET, LoginMode::Receive, 0);
}

#[test]
fn garbage_disturbs_nobody() {
    let world = World::new(&[]);
    let carrier = world.carrier();
    let at = world.deliveries();
    // Left open to the end, without a word and within a frame.
    let _silent = TcpStream::connect(at).unwrap();
    let mut half = TcpStream::connect(at).unwrap();
    half.write_all(&[0, 0, 0, 61, 0, 0]).unwrap();
    for garbage in [
        &b"GET / HTTP/1.1\r\n\r\n"[..],
        &[0xFF; 64],
        &[0; 64],
        // A DELIVER before the login: well-formed, and nobody's.
        &[&[0, 0, 0, 77, 0, 0, 0, 4][..], &[1; 12], &[0; 57]].concat(),
    ] {
        let answer = say(at, garbage);
        assert!(answer.len() <= 29, "{garbage:?} {answer:?}");
    }
    let sender = world.sender(super::world::NOTICE, 3, |plan| plan.listen = Some(world.listener));
    world.until("all are reported", || sender.counts().reports.matched == 3);
    let counts = carrier.counts();
    assert_eq!((counts.untaken, counts.duplicates), (0, 0), "{counts:?}");
    assert_eq!(sender.counts().reports.duplicate, 0);
}
