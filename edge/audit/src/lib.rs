//! Audit of past sends against the law in force at the time.
//!
//! So far: the aggregate that an audit fills, its terminal summary and its report. The reading layer and
//! the engine are being built beside it.

pub mod report;
pub mod summary;
