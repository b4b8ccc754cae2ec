//! `GET /metrics`: what is counted, as Prometheus reads it.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::gateway::Gateway;
use crate::letter::Lane;
use crate::outbox::Health;
use crate::tally::labels;

/// One family of numbers.
struct Family<'o> {
    out: &'o mut String,
    name: String,
}

/// Everything that is counted, just now.
pub(super) fn write(gateway: &Arc<Gateway>) -> String {
    let mut out = String::with_capacity(8 * 1024);
    counters(gateway, &mut out);
    letters(gateway, &mut out);
    ways(gateway, &mut out);
    own(gateway, &mut out);
    out
}

fn counters(gateway: &Gateway, out: &mut String) {
    let all = gateway.tally().all();
    for same in all.chunk_by(|(a, ..), (b, ..)| a == b) {
        let Some((name, ..)) = same.first() else { continue };
        let help = COUNTERS.iter().find(|(known, _)| known == name).map_or("Events.", |(_, help)| help);
        let mut family = Family::new(out, name, "counter", help);
        for (_, labels, count) in same {
            family.line(labels, &count.to_string());
        }
    }
}

fn letters(gateway: &Gateway, out: &mut String) {
    let now = gateway.hands().wall();
    let book = gateway.outbox().book();
    let (counts, tally) = (book.counts(), book.tally().clone());
    let lanes = [Lane::Code, Lane::Service, Lane::Commercial];
    let oldest = lanes.map(|lane| (lane, book.oldest(lane)));
    let unrecorded = book.unrecorded_count();
    drop(book);
    let mut family = Family::new(out, "letters", "gauge", "Letters that are not done with, by state.");
    for count in counts {
        let labels = labels(&[
            ("account", &count.account),
            ("upstream", &count.upstream),
            ("lane", lane(count.lane)),
            ("state", count.state),
        ]);
        family.line(&labels, &count.letters.to_string());
    }
    let mut family =
        Family::new(out, "letters_ended", "counter", "Letters that are done with, by their last state.");
    for (state, count) in &tally.ended {
        family.line(&labels(&[("state", state.name())]), &count.to_string());
    }
    let mut family = Family::new(out, "oldest_seconds", "gauge", "Age of the oldest queued letter, by lane.");
    for (of, at) in oldest {
        let age = at.map_or(0, |at| now.millis().saturating_sub(at.millis()).max(0) / 1_000);
        family.line(&labels(&[("lane", lane(of))]), &age.to_string());
    }
    let reports = [
        ("doubts", tally.doubts),
        ("unreported", tally.unreported),
        ("untold", tally.untold),
        ("early", tally.early),
        ("strays", tally.strays),
    ];
    let mut family =
        Family::new(out, "reports", "counter", "Reports that did not go the usual way, by kind.");
    for (kind, count) in reports {
        family.line(&labels(&[("kind", kind)]), &count.to_string());
    }
    one(out, "unrecorded_decisions", "gauge", "Decisions that the ledger does not have yet.", unrecorded);
}

fn ways(gateway: &Gateway, out: &mut String) {
    let ways: Vec<(String, usize, usize)> = gateway
        .ways()
        .iter()
        .map(|way| {
            let (links, room) = way.links();
            (labels(&[("upstream", &way.upstream.name)]), links, room)
        })
        .collect();
    let mut family =
        Family::new(out, "upstream_links", "gauge", "Connections to a carrier that are logged in.");
    for (labels, links, _) in &ways {
        family.line(labels, &links.to_string());
    }
    let mut family = Family::new(out, "upstream_room", "gauge", "Room in their windows.");
    for (labels, _, room) in &ways {
        family.line(labels, &room.to_string());
    }
}

fn own(gateway: &Gateway, out: &mut String) {
    let mut family = Family::new(out, "connections", "gauge", "Connections of senders, by account.");
    for (account, connections) in gateway.roster().counts() {
        family.line(&labels(&[("account", &account)]), &connections.to_string());
    }
    untold(gateway, out);
    one(
        out,
        "connections_open",
        "gauge",
        "Connections of senders, logged in or not.",
        gateway.connections_open(),
    );
    one(
        out,
        "under_way",
        "gauge",
        "Messages that count as sent and are not in the ledger yet.",
        gateway.gate().under_way().len(),
    );
    one(out, "outbox_queued", "gauge", "Entries that wait to be written.", gateway.outbox().queued());
    one(out, "outbox_segments", "gauge", "Segments of the outbox on disk.", gateway.outbox().segments());
    let waiting = gateway.ways().iter().map(|way| way.relays()).sum();
    one(out, "relays_waiting", "gauge", "Codes that are not on record and wait for a carrier.", waiting);
    let refuses = gateway.outbox().health() != Health::Well;
    let help = "1 where nothing can be put on record, and codes alone are taken.";
    one(out, "outbox_refusing", "gauge", help, usize::from(refuses));
    one(
        out,
        "outbox_stopped",
        "gauge",
        "1 where a write failed, and nothing more is taken.",
        usize::from(gateway.outbox().is_stopped()),
    );
    let trouble = gateway.gate().trouble(gateway.hands().wall()).is_some();
    one(out, "evidence_unavailable", "gauge", "1 while evidence cannot be had.", usize::from(trouble));
    one(out, "draining", "gauge", "1 while the gateway is ending.", usize::from(gateway.is_draining()));
    let shadow = gateway.gate().shadow();
    let (blocked, held) = shadow.stopped();
    let mut family = Family::new(
        out,
        "decided",
        "counter",
        "Messages decided when they came in, each once, by account and mode.",
    );
    for (account, decided) in shadow.decided_by_account() {
        for (mode, count) in [("shadow", decided.shadow), ("enforce", decided.enforce)] {
            family.line(&labels(&[("account", account), ("mode", mode)]), &count.to_string());
        }
    }
    let mut family = Family::new(
        out,
        "shadow_stopped",
        "counter",
        "Messages that shadow mode let pass and enforcing would not.",
    );
    family.line(&labels(&[("how", "refused")]), &blocked.to_string());
    family.line(&labels(&[("how", "held")]), &held.to_string());
}

/// What senders are still to be told, and what had to make room.
fn untold(gateway: &Gateway, out: &mut String) {
    let (reports, replies) = (gateway.outbox().book().owed_counts(), gateway.roster().replies());
    let help = "What an account is to be told: letters reported, replies (those in memory alone).";
    let mut family = Family::new(out, "untold", "gauge", help);
    for (account, count) in reports {
        family.line(&labels(&[("account", &account), ("kind", "reports")]), &count.to_string());
    }
    for (account, waiting, _) in &replies {
        family.line(&labels(&[("account", account), ("kind", "replies")]), &waiting.to_string());
    }
    let help = "Messages of subscribers that no sender was told of, by account: too many waited.";
    let mut family = Family::new(out, "replies_lost", "counter", help);
    for (account, _, lost) in &replies {
        family.line(&labels(&[("account", account)]), &lost.to_string());
    }
}

fn one(out: &mut String, name: &'static str, kind: &'static str, help: &'static str, value: usize) {
    Family::new(out, name, kind, help).line("", &value.to_string());
}

impl<'o> Family<'o> {
    fn new(out: &'o mut String, name: &str, kind: &'static str, help: &str) -> Self {
        let name = if kind == "counter" { format!("anning_{name}_total") } else { format!("anning_{name}") };
        // Writing into a text does not fail.
        let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
        Family { out, name }
    }

    fn line(&mut self, labels: &str, value: &str) {
        let (open, close) = if labels.is_empty() { ("", "") } else { ("{", "}") };
        let _ = writeln!(self.out, "{}{open}{labels}{close} {value}", self.name);
    }
}

const fn lane(lane: Lane) -> &'static str {
    match lane {
        Lane::Code => "code",
        Lane::Service => "service",
        Lane::Commercial => "commercial",
    }
}

/// What the counters count.
const COUNTERS: &[(&str, &str)] = &[
    ("calls", "Connections made to senders to tell them, by how they went."),
    ("carrier_logins", "Logins of carriers that come to hand over, by how they went."),
    ("handed_over", "Letters handed over to a carrier."),
    ("logins", "Logins of senders, by how they went."),
    ("overruns", "Requests beyond a window."),
    ("recalled", "Letters taken back because of a refusal."),
    ("relayed", "Codes relayed without being on record, by what became of them."),
    ("replies", "Messages of subscribers, by what they mean."),
    ("reports_told", "Reports told to senders."),
    ("slowed", "Times that a carrier asked to slow down."),
    ("submits", "Messages handed in, by what became of them."),
    ("troubles", "What went wrong."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_escaped_and_families_have_their_names() {
        assert_eq!(labels(&[("a", "x"), ("b", "say \"\\\n\"")]), r#"a="x",b="say \"\\\n\"""#);
        let mut out = String::new();
        let mut family = Family::new(&mut out, "logins", "counter", "Logins.");
        family.line("result=\"in\"", "3");
        one(&mut out, "under_way", "gauge", "Under way.", 7);
        assert_eq!(
            out,
            "# HELP anning_logins_total Logins.\n# TYPE anning_logins_total counter\nanning_logins_total{result=\"in\"} 3\n\
             # HELP anning_under_way Under way.\n# TYPE anning_under_way gauge\nanning_under_way 7\n"
        );
    }
}
