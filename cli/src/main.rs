//! The `anning` command line.
// Printing must not stop the work when nobody reads any more: `tell` does it.
#![cfg_attr(not(test), deny(clippy::print_stdout, clippy::print_stderr))]

mod audit;
mod check;
mod clock;
mod failure;
mod inspect;
mod judge;
mod keys;
mod law;
mod ledger;
mod outside;
mod receipt;
mod sample;
mod scrub;
mod serve;
mod tell;
mod wire;

use std::process::ExitCode;

use clap::Parser as _;
use failure::Failure;

/// Messages are many small allocations that one thread makes and another gives back: docs/decisions/0026.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(clap::Parser)]
#[command(name = "anning", version, about = "No consent, no message: decides, enforces, proves")]
enum Cli {
    /// Audit past sends against the law in force at the time.
    Audit(audit::AuditArgs),
    /// Decide one message and explain it.
    Check(check::CheckArgs),
    /// Open sign-up pages in a browser and find consent that is none.
    Inspect(Box<inspect::InspectArgs>),
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
    /// Stand between senders and carriers: decide every message, enforce, prove.
    Serve(serve::ServeArgs),
    /// Read carriers' protocols, and be the other end of a gateway to try it.
    Wire(wire::WireArgs),
}

fn main() -> ExitCode {
    let (name, result) = match Cli::parse() {
        Cli::Audit(args) => ("audit", audit::run(&args).map_err(Failure::from)),
        Cli::Check(args) => ("check", check::run(&args).map_err(Failure::from)),
        Cli::Inspect(args) => ("inspect", inspect::run(&args)),
        Cli::Judge(args) => ("judge", judge::run(&args).map_err(unavailable)),
        Cli::Law(args) => ("law", law::run(args).map_err(unavailable)),
        Cli::Ledger(args) => ("ledger", ledger::run(&args)),
        Cli::Receipt(args) => ("receipt", Ok(receipt::run(&args))),
        Cli::Scrub(args) => ("scrub", scrub::run(&args).map_err(Failure::from)),
        Cli::Serve(args) => ("serve", serve::run(&args)),
        Cli::Wire(args) => ("wire", wire::run(args)),
        Cli::Sample(args) => ("sample", sample::run(args).map_err(unavailable)),
    };
    match result {
        Ok(_) if tell::is_unsaid() => {
            let lost =
                Failure::unavailable("standard output could not be written, the answer is lost (disk full?)");
            tell::warn(&format!("anning {name}: {lost}"));
            lost.exit()
        }
        Ok(code) => code,
        Err(error) => {
            tell::warn(&format!("anning {name}: {error}"));
            error.exit()
        }
    }
}

fn unavailable(error: impl core::fmt::Display) -> Failure {
    Failure::unavailable(error.to_string())
}
