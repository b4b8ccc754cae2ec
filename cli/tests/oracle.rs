//! A generated world audited, and compared with an oracle written from the articles apart from the rules.
use std::collections::{BTreeMap, HashMap};

use anning_audit::{Settings, audit};
use anning_law::ProvisionId;
use anning_sample::{Format, Options, Part, Size, expectations, write};
use anning_vocab::Answer;

#[test]
fn expected_verdicts_all_agree() {
    let folder = std::env::temp_dir().join(format!("anning-oracle-{}", std::process::id()));
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
    let settings = Settings::of_folder(&folder).unwrap();
    let found = audit(&folder, &settings, |_, _| {}).unwrap();
    let by_id: HashMap<&str, _> =
        found.judged.iter().filter_map(|r| Some((r.send_id.as_deref()?, r))).collect();
    let (mut wrong, mut compared) = (BTreeMap::<String, u64>::new(), 0_u64);
    for expected in expectations(&folder).unwrap() {
        let expected = expected.unwrap();
        let row = by_id.get(expected.send_id.as_str()).unwrap();
        if let Some(class) = expected.class
            && class != row.class
        {
            *wrong
                .entry(format!("{} class {class}, found {}: {:?}", expected.scenario, row.class, row.excerpt))
                .or_default() += 1;
            continue;
        }
        for (name, claim) in expected.answers.iter() {
            let (strict, lenient) = match (name.strip_prefix("caveat:"), ProvisionId::from_code(name)) {
                (Some(code), _) => {
                    let told = row.decision.caveats.iter().any(|c| c.code() == code);
                    let answer = if told { Answer::Met } else { Answer::NotApplicable };
                    (answer, answer)
                }
                (None, Some(id)) => {
                    let finding = row.decision.findings.of(id);
                    (finding.strict, finding.lenient)
                }
                // A provision for which there is no rule: nothing is answered.
                (None, None) => (Answer::NotApplicable, Answer::NotApplicable),
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
