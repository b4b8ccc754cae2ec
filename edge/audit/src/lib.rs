//! Audit of past sends against the law in force at the time.
//!
//! So far: the aggregate that an audit fills and its terminal summary. The reading layer and the engine
//! are being built beside it (see `docs/ARCHITECTURE.md`).

pub mod report;
pub mod summary;
