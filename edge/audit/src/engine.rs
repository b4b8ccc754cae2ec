//! The audit: every send is judged on what was known about its recipient then.
//!
//! Holds the input in memory; sends are judged in order of recipient and time, so that the result does not
//! depend on the order of rows.

use std::path::Path;

use anning_consent::Prior;
use anning_decide::{Decision, Treatment, brands_hash, decide};
use anning_judge::{Judge, Scratch};
use anning_law::{Corpus, Law};
use anning_vocab::{
    AgeBand, Audience, Basis, Channel, Class, ContentKind, Declared, Grade, Known, Message, Parties, PartyId,
    PortId, Purpose, RecipientKey, RecipientKind, SenderNumber, SignatureId, State, TextFacts, Timestamp,
};

use crate::intake::{Books, Error, Fault, Reject, Row, files, rows};
use crate::read::{time, word};
use crate::settings::Settings;
use crate::summary::{Bound, Summary, Words};
use crate::tables::{PARTY_COLUMNS, Tables, recipient};
use crate::tally::Tally;

/// What an audit found.
#[derive(Debug)]
pub struct Audit {
    /// The aggregate.
    pub summary: Summary,
    /// One row a send, in order of recipient and time.
    pub judged: Vec<Judged>,
    /// Rows that could not be read.
    pub rejects: Vec<Reject>,
}

/// One send and what was decided about it.
#[derive(Debug)]
pub struct Judged {
    /// File it stands in.
    pub file: String,
    /// Line, the header being 1.
    pub line: u64,
    /// The sender's own id, if any.
    pub send_id: Option<String>,
    /// Pseudonym of the recipient.
    pub recipient: RecipientKey,
    /// Masked address, if the input held one.
    pub masked: String,
    /// The message.
    pub message: Message,
    /// Its class by content.
    pub class: Class,
    /// Campaign.
    pub campaign: Option<String>,
    /// Excerpt of the text, digit runs masked.
    pub excerpt: Option<String>,
    /// State of consent to receive.
    pub state: State,
    /// Grade of that evidence, if there is any.
    pub grade: Option<Grade>,
    /// Hash of the notice the person saw, 0 if none.
    pub notice: u64,
    /// The decision.
    pub decision: Decision,
}

/// A send as read.
struct Send {
    file: String,
    line: u64,
    send_id: Option<String>,
    recipient: RecipientKey,
    masked: String,
    message: Message,
    class: Class,
    campaign: Option<String>,
    excerpt: Option<String>,
}

/// Audits the tables in a folder. `progress` is told how many sends were judged, of how many.
///
/// # Errors
/// When a table cannot be read at all; rows that cannot be read are rejects, not errors.
pub fn audit(folder: &Path, settings: &Settings, mut progress: impl FnMut(u64, u64)) -> Result<Audit, Error> {
    let key = blake3::derive_key("anning audit pseudonym 1", settings.pseudonym_key.as_bytes());
    let mut books = Books::default();
    let mut tables = Tables::read(folder, &mut books, &key)?;
    let mut sends = read_sends(folder, &mut books, &mut tables, &key)?;
    sends.sort_by(|a, b| {
        (a.recipient, a.message.sent_at, &a.file, a.line).cmp(&(
            b.recipient,
            b.message.sent_at,
            &b.file,
            b.line,
        ))
    });
    let total = sends.len() as u64;
    let (law, mut tally) = (Law::embedded(), Tally::new(settings));
    let mut prior: Vec<Prior> = Vec::new();
    let mut current: Option<RecipientKey> = None;
    let mut judged = Vec::with_capacity(sends.len());
    for (done, send) in sends.into_iter().enumerate() {
        if current != Some(send.recipient) {
            prior.clear();
            current = Some(send.recipient);
        }
        let row = judge_send(send, &tables, law, settings, &mut prior);
        tally.add(&row, &tables);
        judged.push(row);
        if (done as u64).is_multiple_of(4_096) {
            progress(done as u64, total);
        }
    }
    progress(total, total);
    let mut summary = tally.finish(&tables);
    summary.bound = bound(settings, &tables);
    summary.inputs.files.clone_from(&books.files);
    summary.settle();
    if let Some(imbalance) = summary.imbalances().first() {
        return Err(Error::Unbalanced(imbalance.to_string()));
    }
    Ok(Audit { summary, judged, rejects: books.rejects })
}

fn judge_send(send: Send, tables: &Tables, law: &Law, settings: &Settings, prior: &mut Vec<Prior>) -> Judged {
    let acts = tables.acts.get(&send.recipient).map_or(&[][..], Vec::as_slice);
    let message = send.message;
    let facts = tables.world.facts(&message, acts, prior);
    let day = settings.law_on.unwrap_or_else(|| message.sent_at.date());
    let decision = decide(law.on(day), &message, send.class, &facts, prior, &settings.policy);
    if prior.len() == PRIOR_MAX {
        prior.remove(0);
    }
    prior.push(Prior {
        sent_at: message.sent_at,
        sender: message.sender(),
        channel: message.channel,
        kind: message.kind,
        commercial: decision.treatment == Treatment::Commercial,
        request: message.purpose == Purpose::ConsentRequest,
        wording: message.wording,
    });
    let receive = &facts.receive;
    let shown = !matches!(receive.state, State::NoRecord | State::Reassigned);
    Judged {
        file: send.file,
        line: send.line,
        send_id: send.send_id,
        recipient: send.recipient,
        masked: send.masked,
        message,
        class: send.class,
        campaign: send.campaign,
        excerpt: send.excerpt,
        state: receive.state,
        grade: shown.then_some(receive.grade),
        notice: receive.terms.and_then(|t| t.notice).map_or(0, |n| n.hash),
        decision,
    }
}

fn read_sends(
    folder: &Path,
    books: &mut Books,
    tables: &mut Tables,
    key: &[u8; 32],
) -> Result<Vec<Send>, Error> {
    let paths = files(folder, "sends")?;
    if paths.is_empty() {
        return Err(Error::NoSends { folder: folder.display().to_string() });
    }
    let (judge, mut scratch, mut sends) = (Judge::shipped(), Scratch::default(), Vec::new());
    let mut seen = std::collections::HashSet::new();
    for path in paths {
        let file = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        rows(books, &path, "sends", &["sent_at"], |row| {
            let mut send = read_send(row, tables, key, &file)?;
            if let Some(id) = &send.send_id
                && !seen.insert((id.clone(), send.recipient))
            {
                return Err(Fault { column: "send_id", reason: "repeats for the same recipient".to_owned() });
            }
            if let Some(text) = row.get("text") {
                let judgement = judge.judge(text, &mut scratch);
                send.class = judgement.class;
                send.message.text = judgement.text;
                send.excerpt = Some(masked_excerpt(text));
                if send.message.purpose == Purpose::ConsentRequest {
                    send.message.request_states_terms = request_states_terms(text);
                }
            }
            sends.push(send);
            Ok(())
        })?;
    }
    Ok(sends)
}

fn read_send(row: &Row<'_>, tables: &mut Tables, key: &[u8; 32], file: &str) -> Result<Send, Fault> {
    let sent_at: Timestamp = row.need("sent_at", time)?;
    let (recipient, address) = recipient(row, key)?;
    let campaign_id = row.get("campaign").map(str::to_owned);
    let campaign = campaign_id.as_ref().and_then(|id| tables.campaigns.get(id)).cloned().unwrap_or_default();
    let channel = row
        .read("channel", word(Channel::ALL, Channel::from_code))?
        .or(campaign.channel)
        .ok_or_else(|| Fault { column: "channel", reason: "is empty".to_owned() })?;
    let mut message = Message::new(sent_at, channel);
    message.kind = row.read("kind", word(ContentKind::ALL, ContentKind::from_code))?.or(campaign.kind);
    message.purpose = row
        .read("purpose", word(Purpose::ALL, Purpose::from_code))?
        .or(campaign.purpose)
        .unwrap_or(Purpose::Content);
    message.declared = row
        .read("declared", word(Declared::ALL, Declared::from_code))?
        .or(campaign.declared)
        .unwrap_or(Declared::Unknown);
    message.audience = row
        .read("audience", word(Audience::ALL, Audience::from_code))?
        .or(campaign.audience)
        .unwrap_or(Audience::Unknown);
    message.age = row.read("age", word(AgeBand::ALL, AgeBand::from_code))?.unwrap_or(AgeBand::Unknown);
    message.recipient = row
        .read("recipient_kind", word(RecipientKind::ALL, RecipientKind::from_code))?
        .unwrap_or_else(|| address.as_ref().map_or(RecipientKind::Person, anning_vocab::Recipient::kind));
    message.wording = row.get("wording").map(|w| tables.names.wordings.id(w)).or(campaign.wording);
    message.basis = campaign.basis.unwrap_or(Basis::Unstated);
    message.untargeted_option = campaign.untargeted_option.unwrap_or(Known::Unknown);
    message.vendor_contract = campaign.vendor_contract.unwrap_or(Known::Unknown);
    message.log_kept = campaign.log_kept.unwrap_or(Known::Unknown);
    message.operator_knew = campaign.operator_knew.unwrap_or(Known::Unknown);
    message.parties = parties(row, tables, campaign.parties);
    message.signature = row
        .get("signature")
        .or_else(|| signature(row.get("text")?))
        .map(|s| SignatureId(tables.names.signatures.id(s)));
    ports_and_brand(row, tables, &mut message)?;
    let class = match message.declared {
        // No text was kept: the declared class is a claim, but nothing speaks against it.
        Declared::Commercial => Class::Commercial,
        Declared::Service | Declared::Code => Class::NotCommercial,
        Declared::Unknown => Class::Borderline,
    };
    message.text = TextFacts::UNKNOWN;
    Ok(Send {
        file: file.to_owned(),
        line: row.line,
        send_id: row.get("send_id").map(str::to_owned),
        recipient,
        masked: address.map_or_else(|| "pseudonym".to_owned(), |a| a.to_string()),
        message,
        class,
        campaign: campaign_id,
        excerpt: None,
    })
}

fn parties(row: &Row<'_>, tables: &mut Tables, of_campaign: [Option<PartyId>; 5]) -> Parties {
    let mut ids = PARTY_COLUMNS.map(|column| row.get(column).map(|p| PartyId(tables.names.parties.id(p))));
    for (id, campaign) in ids.iter_mut().zip(of_campaign) {
        *id = id.or(campaign);
    }
    let [advertiser, content_provider, service_provider, carrier, controller] = ids;
    Parties { advertiser, content_provider, service_provider, carrier, controller }
}

fn ports_and_brand(row: &Row<'_>, tables: &mut Tables, message: &mut Message) -> Result<(), Fault> {
    message.port = row.get("sender_number").map(|p| PortId(tables.names.ports.id(p)));
    let usual = if message.port.is_some() { SenderNumber::True } else { SenderNumber::NotKept };
    message.sender_number =
        row.read("sender_number_state", word(SenderNumber::ALL, SenderNumber::from_code))?.unwrap_or(usual);
    if let Some(port) = message.port.and_then(|p| tables.ports.get(&p)) {
        message.port_use = port.usage;
        message.port_shared = port.shared;
        message.refusal_free = port.refusal_free;
        let [signature, content_provider, filed] = port.filing;
        message.filing = anning_vocab::Filing { signature, content_provider, port: filed };
    }
    if let Some(sender) = message.sender().and_then(|p| tables.parties.get(&p)) {
        message.online_business = sender.online_business;
        message.region = sender.region;
    }
    if let Some(provider) = message.parties.service_provider.and_then(|p| tables.parties.get(&p)) {
        message.licence = provider.licence;
    }
    let on = message.sent_at.date();
    message.brand = tables.world.brands.of_message(message.signature, message.sender(), message.port, on);
    Ok(())
}

/// The words between 【 and 】, at the head or the tail.
fn signature(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once('【')?;
    rest.split_once('】').map(|(name, _)| name.trim()).filter(|name| !name.is_empty())
}

/// A consent request states type, frequency and period: the words for each stand in it.
fn request_states_terms(text: &str) -> Known {
    let any = |words: &[&str]| words.iter().any(|w| text.contains(w));
    let frequency =
        any(&["每月", "每周", "每日", "每天", "每季", "a month", "a week", "per month", "per week"]);
    let period = any(&["期限", "有效期", "一年", "半年", "个月内", "至20", "for one year", "until"]);
    Known::from_option(Some(frequency && period))
}

/// At most 80 characters; runs of seven digits or more lose their middle.
fn masked_excerpt(text: &str) -> String {
    let mut out = String::new();
    let mut run = String::new();
    let flush = |run: &mut String, out: &mut String| {
        let keep = if run.len() >= 7 { 3 } else { run.len() };
        out.push_str(run.get(..keep).unwrap_or(""));
        if run.len() >= 7 {
            out.push_str("****");
        }
        run.clear();
    };
    for c in text.chars().take(80) {
        if c.is_ascii_digit() {
            run.push(c);
        } else {
            flush(&mut run, &mut out);
            out.push(c);
        }
    }
    flush(&mut run, &mut out);
    out
}

fn bound(settings: &Settings, tables: &Tables) -> Bound {
    let hex = |hash: [u8; 32]| hash.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let names = &tables.names;
    let member = |m: anning_consent::Member| match m {
        anning_consent::Member::Signature(id) => names.signatures.name(id.0).to_owned(),
        anning_consent::Member::Party(id) => names.parties.name(id.0).to_owned(),
        anning_consent::Member::Port(id) => names.ports.name(id.0).to_owned(),
    };
    let declared = !settings.pseudonym_key.is_empty();
    Bound {
        tool: format!("anning {}", env!("CARGO_PKG_VERSION")),
        law: hex(Corpus::embedded().hash()),
        judge: hex(Judge::shipped().hash()),
        policy: hex(settings.policy.hash()),
        brands: hex(brands_hash(&tables.world.brands, member, |b| names.brands.name(b.0).to_owned())),
        pseudonym_key: if declared { "declared in audit.toml" } else { "default of this tool" }.to_owned(),
        law_on: settings.law_on.map(|d| d.to_string()),
        reading: match settings.policy.reading {
            anning_decide::Reading::Strict => crate::summary::Reading::Strict,
            anning_decide::Reading::Lenient => crate::summary::Reading::Lenient,
        },
    }
}

/// Both languages from one table entry.
pub(crate) fn words(phrase: crate::summary::words::Phrase) -> Words {
    Words::from(phrase)
}

/// Earlier sends kept a recipient: more than a year of daily messages and codes.
const PRIOR_MAX: usize = 4_096;
