//! Promises of `anning-sgip`.

use anning_link::Dialect;
use anning_sgip::pdu::Frame;
use anning_sgip::{SAID_MAX, Sgip};

/// A frame. What is decoded is encoded again to the same bytes; what fits is said within the limit, and heard again.
pub(crate) fn sgip(bytes: &[u8]) {
    let Ok(frame) = Frame::decode(bytes) else { return };
    let mut again = Vec::new();
    frame.encode(&mut again);
    assert_eq!(again, bytes, "decoded and encoded");
    let mut sgip = Sgip::default();
    let Ok((sequence, spoken)) = sgip.hear(bytes) else { return };
    if sgip.fits(&spoken).is_ok() {
        let mut said = Vec::new();
        sgip.say(sequence, &spoken, &mut said);
        assert!(said.len() <= SAID_MAX, "never more than the protocol states");
        assert!(sgip.hear(&said).is_ok_and(|(number, _)| number == sequence), "what fits is heard again");
    }
}
