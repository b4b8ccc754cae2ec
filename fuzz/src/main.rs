//! The fuzzer: libFuzzer's loop around one target, named by `ANNING_FUZZ_TARGET` (`list` names them all).
//!
//! `cargo xtask fuzz` builds it with coverage counters and starts it; without them it runs blind.
#![no_main]

use std::process;
use std::sync::OnceLock;

/// Looked up once: the loop runs it a million times a second.
static CHECK: OnceLock<fn(&[u8])> = OnceLock::new();

libfuzzer_sys::fuzz_target!(init: choose(), |bytes: &[u8]| {
    if let Some(check) = CHECK.get() {
        check(bytes);
    }
});

fn choose() {
    let name = std::env::var("ANNING_FUZZ_TARGET").unwrap_or_default();
    if name == "list" {
        for (name, _) in anning_fuzz::TARGETS {
            println!("{name}");
        }
        process::exit(0);
    }
    let Some(check) = anning_fuzz::target(&name) else {
        eprintln!("no such fuzz target, set ANNING_FUZZ_TARGET to `list` to see them: {name:?}");
        process::exit(2);
    };
    CHECK.get_or_init(|| check);
}
