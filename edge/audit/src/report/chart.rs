//! The timeline: sends, breached, unproved and unclear in rows of their own over one axis of time, with
//! the days on which the law changed as lines and Double 11 as bands.

use anning_vocab::Date;

use super::months::{self, Run};
use super::page::{Page, approx};
use super::{View, bars, strings as s};

const WIDTH: f64 = 1_040.0;
const LEFT: f64 = 58.0;
const TOP: f64 = 58.0;
const ROW: f64 = 84.0;
const GAP: f64 = 24.0;
/// Markers of law changes nearer than this are set one below the other.
const NEAR: f64 = 20.0;
/// More years than this are shown by month only.
const YEARS: usize = 12;

pub(super) fn write(page: &mut Page, view: View<'_>) {
    page.raw("<section id=\"timeline\"><h2>").say(s::TIMELINE).raw("</h2>");
    let Some(run) = months::months(view.summary) else {
        page.raw("<p>").say(s::NOTHING_JUDGED).raw("</p></section>\n");
        return;
    };
    page.raw("<p class=\"note\">").say(s::TIMELINE_NOTE).raw("</p>");
    let years = months::years(view.summary);
    let by_day = years.len() <= YEARS;
    page.raw("<div class=\"tabs\"><div class=\"tablist\" role=\"tablist\"").label(s::TIMELINE).raw(">");
    tab(page, 0, None);
    if by_day {
        for (i, year) in years.iter().enumerate() {
            tab(page, i + 1, Some(&year.first.ymd().0.to_string()));
        }
    }
    page.raw("</div>");
    panel(page, view, 0, &run);
    if by_day {
        for (i, year) in years.iter().enumerate() {
            panel(page, view, i + 1, year);
        }
    }
    page.raw("</div>");
    legend(page, view);
    table(page, &run);
    page.raw("</section>\n");
}

fn tab(page: &mut Page, i: usize, year: Option<&str>) {
    page.raw("<button type=\"button\" role=\"tab\"").attr("id", &format!("tab-{i}"));
    page.attr("aria-controls", &format!("panel-{i}")).raw(">");
    match year {
        Some(year) => page.text(year),
        None => page.say(s::BY_MONTH),
    };
    page.raw("</button>");
}

fn panel(page: &mut Page, view: View<'_>, i: usize, run: &Run) {
    page.raw("<div role=\"tabpanel\" class=\"scroll\" tabindex=\"0\"").attr("id", &format!("panel-{i}"));
    page.attr("aria-labelledby", &format!("tab-{i}")).raw(">");
    let height = TOP + 4.0 * ROW + 3.0 * GAP + 24.0;
    page.raw("<svg class=\"timeline\" role=\"img\"").label(s::TIMELINE);
    page.attr("viewBox", &format!("0 0 {WIDTH} {height}")).attr("data-left", &LEFT.to_string());
    page.attr("data-width", &WIDTH.to_string()).raw(">");
    seasons(page, run);
    let most = run.columns.iter().flat_map(|c| c.counts.into_iter().skip(1)).max().unwrap_or(0);
    let most_sends = run.columns.iter().map(|c| c.counts[0]).max().unwrap_or(0);
    let rows = [
        ("o", s::SENDS, most_sends),
        ("b", s::BREACHED, most),
        ("u", s::NOT_PROVED, most),
        ("c", s::OPEN, most),
    ];
    let mut y = TOP;
    for (n, (tone, name, scale)) in rows.into_iter().enumerate() {
        let heights = run.columns.iter().map(|c| c.counts.get(n).copied().unwrap_or(0));
        row(page, run, y, (tone, name, scale), heights);
        y += ROW + GAP;
    }
    axis(page, run, height - 18.0);
    changes(page, view, run, height - 36.0);
    page.raw("<line class=\"cursor\" y1=\"40\"").at("y2", height - 36.0).raw(" x1=\"-9\" x2=\"-9\"/></svg>");
    // The script reads the numbers under the cursor from here.
    page.raw("<template class=\"columns\">");
    for column in &run.columns {
        let [a, b, c, d] = column.counts;
        page.text(&format!("{} {a} {b} {c} {d};", column.name));
    }
    page.raw("</template></div>");
}

fn row(
    page: &mut Page,
    run: &Run,
    top: f64,
    (tone, name, scale): (&'static str, super::Phrase, u64),
    heights: impl Iterator<Item = u64>,
) {
    let base = top + ROW;
    page.raw("<g class=\"")
        .raw(tone)
        .raw("\"><text class=\"rowname\"")
        .at("x", LEFT + 4.0)
        .at("y", top - 5.0)
        .raw(">");
    svg_say(page, name);
    page.raw("</text>");
    for (part, y) in [(scale, top), (scale / 2, top + ROW / 2.0)] {
        page.raw("<line class=\"grid\"").at("x1", LEFT).at("x2", WIDTH).at("y1", y).at("y2", y).raw("/>");
        page.raw("<text class=\"tick\" text-anchor=\"end\"").at("x", LEFT - 6.0).at("y", y + 4.0).raw(">");
        page.text(&short(part)).raw("</text>");
    }
    let step = (WIDTH - LEFT) / approx(run.columns.len() as u64);
    let gap = if step > 6.0 { 2.0 } else { 0.0 };
    let mut path = String::new();
    for (i, n) in heights.enumerate() {
        if n == 0 || scale == 0 {
            continue;
        }
        let x = LEFT + approx(i as u64) * step + gap / 2.0;
        let h = (approx(n) / approx(scale) * ROW).max(0.7);
        path.push_str(&format!("M{x:.1} {base:.1}v-{h:.1}h{:.1}V{base:.1}z", step - gap));
    }
    page.raw("<path class=\"fill\"")
        .attr("d", &path)
        .raw("/><line class=\"base\"")
        .at("x1", LEFT)
        .at("x2", WIDTH);
    page.at("y1", base).at("y2", base).raw("/></g>");
}

fn svg_say(page: &mut Page, phrase: super::Phrase) {
    page.raw("<tspan class=\"z\" lang=\"zh-CN\">")
        .text(phrase.zh)
        .raw("</tspan><tspan class=\"e\" lang=\"en\">");
    page.text(phrase.en).raw("</tspan>");
}

/// Where a day stands on the axis, if it is in the run.
fn x_of(run: &Run, day: Date) -> Option<f64> {
    let (first, last) = (run.first.days(), run.last.days());
    if !(first..=last).contains(&day.days()) {
        return None;
    }
    // Columns of months have one width whatever their length, so a day is placed within its month.
    let (y, m, d) = day.ymd();
    let step = (WIDTH - LEFT) / approx(run.columns.len() as u64);
    if run.columns.len() as i64 == i64::from(last - first) + 1 {
        return Some(LEFT + f64::from(day.days() - first) * step);
    }
    let (y0, m0, _) = run.first.ymd();
    let months = f64::from((y - y0) * 12) + f64::from(m) - f64::from(m0);
    Some(LEFT + (months + f64::from(d - 1) / 31.0) * step)
}

fn seasons(page: &mut Page, run: &Run) {
    let bottom = TOP + 4.0 * ROW + 3.0 * GAP;
    for year in run.first.ymd().0..=run.last.ymd().0 {
        let ends =
            [(11, 1), (11, 12)].map(|(m, d)| Date::from_ymd(year, m, d).and_then(|day| x_of(run, day)));
        if let [Some(from), Some(until)] = ends {
            page.raw("<rect class=\"season\"")
                .at("x", from)
                .at("y", 36.0)
                .at("width", (until - from).max(3.0));
            page.at("height", bottom - 36.0).raw("/><text class=\"seasonname\" text-anchor=\"middle\"");
            page.at("x", f64::midpoint(from, until)).at("y", 33.0).raw(">");
            svg_say(page, s::DOUBLE_11);
            page.raw("</text>");
        }
    }
}

fn axis(page: &mut Page, run: &Run, y: f64) {
    let step = (WIDTH - LEFT) / approx(run.columns.len() as u64);
    for (i, column) in run.columns.iter().enumerate() {
        let name = match (column.name.get(..4), column.name.get(5..)) {
            (Some(year), Some("01")) => year,
            (Some(_), Some(rest)) if rest.ends_with("-01") => column.name.get(..7).unwrap_or_default(),
            _ if i == 0 && run.columns.len() <= 24 => column.name.as_str(),
            _ => continue,
        };
        let x = LEFT + approx(i as u64) * step;
        page.raw("<line class=\"grid\"").at("x1", x).at("x2", x).at("y1", TOP).at("y2", y - 12.0).raw("/>");
        page.raw("<text class=\"tick\"").at("x", x + 2.0).at("y", y + 4.0).raw(">").text(name).raw("</text>");
    }
}

fn changes(page: &mut Page, view: View<'_>, run: &Run, bottom: f64) {
    let (mut last, mut level) = (f64::NEG_INFINITY, 0.0);
    for (n, change) in view.statutes.changes.iter().enumerate() {
        let Some(x) = Date::parse(&change.date).ok().and_then(|day| x_of(run, day)) else { continue };
        level = if x - last < NEAR && level < 1.0 { 1.0 } else { 0.0 };
        last = x;
        // Two that fall close together sit side by side, each with its own line.
        let at = if level > 0.0 { x + 16.0 } else { x };
        page.raw("<g class=\"change\"><title>")
            .text(&format!("{} {}", change.date, change.words.zh))
            .raw("</title>");
        page.raw("<path")
            .attr("d", &format!("M{at:.1} 20L{x:.1} 36V{bottom:.1}"))
            .raw("/><circle r=\"8\" cy=\"12\"");
        page.at("cx", at).raw("/><text text-anchor=\"middle\" y=\"16\"").at("x", at).raw(">");
        page.count(n as u64 + 1).raw("</text></g>");
    }
}

fn legend(page: &mut Page, view: View<'_>) {
    if view.statutes.changes.is_empty() {
        return;
    }
    page.raw("<h3>").say(s::LAW_CHANGES).raw("</h3><ol class=\"changes\">");
    for change in &view.statutes.changes {
        page.raw("<li><time>").text(&change.date).raw("</time> ").words(&change.words).raw("</li>");
    }
    page.raw("</ol>");
}

fn table(page: &mut Page, run: &Run) {
    page.raw("<details><summary>").say(s::DATA_TABLE).raw("</summary>");
    bars::open(page, "timeline", s::TIMELINE, &[s::MONTH, s::SENDS, s::BREACHED, s::NOT_PROVED, s::OPEN]);
    for column in &run.columns {
        let [sends, breached, unproved, unclear] = column.counts;
        page.raw("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">").text(&column.name).raw("</th>");
        for (name, n) in
            [(s::SENDS, sends), (s::BREACHED, breached), (s::NOT_PROVED, unproved), (s::OPEN, unclear)]
        {
            bars::plain(page, name, n);
        }
        page.raw("</tr>");
    }
    bars::close(page);
    page.raw("</details>");
}

/// `1.2M`, `34k`, `560`.
fn short(n: u64) -> String {
    match n {
        0..=9_999 => n.to_string(),
        10_000..=999_999 => format!("{}k", n / 1_000),
        _ => format!("{:.1}M", approx(n) / 1_000_000.0),
    }
}
