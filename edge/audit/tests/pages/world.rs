//! A small world: one person, one consent, one send, and the page records that the audit is given.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use anning_audit::summary::Summary;
use anning_audit::{Settings, Workspace, audit, open};
use serde_json::Value;

use crate::log;
use crate::sample::folder;

pub const HOME: &str = "https://hean-home.example/register";

/// A record of the sample, altered.
#[derive(Clone, Copy)]
pub struct Made {
    /// `seed-bad` or `seed-fixed`.
    pub of: &'static str,
    /// The name of its file.
    pub file: &'static str,
    /// Its own day, at ten in Beijing.
    pub day: &'static str,
    pub address: &'static str,
    /// The day on which the log took it.
    pub sealed: Option<&'static str>,
}

pub struct World(pub PathBuf);

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl World {
    /// The sample's tables with the first send only, and these records; `pages` and `consent` without their heads.
    pub fn new(records: &[Made], pages: &str, consent: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("anning-pages-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let world = Self(std::env::temp_dir().join(name));
        std::fs::create_dir_all(world.0.join("in/records")).unwrap();
        for name in ["campaigns.csv", "parties.csv", "ports.csv", "audit.toml"] {
            std::fs::copy(folder().join(name), world.0.join("in").join(name)).unwrap();
        }
        let sends = std::fs::read_to_string(folder().join("sends.csv")).unwrap();
        world.put("sends.csv", &sends.lines().take(2).collect::<Vec<_>>().join("\n"));
        world.put("consents.csv", &format!("{CONSENTS}\n{consent}\n"));
        world.put("notices.csv", "notice,hash\nn1,00000000000000cc\n");
        world.put("pages.csv", &format!("{PAGES}\n{pages}\n"));
        for made in records {
            world.record(made);
        }
        world
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.0.join("in").join(name)
    }

    pub fn put(&self, name: &str, text: &str) {
        std::fs::write(self.at(name), text).unwrap();
    }

    fn record(&self, made: &Made) {
        let text = std::fs::read(folder().join(format!("records/{}.json", made.of))).unwrap();
        let mut record: Value = serde_json::from_slice(&text).unwrap();
        record["recorded_at"] = format!("{}T02:00:00Z", made.day).into();
        record["address"] = made.address.into();
        let bytes = record.to_string().into_bytes();
        std::fs::write(self.at(&format!("records/{}.json", made.file)), &bytes).unwrap();
        if let Some(day) = made.sealed {
            let seal = log::seals(&[(bytes, day)], &log::key()).remove(0);
            self.put(&format!("records/{}.seal.json", made.file), &seal.to_json());
        }
    }

    pub fn audit(&self) -> Summary {
        self.audit_under(&Settings::of_folder(&self.0.join("in")).unwrap())
    }

    pub fn audit_under(&self, settings: &Settings) -> Summary {
        let input = open(&[self.0.join("in")], None).unwrap();
        let space = Workspace::claim(&self.0.join("out")).unwrap();
        audit(space, &input, settings, true, &|_| {}).unwrap()
    }

    /// Columns and reasons of the rejects.
    pub fn rejects(&self) -> Vec<(String, String)> {
        let mut reader = csv::Reader::from_path(self.0.join("out/rejects.csv")).unwrap();
        reader.records().map(Result::unwrap).map(|row| (row[2].to_owned(), row[3].to_owned())).collect()
    }
}

/// How the one send came out.
pub fn outcome(summary: &Summary) -> &'static str {
    let o = summary.totals.outcomes;
    match [o.breached, o.unproved, o.unclear, o.lawful] {
        [1, 0, 0, 0] => "breached",
        [0, 1, 0, 0] => "unproved",
        [0, 0, 1, 0] => "unclear",
        [0, 0, 0, 1] => "lawful",
        _ => "another number of sends",
    }
}

pub fn warned(summary: &Summary, code: &str) -> u64 {
    summary.warnings.iter().filter(|warning| warning.code == code).map(|warning| warning.times).sum()
}

pub fn contradicted(summary: &Summary) -> u64 {
    summary.pages.rows.iter().map(|row| row.contradicted).sum()
}

/// A consent of the first person on 10 July 2022, on the page and at the address given.
pub fn consent(page: &str, address: &str) -> String {
    format!(
        "13800001001,given,2022-07-10T10:15:00+08:00,captured,p001,both,hean,sms,marketing,{page},{address},"
    )
}

pub fn link(from: &Path, to: &Path) {
    std::os::unix::fs::symlink(to, from).unwrap();
}

const CONSENTS: &str =
    "recipient,act,occurred_at,origin,event_id,covers,controller,channels,purposes,page,page_address,notice";
const PAGES: &str = "page,version,record,address,captured_at";
