//! Who stands on a record beside the person, and what a record says of itself.

use crate::error::Error;
use crate::json::TEXT_MAX;

/// What a record or receipt says besides the act.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Its own id, that no other record has; TS 27560 advises a UUID.
    pub record_id: String,
    /// Language of the notice and of words for people, `zh` or `en`.
    pub language: Option<String>,
    /// Country whose law it was made under, as `CN`.
    pub jurisdiction: Option<String>,
    /// Where the privacy notice can be read.
    pub policy_url: Option<String>,
    /// Parties that the sheet names.
    pub parties: Vec<Party>,
}

/// A party, for people: what the sheet holds of it is [`Party::id`] alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// As on the sheet.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Person or office to turn to.
    pub contact: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Web page.
    pub url: Option<String>,
}

impl Header {
    /// The party of that id, if it is described.
    pub(crate) fn party(&self, id: &str) -> Option<&Party> {
        self.parties.iter().find(|party| party.id == id)
    }

    /// Whatever would not be read again is not written.
    pub(crate) fn within_bounds(&self) -> Result<(), Error> {
        let fits = |text: &str| text.len() <= TEXT_MAX;
        let optional = |text: &Option<String>| text.as_deref().is_none_or(fits);
        let party = |party: &Party| {
            let others = [&party.contact, &party.address, &party.email, &party.phone, &party.url];
            fits(&party.id) && fits(&party.name) && others.into_iter().all(optional)
        };
        let checks = [
            ("record id", fits(&self.record_id) && !self.record_id.is_empty()),
            ("language", optional(&self.language)),
            ("jurisdiction", optional(&self.jurisdiction)),
            ("policy url", optional(&self.policy_url)),
            ("parties", self.parties.iter().all(party)),
        ];
        checks.into_iter().find(|(_, kept)| !kept).map_or(Ok(()), |(name, _)| Err(Error::Oversize(name)))
    }
}
