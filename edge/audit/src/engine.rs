//! The audit: rows are read and put with their recipient's others, then decided recipient by recipient.
//!
//! Both phases work on all threads and give the same bytes whatever their number. Memory is bounded: records go
//! to disk when there are many. A killed run goes on from the last leg of reading that it had put on record.

mod checkpoint;
mod codec;
mod collect;
mod decide;
mod evidence;
mod exposure;
mod findings;
mod groups;
mod kept;
mod list;
mod memo;
mod pages;
mod progress;
mod reading;
mod recipients;
mod record;
mod rejects;
mod remedy;
mod samples;
mod store;
mod tally;
mod templates;
mod verdict;
mod words;

pub use kept::Kept;
pub use list::{Decided, List, Said, decide_list, decide_list_with};
pub use progress::{Stage, Step};

use std::path::{Path, PathBuf};

use anning_consent::{BrandGraph, Member, World};
use anning_decide::brands_hash;
use anning_judge::Judge;
use anning_law::Corpus;

use crate::error::Error;
use crate::input::{Contexts, Input, Logs, Mapping, Names, Registry, Table, TermsTable, Units};
use crate::settings::Settings;
use crate::summary::{Bound, Input as InputRow, Reading, Summary};
use crate::workspace::{RECORD, Workspace, ends, fingerprint};

use checkpoint::Checkpoint;
use collect::{Account, Ground};
use decide::Second;
use kept::Pseudonym;
use progress::Progress;
use rejects::Rejects;
use store::Store;

/// Opens the files and folders of an input. A mapping is read from `mapping`, else from `mapping.toml` in the
/// folder.
///
/// # Errors
/// [`Error::Input`] where something cannot be read or understood.
pub fn open(paths: &[PathBuf], mapping: Option<&Path>) -> Result<Input, Error> {
    let found = mapping
        .map(Path::to_path_buf)
        .or_else(|| paths.iter().map(|p| p.join("mapping.toml")).find(|p| p.is_file()));
    let mapping = match found {
        Some(path) => {
            let text = std::fs::read_to_string(&path).map_err(|e| Error::io("read", &path, &e))?;
            Mapping::parse(&text)?
        }
        None => Mapping::default(),
    };
    open_mapped(paths, mapping)
}

/// Opens the files and folders of an input under this mapping.
///
/// # Errors
/// [`Error::Input`] where something cannot be read or understood; [`Error::NoSends`].
pub fn open_mapped(paths: &[PathBuf], mapping: Mapping) -> Result<Input, Error> {
    let input = Input::open(paths, mapping, None)?;
    if !input.plan().has(Table::Sends) {
        let names: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
        return Err(Error::NoSends { input: names.join(", ") });
    }
    Ok(input)
}

/// Audits an input into a claimed folder. `fresh` starts over whatever is there; `listener` is told how far the
/// work is.
///
/// # Errors
/// [`Error`] where input or output fail; rows that cannot be read are rejects, not errors.
pub fn audit(
    space: Workspace,
    input: &Input,
    settings: &Settings,
    fresh: bool,
    listener: &(dyn Fn(Step) + Sync),
) -> Result<Summary, Error> {
    audit_with(space, input, None, settings, fresh, listener)
}

/// As [`audit`]; consents and withdrawals are those of a ledger, if one is given, and files of them are not read.
///
/// # Errors
/// As [`audit`]; [`Error::Ledger`].
pub fn audit_with(
    space: Workspace,
    input: &Input,
    kept: Option<&Kept<'_>>,
    settings: &Settings,
    fresh: bool,
    listener: &(dyn Fn(Step) + Sync),
) -> Result<Summary, Error> {
    let logs = kept::logs(settings, kept);
    let mut identity = identity(input, settings, &logs)?;
    if let Some(kept) = kept {
        identity += &format!("ledger {}\n", kept.label());
    }
    space.adopt(&identity, fresh)?;
    let (key, key_name) = pseudonym_key(input, settings)?;
    let key_name = kept.map_or(key_name, |_| "of the ledger".to_owned());
    let (names, contexts, terms) = (Names::default(), Contexts::default(), TermsTable::default());
    let record = space.work().join(RECORD);
    let known = checkpoint::read(&record, &names, &contexts, &terms);
    let read = Registry::read(input, &names, &logs)?;
    let progress = Progress::new(listener);
    let stores = |known: Option<&Checkpoint>| -> Result<(Store, Store), Error> {
        let (sends, acts) = known.map_or((&[][..], &[][..]), |k| (&k.sends, &k.acts));
        let part = settings.memory / 2;
        Ok((
            Store::resume(space.work(), "sends", part, sends)?,
            Store::resume(space.work(), "acts", part, acts)?,
        ))
    };
    let (sends, acts) = stores(known.as_ref().map(|(at, _)| at))?;
    let texts = reading::texts(Judge::shipped(), &names, &key);
    let ground = Ground {
        input,
        registry: &read.registry,
        names: &names,
        contexts: &contexts,
        terms: &terms,
        texts: &texts,
        pseudonym: kept.map_or(Pseudonym::Declared(&key), Kept::pseudonym),
        sends: &sends,
        acts: &acts,
        threads: settings.threads,
        progress: &progress,
    };
    let run = Run { space: &space, record: &record, ground: &ground, kept };
    let (account, mut rejects) = run.collect(known, &read)?;

    let world = World { terms: terms.all(), brands: BrandGraph::new(read.registry.brands().iter().copied()) };
    let messages = templates::messages(&contexts.all(), &read.registry);
    let campaigns = names.campaign_names();
    let table = findings::Table::new(input.plan(), &messages, &campaigns, settings.policy.reading);
    let second = Second {
        world: &world,
        messages: &messages,
        settings,
        sends: &sends,
        acts: &acts,
        threads: settings.threads,
        progress: &progress,
    };
    let (tally, repeats) = second.run(space.work(), &table)?;
    let mut account = account;
    rejects.repeats(&repeats, input.plan(), &mut account)?;
    rejects.finish()?;

    let naming =
        groups::Naming::new(&read.registry, &names, &messages, settings.policy.reading, settings.law_on);
    let mut summary = groups::count(&tally, &naming);
    summary.pages = pages::versions(&tally, &naming, &world.terms);
    let chosen = samples::choose(&tally, &naming);
    let excerpts =
        samples::excerpts(&chosen, input, &read.registry, &names, &account.extents, settings.reveal)?;
    let file = |at: u16| input.plan().file_name(at).to_owned();
    summary.evidence = samples::evidence(chosen, &excerpts, &naming, &file);
    summary.exposure = exposure::exposures(&tally, &naming);
    summary.remedies = remedy::remedies(&tally, &naming);
    summary.articles = groups::cited(&summary);
    summary.warnings =
        read.registry.unlisted(&names).iter().map(|(t, n)| words::unlisted(t.name(), n)).collect();
    summary.warnings.extend(words::vouched(&read.vouched));
    if tally.prior_left_out > 0 {
        summary.warnings.push(words::prior_left_out(tally.prior_left_out));
    }
    if tally.refusals_kept > 0 {
        summary.warnings.push(words::refusals_kept(tally.refusals_kept));
    }
    summary.bound = bound(settings, &world, &names, key_name);
    summary.subject.clone_from(&settings.subject);
    summary.revealed = settings.reveal;
    summary.inputs.files = files(input, &account, kept);
    summary.settle();
    if let Some(imbalance) = summary.imbalances().first() {
        return Err(Error::Unbalanced(imbalance.to_string()));
    }
    publish(space, &summary, settings)?;
    Ok(summary)
}

/// The first phase of a run.
struct Run<'r> {
    space: &'r Workspace,
    record: &'r Path,
    ground: &'r Ground<'r>,
    kept: Option<&'r Kept<'r>>,
}

impl Run<'_> {
    /// Reads acts and sends, leg by leg, from where the record says.
    fn collect(
        &self,
        known: Option<(Checkpoint, Account)>,
        read: &crate::input::RegistryRead,
    ) -> Result<(Account, Rejects), Error> {
        let path = self.space.work().join("rejects.csv");
        let (mut at, mut account, mut rejects) = match known {
            Some((at, account)) => {
                let rejects = Rejects::resume(&path, at.rejects)?;
                (at, account, rejects)
            }
            None => {
                let mut rejects = Rejects::create(&path)?;
                let mut account = Account { tallies: read.tallies.clone(), ..Account::default() };
                read.rejects.iter().for_each(|r| account.count(r));
                rejects.write(&read.rejects, self.ground.input.plan())?;
                let at = Checkpoint {
                    finished: false,
                    acts_read: false,
                    rejects: 0,
                    sends: Vec::new(),
                    acts: Vec::new(),
                };
                (at, account, rejects)
            }
        };
        if let Some(kept) = self.kept.filter(|_| !at.acts_read) {
            let terms = kept.terms(self.ground.names, self.ground.terms)?;
            account.kept = kept.collect(&terms, self.ground.acts)?;
            at.acts_read = true;
            if self.ground.acts.spilled() {
                self.put_on_record(&mut at, &account, &mut rejects)?;
            }
        }
        for sends in [false, true] {
            if at.finished || (at.acts_read && !sends) {
                continue;
            }
            let tables: &[Table] =
                if sends { &[Table::Sends] } else { &[Table::Consents, Table::Withdrawals] };
            let units = Units::new(self.ground.input, tables);
            if let Some(last) = account.last {
                units.skip_through(last)?;
            }
            loop {
                let leg = if sends {
                    self.ground.sends_leg(&units, &mut account)?
                } else {
                    self.ground.acts_leg(&units, &mut account)?
                };
                rejects.write(&leg.rejects, self.ground.input.plan())?;
                if leg.finished {
                    at.acts_read = true;
                    at.finished = sends;
                    // Units of sends are counted from the beginning.
                    account.last = account.last.filter(|_| sends);
                }
                // What fits into memory is read again sooner than it is put on record.
                if !leg.finished || self.ground.sends.spilled() || self.ground.acts.spilled() {
                    self.put_on_record(&mut at, &account, &mut rejects)?;
                }
                if leg.finished {
                    break;
                }
            }
        }
        Ok((account, rejects))
    }

    fn put_on_record(
        &self,
        at: &mut Checkpoint,
        account: &Account,
        rejects: &mut Rejects,
    ) -> Result<(), Error> {
        at.sends = self.ground.sends.settle()?;
        at.acts = self.ground.acts.settle()?;
        at.rejects = rejects.settle()?;
        let g = self.ground;
        checkpoint::write(self.record, at, account, g.names, g.contexts, g.terms)
    }
}

fn files(input: &Input, account: &Account, kept: Option<&Kept<'_>>) -> Vec<InputRow> {
    let row = |(at, file): (u16, &crate::input::FilePlan)| {
        let tally = account.tallies.file(at);
        let reasons = account.reasons.range((at, String::new())..).take_while(|((f, _), _)| *f == at);
        InputRow {
            file: file.name.clone(),
            table: file.table.name().to_owned(),
            rows: tally.rows,
            judged: tally.read,
            rejected: tally.rejected,
            reasons: reasons.map(|((_, code), n)| (code.clone(), *n)).collect(),
        }
    };
    let of_ledger = |table: Table| matches!(table, Table::Consents | Table::Withdrawals);
    let read = (0..).zip(&input.plan().files).filter(|(_, file)| kept.is_none() || !of_ledger(file.table));
    let ledger = kept.map(|kept| InputRow {
        file: kept.label().to_owned(),
        table: "ledger".to_owned(),
        rows: account.kept,
        judged: account.kept,
        rejected: 0,
        reasons: std::collections::BTreeMap::new(),
    });
    read.map(row).chain(ledger).collect()
}

fn publish(space: Workspace, summary: &Summary, settings: &Settings) -> Result<(), Error> {
    space.publish("findings.parquet")?;
    space.publish("rejects.csv")?;
    if settings.csv {
        space.publish("findings.csv")?;
    } else {
        space.withdraw("findings.csv");
    }
    let statutes = crate::output::statutes(summary);
    let report = crate::report::html(summary, &statutes, &crate::report::Options::default());
    space.put("report.html", report.as_bytes())?;
    let json = summary.to_json().map_err(|e| Error::Unbalanced(format!("summary has no JSON form: {e}")))?;
    // The summary comes last: where it stands, everything it speaks of does.
    space.put("summary.json", json.as_bytes())?;
    space.finish();
    Ok(())
}

/// What must be the same for a run to go on: input, settings and everything decisions are bound to.
fn identity(input: &Input, settings: &Settings, logs: &Logs<'_>) -> Result<String, Error> {
    let hex = |hash: [u8; 32]| blake3::Hash::from_bytes(hash).to_hex();
    let mut out = fingerprint(input)?;
    out += &format!("mapping {:?}\n", input.mapping());
    if input.plan().has(Table::Pages) {
        // Records lie beside the table: one that changes between two legs makes it another run.
        let read = Registry::read(input, &Names::default(), logs)?;
        let pages = read.registry.pages();
        let versions: Vec<_> = pages.versions().map(|(of, facts)| (facts, pages.captures(of))).collect();
        out += &format!("pages {}\n", blake3::hash(format!("{versions:?}").as_bytes()).to_hex());
    }
    out += &format!("policy {}\n", hex(settings.policy.hash()));
    out +=
        &format!("law {} on {:?}\n", hex(Corpus::embedded().hash()), settings.law_on.map(|d| d.to_string()));
    out += &format!("judge {}\n", hex(Judge::shipped().hash()));
    let key = blake3::derive_key("anning audit identity 1", settings.pseudonym_key.as_bytes());
    out += &format!("key {}\n", hex(key));
    out += &format!("output all={} csv={} reveal={}\n", settings.all, settings.csv, settings.reveal);
    out += &format!("tool {}\n", env!("CARGO_PKG_VERSION"));
    Ok(out)
}

/// The key as declared; else one that only this input gives, so that results are reproducible.
fn pseudonym_key(input: &Input, settings: &Settings) -> Result<([u8; 32], String), Error> {
    if !settings.pseudonym_key.is_empty() {
        let key = blake3::derive_key("anning audit pseudonym 1", settings.pseudonym_key.as_bytes());
        return Ok((key, "declared".to_owned()));
    }
    let mut hasher = blake3::Hasher::new_derive_key("anning audit pseudonym of input 1");
    for (at, file) in (0_u16..).zip(&input.plan().files) {
        let Some(path) = input.path(at).filter(|_| file.table == Table::Sends) else { continue };
        let len = std::fs::metadata(path).map_err(|e| Error::io("open", path, &e))?.len();
        hasher.update(ends(path, len).map_err(|e| Error::io("read", path, &e))?.as_bytes());
    }
    let key = *hasher.finalize().as_bytes();
    let name: String = blake3::hash(&key).to_hex().chars().take(8).collect();
    Ok((key, format!("derived from the input, {name}")))
}

/// Hash of a brand graph by name.
fn brands_of(world: &World, names: &Names) -> [u8; 32] {
    let member = |m: Member| {
        let name = match m {
            Member::Signature(id) => names.signature_name(id),
            Member::Party(id) => names.party_name(id),
            Member::Port(id) => names.port_name(id),
        };
        name.map(String::from).unwrap_or_default()
    };
    let brand = |b| names.brand_name(b).map(String::from).unwrap_or_default();
    brands_hash(&world.brands, member, brand)
}

fn bound(settings: &Settings, world: &World, names: &Names, pseudonym_key: String) -> Bound {
    let hex = |hash: [u8; 32]| blake3::Hash::from_bytes(hash).to_hex().to_string();
    Bound {
        tool: format!("anning {}", env!("CARGO_PKG_VERSION")),
        law: hex(Corpus::embedded().hash()),
        judge: hex(Judge::shipped().hash()),
        policy: hex(settings.policy.hash()),
        brands: hex(brands_of(world, names)),
        pseudonym_key,
        law_on: settings.law_on.map(|d| d.to_string()),
        reading: match settings.policy.reading {
            anning_decide::Reading::Strict => Reading::Strict,
            anning_decide::Reading::Lenient => Reading::Lenient,
        },
    }
}
