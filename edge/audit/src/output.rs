//! Files of an audit: summary.json, report.html, findings.csv, rejects.csv.

use std::path::Path;

use anning_law::{Corpus, ProvisionId};

use crate::engine::{Audit, Judged};
use crate::intake::Error;
use crate::report::{LawChange, Options, Statute, Statutes, cell, html};
use crate::summary::{Code, Words};

/// Writes all files of an audit into a folder, which is made if it is not there.
///
/// # Errors
/// When a file cannot be written; what was written before stays.
pub fn write(audit: &Audit, folder: &Path) -> Result<(), Error> {
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
    put("findings.csv", &findings(&audit.judged))?;
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

fn findings(judged: &[Judged]) -> String {
    let mut out = String::from(
        "file,line,send_id,recipient_key,sent_at,channel,campaign,class,outcome,breached,unproved,unclear,argued,state,grade\n",
    );
    for row in judged {
        let found = &row.decision.findings;
        let key: String = row.recipient.0.iter().map(|b| format!("{b:02x}")).collect();
        let cells = [
            row.file.clone(),
            row.line.to_string(),
            row.send_id.clone().unwrap_or_default(),
            key,
            row.message.sent_at.to_string(),
            row.message.channel.code().to_owned(),
            row.campaign.clone().unwrap_or_default(),
            row.class.code().to_owned(),
            outcome(row).to_owned(),
            names(found.strict.breached),
            names(found.strict.unproved),
            names(found.strict.unclear),
            names(found.argued()),
            row.state.code().to_owned(),
            row.grade.map_or("", anning_vocab::Grade::code).to_owned(),
        ];
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

const fn outcome(row: &Judged) -> &'static str {
    match row.decision.outcome {
        anning_decide::Outcome::Allow => "allow",
        anning_decide::Outcome::Deny => "deny",
        anning_decide::Outcome::Hold(_) => "hold",
        anning_decide::Outcome::FailOpen => "fail_open",
    }
}

fn names(mask: u64) -> String {
    let ids: Vec<&str> = ProvisionId::ALL.iter().filter(|p| mask & p.bit() != 0).map(|p| p.code()).collect();
    ids.join(";")
}

/// One CSV line; cells that a spreadsheet would run are defused.
fn line(out: &mut String, cells: &[String]) {
    let escaped: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    out.push_str(&escaped.join(","));
    out.push('\n');
}
