//! Who is let in.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

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
