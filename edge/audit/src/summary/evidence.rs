//! Sampled evidence: enough of a send for a reader to find it again and to see why.

use anning_vocab::{Answer, Channel, Ground};
use serde::{Deserialize, Serialize};

use super::{Code, Words};

/// Where a send stands in the input.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// File, as in [`super::Input::file`].
    pub file: String,
    /// Row, counted from 1; in CSV the header is row 1.
    pub row: u64,
}

/// One send as a sample for one (provision, answer, ground).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Evidence {
    /// Id of the provision.
    pub provision: String,
    /// The answer under the reading of the run.
    pub answer: Code<Answer>,
    /// Why.
    pub ground: Code<Ground>,
    /// The answer under the other reading, where the law is argued.
    pub argued: Option<Code<Answer>>,
    /// Article that applied on that day.
    pub article: String,
    /// When it was sent, RFC 3339 with the Beijing offset.
    pub sent_at: String,
    /// Where it stands.
    #[serde(flatten)]
    pub place: Place,
    /// Recipient, masked unless [`super::Summary::revealed`].
    pub recipient: String,
    /// Channel.
    pub channel: Code<Channel>,
    /// Campaign id, if any.
    pub campaign: Option<String>,
    /// Name of the party that answers for it, if known.
    pub party: Option<String>,
    /// Excerpt of the text, at most 160 characters, recipients masked; none when no text was kept.
    pub text: Option<String>,
    /// The facts on which it stands, one sentence each.
    pub facts: Vec<Words>,
    /// What would cure it, if anything could.
    pub cure: Option<Words>,
}
