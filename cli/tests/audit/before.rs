//! Before sending: `scrub` and `check` decide as the audit does.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::verdicts::scratch;

fn anning(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_anning")).args(arguments).output().unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The sample without its sends.
fn evidence(into: &Path) -> PathBuf {
    let folder = into.join("evidence");
    std::fs::create_dir_all(&folder).unwrap();
    let sample = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../samples/double11");
    for entry in std::fs::read_dir(sample).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !name.starts_with("sends") && !name.starts_with("expected") && path.extension().is_some() {
            std::fs::copy(&path, folder.join(name)).unwrap();
        }
    }
    folder
}

#[test]
fn a_list_comes_out_in_three_lists_and_loses_no_row() {
    let world = scratch("scrub");
    let list = world.join("list.csv");
    std::fs::write(&list, "手机号\n13800000001\n13800000010\n13800000090\n1.38E+10\n19900000000\n").unwrap();
    let campaign = world.join("c.toml");
    let said = "channel = \"sms\"\ncampaign = \"d11-2025\"\nsender_number = \"10690001\"\n\
                text = \"【云栖百货】双十一满300减50，速抢 yq.example/a 拒收请回复R\"\n";
    std::fs::write(&campaign, said).unwrap();
    let out = world.join("out");
    let folder = evidence(&world);
    let run = |quiet: &str| {
        std::fs::write(folder.join("audit.toml"), format!("[policy]\n{quiet}")).unwrap();
        let output = anning(&[
            "scrub",
            text(&list),
            "--campaign",
            text(&campaign),
            "--consents",
            text(&folder),
            "--at",
            "2025-11-11T10:00:00+08:00",
            "--out",
            text(&out),
        ]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        ["sendable", "refused", "held", "rejects"].map(|name| {
            let text = std::fs::read_to_string(out.join(format!("{name}.csv"))).unwrap();
            text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
        })
    };
    let [sendable, refused, held, rejects] = run("");
    assert_eq!(sendable, ["8613800000001,2,"]);
    assert!(held.is_empty() && rejects.len() == 1, "{held:?} {rejects:?}");
    // Ticked by default, another channel, nothing on record.
    assert_eq!(refused.len(), 3, "{refused:?}");
    assert!(
        refused.iter().any(|r| r.contains("crplreg_authorisation") && r.contains("第二十三条")),
        "{refused:?}"
    );
    assert!(
        refused.iter().any(|r| r.contains(",unproved,") && r.starts_with("8619900000000,6")),
        "{refused:?}"
    );
    // House policy holds what the law allows, and is not called law.
    let [sendable, _, held, _] = run("quiet_hours = \"09:00-11:30\"\n");
    assert!(sendable.is_empty());
    assert!(held.iter().any(|r| r.contains("2025-11-11T11:30:00+08:00")), "{held:?}");
    std::fs::remove_dir_all(&world).unwrap();
}

#[test]
fn one_question_is_answered_with_articles() {
    let ask = |acts: &[&str], extra: &[&str]| {
        let mut arguments = vec![
            "check",
            "--lang",
            "en",
            "--send",
            "channel=sms",
            "--send",
            "advertiser=mall",
            "--send",
            "sent_at=2022-11-11T09:30:00+08:00",
            "--send",
            "text=【云栖百货】双十一满300减50，速抢 yq.example/a 拒收请回复R",
        ];
        for act in acts {
            arguments.extend(["--act", *act]);
        }
        arguments.extend(extra);
        let output = anning(&arguments);
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8_lossy(&output.stderr);
        (output.status.code().unwrap(), text)
    };
    let (code, said) = ask(&[], &[]);
    assert_eq!(code, 1);
    assert!(said.contains("unproved  Advertising Law art 43"), "{said}");
    let refused = "act=withdrawn,occurred_at=2022-11-11T08:00:00+08:00";
    let (code, said) = ask(&[refused], &[]);
    assert_eq!(code, 1);
    assert!(said.contains("breached  Advertising Law art 43"), "{said}");
    let (_, said) = ask(&[refused], &["--law-on", "2012-12-27"]);
    assert!(!said.contains("breached"), "before every ban: {said}");
    let (code, said) = ask(&["act=maybe,occurred_at=2022-11-11T08:00:00+08:00"], &[]);
    assert_eq!(code, 3);
    assert!(said.contains("act") && said.contains("withdrawn"), "{said}");
    let (code, _) = ask(&["no equals sign"], &[]);
    assert_eq!(code, 3);
}
