#!/bin/sh
# Compiler wrapper of `cargo xtask fuzz`: adds libFuzzer's coverage counters to the crates of this workspace.
# Stable rustc takes the LLVM pass by name. A build script runs on its own, without the fuzzer: it gets no
# counters, and for the crates it shares with the fuzzer an object that receives theirs and does nothing.
case "$*" in
*"--crate-name build_script_"*) exec "$@" -C link-arg="$ANNING_NO_COVERAGE" ;;
*"--crate-type proc-macro"*) exec "$@" ;;
esac
exec "$@" -C opt-level=2 -C codegen-units=1 -C passes=sancov-module \
    -C llvm-args=-sanitizer-coverage-level=4 \
    -C llvm-args=-sanitizer-coverage-inline-8bit-counters \
    -C llvm-args=-sanitizer-coverage-pc-table \
    -C llvm-args=-sanitizer-coverage-trace-compares
