//! Where the gateway runs: a ledger with consents of some recipients, a configuration, the process.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use anning_ledger::Suite;
use anning_ledger::sheet::{self, Table};
use anning_peers::Protocol;
use anning_store::disk::Real;
use anning_store::{Access, Ledger, NewAct, SoftMaster, sheet_hash};
use anning_vocab::{
    ActKind, BrandId, Channel, ContentKind, Origin, PartyId, ProcessingPurpose, Recipient, Set, Terms,
};

use super::{Failed, wall};
use crate::Random;

/// Folder and binary.
pub(crate) struct Ground {
    scratch: PathBuf,
    binary: PathBuf,
}

/// A gateway at work.
pub(crate) struct Gateway {
    pub child: Child,
    /// Where senders come in.
    pub at: SocketAddr,
}

impl Ground {
    pub fn new() -> Result<Self, Failed> {
        let scratch =
            std::env::var_os("ANNING_SCRATCH").map_or_else(|| "target/bench-gateway".into(), PathBuf::from);
        std::fs::create_dir_all(&scratch)?;
        Ok(Self { scratch: scratch.canonicalize()?, binary: binary()? })
    }

    /// Starts a gateway with a ledger of its own before this carrier, in shadow mode, with one account.
    pub fn serve(&self, protocol: Protocol, carrier: SocketAddr) -> Result<Gateway, Failed> {
        self.serve_as(protocol, carrier, "shadow", 1)
    }

    /// The same in this mode, with so many accounts; see [`login`].
    pub fn serve_as(
        &self,
        protocol: Protocol,
        carrier: SocketAddr,
        mode: &str,
        accounts: u32,
    ) -> Result<Gateway, Failed> {
        let folder = self.scratch.join(protocol.name());
        // What an earlier run left there would be counted into this one.
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder)?;
        consents(&folder)?;
        let config = folder.join("gateway.toml");
        std::fs::write(&config, configuration(protocol, carrier, mode, accounts))?;
        let mut child = Command::new(&self.binary)
            .arg("serve")
            .arg(&config)
            .env("ANNING_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let Some(out) = child.stdout.take() else { return Err("no standard output".into()) };
        let mut at = None;
        let mut lines = BufReader::new(out).lines();
        for line in lines.by_ref() {
            let line = line?;
            if let Some((_, address)) = line.rsplit_once(" at ") {
                at = at.or(address.parse().ok());
            }
            if line == "ready" {
                break;
            }
        }
        // Read on, so that it never waits for us.
        std::thread::spawn(move || lines.for_each(drop));
        match at {
            Some(at) => Ok(Gateway { child, at }),
            None => {
                let _ = child.kill();
                Err(format!("gateway does not begin: {} serve {}", self.binary.display(), config.display())
                    .into())
            }
        }
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.scratch);
    }
}

impl Gateway {
    /// Ends it; nothing of it is needed any more.
    pub fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.end();
    }
}

/// The binary named in ANNING_BINARY, or the one that cargo builds beside this one.
fn binary() -> Result<PathBuf, Failed> {
    if let Some(named) = std::env::var_os("ANNING_BINARY") {
        return Ok(named.into());
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built =
        Command::new(cargo).args(["build", "--release", "--quiet", "--package", "anning-cli"]).status()?;
    let beside = std::env::current_exe()?.with_file_name("anning");
    if built.success() && beside.is_file() {
        Ok(beside)
    } else {
        Err(format!("no gateway to measure: name one with ANNING_BINARY, or build {}", beside.display())
            .into())
    }
}

/// A ledger in which some recipients have agreed, yesterday.
fn consents(folder: &std::path::Path) -> Result<(), Failed> {
    std::fs::write(folder.join("master.key"), MASTER)?;
    let at = folder.join("ledger");
    let now = wall();
    let yesterday = now.plus_millis(-86_400_000);
    Ledger::create(&at, "log.example/bench", Suite::International, access(folder, 1)?, yesterday)?;
    let mut ledger = Ledger::open(&at, access(folder, 2)?)?;
    let sheet = terms();
    let hash = sheet_hash(ledger.suite(), &sheet);
    let people: Vec<u64> = (0..AGREED).collect();
    for some in people.chunks(BATCH) {
        let mut acts = Vec::new();
        for person in some {
            let Some(recipient) = Recipient::mainland_mobile(FIRST_NUMBER + person) else { continue };
            acts.push(NewAct {
                recipient: ledger.hash(&recipient),
                address: recipient.reveal(),
                kind: ActKind::Given,
                origin: Origin::Captured,
                occurred: yesterday,
                received: yesterday,
                recorded: yesterday,
                sheet: hash,
                id: person.to_be_bytes().to_vec(),
            });
        }
        ledger.put(std::slice::from_ref(&sheet), &acts, yesterday)?;
    }
    Ok(())
}

fn access(folder: &std::path::Path, seed: u64) -> Result<Access, Failed> {
    let mut random = Random(seed ^ wall().millis().unsigned_abs());
    Ok(Access {
        disk: Arc::new(Real),
        ring: folder.join("ledger.keys"),
        master: Box::new(SoftMaster::parse(MASTER).map_err(|error| error.to_string())?),
        entropy: Box::new(move |bytes| {
            for chunk in bytes.chunks_mut(8) {
                chunk.iter_mut().zip(random.draw().to_le_bytes()).for_each(|(to, from)| *to = from);
            }
        }),
    })
}

/// Consent to what the sender sends.
fn terms() -> Vec<u8> {
    let allow = crate::decide::terms().into_iter().next().map(|terms| Terms {
        controller: Some(PartyId(0)),
        brand: Some(BrandId(0)),
        channels: Some(Set::<Channel>::of(&[Channel::Sms])),
        kinds: Some(Set::<ContentKind>::of(&[ContentKind::Retail])),
        purposes: Some(Set::<ProcessingPurpose>::of(&[ProcessingPurpose::Marketing])),
        related: Some(true),
        ..terms
    });
    let name = |table: Table, _: u32| Some(if table == Table::Brand { "云栖" } else { "yunqi" }.into());
    allow.and_then(|terms| sheet::encode(&terms, &name).ok()).unwrap_or_default()
}

/// The login of an account by its number; the first is that of the carrier too.
pub(crate) fn login(account: u32) -> String {
    (FIRST_LOGIN + account).to_string()
}

fn configuration(protocol: Protocol, carrier: SocketAddr, mode: &str, accounts: u32) -> String {
    let (name, version) = match protocol {
        Protocol::Cmpp2 => ("cmpp", "2.0"),
        Protocol::Cmpp3 => ("cmpp", "3.0"),
        Protocol::Smpp => ("smpp", "3.4"),
        Protocol::Smgp => ("smgp", "3.0"),
        Protocol::Sgip => ("sgip", "1.2"),
    };
    let accounts: String = (0..accounts).map(|number| account(name, number, mode)).collect();
    format!(
        r#"
[ledger]
folder = "ledger"
keys = "ledger.keys"
master = "master.key"

[outbox]
folder = "outbox"

[listen]
{name} = "127.0.0.1:0"

{accounts}
[[upstream]]
name = "carrier"
protocol = "{name}"
version = "{version}"
address = "{carrier}"
login = "{LOGIN}"
secret = "{SECRET}"
links = 4
window = 64

[[route]]
upstream = "carrier"

[[party]]
party = "yunqi"
name = "云栖百货有限公司"
contact = "400-812-3123"
online_business = true

[[brand]]
member_kind = "party"
member = "yunqi"
brand = "云栖"
from = 2020-01-01
asserted_by = "yunqi"

[[brand]]
member_kind = "signature"
member = "云栖百货"
brand = "云栖"
from = 2020-01-01
asserted_by = "yunqi"

[[port]]
port = "10690001*"
use = "commercial"
shared = false
refusal_free = true
"#
    )
}

fn account(protocol: &str, number: u32, mode: &str) -> String {
    let login = login(number);
    format!(
        r#"
[[account]]
name = "mall-{number}"
login = {{ {protocol} = "{login}" }}
secret = "{SECRET}"
sources = ["10690001*"]
advertiser = "yunqi"
content_provider = "yunqi"
controller = "yunqi"
content = "retail"
kind = "commercial"
mode = "{mode}"
charset = "ucs2"
connections = 256
"#
    )
}

/// Both logins and secrets: the bare pair and the gateway's ends differ in the address alone.
pub(crate) const LOGIN: &str = "901234";
const FIRST_LOGIN: u32 = 901_234;
pub(crate) const SECRET: &str = "bench";
pub(crate) const FIRST_NUMBER: u64 = 13_800_000_000;
/// Recipients who have agreed: those with the lowest numbers.
pub(crate) const AGREED: u64 = 12_000;
const MASTER: &str = "0101010101010101010101010101010101010101010101010101010101010101";
const BATCH: usize = 1_000;
