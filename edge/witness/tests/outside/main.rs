//! Logs, good and spoiled, seen from outside.

mod good;
mod log;
mod mirrored;
mod server;
mod spoiled;
mod stamped;
mod witnessed;
