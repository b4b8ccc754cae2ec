//! Acts: consents, refusals, withdrawals, in columns made for speed.

use std::collections::HashMap;

use ahash::RandomState;
use anning_consent::{By, Cited, Pages};
use anning_vocab::{Act, ActKind, Date, Origin, Recipient, RecipientKey, TermsId, Timestamp};

use super::error::Error;
use super::frame::Frame;
use super::masked::Masked;
use super::names::{Names, TermsTable, hasher};
use super::open::Input;
use super::recipient::Addressee;
use super::registry::Registry;
use super::reject::{Fault, Reject, Tally};
use super::row_id::RowId;
use super::rows::{Piece, Rows};
use super::sends::{ID_MAX, Ids, Times};
use super::table::{Table, acts as at};
use super::terms;
use super::tuple::Tuples;
use super::units::{UnitId, Units};

/// Rows of one batch that became acts, column by column; all columns have the same length.
#[derive(Debug)]
pub struct ActBatch {
    /// The unit that this batch is part of.
    pub unit: UnitId,
    /// Is it the last batch of its unit?
    pub last: bool,
    /// File and line.
    pub row: Vec<RowId>,
    /// Whose act.
    pub recipient: Vec<RecipientKey>,
    /// The address, masked for people to read.
    pub masked: Vec<Masked>,
    /// The address, where the reader keeps addresses and the row has one; else empty.
    pub addresses: Vec<Option<Recipient>>,
    /// The act.
    pub act: Vec<Act>,
    /// Ids of the events, empty where there is none.
    pub event_id: Ids,
    /// Rows of this batch that could not be read.
    pub rejects: Vec<Reject>,
    /// Rows of this batch: in = read + rejected.
    pub tally: Tally,
}

impl ActBatch {
    /// Rows that were read.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.row.len()
    }

    /// Was no row read?
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.row.is_empty()
    }
}

/// Reads consents and withdrawals; one a thread, over shared [`Units`].
pub struct ActReader<'i, H> {
    rows: Rows<'i>,
    input: &'i Input,
    names: &'i Names,
    registry: &'i Registry,
    terms: &'i TermsTable,
    hash: H,
    consents: Tuples<Known>,
    withdrawals: Tuples<Known>,
    file: Option<u16>,
    keep_addresses: bool,
    joined: Joined,
}

/// Terms with the facts of the page that speaks for them, by the sender's terms and which page speaks how.
type Joined = HashMap<(TermsId, By), TermsId, RandomState>;

/// What a combination of words means.
#[derive(Clone, Copy)]
struct Known {
    kind: ActKind,
    origin: Origin,
    terms: TermsId,
    until: Option<Date>,
    cited: Cited,
}

impl<'i, H: Fn(&Recipient) -> RecipientKey> ActReader<'i, H> {
    /// A reader. `hash` makes the key of an address.
    pub fn new(
        input: &'i Input,
        registry: &'i Registry,
        names: &'i Names,
        terms: &'i TermsTable,
        hash: H,
    ) -> Self {
        let tuples = |table| Tuples::new(table, terms::COLUMNS, input.mapping.table(table));
        Self {
            rows: Rows::new(input),
            input,
            names,
            registry,
            terms,
            hash,
            consents: tuples(Table::Consents),
            withdrawals: tuples(Table::Withdrawals),
            file: None,
            keep_addresses: false,
            joined: HashMap::with_hasher(hasher()),
        }
    }

    /// Keeps addresses whole: for a ledger, which seals them.
    #[must_use]
    pub fn keep_addresses(mut self) -> Self {
        self.keep_addresses = true;
        self
    }

    /// The next batch, or `None` when the units are used up.
    ///
    /// # Errors
    /// [`Error`] when a file is damaged, cut short or cannot be read on.
    pub fn next(&mut self, units: &Units<'i>) -> Result<Option<ActBatch>, Error> {
        let Some(mut piece) = self.rows.next(units)? else { return Ok(None) };
        let tuples =
            if piece.table == Table::Withdrawals { &mut self.withdrawals } else { &mut self.consents };
        if self.file != Some(piece.unit.file) {
            // Another file may have other columns.
            tuples.forget();
            self.file = Some(piece.unit.file);
        }
        let (names, registry, table) = (self.names, self.registry, self.terms);
        let mut batch = ActBatch::with_capacity(piece.unit, piece.last, piece.rows());
        batch.rejects = std::mem::take(&mut piece.rejects);
        let frame = piece.frame();
        tuples.read(&frame, |cells| {
            let (kind, origin, terms, cited) = terms::parse(cells, names, registry)?;
            Ok(Known { kind, origin, until: terms.until, terms: table.id(terms), cited })
        });
        let zone = self.input.mapping.zone;
        let times = |column| Times::of(piece.mapping.time.get(column), zone);
        let times = [times("occurred_at"), times("received_at"), times("recorded_at")];
        for row in 0..frame.rows {
            match act(&frame, row, &times, tuples, &self.hash, &mut batch) {
                Ok((address, cited)) => {
                    if let Some(act) = batch.act.last_mut() {
                        join(act, cited, registry.pages(), table, &mut self.joined);
                    }
                    if self.keep_addresses {
                        batch.addresses.push(address);
                    }
                    batch.row.push(RowId::new(piece.unit.file, frame.line(row)));
                }
                Err(fault) => batch.rejects.push(piece.reject(&fault, frame.line(row))),
            }
        }
        batch.tally = Piece::tally(batch.row.len(), &batch.rejects);
        Ok(Some(batch))
    }
}

/// Reads one row; nothing is pushed unless all of it can be.
fn act(
    frame: &Frame<'_>,
    row: usize,
    [occurred_at, received_at, recorded_at]: &[Times<'_>; 3],
    tuples: &Tuples<Known>,
    hash: &impl Fn(&Recipient) -> RecipientKey,
    batch: &mut ActBatch,
) -> Result<(Option<Recipient>, Cited), Fault> {
    let occurred =
        frame.lane(at::OCCURRED_AT).instant(row, "occurred_at", occurred_at.form, occurred_at.zone)?;
    let optional = |column: usize, name, times: &Times<'_>, usual: i64| {
        let lane = frame.lane(column);
        if lane.is_empty(row) { Ok(usual) } else { lane.instant(row, name, times.form, times.zone) }
    };
    let received = optional(at::RECEIVED_AT, "received_at", received_at, occurred)?;
    let recorded = optional(at::RECORDED_AT, "recorded_at", recorded_at, received)?;
    let [occurred, received, recorded] = [occurred, received, recorded].map(Timestamp::from_millis);
    // Evidence clocks are no finer than a second.
    if received.second() < occurred.second() {
        let reason = "negative period: received before it occurred";
        return Err(Fault::new("received_at", reason, &received.to_string()));
    }
    if recorded.second() < received.second() {
        let reason = "negative period: recorded before it was received";
        return Err(Fault::new("recorded_at", reason, &recorded.to_string()));
    }
    let to = Addressee::read(frame.lane(at::RECIPIENT), frame.lane(at::RECIPIENT_KEY), row, hash)?;
    let known = match tuples.outcome(row) {
        Some(Ok(known)) => known,
        Some(Err(fault)) => return Err(tuples.fault(fault)),
        None => return Err(Fault::of_row("row was not read", "")),
    };
    if known.until.is_some_and(|until| until < occurred.date()) {
        return Err(Fault::new("until", "negative period: it ends before the act", &occurred.to_string()));
    }
    let id = frame.lane(at::EVENT_ID).text(row);
    let id = id.trim();
    if id.len() > ID_MAX {
        // Of the row: under `event_id` repeats are counted, and this act is lost.
        return Err(Fault::of_row("event_id is longer than 64 bytes", id));
    }
    batch.recipient.push(to.key);
    batch.masked.push(to.masked);
    batch.act.push(Act {
        kind: known.kind,
        origin: known.origin,
        occurred,
        received,
        recorded,
        terms: known.terms,
    });
    batch.event_id.push(id);
    Ok((to.address, known.cited))
}

/// The facts of the page in place of what the sender says, where a page record speaks for a consent.
fn join(act: &mut Act, cited: Cited, pages: &Pages, table: &TermsTable, joined: &mut Joined) {
    if cited.is_empty() || !matches!(act.kind, ActKind::Given | ActKind::Renewed) {
        return;
    }
    let Some(speaks) = pages.speaks(cited, act.occurred) else { return };
    if joined.len() >= JOINED_MAX {
        joined.clear();
    }
    let said = act.terms;
    act.terms = *joined
        .entry((said, speaks.by))
        .or_insert_with(|| table.get(said).map_or(said, |terms| table.id(speaks.of(&terms))));
}

impl ActBatch {
    fn with_capacity(unit: UnitId, last: bool, rows: usize) -> Self {
        Self {
            unit,
            last,
            row: Vec::with_capacity(rows),
            recipient: Vec::with_capacity(rows),
            masked: Vec::with_capacity(rows),
            addresses: Vec::new(),
            act: Vec::with_capacity(rows),
            event_id: Ids::default(),
            rejects: Vec::new(),
            tally: Tally::default(),
        }
    }
}

/// Joined terms remembered before the memory is emptied.
const JOINED_MAX: usize = 1 << 20;
