//! Asks for memory before it is read. The only `unsafe` of this crate, for what it gains: `docs/benchmarks.md`.

/// Has the cache line of a word come in, without waiting for it. A hint: nothing depends on it.
#[inline]
#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "there is no safe way to ask; the gain is measured")]
pub(super) fn ask_for(word: Option<&u64>) {
    use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    if let Some(word) = word {
        // SAFETY: the address is of a live word, and the instruction, which every x86-64 has, neither reads
        // into a register nor writes nor faults.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(core::ptr::from_ref(word).cast()) }
    }
}

/// Reads a word, whatever it is: elsewhere that is how its cache line comes in.
#[inline]
#[cfg(not(target_arch = "x86_64"))]
pub(super) fn ask_for(word: Option<&u64>) {
    core::hint::black_box(word.copied());
}
