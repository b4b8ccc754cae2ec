//! SM2 with SM3, checked by OpenSSL in both directions, and a known answer. Without `openssl` on the path the two
//! tests that need it say so and pass.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where a value is missing")]

use anning_ledger::{KeyKind, Signature, SignerKey, Suite};
use base64ct::{Base64, Encoding as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const TEXT: &str = "consent.example.org\n3\n\u{540c}\u{610f}\n";

fn signer(seed: u8) -> SignerKey {
    SignerKey::from_seed("log.example.org", KeyKind::Sm2, &[seed; 32]).unwrap()
}

fn folder(name: &str) -> Option<PathBuf> {
    let has_sm2 = Command::new("openssl").args(["ecparam", "-list_curves"]).output();
    if !has_sm2.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("SM2")) {
        println!("skipped: no openssl with SM2 on the path");
        return None;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("text"), TEXT).unwrap();
    Some(folder)
}

fn openssl(folder: &Path, words: &str) -> Output {
    Command::new("openssl").current_dir(folder).args(words.split(' ')).output().unwrap()
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, u8::try_from(content.len()).unwrap()][..], content].concat()
}

/// A positive INTEGER.
fn integer(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.iter().position(|byte| *byte != 0).unwrap();
    let sign: &[u8] = if bytes[start] >= 0x80 { &[0] } else { &[] };
    der(0x02, &[sign, &bytes[start..]].concat())
}

fn public_key(signer: &SignerKey) -> String {
    // SEQUENCE { id-ecPublicKey, sm2p256v1 }, BIT STRING of the point.
    let algorithm = der(
        0x30,
        &[&[6, 7, 42, 134, 72, 206, 61, 2, 1][..], &[6, 8, 42, 129, 28, 207, 85, 1, 130, 45]].concat(),
    );
    let point = der(0x03, &[&[0][..], &signer.verifier().public_bytes()].concat());
    let key = Base64::encode_string(&der(0x30, &[algorithm, point].concat()));
    format!("-----BEGIN PUBLIC KEY-----\n{key}\n-----END PUBLIC KEY-----\n")
}

#[test]
fn openssl_accepts_our_signatures() {
    let Some(folder) = folder("sm2-ours") else { return };
    for seed in 1..=16 {
        let signer = signer(seed);
        std::fs::write(folder.join("key.pem"), public_key(&signer)).unwrap();
        let mut bytes = Signature::sign(&signer, TEXT).unwrap().bytes().to_vec();
        let verify = |bytes: &[u8]| {
            let signature = der(0x30, &[integer(&bytes[..32]), integer(&bytes[32..])].concat());
            std::fs::write(folder.join("signature"), signature).unwrap();
            openssl(
                &folder,
                "pkeyutl -verify -pubin -inkey key.pem -in text -rawin -digest sm3 -sigfile signature -pkeyopt distid:1234567812345678",
            )
        };
        let ended = verify(&bytes);
        assert!(ended.status.success(), "seed {seed}: {ended:?}");
        bytes[40] ^= 1;
        assert!(!verify(&bytes).status.success(), "seed {seed}: a spoiled signature");
    }
}

#[test]
fn we_accept_signatures_of_openssl() {
    let Some(folder) = folder("sm2-theirs") else { return };
    let signer = signer(5);
    // SEC 1 private key: SEQUENCE { 1, secret, [0] sm2p256v1, [1] BIT STRING point }.
    let curve = der(0xa0, &[6, 8, 42, 129, 28, 207, 85, 1, 130, 45]);
    let point = der(0xa1, &der(0x03, &[&[0][..], &signer.verifier().public_bytes()].concat()));
    let key = der(0x30, &[&[2, 1, 1][..], &der(0x04, &[5; 32]), &curve, &point].concat());
    let pem = format!(
        "-----BEGIN EC PRIVATE KEY-----\n{}\n-----END EC PRIVATE KEY-----\n",
        Base64::encode_string(&key)
    );
    std::fs::write(folder.join("key.pem"), pem).unwrap();
    for _ in 0..8 {
        let signed = openssl(
            &folder,
            "pkeyutl -sign -inkey key.pem -in text -rawin -digest sm3 -out signature -pkeyopt distid:1234567812345678",
        );
        assert!(signed.status.success(), "{signed:?}");
        let der = std::fs::read(folder.join("signature")).unwrap();
        let (r, rest) = read_integer(&der[2..]);
        let (s, _) = read_integer(rest);
        let line = Base64::encode_string(&[&signer.verifier().id()[..], &r, &s].concat());
        let signature = Signature::parse(&format!("\u{2014} log.example.org {line}\n")).unwrap();
        assert!(signature.fits(signer.verifier(), TEXT));
        assert!(!signature.fits(signer.verifier(), &TEXT.replace('3', "4")));
    }
}

/// The first INTEGER as 32 bytes, and what follows it.
fn read_integer(der: &[u8]) -> ([u8; 32], &[u8]) {
    let (bytes, rest) = der[2..].split_at(usize::from(der[1]));
    let mut number = [0; 32];
    for (to, from) in number.iter_mut().rev().zip(bytes.iter().rev()) {
        *to = *from;
    }
    (number, rest)
}

/// GB/T 32905: the second example, 64 bytes.
#[test]
fn sm3_of_sixty_four_bytes() {
    let expected = [
        0xde, 0xbe, 0x9f, 0xf9, 0x22, 0x75, 0xb8, 0xa1, 0x38, 0x60, 0x48, 0x89, 0xc1, 0x8e, 0x5a, 0x4d, 0x6f,
        0xdb, 0x70, 0xe5, 0x38, 0x7e, 0x57, 0x65, 0x29, 0x3d, 0xcb, 0xa3, 0x9c, 0x0c, 0x57, 0x32,
    ];
    assert_eq!(Suite::Gm.digest(&[&b"abcd".repeat(16)]), expected);
}
