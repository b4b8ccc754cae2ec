//! What the law leaves no doubt about: an answer, or what an answer cannot be.

use anning_vocab::Answer;

/// A claim about one provision's answer in both readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Claim {
    /// This answer under the stricter and this under the more lenient reading.
    Is(Answer, Answer),
    /// `!a`: anything but this answer, in both readings.
    Not(Answer),
    /// `fine`: met, or not applicable.
    Fine,
    /// `open`: unproved, or unclear.
    Open,
    /// Nothing is claimed; takes back what another row claims.
    Nothing,
}

impl Claim {
    /// Not applicable, in both readings.
    pub const NOT_APPLICABLE: Self = Self::Is(Answer::NotApplicable, Answer::NotApplicable);

    /// Reads `met`, `breached/met`, `!breached`, `fine`, `open`, `-`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match (text, text.strip_prefix('!'), text.split_once('/')) {
            ("fine", _, _) => Some(Self::Fine),
            ("open", _, _) => Some(Self::Open),
            ("-", _, _) => Some(Self::Nothing),
            (_, Some(not), _) => Answer::from_code(not).map(Self::Not),
            (_, _, Some((strict, lenient))) => {
                Some(Self::Is(Answer::from_code(strict)?, Answer::from_code(lenient)?))
            }
            (both, None, None) => Answer::from_code(both).map(|answer| Self::Is(answer, answer)),
        }
    }

    /// Does a decision with these two answers bear it out?
    #[must_use]
    pub fn holds(self, strict: Answer, lenient: Answer) -> bool {
        let both = |wanted: &[Answer]| wanted.contains(&strict) && wanted.contains(&lenient);
        match self {
            Self::Is(a, b) => (strict, lenient) == (a, b),
            Self::Not(answer) => strict != answer && lenient != answer,
            Self::Fine => both(&[Answer::Met, Answer::NotApplicable]),
            Self::Open => both(&[Answer::Unproved, Answer::Unclear]),
            Self::Nothing => true,
        }
    }

    /// Could it be borne out by a breach in either reading?
    #[must_use]
    pub fn admits_breach(self) -> bool {
        match self {
            Self::Is(strict, lenient) => strict == Answer::Breached || lenient == Answer::Breached,
            Self::Not(answer) => answer != Answer::Breached,
            Self::Nothing => true,
            Self::Fine | Self::Open => false,
        }
    }
}

impl core::fmt::Display for Claim {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Is(strict, lenient) if strict == lenient => write!(f, "{strict}"),
            Self::Is(strict, lenient) => write!(f, "{strict}/{lenient}"),
            Self::Not(answer) => write!(f, "!{answer}"),
            Self::Fine => f.write_str("fine"),
            Self::Open => f.write_str("open"),
            Self::Nothing => f.write_str("-"),
        }
    }
}

#[cfg(test)]
mod tests {
    use anning_vocab::Answer::{Breached, Met, NotApplicable, Unclear, Unproved};

    use super::Claim;

    #[test]
    fn claims_say_what_they_say() {
        let check = |text: &str, strict, lenient, holds| {
            let claim = Claim::parse(text).unwrap();
            assert_eq!(claim.to_string(), text);
            assert_eq!(claim.holds(strict, lenient), holds, "{text} of {strict}/{lenient}");
        };
        check("met", Met, Met, true);
        check("met", Met, Breached, false);
        check("breached/met", Breached, Met, true);
        check("breached/met", Breached, Breached, false);
        check("!breached", Unproved, Met, true);
        check("!breached", Unproved, Breached, false);
        check("fine", Met, NotApplicable, true);
        check("fine", Unclear, Met, false);
        check("open", Unclear, Unproved, true);
        check("open", Met, Met, false);
        check("-", Breached, Breached, true);
        assert_eq!(Claim::parse("fined"), None);
        assert_eq!(Claim::parse(""), None);
        assert_eq!(Claim::parse("!"), None);
    }
}
