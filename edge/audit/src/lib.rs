//! Audit of past sends against the law in force at the time.

pub mod report;
pub mod summary;
