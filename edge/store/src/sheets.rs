//! The sheets that the log holds, and the world they make for decisions.

use std::borrow::Cow;
use std::collections::HashMap;

use anning_consent::{BrandGraph, World};
use anning_ledger::sheet::{self, Table, hash as sheet_hash};
use anning_ledger::{FieldError, Hash, Suite};
use anning_vocab::{Terms, TermsId};

/// Names by number, one table of the vocabulary each.
#[derive(Clone, Debug, Default)]
pub struct Names {
    numbers: HashMap<(Table, String), u32>,
    names: HashMap<(Table, u32), String>,
    counts: HashMap<Table, u32>,
}

impl Names {
    /// The number of a name, given on first sight.
    pub fn intern(&mut self, table: Table, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(&(table, name.to_owned())) {
            return *number;
        }
        let count = self.counts.entry(table).or_default();
        let number = *count;
        *count += 1;
        self.numbers.insert((table, name.to_owned()), number);
        self.names.insert((table, number), name.to_owned());
        number
    }

    /// Every name in the order of its number, table by table.
    pub fn all(&self) -> impl Iterator<Item = (Table, &str)> {
        let mut all: Vec<_> =
            self.names.iter().map(|((table, number), name)| (*table, *number, name)).collect();
        all.sort_unstable();
        all.into_iter().map(|(table, _, name)| (table, name.as_str()))
    }

    /// The name behind a number.
    #[must_use]
    pub fn name(&self, table: Table, number: u32) -> Option<Cow<'_, str>> {
        self.names.get(&(table, number)).map(|name| Cow::Borrowed(name.as_str()))
    }
}

/// The sheets in order of arrival; [`TermsId`] is the place of a sheet among them.
#[derive(Clone, Debug, Default)]
pub struct Sheets {
    by_hash: HashMap<Hash, TermsId>,
    hashes: Vec<Hash>,
    bytes: Vec<Vec<u8>>,
    names: Names,
    world: World,
}

impl Sheets {
    /// The terms with this hash, if their sheet is held.
    #[must_use]
    pub fn find(&self, hash: &Hash) -> Option<TermsId> {
        self.by_hash.get(hash).copied()
    }

    /// The bytes of a sheet.
    #[must_use]
    pub fn bytes(&self, id: TermsId) -> Option<&[u8]> {
        self.bytes.get(id.0 as usize).map(Vec::as_slice)
    }

    /// The hash of a sheet.
    #[must_use]
    pub fn hash(&self, id: TermsId) -> Option<Hash> {
        self.hashes.get(id.0 as usize).copied()
    }

    /// How many there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.bytes.len()
    }

    /// All sheets, by number.
    pub fn all(&self) -> impl Iterator<Item = &[u8]> {
        self.bytes.iter().map(Vec::as_slice)
    }

    /// The terms of all sheets as decisions need them.
    #[must_use]
    pub const fn world(&self) -> &World {
        &self.world
    }

    /// The names that its numbers stand for.
    #[must_use]
    pub const fn names(&self) -> &Names {
        &self.names
    }

    /// The names, to number those of messages in the same way.
    pub const fn names_mut(&mut self) -> &mut Names {
        &mut self.names
    }

    /// Says which names are one brand.
    pub fn set_brands(&mut self, brands: BrandGraph) {
        self.world.brands = brands;
    }

    /// Takes a sheet that is not held yet.
    ///
    /// # Errors
    /// [`FieldError`] when the bytes are no sheet; then nothing is taken.
    pub(crate) fn put(&mut self, suite: Suite, bytes: &[u8]) -> Result<TermsId, FieldError> {
        let hash = sheet_hash(suite, bytes);
        if let Some(id) = self.find(&hash) {
            return Ok(id);
        }
        let names = &mut self.names;
        let terms: Terms = sheet::decode(bytes, &mut |table, name| names.intern(table, name))?;
        let id = TermsId(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
        self.by_hash.insert(hash, id);
        self.hashes.push(hash);
        self.bytes.push(bytes.to_vec());
        self.world.terms.push(terms);
        Ok(id)
    }
}
