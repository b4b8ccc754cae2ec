//! A ledger with a few people in it, and a gate before it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anning_decide::Outcome;
use anning_gateway::config::{Account, Config, Outside};
use anning_gateway::{Gate, Ruling, Verdict, Way};
use anning_ledger::Suite;
use anning_ledger::sheet::{self, Table};
use anning_store::disk::Real;
use anning_store::{Access, Ledger, NewAct, SoftMaster, sheet_hash};
use anning_vocab::{
    Act, ActKind, BrandId, Bundling, Channel, ContentKind, Control, Covers, Date, Frequency, Notice, Origin,
    PartyId, ProcessingPurpose, Prominence, Recipient, Set, Terms, Timestamp,
};

pub const SAMPLE: &str = include_str!("../../../../samples/gateway/gateway.toml");
pub const OFFER: &str =
    "【云栖百货】今晚八点全场五折，满300减50，点击领券 https://yq.example/a 客服4008123123 拒收请回复R";
pub const CODE: &str = "【云栖百货】您的验证码是482913，5分钟内有效，请勿告诉他人";
pub const CODE_WITH_OFFER: &str = "【云栖百货】您的验证码是482913。新人专享五折优惠，满100减50，立即抢购";
pub const NOTICE: &str = "【云栖百货】您的订单已发货，预计明天送达，请保持电话畅通";

pub struct World {
    pub folder: PathBuf,
    pub ledger: Ledger,
    pub gate: Gate,
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A time in Beijing, such as `2024-07-01 10:30`.
pub fn at(text: &str) -> Timestamp {
    let (day, clock) = text.split_once(' ').unwrap();
    let (hour, minute) = clock.split_once(':').unwrap();
    let minutes = hour.parse::<i64>().unwrap() * 60 + minute.parse::<i64>().unwrap();
    Date::parse(day).unwrap().start().plus_millis(minutes * 60_000)
}

/// The `n`th person.
pub fn person(n: u64) -> Recipient {
    Recipient::mainland_mobile(13_800_000_000 + n).unwrap()
}

/// The sample, with these replacements; each must be there to replace.
pub fn config(edits: &[(&str, &str)]) -> Config {
    let text = edits.iter().fold(SAMPLE.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    let outside =
        Outside { variable: &|_| Some("secret".to_owned()), file: &|_: &Path| Ok("secret".to_owned()) };
    Config::parse(&text, &outside).unwrap_or_else(|faults| panic!("{faults:#?}")).0
}

pub const ENFORCE: (&str, &str) =
    ("mode = \"shadow\"                          # or", "mode = \"enforce\"                         # or");
pub const ENFORCE_ALL: (&str, &str) = ("{ not_commercial = \"shadow\" }", "{ not_commercial = \"enforce\" }");

pub fn access(folder: &Path) -> Access {
    let mut drawn = 0_u64;
    Access {
        disk: Arc::new(Real),
        ring: folder.with_extension("keys"),
        master: Box::new(SoftMaster::parse(&"7".repeat(64)).unwrap()),
        entropy: Box::new(move |bytes| {
            drawn += 1;
            let mut reader = blake3::Hasher::new().update(&drawn.to_le_bytes()).finalize_xof();
            reader.fill(bytes);
        }),
    }
}

impl World {
    pub fn new(edits: &[(&str, &str)]) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("anning-gate-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let at_ = folder.join("ledger");
        Ledger::create(&at_, "log.example/test", Suite::International, access(&at_), at("2019-01-01 00:00"))
            .unwrap();
        let ledger = Ledger::open(&at_, access(&at_)).unwrap();
        let entropy = access(&at_).entropy;
        let gate =
            Gate::new(ledger.view(), ledger.suite(), Box::new(ledger.hasher()), entropy, config(edits));
        Self { folder, ledger, gate }
    }

    pub fn account(&self, name: &str) -> Arc<Account> {
        Arc::clone(&self.gate.book().config.accounts[name])
    }

    /// A person agrees, in full form, to what the terms say.
    pub fn agrees(&mut self, n: u64, when: &str, edit: impl FnOnce(&mut Terms)) {
        let mut terms = self.consent();
        edit(&mut terms);
        self.act(n, ActKind::Given, when, terms);
    }

    /// Consent as it should be.
    pub fn consent(&self) -> Terms {
        let view = self.ledger.view();
        let yes = Some(true);
        Terms {
            controller: Some(PartyId(view.number(Table::Party, "yunqi"))),
            brand: Some(BrandId(view.number(Table::Brand, "云栖"))),
            channels: Some(Set::<Channel>::of(&[Channel::Sms])),
            kinds: Some(Set::<ContentKind>::of(&[ContentKind::Retail])),
            purposes: Some(Set::<ProcessingPurpose>::of(&[ProcessingPurpose::Marketing])),
            control: Control::TickedByRecipient,
            bundling: Bundling::Separate,
            prominence: Prominence::OnFace,
            forced: Some(false),
            related: yes,
            notice: Some(Notice {
                hash: 7,
                names_controller: yes,
                states_purpose: yes,
                states_categories: yes,
                states_retention: yes,
                states_rights: yes,
                states_type_frequency_period: yes,
            }),
            ..Terms::silent(Covers::Both)
        }
    }

    pub fn act(&mut self, n: u64, kind: ActKind, when: &str, terms: Terms) {
        let (sheet, time) = (self.sheet(&terms), at(when));
        let hash = sheet_hash(self.ledger.suite(), &sheet);
        let act = NewAct {
            recipient: self.ledger.hash(&person(n)),
            address: person(n).reveal(),
            kind,
            origin: Origin::Captured,
            occurred: time,
            received: time,
            recorded: time,
            sheet: hash,
            id: Vec::new(),
        };
        self.ledger.put(&[sheet], &[act], time).unwrap();
    }

    fn sheet(&self, terms: &Terms) -> Vec<u8> {
        let now = self.ledger.read();
        sheet::encode(terms, &|table, id| now.sheets().names().name(table, id)).unwrap()
    }

    pub fn acts(&self, n: u64) -> Vec<Act> {
        let mut acts = Vec::new();
        self.ledger.read().index().acts(self.ledger.hash(&person(n)), &mut acts);
        acts
    }

    pub fn verdict(&self, account: &str, text: &str, n: u64, when: Timestamp) -> Verdict {
        let read = self.gate.read(&self.account(account), source(account), text).unwrap();
        self.gate.decide(&read, &[person(n)], when).pop().unwrap()
    }

    pub fn ruling(&self, text: &str, n: u64, when: &str) -> Box<Ruling> {
        match self.verdict("mall", text, n, at(when)) {
            Verdict::Ruled(ruling) => ruling,
            Verdict::Unavailable(trouble) => panic!("{trouble:?}"),
        }
    }

    /// What becomes of a text, in a word.
    pub fn says(&self, text: &str, n: u64, when: &str) -> String {
        told(&self.verdict("mall", text, n, at(when)))
    }
}

/// A number that the account may show.
pub fn source(account: &str) -> &'static str {
    if account == "bank" { "95000" } else { "1069000101" }
}

pub fn told(verdict: &Verdict) -> String {
    let ruling = match verdict {
        Verdict::Ruled(ruling) => ruling,
        Verdict::Unavailable(trouble) => return format!("unavailable {trouble:?}"),
    };
    let against = ruling.refusal.map_or(String::new(), |r| format!(": {}", r.reason.code()));
    match ruling.way() {
        Way::Pass(kind) => format!("{}{against}", kind.code()),
        Way::Hold(until) => format!("hold until {until}{against}"),
        Way::Refuse(refusal) => {
            assert!(!matches!(ruling.outcome(), Outcome::Allow));
            format!("refuse: {}", refusal.reason.code())
        }
    }
}

pub const fn weekly(at_most: u16) -> Frequency {
    Frequency { at_most, per: anning_vocab::Window::Week }
}
