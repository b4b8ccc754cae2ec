//! Fuzz targets: each parser that reads what a stranger wrote, and what must hold whatever the bytes.
//!
//! A target is one line in [`TARGETS`] and a function over bytes that panics when a promise is broken.
//! `cargo xtask fuzz NAME` hunts with libFuzzer; `cargo test` replays every seed and every past crash
//! through the same functions without it.

mod audit;
mod cmpp;
mod exchange;
mod index;
mod judge;
mod law;
mod ledger;
mod outbox;
mod receipt;
mod sgip;
mod smgp;
mod smpp;
mod vocab;
mod wire_text;

/// A target: its name, and the check it runs on any bytes.
pub type Target = (&'static str, fn(&[u8]));

/// Every target. The name is also the folder of its seeds.
pub const TARGETS: &[Target] = &[
    ("checkpoint", ledger::checkpoint),
    ("cmpp", cmpp::pdu),
    ("cmpp_session", cmpp::session),
    ("consent_receipt", exchange::receipt),
    ("consent_record", exchange::record),
    ("consents", audit::consents),
    ("date", vocab::date),
    ("evidence", receipt::evidence),
    ("index", index::index),
    ("judge_text", judge::judge_text),
    ("law_page", law::law_page),
    ("mapping", audit::mapping),
    ("note", ledger::note),
    ("outbox", outbox::entries),
    ("proof", ledger::proof),
    ("receipt", receipt::receipt),
    ("recipient", vocab::recipient),
    ("reply", judge::reply),
    ("sends", audit::sends),
    ("settings", audit::settings),
    ("sgip", sgip::sgip),
    ("sheet", receipt::a_sheet),
    ("smgp", smgp::smgp),
    ("text_charsets", wire_text::charsets),
    ("text_joiner", wire_text::joiner),
    ("text_udh", wire_text::udh),
    ("smpp", smpp::smpp),
    ("smpp_receipt", smpp::smpp_receipt),
    ("tile", ledger::tile),
    ("weights", judge::weights),
];

/// The target of that name, if there is one.
#[must_use]
pub fn target(name: &str) -> Option<fn(&[u8])> {
    TARGETS.iter().find(|(known, _)| *known == name).map(|(_, check)| *check)
}

/// Runs `check` when the bytes are UTF-8: the readers decode before they parse.
fn text(bytes: &[u8], check: impl FnOnce(&str)) {
    if let Ok(text) = core::str::from_utf8(bytes) {
        check(text);
    }
}

#[cfg(test)]
mod tests {
    use super::TARGETS;
    use std::path::Path;

    /// Each target holds on its seeds and on every input that once broke it.
    #[test]
    fn seeds_and_past_crashes() {
        for (name, check) in TARGETS {
            let mut inputs = 0;
            for kind in ["seeds", "crashes"] {
                let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(kind).join(name);
                for file in std::fs::read_dir(folder).into_iter().flatten() {
                    check(&std::fs::read(file.unwrap().path()).unwrap());
                    inputs += 1;
                }
            }
            assert!(inputs > 0, "target has no seed in fuzz/seeds: {name}");
        }
    }
}
