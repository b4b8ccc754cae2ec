//! CMPP on the wire: captured PDUs, random ones, and both sides of a session.
#![cfg(test)]

mod lossless;
mod meaning;
mod sides;
mod vectors;
