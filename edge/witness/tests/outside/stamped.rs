//! Time stamps, from a service made here with openssl, and from services that fail.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use anning_ledger::Suite;
use anning_witness::{Error, Outcome, SourceError, StampFault, stamp, stamped};

use crate::good::PATIENCE;
use crate::log::{Log, folder};
use crate::server::{Server, Way};

const NONCE: u64 = 0x8123_4567_89ab_cdef;

fn openssl(folder: &Path, args: &str) -> bool {
    let mut command = Command::new("openssl");
    let done = command.current_dir(folder).args(args.split(' ')).output();
    let done = done.unwrap_or_else(|error| panic!("openssl: {error}"));
    if !done.status.success() {
        eprintln!("openssl {args}: {}", String::from_utf8_lossy(&done.stderr));
    }
    done.status.success()
}

/// An authority with its own root, or none where there is no openssl.
fn authority(name: &str) -> Option<PathBuf> {
    if Command::new("openssl").arg("version").output().is_err() {
        eprintln!("skipped: time stamps are made and checked with openssl, which is not installed");
        return None;
    }
    let folder = folder(name);
    std::fs::write(
        folder.join("tsa.cnf"),
        "[tsa]\ndefault_tsa = one\n[one]\ndir = .\nserial = ./serial\ncrypto_device = builtin\n\
         signer_cert = ./tsa.pem\nsigner_key = ./tsa.key\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\n\
         digests = sha256\naccuracy = secs:1, millisecs:500\nordering = yes\ntsa_name = yes\n\
         ess_cert_id_chain = no\ness_cert_id_alg = sha256\n\
         [ext]\nextendedKeyUsage = critical,timeStamping\n[req]\ndistinguished_name = dn\n[dn]\n",
    )
    .unwrap();
    for args in [
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=root -days 3650 -config tsa.cnf",
        "req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -subj /CN=authority -config tsa.cnf",
        "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out tsa.pem -days 3650 -extfile tsa.cnf \
         -extensions ext",
    ] {
        assert!(openssl(&folder, args), "{args}");
    }
    Some(folder)
}

/// Answers a request; `of` may put another in its place.
fn reply(authority: &Path, request: &[u8]) -> Vec<u8> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let n = NUMBER.fetch_add(1, Ordering::Relaxed);
    std::fs::write(authority.join(format!("{n}.tsq")), request).unwrap();
    let made = openssl(
        authority,
        &format!("ts -reply -config tsa.cnf -section one -queryfile {n}.tsq -out {n}.tsr"),
    );
    assert!(made);
    std::fs::read(authority.join(format!("{n}.tsr"))).unwrap()
}

fn log(name: &str, size: u64) -> (Log, PathBuf) {
    let log = Log::new(Suite::International, 700, u64::MAX);
    let folder = folder(name);
    log.publish(&folder, 0, size);
    (log, folder)
}

#[test]
fn stamped_and_checked_by_openssl() {
    let Some(authority) = authority("tsa_good") else { return };
    let (log, folder) = log("stamped", 300);
    let server = {
        let authority = authority.clone();
        Server::answering(move |path, request| {
            assert_eq!(path, "/tsa");
            (Way::Good, reply(&authority, request))
        })
    };
    let service = format!("{}/tsa", server.address());
    assert_eq!(stamped(&folder).unwrap(), None);
    for (size, nonce) in [(300, NONCE), (301, 0), (700, u64::MAX)] {
        log.publish(&folder, 300, size);
        std::fs::write(folder.join("checkpoint.unstamped"), "away").unwrap();
        let Outcome::Stamped(now) = stamp(&folder, &service, nonce, PATIENCE).unwrap() else {
            panic!("{size}")
        };
        assert!(!folder.join("checkpoint.unstamped").exists());
        assert!(now.at.millis() > 1_700_000_000_000, "{now:?}");
        let Outcome::Already(again) = stamp(&folder, &service, nonce, PATIENCE).unwrap() else {
            panic!("{size}")
        };
        assert_eq!(
            (again.at, again.serial, stamped(&folder).unwrap().unwrap()),
            (now.at, now.serial.clone(), now)
        );
        assert_eq!(std::fs::read_to_string(folder.join("checkpoint.stamped")).unwrap(), log.note(size));
        let root = authority.join("ca.pem").display().to_string();
        let verify = |data: &str| {
            openssl(&folder, &format!("ts -verify -in checkpoint.tsr -data {data} -CAfile {root}"))
        };
        assert!(verify("checkpoint.stamped") && verify("checkpoint"));
        assert!(!verify("tile/entries/000"), "over the checkpoint and nothing else");
    }
}

#[test]
fn answers_to_something_else() {
    let Some(authority) = authority("tsa_wrong") else { return };
    let (_, folder) = log("stamped_wrong", 300);
    let ask = |change: fn(&mut Vec<u8>)| {
        let authority = authority.clone();
        let server = Server::answering(move |_, request| {
            let mut request = request.to_vec();
            change(&mut request);
            (Way::Good, reply(&authority, &request))
        });
        match stamp(&folder, &server.address(), NONCE, PATIENCE).unwrap() {
            Outcome::Pending(fault) => fault,
            Outcome::Stamped(stamp) | Outcome::Already(stamp) => panic!("{stamp:?}"),
        }
    };
    // The imprint ends 15 bytes before the end: nonce in eleven (a sign byte), the wish for a certificate in three.
    let imprint = ask(|request| {
        let at = request.len() - 20;
        request[at] ^= 1;
    });
    assert!(matches!(imprint, StampFault::Imprint), "{imprint:?}");
    let nonce = ask(|request| {
        let at = request.len() - 4;
        request[at] ^= 1;
    });
    assert!(matches!(nonce, StampFault::Nonce), "{nonce:?}");
    // An algorithm the authority does not stamp.
    let refused = ask(|request| {
        let at = request.windows(3).position(|three| three == [0x04, 0x02, 0x01]).unwrap();
        request[at + 2] = 2;
    });
    assert!(matches!(refused, StampFault::Refused { status: 2 }), "{refused:?}");
    assert_eq!(stamped(&folder).unwrap(), None);
    assert!(!folder.join("checkpoint.tsr").exists());
}

/// The log goes on, marked, and the next run catches up.
#[test]
fn services_that_fail() {
    let (_, folder) = log("stamped_away", 300);
    for (way, bytes) in [
        (Way::Away, &b""[..]),
        (Way::Status(503), b""),
        (Way::Status(302), b""),
        (Way::Garbage, b""),
        (Way::Endless, b""),
        (Way::EndlessHeader, b""),
        (Way::Truncated, b"0123456789"),
        (Way::Good, b""),
        (Way::Good, b"<html>"),
        (Way::Good, &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]),
        (Way::Good, &[0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x00]),
        (Way::Good, &[0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02]),
    ] {
        let server = Server::answering(move |_, _| (way, bytes.to_vec()));
        let outcome = stamp(&folder, &server.address(), NONCE, PATIENCE).unwrap();
        let Outcome::Pending(fault) = outcome else { panic!("{way:?} {bytes:?}: {outcome:?}") };
        let marked = std::fs::read_to_string(folder.join("checkpoint.unstamped")).unwrap();
        assert_eq!(marked, format!("{fault}\n"));
    }
    assert_eq!(stamped(&folder).unwrap(), None);
    let odd = stamp(&folder, "tsa.example.org", NONCE, PATIENCE);
    assert!(matches!(odd, Err(Error::Unavailable { source: SourceError::Address { .. }, .. })), "{odd:?}");
    std::fs::remove_file(folder.join("checkpoint")).unwrap();
    assert!(matches!(stamp(&folder, "http://127.0.0.1:1", NONCE, PATIENCE), Err(Error::Unavailable { .. })));
}

/// Every spoiled answer is refused or says the same of the imprint: reading it never panics.
#[test]
fn spoiled_tokens_do_not_pass() {
    let Some(authority) = authority("tsa_spoiled") else { return };
    let (_, folder) = log("stamped_spoiled", 300);
    let server = {
        let authority = authority.clone();
        Server::answering(move |_, request| (Way::Good, reply(&authority, request)))
    };
    let Outcome::Stamped(good) = stamp(&folder, &server.address(), NONCE, PATIENCE).unwrap() else {
        panic!()
    };
    let path = folder.join("checkpoint.tsr");
    let bytes = std::fs::read(&path).unwrap();
    for at in 0..bytes.len() {
        for change in [1, 0x80] {
            let mut spoiled = bytes.clone();
            spoiled[at] ^= change;
            std::fs::write(&path, &spoiled).unwrap();
            let read = stamped(&folder).unwrap();
            assert!(read.is_none_or(|stamp| stamp.imprint == good.imprint), "byte {at}");
        }
        std::fs::write(&path, &bytes[..at]).unwrap();
        assert_eq!(stamped(&folder).unwrap(), None, "cut at {at}");
    }
}
