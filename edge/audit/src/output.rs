//! Files of an audit: summary.json, report.html, findings.parquet, rejects.csv; findings.csv on request.

use std::path::Path;

use anning_law::Corpus;

use crate::engine::{Audit, Judged};
use crate::findings;
use crate::intake::Error;
use crate::report::{LawChange, Options, Statute, Statutes, cell, html};
use crate::summary::{Code, Words};

/// Writes all files of an audit into a folder, which is made if it is not there.
///
/// # Errors
/// When a file cannot be written; what was written before stays.
pub fn write(audit: &Audit, folder: &Path, csv: bool) -> Result<(), Error> {
    std::fs::create_dir_all(folder).map_err(|e| Error::io(folder, &e))?;
    let put = |name: &str, content: &str| {
        let path = folder.join(name);
        std::fs::write(&path, content).map_err(|e| Error::io(&path, &e))
    };
    let json = audit
        .summary
        .to_json()
        .map_err(|e| Error::Io { path: "summary.json".to_owned(), what: e.to_string() })?;
    put("summary.json", &json)?;
    findings::write(&audit.judged, &folder.join("findings.parquet"))?;
    if csv {
        put("findings.csv", &findings_csv(&audit.judged))?;
    }
    put("rejects.csv", &rejects(audit))?;
    put("report.html", &html(&audit.summary, &statutes(&audit.summary), &Options::default()))
}

/// Wordings of every article that the summary names, and the days on which the law changed.
fn statutes(summary: &crate::summary::Summary) -> Statutes {
    let corpus = Corpus::embedded();
    let mut statutes = Statutes::default();
    for id in summary.articles.keys() {
        for version in corpus.article(id).into_iter().flat_map(|a| &a.versions) {
            let text: Vec<&str> = version.paragraphs.iter().map(|p| p.text.as_str()).collect();
            statutes.articles.push(Statute {
                id: id.clone(),
                from: version.interval.from.to_string(),
                until: version.interval.until.map(|d| d.to_string()),
                mark: Code(version.mark.unwrap_or(anning_vocab::Mark::Memory)),
                text: text.join("\n\n"),
            });
        }
    }
    for (instrument, change) in corpus.timeline() {
        let words = Words::new(
            format!("{}：{}", instrument.short_zh, change.zh),
            format!("{}: {}", instrument.short_en, change.en),
        );
        statutes.changes.push(LawChange { date: change.on.to_string(), words });
    }
    statutes
}

fn findings_csv(judged: &[Judged]) -> String {
    let mut out = String::from("send_id,line,recipient_key,sent_at");
    for (name, _) in findings::WORDS {
        out.push(',');
        out.push_str(name);
    }
    out.push('\n');
    for row in judged.iter().filter(|row| findings::is_finding(row)) {
        let key: String = row.recipient.0.iter().map(|b| format!("{b:02x}")).collect();
        let mut cells = vec![
            row.send_id.clone().unwrap_or_default(),
            row.line.to_string(),
            key,
            row.message.sent_at.to_string(),
        ];
        cells.extend(findings::WORDS.iter().map(|(_, of)| of(row)));
        line(&mut out, &cells);
    }
    out
}

fn rejects(audit: &Audit) -> String {
    let mut out = String::from("file,line,column,reason\n");
    for reject in &audit.rejects {
        line(
            &mut out,
            &[reject.file.clone(), reject.line.to_string(), reject.column.to_owned(), reject.reason.clone()],
        );
    }
    out
}

/// One CSV line; cells that a spreadsheet would run are defused.
fn line(out: &mut String, cells: &[String]) {
    let escaped: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    out.push_str(&escaped.join(","));
    out.push('\n');
}
