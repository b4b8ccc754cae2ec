//! `anning law`: what the pack says, by article and by date.

mod named;

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use anning_law::{
    Article, Bound, Corpus, Difference, Fate, FateKind, Fine, GainStep, Instrument, Measure, ObligationFate,
    OnDay, Penalty, Precondition, Unit, Version,
};
use anning_vocab::{Date, Fen, Mark, Role};

/// Arguments of `anning law`.
#[derive(clap::Args, Debug)]
pub struct LawArgs {
    /// Language of the labels; texts stay Chinese.
    #[arg(long, value_enum, default_value = "zh", global = true)]
    lang: Lang,
    #[command(subcommand)]
    command: Command,
}

/// Language of the labels.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// Chinese.
    Zh,
    /// English.
    En,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// What changed when for commercial messages.
    Timeline,
    /// An article: text, mark, rules, limits, examples; as it stood on a day, or in every wording.
    Show {
        /// Such as `cn/pipl/14`, 个人信息保护法第十四条 or 个保法14; `cn/pipl` or 个人信息保护法 lists its articles.
        article: String,
        /// The day, YYYY-MM-DD.
        #[arg(long, value_parser = date)]
        on: Option<Date>,
    },
    /// What differs between the law of two days.
    Diff {
        /// YYYY-MM-DD.
        #[arg(value_parser = date)]
        earlier: Date,
        /// YYYY-MM-DD.
        #[arg(value_parser = date)]
        later: Date,
    },
    /// O01 to O53 with what becomes of each.
    Obligations,
}

/// Prints what is asked. An article that the pack does not hold is wrong usage (2), with near matches.
///
/// # Errors
/// Writing to the terminal failed.
pub fn run(args: LawArgs) -> std::io::Result<ExitCode> {
    let labels = Labels(args.lang);
    let corpus = Corpus::embedded();
    let page = match &args.command {
        Command::Timeline => Ok(timeline(corpus, labels)),
        Command::Show { article, on } => show(corpus, labels, article, *on),
        Command::Diff { earlier, later } => Ok(diff(corpus, labels, *earlier, *later)),
        Command::Obligations => Ok(obligations(corpus, labels)),
    };
    match page {
        Ok(text) => match std::io::stdout().lock().write_all(text.as_bytes()) {
            // The reader has seen enough: `anning law timeline | head`.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
            written => written.map(|()| ExitCode::SUCCESS),
        },
        Err(message) => {
            crate::tell::warn(message.trim_end());
            Ok(ExitCode::from(2))
        }
    }
}

fn date(text: &str) -> Result<Date, anning_vocab::DateError> {
    Date::parse(text)
}

/// Labels in one of two languages.
#[derive(Clone, Copy)]
struct Labels(Lang);

impl Labels {
    fn pick<'t>(self, zh: &'t str, en: &'t str) -> &'t str {
        match self.0 {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// Between a label and what it introduces.
    fn colon(self) -> &'static str {
        self.pick("：", ": ")
    }

    fn title(self, instrument: &Instrument) -> &str {
        self.pick(&instrument.short_zh, &instrument.short_en)
    }

    fn mark(self, mark: Mark) -> &'static str {
        match (self.0, mark) {
            (Lang::Zh, Mark::Text) => "[T] 原文已核实",
            (Lang::Zh, Mark::TextNumberFromMemory) => "[T/n] 原文已核实，条号凭记忆",
            (Lang::Zh, Mark::Substance) => "[S] 要旨已核实，用词凭记忆：至多不明",
            (Lang::Zh, Mark::Memory) => "[M] 凭记忆：至多不明",
            (Lang::En, Mark::Text) => "[T] text verified",
            (Lang::En, Mark::TextNumberFromMemory) => "[T/n] text verified, number from memory",
            (Lang::En, Mark::Substance) => "[S] substance verified, wording from memory: at most unclear",
            (Lang::En, Mark::Memory) => "[M] memory only: at most unclear",
        }
    }

    fn period(self, version: &Version) -> String {
        match version.interval.until {
            Some(until) => format!("{} .. {until}", version.interval.from),
            None => format!("{} ..", version.interval.from),
        }
    }
}

fn timeline(corpus: &Corpus, labels: Labels) -> String {
    let mut out = String::new();
    for (instrument, change) in corpus.timeline() {
        let words = labels.pick(&change.zh, &change.en);
        let (title, colon) = (labels.title(instrument), labels.colon());
        line(&mut out, format_args!("{}  {}  {title}{colon}{words}", change.on, instrument.id));
    }
    out
}

fn show(corpus: &Corpus, labels: Labels, asked: &str, on: Option<Date>) -> Result<String, String> {
    let mut out = String::new();
    let named = named::id(corpus, asked, on);
    let id = named.as_deref().unwrap_or(asked);
    if let Some(instrument) = corpus.instrument(id) {
        instrument_page(&mut out, labels, instrument);
        return Ok(out);
    }
    let Some((instrument, article)) = corpus.instrument_of(id).zip(corpus.article(id)) else {
        let near = corpus.near(id).join(", ");
        let message =
            labels.pick("法律库里没有这一条，相近的有", "the pack holds no such article, near it are");
        return Err(format!("{message}: {near}: {asked}\n"));
    };
    let title = labels.pick(&instrument.title_zh, &instrument.title_en);
    line(&mut out, format_args!("{}  {title} {}", article.id, article.heading));
    let Some((day, (_, _, found))) = on.and_then(|day| Some((day, corpus.show(id, day)?))) else {
        for version in article.versions.iter().rev() {
            wording(&mut out, labels, version);
        }
        sources(&mut out, labels, instrument);
        return Ok(out);
    };
    let version = found.version();
    match found {
        OnDay::InForce(_) => wording(&mut out, labels, version),
        OnDay::NotLoaded(_) => wording(&mut out, labels, version),
        OnDay::NotYet(_) => {
            let words = labels.pick("尚未施行，施行于", "not yet in force, from");
            line(&mut out, format_args!("{day}  {words} {}", version.interval.from));
        }
        OnDay::Ended(_) => {
            let words = labels.pick("已不再施行，最后一日", "no longer in force, last day");
            let last = version.interval.until.unwrap_or(version.interval.from);
            line(&mut out, format_args!("{day}  {words} {last}"));
        }
    }
    match found.instead() {
        Some(instead) => governs(&mut out, corpus, labels, instead, day),
        None if matches!(found, OnDay::NotYet(_) | OnDay::Ended(_)) => {
            successor(&mut out, corpus, labels, instrument, day);
        }
        None => {}
    }
    sources(&mut out, labels, instrument);
    Ok(out)
}

fn instrument_page(out: &mut String, labels: Labels, instrument: &Instrument) {
    let title = labels.pick(&instrument.title_zh, &instrument.title_en);
    let rank = labels.pick(instrument.rank.zh(), instrument.rank.code());
    line(
        out,
        format_args!("{}  {title}  {rank}  {}  {}", instrument.id, instrument.issuer, instrument.number),
    );
    for article in &instrument.articles {
        for version in &article.versions {
            let mark = version.mark.map_or(labels.pick("未载入", "not loaded"), |mark| labels.mark(mark));
            let period = labels.period(version);
            line(out, format_args!("  {}  {}  {period}  {mark}", article.id, article.heading));
        }
    }
    sources(out, labels, instrument);
}

/// What governs instead on that day: the articles named, or the reason why none is loaded.
fn governs(out: &mut String, corpus: &Corpus, labels: Labels, instead: &str, day: Date) {
    let ids: Vec<&str> = instead.split(' ').filter(|word| word.starts_with("cn/")).collect();
    if ids.is_empty() {
        line(out, format_args!("  {instead}"));
        return;
    }
    line(out, format_args!("{}", labels.pick("当日适用：", "governs that day:")));
    for (instrument, article, found) in ids.iter().filter_map(|id| corpus.show(id, day)) {
        if matches!(found, OnDay::InForce(_) | OnDay::NotLoaded(_)) {
            line(out, format_args!("  {}  {} {}", article.id, labels.title(instrument), article.heading));
        } else {
            let words = labels.pick("当日也未施行", "not in force on that day either");
            line(out, format_args!("  {}  {words}", article.id));
        }
    }
}

fn successor(out: &mut String, corpus: &Corpus, labels: Labels, instrument: &Instrument, day: Date) {
    let next = instrument.successor.as_deref().and_then(|id| corpus.instrument(id));
    match next.filter(|next| next.interval.contains(day)) {
        Some(next) => {
            let words = labels.pick("当日施行的是：", "in force that day: ");
            line(out, format_args!("{words}{}  {}", next.id, labels.title(next)));
        }
        None => line(
            out,
            format_args!(
                "{}",
                labels.pick("当日没有载入的前身或者后继", "no earlier or later text is loaded")
            ),
        ),
    }
}

fn wording(out: &mut String, labels: Labels, version: &Version) {
    let mark = version.mark.map_or_else(
        || labels.pick("已施行，原文未载入", "in force, text not loaded").to_owned(),
        |mark| labels.mark(mark).to_owned(),
    );
    line(out, format_args!("\n{}  {mark}", labels.period(version)));
    for paragraph in &version.paragraphs {
        let apart = (Some(paragraph.mark) != version.mark).then(|| format!("[{}] ", paragraph.mark.code()));
        line(out, format_args!("    {}{}", apart.unwrap_or_default(), paragraph.text));
    }
    for fate in &version.fates {
        line(out, format_args!("{}", fate_line(labels, fate)));
    }
    for note in &version.notes {
        line(out, format_args!("{}  {note}", labels.pick("注", "note")));
    }
    for penalty in &version.penalties {
        line(out, format_args!("{}  {}", labels.pick("罚则", "penalty"), penalty_line(labels, penalty)));
    }
    for term in &version.terms {
        let bound = match term.bound {
            Bound::AtLeast => labels.pick("至少", "at least"),
            Bound::AtMost => labels.pick("至多", "at most"),
        };
        let (words, unit) = (labels.pick(&term.zh, &term.en), unit(labels, term.unit));
        let label = labels.pick("期限", "term");
        let colon = labels.colon();
        line(out, format_args!("{label}  {words}{colon}{bound} {} {unit}  {}", term.amount, term.runs_from));
    }
    for threshold in &version.thresholds {
        let at = match threshold.at_least {
            Measure::Money(fen) => format!("{fen} {}", labels.pick("元", "yuan")),
            Measure::Count(count) => format!("{count} {}", labels.pick("条", "records")),
        };
        let words = labels.pick(&threshold.zh, &threshold.en);
        line(out, format_args!("{}  {words}{}{at}", labels.pick("界线", "line"), labels.colon()));
    }
    for example in &version.examples {
        let (name, situation) = (&example.name, example.situation.join("、"));
        let label = labels.pick("例", "example");
        line(out, format_args!("{label}  {}  {situation} → {}  {name}", example.date, example.outcome));
    }
}

fn fate_line(labels: Labels, fate: &Fate) -> String {
    let parts: Vec<String> = fate.targets.iter().map(ToString::to_string).collect();
    let parts = parts.join("、");
    match &fate.kind {
        FateKind::Rule(name) => format!("{}  {name}  {parts}", labels.pick("规则", "rule")),
        FateKind::Joins(name) => format!("{}  {name}  {parts}", labels.pick("参见", "see rule")),
        FateKind::Test(folder) => format!("{}  {folder}  {parts}", labels.pick("测试", "kept by")),
        FateKind::SetAside(reason) if parts.is_empty() => {
            format!("{}  {reason}", labels.pick("另置", "set aside"))
        }
        FateKind::SetAside(reason) => {
            format!("{}  {parts}{}{reason}", labels.pick("另置", "set aside"), labels.colon())
        }
    }
    .trim_end()
    .to_owned()
}

fn penalty_line(labels: Labels, penalty: &Penalty) -> String {
    let roles: Vec<&str> = penalty.roles.iter().map(|role| role_word(labels, role)).collect();
    let mut parts = vec![format!("{}  {}", penalty.id, roles.join(labels.pick("、", ", ")))];
    match penalty.precondition {
        Precondition::None => {}
        Precondition::RefusedCorrection => {
            parts.push(labels.pick("拒不改正", "correction refused").to_owned())
        }
        Precondition::Serious => parts.push(labels.pick("情节严重", "serious").to_owned()),
        Precondition::RefusedOrSerious => {
            parts.push(labels.pick("拒不改正或者情节严重", "correction refused or serious").to_owned());
        }
    }
    parts.extend(gain_words(labels, penalty.gain));
    parts.extend(fine_words(labels, penalty));
    if let Some((min, max)) = penalty.persons {
        parts.push(format!("{} {min} .. {max}", labels.pick("责任人员", "persons")));
    }
    let other = penalty.other.iter().map(|sanction| labels.pick(sanction.zh(), sanction.code()).to_owned());
    parts.extend(other);
    if penalty.subsidiary {
        let words =
            labels.pick("其他法律、法规另有规定的从其规定", "only where no other law or regulation says");
        parts.push(words.to_owned());
    }
    parts.push(penalty.authority.clone());
    parts.join(labels.pick("；", "; "))
}

fn gain_words(labels: Labels, gain: GainStep) -> Option<String> {
    let word = |zh, en, sum: Fen| format!("{} {sum}", labels.pick(zh, en));
    match gain {
        GainStep::Any => None,
        GainStep::Some => Some(labels.pick("有违法所得", "some gain").to_owned()),
        GainStep::None => Some(labels.pick("没有违法所得", "no gain").to_owned()),
        GainStep::AtLeast(sum) => Some(word("违法所得不少于", "gain of at least", sum)),
        GainStep::Below(sum) => Some(word("没有违法所得或者少于", "no gain or less than", sum)),
    }
}

fn fine_words(labels: Labels, penalty: &Penalty) -> Option<String> {
    let may = if penalty.optional {
        labels.pick("可以罚款", "may be fined")
    } else {
        labels.pick("罚款", "fine")
    };
    let yuan = labels.pick("元", "yuan");
    match penalty.fine {
        Fine::None => None,
        Fine::Range { min, max } => Some(format!("{may} {min} .. {max} {yuan}")),
        Fine::MaxOnly { max } => Some(format!("{may} ≤ {max} {yuan}")),
        Fine::MultipleOfGain { min, max, cap } => {
            let times = labels.pick("倍违法所得", "times the gain");
            let cap = cap.map(|cap| format!(" ≤ {cap} {yuan}")).unwrap_or_default();
            Some(format!("{may} {min} .. {max} {times}{cap}"))
        }
        Fine::TurnoverShare { percent, max } => {
            let share = labels.pick("或者上一年度营业额的", "or, of last year's turnover,");
            Some(format!("{may} ≤ {max} {yuan} {share} {percent}%"))
        }
    }
}

fn role_word(labels: Labels, role: Role) -> &'static str {
    let zh = match role {
        Role::Advertiser => "广告主",
        Role::Business => "经营者",
        Role::OnlineBusiness => "网络交易经营者",
        Role::ContentProvider => "短信息内容提供者",
        Role::ServiceProvider => "短信息服务提供者",
        Role::Carrier => "基础电信业务经营者",
        Role::Processor => "个人信息处理者",
        Role::Platform => "网络平台服务提供者",
        Role::Anyone => "任何单位或者个人",
    };
    labels.pick(zh, role.code())
}

fn unit(labels: Labels, unit: Unit) -> &'static str {
    match unit {
        Unit::Hours => labels.pick("小时", "hours"),
        Unit::Days => labels.pick("日", "days"),
        Unit::WorkingDays => labels.pick("个工作日", "working days"),
        Unit::Months => labels.pick("个月", "months"),
        Unit::Years => labels.pick("年", "years"),
    }
}

fn sources(out: &mut String, labels: Labels, instrument: &Instrument) {
    line(out, format_args!("\n{}  {}", labels.pick("来源", "source"), instrument.source));
    line(out, format_args!("{}  {}", labels.pick("核验", "verification"), instrument.verification));
}

fn diff(corpus: &Corpus, labels: Labels, earlier: Date, later: Date) -> String {
    let mut out = String::new();
    // The later day may be named first: what begins one way ends the other.
    let differences = corpus.diff(earlier, later);
    if differences.is_empty() {
        let words = labels.pick("没有不同", "no difference");
        line(&mut out, format_args!("{earlier} .. {later}  {words}"));
    }
    for difference in differences {
        let article = difference.article();
        let name = name(corpus, labels, article);
        match difference {
            Difference::Begun(_, version) => {
                let was = version.was.as_deref().map(|was| format!("  ← {was}")).unwrap_or_default();
                line(&mut out, format_args!("{}  + {name}{was}", difference.on()));
            }
            Difference::Ended(_, version) => {
                let now = version.now.as_deref().map(|now| format!("  → {now}")).unwrap_or_default();
                line(&mut out, format_args!("{}  - {name}{now}", difference.on()));
            }
            Difference::Reworded(_, old, new) => {
                line(&mut out, format_args!("{}  ~ {name}", difference.on()));
                for (sign, version) in [('-', old), ('+', new)] {
                    for paragraph in &version.paragraphs {
                        line(&mut out, format_args!("      {sign} {}", paragraph.text));
                    }
                }
            }
        }
    }
    out
}

fn name(corpus: &Corpus, labels: Labels, article: &Article) -> String {
    let title = corpus.instrument_of(&article.id).map_or("", |instrument| labels.title(instrument));
    format!("{}  {title} {}", article.id, article.heading)
}

fn obligations(corpus: &Corpus, labels: Labels) -> String {
    let mut out = String::new();
    for obligation in corpus.obligations() {
        let words = labels.pick(&obligation.zh, &obligation.en);
        let until = obligation.interval.until.map(|day| day.to_string()).unwrap_or_default();
        let period = format!("{}..{until}", obligation.interval.from);
        let who = labels.pick(&obligation.who_zh, &obligation.who_en);
        line(&mut out, format_args!("{}  {who}  {period}{}{words}", obligation.id, labels.colon()));
        line(&mut out, format_args!("     {}", obligation.articles.join(labels.pick("、", ", "))));
        match &obligation.fate {
            ObligationFate::Rules(rules) => {
                let rules = rules.join(labels.pick("、", ", "));
                line(&mut out, format_args!("     {} {rules}", labels.pick("规则", "rules")));
            }
            ObligationFate::SetAside(reason) => {
                line(&mut out, format_args!("     {} {reason}", labels.pick("另置", "set aside")));
            }
        }
    }
    out
}

/// Writing to a `String` cannot fail.
fn line(out: &mut String, words: std::fmt::Arguments<'_>) {
    let _infallible = out.write_fmt(words);
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::{Labels, Lang, diff, obligations, show, timeline};
    use anning_law::Corpus;
    use anning_vocab::Date;

    /// What is printed stands in `cli/tests/law/`; a change there is read like any other.
    /// `ANNING_SNAPSHOTS=write` writes them anew.
    fn check(name: &str, printed: &str) {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/law").join(name);
        if std::env::var("ANNING_SNAPSHOTS").is_ok_and(|v| v == "write") {
            std::fs::write(&path, printed).unwrap();
        }
        let stands = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(printed, stands, "{}", path.display());
    }

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn shown(lang: Lang, article: &str, on: Option<&str>) -> String {
        show(Corpus::embedded(), Labels(lang), article, on.map(day)).unwrap()
    }

    #[test]
    fn an_article_before_and_after_it_came_into_force() {
        check("pipl-14-on-2021-10-31.txt", &shown(Lang::Zh, "cn/pipl/14", Some("2021-10-31")));
        check("pipl-14-on-2021-11-02.txt", &shown(Lang::Zh, "cn/pipl/14", Some("2021-11-02")));
        check("pipl-14-on-2021-10-31.en.txt", &shown(Lang::En, "cn/pipl/14", Some("2021-10-31")));
    }

    #[test]
    fn a_number_that_changed() {
        check("adlaw-62-on-2021-04-28.en.txt", &shown(Lang::En, "cn/adlaw/62", Some("2021-04-28")));
        check("adlaw-63.txt", &shown(Lang::Zh, "cn/adlaw/63", None));
    }

    #[test]
    fn a_repealed_text_and_one_that_is_not_loaded() {
        check("miit31-18-on-2026-06-01.txt", &shown(Lang::Zh, "cn/miit31/18", Some("2026-06-01")));
        check("miit31-12.en.txt", &shown(Lang::En, "cn/miit31/12", None));
        check("miit74-21-on-2026-06-01.en.txt", &shown(Lang::En, "cn/miit74/21", Some("2026-06-01")));
    }

    #[test]
    fn penalties_in_words() {
        check("pipl-66.en.txt", &shown(Lang::En, "cn/pipl/66", None));
        check("crpl-56.txt", &shown(Lang::Zh, "cn/crpl/56", None));
    }

    #[test]
    fn an_instrument_lists_its_articles() {
        check("npcsc.txt", &shown(Lang::Zh, "cn/npcsc", None));
    }

    #[test]
    fn an_unknown_article_names_its_neighbours() {
        let message = show(Corpus::embedded(), Labels(Lang::En), "PIPL 14", None).unwrap_err();
        assert!(
            message.starts_with("the pack holds no such article, near it are: cn/pipl/14, "),
            "{message}"
        );
        assert!(message.ends_with(": PIPL 14\n"), "{message}");
    }

    #[test]
    fn the_timeline() {
        check("timeline.txt", &timeline(Corpus::embedded(), Labels(Lang::Zh)));
        check("timeline.en.txt", &timeline(Corpus::embedded(), Labels(Lang::En)));
    }

    #[test]
    fn differences() {
        let diff = |lang, a, b| diff(Corpus::embedded(), Labels(lang), day(a), day(b));
        check("diff-2021-04-28-2021-04-29.txt", &diff(Lang::Zh, "2021-04-28", "2021-04-29"));
        check("diff-2025-12-31-2026-01-01.en.txt", &diff(Lang::En, "2025-12-31", "2026-01-01"));
        assert_eq!(diff(Lang::En, "2024-03-01", "2024-03-02"), "2024-03-01 .. 2024-03-02  no difference\n");
    }

    #[test]
    fn the_obligations() {
        check("obligations.txt", &obligations(Corpus::embedded(), Labels(Lang::Zh)));
        check("obligations.en.txt", &obligations(Corpus::embedded(), Labels(Lang::En)));
    }
}
