//! The `anning` command line.

mod audit;
mod check;
mod clock;
mod judge;
mod keys;
mod law;
mod ledger;
mod outside;
mod receipt;
mod sample;
mod scrub;

use std::process::ExitCode;

use clap::Parser as _;

#[derive(clap::Parser)]
#[command(name = "anning", version, about = "No consent, no message: decides, enforces, proves")]
enum Cli {
    /// Audit past sends against the law in force at the time.
    Audit(audit::AuditArgs),
    /// Decide one message and explain it.
    Check(check::CheckArgs),
    /// Is a text commercial, and why? Judge, train, measure.
    Judge(judge::JudgeArgs),
    /// What the law pack says, by article and by date.
    Law(law::LawArgs),
    /// Consents on record: durable, provable, forgettable.
    Ledger(ledger::LedgerArgs),
    /// Check a receipt of a decision, offline.
    Receipt(receipt::ReceiptArgs),
    /// Write a world to audit, with what the law expects of each send.
    Sample(sample::SampleArgs),
    /// Clean a list of recipients before a campaign.
    Scrub(scrub::ScrubArgs),
}

fn main() -> ExitCode {
    let (name, result) = match Cli::parse() {
        Cli::Audit(args) => ("audit", audit::run(&args).map_err(|e| e.to_string())),
        Cli::Check(args) => ("check", check::run(&args).map_err(|e| e.to_string())),
        Cli::Judge(args) => ("judge", judge::run(&args).map_err(|e| e.to_string())),
        Cli::Law(args) => ("law", law::run(args).map_err(|e| e.to_string())),
        Cli::Ledger(args) => ("ledger", ledger::run(&args)),
        Cli::Receipt(args) => ("receipt", Ok(receipt::run(&args))),
        Cli::Scrub(args) => ("scrub", scrub::run(&args).map_err(|e| e.to_string())),
        Cli::Sample(args) => ("sample", sample::run(args).map_err(|e| e.to_string())),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("anning {name}: {error}");
            ExitCode::from(3)
        }
    }
}
