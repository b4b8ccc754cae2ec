//! `mapping.toml`: how their columns, values and times become ours.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::error::Error;
use super::table::{Form, Table};
use super::time::{TimeForm, Zone, parse_zone};

/// What the user says about names, values, times and encoding. Empty: everything is guessed.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    pub(crate) zone: Option<Zone>,
    pub(crate) encoding: Option<&'static encoding_rs::Encoding>,
    pub(crate) files: BTreeMap<String, Table>,
    tables: BTreeMap<Table, TableMapping>,
}

/// The part about one table.
#[derive(Clone, Debug, Default)]
pub(crate) struct TableMapping {
    /// Our column to their header.
    pub columns: BTreeMap<&'static str, String>,
    /// Our column to the value it has where the file has none.
    pub defaults: BTreeMap<&'static str, String>,
    /// Our column to their words to ours.
    pub values: BTreeMap<&'static str, BTreeMap<String, String>>,
    /// Our column to the form of its times.
    pub time: BTreeMap<&'static str, TimeForm>,
}

impl Mapping {
    /// Parses the text of a `mapping.toml`.
    ///
    /// # Errors
    /// [`Error::Mapping`] with line and name where the text is no mapping.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let file: File = toml::from_str(text)
            .map_err(|e| Error::Mapping { what: e.to_string().trim().replace('\n', " ") })?;
        let mut mapping = Self::default();
        if let Some(zone) = file.zone {
            let zone = parse_zone(&zone).ok_or_else(|| Error::Mapping {
                what: format!("zone is not of the form \"+08:00\": {zone:?}"),
            })?;
            mapping.zone = Some(zone);
        }
        if let Some(label) = file.encoding {
            mapping.encoding = Some(encoding_rs::Encoding::for_label(label.as_bytes()).ok_or_else(|| {
                Error::Mapping { what: format!("unknown encoding; use utf-8 or gb18030: {label:?}") }
            })?);
        }
        for (name, table) in file.files {
            mapping.files.insert(name, named_table(&table)?);
        }
        let tables = [
            (Table::Sends, file.sends),
            (Table::Consents, file.consents),
            (Table::Withdrawals, file.withdrawals),
            (Table::Parties, file.parties),
            (Table::Brands, file.brands),
            (Table::Notices, file.notices),
            (Table::Campaigns, file.campaigns),
            (Table::Ports, file.ports),
            (Table::Pages, file.pages),
        ];
        for (table, section) in tables {
            if let Some(section) = section {
                mapping.tables.insert(table, section.checked(table)?);
            }
        }
        Ok(mapping)
    }

    /// With what another mapping says of zone, encoding, files and every table but sends: for a list that is no file of
    /// the folder that the other mapping describes.
    #[must_use]
    pub fn beside(mut self, other: Self) -> Self {
        self.zone = self.zone.or(other.zone);
        self.encoding = self.encoding.or(other.encoding);
        self.files.extend(other.files);
        self.tables.extend(other.tables.into_iter().filter(|(table, _)| *table != Table::Sends));
        self
    }

    /// The part about one table.
    pub(crate) fn table(&self, table: Table) -> &TableMapping {
        static NONE: TableMapping = TableMapping {
            columns: BTreeMap::new(),
            defaults: BTreeMap::new(),
            values: BTreeMap::new(),
            time: BTreeMap::new(),
        };
        self.tables.get(&table).unwrap_or(&NONE)
    }
}

/// The file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    zone: Option<String>,
    encoding: Option<String>,
    #[serde(default)]
    files: BTreeMap<String, String>,
    sends: Option<Section>,
    consents: Option<Section>,
    withdrawals: Option<Section>,
    parties: Option<Section>,
    brands: Option<Section>,
    notices: Option<Section>,
    campaigns: Option<Section>,
    ports: Option<Section>,
    pages: Option<Section>,
}

/// One table's part as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    #[serde(default)]
    columns: BTreeMap<String, String>,
    #[serde(default)]
    defaults: BTreeMap<String, String>,
    #[serde(default)]
    values: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    time: BTreeMap<String, String>,
}

impl Section {
    fn checked(self, table: Table) -> Result<TableMapping, Error> {
        let mut out = TableMapping::default();
        for (ours, theirs) in self.columns {
            out.columns.insert(our_column(table, "columns", &ours)?.0, theirs);
        }
        for (ours, value) in self.defaults {
            out.defaults.insert(our_column(table, "defaults", &ours)?.0, value);
        }
        for (ours, words) in self.values {
            let (name, form) = our_column(table, "values", &ours)?;
            if form != Form::Word {
                return Err(Error::Mapping {
                    what: format!("[{table}.values] maps words of closed columns only, not: {ours}"),
                });
            }
            out.values.insert(name, words);
        }
        for (ours, form) in self.time {
            let (name, of) = our_column(table, "time", &ours)?;
            if of != Form::Time {
                return Err(Error::Mapping {
                    what: format!("[{table}.time] names a column that holds no time: {ours}"),
                });
            }
            out.time.insert(name, TimeForm::parse(&form)?);
        }
        Ok(out)
    }
}

/// Our own spelling of a column, or an error that lists what there is.
fn our_column(table: Table, section: &str, ours: &str) -> Result<(&'static str, Form), Error> {
    let found = table.columns().iter().find(|c| c.name == ours);
    found.map(|c| (c.name, c.form)).ok_or_else(|| {
        let known: Vec<&str> = table.columns().iter().map(|c| c.name).collect();
        Error::Mapping {
            what: format!(
                "[{table}.{section}] has no column {ours:?}; table {table} has: {}",
                known.join(", ")
            ),
        }
    })
}

fn named_table(name: &str) -> Result<Table, Error> {
    Table::ALL.iter().copied().find(|t| t.name() == name).ok_or_else(|| {
        let known: Vec<&str> = Table::ALL.iter().map(|t| t.name()).collect();
        Error::Mapping { what: format!("[files] has no table {name:?}; there are: {}", known.join(", ")) }
    })
}
