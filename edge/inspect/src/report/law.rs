//! What a finding rests on: provisions with their marks and words, standards apart.

use anning_law::{Corpus, Version};
use anning_page::law::{Basis, BasisKind, Judged};
use anning_vocab::{Date, Mark};

use super::html::Html;

pub(super) fn write(out: &mut Html, judged: &Judged, day: Date) {
    let (law, standards): (Vec<&Basis>, Vec<&Basis>) = judged.basis.iter().partition(|basis| basis.is_law());
    let date = day.to_string();
    out.raw("<div class=\"law\"><h4>");
    out.say(&format!("法律（{date} 有效）"), &format!("Law in force on {date}")).raw("</h4>");
    if law.is_empty() {
        out.raw("<p class=\"remark\">");
        out.say(
            "当日没有有效的条文禁止这种做法，故只作提示，不算违反。",
            "No provision in force that day forbids this: a remark, not a violation.",
        );
        out.raw("</p>");
    } else {
        out.raw("<ul>");
        for basis in law {
            one(out, basis, day);
        }
        out.raw("</ul>");
    }
    if !standards.is_empty() {
        out.raw("<h4>")
            .say("标准与认定方法（不是法律）", "Standards (not law)")
            .raw("</h4><ul class=\"standards\">");
        for basis in standards {
            one(out, basis, day);
        }
        out.raw("</ul>");
    }
    out.raw("</div>");
}

fn one(out: &mut Html, basis: &Basis, day: Date) {
    out.raw("<li><b>").say(&basis.zh, &basis.en).raw("</b> ");
    mark(out, basis.mark);
    let from = basis.from.to_string();
    out.raw(" <span class=\"soft\">").say(&format!("自 {from} 起施行"), &format!("since {from}"));
    if !basis.note_zh.is_empty() {
        out.say(&format!("；{}", basis.note_zh), &format!("; {}", basis.note_en));
    }
    out.raw("</span>");
    words(out, basis, day);
    out.raw("</li>");
}

/// How far the words of a provision are verified.
pub(super) fn mark(out: &mut Html, mark: Option<Mark>) {
    let (code, zh, en) = match mark {
        Some(Mark::Text) => ("[T]", "原文已核对", "text verified"),
        Some(Mark::TextNumberFromMemory) => {
            ("[T/n]", "原文已核对，条号凭记忆", "text verified, number from memory")
        }
        Some(Mark::Substance) => ("[S]", "大意已核对，用词未核对", "substance verified, wording not"),
        Some(Mark::Memory) => ("[M]", "凭记忆，须核对", "from memory, to be checked"),
        None => ("[–]", "原文未载入", "text not loaded"),
    };
    out.raw("<span class=\"mark\">").text(code).raw(" ").say(zh, en).raw("</span>");
}

/// The words of the provision, folded.
fn words(out: &mut Html, basis: &Basis, day: Date) {
    if !matches!(basis.kind, BasisKind::Provision | BasisKind::Analogy) {
        return;
    }
    let mut parts = basis.id.split('/');
    let article: Vec<&str> = parts.by_ref().take(3).collect();
    let (paragraph, item) =
        (parts.next().and_then(|p| p.parse().ok()), parts.next().and_then(|p| p.parse().ok()));
    let Some(version) = Corpus::embedded().article(&article.join("/")).and_then(|article| article.on(day))
    else {
        return;
    };
    let lines = lines(version, paragraph, item);
    if lines.is_empty() {
        return;
    }
    out.raw("<details><summary>")
        .say("条文", "The words (Chinese)")
        .raw("</summary><blockquote lang=\"zh-CN\">");
    for line in lines {
        out.raw("<p>").text(line).raw("</p>");
    }
    out.raw("</blockquote></details>");
}

/// The lines cited; of a cited item also the sentence that leads to it.
fn lines(version: &Version, paragraph: Option<u8>, item: Option<u8>) -> Vec<&str> {
    let all = version.paragraphs.iter().filter(|line| paragraph.is_none_or(|p| line.number == p));
    all.filter(|line| item.is_none() || line.item.is_none() || line.item == item)
        .map(|line| line.text.as_str())
        .collect()
}
