//! Reading back what a world expects of an audit.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anning_vocab::Class;

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

/// Reads the `expected-*.csv` and `answers.csv` of a folder, send by send, in the order of the files.
///
/// # Errors
/// [`Error::Expected`] when a file is missing or is not what [`crate::write`] writes.
pub fn expectations(folder: &Path) -> Result<impl Iterator<Item = Result<Expectation, Error>> + use<>, Error> {
    let answers = read_answers(&folder.join("answers.csv"))?;
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
    Ok(files.into_iter().flat_map(move |file| rows(&file, &answers)))
}

/// Answers by scenario and turn of the law.
type Answers = HashMap<(Arc<str>, String), Arc<[(String, Claim)]>>;

fn read_answers(path: &Path) -> Result<Answers, Error> {
    let mut reader = csv::Reader::from_path(path).map_err(|e| Error::expected(path, e))?;
    let mut answers = Answers::new();
    for record in reader.records() {
        let record = record.map_err(|e| Error::expected(path, e))?;
        let cell = |at: usize| record.get(at).unwrap_or("");
        let list = cell(2).split('|').filter(|pair| !pair.is_empty()).map(|pair| {
            let (provision, claim) = pair.split_once('=')?;
            Some((provision.to_owned(), Claim::parse(claim)?))
        });
        let list: Option<Arc<[_]>> = list.collect();
        let list = list.ok_or_else(|| Error::expected(path, format!("unknown claim in: {}", cell(2))))?;
        answers.insert((cell(0).into(), cell(1).to_owned()), list);
    }
    Ok(answers)
}

fn rows(path: &Path, answers: &Answers) -> Vec<Result<Expectation, Error>> {
    let mut reader = match csv::Reader::from_path(path) {
        Ok(reader) => reader,
        Err(error) => return vec![Err(Error::expected(path, error))],
    };
    let none: Arc<[(String, Claim)]> = Arc::new([]);
    let mut scenarios: HashMap<String, Arc<str>> = HashMap::new();
    let mut row = |record: csv::StringRecord| {
        let cell = |at: usize| record.get(at).unwrap_or("");
        let scenario = scenarios.entry(cell(1).to_owned()).or_insert_with(|| cell(1).into());
        let answers = answers.get(&(Arc::clone(scenario), cell(3).to_owned()));
        if answers.is_none() && !scenario.is_empty() {
            return Err(Error::expected(path, format!("no answers for: {} since {}", cell(1), cell(3))));
        }
        Ok(Expectation {
            send_id: cell(0).to_owned(),
            scenario: Arc::clone(scenario),
            class: Class::from_code(cell(2)),
            answers: Arc::clone(answers.unwrap_or(&none)),
        })
    };
    let records = reader.records();
    records.map(|record| record.map_err(|e| Error::expected(path, e)).and_then(&mut row)).collect()
}
