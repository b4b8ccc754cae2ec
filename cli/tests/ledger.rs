//! A ledger from the command line: made, filled, audited from, forgotten in.
#![cfg(test)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("anning-cli-ledger-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn anning(folder: &Path, line: &str) -> Output {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples/double11");
    let words = line.split_whitespace().map(|word| word.replace("SAMPLE", sample.to_str().unwrap()));
    Command::new(env!("CARGO_BIN_EXE_anning")).args(words).current_dir(folder).output().unwrap()
}

fn ok(folder: &Path, line: &str) -> String {
    let output = anning(folder, line);
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Wrong usage: exit code 2, and says so.
fn misused(folder: &Path, line: &str, says: &str) {
    let output = anning(folder, line);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && told.contains(says), "{line}: {:?} {told}", output.status);
}

fn fails(folder: &Path, line: &str, says: &str) {
    let output = anning(folder, line);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && told.contains(says), "{line}: {told}");
}

/// Findings by the sender's id of the send, without what is named differently: pseudonyms.
fn findings(path: &Path) -> BTreeMap<String, Vec<String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let columns: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let key = columns.iter().position(|c| c == "recipient_key").unwrap();
    let id = columns.iter().position(|c| c == "send_id").unwrap();
    let mut all = BTreeMap::new();
    for row in reader.records().map(Result::unwrap) {
        let cells = row.iter().enumerate().filter(|(at, _)| *at != key).map(|(_, cell)| cell.to_owned());
        all.insert(row[id].to_owned(), cells.collect());
    }
    all
}

#[test]
fn an_audit_through_a_ledger_finds_the_same() {
    let here = folder("same");
    ok(&here, "ledger init l --master m.key --origin log.example.com/test");
    let told = ok(&here, "ledger import l --master m.key SAMPLE");
    assert!(told.contains("1274 acts on record, 0 were there already, 0 rows rejected"), "{told}");
    let again = ok(&here, "ledger import l --master m.key SAMPLE");
    assert!(again.contains("0 acts on record, 1274 were there already"), "{again}");
    ok(&here, "audit SAMPLE --out files --csv --all");
    ok(&here, "audit SAMPLE --out ledger --csv --all --ledger l --master m.key");
    let (files, ledger) =
        (findings(&here.join("files/findings.csv")), findings(&here.join("ledger/findings.csv")));
    assert_eq!(files.len(), 1_573);
    for (id, finding) in &files {
        assert_eq!(Some(finding), ledger.get(id), "{id}");
    }
    assert_eq!(files.len(), ledger.len());
    // As known before anything was recorded, nothing was known.
    ok(&here, "audit SAMPLE --out before --csv --all --ledger l --master m.key --known-on 2019-01-01");
    let before = findings(&here.join("before/findings.csv"));
    assert!(before.values().all(|cells| !cells.contains(&"given".to_owned())));
    assert_ne!(before, ledger);
    std::fs::remove_dir_all(&here).unwrap();
}

fn every_byte(folder: &Path, out: &mut Vec<Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            every_byte(&path, out);
        } else {
            out.push(std::fs::read(path).unwrap());
        }
    }
}

#[test]
fn a_person_is_shown_restricted_held_and_erased() {
    let here = folder("forget");
    ok(&here, "ledger init l --master m.key");
    ok(&here, "ledger import l --master m.key SAMPLE");
    let one = "13800000001";
    let shown = ok(&here, &format!("ledger show l {one} --master m.key"));
    assert!(shown.contains("given") && shown.contains("mall"), "{shown}");
    // A service provider keeps its logs for six months (cn/miit74/13), a business elsewhere nothing of this.
    let later = ok(&here, &format!("ledger forget l {one} --master m.key --role service_provider"));
    assert!(later.contains("restricted since") && later.contains("cn/miit74/13"), "{later}");
    assert!(ok(&here, &format!("ledger forget l {one} --master m.key")).contains("asked before"));
    // Its log of this very request is six months from its end.
    let none = ok(&here, "ledger erase l --master m.key");
    assert!(none.contains("0 erased") && none.contains("1 still stored"), "{none}");
    assert!(ok(&here, &format!("ledger show l {one} --master m.key")).contains("given"));
    ok(&here, "ledger hold l case-17 --master m.key --recipient 13800000002");
    let held = ok(&here, "ledger forget l 13800000002 --master m.key --role business");
    assert!(held.contains("no law has it kept") && held.contains("case-17"), "{held}");
    ok(&here, "ledger erase l --master m.key");
    assert!(ok(&here, "ledger show l 13800000002 --master m.key").contains("given"));
    ok(&here, "ledger release l case-17 --master m.key");
    let erased = ok(&here, "ledger erase l --master m.key");
    assert!(erased.contains("erased: their keys are destroyed"), "{erased}");
    let shown = ok(&here, "ledger show l 13800000002 --master m.key");
    assert!(!shown.contains("given") && shown.contains("withdrawn"), "{shown}");
    let mut bytes = Vec::new();
    every_byte(&here, &mut bytes);
    let number = 8_613_800_000_002_u64;
    for needle in [b"13800000002".to_vec(), number.to_be_bytes().to_vec(), number.to_le_bytes().to_vec()] {
        let found = bytes.iter().filter(|b| b.windows(needle.len()).any(|w| w == needle)).count();
        assert_eq!(found, 0);
    }
    std::fs::remove_dir_all(&here).unwrap();
}

#[test]
fn a_decision_has_a_receipt_that_outsiders_check() {
    let here = folder("receipt");
    for suite in ["ed25519-sha256", "sm2-sm3"] {
        let ledger = format!("l-{suite}");
        let made =
            ok(&here, &format!("ledger init {ledger} --master m.key --suite {suite} --origin log.example/r"));
        let key = made.lines().find_map(|line| line.strip_prefix("public key ")).unwrap().to_owned();
        ok(&here, &format!("ledger import {ledger} --master m.key SAMPLE"));
        let send = "--send channel=sms --send sent_at=2022-11-11T10:00:00+08:00 --send recipient=13800000001 \
                    --send advertiser=mall --send text=【云栖百货】双11全场五折，拒收请回复R";
        let output = anning(
            &here,
            &format!("check {send} --ledger {ledger} --master m.key --receipt r.json --lang en"),
        );
        assert!(
            output.status.code().is_some_and(|code| code < 2),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let told =
            ok(&here, &format!("receipt verify r.json --key {key} --recompute r.evidence.json --lang en"));
        println!("{told}");
        // Somebody else's key, and evidence of something else.
        let made = ok(
            &here,
            &format!("ledger init o-{suite} --master m.key --suite {suite} --origin log.example/r"),
        );
        let other_key = made.lines().find_map(|line| line.strip_prefix("public key ")).unwrap();
        let other = anning(&here, &format!("receipt verify r.json --key {other_key}"));
        assert_eq!(other.status.code(), Some(1), "{}", String::from_utf8_lossy(&other.stderr));
        let text = std::fs::read_to_string(here.join("r.evidence.json")).unwrap();
        assert!(text.contains("五折"), "{text}");
        std::fs::write(here.join("x.evidence.json"), text.replace("五折", "六折")).unwrap();
        let altered =
            anning(&here, &format!("receipt verify r.json --key {key} --recompute x.evidence.json"));
        assert_eq!(altered.status.code(), Some(1), "{}", String::from_utf8_lossy(&altered.stdout));
        // Outsiders recompute the log, and keep a mirror of it.
        let verified = ok(&here, &format!("ledger verify {ledger}/public --key {key}"));
        assert!(verified.contains("good") && verified.contains("batches 1 of 1 decisions"), "{verified}");
        ok(&here, &format!("ledger mirror {ledger}/public mirror-{suite} --key {key}"));
    }
    std::fs::remove_dir_all(&here).unwrap();
}

#[test]
fn the_master_key_may_stay_in_a_device() {
    use std::os::unix::fs::PermissionsExt as _;
    let here = folder("device");
    // What it does to a key is its own business; it remembers one that is not its own by its end.
    let device =
        "#!/bin/sh\ncase $1 in wrap) echo \"$3\" | rev;; unwrap) echo \"$3\" | rev;; *) exit 1;; esac\n";
    std::fs::write(here.join("device"), device).unwrap();
    std::fs::write(here.join("other"), "#!/bin/sh\necho no\n").unwrap();
    std::fs::write(here.join("broken"), "#!/bin/sh\necho out of order >&2; exit 1\n").unwrap();
    for name in ["device", "other", "broken"] {
        std::fs::set_permissions(here.join(name), std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let with = |name: &str| format!("--master-command {}", here.join(name).display());
    ok(&here, &format!("ledger init l {}", with("device")));
    ok(&here, &format!("ledger import l {} SAMPLE", with("device")));
    fails(&here, &format!("ledger status l {}", with("other")), "does not open the key ring");
    fails(&here, &format!("ledger status l {}", with("broken")), "out of order");
    assert!(ok(&here, &format!("ledger show l 13800000001 {}", with("device"))).contains("given"));
    std::fs::remove_dir_all(&here).unwrap();
}

#[test]
fn records_go_out_and_come_in() {
    let here = folder("records");
    ok(&here, "ledger init a --master m.key --origin log.example/a");
    let made = ok(&here, "ledger status a --master m.key");
    let key = made.lines().find_map(|line| line.strip_prefix("public key  ")).unwrap().to_owned();
    ok(&here, "ledger import a --master m.key SAMPLE");
    ok(&here, "ledger export a --master m.key --out all.ndjson");
    let all = std::fs::read_to_string(here.join("all.ndjson")).unwrap();
    assert_eq!(all.lines().count(), 1_274);
    // Enough to tell, with the person we ask for among them: several threads import, so the order is nobody's.
    let (ours, others): (Vec<&str>, Vec<&str>) =
        all.lines().partition(|line| line.contains("+8613800000001\""));
    let some: Vec<&str> = ours.into_iter().chain(others).take(100).collect();
    std::fs::write(here.join("records.ndjson"), some.join("\n")).unwrap();
    ok(&here, "ledger export a --master m.key --recipient 13800000001 --format receipt --out receipt.ndjson");
    for (name, how, says) in [
        ("restored", "--trust-origin", "0 as claims, 0 proved, 100 restored, 0 records"),
        ("proved", &format!("--log {key}"), "0 as claims, 100 proved, 0 restored, 0 records"),
        ("claimed", "", "100 as claims, 0 proved, 0 restored, 0 records"),
    ] {
        ok(&here, &format!("ledger init {name} --master m.key --origin log.example/{name}"));
        let told = ok(&here, &format!("ledger import-records {name} records.ndjson --master m.key {how}"));
        assert!(told.contains(says), "{told}");
    }
    // What comes back is what went out; a claim is held as one.
    let shown = |ledger: &str| ok(&here, &format!("ledger show {ledger} 13800000001 --master m.key"));
    assert_eq!(shown("a"), shown("restored"));
    assert_eq!(shown("a"), shown("proved"));
    assert!(shown("claimed").contains("imported") && !shown("claimed").contains("captured"));
    let told = ok(&here, "ledger import-records claimed receipt.ndjson --master m.key");
    assert!(told.contains("1 as claims"), "{told}");
    std::fs::remove_dir_all(&here).unwrap();
}

#[test]
fn what_does_not_fit_says_the_way_out() {
    let here = folder("faults");
    misused(&here, "ledger status l --master m.key", "m.key");
    misused(&here, "ledger init l", "ANNING_MASTER_KEY");
    misused(&here, "ledger init l --master m.key --keys l/inside.keys", "outside the ledger");
    misused(&here, "ledger init l --master m.key --keys ./l/../l/inside.keys", "outside the ledger");
    misused(&here, "ledger init l --master m.key --origin=", "is empty");
    misused(
        &here,
        "ledger init l --master m.key --origin http://log.example/a/",
        "leave the scheme away, log.example/a",
    );
    assert!(!here.join("l").exists() && !here.join("m.key").exists(), "refused before anything was made");
    ok(&here, "ledger init l --master m.key --suite sm2-sm3");
    fails(&here, "ledger init l --master m.key", "already");
    ok(&here, "ledger import l --master m.key SAMPLE");
    ok(&here, "ledger change-master l --master m.key --new n.key");
    fails(&here, "ledger status l --master m.key", "does not open the key ring");
    assert!(ok(&here, "ledger status l --master n.key").contains("sm2-sm3"));
    ok(&here, "ledger change-hash-key l --master n.key");
    assert!(ok(&here, "ledger show l 13800000001 --master n.key").contains("given"));
    misused(&here, "ledger show l nobody --master n.key", "recipient is neither");
    misused(&here, "ledger import l --master n.key m.key", "consents");
    let check =
        "check --ledger l --master n.key --send recipient=13800000001 --send channel=sms --send text=五折";
    misused(&here, &format!("{check} --known-on soon"), "--known-on");
    for all in ["9999-12-31", "9999-12-31T23:59:59Z"] {
        assert_ne!(anning(&here, &format!("{check} --known-on {all}")).status.code(), Some(2), "{all}");
    }
    misused(&here, "receipt verify r --key l.keys", "anning ledger status");
    // A copy of the key ring inside: refused by whatever opens the ledger, whatever it is called.
    for name in ["consents.keys", "backup.json"] {
        std::fs::copy(here.join("l.keys"), here.join("l").join(name)).unwrap();
        for command in ["status l", "import l SAMPLE", "show l 13800000001", "erase l"] {
            misused(&here, &format!("ledger {command} --master n.key"), "lies inside the ledger");
        }
        misused(&here, check, "lies inside the ledger");
        misused(
            &here,
            &format!("ledger status l --master n.key --keys l/{name}"),
            "must lie outside the ledger",
        );
        std::fs::remove_file(here.join("l").join(name)).unwrap();
    }
    fails(&here, "audit SAMPLE --ledger elsewhere --master n.key", "anning ledger init");
    std::fs::write(here.join("bad.key"), "not a key").unwrap();
    misused(&here, "ledger status l --master bad.key", "64 hex digits");
    std::fs::remove_dir_all(&here).unwrap();
}

/// Whoever asks to be forgotten refuses, also where nothing is kept of them.
#[test]
fn a_stranger_who_asks_to_be_forgotten_is_refused_for() {
    let here = folder("stranger");
    ok(&here, "ledger init l --master m.key");
    ok(&here, "ledger import l --master m.key SAMPLE");
    let told = ok(&here, "ledger forget l 19912345678 --master m.key --role business");
    assert!(told.contains("nothing was kept") && told.contains("on record as a refusal"), "{told}");
    assert!(ok(&here, "ledger show l 19912345678 --master m.key --lang en").contains("withdrew (withdrawn)"));
    ok(&here, "ledger erase l --master m.key");
    let told = ok(&here, "ledger forget l 19912345678 --master m.key");
    assert!(told.contains("erased before: the refusal stands"), "{told}");
    std::fs::remove_dir_all(&here).unwrap();
}

#[test]
fn a_person_is_shown_in_words_or_as_json() {
    let here = folder("shown");
    ok(&here, "ledger init l --master m.key");
    ok(&here, "ledger import l --master m.key SAMPLE");
    let zh = ok(&here, "ledger show l 13800000001 --master m.key");
    assert!(zh.contains("同意（given）") && zh.contains("个人信息处理者：mall"), "{zh}");
    let en = ok(&here, "ledger show l 13800000001 --master m.key --lang en");
    assert!(en.contains("consented (given)") && en.contains("controller: mall"), "{en}");
    let json = ok(&here, "ledger show l 13800000001 --master m.key --json");
    for line in json.lines() {
        let act: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(act["act"].is_string() && act["terms"].is_object(), "{act}");
    }
    std::fs::remove_dir_all(&here).unwrap();
}

/// Nobody reads standard error or output any more: the work is done, and nothing panics.
#[test]
fn readers_that_went_away_stop_nothing() {
    use std::process::Stdio;
    let here = folder("gone");
    ok(&here, "ledger init l --master m.key");
    std::fs::write(here.join("records.ndjson"), "no record\n".repeat(3)).unwrap();
    std::fs::write(here.join("withdrawals.csv"), "recipient,occurred_at\nnobody,never\n").unwrap();
    for (line, code) in [
        ("ledger import-records l records.ndjson --master m.key", 1),
        ("ledger import l withdrawals.csv --master m.key", 0),
        ("ledger export l --master m.key", 0),
        ("ledger status nowhere --master m.key", 3),
        ("law timeline", 0),
        ("receipt show nothing", 3),
        ("sample --sends 10 --out sample", 0),
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_anning"))
            .args(line.split_whitespace())
            .current_dir(&here)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop((child.stdout.take(), child.stderr.take()));
        assert_eq!(child.wait().unwrap().code(), Some(code), "{line}");
    }
    std::fs::remove_dir_all(&here).unwrap();
}
