//! Promises of `anning-smgp`.

use anning_link::Dialect;
use anning_smgp::pdu::Frame;
use anning_smgp::report::StatusText;
use anning_smgp::{Smgp, Version};

/// A frame in either layout. What is decoded is encoded again to the same bytes; what is heard can be said, and is
/// heard again; the report in it is written as it was read.
pub(crate) fn smgp(bytes: &[u8]) {
    for version in [Version::Current, Version::Old] {
        let Ok(frame) = Frame::decode(version, bytes) else { continue };
        let mut again = Vec::new();
        frame.encode(&mut again);
        assert_eq!(again, bytes, "decoded and encoded");
        let mut smgp = Smgp::new(version);
        let Ok((sequence, spoken)) = smgp.hear(bytes) else { continue };
        if smgp.fits(&spoken).is_ok() {
            let mut said = Vec::new();
            smgp.say(sequence, &spoken, &mut said);
            assert!(smgp.hear(&said).is_ok_and(|(number, _)| number == sequence), "what fits is heard again");
        }
    }
    if let Some(report) = StatusText::read(bytes) {
        assert_eq!(report.bytes(), bytes, "a report as it was read");
    }
}
