//! What is too large, too slow, or too much.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use crate::json::became;
use crate::world::{CODE, SECRET, World, basic};

#[test]
fn sizes() {
    let world = World::new(&[]);
    let large = format!("{}{{}}", " ".repeat(1 << 20));
    let answer = world.post(&large, "");
    assert_eq!((answer.status, became(&answer).as_str()), (413, "body_too_large"));
    // Without a length, it is found out while reading.
    let chunk = format!("{:x}\r\n{}\r\n", 1 << 18, " ".repeat(1 << 18));
    let head = format!(
        "POST /v1/messages HTTP/1.1\r\nHost: h\r\n{}Transfer-Encoding: chunked\r\n\r\n",
        basic("mall", SECRET)
    );
    let answer = world.raw(format!("{head}{}0\r\n\r\n", chunk.repeat(5)).as_bytes());
    assert_eq!(answer.status, 413);
    let answer = world.ask("GET", "/healthz", &format!("X: {}\r\n", "x".repeat(100_000)), "");
    assert_eq!(answer.status, 431);
    // Nobody who is not let in has a body read.
    assert_eq!(world.ask("POST", "/v1/messages", "", &large).status, 401);
}

#[test]
fn rates() {
    let world = World::new(&[("rate = 500 ", "rate = 2 ")]);
    let body = json!({ "to": vec!["13800138000"; 5], "text": CODE }).to_string();
    let answer = world.post(&body, "");
    assert_eq!(answer.status, 207, "{answer:?}");
    assert!(answer.head.contains("retry-after: 1"), "{answer:?}");
    assert!(became(&answer).ends_with("refused rate"), "{answer:?}");
    // What may be tried again is not kept under its key; what was taken is not taken twice.
    let key = "Idempotency-Key: k\r\n";
    let mut taken = 0;
    for _ in 0..10 {
        world.steady.fetch_add(1_000, std::sync::atomic::Ordering::SeqCst);
        let answer = world.post(&body, key);
        let now = became(&answer).matches("accepted").count();
        assert!(now >= taken, "{answer:?}");
        taken = now;
    }
    assert_eq!(taken, 5);
}

/// While it ends it says so to whoever asks, and what it is working on is answered.
#[test]
fn ending_is_said_until_the_end() {
    let mut world = World::new(&[]);
    let body = json!({ "to": "13800138000", "text": CODE }).to_string();
    let mut slow = TcpStream::connect(world.at).unwrap();
    slow.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let (own, kind) = (basic("mall", SECRET), "Content-Type: application/json");
    let head = format!(
        "POST /v1/messages HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{own}{kind}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    slow.write_all(head.as_bytes()).unwrap();
    while world.metric("anning_connections_open") < 2 {}
    // Let in: from here on its body is waited for.
    std::thread::sleep(Duration::from_millis(300));
    let ending = world.end(Duration::from_secs(90));
    let mut ready = world.ask("GET", "/readyz", "", "");
    while ready.json()["draining"] != true {
        ready = world.ask("GET", "/readyz", "", "");
    }
    assert_eq!(ready.status, 503);
    let answer = world.post(&body, "");
    assert_eq!((answer.status, became(&answer).as_str()), (503, "ending"));
    assert_eq!(world.metric("anning_draining"), 1);
    slow.write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
    world.ended(ending);
    assert!(TcpStream::connect(world.at).is_err());
}

#[test]
fn draining() {
    let mut world = World::new(&[]);
    // A connection that is idle ends with the gateway; nothing waits for it.
    let mut idle = TcpStream::connect(world.at).unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n").unwrap();
    idle.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut some = [0; 512];
    assert!(idle.read(&mut some).unwrap() > 0);
    world.stop();
    assert!(matches!(idle.read(&mut some), Ok(0) | Err(_)));
}
