//! Audits a folder under both readings and reads the findings back, send by send.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use anning_audit::summary::Summary;
use anning_audit::{Settings, Workspace, audit, open};
use anning_decide::Reading;
use anning_vocab::Answer;

/// What was found about one send.
pub struct Found {
    /// Day of sending in UTC, `YYYY-MM-DD`.
    pub sent_at: String,
    /// Class by content.
    pub class: String,
    /// Caveats by code.
    pub caveats: Vec<String>,
    strict: HashMap<String, Answer>,
    lenient: HashMap<String, Answer>,
}

impl Found {
    /// Nothing stands against it under the stricter reading.
    pub fn is_lawful(&self) -> bool {
        self.strict.values().all(|answer| *answer == Answer::Met)
    }

    /// Answers under the stricter and the more lenient reading.
    pub fn answers(&self, provision: &str) -> (Answer, Answer) {
        let of = |map: &HashMap<String, Answer>| map.get(provision).copied().unwrap_or(Answer::NotApplicable);
        (of(&self.strict), of(&self.lenient))
    }
}

/// A folder of its own below the system's temporary one.
pub fn scratch(name: &str) -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("anning-{name}-{}-{n}", std::process::id()));
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// Audits with these settings; gives the summary and the folder written.
pub fn run(folder: &Path, settings: &Settings) -> (Summary, PathBuf) {
    let out = scratch("audit");
    let input = open(&[folder.to_path_buf()], None).unwrap();
    let summary = audit(Workspace::claim(&out).unwrap(), &input, settings, false, &|_| {}).unwrap();
    (summary, out)
}

/// Every send by its id, with the summary under the stricter reading.
pub fn verdicts(folder: &Path, settings: &Settings) -> (Summary, HashMap<String, Found>) {
    let mut settings = settings.clone();
    (settings.all, settings.csv) = (true, true);
    let (summary, strict) = run(folder, &settings);
    settings.policy.reading = Reading::Lenient;
    let (_, lenient) = run(folder, &settings);
    let mut found: HashMap<String, Found> = HashMap::new();
    for (out, is_strict) in [(strict, true), (lenient, false)] {
        let mut reader = csv::Reader::from_path(out.join("findings.csv")).unwrap();
        let header = reader.headers().unwrap().clone();
        for record in reader.records() {
            let record = record.unwrap();
            let cell =
                |name: &str| record.get(header.iter().position(|h| h == name).unwrap()).unwrap().to_owned();
            let mut answers = HashMap::new();
            for answer in [Answer::Met, Answer::Breached, Answer::Unproved, Answer::Unclear] {
                let ids = cell(answer.code());
                answers.extend(ids.split(';').filter(|id| !id.is_empty()).map(|id| (id.to_owned(), answer)));
            }
            let row = found.entry(cell("send_id")).or_insert_with(|| Found {
                sent_at: cell("sent_at"),
                class: cell("class"),
                caveats: cell("caveats").split(';').map(str::to_owned).collect(),
                strict: HashMap::new(),
                lenient: HashMap::new(),
            });
            *(if is_strict { &mut row.strict } else { &mut row.lenient }) = answers;
        }
        std::fs::remove_dir_all(&out).unwrap();
    }
    (summary, found)
}
