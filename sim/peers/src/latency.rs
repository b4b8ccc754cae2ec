//! How long answers took.

/// How long answers took, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct Latency {
    /// How many were measured.
    pub count: u64,
    /// Half took so long at most.
    pub p50: f64,
    /// All but one in a hundred.
    pub p99: f64,
    /// The longest.
    pub max: f64,
}

impl Latency {
    /// Of these, in nanoseconds.
    #[expect(clippy::cast_precision_loss, reason = "times, for people")]
    pub(crate) fn of(mut nanos: Vec<u64>) -> Self {
        nanos.sort_unstable();
        let at = |hundredths: usize| {
            let place = (nanos.len() * hundredths).div_ceil(100).saturating_sub(1);
            nanos.get(place).copied().unwrap_or(0) as f64 / 1e6
        };
        Self { count: nanos.len() as u64, p50: at(50), p99: at(99), max: at(100) }
    }
}
