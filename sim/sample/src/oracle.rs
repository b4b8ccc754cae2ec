//! The table of scenarios: what each provision must answer, by the day of the send.
//!
//! Written from the texts of the law, not from the rules: it is what the rules are held against.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use anning_vocab::{Class, Date, Interval, Mark};
use serde::Deserialize;

use crate::{Claim, Error};

/// A claim about one provision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Which provision, or `caveat:…`.
    pub provision: &'static str,
    /// What is claimed.
    pub claim: Claim,
    /// The article and why.
    pub because: &'static str,
}

/// All scenarios.
#[derive(Debug)]
pub struct Oracle {
    scenarios: Vec<Scenario>,
    provisions: Vec<Provision>,
}

/// One scenario.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its id.
    pub id: &'static str,
    /// What it is, in Chinese.
    pub zh: &'static str,
    /// What it is, in English.
    pub en: &'static str,
    /// What its text is by content, if that is beyond doubt.
    pub class: Option<Class>,
    /// Only there to be built upon.
    pub base: bool,
    rows: Vec<Row>,
}

#[derive(Clone, Debug)]
struct Row {
    provisions: Vec<usize>,
    claim: Claim,
    because: &'static str,
}

/// A provision as the table knows it.
#[derive(Clone, Debug)]
pub struct Provision {
    /// Its id.
    pub id: &'static str,
    /// Article.
    pub article: &'static str,
    /// How far its text is verified.
    pub mark: Mark,
    /// When it is in force.
    pub in_force: Interval,
    /// Judged from the text of the message.
    text: bool,
}

impl Oracle {
    /// The table of the repository.
    ///
    /// # Errors
    /// [`Error::Scenarios`] if it contradicts itself; a test of this crate shows that it does not.
    pub fn load() -> Result<&'static Self, Error> {
        static LOADED: OnceLock<Result<Oracle, String>> = OnceLock::new();
        LOADED.get_or_init(|| Self::parse(TABLE)).as_ref().map_err(|what| Error::Scenarios(what.clone()))
    }

    /// Every scenario, bases included.
    #[must_use]
    pub fn scenarios(&self) -> &[Scenario] {
        &self.scenarios
    }

    /// Every provision.
    #[must_use]
    pub fn provisions(&self) -> &[Provision] {
        &self.provisions
    }

    /// The scenario of that id.
    #[must_use]
    pub fn scenario(&self, id: &str) -> Option<&Scenario> {
        self.scenarios.iter().find(|scenario| scenario.id == id)
    }

    /// What is claimed of a send of that scenario while the provisions are in force, in their order; nothing
    /// for an unknown scenario.
    ///
    /// `drawn` is for texts that came from elsewhere: what hangs on the text itself is then left out.
    #[must_use]
    pub fn claims(&self, scenario: &str, drawn: bool) -> Vec<Expected> {
        let mut found = BTreeMap::new();
        for row in self.scenario(scenario).map_or(&[][..], |scenario| &scenario.rows) {
            for provision in &row.provisions {
                found.insert(*provision, row);
            }
        }
        let claimed = |(at, row): (usize, &Row)| {
            let provision = self.provisions.get(at)?;
            let hangs_on_text = drawn && provision.text && row.claim != Claim::NOT_APPLICABLE;
            let kept = row.claim != Claim::Nothing && !hangs_on_text;
            kept.then_some(Expected { provision: provision.id, claim: row.claim, because: row.because })
        };
        found.into_iter().filter_map(claimed).collect()
    }

    /// The same on a day: a provision not in force is expected not to apply.
    #[must_use]
    pub fn expected(&self, scenario: &str, day: Date) -> Vec<Expected> {
        let claims = self.claims(scenario, false);
        let on_day = |provision: &Provision| {
            if provision.in_force.contains(day) {
                claims.iter().find(|expected| expected.provision == provision.id).copied()
            } else {
                let because = "not in force on that day";
                let gone = Expected { provision: provision.id, claim: Claim::NOT_APPLICABLE, because };
                (!provision.id.starts_with(CAVEAT)).then_some(gone)
            }
        };
        self.provisions.iter().filter_map(on_day).collect()
    }

    /// Reads a table. The text is kept for the life of the program.
    fn parse(text: &'static str) -> Result<Self, String> {
        let file: File<'static> = toml::from_str(text).map_err(|e| e.to_string())?;
        let provisions = file.provision.iter().map(RawProvision::read).collect::<Result<Vec<_>, _>>()?;
        let mut oracle = Self { scenarios: Vec::new(), provisions };
        for raw in &file.scenario {
            let scenario = oracle.read(raw, &file.groups)?;
            if oracle.scenario(scenario.id).is_some() {
                return Err(format!("scenario is there twice: {}", scenario.id));
            }
            oracle.scenarios.push(scenario);
        }
        Ok(oracle)
    }

    fn read(&self, raw: &RawScenario, groups: &BTreeMap<&str, Vec<&str>>) -> Result<Scenario, String> {
        let id = leaked(&raw.id);
        let mut rows = Vec::new();
        let mut class = None;
        if !raw.like.is_empty() {
            let like = self.scenario(&raw.like);
            let like =
                like.ok_or_else(|| format!("`{id}` builds upon a scenario not above it: {}", raw.like))?;
            rows.clone_from(&like.rows);
            class = like.class;
        }
        if !raw.class.is_empty() {
            class = Class::from_code(&raw.class);
            if class.is_none() && raw.class != "-" {
                return Err(format!("`{id}` has an unknown class: {}", raw.class));
            }
        }
        for row in &raw.rows {
            rows.push(self.row(row, groups).map_err(|e| format!("`{id}`: {e}"))?);
        }
        Ok(Scenario { id, zh: leaked(&raw.zh), en: leaked(&raw.en), class, base: raw.base, rows })
    }

    fn row(&self, raw: &RawRow, groups: &BTreeMap<&str, Vec<&str>>) -> Result<Row, String> {
        let mut provisions = Vec::new();
        for name in &raw.on {
            let names = groups.get(name.as_str()).map_or_else(|| vec![name.as_str()], Clone::clone);
            for name in names {
                let at = self.provisions.iter().position(|provision| provision.id == name);
                provisions.push(at.ok_or_else(|| format!("unknown provision or group: {name}"))?);
            }
        }
        let claim = Claim::parse(&raw.is).ok_or_else(|| format!("unknown claim: {}", raw.is))?;
        if raw.because.is_empty() {
            return Err(format!("no reason given for: {}", raw.on.join(", ")));
        }
        Ok(Row { provisions, claim, because: leaked(&raw.because) })
    }
}

impl RawProvision {
    fn read(&self) -> Result<Provision, String> {
        Ok(Provision {
            id: leaked(&self.id),
            article: leaked(&self.article),
            mark: Mark::from_code(&self.mark).ok_or_else(|| format!("unknown mark: {}", self.mark))?,
            in_force: Interval {
                from: date(&self.from)?,
                until: if self.until.is_empty() { None } else { Some(date(&self.until)?) },
            },
            text: self.text,
        })
    }
}

fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).map_err(|e| format!("{e}: {text}"))
}

/// Read once for the life of the program.
fn leaked(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<'t> {
    #[serde(borrow)]
    groups: BTreeMap<&'t str, Vec<&'t str>>,
    provision: Vec<RawProvision>,
    scenario: Vec<RawScenario>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProvision {
    id: String,
    article: String,
    mark: String,
    from: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    text: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawScenario {
    id: String,
    zh: String,
    en: String,
    #[serde(default)]
    class: String,
    #[serde(default)]
    base: bool,
    #[serde(default)]
    like: String,
    #[serde(default)]
    rows: Vec<RawRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRow {
    on: Vec<String>,
    is: String,
    because: String,
}

/// Begins the id of an expected caveat.
pub(crate) const CAVEAT: &str = "caveat:";
const TABLE: &str = include_str!("../scenarios.toml");
