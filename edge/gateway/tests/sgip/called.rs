//! The line to the sender, and what is wrong with it.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use anning_link::LoginMode;
use anning_peers::SenderPlan;
use anning_sgip::pdu::{Frame, Pdu, Resp};

use super::world::{CALLER, NOTICE, SECRET, SENDER, UNTOLD, World, who};

/// A sender at last listens: it is told of so many letters, of none twice, and the gateway leaves in order.
fn check(mut world: World, count: u64) {
    let sender = world.listening(SECRET);
    world.until("all are told", || sender.counts().reports.unknown == count && world.metric(UNTOLD) == 0);
    world.stop();
    let counts = sender.counts();
    assert_eq!((counts.reports.unknown, counts.reports.duplicate), (count, 0), "{counts:?}");
    assert_eq!((counts.called, counts.turned_away), (1, 0), "{counts:?}");
    assert!(counts.endings.contains_key("other side left"), "{counts:?}");
    // On record: nobody is told again after a restart.
    world.start(0);
    assert_eq!(world.metric(UNTOLD), 0);
}

#[test]
fn nobody_listens_yet() {
    let mut world = World::new(&[]);
    let carrier = world.carrier();
    // Far more than the window.
    world.notices(150);
    world.until("it was tried", || world.calls("unreachable") > 1);
    assert_eq!((world.calls("in"), carrier.counts().untaken), (0, 0));
    // Neither a restart nor another one loses them.
    for _ in 0..2 {
        world.stop();
        world.start(0);
        assert_eq!(world.metric(UNTOLD), 150);
    }
    check(world, 150);
}

#[test]
fn the_senders_secret_for_us_is_another() {
    let world = World::new(&[]);
    let _carrier = world.carrier();
    world.notices(3);
    let other = world.listening("other");
    world.until("it was refused", || world.calls("refused") > 0);
    let counts = other.counts();
    assert_eq!((counts.called, counts.reports.unknown), (0, 0), "{counts:?}");
    assert!(counts.turned_away > 0, "{counts:?}");
    drop(other);
    // Its listener goes with it, in a moment.
    world.until("nobody listens", || TcpListener::bind(world.listener).is_ok());
    check(world, 3);
}

/// Somebody who accepts connections in the sender's place: says this to a login, and nothing ever after.
struct Deaf {
    logins: Arc<Mutex<Vec<Frame>>>,
    heard: Arc<AtomicU64>,
    ended: Arc<AtomicU64>,
}

fn deaf(listener: TcpListener, connections: usize, says: fn(&Frame) -> Vec<u8>) -> Deaf {
    let deaf = Deaf { logins: Arc::default(), heard: Arc::default(), ended: Arc::default() };
    let (logins, heard, ended) = (Arc::clone(&deaf.logins), Arc::clone(&deaf.heard), Arc::clone(&deaf.ended));
    std::thread::spawn(move || {
        for socket in listener.incoming().take(connections) {
            let mut socket: TcpStream = socket.unwrap();
            let mut login = [0; 61];
            socket.read_exact(&mut login).unwrap();
            let login = Frame::decode(&login).unwrap();
            socket.write_all(&says(&login)).unwrap();
            logins.lock().unwrap().push(login);
            let mut buffer = [0; 4_096];
            // A reset ends it as well.
            while let Ok(count @ 1..) = socket.read(&mut buffer) {
                heard.fetch_add(count as u64, Ordering::SeqCst);
            }
            ended.fetch_add(1, Ordering::SeqCst);
        }
    });
    deaf
}

const HURRIED: (&str, &str) =
    ("deliver_login =", "deliver_timeout = 1\ndeliver_node = 101000\ndeliver_login =");

#[test]
fn a_line_without_answers_is_left_for_another() {
    let world = World::new(&[HURRIED]);
    let _carrier = world.carrier();
    world.notices(3);
    let lets_in = |login: &Frame| {
        let mut bytes = Vec::new();
        Frame::new(login.sequence, Pdu::BindResp(Resp::of(0))).encode(&mut bytes);
        bytes
    };
    let deaf = deaf(TcpListener::bind(world.listener).unwrap(), 2, lets_in);
    world.until("both lines were left", || deaf.ended.load(Ordering::SeqCst) == 2);
    let logins = deaf.logins.lock().unwrap();
    for login in &*logins {
        let Pdu::Bind(bind) = &login.pdu else { panic!("{login:?}") };
        let (name, secret) = (bind.login_name.text(), bind.login_password.text());
        assert_eq!((bind.login_type, name, secret), (2, CALLER.as_bytes(), SECRET.as_bytes()));
        assert_eq!(login.sequence.0[0], 101_000);
    }
    assert_ne!(logins[0].sequence, logins[1].sequence);
    // Three REPORTs of 64 bytes on each line: heard, and not answered.
    assert_eq!(deaf.heard.load(Ordering::SeqCst), 2 * 3 * 64);
    assert_eq!(world.metric(UNTOLD), 3);
    check(world, 3);
}

#[test]
fn nobody_answers_the_login() {
    let world = World::new(&[HURRIED]);
    let _carrier = world.carrier();
    world.notices(2);
    let deaf = deaf(TcpListener::bind(world.listener).unwrap(), 1, |_| Vec::new());
    world.until("it was left", || deaf.ended.load(Ordering::SeqCst) == 1 && world.calls("broken") > 0);
    assert_eq!((deaf.heard.load(Ordering::SeqCst), world.calls("in")), (0, 0));
    check(world, 2);
}

#[test]
fn whoever_listens_speaks_something_else() {
    let world = World::new(&[]);
    let _carrier = world.carrier();
    world.notices(2);
    let deaf =
        deaf(TcpListener::bind(world.listener).unwrap(), 1, |_| b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec());
    world.until("it was left", || deaf.ended.load(Ordering::SeqCst) == 1 && world.calls("broken") > 0);
    assert_eq!(world.calls("in"), 0);
    check(world, 2);
}

#[test]
fn a_quiet_line_is_left_and_made_again() {
    let world = World::new(&[("deliver_login =", "deliver_idle = 1\ndeliver_login =")]);
    let _carrier = world.carrier();
    let sender = world.sender(NOTICE, 1, |plan| plan.listen = Some(world.listener));
    world.until("it is told", || sender.counts().reports.matched == 1);
    world.until("it is left", || sender.counts().endings.contains_key("other side left"));
    // To somebody else: time stands still, so that its id is the same.
    let other = |plan: &mut SenderPlan| plan.recipients.first += 5;
    world.runtime.block_on(world.sender(NOTICE, 1, other).finish());
    world.until("it is told", || sender.counts().reports.unknown == 1);
    assert_eq!((sender.counts().called, world.calls("in")), (2, 2));
}

#[test]
fn a_sender_that_moves_is_called_where_it_is() {
    let mut world = World::new(&[]);
    let _carrier = world.carrier();
    let before = world.sender(NOTICE, 2, |plan| plan.listen = Some(world.listener));
    world.until("it is told", || before.counts().reports.matched == 2);
    world.moves();
    let after = world.listening(SECRET);
    let other = |plan: &mut SenderPlan| plan.recipients.first += 5;
    world.runtime.block_on(world.sender(NOTICE, 3, other).finish());
    world.until("it is told there", || after.counts().reports.unknown == 3);
    world.until("the other line is left", || before.counts().endings.contains_key("other side left"));
    assert_eq!((before.counts().called, before.counts().reports.unknown), (1, 0));
    assert_eq!((after.counts().called, after.counts().reports.duplicate), (1, 0));
}

/// At the door where messages are handed in nobody is told: who asks for that hears that his login's type is wrong.
#[test]
fn a_sender_that_comes_to_be_told_hears_why_not() {
    let world = World::new(&[]);
    let answer = super::comes::bind(world.door(), &who(SENDER, SECRET), LoginMode::Receive);
    assert_eq!(answer, 4);
    assert_eq!(super::comes::bind(world.door(), &who(SENDER, SECRET), LoginMode::Send), 0);
}
