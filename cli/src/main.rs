//! The `anning` command line.

mod law;

use clap::Parser as _;

#[derive(clap::Parser)]
#[command(name = "anning", version)]
enum Cli {
    /// What the law pack says, by article and by date.
    Law(law::LawArgs),
}

fn main() -> std::process::ExitCode {
    let Cli::Law(args) = Cli::parse();
    match law::run(args) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("anning law: {error}");
            std::process::ExitCode::from(3)
        }
    }
}
