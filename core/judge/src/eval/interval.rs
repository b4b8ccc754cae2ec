//! Figures with 95 % intervals: Wilson for shares, bootstrap with a fixed seed for the rest.

use crate::train::Stream;

/// A figure between 0 and 1 and its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The figure.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Two-sided 95 % of the normal distribution.
const Z: f64 = 1.959_963_985;
const RESAMPLES: usize = 200;

impl Share {
    /// `part` of `whole`, with the Wilson interval; `None` of nothing.
    #[must_use]
    pub fn of(part: usize, whole: usize) -> Option<Self> {
        if whole == 0 {
            return None;
        }
        let (n, p) = (whole as f64, part as f64 / whole as f64);
        let wide = 1.0 + Z * Z / n;
        let middle = (p + Z * Z / (2.0 * n)) / wide;
        let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt() / wide;
        Some(Self { value: p, low: (middle - half).max(0.0), high: (middle + half).min(1.0) })
    }
}

/// A figure of rows with the interval that resampling them gives.
pub(super) fn bootstrap<T>(rows: &[T], figure: impl Fn(&[&T]) -> Option<f64>) -> Option<Share> {
    let all: Vec<&T> = rows.iter().collect();
    let value = figure(&all)?;
    let mut stream = Stream(20_261_125);
    let mut figures = Vec::with_capacity(RESAMPLES);
    let mut sample = Vec::with_capacity(rows.len());
    for _ in 0..RESAMPLES {
        sample.clear();
        sample.extend((0..rows.len()).filter_map(|_| rows.get((stream.next() % rows.len() as u64) as usize)));
        figures.extend(figure(&sample));
    }
    figures.sort_by(f64::total_cmp);
    let edge = figures.len() / 40;
    let low = figures.get(edge).copied().unwrap_or(value);
    let high = figures.get(figures.len().saturating_sub(edge + 1)).copied().unwrap_or(value);
    Some(Share { value, low, high })
}

#[cfg(test)]
mod tests {
    use super::Share;

    #[test]
    fn wilson() {
        let share = Share::of(8, 10).unwrap();
        assert!((share.low - 0.4902).abs() < 1e-3 && (share.high - 0.9433).abs() < 1e-3, "{share:?}");
        assert_eq!(Share::of(0, 0), None);
        assert!(Share::of(0, 100).unwrap().high < 0.04);
    }
}
