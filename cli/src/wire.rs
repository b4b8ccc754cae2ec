//! `anning wire`: carriers' protocols on the command line: PDUs read, the other ends of a gateway simulated.

mod decode;
mod simulate;

use std::process::ExitCode;

use anning_peers::Protocol;

use crate::failure::Failure;

/// Arguments.
#[derive(clap::Args)]
pub struct WireArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Say what stands in PDUs, one JSON object each. Numbers and texts are shown whole.
    Decode(decode::DecodeArgs),
    /// Be the other end of a gateway: a carrier that takes messages, or a sender that sends them.
    #[command(subcommand)]
    Simulate(Box<simulate::Simulate>),
}

/// Runs it.
pub fn run(args: WireArgs) -> Result<ExitCode, Failure> {
    match args.command {
        Command::Decode(args) => decode::run(&args),
        Command::Simulate(what) => simulate::run(*what),
    }
}

/// A protocol by its name, for arguments.
fn protocol(name: &str) -> Result<Protocol, String> {
    let names = || Protocol::ALL.map(Protocol::name).join(", ");
    Protocol::named(name).ok_or_else(|| format!("no such protocol, there are {}", names()))
}
