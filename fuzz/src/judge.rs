//! Promises of `anning-judge`.

use anning_judge::{Ground, Intent, Judge, Scratch, read_reply, read_reply_to, told_keyword};

/// The reason lies inside the text, and a message judged before leaves no trace.
pub(crate) fn judge_text(bytes: &[u8]) {
    crate::text(bytes, |text| agrees_with_itself(Judge::shipped(), text));
}

/// Weights are taken or refused, never half; those taken can judge.
pub(crate) fn weights(bytes: &[u8]) {
    for file in [bytes.to_vec(), sealed(bytes)] {
        if let Ok(judge) = Judge::from_bytes(&file) {
            agrees_with_itself(&judge, "【安宁商城】双11全场5折，回T退订。您的验证码是1234");
        }
    }
}

/// A reply reads the same twice; the keyword that a message told refuses, and repeats no more than words of the message.
pub(crate) fn reply(bytes: &[u8]) {
    crate::text(bytes, |text| {
        assert_eq!(read_reply(text), read_reply(text));
        let Some(told) = told_keyword(text) else { return };
        assert!(told.words().count() > 0, "a keyword has words");
        for word in told.words() {
            let refuses =
                matches!(read_reply_to(&word, Some(&told)), Intent::Refusal { ground: Ground::Told, .. });
            assert!(refuses, "the keyword told refuses");
        }
    });
}

fn agrees_with_itself(judge: &Judge, text: &str) {
    let mut used = Scratch::default();
    let first = judge.judge("您的快递已到，取件码 3-1024；会员日满100减50", &mut used);
    let again = judge.judge(text, &mut used);
    let fresh = judge.judge(text, &mut Scratch::default());
    assert!(text.get(fresh.clause.clone()).is_some(), "the deciding clause lies in the text");
    assert_eq!((again.class, &again.clause, &again.text), (fresh.class, &fresh.clause, &fresh.text));
    assert_eq!(again.score.to_bits(), fresh.score.to_bits(), "a score does not depend on what came before");
    assert_eq!(first.class, judge.judge("您的快递已到，取件码 3-1024；会员日满100减50", &mut used).class);
}

/// With a head and a checksum that fit: else the search would never get past them.
fn sealed(body: &[u8]) -> Vec<u8> {
    let mut file = MAGIC.to_vec();
    file.extend(VERSION.to_le_bytes());
    file.extend(blake3::hash(body).as_bytes().iter().take(16));
    file.extend(body);
    file
}

/// As `core/judge/src/weights.rs` writes them; a test below sees that they still are.
const MAGIC: [u8; 4] = *b"ANJW";
const VERSION: u16 = 1;

#[cfg(test)]
mod tests {
    use super::sealed;
    use anning_judge::Judge;

    #[test]
    fn a_sealed_seed_is_taken_for_weights() {
        let seed = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/weights/small")).unwrap();
        assert!(Judge::from_bytes(&sealed(&seed)).is_ok());
        assert!(Judge::from_bytes(&seed).is_err());
    }
}
