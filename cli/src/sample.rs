//! `anning sample`: a world to audit, of any size, with what the law expects of each send.

use std::path::PathBuf;
use std::process::ExitCode;

use anning_sample::{Error, Format, Options, Part, Size, write};
use indicatif::{ProgressBar, ProgressStyle};

/// Arguments.
#[derive(clap::Args)]
pub struct SampleArgs {
    /// Same seed, same bytes.
    #[arg(long, default_value_t = 11)]
    seed: u64,
    /// Share of the full size (30 million sends; 29 million with --case hangzhou, 35,000 with --case ouhai).
    #[arg(long, value_name = "SHARE", conflicts_with = "sends")]
    scale: Option<f64>,
    /// About so many sends, instead of --scale.
    #[arg(long, value_name = "N")]
    sends: Option<u64>,
    /// Folder to write into; made if missing.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Form of the tables.
    #[arg(long, value_enum, default_value_t = Form::Csv)]
    format: Form,
    /// Draw the texts from this CSV (columns text, commercial, mixed) instead of our own.
    #[arg(long, value_name = "FILE")]
    texts: Option<PathBuf>,
    /// Share of sends with a text of their own.
    #[arg(long, value_name = "SHARE", default_value_t = 0.1)]
    distinct: f64,
    /// One decided case alone.
    #[arg(long, value_enum)]
    case: Option<Case>,
    /// Write into a folder that holds files already; an earlier sample there is replaced.
    #[arg(long)]
    overwrite: bool,
    /// Threads that write; as many as the machine has if not given. The bytes are the same.
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Form {
    /// Comma-separated values.
    Csv,
    /// Parquet with zstd.
    Parquet,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Case {
    /// C01: a carrier, a mall, 35,000 people.
    Ouhai,
    /// C06: an online shop, 55 campaigns, 29 million deliveries.
    Hangzhou,
}

/// Writes the sample.
///
/// # Errors
/// [`Error`] says what is wrong with the arguments or which file could not be written.
pub fn run(args: SampleArgs) -> Result<ExitCode, Error> {
    let part = match args.case {
        None => Part::World,
        Some(Case::Ouhai) => Part::Ouhai,
        Some(Case::Hangzhou) => Part::Hangzhou,
    };
    let size = match (args.sends, args.scale, part) {
        (Some(sends), _, _) => Size::Sends(sends),
        (None, Some(scale), _) => Size::Scale(scale),
        // Case C01 is small enough to be written whole.
        (None, None, Part::Ouhai) => Size::Scale(1.0),
        (None, None, Part::World | Part::Hangzhou) => Size::Scale(0.001),
    };
    let threads = args.threads.or_else(|| std::thread::available_parallelism().ok().map(Into::into));
    let options = Options {
        seed: args.seed,
        size,
        part,
        format: match args.format {
            Form::Csv => Format::Csv,
            Form::Parquet => Format::Parquet,
        },
        distinct: args.distinct,
        texts: args.texts,
        threads: threads.unwrap_or(1),
        overwrite: args.overwrite,
    };
    let bar = ProgressBar::new(options.sends()?);
    if let Ok(style) =
        ProgressStyle::with_template("{bar:40} {human_pos}/{human_len} sends, {per_sec}, {eta} left")
    {
        bar.set_style(style);
    }
    let written = write(&options, &args.out, &|done, planned| {
        bar.set_length(planned);
        bar.set_position(done);
    })?;
    bar.finish_and_clear();
    crate::tell::say(&format!(
        "{}: {} sends, {} consents, {} withdrawals, {} campaigns",
        args.out.display(),
        written.sends,
        written.consents,
        written.withdrawals,
        written.campaigns
    ));
    Ok(ExitCode::SUCCESS)
}
