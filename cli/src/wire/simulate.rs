//! The other ends of a gateway: a carrier, a sender.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anning_link::{Credentials, Moment};
use anning_peers::{
    Answering, Carrier, CarrierCounts, CarrierPlan, Clock, Faults, Ids, Mix, Protocol, Recipients, Sender,
    SenderCounts, SenderPlan,
};
use anning_text::Coding;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{Receiver, channel};

use super::protocol;
use crate::clock::{now, steady};
use crate::failure::Failure;
use crate::tell::{say, warn};

/// Which end.
#[derive(clap::Subcommand)]
pub enum Simulate {
    /// A carrier: takes messages, gives ids, reports what became of them, replies. Ends on Ctrl-C, or after --for.
    ///
    /// A line `FROM TO TEXT` on standard input makes a subscriber write: `13800000001 1069000101 退订`. What happens is
    /// told once a second on standard error, and at the end as one JSON object on standard output.
    Carrier(CarrierArgs),
    /// A sender: sends messages, measures answers, matches reports. Ends when all is answered and reported.
    ///
    /// Exit code 0 if every message was taken and reported once; 1 if something was refused, in doubt, unsent,
    /// unreported or reported wrongly; 3 if nobody let it in.
    Sender(SenderArgs),
}

/// Arguments of `anning wire simulate carrier`.
#[derive(clap::Args)]
pub struct CarrierArgs {
    /// cmpp2, cmpp3 (or cmpp), smpp, smgp, sgip.
    #[arg(long, value_parser = protocol)]
    protocol: Protocol,
    /// Where it listens; 127.0.0.1 at the protocol's port if not given.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Whom it lets in.
    #[arg(long, default_value = "123456")]
    login: String,
    /// Their secret.
    #[arg(long, default_value = "carrier-secret")]
    secret: String,
    /// SGIP: where it hands over reports and replies, the gateway's `listen` of this upstream.
    #[arg(long, value_name = "ADDRESS")]
    deliver_to: Option<SocketAddr>,
    /// SMPP: how ids are written, in answers and then in receipts.
    #[arg(long, value_enum, default_value_t = IdArg::Decimal)]
    ids: IdArg,
    /// How long after a message its report follows, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 100)]
    report_after: u64,
    /// Every Nth message cannot be delivered, and is reported so.
    #[arg(long, value_name = "N")]
    fail_every: Option<u64>,
    /// The recipient of every Nth message replies.
    #[arg(long, value_name = "N")]
    reply_every: Option<u64>,
    /// What they write.
    #[arg(long, value_name = "TEXT", default_value = "T")]
    reply_text: String,
    /// Requests without an answer at one time, on each connection.
    #[arg(long, default_value_t = 256)]
    window: usize,
    /// File of the messages it took: one JSON object a line with number, hash of the text, segment. Written before the
    /// answer, never synced; appended to what is there.
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// End after so many seconds.
    #[arg(long = "for", value_name = "SECONDS")]
    seconds: Option<u64>,
    #[command(flatten)]
    faults: FaultArgs,
}

#[derive(clap::Args)]
#[command(next_help_heading = "Faults")]
struct FaultArgs {
    /// Answers come so many milliseconds late.
    #[arg(long, value_name = "MS", default_value_t = 0)]
    slow: u64,
    /// More than so many submits in a second are answered with flow control.
    #[arg(long, value_name = "PER_SECOND")]
    throttle: Option<u32>,
    /// Take messages and never answer.
    #[arg(long)]
    silent: bool,
    /// Break a connection in the middle of an answer, after it took N messages.
    #[arg(long, value_name = "N")]
    reset_after: Option<u64>,
    /// Prove itself wrongly at the login (CMPP, SMGP; the others have no proof).
    #[arg(long)]
    lie: bool,
    /// Report before the answer.
    #[arg(long)]
    report_before_response: bool,
    /// Refuse with this code of the protocol; every message, or see --refuse-every.
    #[arg(long, value_name = "CODE")]
    refuse: Option<u32>,
    /// Refuse every Nth message only.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "refuse")]
    refuse_every: u64,
    /// Never report.
    #[arg(long)]
    no_reports: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum IdArg {
    Decimal,
    Hex,
    HexThenDecimal,
    DecimalThenHex,
}

/// Arguments of `anning wire simulate sender`.
#[derive(clap::Args)]
pub struct SenderArgs {
    /// cmpp2, cmpp3 (or cmpp), smpp, smgp, sgip.
    #[arg(long, value_parser = protocol)]
    protocol: Protocol,
    /// Whom it connects to.
    #[arg(long, value_name = "ADDRESS")]
    to: SocketAddr,
    /// Who it says it is.
    #[arg(long)]
    login: String,
    /// Its secret.
    #[arg(long)]
    secret: String,
    /// SGIP: where it listens for reports and replies, the gateway's `deliver_to` of this account.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// SGIP: as whom it is called there, the gateway's `deliver_login`; its own login if not given.
    #[arg(long, value_name = "LOGIN", requires = "deliver_secret")]
    deliver_login: Option<String>,
    /// The secret that goes with it.
    #[arg(long, value_name = "SECRET", requires = "deliver_login")]
    deliver_secret: Option<String>,
    /// Messages.
    #[arg(long, default_value_t = 1_000)]
    count: u64,
    /// The number of the first: texts carry it, so that those of a later run are others.
    #[arg(long, value_name = "N", default_value_t = 0)]
    first: u64,
    /// Messages a second; as fast as answers allow if not given.
    #[arg(long, value_name = "PER_SECOND")]
    rate: Option<u32>,
    /// Connections.
    #[arg(long, default_value_t = 1)]
    connections: u32,
    /// Submits without an answer at one time, on each connection; the protocol's habit if not given.
    #[arg(long)]
    window: Option<usize>,
    /// The number that recipients see.
    #[arg(long, default_value = "1069000101")]
    source: String,
    /// Recipients: the first number and how many from there on, in turn.
    #[arg(long, value_name = "FIRST+COUNT", default_value = "13800000000+10000", value_parser = recipients)]
    recipients: Recipients,
    /// How many of each kind: codes, notices, offers, offers in several segments.
    #[arg(long, value_name = "SHARES", default_value = "code=20,service=30,campaign=40,long=10", value_parser = mix)]
    mix: Mix,
    /// A text instead of ours; may be repeated. `{n}` in it becomes the number of the message, so that no two are the same:
    /// `--text "【云栖百货】您的订单{n}已发货"`.
    #[arg(long, value_name = "TEXT")]
    text: Vec<String>,
    /// SMPP: how the carrier writes ids, in answers and then in receipts.
    #[arg(long, value_enum, default_value_t = IdArg::Decimal)]
    ids: IdArg,
    /// Ask for no reports.
    #[arg(long)]
    no_reports: bool,
    /// Connect again after a broken line, and send again what was never answered.
    #[arg(long)]
    reconnect: bool,
    /// Count "slow down" as a refusal, rather than sending again.
    #[arg(long)]
    no_retry: bool,
    /// How long it waits for reports after the last answer, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    linger: u64,
    /// File of what was acknowledged: one JSON object a line with number, hash of the text, segment, code. Written
    /// before it is counted; appended to what is there.
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
}

/// Runs one of them.
pub fn run(what: Simulate) -> Result<ExitCode, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::unavailable(format!("cannot begin: {error}")))?;
    let code = match what {
        Simulate::Carrier(args) => runtime.block_on(carrier(args)),
        Simulate::Sender(args) => runtime.block_on(sender(args)),
    };
    // A thread may still wait for standard input.
    runtime.shutdown_background();
    code
}

async fn carrier(args: CarrierArgs) -> Result<ExitCode, Failure> {
    let seconds = args.seconds;
    let carrier = Carrier::start(args.plan(), clock())
        .await
        .map_err(|error| Failure::unavailable(format!("carrier cannot begin: {error}")))?;
    warn(&format!("carrier listens at {}", carrier.bound()));
    let mut lines = lines();
    let mut end = ending()?;
    let mut last = 0;
    let over = async {
        match seconds {
            Some(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
            None => core::future::pending().await,
        }
    };
    tokio::pin!(over);
    loop {
        tokio::select! {
            _ = end.recv() => break,
            () = &mut over => break,
            Some(line) = lines.recv() => {
                if !write(&carrier, &line) {
                    warn(&format!("no such reply, give FROM TO TEXT: {line}"));
                }
            }
            () = tokio::time::sleep(SECOND) => {
                let counts = carrier.counts();
                warn(&carrier_line(&counts, &mut last));
            }
        }
    }
    summary(&carrier.stop(LEAVE).await)
}

/// A subscriber writes, as a line says.
fn write(carrier: &Carrier, line: &str) -> bool {
    let mut parts = line.trim().splitn(3, ' ');
    let (Some(from), Some(to), Some(text)) = (parts.next(), parts.next(), parts.next()) else { return false };
    let coding = if text.is_ascii() { Coding::Ascii } else { Coding::Ucs2 };
    carrier.reply(from, to, text, coding)
}

fn carrier_line(counts: &CarrierCounts, last: &mut u64) -> String {
    let second = counts.taken - core::mem::replace(last, counts.taken);
    format!(
        "taken {} ({second}/s), twice {}, refused {}, slowed down {}, told {} of which replies {}, to tell {}",
        counts.taken,
        counts.duplicates,
        counts.refused,
        counts.throttled,
        counts.told,
        counts.replies,
        counts.untold
    )
}

async fn sender(args: SenderArgs) -> Result<ExitCode, Failure> {
    let reports = !args.no_reports;
    let sender = Sender::start(args.plan(), clock())
        .await
        .map_err(|error| Failure::unavailable(format!("sender cannot begin: {error}")))?;
    let mut end = ending()?;
    let mut last = 0;
    let watch = sender.watch();
    let finish = sender.finish();
    tokio::pin!(finish);
    let counts = loop {
        tokio::select! {
            counts = &mut finish => break counts,
            // A second time it ends at once.
            _ = end.recv() => if watch.enough() { break watch.counts() },
            () = tokio::time::sleep(SECOND) => warn(&sender_line(&watch.counts(), &mut last)),
        }
    };
    if counts.logins == 0 {
        for how in counts.endings.keys() {
            warn(&format!("nobody let it in: {how}"));
        }
    }
    let code = summary(&counts)?;
    let report = &counts.reports;
    let whole = counts.refused + counts.unsent + report.missing + report.duplicate + report.unknown == 0
        && counts.in_doubt == counts.again
        && (!reports || report.matched <= counts.taken);
    Ok(match (counts.logins, whole) {
        (0, _) => ExitCode::from(UNAVAILABLE),
        (_, true) => code,
        (_, false) => ExitCode::from(FOUND),
    })
}

fn sender_line(counts: &SenderCounts, last: &mut u64) -> String {
    let answered = counts.taken + counts.refused;
    let second = answered - core::mem::replace(last, answered);
    format!(
        "answered {answered} ({second}/s), taken {}, refused {}, in doubt {}, sent again {}, reported {}, awaited {}, replies {}",
        counts.taken,
        counts.refused,
        counts.in_doubt,
        counts.again + counts.retried,
        counts.reports.matched,
        counts.reports.missing,
        counts.replies
    )
}

fn summary(counts: &impl serde::Serialize) -> Result<ExitCode, Failure> {
    let json = serde_json::to_string(counts);
    say(&json.map_err(|error| Failure::unavailable(error.to_string()))?);
    Ok(ExitCode::SUCCESS)
}

impl CarrierArgs {
    fn plan(self) -> CarrierPlan {
        let faults = self.faults;
        let listen = self.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], self.protocol.port())));
        let who = Credentials { account: self.login.into_bytes(), secret: self.secret.into_bytes() };
        let replies = self.reply_every.map(|every| Answering {
            every,
            text: self.reply_text,
            after: Duration::from_millis(self.report_after),
        });
        CarrierPlan {
            deliver_to: self.deliver_to,
            window: self.window,
            ids: self.ids.into(),
            report_after: Duration::from_millis(self.report_after),
            fails: self.fail_every,
            replies,
            faults: Faults {
                slow: Duration::from_millis(faults.slow),
                throttle: faults.throttle,
                silent: faults.silent,
                reset_after: faults.reset_after,
                lie: faults.lie,
                report_before_response: faults.report_before_response,
                refuse: faults.refuse.map(|code| (code, faults.refuse_every)),
                no_reports: faults.no_reports,
            },
            log: self.log,
            ..CarrierPlan::new(self.protocol, listen, who)
        }
    }
}

impl SenderArgs {
    fn plan(self) -> SenderPlan {
        let who = Credentials { account: self.login.into_bytes(), secret: self.secret.into_bytes() };
        let usual = SenderPlan::new(self.protocol, self.to, who, self.count);
        let called_as = self.deliver_login.zip(self.deliver_secret);
        SenderPlan {
            listen: self.listen,
            called_as: called_as.map(|(login, secret)| Credentials {
                account: login.into_bytes(),
                secret: secret.into_bytes(),
            }),
            first: self.first,
            connections: self.connections,
            window: self.window.unwrap_or(usual.window),
            rate: self.rate,
            source: self.source,
            recipients: self.recipients,
            mix: self.mix,
            texts: self.text,
            ids: self.ids.into(),
            reports: !self.no_reports,
            reconnects: self.reconnect,
            retries: !self.no_retry,
            linger: Duration::from_secs(self.linger),
            log: self.log,
            ..usual
        }
    }
}

impl From<IdArg> for Ids {
    fn from(ids: IdArg) -> Self {
        match ids {
            IdArg::Decimal => Self::Decimal,
            IdArg::Hex => Self::Hex,
            IdArg::HexThenDecimal => Self::HexThenDecimal,
            IdArg::DecimalThenHex => Self::DecimalThenHex,
        }
    }
}

fn recipients(text: &str) -> Result<Recipients, String> {
    Recipients::parse(text)
        .ok_or_else(|| "give a mobile number and how many from there on: 13800000000+1000".to_owned())
}

fn mix(text: &str) -> Result<Mix, String> {
    Mix::parse(text)
        .ok_or_else(|| "give shares of code, service, campaign, long: code=20,campaign=80".to_owned())
}

const fn clock() -> Clock {
    Clock { wall: now, steady: || Moment::after(steady()) }
}

/// Ctrl-C or the end of a service, whichever comes.
fn ending() -> Result<Receiver<()>, Failure> {
    let (told, ending) = channel(1);
    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let told = told.clone();
        let mut heard = signal(kind)
            .map_err(|error| Failure::unavailable(format!("signals cannot be heard: {error}")))?;
        tokio::spawn(async move { while heard.recv().await.is_some() && told.send(()).await.is_ok() {} });
    }
    Ok(ending)
}

/// Lines of standard input. Its end ends nothing: a carrier may run in the background.
fn lines() -> Receiver<String> {
    let (told, lines) = channel(LINES);
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            if told.blocking_send(line).is_err() {
                return;
            }
        }
    });
    lines
}

const SECOND: Duration = Duration::from_secs(1);
/// How long connections may take to leave.
const LEAVE: Duration = Duration::from_secs(3);
/// Lines that wait.
const LINES: usize = 64;
const FOUND: u8 = 1;
const UNAVAILABLE: u8 = 3;
