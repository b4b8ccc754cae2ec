//! The findings of all provisions on one message, as masks over [`ProvisionId`].

use anning_law::ProvisionId;
use anning_vocab::{Answer, Finding, Ground};

/// Which provisions gave which answer; a provision in none of them does not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Masks {
    /// Met.
    pub met: u64,
    /// Breached.
    pub breached: u64,
    /// Unproved.
    pub unproved: u64,
    /// Unclear.
    pub unclear: u64,
}

/// Every finding under both readings, with the ground of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Findings {
    /// Answers under the stricter reading.
    pub strict: Masks,
    /// Answers under the more lenient reading; differs only where the law is argued.
    pub lenient: Masks,
    grounds: [Ground; COUNT],
}

impl Masks {
    /// Every provision that applies.
    #[must_use]
    pub const fn applicable(self) -> u64 {
        self.met | self.breached | self.unproved | self.unclear
    }

    /// Without branches: the answers of neighbouring provisions differ too often to be foreseen.
    fn put(&mut self, provision: ProvisionId, answer: Answer) {
        let bit = provision.bit();
        let when = |answered: bool| bit & u64::from(answered).wrapping_neg();
        self.met |= when(matches!(answer, Answer::Met));
        self.breached |= when(matches!(answer, Answer::Breached));
        self.unproved |= when(matches!(answer, Answer::Unproved));
        self.unclear |= when(matches!(answer, Answer::Unclear));
    }

    /// The answer of one provision.
    #[must_use]
    pub const fn answer(self, provision: ProvisionId) -> Answer {
        let bit = provision.bit();
        if self.met & bit != 0 {
            Answer::Met
        } else if self.breached & bit != 0 {
            Answer::Breached
        } else if self.unproved & bit != 0 {
            Answer::Unproved
        } else if self.unclear & bit != 0 {
            Answer::Unclear
        } else {
            Answer::NotApplicable
        }
    }
}

impl Findings {
    /// No provision applies.
    pub const NONE: Self = Self {
        strict: Masks { met: 0, breached: 0, unproved: 0, unclear: 0 },
        lenient: Masks { met: 0, breached: 0, unproved: 0, unclear: 0 },
        grounds: [Ground::None; COUNT],
    };

    /// Records the finding of one provision; each is asked once.
    pub fn put(&mut self, provision: ProvisionId, finding: Finding) {
        self.strict.put(provision, finding.strict);
        self.lenient.put(provision, finding.lenient);
        if let Some(slot) = self.grounds.get_mut(provision.index()) {
            *slot = finding.ground;
        }
    }

    /// What would be a breach of a text known only in substance, or from memory, is unclear.
    pub fn soften(&mut self, verified: u64) {
        for masks in [&mut self.strict, &mut self.lenient] {
            masks.unclear |= masks.breached & !verified;
            masks.breached &= verified;
        }
    }

    /// What one provision found.
    #[must_use]
    pub fn of(&self, provision: ProvisionId) -> Finding {
        Finding {
            strict: self.strict.answer(provision),
            lenient: self.lenient.answer(provision),
            ground: self.grounds.get(provision.index()).copied().unwrap_or(Ground::None),
        }
    }

    /// Provisions that apply, with what they found, in order.
    pub fn iter(&self) -> impl Iterator<Item = (ProvisionId, Finding)> {
        let applicable = self.strict.applicable() | self.lenient.applicable();
        ProvisionId::ALL.iter().filter(move |p| applicable & p.bit() != 0).map(|p| (*p, self.of(*p)))
    }

    /// Provisions whose answer depends on how the law is read.
    #[must_use]
    pub const fn argued(&self) -> u64 {
        (self.strict.met ^ self.lenient.met)
            | (self.strict.breached ^ self.lenient.breached)
            | (self.strict.unproved ^ self.lenient.unproved)
            | (self.strict.unclear ^ self.lenient.unclear)
    }
}

const COUNT: usize = ProvisionId::ALL.len();
