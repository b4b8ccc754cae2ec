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
}

/// Reads `pages.csv` of a folder; columns `page`, `viewport` and `not_scored` count, `steps` are for people.
///
/// # Errors
/// [`Error::File`] without a list, [`Error::List`] with the line that cannot be read.
pub fn list(folder: &Path) -> Result<Vec<Listed>, Error> {
    let path = folder.join(LIST);
    let bad = |line: u64, what: String| Error::List(path.clone(), line, what);
    let file = std::fs::File::open(&path).map_err(|err| Error::File(path.clone(), err))?;
    let mut lines = csv::Reader::from_reader(file);
    let heads = lines.headers().map_err(|err| bad(1, err.to_string()))?.clone();
    let column = |name: &str| heads.iter().position(|head| head == name);
    let (Some(page), Some(window)) = (column("page"), column("viewport")) else {
        return Err(bad(1, "the columns `page` and `viewport` are needed".to_owned()));
    };
    let mut all = Vec::new();
    for line in lines.records() {
        let line = line.map_err(|err| bad(err.position().map_or(0, csv::Position::line), err.to_string()))?;
        let number = line.position().map_or(0, csv::Position::line);
        if all.len() >= LISTED_MAX {
            return Err(bad(number, format!("more than {LISTED_MAX} pages")));
        }
        let name = line.get(page).unwrap_or_default();
        if name.is_empty() || name.contains(['/', '\\']) || name.starts_with('.') {
            return Err(bad(number, format!("a page is named by its folder, not by: {name}")));
        }
        let size = line.get(window).unwrap_or_default();
        let viewport = viewport(size)
            .ok_or_else(|| bad(number, format!("a viewport is written like 390x844, not like: {size}")))?;
        let not_scored = column("not_scored").and_then(|at| line.get(at)).unwrap_or_default();
        all.push(Listed {
            name: name.to_owned(),
            page: Page::Stored { folder: folder.join(name), entry: ENTRY.to_owned() },
            viewport,
            not_scored: not_scored
                .split(';')
                .map(str::trim)
                .filter(|rule| !rule.is_empty())
                .map(str::to_owned)
                .collect(),
        });
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
const LIST: &str = "pages.csv";
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
