//! A generated world audited, and compared with an oracle written from the articles apart from the rules.
use std::collections::BTreeMap;

use anning_audit::Settings;
use anning_sample::{Format, Options, Part, Size, expectations, write};
use anning_vocab::Answer;

use crate::verdicts::{scratch, verdicts};

#[test]
fn expected_verdicts_all_agree() {
    let folder = scratch("oracle");
    let options = Options {
        seed: 11,
        size: Size::Sends(20_000),
        part: Part::World,
        format: Format::Csv,
        distinct: 0.1,
        texts: None,
        threads: 1,
        overwrite: true,
    };
    write(&options, &folder, &|_, _| {}).unwrap();
    let (_, found) = verdicts(&folder, &Settings::of_folder(&folder).unwrap());
    let (mut wrong, mut compared) = (BTreeMap::<String, u64>::new(), 0_u64);
    for expected in expectations(&folder).unwrap() {
        let expected = expected.unwrap();
        let row = found.get(&expected.send_id).unwrap();
        if expected.class.is_some_and(|class| class.code() != row.class) {
            *wrong
                .entry(format!("{} class {:?}, found {}", expected.scenario, expected.class, row.class))
                .or_default() += 1;
            continue;
        }
        for (name, claim) in expected.answers.iter() {
            let (strict, lenient) = match name.strip_prefix("caveat:") {
                Some(code) if row.caveats.iter().any(|c| c == code) => (Answer::Met, Answer::Met),
                Some(_) => (Answer::NotApplicable, Answer::NotApplicable),
                // A provision for which there is no rule is answered by nothing.
                None => row.answers(name),
            };
            compared += 1;
            if !claim.holds(strict, lenient) {
                *wrong
                    .entry(format!("{} {name}: {claim}, found {strict}/{lenient}", expected.scenario))
                    .or_default() += 1;
            }
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
    let lines: Vec<String> = wrong.iter().map(|(what, n)| format!("{n:6} {what}")).collect();
    assert!(compared > 500_000, "compared only: {compared}");
    assert!(lines.is_empty(), "{} kinds of {compared} differ:\n{}", lines.len(), lines.join("\n"));
}
