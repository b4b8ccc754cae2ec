//! Worked examples: a lawyer's table, run as tests.

use anning_vocab::{Answer, Date};

use crate::error::Place;

/// One row of an example table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// Where it stands.
    pub place: Place,
    /// 例.
    pub name: String,
    /// 日期: the day of the send.
    pub date: Date,
    /// 情形: phrases of `law/examples.md`.
    pub situation: Vec<String>,
    /// 结论.
    pub outcome: Outcome,
    /// 依据: the provision cited.
    pub citation: String,
    /// The rule bound to that provision.
    pub rule: String,
}

/// What a provision answers under the stricter and the more lenient reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// 从严.
    pub strict: Answer,
    /// 从宽; the same unless argued.
    pub lenient: Answer,
}

impl Outcome {
    /// Reads `符合`, `违反`, `未证明`, `不明`, `不适用` or `从严…/从宽…`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(rest) = text.strip_prefix("从严") {
            let (strict, lenient) = rest.split_once("/从宽")?;
            let outcome = Self { strict: answer(strict)?, lenient: answer(lenient)? };
            return (outcome.strict != outcome.lenient).then_some(outcome);
        }
        answer(text).map(|one| Self { strict: one, lenient: one })
    }
}

impl core::fmt::Display for Outcome {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        if self.strict == self.lenient {
            f.write_str(word(self.strict))
        } else {
            write!(f, "从严{}/从宽{}", word(self.strict), word(self.lenient))
        }
    }
}

/// A phrase that situations are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// The words.
    pub zh: String,
    /// What it says about, such as `渠道`.
    pub group: String,
    /// The fact it states.
    pub meaning: String,
}

fn answer(text: &str) -> Option<Answer> {
    Answer::ALL.iter().copied().find(|a| word(*a) == text)
}

const fn word(answer: Answer) -> &'static str {
    match answer {
        Answer::NotApplicable => "不适用",
        Answer::Met => "符合",
        Answer::Breached => "违反",
        Answer::Unproved => "未证明",
        Answer::Unclear => "不明",
    }
}

#[cfg(test)]
mod tests {
    use super::Outcome;

    #[test]
    fn outcomes_read_back() {
        for text in ["符合", "违反", "未证明", "不明", "不适用", "从严违反/从宽符合"] {
            assert_eq!(Outcome::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "拒绝", "从严违反", "从严违反/从宽违反", "从宽符合/从严违反", "违反 "]
        {
            assert_eq!(Outcome::parse(text), None, "{text}");
        }
    }
}
