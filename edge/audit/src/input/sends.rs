//! Sends, in columns made for speed.

use anning_vocab::{Recipient, RecipientKey, RecipientKind, Timestamp};
use arrow_array::{Array, Int32Array, StringArray};

use super::context::{self, ContextId, Contexts};
use super::error::Error;
use super::frame::{Frame, Lane, Span};
use super::masked::Masked;
use super::names::Names;
use super::open::Input;
use super::recipient::Addressee;
use super::registry::Registry;
use super::reject::{Fault, Reject, Tally};
use super::row_id::RowId;
use super::rows::{Body, Piece, Rows};
use super::table::{Table, sends as at};
use super::time::{TimeForm, Zone};
use super::tuple::Tuples;
use super::units::{UnitId, Units};

/// Rows of one batch that became sends, column by column; all columns have the same length.
#[derive(Debug)]
pub struct SendBatch {
    /// The unit that this batch is part of.
    pub unit: UnitId,
    /// Is it the last batch of its unit?
    pub last: bool,
    /// File and line.
    pub row: Vec<RowId>,
    /// When it was sent.
    pub sent_at: Vec<Timestamp>,
    /// To whom.
    pub recipient: Vec<RecipientKey>,
    /// Kind of recipient: as the row says, else as the address shows.
    pub recipient_kind: Vec<RecipientKind>,
    /// The address, masked for people to read.
    pub masked: Vec<Masked>,
    /// Everything else but text and id.
    pub context: Vec<ContextId>,
    /// The texts.
    pub texts: Texts,
    /// The sender's own ids, empty where there is none.
    pub send_id: Ids,
    /// The addresses themselves, if [`SendReader::keep_addresses`] asked for them; `None` for a pseudonym.
    pub addresses: Vec<Option<Recipient>>,
    /// Rows of this batch that could not be read.
    pub rejects: Vec<Reject>,
    /// Rows of this batch: in = read + rejected.
    pub tally: Tally,
}

impl SendBatch {
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

/// The texts of a batch: rows point at values, so that each value need be judged only once.
#[derive(Debug, Default)]
pub struct Texts {
    values: Values,
    /// For each row the value, or [`NO_TEXT`].
    rows: Vec<u32>,
    dictionary: u64,
}

#[derive(Debug, Default)]
enum Values {
    #[default]
    None,
    /// A dictionary or one value a row.
    Strings(StringArray),
    /// Ranges of the unit's own text.
    Spans { arena: String, spans: Vec<Span> },
}

impl Texts {
    /// How many values there are; not all need be used by a row.
    #[must_use]
    pub fn values(&self) -> usize {
        match &self.values {
            Values::None => 0,
            Values::Strings(array) => array.len(),
            Values::Spans { spans, .. } => spans.len(),
        }
    }

    /// A value.
    #[must_use]
    pub fn value(&self, at: u32) -> &str {
        let at = at as usize;
        match &self.values {
            Values::Strings(array) if at < array.len() => array.value(at),
            Values::Spans { arena, spans } => {
                spans.get(at).and_then(|(from, to)| arena.get(*from as usize..*to as usize)).unwrap_or("")
            }
            Values::None | Values::Strings(_) => "",
        }
    }

    /// Which value a row has; `None` when no text was kept.
    #[must_use]
    pub fn index(&self, row: usize) -> Option<u32> {
        self.rows.get(row).copied().filter(|at| *at != NO_TEXT)
    }

    /// The text of a row.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&str> {
        self.index(row).map(|at| self.value(at))
    }

    /// The same number in two batches of one reader means the same values at the same places, so that what was
    /// made of them can be kept. 0: values of this batch only, nearly one a row.
    #[must_use]
    pub const fn dictionary(&self) -> u64 {
        self.dictionary
    }
}

/// Short byte strings, one a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ids {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Ids {
    /// The id of a row; empty when there is none.
    #[must_use]
    pub fn get(&self, row: usize) -> &[u8] {
        let end = self.ends.get(row).copied().unwrap_or(0) as usize;
        let start =
            row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0) as usize;
        self.bytes.get(start..end).unwrap_or_default()
    }

    pub(crate) fn push(&mut self, id: &str) {
        self.bytes.extend_from_slice(id.as_bytes());
        self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
    }
}

/// Reads sends; one a thread, over shared [`Units`].
pub struct SendReader<'i, H> {
    rows: Rows<'i>,
    input: &'i Input,
    names: &'i Names,
    registry: &'i Registry,
    contexts: &'i Contexts,
    hash: H,
    keep_addresses: bool,
    tuples: Tuples<Known>,
    file: Option<u16>,
    dictionaries: Dictionaries,
}

/// What a combination of words means.
#[derive(Clone, Copy)]
struct Known {
    context: ContextId,
    recipient_kind: Option<RecipientKind>,
}

impl<'i, H: Fn(&Recipient) -> RecipientKey> SendReader<'i, H> {
    /// A reader. `hash` makes the key of an address.
    pub fn new(
        input: &'i Input,
        registry: &'i Registry,
        names: &'i Names,
        contexts: &'i Contexts,
        hash: H,
    ) -> Self {
        let mapping = input.mapping.table(Table::Sends);
        Self {
            rows: Rows::new(input),
            input,
            names,
            registry,
            contexts,
            hash,
            keep_addresses: false,
            tuples: Tuples::new(Table::Sends, context::COLUMNS, mapping),
            file: None,
            dictionaries: Dictionaries::default(),
        }
    }

    /// Keeps the addresses too, as a list that is to be sent to needs them.
    #[must_use]
    pub const fn keep_addresses(mut self) -> Self {
        self.keep_addresses = true;
        self
    }

    /// The next batch, or `None` when the units are used up.
    ///
    /// # Errors
    /// [`Error`] when a file is damaged, cut short or cannot be read on.
    pub fn next(&mut self, units: &Units<'i>) -> Result<Option<SendBatch>, Error> {
        let Some(mut piece) = self.rows.next(units)? else { return Ok(None) };
        if self.file != Some(piece.unit.file) {
            // Another file may have other columns.
            self.tuples.forget();
            self.file = Some(piece.unit.file);
        }
        let mut batch = self.read(&mut piece);
        if self.contexts.len() > CONTEXTS_MAX {
            return Err(Error::TooManyDistinct {
                file: self.input.plan().file_name(piece.unit.file).to_owned(),
                columns: "campaign, signature, sender_number, wording, …".to_owned(),
                most: CONTEXTS_MAX,
            });
        }
        batch.tally = Piece::tally(batch.row.len(), &batch.rejects);
        Ok(Some(batch))
    }

    fn read(&mut self, piece: &mut Piece<'i>) -> SendBatch {
        let mut batch = SendBatch::with_capacity(piece.unit, piece.last, piece.rows());
        batch.rejects = std::mem::take(&mut piece.rejects);
        let mut texts = Vec::new();
        {
            let frame = piece.frame();
            let (names, registry, contexts) = (self.names, self.registry, self.contexts);
            self.tuples.read(&frame, |cells| {
                let context = context::parse(cells, names, registry)?;
                let recipient_kind = context.recipient_kind;
                Ok(Known { context: contexts.id(context), recipient_kind })
            });
            let times = Times::of(piece.mapping.time.get("sent_at"), self.input.mapping.zone);
            for row in 0..frame.rows {
                if let Err(fault) = self.send(&frame, row, &times, &mut batch) {
                    batch.rejects.push(piece.reject(&fault, frame.line(row)));
                } else {
                    batch.row.push(RowId::new(piece.unit.file, frame.line(row)));
                    texts.push(u32::try_from(row).unwrap_or(NO_TEXT));
                }
            }
            batch.texts = self.dictionaries.texts(frame.lane(at::TEXT), &texts);
        }
        if let (Values::Spans { arena, .. }, Body::Cells(cells)) = (&mut batch.texts.values, &mut piece.body)
        {
            *arena = std::mem::take(&mut cells.arena);
        }
        batch
    }

    /// Reads one row; nothing is pushed unless all of it can be.
    fn send(
        &self,
        frame: &Frame<'_>,
        row: usize,
        times: &Times<'_>,
        batch: &mut SendBatch,
    ) -> Result<(), Fault> {
        let sent_at = frame.lane(at::SENT_AT).instant(row, "sent_at", times.form, times.zone)?;
        let to = Addressee::read(frame.lane(at::RECIPIENT), frame.lane(at::RECIPIENT_KEY), row, &self.hash)?;
        let known = match self.tuples.outcome(row) {
            Some(Ok(known)) => known,
            Some(Err(fault)) => return Err(self.tuples.fault(fault)),
            None => return Err(Fault::of_row("row was not read", "")),
        };
        let id = frame.lane(at::SEND_ID).text(row);
        let id = id.trim();
        if id.len() > ID_MAX {
            return Err(Fault::new("send_id", "longer than 64 bytes", id));
        }
        batch.sent_at.push(Timestamp::from_millis(sent_at));
        batch.recipient.push(to.key);
        batch.recipient_kind.push(known.recipient_kind.unwrap_or(to.kind));
        batch.masked.push(to.masked);
        batch.context.push(known.context);
        batch.send_id.push(id);
        if self.keep_addresses {
            batch.addresses.push(to.address);
        }
        Ok(())
    }
}

/// Form and zone of one column of times.
pub(crate) struct Times<'a> {
    pub form: &'a TimeForm,
    pub zone: Option<Zone>,
}

impl<'a> Times<'a> {
    pub(crate) fn of(form: Option<&'a TimeForm>, zone: Option<Zone>) -> Self {
        static WRITTEN: TimeForm = TimeForm::Written;
        Times { form: form.unwrap_or(&WRITTEN), zone }
    }
}

impl SendBatch {
    fn with_capacity(unit: UnitId, last: bool, rows: usize) -> Self {
        Self {
            unit,
            last,
            row: Vec::with_capacity(rows),
            sent_at: Vec::with_capacity(rows),
            recipient: Vec::with_capacity(rows),
            recipient_kind: Vec::with_capacity(rows),
            masked: Vec::with_capacity(rows),
            context: Vec::with_capacity(rows),
            texts: Texts::default(),
            send_id: Ids::default(),
            addresses: Vec::new(),
            rejects: Vec::new(),
            tally: Tally::default(),
        }
    }
}

/// Numbers the dictionaries of texts that one reader meets.
#[derive(Default)]
struct Dictionaries {
    /// The last one; held so that its address is not reused.
    last: Option<StringArray>,
    count: u64,
}

impl Dictionaries {
    /// The texts of the rows kept.
    fn texts(&mut self, lane: &Lane<'_>, kept: &[u32]) -> Texts {
        match lane {
            Lane::Dictionary { keys, values } => {
                let rows = kept.iter().map(|row| key(keys, values, *row as usize)).collect();
                Texts { values: Values::Strings((*values).clone()), rows, dictionary: self.number(values) }
            }
            Lane::Strings(array) => {
                let value = |row: &u32| {
                    let at = *row as usize;
                    if array.is_valid(at) && array.value_length(at) > 0 { *row } else { NO_TEXT }
                };
                let rows = kept.iter().map(value).collect();
                Texts { values: Values::Strings((*array).clone()), rows, dictionary: 0 }
            }
            Lane::Cells { spans, width, at, .. } => {
                let span = |row: &u32| spans.get(*row as usize * width + at).copied().unwrap_or((0, 0));
                let spans: Vec<Span> = kept.iter().map(span).collect();
                let value = |(row, (from, to)): (u32, &Span)| if from == to { NO_TEXT } else { row };
                let rows = (0..).zip(&spans).map(value).collect();
                Texts { values: Values::Spans { arena: String::new(), spans }, rows, dictionary: 0 }
            }
            Lane::Constant("") => Texts { rows: vec![NO_TEXT; kept.len()], ..Texts::default() },
            Lane::Constant(_)
            | Lane::Integers(_)
            | Lane::Times { .. }
            | Lane::Flags(_)
            | Lane::Floats(_)
            | Lane::Written(_) => {
                let mut arena = Vec::with_capacity(kept.len());
                let mut rows = Vec::with_capacity(kept.len());
                for (at, row) in (0..).zip(kept) {
                    let text = lane.text(*row as usize).into_owned();
                    rows.push(if text.is_empty() { NO_TEXT } else { at });
                    arena.push(text);
                }
                Texts { values: Values::Strings(StringArray::from(arena)), rows, dictionary: 0 }
            }
        }
    }

    fn number(&mut self, values: &StringArray) -> u64 {
        let same = self.last.as_ref().is_some_and(|last| super::tuple::same_buffers(last, values));
        if !same {
            self.count += 1;
            self.last = Some(values.clone());
        }
        self.count
    }
}

/// The value of a row of a dictionary column; an empty text was not kept.
fn key(keys: &Int32Array, values: &StringArray, row: usize) -> u32 {
    if keys.is_null(row) {
        return NO_TEXT;
    }
    match u32::try_from(keys.value(row)) {
        Ok(at) if (at as usize) < values.len() && !values.value(at as usize).is_empty() => at,
        _ => NO_TEXT,
    }
}

/// Stands for no text in [`Texts::rows`].
const NO_TEXT: u32 = u32::MAX;
/// Longest id, in bytes.
pub(crate) const ID_MAX: usize = 64;
/// Distinct contexts of one audit; some hundred bytes each.
const CONTEXTS_MAX: usize = 1 << 22;
