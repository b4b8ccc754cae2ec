//! Cosignatures (C2SP tlog-cosignature, v1): a witness says that it has seen this checkpoint, and when.

use crate::checkpoint::Checkpoint;
use crate::key::{KeyError, SignerKey, VerifierKey};
use crate::note::{Note, Signature};

/// Cosigns a checkpoint at a time in seconds since 1970.
///
/// # Errors
/// When the key is not for cosignatures, or the time is out of range.
pub fn cosign(key: &SignerKey, checkpoint: &Checkpoint, seconds: u64) -> Result<Signature, KeyError> {
    let kind = key.verifier().kind();
    if !kind.is_cosignature() {
        return Err(KeyError::OtherKind { kind });
    }
    if seconds > SECONDS_MAX {
        return Err(KeyError::Time { seconds });
    }
    let signature = key.signature(&message(seconds, &checkpoint.body()))?;
    let bytes = [&seconds.to_be_bytes()[..], &signature].concat();
    Ok(Signature::of(key.verifier(), bytes))
}

/// Who of these cosigned the note, and when, each once with its latest time. Call it on a note that the log's key has
/// signed: [`Checkpoint::open`].
#[must_use]
pub fn cosigned<'k>(note: &Note, witnesses: &'k [VerifierKey]) -> Vec<(&'k VerifierKey, u64)> {
    let times = |key: &VerifierKey| {
        let own = note.signatures().iter().filter(|signature| signature.is_by(key));
        own.filter_map(|signature| time_of(key, signature.bytes(), note.text())).max()
    };
    witnesses.iter().filter_map(|key| Some((key, times(key)?))).collect()
}

/// The time in a cosignature, if this key made it over this text.
pub(crate) fn time_of(key: &VerifierKey, bytes: &[u8], text: &str) -> Option<u64> {
    let (seconds, signature) = bytes.split_first_chunk::<8>()?;
    let seconds = u64::from_be_bytes(*seconds);
    let signature: &[u8; 64] = signature.try_into().ok()?;
    let is_good = key.kind().is_cosignature()
        && seconds <= SECONDS_MAX
        && key.has_signed(&message(seconds, text), signature);
    is_good.then_some(seconds)
}

fn message(seconds: u64, body: &str) -> Vec<u8> {
    format!("cosignature/v1\ntime {seconds}\n{body}").into_bytes()
}

/// What a signed number of 64 bits can hold.
const SECONDS_MAX: u64 = u64::MAX >> 1;

#[cfg(test)]
mod tests {
    use super::{SECONDS_MAX, cosign, cosigned};
    use crate::checkpoint::Checkpoint;
    use crate::key::{KeyError, KeyKind, SignerKey};
    use crate::note::{Note, NoteError, Signature};

    /// The example of tlog-cosignature; its key is not told.
    const EXAMPLE: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\u{2014} example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\u{2014} witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

    fn signer(name: &str, kind: KeyKind) -> SignerKey {
        SignerKey::from_seed(name, kind, &[5; 32]).unwrap()
    }

    #[test]
    fn the_example_of_c2sp() {
        let note = Note::parse(EXAMPLE.as_bytes()).unwrap();
        assert_eq!(note.to_string(), EXAMPLE);
        let checkpoint = Checkpoint::parse(note.text()).unwrap();
        assert_eq!((checkpoint.size, checkpoint.body().as_str()), (20_852_163, note.text()));
        let bytes = note.signatures()[1].bytes();
        assert_eq!((bytes.len(), &bytes[..8]), (72, &1_679_315_147_u64.to_be_bytes()[..]));
        let message = super::message(1_679_315_147, note.text());
        assert!(
            message.starts_with(b"cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n")
        );
    }

    #[test]
    fn who_cosigned_and_when() {
        for kind in [KeyKind::Ed25519Cosignature, KeyKind::Sm2Cosignature] {
            let checkpoint = Checkpoint::parse(Note::parse(EXAMPLE.as_bytes()).unwrap().text()).unwrap();
            let log = signer("log", KeyKind::of(kind.suite(), false));
            let [one, two, idle] = ["w1", "w2", "w3"].map(|name| signer(name, kind));
            let keys = [&one, &two, &idle].map(|key| key.verifier().clone());
            let mut note = checkpoint.sign(&log).unwrap();
            for (key, time) in [(&one, 100), (&two, SECONDS_MAX), (&one, 300), (&one, 200)] {
                note.add(cosign(key, &checkpoint, time).unwrap()).unwrap();
            }
            assert_eq!(cosigned(&note, &keys), [(&keys[0], 300), (&keys[1], SECONDS_MAX)]);
            assert_eq!(note.verify(&keys).unwrap(), [&keys[0], &keys[1]]);
            // Another time than the one signed.
            let good = cosign(&idle, &checkpoint, 100).unwrap();
            let mut bytes = good.bytes().to_vec();
            bytes[7] ^= 1;
            note.add(Signature::of(idle.verifier(), bytes)).unwrap();
            assert_eq!(cosigned(&note, &keys[2..]), []);
            assert_eq!(note.verify(&keys), Err(NoteError::BadSignature { name: "w3".to_owned() }));
        }
    }

    #[test]
    fn what_can_not_be_cosigned() {
        let checkpoint = Checkpoint::parse(Note::parse(EXAMPLE.as_bytes()).unwrap().text()).unwrap();
        let kind = KeyKind::Ed25519;
        assert_eq!(cosign(&signer("a", kind), &checkpoint, 1), Err(KeyError::OtherKind { kind }));
        let late = cosign(&signer("a", KeyKind::Ed25519Cosignature), &checkpoint, SECONDS_MAX + 1);
        assert_eq!(late, Err(KeyError::Time { seconds: SECONDS_MAX + 1 }));
    }

    /// Signatures that are good in themselves, and still none of a witness.
    #[test]
    fn what_is_no_cosignature() {
        let checkpoint = Checkpoint::parse(Note::parse(EXAMPLE.as_bytes()).unwrap().text()).unwrap();
        let (log, witness) = (signer("a", KeyKind::Ed25519), signer("a", KeyKind::Ed25519Cosignature));
        for (key, seconds) in [(&log, 1), (&witness, SECONDS_MAX + 1)] {
            let signature = key.signature(&super::message(seconds, &checkpoint.body())).unwrap();
            let mut note = checkpoint.sign(&log).unwrap();
            let bytes = [&seconds.to_be_bytes()[..], &signature].concat();
            note.add(Signature::of(key.verifier(), bytes)).unwrap();
            assert_eq!(cosigned(&note, &[key.verifier().clone()]), []);
        }
    }

    #[test]
    fn the_same_seed_signs_each_kind_apart() {
        let checkpoint = Checkpoint::parse(Note::parse(EXAMPLE.as_bytes()).unwrap().text()).unwrap();
        let (log, witness) = (signer("a", KeyKind::Ed25519), signer("a", KeyKind::Ed25519Cosignature));
        assert_ne!(log.verifier().id(), witness.verifier().id());
        let signature = cosign(&witness, &checkpoint, 1).unwrap();
        assert!(signature.fits(witness.verifier(), &checkpoint.body()));
        assert!(!signature.fits(log.verifier(), &checkpoint.body()));
    }
}
