//! The `anning` command line.
fn main() {}
