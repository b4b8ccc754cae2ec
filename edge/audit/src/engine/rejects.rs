//! `rejects.csv`: every row that was not judged, with file, line and reason.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::input::{Plan, Reject};
use crate::report::cell;

use super::collect::Account;
use super::recipients::Repeat;

/// The file in the making.
pub(crate) struct Rejects {
    path: PathBuf,
    file: BufWriter<File>,
    bytes: u64,
}

impl Rejects {
    pub fn create(path: &Path) -> Result<Self, Error> {
        let file = File::create(path).map_err(|e| Error::io("create", path, &e))?;
        let mut out = Self { path: path.to_path_buf(), file: BufWriter::new(file), bytes: 0 };
        out.line("file,line,column,reason,excerpt\n")?;
        Ok(out)
    }

    /// Goes on with a file that held so many bytes.
    pub fn resume(path: &Path, bytes: u64) -> Result<Self, Error> {
        let file = OpenOptions::new().append(true).open(path).map_err(|e| Error::io("open", path, &e))?;
        file.set_len(bytes).map_err(|e| Error::io("cut", path, &e))?;
        Ok(Self { path: path.to_path_buf(), file: BufWriter::new(file), bytes })
    }

    pub fn write(&mut self, rejects: &[Reject], plan: &Plan) -> Result<(), Error> {
        for r in rejects {
            let cells = [
                plan.file_name(r.file).to_owned(),
                r.line.to_string(),
                r.column.unwrap_or("").to_owned(),
                r.reason.clone(),
                r.excerpt.clone(),
            ];
            let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
            self.line(&(cells.join(",") + "\n"))?;
        }
        Ok(())
    }

    /// Rows that were read and repeat another: no longer counted as read.
    pub fn repeats(&mut self, repeats: &[Repeat], plan: &Plan, account: &mut Account) -> Result<(), Error> {
        for repeat in repeats {
            let file = repeat.row.file();
            let reject = Reject {
                file,
                line: repeat.row.line(),
                column: Some(if repeat.act { "event_id" } else { "send_id" }),
                reason: format!(
                    "repeats for the same recipient; stands first in {} line {}",
                    plan.file_name(repeat.first.file()),
                    repeat.first.line()
                ),
                excerpt: String::new(),
            };
            account.tallies.file_mut(file).reject_one();
            account.count(&reject);
            self.write(&[reject], plan)?;
        }
        Ok(())
    }

    fn line(&mut self, line: &str) -> Result<(), Error> {
        self.bytes += line.len() as u64;
        self.file.write_all(line.as_bytes()).map_err(|e| Error::io("write", &self.path, &e))
    }

    /// Puts everything into the file; returns its length.
    pub fn settle(&mut self) -> Result<u64, Error> {
        self.file.flush().map_err(|e| Error::io("write", &self.path, &e))?;
        Ok(self.bytes)
    }

    pub fn finish(mut self) -> Result<(), Error> {
        self.settle().map(|_| ())
    }
}
