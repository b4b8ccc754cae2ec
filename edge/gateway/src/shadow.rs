//! What shadow mode let pass and enforcing would have stopped: counts by account and reason, with a few masked examples.
//! A message counts once, as it was decided when it came in: what is decided again while it waits counts no more.

use std::collections::BTreeMap;

use anning_decide::Mode;
use anning_vocab::{Recipient, Timestamp};
use serde::Serialize;

use crate::codes::{Kind, Refusal};

/// Counters since a start. Bounded, and serialised as it is.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Shadow {
    /// Messages that enforcing would have passed too.
    passed: u64,
    /// Messages that enforcing would have refused.
    would_have_blocked: u64,
    /// Messages that enforcing would have held.
    would_have_held: u64,
    /// Messages decided at intake, by account: of what the others are a share.
    decided: BTreeMap<String, Decided>,
    /// By account, then by reason.
    accounts: BTreeMap<String, BTreeMap<&'static str, Count>>,
    /// Messages of accounts beyond those that are told apart.
    other_accounts: u64,
}

/// Messages decided, each once, by what they were decided under.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Decided {
    /// In shadow mode.
    pub shadow: u64,
    /// Enforcing.
    pub enforce: u64,
}

/// How many for one reason.
#[derive(Clone, Debug, Serialize)]
pub struct Count {
    /// So many.
    pub messages: u64,
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
    /// `law` or `house`; house policy is not law.
    pub kind: &'static str,
    /// Articles that stood against them, with how many.
    pub articles: BTreeMap<String, u64>,
    /// The first few.
    pub examples: Vec<Example>,
}

/// One message, masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Example {
    /// When.
    pub at: String,
    /// To whom: `138****8000`.
    pub recipient: String,
    /// The beginning of its text, digits masked.
    pub text: String,
}

impl Shadow {
    /// A message was decided for the first time.
    pub fn decided(&mut self, account: &str, mode: Mode) {
        if !self.decided.contains_key(account) && self.decided.len() >= ACCOUNTS_MAX {
            return;
        }
        let decided = self.decided.entry(account.to_owned()).or_default();
        match mode {
            Mode::Shadow => decided.shadow += 1,
            Mode::Enforce => decided.enforce += 1,
        }
    }

    /// Messages of an account that were decided.
    #[must_use]
    pub fn decided_of(&self, account: &str) -> Decided {
        self.decided.get(account).copied().unwrap_or_default()
    }

    /// Messages of all accounts that were decided.
    pub fn decided_by_account(&self) -> impl Iterator<Item = (&str, Decided)> {
        self.decided.iter().map(|(account, decided)| (account.as_str(), *decided))
    }

    /// A message that enforcing would have passed too.
    pub const fn passed(&mut self) {
        self.passed += 1;
    }

    /// A message that enforcing would have stopped.
    pub fn would_have(
        &mut self,
        account: &str,
        refusal: Refusal,
        recipient: &Recipient,
        text: &str,
        at: Timestamp,
    ) {
        let reason = refusal.reason;
        match reason.kind() {
            Kind::Later => self.would_have_held += 1,
            Kind::Law | Kind::House | Kind::Submit | Kind::Afterwards => self.would_have_blocked += 1,
        }
        if !self.accounts.contains_key(account) && self.accounts.len() >= ACCOUNTS_MAX {
            self.other_accounts += 1;
            return;
        }
        let count =
            self.accounts.entry(account.to_owned()).or_default().entry(reason.code()).or_insert_with(|| {
                Count {
                    messages: 0,
                    zh: reason.zh(),
                    en: reason.en(),
                    kind: reason.kind().code(),
                    articles: BTreeMap::new(),
                    examples: Vec::new(),
                }
            });
        count.messages += 1;
        if let Some(article) = refusal.article() {
            *count.articles.entry(article).or_default() += 1;
        }
        if count.examples.len() < EXAMPLES_MAX {
            let (at, recipient, text) = (at.to_string(), recipient.to_string(), masked(text));
            count.examples.push(Example { at, recipient, text });
        }
    }

    /// The counts of an account, by reason.
    #[must_use]
    pub fn of(&self, account: &str) -> Option<&BTreeMap<&'static str, Count>> {
        self.accounts.get(account)
    }

    /// Messages that enforcing would have refused, and those it would have held.
    #[must_use]
    pub const fn stopped(&self) -> (u64, u64) {
        (self.would_have_blocked, self.would_have_held)
    }
}

/// The beginning of a text, its digits and Latin letters masked: names of persons may stand further on.
fn masked(text: &str) -> String {
    let mask = |c: char| if c.is_ascii_alphanumeric() { '*' } else { c };
    let head: String = text.chars().take(EXAMPLE_CHARS).map(mask).collect();
    if text.chars().count() > EXAMPLE_CHARS { head + "…" } else { head }
}

/// Accounts that are told apart.
const ACCOUNTS_MAX: usize = 1_024;
/// Examples of each reason.
const EXAMPLES_MAX: usize = 5;
/// Characters of a text that are shown.
const EXAMPLE_CHARS: usize = 30;

#[cfg(test)]
mod tests {
    use anning_vocab::{Recipient, Timestamp};

    use super::{ACCOUNTS_MAX, Shadow};
    use crate::codes::Reason;

    #[test]
    fn counts_are_bounded_and_examples_masked() {
        let mut shadow = Shadow::default();
        let person = Recipient::parse("13800138000").unwrap();
        let at = Timestamp::from_millis(0);
        for n in 0..ACCOUNTS_MAX + 2 {
            let account = format!("a{n}");
            for reason in [Reason::NoConsent, Reason::NoConsent, Reason::QuietHours] {
                shadow.would_have(&account, reason.into(), &person, "【店】您的卡62220000满减ABC", at);
            }
        }
        shadow.passed();
        assert_eq!(shadow.stopped(), (2 * (ACCOUNTS_MAX as u64 + 2), ACCOUNTS_MAX as u64 + 2));
        let counts = shadow.of("a7").unwrap();
        assert_eq!((counts["no_consent"].messages, counts["quiet_hours"].messages), (2, 1));
        assert_eq!(counts["no_consent"].examples[0].text, "【店】您的卡********满减***");
        let json = serde_json::to_value(&shadow).unwrap();
        assert_eq!(json["accounts"]["a7"]["quiet_hours"]["kind"], "later");
        assert_eq!(json["other_accounts"], 6);
        assert!(!json.to_string().contains("13800138000"));
    }

    #[test]
    fn examples_are_few() {
        let (mut shadow, account) = (Shadow::default(), "a");
        for _ in 0..100 {
            let person = Recipient::parse("13800138000").unwrap();
            shadow.would_have(account, Reason::NotFiled.into(), &person, &"长".repeat(500), Timestamp::MAX);
        }
        let count = &shadow.of("a").unwrap()["not_filed"];
        assert_eq!((count.messages, count.examples.len(), count.kind), (100, 5, "house"));
        assert_eq!(count.examples[0].text.chars().count(), 31);
    }
}
