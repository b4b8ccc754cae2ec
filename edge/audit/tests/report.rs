//! The documents made from the fixture: sums hold, bytes repeat, input text is inert, nothing is hidden.

mod fixture;

use anning_audit::report::{Options, Status, compare, html, progress};
use anning_audit::summary::{Answers, Lang, Outcomes, ReadError, Summary, terminal};

fn report(summary: &Summary, lang: Lang) -> String {
    html(summary, &fixture::statutes(), &Options { lang, ..Options::default() })
}

#[test]
fn the_fixture_balances() {
    assert_eq!(fixture::summary().imbalances(), []);
    assert_eq!(fixture::after().imbalances(), []);
}

#[test]
fn a_sum_that_does_not_hold_is_named() {
    let mut summary = fixture::summary();
    summary.inputs.files[0].rejected += 1;
    summary.totals.outcomes.breached += 1;
    let places: Vec<_> = summary.imbalances().into_iter().map(|i| i.place).collect();
    let file = &summary.inputs.files[0].file;
    for place in [
        format!("inputs {file}"),
        format!("rejects {file}"),
        "totals.outcomes".into(),
        "campaigns breached".into(),
        "timeline breached".into(),
    ] {
        assert!(places.contains(&place), "{place} not in {places:?}");
    }
}

#[test]
fn json_round_trips_and_refuses_what_it_does_not_know() {
    let summary = fixture::summary();
    let text = summary.to_json().unwrap();
    assert_eq!(Summary::from_json(&text).unwrap(), summary);
    assert_eq!(fixture::summary().to_json().unwrap(), text);
    let other = text.replacen("anning-summary/1", "anning-summary/9", 1);
    assert!(matches!(Summary::from_json(&other), Err(ReadError::Format(f)) if f == "anning-summary/9"));
    let unknown = text.replacen("\"no_record\"", "\"no_such_ground\"", 1);
    assert!(Summary::from_json(&unknown).unwrap_err().to_string().contains("no_such_ground"));
}

#[test]
fn settling_removes_the_order_of_work() {
    let mut shuffled = fixture::summary();
    shuffled.provisions.reverse();
    shuffled.evidence.reverse();
    shuffled.campaigns.rows.reverse();
    shuffled.timeline.reverse();
    shuffled.exposure.reverse();
    shuffled.remedies.reverse();
    shuffled.settle();
    assert_eq!(shuffled, fixture::summary());
}

#[test]
fn the_same_summary_gives_the_same_bytes() {
    assert_eq!(report(&fixture::summary(), Lang::Zh), report(&fixture::summary(), Lang::Zh));
}

#[test]
fn input_text_never_becomes_markup() {
    let html = report(&fixture::hostile(), Lang::Zh);
    for payload in ["<img src=x", "<svg onload", "<!--<script>", "window.pwned=1</script>"] {
        assert!(!html.contains(payload), "{payload}");
    }
    assert_eq!(html.matches("<script").count(), 1);
    assert_eq!(html.matches("</script>").count(), 1);
    assert!(html.contains("⟨U+202E⟩txt.exe⟨U+0000⟩⟨U+2028⟩"));
    assert!(!html.contains('\u{1}'));
}

#[test]
fn nothing_is_fetched_and_only_our_script_may_run() {
    let html = report(&fixture::summary(), Lang::En);
    assert!(html.contains("default-src 'none'"));
    let nonce = html.split("script-src 'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    assert_eq!(nonce.len(), 32);
    assert_eq!(html.matches(&format!("nonce=\"{nonce}\"")).count(), 2);
    for reference in ["src=", "http://", "https://", "@import", " style=", "onclick"] {
        assert!(!html.contains(reference), "{reference}");
    }
}

#[test]
fn breached_and_unproved_are_never_one_number() {
    let summary = fixture::summary();
    let o = summary.totals.outcomes;
    let grouped = |n: u64| {
        let digits = n.to_string();
        let mut out = String::new();
        for (i, c) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i) % 3 == 0 {
                out.push(',');
            }
            out.push(c);
        }
        out
    };
    for text in [report(&summary, Lang::Zh), terminal(&summary, Lang::Zh, 100)] {
        assert!(text.contains(&grouped(o.breached)) && text.contains(&grouped(o.unproved)));
        assert!(!text.contains(&grouped(o.breached + o.unproved)));
    }
}

#[test]
fn what_is_left_out_is_counted() {
    let summary = fixture::summary();
    let options = Options { rows: 5, samples: 1, targets: 1, ..Options::default() };
    let html = html(&summary, &fixture::statutes(), &options);
    let left = summary.campaigns.rows.len() as u64 - 5 + summary.campaigns.rest.rows;
    assert!(html.contains(&format!("其余 {left} 项")), "{left}");
}

#[test]
fn an_empty_audit_says_so() {
    let mut summary = Summary::default();
    summary.settle();
    assert_eq!(summary.imbalances(), []);
    let html = report(&summary, Lang::En);
    assert!(html.contains("There were no sends to judge."));
    assert!(html.contains("No breach was shown."));
    assert!(terminal(&summary, Lang::En, 80).contains("sends judged 0"));
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let wide = |line: &str| line.chars().map(|c| if c >= '\u{2e80}' { 2 } else { 1 }).sum::<usize>();
    for (lang, width) in [(Lang::Zh, 80), (Lang::En, 80), (Lang::Zh, 120), (Lang::En, 60)] {
        for summary in [fixture::summary(), fixture::hostile()] {
            let text = terminal(&summary, lang, width);
            assert!(text.lines().all(|line| wide(line) <= width), "{text}");
            assert!(text.lines().count() <= 40, "{text}");
            assert!(!text.contains('\u{202e}') && !text.contains('\u{0}'));
        }
    }
}

#[test]
fn terminal_snapshots() {
    let check = |name: &str, found: &str| {
        let path = format!("{}/tests/snapshots/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("ANNING_UPDATE_SNAPSHOTS").is_some() {
            std::fs::write(&path, found).unwrap();
        }
        assert_eq!(found, std::fs::read_to_string(&path).unwrap(), "set ANNING_UPDATE_SNAPSHOTS=1 to accept");
    };
    let (before, after) = (fixture::summary(), fixture::after());
    check("summary.zh", &terminal(&before, Lang::Zh, 100));
    check("summary.en", &terminal(&before, Lang::En, 100));
    check("progress.zh", &progress(&before, &after).terminal(Lang::Zh, 100));
    check("progress.en", &progress(&before, &after).terminal(Lang::En, 100));
    let replay = compare(&before, &fixture::under_other_law());
    check("compare.zh", &replay.terminal(Lang::Zh, 100));
    check("compare.en", &replay.terminal(Lang::En, 100));
}

#[test]
fn progress_tells_stopped_from_not_seen() {
    // (breached, met) before and after, for one provision.
    let check = |before: (u64, u64), after: Option<(u64, u64)>, expected: Status| {
        let of = |counts: Option<(u64, u64)>| {
            let mut summary = fixture::summary();
            summary.provisions.truncate(1);
            match counts {
                Some((breached, met)) => {
                    summary.provisions[0].answers = Answers { met, breached, ..Answers::default() };
                }
                None => summary.provisions.clear(),
            }
            summary
        };
        let progress = progress(&of(Some(before)), &of(after));
        assert_eq!(progress.provisions[0].status, expected, "{before:?} {after:?}");
    };
    check((10, 90), Some((0, 50)), Status::Stopped);
    check((10, 90), Some((4, 96)), Status::Reduced);
    // Half the sends and half the breaches is no improvement.
    check((10, 90), Some((5, 45)), Status::Same);
    check((10, 90), Some((5, 5)), Status::Increased);
    check((0, 90), Some((1, 5)), Status::New);
    check((0, 90), Some((0, 5)), Status::Clean);
    check((10, 90), None, Status::CannotTell);
}

#[test]
fn a_capped_list_proves_nothing_about_a_campaign() {
    let before = fixture::summary();
    let mut after = fixture::after();
    let gone = before.campaigns.rows[0].id.clone();
    after.campaigns.rows.retain(|row| row.id != gone);
    let status =
        |after: &Summary| progress(&before, after).campaigns.iter().find(|c| c.id == gone).map(|c| c.status);
    after.campaigns.rest.rows = 3;
    assert_eq!(status(&after), Some(Status::CannotTell));
    after.campaigns.rest.rows = 0;
    assert_eq!(status(&after), Some(Status::Stopped));
}

#[test]
fn audits_on_different_ground_are_not_compared_silently() {
    let (before, mut after) = (fixture::summary(), fixture::after());
    after.bound.judge = "other".to_owned();
    let progress = progress(&before, &after);
    assert_eq!(progress.differs, ["judge"]);
    assert!(progress.html(Lang::Zh).contains("两次审计的基础不同（judge）"));
}

#[test]
fn a_comparison_lists_only_what_changed() {
    let before = fixture::summary();
    assert!(compare(&before, &before).provisions.is_empty());
    let replay = compare(&before, &fixture::under_other_law());
    assert!(replay.same_history);
    assert_eq!(replay.differs, ["law_on"]);
    assert!(replay.provisions.iter().all(|p| p.id.starts_with("pipl_") && p.b.sends == 0));
    assert_eq!(replay.provisions.len(), 4);
}

#[test]
fn outcomes_balance_only_when_all_five_make_up_the_sends() {
    let whole = Outcomes { sends: 5, breached: 1, unproved: 1, unclear: 1, lawful: 1, outside: 1 };
    assert!(whole.balances());
    assert!(!Outcomes { sends: 6, ..whole }.balances());
}
