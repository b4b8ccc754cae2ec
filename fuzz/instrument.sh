#!/bin/sh
# Compiler wrapper of `cargo xtask fuzz`: adds libFuzzer's coverage counters to the crates of this workspace.
# Stable rustc takes the LLVM pass by name. Build scripts run on their own, without the fuzzer's runtime
# to receive the counters, so they are compiled as they are.
case "$*" in
*"--crate-name build_script_"* | *"--crate-type proc-macro"*) exec "$@" ;;
esac
exec "$@" -C opt-level=2 -C codegen-units=1 -C passes=sancov-module \
    -C llvm-args=-sanitizer-coverage-level=4 \
    -C llvm-args=-sanitizer-coverage-inline-8bit-counters \
    -C llvm-args=-sanitizer-coverage-pc-table \
    -C llvm-args=-sanitizer-coverage-trace-compares
