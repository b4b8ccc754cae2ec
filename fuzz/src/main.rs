//! The fuzzer: libFuzzer's loop around one target, named by `ANNING_FUZZ_TARGET`.
//!
//! Built by `cargo xtask fuzz`, which adds coverage instrumentation; run alone it does not link.
#![no_main]

use std::sync::OnceLock;

/// Looked up once: the loop runs it hundreds of thousands of times a second.
static CHECK: OnceLock<fn(&[u8])> = OnceLock::new();

libfuzzer_sys::fuzz_target!(init: {
    let name = std::env::var("ANNING_FUZZ_TARGET").unwrap_or_default();
    match anning_fuzz::target(&name) {
        Some(check) => { CHECK.get_or_init(|| check); }
        None => {
            eprintln!("no such fuzz target, set ANNING_FUZZ_TARGET to one of those in fuzz/src/lib.rs: {name:?}");
            std::process::exit(2);
        }
    }
}, |bytes: &[u8]| {
    if let Some(check) = CHECK.get() {
        check(bytes);
    }
});
