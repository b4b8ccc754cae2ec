//! The proofs that both sides give of themselves.

use md5::{Digest, Md5};

/// AuthenticatorClient: ClientID as given, seven zeros, the secret, ten digits of the time.
pub(crate) fn client(account: &[u8], secret: &[u8], stamp: u32) -> [u8; 16] {
    // All ten digits of the number, whatever it is: a time that cannot be is the client's own business.
    let digits = format!("{stamp:010}");
    Md5::new()
        .chain_update(account)
        .chain_update([0; 7])
        .chain_update(secret)
        .chain_update(digits)
        .finalize()
        .into()
}

/// AuthenticatorServer: the four bytes of Status, the client's proof, the secret.
pub(crate) fn server(status: u32, proof: &[u8], secret: &[u8]) -> [u8; 16] {
    Md5::new().chain_update(status.to_be_bytes()).chain_update(proof).chain_update(secret).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::client;

    fn check(stamp: u32, digest: &str) {
        let found: String = client(b"12345678", b"1234", stamp).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(found, digest, "{stamp}");
    }

    #[test]
    fn known_answers() {
        check(1_123_161_648, "6a8ffbf5c0ca9c8fff1e9bacafd124fe");
        check(301_000_000, "e6c028bacf65f21bb98490c8b9139037");
    }
}
