//! Where a fine sits in its range. Ratios are exact; no floating point.

use anning_vocab::Fen;

/// A position in a range as an exact fraction: 0 the least, 1 the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Fen above the least.
    pub above: i64,
    /// Fen from least to most; never 0.
    pub width: i64,
}

/// Grade of a fine: the published 30/70 split of a market regulator. Configuration, not law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Below the least: only with a ground of Administrative Penalty Law 32.
    Reduced,
    /// Up to 30 %.
    Light,
    /// 30 to 70 %.
    Ordinary,
    /// Above 70 %.
    Heavy,
    /// Above the most: not allowed.
    Beyond,
}

/// May this fine be imposed?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// Within the range.
    Valid(Grade),
    /// Below it, on a named ground of art 32 and with reasons.
    ValidWithGround,
    /// Not.
    Invalid,
}

impl Position {
    /// The grade.
    #[must_use]
    pub const fn grade(self) -> Grade {
        let tenths = self.above as i128 * 10;
        let width = self.width as i128;
        if self.above < 0 {
            Grade::Reduced
        } else if self.above > self.width {
            Grade::Beyond
        } else if tenths < 3 * width {
            Grade::Light
        } else if tenths <= 7 * width {
            Grade::Ordinary
        } else {
            Grade::Heavy
        }
    }

    /// Parts of ten thousand, rounded half up.
    #[must_use]
    pub const fn basis_points(self) -> i64 {
        ((self.above as i128 * 20_000 + self.width as i128) / (2 * self.width as i128)) as i64
    }
}

/// Position of a fine in a range; `None` where the range has no width.
#[must_use]
pub const fn position(min: Fen, max: Fen, fine: Fen) -> Option<Position> {
    if max.0 <= min.0 { None } else { Some(Position { above: fine.0 - min.0, width: max.0 - min.0 }) }
}

/// Least, end of light, end of ordinary, most; rounded down to the fen.
#[must_use]
pub const fn brackets(min: Fen, max: Fen) -> [Fen; 4] {
    let width = max.0 - min.0;
    [
        min,
        Fen(min.0 + width / 10 * 3 + width % 10 * 3 / 10),
        Fen(min.0 + width / 10 * 7 + width % 10 * 7 / 10),
        max,
    ]
}

/// May a fine be imposed, given whether a ground of art 32 is named?
#[must_use]
pub const fn validity(min: Fen, max: Fen, fine: Fen, ground_of_32: bool) -> Validity {
    let Some(position) = position(min, max, fine) else {
        return if fine.0 == min.0 { Validity::Valid(Grade::Ordinary) } else { Validity::Invalid };
    };
    match position.grade() {
        Grade::Reduced if ground_of_32 => Validity::ValidWithGround,
        Grade::Reduced | Grade::Beyond => Validity::Invalid,
        grade @ (Grade::Light | Grade::Ordinary | Grade::Heavy) => Validity::Valid(grade),
    }
}
