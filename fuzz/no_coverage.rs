//! Empty receivers of libFuzzer's coverage counters, for build scripts.
//!
//! `core/law` reads the law while it is built and so uses crates that `instrument.sh` gave counters, but no
//! fuzzer runs there to receive them. `cargo xtask fuzz` compiles this file to an object for the linker.
#![no_std]

macro_rules! receive_nothing {
    ($($name:ident)*) => {$(
        #[unsafe(no_mangle)]
        extern "C" fn $name() {}
    )*};
}

receive_nothing! {
    __sanitizer_cov_8bit_counters_init
    __sanitizer_cov_pcs_init
    __sanitizer_cov_trace_cmp1
    __sanitizer_cov_trace_cmp2
    __sanitizer_cov_trace_cmp4
    __sanitizer_cov_trace_cmp8
    __sanitizer_cov_trace_const_cmp1
    __sanitizer_cov_trace_const_cmp2
    __sanitizer_cov_trace_const_cmp4
    __sanitizer_cov_trace_const_cmp8
    __sanitizer_cov_trace_pc_indir
    __sanitizer_cov_trace_switch
}
