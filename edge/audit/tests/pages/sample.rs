//! The seals of `samples/pages-audit`: a log of four page records, whose key anybody can make again from these files.

use std::path::PathBuf;

use anning_audit::Settings;
use anning_ledger::PageSeal;

use crate::log;

/// Each record, and the day on which it is sealed, five seconds after it was made.
const RECORDS: [(&str, &str); 4] = [
    ("seed-bad", "2022-03-01"),
    ("seed-bad-2022-06", "2022-06-01"),
    ("seed-fixed", "2022-07-01"),
    ("seed-fixed-2022-09", "2022-09-01"),
];

pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../samples/pages-audit")
}

#[test]
fn the_sample_is_sealed_by_the_log_that_its_settings_name() {
    let read = |name: &str| std::fs::read(folder().join(format!("records/{name}.json"))).unwrap();
    let seals = log::seals(&RECORDS.map(|(name, day)| (read(name), day)), &log::key());
    for ((name, _), seal) in RECORDS.iter().zip(seals) {
        let path = folder().join(format!("records/{name}.seal.json"));
        if std::env::var_os("ANNING_UPDATE_SNAPSHOTS").is_some() {
            std::fs::write(&path, seal.to_json() + "\n").unwrap();
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(PageSeal::from_json(&found).as_ref(), Ok(&seal), "{}", path.display());
    }
    let settings = Settings::of_folder(&folder()).unwrap();
    assert_eq!(settings.logs, [log::key().verifier().clone()], "log_keys = [\"{}\"]", log::key().verifier());
}
