//! Vectors of receipts for other people's verifiers: `spec/vectors/receipt/`.
//!
//! One decision of a small world, its receipt, and what can be done to it with the fault that must be found.
//! `ANNING_VECTORS=write` writes them anew; without it they are compared byte for byte.

#![cfg(test)]

use std::path::PathBuf;

use anning_consent::{BrandAssertion, BrandGraph, Member, World};
use anning_decide::{
    Bench, Binds, DecisionRecord, Evidence, Outcome, Policy, QuietHours, brands_hash, clear, decide,
    differences, recompute,
};
use anning_law::Law;
use anning_ledger::sheet::{Names, Table};
use anning_ledger::{
    Batch, BatchLeaf, Checkpoint, Hash, KeyKind, Receipt, SignerKey, Suite, Trust, Value, VerifierKey,
    commitment, cosign, inclusion_proof, leaf_hash,
};
use anning_vocab::{
    Act, ActKind, BrandId, Channel, Class, ContentKind, Control, Covers, Date, Interval, Known, Message,
    Notice, Origin, PartyId, PortId, RecipientKey, SignatureId, Terms, TermsId, Timestamp,
};

const LOG: &str = "log.example.org/anning";
const WITNESS: &str = "witness.example.org/w1";
const JUDGE: Hash = [0x4a; 32];
/// 2026-11-11 10:00 in Beijing.
const SENT: i64 = 1_794_362_400_000;

/// A promotion to somebody who had agreed by a box ticked in advance, and had said no a day before.
fn evidence(names: &mut Names) -> Evidence {
    let mall = PartyId(names.intern(Table::Party, "某商城有限公司"));
    let brand = BrandId(names.intern(Table::Brand, "某商城"));
    let port = PortId(names.intern(Table::Port, "10690000123456"));
    let signature = SignatureId(names.intern(Table::Signature, "某商城"));
    let mut given = Terms::silent(Covers::Both);
    given.controller = Some(mall);
    given.control = Control::TickedByDefault;
    given.notice =
        Some(Notice { hash: 0x0123_4567_89ab_cdef, states_purpose: Some(true), ..Notice::default() });
    let mut withdrawn = Terms::silent(Covers::Receive);
    withdrawn.port = Some(port);
    withdrawn.brand = Some(brand);
    let act = |kind, origin, before: i64, terms| {
        let at = Timestamp::from_millis(SENT - before * 86_400_000);
        Act { kind, origin, occurred: at, received: at, recorded: at, terms: TermsId(terms) }
    };
    let mut message = Message::new(Timestamp::from_millis(SENT), Channel::Sms);
    message.kind = Some(ContentKind::Retail);
    message.parties.advertiser = Some(mall);
    message.parties.content_provider = Some(mall);
    message.parties.service_provider = Some(PartyId(names.intern(Table::Party, "某信息技术公司")));
    message.online_business = Known::Yes;
    (message.brand, message.port, message.signature) = (Some(brand), Some(port), Some(signature));
    (message.text.identity, message.text.refusal, message.text.code) = (Known::Yes, Known::Yes, Known::No);
    let from = Date::parse("2020-01-01").unwrap_or_default();
    Evidence {
        blind: *b"sixteen of blind",
        recipient: RecipientKey([0x77; 16]),
        message,
        text: Some("【某商城】双十一全场五折，点击领取优惠券 拒收请回复R".to_owned()),
        class: Class::Commercial,
        judged: false,
        terms: vec![given, withdrawn],
        acts: vec![
            act(ActKind::Given, Origin::Captured, 400, 0),
            act(ActKind::Withdrawn, Origin::Captured, 1, 1),
        ],
        brands: vec![BrandAssertion {
            member: Member::Signature(signature),
            brand,
            interval: Interval { from, until: None },
            by: Some(mall),
        }],
        priors: vec![],
        policy: Policy { quiet_hours: Some(QuietHours { from: 1_260, to: 480 }), ..Policy::default() },
    }
}

/// Law packs change from day to day; a vector must not: it names a pack of its own.
const LAW: Hash = [0x1a; 32];

fn record(evidence: &Evidence, names: &Names, suite: Suite) -> DecisionRecord {
    let world = World { terms: evidence.terms.clone(), brands: BrandGraph::new(evidence.brands.clone()) };
    let facts = world.facts(&evidence.message, &evidence.acts, &evidence.priors);
    let message = evidence.message;
    let law = Law::embedded().on(message.sent_at.date());
    let decision = decide(law, &message, evidence.class, &facts, &[], &evidence.policy);
    assert_eq!(decision.outcome, Outcome::Deny);
    let name = |table, id| names.name(table, id).unwrap_or_default().into_owned();
    let brands = brands_hash(
        &world.brands,
        |member| match member {
            Member::Signature(id) => name(Table::Signature, id.0),
            Member::Party(id) => name(Table::Party, id.0),
            Member::Port(id) => name(Table::Port, id.0),
        },
        |brand| name(Table::Brand, brand.0),
    );
    let policy = evidence.policy.hash();
    let binds = Binds { law: LAW, judge: JUDGE, policy, brands, log_position: 41 };
    let clearance = clear(&decision, message, &evidence.policy, binds, Timestamp::MAX).map(|c| c.kind());
    let sealed = evidence.sealed(suite, &|table, id| names.name(table, id)).unwrap();
    DecisionRecord::new(&decision, message.sent_at, evidence.class, clearance, binds, 0, sealed)
}

/// The record, as number 3 of 5 in a batch that is leaf 42 of 100.
fn receipt(suite: Suite, record: &[u8], log: &SignerKey, witness: &SignerKey, tree: &[u8]) -> Receipt {
    let salt = suite.digest(&[b"salt of the vectors"])[..16].to_vec();
    let leaf_of = |n: u64| suite.digest(&[b"other decision", &n.to_be_bytes()]);
    let mut decisions: Vec<Hash> = (0..5).map(|n| leaf_hash(suite, &leaf_of(n))).collect();
    decisions[3] = leaf_hash(suite, &commitment(suite, &salt, record));
    let batch = Batch::new(suite, decisions);
    let leaf = BatchLeaf { root: batch.root(), count: 5 }.to_bytes();
    let mut leaves: Vec<Hash> =
        (0..100_u64).map(|n| leaf_hash(suite, &suite.digest(&[tree, &n.to_be_bytes()]))).collect();
    leaves[42] = leaf_hash(suite, &leaf);
    let log_tree = Batch::new(suite, leaves);
    let checkpoint = Checkpoint::new(LOG, 100, log_tree.root()).unwrap();
    let mut note = checkpoint.sign(log).unwrap();
    note.add(cosign(witness, &checkpoint, 1_794_362_401).unwrap()).unwrap();
    Receipt {
        suite,
        record: record.to_vec(),
        salt,
        batch_index: 3,
        batch_path: batch.path(3).unwrap(),
        leaf,
        leaf_index: 42,
        proof: inclusion_proof(suite, 42, 100, &log_tree).unwrap(),
        checkpoint: note.to_string(),
    }
}

fn key(name: &str, suite: Suite, cosignature: bool, seed: u8) -> SignerKey {
    SignerKey::from_seed(name, KeyKind::of(suite, cosignature), &[seed; 32]).unwrap()
}

/// A receipt, the keys it is checked with, and what must come out.
struct Vector {
    file: String,
    what: &'static str,
    bytes: Vec<u8>,
    log: VerifierKey,
    witnesses: Vec<VerifierKey>,
    expected: &'static str,
}

fn vectors(suite: Suite) -> Vec<Vector> {
    let mut names = Names::default();
    let held = evidence(&mut names);
    let record = record(&held, &names, suite);
    let (log, witness) = (key(LOG, suite, false, 1), key(WITNESS, suite, true, 2));
    let good = receipt(suite, &record.to_bytes(), &log, &witness, b"tree");
    let keys = || (log.verifier().clone(), vec![witness.verifier().clone()]);
    let mut list = Vec::new();
    let mut add = |name: &str, what, receipt: &Receipt, (log, witnesses), expected| {
        let file = format!("{}-{name}.receipt", suite.code());
        list.push(Vector { file, what, bytes: receipt.to_bytes(), log, witnesses, expected });
    };
    add("good", "as handed out", &good, keys(), "good");
    let altered = |change: &dyn Fn(&mut DecisionRecord)| {
        let mut other = record;
        change(&mut other);
        Receipt { record: other.to_bytes(), ..good.clone() }
    };
    let allowed = altered(&|record| record.outcome = Outcome::Allow);
    add("altered-decision", "the outcome says allow", &allowed, keys(), "altered_decision");
    let pack = altered(&|record| record.binds.law = [0x1b; 32]);
    add("altered-law", "another law pack stands in the record", &pack, keys(), "altered_decision");
    let other = key(LOG, suite, false, 9);
    add(
        "wrong-key",
        "checked with another key of the same name",
        &good,
        (other.verifier().clone(), vec![]),
        "wrong_key",
    );
    let foreign = key("other.example.org/log", suite, false, 1);
    add(
        "other-log",
        "checked with the key of another log",
        &good,
        (foreign.verifier().clone(), vec![]),
        "other_origin",
    );
    let cut = |path: &[Hash]| path.split_last().map(|(_, rest)| rest.to_vec()).unwrap_or_default();
    let short = Receipt { proof: cut(&good.proof), ..good.clone() };
    add("truncated-proof", "the last hash of the proof is cut off", &short, keys(), "truncated");
    let short = Receipt { batch_path: cut(&good.batch_path), ..good.clone() };
    add("truncated-path", "the last hash of the batch path is cut off", &short, keys(), "truncated");
    let elsewhere = receipt(suite, &record.to_bytes(), &log, &witness, b"another tree");
    let swapped = Receipt { checkpoint: elsewhere.checkpoint, ..good.clone() };
    add("other-tree", "checkpoint of the same log over another tree", &swapped, keys(), "inclusion");
    let forged = Receipt { checkpoint: good.checkpoint.replacen("\n100\n", "\n101\n", 1), ..good.clone() };
    add("forged-checkpoint", "the size was changed after signing", &forged, keys(), "checkpoint_signature");
    let absent = key("absent.example.org/w2", suite, true, 3);
    let insists = (log.verifier().clone(), vec![absent.verifier().clone()]);
    add("no-witness", "a witness is insisted on who did not cosign", &good, insists, "witness");
    let moved = Receipt { batch_index: 7, ..good.clone() };
    add("outside-batch", "a place beyond the batch", &moved, keys(), "batch_path");
    let act = Receipt { leaf: [&[1][..], &good.leaf[1..]].concat(), ..good.clone() };
    add("no-batch", "the leaf is of another kind", &act, keys(), "leaf");
    let mut unreadable = good.to_bytes();
    unreadable.truncate(unreadable.len() - 40);
    list.push(Vector {
        file: format!("{}-cut.receipt", suite.code()),
        what: "the file is cut short",
        bytes: unreadable,
        log: keys().0,
        witnesses: vec![],
        expected: "unreadable",
    });
    list
}

fn outcome(vector: &Vector) -> &'static str {
    let Ok(receipt) = Receipt::from_bytes(&vector.bytes) else { return "unreadable" };
    let trust = Trust { log: vector.log.clone(), witnesses: vector.witnesses.clone() };
    match receipt.verify(&trust) {
        Ok(_) => "good",
        Err(fault) => fault.code(),
    }
}

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec/vectors/receipt"))
}

/// Compares with what stands there, or writes it.
fn stands(name: &str, bytes: &[u8]) {
    let path = folder().join(name);
    if std::env::var("ANNING_VECTORS").is_ok_and(|word| word == "write") {
        std::fs::create_dir_all(folder()).unwrap();
        std::fs::write(&path, bytes).unwrap();
    }
    let there = std::fs::read(&path).unwrap_or_default();
    assert!(there == bytes, "differs from what this code makes; ANNING_VECTORS=write makes it anew: {name}");
}

#[test]
fn receipts() {
    let mut rows = Vec::new();
    for vector in [Suite::International, Suite::Gm].into_iter().flat_map(vectors) {
        assert_eq!(outcome(&vector), vector.expected, "{}", vector.file);
        stands(&vector.file, &vector.bytes);
        let witnesses = vector.witnesses.iter().map(|key| Value::text(key.to_string())).collect();
        rows.push(Value::map([
            ("file", Some(Value::text(vector.file))),
            ("what", Some(Value::text(vector.what))),
            ("key", Some(Value::text(vector.log.to_string()))),
            ("witnesses", Some(Value::List(witnesses))),
            ("expected", Some(Value::text(vector.expected))),
        ]));
    }
    println!("{} vectors of receipts", rows.len());
    stands("vectors.json", (Value::List(rows).to_json() + "\n").as_bytes());
}

/// The readable form of the good ones, the record alone, and the evidence behind them.
#[test]
fn readable_forms_and_evidence() {
    let mut names = Names::default();
    let held = evidence(&mut names);
    let opened = held.to_value(&|table, id| names.name(table, id)).unwrap();
    stands("evidence.json", (opened.to_json() + "\n").as_bytes());
    stands("evidence.cbor", &opened.to_bytes());
    assert_eq!(Value::from_json(&opened.to_json()), Ok(opened.clone()));
    for suite in [Suite::International, Suite::Gm] {
        let good = vectors(suite).swap_remove(0);
        let receipt = Receipt::from_bytes(&good.bytes).unwrap();
        let record = DecisionRecord::from_bytes(&receipt.record).unwrap();
        let readable = receipt.to_readable(record.words());
        stands(&format!("{}-good.json", suite.code()), (readable.to_json() + "\n").as_bytes());
        let read = Value::from_json(&readable.to_json()).unwrap();
        let (again, words) = Receipt::from_readable(read).unwrap();
        assert_eq!((again.to_bytes(), words), (good.bytes, record.words()));
        // Opened, the evidence is the one recorded and leads to the same decision.
        let (opened, names) = Evidence::from_value(opened.clone()).unwrap();
        let bench =
            Bench { law: Law::embedded(), law_hash: LAW, class_of: &|_| Class::Mixed, judge_hash: JUDGE };
        let again = recompute(&opened, &bench);
        assert_eq!(differences(&record, suite, &opened, &names, &again), []);
    }
}

/// The table of provisions in the specification is this build's: bits are never moved.
#[test]
fn provisions_stand_where_the_specification_says() {
    let spec = include_str!("../../../spec/receipt.md");
    let rows: Vec<&str> =
        spec.lines().skip_while(|line| *line != "## Provisions").filter(|l| l.starts_with("| ")).collect();
    let expected: Vec<String> = anning_law::ProvisionId::ALL
        .iter()
        .map(|p| format!("| {} | `{p}` | {} |", p.index(), anning_decide::article(*p)))
        .collect();
    assert_eq!(rows[2..], expected, "append to the table, never move a bit");
    // What an amendment numbered anew stands below the table, for whoever makes the words of a record again.
    let anew = spec.lines().find(|line| line.starts_with("Numbered anew: ")).unwrap();
    for binding in Law::embedded().bindings() {
        let cited = anning_decide::article_on(binding.provision, binding.interval.from);
        let known = cited == anning_decide::article(binding.provision);
        let told = format!("{cited} from {} on", binding.interval.from);
        assert!(known || anew.contains(&told), "{} is not told: {told}", binding.provision);
    }
}
