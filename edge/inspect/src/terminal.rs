//! What is said on a terminal, short.

use anning_page::finding::Severity;
use anning_page::law::Basis;

use crate::gaps::gaps;
use crate::inspection::{Inspection, Issue};
use crate::summary::Counts;
use crate::words::{Lang, Standing, Words, says, severity, title};

/// How it is said.
#[derive(Clone, Copy, Debug)]
pub struct Voice {
    /// Language.
    pub lang: Lang,
    /// With colours: only where somebody looks at a terminal.
    pub colour: bool,
}

impl Voice {
    fn say(self, zh: &str, en: &str) -> String {
        match self.lang {
            Lang::Zh => zh.to_owned(),
            Lang::En => en.to_owned(),
        }
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// One page: its verdict and findings.
#[must_use]
pub fn page(inspection: &Inspection, voice: Voice) -> String {
    let counts = Counts::of(std::slice::from_ref(inspection));
    let mut out = format!(
        "{}  {}\n",
        voice.paint("1", &shown(&inspection.name)),
        verdict(&counts, inspection.is_whole(), voice)
    );
    let mut said: Vec<Words> = Vec::new();
    for gap in inspection.judgements.iter().flat_map(|judgement| gaps(&judgement.record)) {
        if !said.contains(&gap) {
            out.push_str(&format!("  ! {}\n", gap.get(voice.lang)));
            said.push(gap);
        }
    }
    for issue in inspection.issues() {
        out.push_str(&one(&issue, voice));
    }
    out
}

/// All pages in one line.
#[must_use]
pub fn total(pages: &[Inspection], voice: Voice) -> String {
    let counts = Counts::of(pages);
    let lead = voice.say(
        &format!("共 {} 页，看到 {} 页：", counts.pages, counts.seen),
        &format!("{} pages, {} seen: ", counts.pages, counts.seen),
    );
    format!("{lead}{}", verdict(&counts, pages.iter().all(Inspection::is_whole), voice))
}

fn verdict(counts: &Counts, whole: bool, voice: Voice) -> String {
    let [critical, serious, moderate] = counts.violations;
    let all = counts.all_violations();
    let mut said = if counts.seen == 0 {
        voice.paint("33", &voice.say("未能查看", "not inspected"))
    } else if all == 0 && !whole {
        voice.paint("33", &voice.say("看到的部分未发现违反", "no violation found in what was seen"))
    } else if all == 0 {
        voice.paint("32", &voice.say("未发现违反", "no violation found"))
    } else {
        voice.paint(
            "31",
            &voice.say(
                &format!("违反 {all}（重大 {critical}、严重 {serious}、一般 {moderate}）"),
                &format!("{all} violations ({critical} critical, {serious} serious, {moderate} moderate)"),
            ),
        )
    };
    for (count, zh, en) in
        [(counts.needs_person, "需人工判断", "for a person"), (counts.remarks, "提示", "remarks")]
    {
        if count > 0 {
            said.push_str(&voice.say(&format!("，{zh} {count}"), &format!(", {count} {en}")));
        }
    }
    said
}

fn one(issue: &Issue<'_>, voice: Voice) -> String {
    let finding = issue.finding();
    let weight = severity(finding.severity);
    let (mark, colour) = match issue.standing {
        Standing::Violation => ("✗", if finding.severity == Severity::Critical { "31;1" } else { "31" }),
        Standing::NeedsPerson => ("?", "33"),
        Standing::Remark | Standing::Passes | Standing::NotApplicable => ("·", "2"),
    };
    let label = match issue.standing {
        Standing::Violation => weight,
        Standing::NeedsPerson | Standing::Remark | Standing::Passes | Standing::NotApplicable => {
            issue.standing.words()
        }
    };
    let pick = |words: &Words| words.get(voice.lang).to_owned();
    let mut out = format!(
        "  {} {} {}  {}\n",
        voice.paint(colour, &format!("{mark} {}", pick(&label))),
        finding.rule.id(),
        pick(&title(finding)),
        voice.paint("2", &place(issue)),
    );
    out.push_str(&format!("      {}\n", pick(&says(finding))));
    if let Some(quote) = finding.quotes.first() {
        let short: String = quote.chars().take(QUOTE).collect();
        let dots = if quote.chars().count() > QUOTE { "…" } else { "" };
        out.push_str(&format!("      “{}{dots}”\n", shown(&short)));
    }
    let law: Vec<String> = issue
        .judged
        .basis
        .iter()
        .filter(|basis| basis.is_law())
        .map(|basis| cite(basis, voice.lang))
        .collect();
    if issue.standing != Standing::NeedsPerson && !law.is_empty() {
        out.push_str(&format!("      {}\n", law.join(&voice.say("；", "; "))));
    }
    if issue.standing == Standing::Remark {
        out.push_str(&format!(
            "      {}\n",
            voice.say("当日没有有效的条文，仅作提示", "no provision was in force that day: a remark")
        ));
    }
    out
}

/// A provision with the mark of its text.
pub(crate) fn cite(basis: &Basis, lang: Lang) -> String {
    let name = match lang {
        Lang::Zh => &basis.zh,
        Lang::En => &basis.en,
    };
    basis.mark.map_or_else(|| name.clone(), |mark| format!("{name} [{}]", mark.code()))
}

fn place(issue: &Issue<'_>) -> String {
    issue.finding().spots.first().map(|spot| shown(&spot.place)).unwrap_or_default()
}

/// Text from a page on one line, with nothing that a terminal would obey.
pub(crate) fn shown(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' | '\r' => ' ',
            c if is_hidden(c) => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// Characters that a reader cannot see or that reorder the text around them.
pub(crate) const fn is_hidden(c: char) -> bool {
    matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Characters of a quotation.
const QUOTE: usize = 80;
