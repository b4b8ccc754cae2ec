//! Which page version an act was done on, and what that makes of the sender's record of it.
//!
//! A page record speaks for an act in three cases only: the act cites it, the act's log bears the same page-version hash,
//! or the act lies between two dated captures of its address that show the same version. Today's page says nothing
//! about what was shown in 2021. What speaks may be contradicted: by another address, another handler, or a later
//! capture of another version; then it proves nothing, and what the worse one shows is heard.

use std::collections::{BTreeMap, HashMap};

use anning_vocab::{PageFacts, PageSeen, PartyId, Terms, Timestamp};

use crate::{seen, select};

/// Where a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    /// Number of the whole address: captures of one such number are a series.
    pub exact: u32,
    /// Number of host and path: what an act and the page it cites must share.
    pub place: u32,
}

/// One capture of one page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capture {
    /// Number of the record, by which acts cite it.
    pub record: u32,
    /// First bytes of the page-version hash, never 0.
    pub version: u64,
    /// When the page was like this, by the capture's own account.
    pub captured: Timestamp,
    /// When the capture was on record; not before it was made. Of a sealed one: when the log took it.
    pub recorded: Timestamp,
    /// A log that is trusted has it.
    pub sealed: bool,
    /// Its address, if that is known.
    pub address: Option<Address>,
    /// Who handles the data by the page's own words, where that is a known party.
    pub handler: Option<PartyId>,
}

/// What the record of an act says of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Cited {
    /// The page, if it is named.
    pub page: Option<CitedPage>,
    /// The address where the act was done, if it is named.
    pub address: Option<Address>,
    /// Towards which controller.
    pub controller: Option<PartyId>,
}

impl Cited {
    /// Names neither page nor address.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.page.is_none() && self.address.is_none()
    }
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
    /// When a sealed one was, if any is.
    sealed: Option<Timestamp>,
    facts: Vec<PageFacts>,
}

/// A page version that speaks for an act.
#[derive(Clone, Copy, Debug)]
pub struct Speaks<'p> {
    /// Which, and how.
    pub by: By,
    facts: &'p [PageFacts],
    other: &'p [PageFacts],
}

/// Which version speaks for an act, and how: with the act's terms it makes the joined ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct By {
    /// First bytes of its hash.
    pub version: u64,
    /// Since when that can be known.
    pub since: Timestamp,
    /// Sealed in time.
    pub sealed: bool,
    /// Address, handler or another capture says otherwise.
    pub against: bool,
    /// The version that a later capture shows instead: the worse of the two counts.
    pub other: Option<u64>,
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
                sealed: None,
                facts: facts.remove(&capture.version).unwrap_or_default(),
            });
            version.since = version.since.min(capture.recorded);
            if capture.sealed {
                version.sealed =
                    Some(version.sealed.map_or(capture.recorded, |since| since.min(capture.recorded)));
            }
            if let Some(address) = capture.address {
                pages.addresses.entry(address.exact).or_default().push(capture);
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
                    return self.by_record(capture, cited, occurred);
                }
                self.between(cited.address.or(capture.address)?, cited, occurred)
            }
            Some(CitedPage::Version(version)) => self.by_version(version, cited, occurred),
            None => self.between(cited.address?, cited, occurred),
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

    fn by_record(&self, capture: &Capture, cited: Cited, occurred: Timestamp) -> Option<Speaks<'_>> {
        let later = self.later(capture, cited, occurred);
        let elsewhere = cited.address.zip(capture.address).is_some_and(|(a, b)| a.place != b.place);
        self.speak(By {
            version: capture.version,
            since: capture.recorded,
            // A seal shows that the capture was there from then on: an act before that cannot have cited it.
            sealed: capture.sealed && capture.recorded <= occurred,
            against: elsewhere || later.is_some() || is_of_another(&[*capture], cited),
            other: later,
        })
    }

    fn by_version(&self, version: u64, cited: Cited, occurred: Timestamp) -> Option<Speaks<'_>> {
        let of = self.versions.get(&version)?;
        let captures = self.captures(version);
        let mut places = captures.iter().filter_map(|c| Some(c.address?.place)).peekable();
        let elsewhere =
            places.peek().is_some() && cited.address.is_some_and(|a| places.all(|p| p != a.place));
        let mut series = captures.iter().filter_map(|c| Some(c.address?.exact));
        let ours = |exact: &u32| cited.address.is_none_or(|address| address.exact == *exact);
        let passed = series.any(|exact| ours(&exact) && self.is_passed_over(exact, version, occurred));
        self.speak(By {
            version,
            since: of.sealed.unwrap_or(of.since),
            sealed: of.sealed.is_some(),
            against: elsewhere || passed || is_of_another(captures, cited),
            // The hash was written for the act itself: others make it doubtful, not what they show.
            other: None,
        })
    }

    /// The version before and after the moment, if it is one and the same. Captures of one instant that differ show
    /// that the page was not one.
    fn between(&self, address: Address, cited: Cited, occurred: Timestamp) -> Option<Speaks<'_>> {
        let (before, after) = self.around(address.exact, occurred);
        let version = before.first()?.version;
        after.first()?;
        if before.iter().chain(after).any(|capture| capture.version != version) {
            return None;
        }
        let pick = |of: &[Capture]| of.iter().find(|c| c.sealed).or(of.first()).copied();
        let (last, first) = (pick(before)?, pick(after)?);
        self.speak(By {
            version,
            since: last.recorded.max(first.recorded),
            sealed: last.sealed && first.sealed && last.recorded <= occurred,
            against: is_of_another(&[last, first], cited),
            other: None,
        })
    }

    /// The captures of the last instant at or before the moment, and of the first at or after it.
    fn around(&self, exact: u32, occurred: Timestamp) -> (&[Capture], &[Capture]) {
        let all = self.addresses.get(&exact).map_or(&[][..], Vec::as_slice);
        let (before, _) =
            all.split_at_checked(all.partition_point(|c| c.captured <= occurred)).unwrap_or_default();
        let after = all.get(all.partition_point(|c| c.captured < occurred)..).unwrap_or_default();
        let last = before.last().map_or(0, |last| before.partition_point(|c| c.captured < last.captured));
        let first = after.first().map_or(0, |first| after.partition_point(|c| c.captured <= first.captured));
        (before.get(last..).unwrap_or_default(), after.get(..first).unwrap_or_default())
    }

    /// The version that the last capture before the act shows in place of the one cited, which is older.
    fn later(&self, capture: &Capture, cited: Cited, occurred: Timestamp) -> Option<u64> {
        let same_place = |a: &Address| capture.address.is_none_or(|b| a.place == b.place);
        let series = [capture.address, cited.address.filter(same_place)];
        let last = series.into_iter().flatten().map(|address| self.around(address.exact, occurred).0);
        let last = last.filter(|last| last.first().is_some_and(|c| c.captured > capture.captured));
        let last = last.max_by_key(|last| last.first().map(|c| c.captured))?;
        if last.iter().any(|c| c.version == capture.version) { None } else { Some(last.first()?.version) }
    }

    /// The captures next to the moment show other versions.
    fn is_passed_over(&self, exact: u32, version: u64, occurred: Timestamp) -> bool {
        let (before, after) = self.around(exact, occurred);
        !before.is_empty() && before.iter().chain(after).all(|capture| capture.version != version)
    }

    fn speak(&self, by: By) -> Option<Speaks<'_>> {
        let facts = |version| self.versions.get(&version).map(|of| of.facts.as_slice());
        Some(Speaks { by, facts: facts(by.version)?, other: by.other.and_then(facts).unwrap_or_default() })
    }
}

/// Every capture that names a handler names another than the act does.
fn is_of_another(captures: &[Capture], cited: Cited) -> bool {
    let mut named = captures.iter().filter_map(|capture| capture.handler).peekable();
    named.peek().is_some() && cited.controller.is_some_and(|ours| named.all(|handler| handler != ours))
}

impl Speaks<'_> {
    /// The terms of an act with the page's facts in place of what its sender says; what the page does not tell stays.
    #[must_use]
    pub fn of(&self, said: &Terms) -> Terms {
        let by = self.by;
        let own = (seen::on(self.facts, said, by.version), by.version);
        let other = by.other.map(|version| (seen::on(self.other, said, version), version));
        // Of two that are alike bad the one nearer to the act.
        let other = other.filter(|((terms, _), _)| select::faults(terms) >= select::faults(&own.0.0));
        let ((terms, differs), version) = other.unwrap_or(own);
        let contradicts = differs || by.against;
        let page = PageSeen { version, since: by.since, contradicts, sealed: by.sealed };
        Terms { page: Some(page), ..terms }
    }
}

#[cfg(test)]
mod tests {
    use anning_vocab::{Control, Covers, PageAsks};

    use super::*;

    const HOME: Address = Address { exact: 1, place: 1 };
    /// The same host and path, asked for otherwise.
    const HOME_TOO: Address = Address { exact: 2, place: 1 };
    const ELSEWHERE: Address = Address { exact: 3, place: 3 };
    const US: PartyId = PartyId(1);
    const OTHERS: PartyId = PartyId(2);

    fn at(day: i64) -> Timestamp {
        Timestamp::from_millis(day * 86_400_000)
    }

    fn capture(record: u32, version: u64, day: i64) -> Capture {
        Capture {
            record,
            version,
            captured: at(day),
            recorded: at(day),
            sealed: true,
            address: Some(HOME),
            handler: None,
        }
    }

    fn record(n: u32) -> Cited {
        Cited { page: Some(CitedPage::Record(n)), ..Cited::default() }
    }

    fn version(n: u64) -> Cited {
        Cited { page: Some(CitedPage::Version(n)), address: Some(HOME), ..Cited::default() }
    }

    fn home() -> Cited {
        Cited { address: Some(HOME), ..Cited::default() }
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
        Pages::new(captures, facts())
    }

    /// Version 7 is ticked by default, 8 by the person, 9 tells nothing.
    fn facts() -> BTreeMap<u64, Vec<PageFacts>> {
        let facts = |control| vec![PageFacts { control, ..PageFacts::silent(PageAsks::Marketing) }];
        [(7, facts(Control::TickedByDefault)), (8, facts(Control::TickedByRecipient))].into_iter().collect()
    }

    /// Version and day since which it can be known, for an act of this day; 0 more where it is contradicted.
    fn check(cited: Cited, day: i64, expected: Option<(u64, i64)>) {
        let pages = pages();
        let found = pages.speaks(cited, at(day)).map(|s| s.by).filter(|by| !by.against);
        let found = found.map(|by| (by.version, by.since));
        assert_eq!(found, expected.map(|(version, since)| (version, at(since))), "{cited:?} on day {day}");
    }

    /// Is the act contradicted, and which version's facts count?
    fn against(captures: &[Capture], cited: Cited, day: i64, expected: (bool, u64)) {
        let pages = Pages::new(captures.iter().copied(), facts());
        let page =
            pages.speaks(cited, at(day)).and_then(|s| s.of(&Terms::silent(Covers::Both)).page).unwrap();
        assert_eq!((page.contradicts, page.version), expected, "{cited:?} on day {day}");
    }

    #[test]
    fn a_record_speaks_for_acts_that_cite_it_once_it_was_made() {
        check(record(1), 10, Some((7, 10)));
        check(record(1), 15, Some((7, 10)));
        // The same version was captured since.
        check(record(1), 29, Some((7, 10)));
        // Another was: see below.
        check(record(1), 45, None);
        // Made after the act: it speaks as one of two captures of its address.
        check(record(2), 15, Some((7, 20)));
        check(record(2), 9, None);
        check(record(3), 25, None);
        check(record(7), 59, None);
        check(record(7), 60, Some((8, 60)));
        check(record(99), 60, None);
    }

    #[test]
    fn a_later_capture_of_another_version_contradicts_and_the_worse_counts() {
        let (bad, good) = ([capture(1, 7, 10), capture(2, 8, 20)], [capture(1, 8, 10), capture(2, 7, 20)]);
        against(&bad, record(1), 19, (false, 7));
        against(&bad, record(1), 20, (true, 7));
        against(&good, record(1), 19, (false, 8));
        against(&good, record(1), 21, (true, 7));
        against(&good, record(2), 21, (false, 7));
        // It came back before the act.
        against(&[good[0], good[1], capture(3, 8, 25)], record(1), 26, (false, 8));
        // Two versions of which neither is bad: the one nearer to the act.
        against(&[capture(1, 8, 10), capture(2, 9, 20)], record(1), 21, (true, 9));
        // Other pages' captures say nothing; those where the act was done do.
        let there = Capture { address: Some(ELSEWHERE), ..good[1] };
        against(&[good[0], there], record(1), 21, (false, 8));
        let there = Capture { address: Some(HOME_TOO), ..good[1] };
        against(&[good[0], there], record(1), 21, (false, 8));
        against(&[good[0], there], Cited { address: Some(HOME_TOO), ..record(1) }, 21, (true, 7));
    }

    #[test]
    fn a_page_of_another_address_or_handler_contradicts() {
        let named = Capture { handler: Some(US), ..capture(1, 8, 10) };
        for (address, controller, expected) in [
            (None, None, false),
            (Some(HOME), Some(US), false),
            (Some(HOME_TOO), None, false),
            (Some(ELSEWHERE), Some(US), true),
            (None, Some(OTHERS), true),
        ] {
            for cited in [record(1), Cited { page: Some(CitedPage::Version(8)), ..record(1) }] {
                against(&[named], Cited { address, controller, ..cited }, 11, (expected, 8));
            }
        }
        let unnamed = Capture { handler: None, address: None, ..named };
        let all = Cited { address: Some(ELSEWHERE), controller: Some(OTHERS), ..record(1) };
        against(&[unnamed], all, 11, (false, 8));
    }

    #[test]
    fn a_version_speaks_for_acts_whose_log_bears_its_hash() {
        check(version(7), 1, Some((7, 10)));
        check(version(8), 1, Some((8, 30)));
        check(version(8), 99, Some((8, 30)));
        // On both sides others were captured, or nothing after it was gone.
        check(version(7), 35, None);
        against(&[capture(1, 8, 10), capture(2, 7, 20)], version(8), 21, (true, 8));
        // It came: the last before the act shows another, the first after it this one.
        check(version(7), 45, Some((7, 10)));
        // A version that nobody captured, though two captures stand around the act.
        check(version(9), 15, None);
    }

    #[test]
    fn two_captures_speak_for_what_lies_between_when_they_are_the_same() {
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
            check(home(), day, expected);
        }
        check(Cited { address: Some(ELSEWHERE), ..home() }, 15, None);
        check(Cited::default(), 15, None);
    }

    #[test]
    fn a_capture_speaks_from_when_it_was_on_record() {
        let late = Capture { recorded: at(90), ..capture(2, 7, 20) };
        let pages = Pages::new([capture(1, 7, 10), late], BTreeMap::new());
        assert_eq!(pages.speaks(home(), at(15)).map(|s| s.by.since), Some(at(90)));
        assert_eq!(pages.speaks(version(7), at(15)).map(|s| s.by.since), Some(at(10)));
    }

    #[test]
    fn a_seal_must_be_there_in_time() {
        let bare = |capture| Capture { sealed: false, ..capture };
        let sealed = |captures: &[Capture], cited, day| {
            let pages = Pages::new(captures.iter().copied(), BTreeMap::new());
            pages.speaks(cited, at(day)).map(|s| s.by.sealed)
        };
        let (one, two) = (capture(1, 7, 10), capture(2, 7, 20));
        // Made on day 10, as it says; sealed on day 18 only.
        let late = Capture { recorded: at(18), ..one };
        for (captures, cited, expected) in [
            ([one, two], record(1), Some(true)),
            ([bare(one), two], record(1), Some(false)),
            ([late, two], record(1), Some(false)),
            ([one, two], home(), Some(true)),
            ([bare(one), two], home(), Some(false)),
            ([one, bare(two)], home(), Some(false)),
            ([late, two], home(), Some(false)),
            ([bare(one), two], version(7), Some(true)),
            ([bare(one), bare(two)], version(7), Some(false)),
        ] {
            assert_eq!(sealed(&captures, cited, 15), expected, "{captures:?} {cited:?}");
        }
        assert_eq!(sealed(&[late, two], record(1), 19), Some(true));
    }

    #[test]
    fn the_joined_terms_say_which_page_it_was() {
        let said = Terms { control: Control::TickedByRecipient, ..Terms::silent(Covers::Both) };
        let pages = pages();
        let of = |n| {
            let joined = pages.speaks(version(n), at(12)).map(|s| s.of(&said));
            joined.and_then(|t| Some((t.control, t.page?.contradicts)))
        };
        assert_eq!(of(7), Some((Control::TickedByDefault, true)));
        assert_eq!(of(8), Some((Control::TickedByRecipient, true)));
        assert_eq!(of(9), None);
    }
}
