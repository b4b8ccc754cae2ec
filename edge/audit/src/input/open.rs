//! Opens an input: finds the files, looks at their beginnings, and makes the plan.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::discover::{Found, files};
use super::encoding::detect;
use super::error::Error;
use super::mapping::Mapping;
use super::plan::{Compression, Encoding, FilePlan, Format, Matched, Plan, Slot, Warning, matched};
use super::source::{Stream, compression, decompressed, io_error, open, peek};
use super::table::Table;
use super::{csv, ndjson, parquet_file};

/// An input, looked at and ready to be read.
pub struct Input {
    plan: Plan,
    pub(crate) mapping: Mapping,
    pub(crate) files: Vec<Opened>,
    stdin: Mutex<Option<Stream>>,
}

/// What reading a file needs beyond its plan.
pub(crate) struct Opened {
    pub path: Option<PathBuf>,
    pub slots: Vec<Slot>,
    pub layout: Layout,
}

/// How rows of a file become cells.
pub(crate) enum Layout {
    /// The file is empty.
    Nothing,
    Csv(csv::Layout),
    NdJson(ndjson::Layout),
    Parquet(parquet_file::Layout),
}

impl Input {
    /// Finds the tables behind these paths and plans how to read them. `stdin` stands for the path `-`, which
    /// holds sends as CSV or NDJSON.
    ///
    /// # Errors
    /// [`Error`] where a file cannot be opened, its table or a needed column cannot be told, or the mapping
    /// names what is not there.
    pub fn open(paths: &[PathBuf], mapping: Mapping, stdin: Option<Stream>) -> Result<Self, Error> {
        let (dash, paths): (Vec<_>, Vec<_>) = paths.iter().cloned().partition(|p| p == Path::new("-"));
        let mut input = Self { plan: Plan::default(), mapping, files: Vec::new(), stdin: Mutex::new(None) };
        if !dash.is_empty() {
            let stream = stdin.ok_or_else(|| Error::Io {
                doing: "read",
                path: "-".to_owned(),
                what: "no standard input".to_owned(),
            })?;
            input.look_at_stream(stream)?;
        }
        for found in files(&paths, &input.mapping)? {
            input.look_at_file(&found)?;
        }
        Ok(input)
    }

    /// What was found and how it was understood.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// How columns and words are mapped.
    #[must_use]
    pub const fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// The path of a file; none for standard input.
    #[must_use]
    pub fn path(&self, file: u16) -> Option<&Path> {
        self.files.get(usize::from(file)).and_then(|f| f.path.as_deref())
    }

    fn look_at_stream(&mut self, stream: Stream) -> Result<(), Error> {
        let io = |e: std::io::Error| Error::Io { doing: "read", path: "-".to_owned(), what: e.to_string() };
        let (head, stream) = peek(stream, HEAD_BYTES).map_err(io)?;
        let compression = compression(&head);
        let (head, stream) = peek(decompressed(stream, compression, "-")?, HEAD_BYTES).map_err(io)?;
        let looked = self.look("-", Some(Table::Sends), None, &head)?;
        self.keep(looked, "-", compression, None);
        *self.stdin.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(stream);
        Ok(())
    }

    fn look_at_file(&mut self, found: &Found) -> Result<(), Error> {
        let name = found.path.display().to_string();
        let io = |e: std::io::Error| io_error("read", &found.path, &e);
        let (head, stream) = peek(open(&found.path)?, HEAD_BYTES).map_err(io)?;
        let compression = compression(&head);
        let head = match compression {
            Compression::None => head,
            Compression::Gzip | Compression::Zstd => {
                head_of_compressed(decompressed(stream, compression, &name)?, &name)?
            }
        };
        let looked = self.look(&name, found.table, Some(&found.path), &head)?;
        self.keep(looked, &name, compression, Some(&found.path));
        Ok(())
    }

    /// Tells format, encoding and columns from the first bytes.
    fn look(
        &self,
        name: &str,
        table: Option<Table>,
        path: Option<&Path>,
        head: &[u8],
    ) -> Result<Looked, Error> {
        if head.starts_with(b"PAR1") {
            return self.look_parquet(name, table, path);
        }
        if head.starts_with(b"PK\x03\x04") {
            return Err(Error::UnknownFormat {
                file: name.to_owned(),
                looks_like: "an Excel workbook or zip archive",
            });
        }
        if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
            return Err(Error::UnknownFormat { file: name.to_owned(), looks_like: "UTF-16 text" });
        }
        let head = head.strip_prefix(BOM).unwrap_or(head);
        let sample = memchr::memrchr(b'\n', head).map_or(head, |end| head.get(..=end).unwrap_or(head));
        let encoding = match self.mapping.encoding {
            Some(given) if given == encoding_rs::UTF_8 => Encoding::Utf8,
            Some(_) => Encoding::Gb18030,
            None => detect(sample),
        };
        let text = super::encoding::Text::new(sample.to_vec(), encoding).into_string();
        let mut warnings = Vec::new();
        if text.trim().is_empty() {
            let table = table.unwrap_or(Table::Sends);
            warnings.push(Warning("the file is empty".to_owned()));
            return Ok(Looked {
                table,
                format: Format::Csv { delimiter: b',' },
                encoding,
                layout: Layout::Nothing,
                matched: Matched::default(),
                rows: Some(0),
                warnings,
            });
        }
        if text.trim_start().starts_with('{') {
            let headers = ndjson::headers(&text);
            let (table, matched) = self.matched(name, table, &headers)?;
            let layout = ndjson::Layout::new(&headers, &matched);
            let format = Format::NdJson;
            return Ok(Looked {
                table,
                format,
                encoding,
                layout: Layout::NdJson(layout),
                matched,
                rows: None,
                warnings,
            });
        }
        let line = text.lines().next().unwrap_or_default();
        let delimiter = csv::delimiter(line);
        let headers = csv::header(line, delimiter);
        let (table, matched) = self.matched(name, table, &headers)?;
        let mut wanted = vec![None; headers.len()];
        for (place, header) in matched.headers.iter().enumerate() {
            if let Some(slot) = wanted.get_mut(*header) {
                *slot = Some(place);
            }
        }
        let layout = csv::Layout { delimiter, wanted, width: matched.headers.len() };
        Ok(Looked {
            table,
            format: Format::Csv { delimiter },
            encoding,
            layout: Layout::Csv(layout),
            matched,
            rows: None,
            warnings,
        })
    }

    fn look_parquet(&self, name: &str, table: Option<Table>, path: Option<&Path>) -> Result<Looked, Error> {
        let Some(path) = path else {
            return Err(Error::UnknownFormat {
                file: name.to_owned(),
                looks_like: "Parquet, which cannot be read from a stream",
            });
        };
        let mut layout = parquet_file::Layout::open(path)?;
        let (table, matched) = self.matched(name, table, &layout.headers())?;
        layout.choose(name, &matched)?;
        let rows = Some(layout.rows());
        Ok(Looked {
            table,
            format: Format::Parquet,
            encoding: Encoding::Utf8,
            layout: Layout::Parquet(layout),
            matched,
            rows,
            warnings: Vec::new(),
        })
    }

    /// The table, by its name or by its columns, and the columns.
    fn matched(
        &self,
        name: &str,
        table: Option<Table>,
        headers: &[String],
    ) -> Result<(Table, Matched), Error> {
        if let Some(table) = table {
            return Ok((table, matched(name, table, headers, &self.mapping)?));
        }
        let mut fits: Vec<(Table, Matched)> = Table::ALL
            .iter()
            .filter_map(|t| matched(name, *t, headers, &self.mapping).ok().map(|m| (*t, m)))
            .collect();
        match (fits.pop(), fits.is_empty()) {
            (Some(only), true) => Ok(only),
            _ => Err(Error::UnknownTable { file: name.to_owned(), headers: headers.to_vec() }),
        }
    }

    fn keep(&mut self, looked: Looked, name: &str, compression: Compression, path: Option<&Path>) {
        let mut warnings = looked.warnings;
        warnings.extend(looked.matched.warnings);
        self.plan.files.push(FilePlan {
            table: looked.table,
            name: name.to_owned(),
            format: looked.format,
            compression,
            encoding: looked.encoding,
            zone: self.mapping.zone,
            columns: looked.matched.columns,
            unused: looked.matched.unused,
            bytes: path.and_then(|p| std::fs::metadata(p).ok()).map(|m| m.len()),
            rows: looked.rows,
            warnings,
        });
        self.files.push(Opened {
            path: path.map(Path::to_path_buf),
            slots: looked.matched.slots,
            layout: looked.layout,
        });
    }

    /// The decompressed bytes of a text file, without BOM.
    pub(crate) fn stream(&self, file: usize) -> Result<Stream, Error> {
        let (Some(opened), Some(plan)) = (self.files.get(file), self.plan.files.get(file)) else {
            return Ok(Box::new(std::io::empty()));
        };
        let stream = match &opened.path {
            Some(path) => decompressed(open(path)?, plan.compression, &plan.name)?,
            None => {
                let mut stdin = self.stdin.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                stdin.take().ok_or_else(|| Error::Io {
                    doing: "read",
                    path: "-".to_owned(),
                    what: "standard input can be read only once".to_owned(),
                })?
            }
        };
        let io =
            |e: std::io::Error| Error::Io { doing: "read", path: plan.name.clone(), what: e.to_string() };
        let (head, stream) = peek(stream, BOM.len()).map_err(io)?;
        if head != BOM {
            return Ok(stream);
        }
        let mut stream = stream;
        std::io::Read::read_exact(&mut stream, &mut [0; BOM.len()]).map_err(io)?;
        Ok(stream)
    }
}

/// What the beginning of a file shows.
struct Looked {
    table: Table,
    format: Format,
    encoding: Encoding,
    layout: Layout,
    matched: Matched,
    rows: Option<u64>,
    warnings: Vec<Warning>,
}

/// The first bytes behind the compression; a damaged file is reported when it is read, with its place. One that gives
/// nothing at all would be taken for an empty one.
fn head_of_compressed(mut stream: Stream, name: &str) -> Result<Vec<u8>, Error> {
    let mut head = Vec::new();
    let mut buffer = [0; 8 << 10];
    while head.len() < HEAD_BYTES {
        match std::io::Read::read(&mut stream, &mut buffer) {
            Err(e) if head.is_empty() => {
                return Err(Error::Damaged { file: name.to_owned(), after: 0, what: e.to_string() });
            }
            Ok(0) | Err(_) => break,
            Ok(len) => head.extend_from_slice(buffer.get(..len).unwrap_or_default()),
        }
    }
    Ok(head)
}

const BOM: &[u8] = b"\xef\xbb\xbf";
/// Bytes looked at before work starts.
const HEAD_BYTES: usize = 256 << 10;

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::Input;
    use crate::input::Mapping;

    fn folder(name: &str) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("anning-open-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn what_gives_nothing_for_damage_is_no_empty_table() {
        let here = folder("cut");
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        for n in 0..500 {
            writeln!(packed, "1380000{n:04},withdrawn,2021-01-01T00:00:00+08:00").unwrap();
        }
        let packed = packed.finish().unwrap();
        for cut in [12, 20, 30] {
            std::fs::write(here.join("withdrawals.csv.gz"), &packed[..cut]).unwrap();
            let opened = Input::open(std::slice::from_ref(&here), Mapping::default(), None);
            let error = opened.map(|_| ()).unwrap_err().to_string();
            assert!(error.contains("cut short") && error.contains("withdrawals.csv.gz"), "{cut}: {error}");
        }
        std::fs::remove_dir_all(&here).unwrap();
    }

    #[test]
    fn a_link_that_leads_nowhere_is_no_missing_table() {
        let here = folder("link");
        std::os::unix::fs::symlink(here.join("gone"), here.join("withdrawals.csv")).unwrap();
        let opened = Input::open(std::slice::from_ref(&here), Mapping::default(), None);
        let error = opened.map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("withdrawals.csv"), "{error}");
        std::fs::remove_dir_all(&here).unwrap();
    }
}
