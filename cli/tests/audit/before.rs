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
    std::fs::write(
        &list,
        "手机号\n13800000001\n13800000010\n13800000090\n1.38E+10\n19900000000\n13800000001\n",
    )
    .unwrap();
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
    let file = list.display();
    assert_eq!(sendable[0], format!("8613800000001,{file},2,,,,"));
    // Twice on the list: told, with where the person stands first.
    assert!(sendable.len() == 2 && sendable[1].starts_with(&format!("8613800000001,{file},7,{file}:2,")));
    assert!(held.is_empty() && rejects.len() == 1, "{held:?} {rejects:?}");
    // Ticked by default, another channel, nothing on record.
    assert_eq!(refused.len(), 3, "{refused:?}");
    assert!(
        refused.iter().any(|r| r.contains("crplreg_authorisation") && r.contains("第二十三条")),
        "{refused:?}"
    );
    assert!(
        refused
            .iter()
            .any(|r| r.contains(",unproved,未能证明,") && r.starts_with(&format!("8619900000000,{file},6,,"))),
        "{refused:?}"
    );
    // House policy holds what the law allows, and is not called law.
    let [sendable, _, held, _] = run("quiet_hours = \"09:00-11:30\"\n");
    assert!(sendable.is_empty());
    assert!(held.iter().any(|r| r.contains("2025-11-11T11:30:00+08:00")), "{held:?}");
    let at =
        ["scrub", text(&list), "--campaign", text(&campaign), "--consents", text(&folder), "--at", "foo"];
    let output = anning(&at);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && told.contains("--at") && told.contains("foo"), "{told}");
    std::fs::remove_dir_all(&world).unwrap();
}

/// Words as senders' systems write them; a withdrawal that cannot be read is told loudly, with the way out.
#[test]
fn usual_words_are_read_and_a_lost_withdrawal_is_told() {
    let world = scratch("words");
    std::fs::write(world.join("list.csv"), "手机号\n13800000001\n13800000002\n").unwrap();
    std::fs::write(
        world.join("c.toml"),
        "channel = \"短信\"\nadvertiser = \"mall\"\ntext = \"【云栖百货】双11全场五折，拒收请回复R\"\n",
    )
    .unwrap();
    let folder = world.join("evidence");
    std::fs::create_dir_all(&folder).unwrap();
    let acts = "手机号,动作,发生时间,渠道\n13800000001,退订,2022-01-01T10:00:00+08:00,短信\n\
                13800000002,拉黑,2022-01-01T10:00:00+08:00,短信\n";
    std::fs::write(folder.join("withdrawals.csv"), acts).unwrap();
    let run = || {
        let [list, campaign, out] = ["list.csv", "c.toml", "out"].map(|name| world.join(name));
        let at = "2022-11-11T10:00:00+08:00";
        let output = anning(&[
            "scrub",
            text(&list),
            "--campaign",
            text(&campaign),
            "--consents",
            text(&folder),
            "--at",
            at,
            "--out",
            text(&out),
        ]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let read = |name: &str| std::fs::read_to_string(out.join(name)).unwrap();
        (read("refused.csv"), read("rejects.csv"), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (refused, rejects, told) = run();
    assert!(
        refused.lines().any(|r| r.starts_with("8613800000001,") && r.contains(",breached,")),
        "{refused}"
    );
    assert!(told.contains("WARNING: 1 withdrawals could not be read"), "{told}");
    assert!(rejects.contains("[withdrawals.values.act]") && rejects.contains("拉黑"), "{rejects}");
    // The way out, as the reject says it.
    std::fs::write(folder.join("mapping.toml"), "[withdrawals.values.act]\n\"拉黑\" = \"refused\"\n")
        .unwrap();
    let (refused, rejects, told) = run();
    assert!(
        refused.lines().any(|r| r.starts_with("8613800000002,") && r.contains(",breached,")),
        "{refused}"
    );
    assert!(rejects.lines().count() == 1 && !told.contains("WARNING"), "{told}");
    std::fs::remove_dir_all(&world).unwrap();
}

/// A run that was refused before anything was judged leaves its folder free.
#[test]
fn a_refused_audit_does_not_block_its_folder() {
    let world = scratch("blocked");
    let (good, bad) = (world.join("good"), world.join("bad"));
    for folder in [&good, &bad] {
        std::fs::create_dir_all(folder).unwrap();
        let sends =
            "recipient,channel,sent_at,text\n13800000001,sms,2022-11-11T10:00:00+08:00,【某商城】五折\n";
        std::fs::write(folder.join("sends.csv"), sends).unwrap();
    }
    std::fs::write(bad.join("consents.csv.gz"), b"not packed at all").unwrap();
    let out = world.join("out");
    let refused = anning(&["audit", text(&bad), "--out", text(&out)]);
    assert!(!refused.status.success());
    let done = anning(&["audit", text(&good), "--out", text(&out)]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    std::fs::remove_dir_all(&world).unwrap();
}

/// A refusal is never dropped for its event id; a consent is.
#[test]
fn a_refusal_with_the_id_of_another_act_is_kept_and_told() {
    let world = scratch("ids");
    let folder = world.join("in");
    std::fs::create_dir_all(&folder).unwrap();
    let send = "13800000001,sms,2022-11-11T10:00:00+08:00,【某商城】全场五折，拒收请回复R,mall";
    std::fs::write(folder.join("sends.csv"), format!("recipient,channel,sent_at,text,advertiser\n{send}\n"))
        .unwrap();
    let acts = "recipient,act,occurred_at,event_id\n13800000001,given,2022-01-01T10:00:00+08:00,7\n\
                13800000001,withdrawn,2022-02-01T10:00:00+08:00,7\n13800000001,withdrawn,2022-02-01T10:00:00+08:00,7\n\
                13800000001,given,2022-03-01T10:00:00+08:00,7\n";
    std::fs::write(folder.join("consents.csv"), acts).unwrap();
    let output = anning(&["audit", text(&folder), "--out", text(&world.join("out")), "--lang", "en"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let summary = std::fs::read_to_string(world.join("out/summary.json")).unwrap();
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    assert_eq!(summary["totals"]["breached"], 1, "{summary:#}");
    let warnings = summary["warnings"].as_array().unwrap();
    assert!(warnings.iter().any(|w| w["code"] == "refusals_kept" && w["times"] == 2), "{warnings:?}");
    let consents =
        summary["inputs"]["files"].as_array().unwrap().iter().find(|f| f["table"] == "consents").unwrap();
    assert_eq!((&consents["judged"], &consents["rejected"]), (&3.into(), &1.into()));
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
    // Wrong usage: each says what was meant, and shows no number whole.
    for (acts, extra, says) in [
        (&["act=maybe,occurred_at=2022-11-11T08:00:00+08:00"][..], &[][..], "withdrawn"),
        (&["no equals sign"], &[], "--act is COLUMN=VALUE"),
        (&["act=given,occured_at=2022-11-11T08:00:00+08:00"], &[], "occurred_at"),
        (&["act=given,occurred_at=2022-11-11T08:00:00+08:00,chanels=sms"], &[], "perhaps channels is meant"),
        (&["act=given,occurred_at=2022-11-11T08:00:00+08:00,frequency=0/day"], &[], "one or more"),
        (&[], &["--send", "13800138000"], "138******00"),
        (&[], &["--send", "advertizer=mall"], "perhaps advertiser is meant"),
        (&[], &["--law-on", "someday"], "--law-on"),
    ] {
        let (code, said) = ask(acts, extra);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(says) && !said.contains("13800138000"), "{said}");
    }
}

/// Why a text is not commercial is told, too.
#[test]
fn what_decided_the_content_is_shown() {
    let said = |text: &str, lang: &str| {
        let output =
            anning(&["check", "--lang", lang, "--send", "channel=sms", "--send", &format!("text={text}")]);
        String::from_utf8(output.stdout).unwrap()
    };
    let notice = said("【某快递】您的包裹已到丰巢，请凭取件码取件", "en");
    assert!(notice.contains("not commercial") && notice.contains("decided by the words"), "{notice}");
    assert!(notice.contains("order and parcel"), "{notice}");
    let offer = said("【云栖百货】双11五折 拒收请回复R", "zh");
    assert!(offer.contains("商业性") && offer.contains("双11五折"), "{offer}");
}
