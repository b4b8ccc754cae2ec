//! Takes out what waits for a carrier, decides it again, and hands it to a connection that has room.

use std::sync::Arc;
use std::time::Duration;

use crate::batch::Batch;
use crate::codes::Reason;
use crate::config::Protocol;
use crate::gate::{Gate, Read, Verdict, Waited, Way as Ruled};
use crate::gateway::Gateway;
use crate::intake::{text_of, zero_of};
use crate::letter::{Lane, Letter};
use crate::outbox::{Entry, Why};
use crate::way::{Load, Way};

/// Works until the gateway ends.
pub(crate) async fn run(gateway: Arc<Gateway>, way: Arc<Way>) {
    loop {
        let woken = tokio::time::timeout(TICK, way.wake.notified()).await;
        if gateway.is_over() {
            way.take_relays().into_iter().for_each(|relay| relay.give_up(&gateway, "ending"));
            return;
        }
        relay(&gateway, &way);
        for lane in [Lane::Code, Lane::Service, Lane::Commercial] {
            while round(&gateway, &way, lane) {
                // Others on this thread want to move too.
                tokio::task::yield_now().await;
            }
        }
        if woken.is_err() {
            let book = gateway.outbox().book();
            let gone = way.sweep(|letter| book.get(letter).is_some_and(|item| item.state.waits()));
            drop(book);
            for (recipient, ticket) in gone {
                gateway.gate().settle(recipient, ticket);
            }
        }
    }
}

/// Codes that cannot be put on record go before everything else, as far as there is room.
fn relay(gateway: &Gateway, way: &Way) {
    while let Some((relay, reserved)) = way.next_relay(gateway.hands().steady()) {
        let Some(reserved) = reserved else {
            relay.give_up(gateway, "too_late");
            continue;
        };
        if let Err(relay) = reserved.relay(relay) {
            return way.relay_later(relay);
        }
    }
}

/// One round of a lane; true if there may be more for it now.
fn round(gateway: &Arc<Gateway>, way: &Arc<Way>, lane: Lane) -> bool {
    let room = way.room(lane);
    if room == 0 || gateway.gate().trouble(gateway.hands().wall()).is_some() && lane == Lane::Commercial {
        return false;
    }
    let most = room.min(ROUND);
    // Said before it is looked at: what comes in between says so again.
    way.set_backlog(lane, false);
    let letters: Vec<Arc<Letter>> = {
        let book = gateway.outbox().book();
        let ids = book.next(&way.upstream.name, lane, most, &way.busy());
        ids.into_iter().filter_map(|id| book.letter(id)).collect()
    };
    if letters.is_empty() {
        return false;
    }
    way.set_backlog(lane, true);
    let mut batch = Batch::default();
    let full = letters.len() == most;
    for letter in letters {
        way.occupy(letter.id);
        batch.busy.push((Arc::clone(way), letter.id));
        if !again(gateway, way, letter, &mut batch) {
            break;
        }
    }
    if batch.entries.is_empty() {
        batch.busy.iter().for_each(|(way, letter)| way.free(*letter));
        return false;
    }
    batch.hand_in(gateway);
    full
}

/// Decides a letter again; false if evidence cannot be had, so that it stays.
fn again(gateway: &Arc<Gateway>, way: &Arc<Way>, letter: Arc<Letter>, batch: &mut Batch) -> bool {
    let now = gateway.hands().wall();
    let protocol = way.upstream.protocol;
    let (id, ticket) = (letter.id, way.ticket(letter.id));
    let verdict = of(gateway, &letter, protocol, ticket.map(|(_, ticket)| ticket), now);
    match verdict {
        Err(reason) => {
            batch.entries.push(Entry::Refused { letter: id, reason });
            batch.wake.push(Arc::clone(&letter.account));
        }
        Ok(Verdict::Unavailable(_)) => return false,
        Ok(Verdict::Ruled(ruling)) => {
            let counted = ruling.ticket.map(|ticket| (ruling.recipient, ticket));
            match (ruling.way(), ruling.pass) {
                (Ruled::Refuse(refusal), _) => {
                    batch.decision(ruling.record, None);
                    batch.entries.push(Entry::Refused { letter: id, reason: refusal.reason });
                    batch.wake.push(Arc::clone(&letter.account));
                }
                (Ruled::Pass(_), Some(pass)) => {
                    batch.decision(ruling.record, counted);
                    let at = batch.entries.len();
                    batch.entries.push(Entry::HandingOver { letter: id });
                    batch.loads.push((at, Load { letter, pass }));
                }
                (Ruled::Hold(until), _) => {
                    batch.decision(anning_store::Decided { handed_over: None, ..ruling.record }, None);
                    batch.entries.push(Entry::Released { letter: id, until: Some(until) });
                }
                (Ruled::Pass(_), None) => {
                    batch.entries.push(Entry::Recalled { letter: id, why: Why::Operator });
                }
            }
        }
    }
    true
}

fn of(
    gateway: &Gateway,
    letter: &Letter,
    protocol: Protocol,
    ticket: Option<crate::gate::Ticket>,
    now: anning_vocab::Timestamp,
) -> Result<Verdict, Reason> {
    let first = letter.segments.first().ok_or(Reason::Incomplete)?;
    let to = first.destinations.first().ok_or(Reason::Destination)?;
    let international = gateway.international_of(&letter.account);
    let recipient = Gate::recipient(protocol, to, international)?;
    let zero = gateway.zero_of(&letter.account, protocol);
    let text = text_of(&letter.segments, protocol, zero);
    let source = core::str::from_utf8(&first.source.text).map_err(|_| Reason::Source)?;
    let waited =
        Waited { account: &letter.account, source, text: text.as_deref(), recipient: &recipient, ticket };
    gateway.gate().decide_again(&waited, now)
}

/// Reads a letter that waits, as it will be read when it is decided again.
pub(crate) fn read(gateway: &Gateway, letter: &Letter) -> Result<Read, Reason> {
    let account = gateway.gate().book().config.accounts.get(&letter.account).cloned();
    let account = account.ok_or(Reason::Source)?;
    let protocol = gateway.way(&letter.upstream).ok_or(Reason::NoRoute)?.upstream.protocol;
    let first = letter.segments.first().ok_or(Reason::Incomplete)?;
    let text = text_of(&letter.segments, protocol, zero_of(protocol, &account)).ok_or(Reason::Unreadable)?;
    let source = core::str::from_utf8(&first.source.text).map_err(|_| Reason::Source)?;
    gateway.gate().read(&account, source, &text)
}

/// Letters of one round.
const ROUND: usize = 256;
/// How often it is looked at whether something waits, should nobody say so.
const TICK: Duration = Duration::from_millis(200);
