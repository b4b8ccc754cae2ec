//! Rows of pages that are refused, each with the column and the way out.

use std::process::Command;

use crate::world::{HOME, Made, World, consent, link, outcome};

const GOOD: Made =
    Made { of: "seed-fixed", file: "good", day: "2022-07-01", address: HOME, sealed: Some("2022-07-01") };

/// One row of `pages`; the world may be altered before the audit.
fn check(row: &str, alter: impl Fn(&World), column: &str, says: &str) {
    let world = World::new(&[GOOD], row, &consent("good", ""));
    alter(&world);
    let summary = world.audit();
    let rejects = world.rejects();
    assert_eq!((outcome(&summary), rejects.len()), ("unproved", 1), "{row}: {rejects:?}");
    assert!(rejects[0].0 == column && rejects[0].1.contains(says), "{row}, expected {says}: {rejects:?}");
}

const ROW: &str = "good,,records/good.json,,";

#[test]
fn a_row_that_says_otherwise_than_its_record() {
    let none = |_: &World| ();
    check("good,,records/good.json,https://other.example/join,", none, "address", "leave it empty");
    check(
        "good,,records/good.json,https://hean-home.example/register?a=1,",
        none,
        "address",
        "leave it empty",
    );
    check("good,00000000000000aa,records/good.json,,", none, "version", "56e4091e312572b7");
    check("good,,records/good.json,,2022-07-02T10:00:00+08:00", none, "captured_at", "2022-07-01");
    let recorded = |world: &World| {
        world.put("pages.csv", "page,record,recorded_at\ngood,records/good.json,2022-07-01T10:00:00+08:00\n");
    };
    check(ROW, recorded, "recorded_at", "not the time of the seal");
}

#[test]
fn a_seal_that_does_not_hold() {
    let edit = |world: &World, name: &str, from: &str, to: &str| {
        let text = std::fs::read_to_string(world.at(name)).unwrap();
        assert!(text.contains(from), "{name}: {from}");
        world.put(name, &text.replace(from, to));
    };
    let (record, seal) = ("records/good.json", "records/good.seal.json");
    let holds = "the seal beside it does not hold";
    check(
        ROW,
        |w| edit(w, record, "2022-07-01T02", "2022-06-01T02"),
        "record",
        "changed after it was sealed",
    );
    check(ROW, |w| edit(w, record, "2022-07-01T02", "2022-06-01T02"), "record", "take the seal away");
    check(ROW, |w| edit(w, seal, "\"position\": 0", "\"position\": 1"), "record", holds);
    check(ROW, |w| edit(w, seal, "anning-page-seal/1", "anning-page-seal/9"), "record", holds);
    check(ROW, |w| w.put(seal, "{"), "record", holds);
    check(ROW, |w| w.put(seal, &" ".repeat(70_000)), "record", "longer than 65536 bytes");
    // The record says that it was made after the log had it.
    let future = Made { day: "2099-07-01", ..GOOD };
    let world = World::new(&[future], ROW, &consent("good", ""));
    world.audit();
    assert!(world.rejects()[0].1.contains("made after its seal"), "{:?}", world.rejects());
}

#[test]
fn a_record_that_is_no_file_of_the_folder() {
    let (record, seal) = ("records/good.json", "records/good.seal.json");
    let instead = |world: &World, name: &str, to: &str| {
        std::fs::remove_file(world.at(name)).unwrap();
        link(&world.at(name), to.as_ref());
    };
    let out = |world: &World, name: &str| {
        std::fs::rename(world.at(name), world.0.join("outside.json")).unwrap();
        link(&world.at(name), &world.0.join("outside.json"));
    };
    check(ROW, |w| instead(w, record, "/dev/zero"), "record", "leads out of the folder");
    check(ROW, |w| instead(w, record, "/nowhere"), "record", "cannot be read");
    check(ROW, |w| out(w, record), "record", "leads out of the folder");
    check(ROW, |w| out(w, seal), "record", "leads out of the folder");
    check("good,,../outside.json,,", |_| (), "record", "not a path beside or below");
    check("good,,records/none.json,,", |_| (), "record", "no such file");
    check("good,,records,,", |_| (), "record", "is no regular file");
    let pipe = |world: &World| {
        std::fs::remove_file(world.at(record)).unwrap();
        assert!(Command::new("mkfifo").arg(world.at(record)).status().unwrap().success());
    };
    check(ROW, pipe, "record", "is no regular file");
    // A gigabyte without a byte on disk.
    let sparse = |world: &World| {
        let file = std::fs::OpenOptions::new().write(true).open(world.at(record)).unwrap();
        file.set_len(1 << 30).unwrap();
    };
    check(ROW, sparse, "record", "longer than");
    // A link within the folder is a file of it.
    let world = World::new(&[GOOD], "good,,records/link.json,,", &consent("good", ""));
    link(&world.at("records/link.json"), "good.json".as_ref());
    std::fs::copy(world.at(seal), world.at("records/link.seal.json")).unwrap();
    assert_eq!(outcome(&world.audit()), "lawful", "{:?}", world.rejects());
}
