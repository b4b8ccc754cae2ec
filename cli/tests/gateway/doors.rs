//! Who is let in.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Stdio;

use anning_cmpp::{Cmpp, Version};
use anning_link::{Civil, Credentials, Dialect as _, LoginMode, Sequence, Spoken};

use super::world::World;

#[test]
fn an_account_with_its_secret_is_let_in_and_nobody_else() {
    let world = World::new("doors", "enforce");
    let _gateway = world.serve();
    let check = |account: &[u8], secret: &[u8], status| {
        let who = Credentials { account: account.to_vec(), secret: secret.to_vec() };
        let at = Civil { month: 11, day: 11, hour: 9, minute: 30, second: 0 };
        let mut client = Cmpp::client(Version::V30);
        let (asked, mut frame) = (client.login(&who, LoginMode::Both, at), Vec::new());
        client.say(Sequence::of(1), &Spoken::Login(asked), &mut frame);
        let mut line = TcpStream::connect(("127.0.0.1", world.gateway)).unwrap();
        line.write_all(&frame).unwrap();
        let mut answer = [0; 33];
        line.read_exact(&mut answer).unwrap();
        assert_eq!(answer[12..16], u32::to_be_bytes(status), "{}", account.escape_ascii());
    };
    check(b"901234", b"demokey1", 0);
    check(b"901234", b"demo-secres", 3);
    check(b"901235", b"demokey1", 3);
    // What stands in the source in place of an account's secret opens nothing.
    check(b"901235", b"\0nobody has this secret\0", 3);
    check(b"901234", b"\0nobody has this secret\0", 3);
}

/// What is not there yet is told by the key that names it, with the way out; and the help says what signals do.
#[test]
fn what_is_missing_is_named() {
    let world = World::new("missing", "shadow");
    let said = |words: &[&str]| {
        let output = world.anning(words).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(text).unwrap())
    };
    for words in [&["serve", "gateway.toml", "--check"][..], &["serve", "gateway.toml"]] {
        let (code, text) = said(words);
        assert_eq!(code, Some(2), "{text}");
        for key in ["ledger.folder: ", "ledger.master: "] {
            let told = text.lines().filter(|line| line.contains(key) && line.contains("--init")).count();
            assert_eq!(told, 1, "{key}\n{text}");
        }
    }
    let gateway = world.serve();
    let (code, text) = said(&["serve", "gateway.toml"]);
    assert!(code == Some(3) && text.contains("another process has this ledger open"), "{text}");
    world.end(gateway);
    assert_eq!(said(&["serve", "gateway.toml", "--check"]).0, Some(0));
    let (_, help) = said(&["serve", "--help"]);
    assert!(["SIGHUP", "SIGTERM", "SIGINT"].iter().all(|signal| help.contains(signal)), "{help}");
}
