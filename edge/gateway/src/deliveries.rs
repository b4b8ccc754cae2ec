//! Senders that we call to tell them: in SGIP replies and reports go over a connection that the carrier's side makes.
//!
//! One line an account, made when there is something to tell and left after a while without; what cannot be told stays
//! where it is, reports in the outbox and replies with the roster, and is told when the sender is there again.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use anning_link::{Credentials, Dialect as _, Ending, Event, LoginMode, Moment, Session, Settings};
use anning_sgip::Sgip;
use tokio::net::TcpStream;
use tokio::sync::mpsc::channel;
use tokio::task::{Id, JoinSet};

use crate::config::{Account, Deliveries, Protocol};
use crate::gateway::Gateway;
use crate::line::{self, End, Time};
use crate::protocols;
use crate::sender::{Desk, Order};
use crate::serve::{CONNECT, MAILBOX, STEADY, backoff};

/// Calls whoever is to be told, until the gateway is ending.
pub(crate) async fn run(gateway: Arc<Gateway>) {
    let mut calls = Calls::default();
    let mut lines: JoinSet<bool> = JoinSet::new();
    while !gateway.is_draining() {
        tokio::select! {
            () = gateway.roster().unheard() => {}
            Some(over) = lines.join_next_with_id() => {
                let (id, well) = over.unwrap_or_else(|broken| (broken.id(), false));
                calls.over(&gateway, id, well);
            }
            () = tokio::time::sleep(TICK) => {}
        }
        for (account, to) in calls.due(&gateway) {
            let name = Arc::clone(&account.name);
            let id = lines.spawn(call(Arc::clone(&gateway), account, to)).id();
            calls.under_way.insert(id, name);
        }
    }
    // Those that are open are asked to leave like all others.
    while lines.join_next().await.is_some() {}
}

/// Who is being called, and who is left alone for a while.
#[derive(Default)]
struct Calls {
    under_way: HashMap<Id, Arc<str>>,
    /// Calls that failed one after the other, and when the next may be made.
    failed: HashMap<Arc<str>, (u32, Moment)>,
}

impl Calls {
    /// A call is over.
    fn over(&mut self, gateway: &Gateway, id: Id, well: bool) {
        let Some(account) = self.under_way.remove(&id) else { return };
        if well {
            self.failed.remove(&account);
            return;
        }
        let (failures, until) = self.failed.entry(account).or_default();
        *failures = failures.saturating_add(1);
        *until = gateway.hands().steady().plus(backoff(*failures, gateway.connection()));
    }

    /// Who is to be called now.
    fn due(&self, gateway: &Gateway) -> Vec<(Arc<Account>, Deliveries)> {
        let now = gateway.hands().steady();
        let may = |account: &&Arc<Account>| {
            let paused = self.failed.get(&account.name).is_some_and(|(_, until)| now < *until);
            !paused && self.under_way.values().all(|name| *name != account.name) && is_owed(gateway, account)
        };
        let book = gateway.gate().book();
        let called = book.config.accounts.values().filter(|account| account.deliveries.is_some());
        called.filter(may).filter_map(|a| Some((Arc::clone(a), a.deliveries.clone()?))).collect()
    }
}

/// Is there something that no open line can tell?
fn is_owed(gateway: &Gateway, account: &Account) -> bool {
    let roster = gateway.roster();
    let own = |id: &_| protocols::tells(Protocol::Sgip, id);
    !roster.is_called(&account.name)
        && (roster.has_unheard_replies(&account.name)
            || !gateway.outbox().book().owed_under(&account.name, 1, own).is_empty())
}

/// Makes one connection and tells what there is to tell; false if the sender is to be left alone for a while.
async fn call(gateway: Arc<Gateway>, account: Arc<Account>, to: Deliveries) -> bool {
    let socket = match tokio::time::timeout(CONNECT, TcpStream::connect(&to.to)).await {
        Ok(Ok(socket)) => socket,
        Ok(Err(error)) => return unreachable(&gateway, &account, &error.to_string()),
        Err(_) => return unreachable(&gateway, &account, "no connection in time"),
    };
    // Reports are short and wanted at once.
    let _ = socket.set_nodelay(true);
    let (number, hands) = (gateway.connection(), gateway.hands().clone());
    let dialect = protocols::sgip_client(to.node, number);
    let settings = Settings {
        window: to.window,
        answer_within: to.answer_within,
        login_within: to.answer_within,
        // It leaves by itself before that.
        idle_max: None,
        ..Settings::of(&dialect.limits())
    };
    let who = Credentials { account: to.login.clone().into_bytes(), secret: to.secret.bytes().to_vec() };
    let at = Time::of(&hands);
    let mut session = Session::client(dialect, settings, who, LoginMode::Receive, at.steady);
    session.login(at.steady, at.civil);
    let (mailbox, mut orders) = channel(MAILBOX);
    let there = socket.peer_addr().map_or(Ipv4Addr::UNSPECIFIED.into(), |there| there.ip());
    let desk = Desk::new(Arc::clone(&gateway), Protocol::Sgip, there, number, mailbox);
    let mut line = Line { gateway, account, to, desk, state: State::Calling, told: false };
    let ending = line::run(socket, session, &mut line, &mut orders, &hands).await;
    line.over(ending, hands.steady().since(at.steady))
}

fn unreachable(gateway: &Gateway, account: &Account, what: &str) -> bool {
    gateway.tally().called(&account.name, "unreachable");
    tracing::warn!(account = &*account.name, what, "sender cannot be called");
    false
}

/// One connection to a sender: a sender's end that was made the other way round.
struct Line {
    gateway: Arc<Gateway>,
    account: Arc<Account>,
    to: Deliveries,
    desk: Desk,
    state: State,
    /// The sender took something, or said that it does not want it.
    told: bool,
}

/// How far a line has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Not let in yet.
    Calling,
    /// Refused, with the protocol's code.
    Refused(u32),
    /// There is something to tell.
    Telling,
    /// There has been nothing to tell since.
    Quiet(Moment),
    /// Leaving.
    Leaving,
}

impl Line {
    fn let_in(&mut self, session: &mut Session<Sgip>, at: Time) {
        self.gateway.tally().called(&self.account.name, "in");
        tracing::info!(account = &*self.account.name, "sender called");
        if self.gateway.is_draining() {
            return self.leave(session, at);
        }
        self.state = State::Telling;
        self.desk.called(&self.account);
    }

    fn leave(&mut self, session: &mut Session<Sgip>, at: Time) {
        self.state = State::Leaving;
        session.leave(at.steady, at.civil);
    }

    /// Does the configuration say anything else by now?
    fn is_outdated(&self) -> bool {
        let book = self.gateway.gate().book();
        let account = book.config.accounts.get(&self.account.name);
        account.and_then(|account| account.deliveries.as_ref()) != Some(&self.to)
    }

    /// It is over; false if the sender is to be left alone for a while.
    fn over(&self, ending: Ending, lived: Duration) -> bool {
        let name = &*self.account.name;
        match self.state {
            State::Refused(code) => {
                self.gateway.tally().called(name, "refused");
                tracing::error!(
                    account = name,
                    code,
                    "sender refused our login; look at deliver_login and its secret"
                );
            }
            State::Calling => {
                self.gateway.tally().called(name, "broken");
                tracing::warn!(account = name, how = %ending, "sender called");
            }
            State::Telling | State::Quiet(_) | State::Leaving => {
                tracing::info!(account = name, how = %ending, "sender no longer called");
                return self.told || ending == Ending::Left || lived > STEADY;
            }
        }
        false
    }
}

impl End<Sgip> for Line {
    type Order = Order;

    fn event(&mut self, event: Event, session: &mut Session<Sgip>, at: Time) {
        match &event {
            Event::LoggedIn { .. } => self.let_in(session, at),
            Event::LoginRefused(code) => self.state = State::Refused(*code),
            Event::DeliveryAnswered { code, .. } => self.told |= !session.dialect().is_temporary(*code),
            // There is no question for life: whoever does not answer is not there.
            Event::InDoubt { .. } if session.ending().is_none() => session.drop_now(at.steady),
            Event::InDoubt { .. }
            | Event::Login(_)
            | Event::Submitted { .. }
            | Event::Answered { .. }
            | Event::Delivered { .. }
            | Event::Queried { .. }
            | Event::QueryAnswered { .. }
            | Event::Cancelled { .. }
            | Event::CancelAnswered { .. }
            | Event::Overrun { .. }
            | Event::Odd(_)
            | Event::Ended(_) => {}
        }
        self.desk.event(event, session, at);
    }

    fn order(&mut self, order: Order, session: &mut Session<Sgip>, at: Time) {
        if matches!(order, Order::Tell) && self.is_outdated() {
            return self.leave(session, at);
        }
        self.desk.order(order, session, at);
    }

    fn settle(&mut self, session: &mut Session<Sgip>, at: Time) {
        self.desk.settle(session, at);
        self.state = match self.state {
            State::Telling | State::Quiet(_) if self.desk.is_telling() => State::Telling,
            State::Telling => State::Quiet(at.steady),
            State::Quiet(since) if at.steady.since(since) >= self.to.idle => return self.leave(session, at),
            state @ (State::Calling | State::Refused(_) | State::Quiet(_) | State::Leaving) => state,
        };
    }

    fn wake_at(&self) -> Option<Moment> {
        let leaves = match self.state {
            State::Quiet(since) => Some(since.plus(self.to.idle)),
            State::Calling | State::Refused(_) | State::Telling | State::Leaving => None,
        };
        End::<Sgip>::wake_at(&self.desk).into_iter().chain(leaves).min()
    }
}

/// How often it is looked at whether somebody is to be called, should nobody say so.
const TICK: Duration = Duration::from_millis(200);
