//! Which page version an act was done on, and what that makes of the sender's record of it.
//!
//! A page record speaks for an act in three cases only: the act cites it, the act's log bears the same page-version hash,
//! or the act lies between two dated captures of its address that show the same version. Today's page says nothing
//! about what was shown in 2021.

use std::collections::{BTreeMap, HashMap};

use anning_vocab::{PageFacts, PageSeen, Terms, Timestamp};

use crate::seen;

/// One capture of one page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capture {
    /// Number of the record, by which acts cite it.
    pub record: u32,
    /// First bytes of the page-version hash, never 0.
    pub version: u64,
    /// When the page was like this.
    pub captured: Timestamp,
    /// When the capture was on record; not before it was made.
    pub recorded: Timestamp,
    /// Number of its address, if that is known.
    pub address: Option<u32>,
}

/// What the record of an act says of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Cited {
    /// The page, if it is named.
    pub page: Option<CitedPage>,
    /// Number of the address where the act was done, if it is named.
    pub address: Option<u32>,
}

/// How an act names a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CitedPage {
    /// By the number of a record.
    Record(u32),
    /// By the first bytes of a page-version hash.
    Version(u64),
}

/// All captures, and what each version shows.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    records: HashMap<u32, Capture>,
    versions: BTreeMap<u64, Version>,
    /// Captures of each version, in order of time.
    captures: BTreeMap<u64, Vec<Capture>>,
    /// By address, in order of time.
    addresses: HashMap<u32, Vec<Capture>>,
}

#[derive(Clone, Debug)]
struct Version {
    /// When a capture of it was first on record.
    since: Timestamp,
    facts: Vec<PageFacts>,
}

/// A page version that speaks for an act.
#[derive(Clone, Copy, Debug)]
pub struct Speaks<'p> {
    /// First bytes of its hash.
    pub version: u64,
    /// Since when that can be known.
    pub since: Timestamp,
    facts: &'p [PageFacts],
}

impl Pages {
    /// Captures in any order, and what each version shows. A version whose facts are not given shows nothing.
    #[must_use]
    pub fn new(
        captures: impl IntoIterator<Item = Capture>,
        mut facts: BTreeMap<u64, Vec<PageFacts>>,
    ) -> Self {
        let mut pages = Self::default();
        for capture in captures {
            pages.records.entry(capture.record).or_insert(capture);
            pages.captures.entry(capture.version).or_default().push(capture);
            let version = pages.versions.entry(capture.version).or_insert_with(|| Version {
                since: capture.recorded,
                facts: facts.remove(&capture.version).unwrap_or_default(),
            });
            version.since = version.since.min(capture.recorded);
            if let Some(address) = capture.address {
                pages.addresses.entry(address).or_default().push(capture);
            }
        }
        for captures in pages.addresses.values_mut().chain(pages.captures.values_mut()) {
            captures.sort_by_key(|capture| (capture.captured, capture.version, capture.recorded));
        }
        pages
    }

    /// The page version that speaks for an act of this moment; `None` where the page says nothing.
    #[must_use]
    pub fn speaks(&self, cited: Cited, occurred: Timestamp) -> Option<Speaks<'_>> {
        match cited.page {
            Some(CitedPage::Record(record)) => {
                let capture = self.records.get(&record)?;
                // What was recorded afterwards cannot have been cited: it speaks as one of two captures at most.
                if capture.captured <= occurred {
                    return self.version(capture.version, capture.recorded);
                }
                self.between(cited.address.or(capture.address)?, occurred)
            }
            Some(CitedPage::Version(version)) => {
                let since = self.versions.get(&version)?.since;
                self.version(version, since)
            }
            None => self.between(cited.address?, occurred),
        }
    }

    /// There is a record of this number.
    #[must_use]
    pub fn has(&self, record: u32) -> bool {
        self.records.contains_key(&record)
    }

    /// There is a capture of this version.
    #[must_use]
    pub fn has_version(&self, version: u64) -> bool {
        self.versions.contains_key(&version)
    }

    /// No capture is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// All versions, in order, each with what it shows.
    pub fn versions(&self) -> impl Iterator<Item = (u64, &[PageFacts])> {
        self.versions.iter().map(|(version, of)| (*version, of.facts.as_slice()))
    }

    /// Captures of a version, in order of time.
    #[must_use]
    pub fn captures(&self, version: u64) -> &[Capture] {
        self.captures.get(&version).map_or(&[], Vec::as_slice)
    }

    /// The version before and after the moment, if it is one and the same. Captures of one instant that differ show
    /// that the page was not one.
    fn between(&self, address: u32, occurred: Timestamp) -> Option<Speaks<'_>> {
        let all = self.addresses.get(&address)?;
        let (before, _) = all.split_at_checked(all.partition_point(|c| c.captured <= occurred))?;
        let after = all.get(all.partition_point(|c| c.captured < occurred)..)?;
        let (last, first) = (before.last()?, after.first()?);
        let of_last = before.iter().rev().take_while(|c| c.captured == last.captured);
        let of_first = after.iter().take_while(|c| c.captured == first.captured);
        let same = of_last.chain(of_first).all(|capture| capture.version == last.version);
        if same { self.version(last.version, last.recorded.max(first.recorded)) } else { None }
    }

    fn version(&self, version: u64, since: Timestamp) -> Option<Speaks<'_>> {
        let facts = &self.versions.get(&version)?.facts;
        Some(Speaks { version, since, facts })
    }
}

impl Speaks<'_> {
    /// The terms of an act with the page's facts in place of what its sender says; what the page does not tell stays.
    #[must_use]
    pub fn of(&self, said: &Terms) -> Terms {
        let (terms, contradicts) = seen::on(self.facts, said, self.version);
        Terms { page: Some(PageSeen { version: self.version, since: self.since, contradicts }), ..terms }
    }
}

#[cfg(test)]
mod tests {
    use anning_vocab::{Control, Covers, PageAsks};

    use super::*;

    const HOME: u32 = 1;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_millis(day * 86_400_000)
    }

    fn capture(record: u32, version: u64, day: i64) -> Capture {
        Capture { record, version, captured: at(day), recorded: at(day), address: Some(HOME) }
    }

    /// Records 1 to 6: version 7 on days 10 and 20, version 8 on days 30 and 40, both on day 50, 8 on day 60 elsewhere.
    fn pages() -> Pages {
        let captures = [
            capture(3, 8, 30),
            capture(1, 7, 10),
            capture(4, 8, 40),
            capture(2, 7, 20),
            capture(5, 7, 50),
            capture(6, 8, 50),
            Capture { address: None, ..capture(7, 8, 60) },
        ];
        let facts = |control| vec![PageFacts { control, ..PageFacts::silent(PageAsks::Marketing) }];
        let facts = [(7, facts(Control::TickedByDefault)), (8, facts(Control::TickedByRecipient))];
        Pages::new(captures, facts.into_iter().collect())
    }

    /// Version and day since which it can be known, for an act of this day.
    fn check(cited: Cited, day: i64, expected: Option<(u64, i64)>) {
        let pages = pages();
        let found = pages.speaks(cited, at(day)).map(|s| (s.version, s.since));
        assert_eq!(found, expected.map(|(version, since)| (version, at(since))), "{cited:?} on day {day}");
    }

    #[test]
    fn a_record_speaks_for_acts_that_cite_it_once_it_was_made() {
        let record = |n| Cited { page: Some(CitedPage::Record(n)), address: None };
        check(record(1), 10, Some((7, 10)));
        check(record(1), 15, Some((7, 10)));
        // Cited long after another version was captured: the act says which page it was.
        check(record(1), 45, Some((7, 10)));
        // Made after the act: it speaks as one of two captures of its address.
        check(record(2), 15, Some((7, 20)));
        check(record(2), 9, None);
        check(record(3), 25, None);
        check(record(7), 59, None);
        check(record(7), 60, Some((8, 60)));
        check(record(99), 60, None);
    }

    #[test]
    fn a_version_speaks_for_acts_whose_log_bears_its_hash() {
        let version = |n| Cited { page: Some(CitedPage::Version(n)), address: Some(HOME) };
        check(version(7), 1, Some((7, 10)));
        check(version(8), 1, Some((8, 30)));
        check(version(8), 99, Some((8, 30)));
        // A version that nobody captured, though two captures stand around the act.
        check(version(9), 15, None);
    }

    #[test]
    fn two_captures_speak_for_what_lies_between_when_they_are_the_same() {
        let home = Cited { page: None, address: Some(HOME) };
        for (day, expected) in [
            (9, None),
            (10, Some((7, 10))),
            (11, Some((7, 20))),
            (20, Some((7, 20))),
            (21, None),
            (29, None),
            (30, Some((8, 30))),
            (35, Some((8, 40))),
            (40, Some((8, 40))),
            // Two versions were shown at once on day 50.
            (45, None),
            (50, None),
            (51, None),
            (99, None),
        ] {
            check(home, day, expected);
        }
        check(Cited { page: None, address: Some(2) }, 15, None);
        check(Cited::default(), 15, None);
    }

    #[test]
    fn a_capture_speaks_from_when_it_was_on_record() {
        let late = Capture { recorded: at(90), ..capture(2, 7, 20) };
        let pages = Pages::new([capture(1, 7, 10), late], BTreeMap::new());
        let home = Cited { page: None, address: Some(HOME) };
        assert_eq!(pages.speaks(home, at(15)).map(|s| s.since), Some(at(90)));
        let version = Cited { page: Some(CitedPage::Version(7)), address: None };
        assert_eq!(pages.speaks(version, at(15)).map(|s| s.since), Some(at(10)));
    }

    #[test]
    fn the_joined_terms_say_which_page_it_was() {
        let said = Terms { control: Control::TickedByRecipient, ..Terms::silent(Covers::Both) };
        let pages = pages();
        let of = |version| {
            let cited = Cited { page: Some(CitedPage::Version(version)), address: None };
            pages
                .speaks(cited, at(12))
                .map(|s| s.of(&said))
                .and_then(|t| Some((t.control, t.page?.contradicts)))
        };
        assert_eq!(of(7), Some((Control::TickedByDefault, true)));
        assert_eq!(of(8), Some((Control::TickedByRecipient, false)));
        assert_eq!(of(9), None);
    }
}
