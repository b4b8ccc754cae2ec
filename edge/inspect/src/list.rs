//! A folder of stored pages and the list of them, `pages.csv`.

use std::path::Path;

use anning_page::record::Viewport;

use crate::error::Error;
use crate::recording::Page;

/// A page of the list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its name, which is its folder's.
    pub name: String,
    /// Where it is.
    pub page: Page,
    /// The window it is to be shown in.
    pub viewport: Viewport,
    /// Rules that are not scored on it.
    pub not_scored: Vec<String>,
    /// Its line in the list.
    pub line: u64,
}

/// Reads `pages.csv` of a folder; columns `page`, `viewport` and `not_scored` count, `steps` are for people.
///
/// # Errors
/// [`Error::File`] without a list, [`Error::List`] with the line that cannot be read.
pub fn list(folder: &Path) -> Result<Vec<Listed>, Error> {
    let path = folder.join(LIST);
    let mut all = Vec::new();
    for (number, row) in rows(&path, ["page", "viewport", "not_scored"], 2)? {
        let bad = |what: String| Error::List(path.clone(), number, what);
        if all.len() >= LISTED_MAX {
            return Err(bad(format!("more than {LISTED_MAX} pages")));
        }
        let [name, size, not_scored] = row;
        if name.is_empty() || name.contains(['/', '\\']) || name.starts_with('.') {
            return Err(bad(format!("a page is named by its folder, not by: {name}")));
        }
        let viewport = viewport(&size)
            .ok_or_else(|| bad(format!("a viewport is written like 390x844, not like: {size}")))?;
        let rules = not_scored.split(';').map(str::trim).filter(|rule| !rule.is_empty());
        all.push(Listed {
            line: number,
            page: Page::Stored { folder: folder.join(&name), entry: ENTRY.to_owned() },
            viewport,
            not_scored: rules.map(str::to_owned).collect(),
            name,
        });
    }
    Ok(all)
}

/// Lines of a CSV file with the columns asked for, of which the first so many must be there, and their line numbers.
pub(crate) fn rows<const N: usize>(
    path: &Path,
    columns: [&str; N],
    needed: usize,
) -> Result<Vec<(u64, [String; N])>, Error> {
    let bad = |line: u64, what: String| Error::List(path.to_owned(), line, what);
    let mut list = csv::Reader::from_path(path).map_err(|err| bad(1, err.to_string()))?;
    let heads = list.headers().map_err(|err| bad(1, err.to_string()))?.clone();
    let at = columns.map(|column| heads.iter().position(|head| head == column));
    if let Some((column, _)) = columns.iter().zip(at).take(needed).find(|(_, at)| at.is_none()) {
        return Err(bad(1, format!("no column: {column}")));
    }
    let mut all = Vec::new();
    for line in list.records() {
        let line = line.map_err(|err| bad(err.position().map_or(0, csv::Position::line), err.to_string()))?;
        let number = line.position().map_or(0, csv::Position::line);
        all.push((
            number,
            at.map(|place| place.and_then(|place| line.get(place)).unwrap_or_default().to_owned()),
        ));
    }
    Ok(all)
}

/// A window from its size, `390x844`; narrow ones are phones, with touch and two device pixels to one.
#[must_use]
pub fn viewport(size: &str) -> Option<Viewport> {
    let (width, height) = size.split_once('x')?;
    let (width, height) = (width.trim().parse().ok()?, height.trim().parse().ok()?);
    let good = (SIDE_MIN..=SIDE_MAX).contains(&width) && (SIDE_MIN..=SIDE_MAX).contains(&height);
    let touch = width < PHONE_BELOW;
    good.then_some(Viewport { width, height, scale: if touch { 2.0 } else { 1.0 }, touch })
}

/// The list's name.
pub(crate) const LIST: &str = "pages.csv";
/// The first page of each.
const ENTRY: &str = "index.html";
/// Pages of one list.
const LISTED_MAX: usize = 10_000;
/// CSS pixels of a window's side.
const SIDE_MIN: u32 = 200;
/// CSS pixels of a window's side.
const SIDE_MAX: u32 = 4_000;
/// CSS pixels below which a window is a phone's.
const PHONE_BELOW: u32 = 600;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows() {
        let cases =
            [("390x844", Some((390, true))), ("1366x900", Some((1366, false))), ("x", None), ("9x9", None)];
        for (size, expected) in cases {
            assert_eq!(viewport(size).map(|window| (window.width, window.touch)), expected, "{size}");
        }
    }

    #[test]
    fn a_list_says_which_line_is_wrong() {
        let folder = std::env::temp_dir().join(format!("anning-inspect-list-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let cases = [
            ("page,viewport,not_scored\na,390x844,RP-16;RP-17\n", Ok(2)),
            ("page,viewport\na,390x844\nb,wide\n", Err(":3:")),
            ("page,viewport\n../a,390x844\n", Err(":2:")),
            ("page\na\n", Err(":1:")),
        ];
        for (text, expected) in cases {
            std::fs::write(folder.join(LIST), text).unwrap();
            match (list(&folder), expected) {
                (Ok(all), Ok(rules)) => assert_eq!(all[0].not_scored.len(), rules, "{text}"),
                (Err(err), Err(place)) => assert!(err.to_string().contains(place), "{err}"),
                (other, _) => panic!("{text}: {other:?}"),
            }
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
