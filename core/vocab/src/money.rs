//! Money in whole fen.

/// An amount of money in fen (分, a hundredth of a yuan).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fen(pub i64);

impl Fen {
    /// Whole yuan; `None` on overflow.
    #[must_use]
    pub const fn from_yuan(yuan: i64) -> Option<Self> {
        match yuan.checked_mul(100) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// `self * by`; `None` on overflow.
    #[must_use]
    pub const fn times(self, by: i64) -> Option<Self> {
        match self.0.checked_mul(by) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }
}

impl core::fmt::Display for Fen {
    /// Yuan with thousands separated, fen only where there are any: `29,800` or `0.10`.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (yuan, fen) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        if self.0 < 0 {
            f.write_str("-")?;
        }
        let digits = yuan.to_string();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        if fen > 0 { write!(f, ".{fen:02}") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::Fen;

    #[test]
    fn prints_yuan() {
        let check = |fen: i64, text: &str| assert_eq!(Fen(fen).to_string(), text);
        check(2_980_000, "29,800");
        check(10, "0.10");
        check(0, "0");
        check(-100_050, "-1,000.50");
        check(500_000_000_000, "5,000,000,000");
    }
}
