//! The report of one page for people: one HTML file that opens from disk, in both languages.
//!
//! No network, no library; a content policy lets only our own script and style run, and pictures only from within the
//! file. What a page says reaches the report through [`html::Html`] alone, which escapes it. No clock: the same records
//! give the same bytes.

mod album;
mod depth;
mod evidence;
mod findings;
mod html;
mod index;
mod law;
mod shell;
mod verdict;

use crate::inspection::{Inspection, Issue};
use crate::words::{Lang, Standing};
use album::Album;
use html::Html;
pub use index::index;

/// The report of a page. `lang` is shown on opening; the reader may switch.
#[must_use]
pub fn html(inspection: &Inspection, lang: Lang) -> String {
    let issues = inspection.issues();
    let album = Album::of(&inspection.judgements);
    let view = View { inspection, issues: &issues, album: &album };
    let mut out = Html::new();
    let has = |standing: Standing| issues.iter().any(|issue| issue.standing == standing);
    let mut sections = vec![("result", "结论", "Result")];
    for (standing, section) in [
        (Standing::Violation, ("violations", "违反", "Violations")),
        (Standing::NeedsPerson, ("person", "须由人判断", "For a person")),
        (Standing::Remark, ("remarks", "提示", "Remarks")),
    ] {
        if has(standing) {
            sections.push(section);
        }
    }
    sections.extend([
        ("pictures", "全部画面", "All pictures"),
        ("documents", "链接的文件", "Linked documents"),
        ("sent", "本会提交的内容", "What would be sent"),
        ("passes", "通过与不适用", "Passes"),
        ("evidence", "证据与核验", "Evidence"),
    ]);
    shell::open(
        &mut out,
        ("注册页同意核查报告", "Does this page obtain consent?"),
        &inspection.name,
        lang,
        &sections,
    );
    album.write(&mut out);
    verdict::write(&mut out, view);
    findings::write(&mut out, view);
    evidence::pictures(&mut out, view);
    evidence::documents(&mut out, view);
    evidence::sent(&mut out, view);
    evidence::passes(&mut out, view);
    evidence::method(&mut out, view);
    shell::close(out)
}

/// What every section reads.
#[derive(Clone, Copy)]
struct View<'a> {
    inspection: &'a Inspection,
    issues: &'a [Issue<'a>],
    album: &'a Album,
}
