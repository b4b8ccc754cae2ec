//! An article as it stood on a day, and what changed between two days.

use anning_vocab::Date;

use crate::Corpus;
use crate::instrument::{Article, Instrument, Version};

/// How an article stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDay<'c> {
    /// In force with this wording.
    InForce(&'c Version),
    /// In force, its text not loaded.
    NotLoaded(&'c Version),
    /// Not yet: this wording comes first after the day.
    NotYet(&'c Version),
    /// No longer: this wording was the last before the day.
    Ended(&'c Version),
}

impl<'c> OnDay<'c> {
    /// The wording that it speaks of.
    #[must_use]
    pub const fn version(self) -> &'c Version {
        match self {
            Self::InForce(v) | Self::NotLoaded(v) | Self::NotYet(v) | Self::Ended(v) => v,
        }
    }

    /// What governs instead on that day: article ids, or a reason why nothing is loaded.
    #[must_use]
    pub fn instead(self) -> Option<&'c str> {
        match self {
            Self::InForce(_) | Self::NotLoaded(_) => None,
            Self::NotYet(version) => version.was.as_deref(),
            Self::Ended(version) => version.now.as_deref(),
        }
    }
}

/// What became of an article between two days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference<'c> {
    /// It was not in force on the first day and is on the second.
    Begun(&'c Article, &'c Version),
    /// It was in force on the first day and is not on the second.
    Ended(&'c Article, &'c Version),
    /// It is in force on both, with another wording.
    Reworded(&'c Article, &'c Version, &'c Version),
}

impl<'c> Difference<'c> {
    /// The article.
    #[must_use]
    pub const fn article(self) -> &'c Article {
        match self {
            Self::Begun(article, _) | Self::Ended(article, _) | Self::Reworded(article, ..) => article,
        }
    }

    /// The first day on which the change shows.
    #[must_use]
    pub fn on(self) -> Date {
        match self {
            Self::Begun(_, version) | Self::Reworded(_, _, version) => version.interval.from,
            Self::Ended(_, version) => {
                version.interval.until.map_or(version.interval.from, |until| until.plus_days(1))
            }
        }
    }
}

impl Corpus {
    /// How an article stands on a day; `None` when the pack does not hold it.
    #[must_use]
    pub fn show(&self, article: &str, on: Date) -> Option<(&Instrument, &Article, OnDay<'_>)> {
        let (instrument, article) = (self.instrument_of(article)?, self.article(article)?);
        let standing = if let Some(version) = article.on(on) {
            if version.mark.is_some() { OnDay::InForce(version) } else { OnDay::NotLoaded(version) }
        } else if let Some(next) = article.versions.iter().find(|v| v.interval.from > on) {
            OnDay::NotYet(next)
        } else {
            OnDay::Ended(article.versions.last()?)
        };
        Some((instrument, article, standing))
    }

    /// What differs between the law of two days, in the order of the changes.
    #[must_use]
    pub fn diff(&self, earlier: Date, later: Date) -> Vec<Difference<'_>> {
        let mut differences: Vec<Difference<'_>> = self
            .articles()
            .filter_map(|article| match (article.on(earlier), article.on(later)) {
                (None, Some(version)) => Some(Difference::Begun(article, version)),
                (Some(version), None) => Some(Difference::Ended(article, version)),
                (Some(old), Some(new)) if old.interval != new.interval => {
                    Some(Difference::Reworded(article, old, new))
                }
                (Some(_), Some(_)) | (None, None) => None,
            })
            .collect();
        // Stable: what changes on one day stays in the order of the pages.
        differences.sort_by_key(|d| d.on());
        differences
    }
}
