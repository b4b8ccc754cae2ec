//! Proofs that both sides know the secret.

use md5::{Digest, Md5};

use crate::version::Layout;

/// AuthenticatorSource: MD5 of the name, nine zeros, the secret, and the stamp as ten digits. Some clients pad the
/// name to its six bytes before, as the field does, and some do not; it makes a difference for shorter names only.
pub(crate) fn source(name: &[u8], secret: &[u8], stamp: u32) -> [u8; 16] {
    let digits = format!("{stamp:010}");
    digest(&[name, &[0; 9], secret, digits.as_bytes()])
}

/// AuthenticatorISMG: MD5 of the status as it stands in the PDU, AuthenticatorSource, and the secret.
pub(crate) fn server(layout: Layout, status: u32, source: &[u8], secret: &[u8]) -> [u8; 16] {
    let status = status.to_be_bytes();
    let [.., narrow] = status;
    match layout {
        Layout::Narrow => digest(&[&[narrow], source, secret]),
        Layout::Wide => digest(&[&status, source, secret]),
    }
}

fn digest(parts: &[&[u8]]) -> [u8; 16] {
    let mut md5 = Md5::new();
    for part in parts {
        md5.update(part);
    }
    md5.finalize().into()
}
