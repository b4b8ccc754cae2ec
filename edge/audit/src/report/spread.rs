//! Cells of spreadsheet files. A cell that a spreadsheet would run as a formula is made text.

/// One CSV cell: formula-proof, quoted where needed.
///
/// ```
/// use anning_audit::report::cell;
/// assert_eq!(cell("=1+1"), "'=1+1");
/// assert_eq!(cell("a,b"), "\"a,b\"");
/// ```
#[must_use]
pub fn cell(text: &str) -> String {
    let armed = text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    let safe = if armed { format!("'{text}") } else { text.to_owned() };
    if safe.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn formulas_become_text() {
        let check = |text: &str, csv: &str| assert_eq!(cell(text), csv, "{text:?}");
        check("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0");
        check("+8613800138000", "'+8613800138000");
        check("-1", "'-1");
        check("@SUM(A1)", "'@SUM(A1)");
        check("\t=1", "'\t=1");
        check("\r=1", "\"'\r=1\"");
        check("＝1", "'＝1");
        check("say \"a\", b", "\"say \"\"a\"\", b\"");
        check("回T退订", "回T退订");
        check("", "");
    }
}
