//! The files of the law pack, listed by `build.rs`.

include!(concat!(env!("OUT_DIR"), "/files.rs"));
