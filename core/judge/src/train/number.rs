//! Arithmetic that gives the same bits on every machine: only + - * / and square roots.

/// e to the power of x, to about 1e-7 of its value.
pub(super) fn exp(x: f64) -> f64 {
    let x = x.clamp(-40.0, 40.0);
    // e^x = (e^(x/64))^64; the series converges fast on the small argument.
    let small = x / 64.0;
    let mut series = 1.0;
    for term in (1..=9).rev() {
        series = 1.0 + small * series / f64::from(term);
    }
    let mut power = series;
    for _ in 0..6 {
        power *= power;
    }
    power
}

/// The logistic function.
pub(super) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

/// A stream of numbers fixed by its seed (SplitMix64).
pub(crate) struct Stream(pub(crate) u64);

impl Stream {
    /// The next number.
    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::exp;

    #[test]
    fn exp_is_close() {
        for x in [-30.0, -7.5, -1.0, 0.0, 0.3, 1.0, 9.0, 25.0_f64] {
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-7, "{x}");
        }
    }
}
