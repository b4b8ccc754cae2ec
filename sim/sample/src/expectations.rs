//! Reading back what a world expects of an audit.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anning_vocab::{Class, Date, Interval};

use crate::oracle::CAVEAT;
use crate::{Claim, Error};

/// What is expected of one send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The send's id.
    pub send_id: String,
    /// The scenario; empty where nothing is expected.
    pub scenario: Arc<str>,
    /// Its class by content, if beyond doubt.
    pub class: Option<Class>,
    /// Provisions, or caveats as `caveat:code`, and the claim about each. A provision that a decision does
    /// not mention counts as not applicable; a caveat is expected to be there.
    pub answers: Arc<[(String, Claim)]>,
}

/// Reads `expected-*.csv`, `answers.csv` and `provisions.csv` of a folder, send by send, in the order of the files.
///
/// # Errors
/// [`Error::Expected`] when a file is missing or is not what [`crate::write`] writes.
pub fn expectations(
    folder: &Path,
) -> Result<impl Iterator<Item = Result<Expectation, Error>> + use<>, Error> {
    let mut answers = Answers::read(folder)?;
    let entries = fs::read_dir(folder).map_err(|e| Error::expected(folder, e))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| {
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or("");
        name.starts_with("expected-") && name.ends_with(".csv")
    });
    files.sort();
    if files.is_empty() {
        return Err(Error::expected(folder, "no expected-*.csv (only CSV samples can be read back)"));
    }
    Ok(files.into_iter().flat_map(move |file| rows(&file, &mut answers)))
}

/// What a folder claims, by scenario, and when provisions are in force.
struct Answers {
    claims: HashMap<String, Vec<(String, Claim)>>,
    in_force: Vec<(String, Interval)>,
    /// Lists already made, so that the sends of one scenario and day share one.
    made: HashMap<(String, String), (Arc<str>, Claims)>,
}

type Claims = Arc<[(String, Claim)]>;

impl Answers {
    fn read(folder: &Path) -> Result<Self, Error> {
        let path = folder.join("answers.csv");
        let mut claims = HashMap::new();
        for record in records(&path)? {
            let cell = |at: usize| record.get(at).unwrap_or("");
            let list = cell(3).split('|').filter(|pair| !pair.is_empty()).map(|pair| {
                let (provision, claim) = pair.split_once('=')?;
                Some((provision.to_owned(), Claim::parse(claim)?))
            });
            let list: Option<Vec<_>> = list.collect();
            let list =
                list.ok_or_else(|| Error::expected(&path, format!("unknown claim in: {}", cell(3))))?;
            claims.insert(cell(0).to_owned(), list);
        }
        let path = folder.join("provisions.csv");
        let mut in_force = Vec::new();
        for record in records(&path)? {
            let cell = |at: usize| record.get(at).unwrap_or("");
            let date =
                |text: &str| Date::parse(text).map_err(|e| Error::expected(&path, format!("{e}: {text}")));
            let until = if cell(4).is_empty() { None } else { Some(date(cell(4))?) };
            in_force.push((cell(0).to_owned(), Interval { from: date(cell(3))?, until }));
        }
        Ok(Self { claims, in_force, made: HashMap::new() })
    }

    /// Claims of a scenario on a day.
    fn on(&mut self, scenario: &str, day: &str) -> Result<(Arc<str>, Claims), String> {
        let key = (scenario.to_owned(), day.to_owned());
        if let Some(made) = self.made.get(&key) {
            return Ok(made.clone());
        }
        let date = Date::parse(day).map_err(|e| format!("{e}: {day}"))?;
        let claims = match self.claims.get(scenario) {
            Some(claims) => claims.as_slice(),
            None if scenario.is_empty() => &[],
            None => return Err(format!("no answers for: {scenario}")),
        };
        let on_day = |(provision, interval): &(String, Interval)| {
            let claimed = claims.iter().find(|(of, _)| of == provision).map(|(_, claim)| *claim);
            let gone = (!provision.starts_with(CAVEAT)).then_some(Claim::NOT_APPLICABLE);
            let claim = if interval.contains(date) { claimed } else { gone };
            claim.map(|claim| (provision.clone(), claim))
        };
        let list =
            if scenario.is_empty() { Vec::new() } else { self.in_force.iter().filter_map(on_day).collect() };
        let made: (Arc<str>, Claims) = (scenario.into(), list.into());
        self.made.insert(key, made.clone());
        Ok(made)
    }
}

fn records(path: &Path) -> Result<Vec<csv::StringRecord>, Error> {
    let mut reader = csv::Reader::from_path(path).map_err(|e| Error::expected(path, e))?;
    reader.records().map(|record| record.map_err(|e| Error::expected(path, e))).collect()
}

fn rows(path: &Path, answers: &mut Answers) -> Vec<Result<Expectation, Error>> {
    let records = match records(path) {
        Ok(records) => records,
        Err(error) => return vec![Err(error)],
    };
    let row = |record: csv::StringRecord| {
        let cell = |at: usize| record.get(at).unwrap_or("");
        let on = answers.on(cell(1), cell(3)).map_err(|what| Error::expected(path, what));
        on.map(|(scenario, answers)| Expectation {
            send_id: cell(0).to_owned(),
            scenario,
            class: Class::from_code(cell(2)),
            answers,
        })
    };
    records.into_iter().map(row).collect()
}
