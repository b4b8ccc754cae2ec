//! Beside it PostgreSQL: the same columns in one table with the indexes that telling repeats takes. It seals nothing,
//! proves nothing and can forget nobody: a floor, not an equal.

use std::fmt::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::{BATCH, CLIENTS, SPELL};
use crate::now;

/// Acts a second.
pub(super) struct Rates {
    pub(super) single: f64,
    pub(super) batched: f64,
}

/// A server of our own in the scratch folder, ended when dropped.
struct Server {
    programs: PathBuf,
    folder: PathBuf,
    owner: Option<(u32, u32)>,
    child: Option<Child>,
}

/// `None` where it is not installed or does not start.
pub(super) fn run(scratch: &Path) -> Option<Rates> {
    let programs = PathBuf::from(std::env::var_os("ANNING_POSTGRES")?);
    let server = Server::start(programs, scratch.join("postgres"))?;
    server.psql(TABLE)?;
    let single = server.single(1)?;
    println!(
        "PostgreSQL, 1 client x 1 INSERT, synchronous_commit on: {:.0}/s, mean {:.2} ms",
        single.0, single.1
    );
    let eight = server.single(CLIENTS)?;
    println!("PostgreSQL, {CLIENTS} clients x 1 INSERT: {:.0}/s", eight.0);
    server.psql("TRUNCATE acts")?;
    let batched = server.copies(CLIENTS, BATCH)?;
    println!("PostgreSQL, {CLIENTS} clients x COPY of {BATCH}: {batched:.0} acts/s");
    server.psql("TRUNCATE acts")?;
    println!("PostgreSQL, 2 clients x COPY of 8192: {:.0} acts/s", server.copies(2, 8_192)?);
    Some(Rates { single: single.0, batched })
}

impl Server {
    fn start(programs: PathBuf, folder: PathBuf) -> Option<Self> {
        std::fs::create_dir_all(&folder).ok()?;
        let mut server = Self { programs, folder, owner: owner(), child: None };
        if let Some((user, group)) = server.owner {
            std::os::unix::fs::chown(&server.folder, Some(user), Some(group)).ok()?;
        }
        let data = server.folder.join("data");
        let mut init = server.program("initdb");
        done(init.args(["--auth=trust", "--username=bench", "--no-instructions", "-D"]).arg(&data))?;
        let mut postgres = server.program("postgres");
        postgres.arg("-D").arg(&data).arg("-k").arg(&server.folder);
        for setting in [
            "listen_addresses=",
            "synchronous_commit=on",
            "fsync=on",
            "shared_buffers=1GB",
            "max_wal_size=8GB",
        ] {
            postgres.args(["-c", setting]);
        }
        server.child = Some(postgres.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?);
        let ready = |_: &u32| {
            std::thread::sleep(std::time::Duration::from_millis(100));
            server.client("psql").args(["-c", "SELECT 1"]).output().is_ok_and(|out| out.status.success())
        };
        (0..100).find(ready).map(|_| ())?;
        Some(server)
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        // It refuses to be run by root.
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        command.current_dir(&self.folder);
        command
    }

    fn client(&self, name: &str) -> Command {
        let mut command = self.program(name);
        command.arg("-h").arg(&self.folder).args(["-U", "bench"]);
        if name == "psql" {
            command.args(["-q", "-X", "-v", "ON_ERROR_STOP=1"]);
        }
        command.env("PGDATABASE", "postgres");
        command
    }

    fn psql(&self, words: &str) -> Option<()> {
        done(self.client("psql").args(["-c", words]))
    }

    /// Rows a second and mean latency in milliseconds of single inserts.
    fn single(&self, clients: usize) -> Option<(f64, f64)> {
        let script = self.folder.join("insert.sql");
        std::fs::write(&script, INSERT).ok()?;
        let mut bench = self.client("pgbench");
        bench.args(["-n", "-M", "prepared", "-c", &clients.to_string(), "-j", "2"]);
        bench.args(["-T", &SPELL.as_secs().to_string(), "-f"]).arg(&script);
        let printed = String::from_utf8(bench.output().ok()?.stdout).ok()?;
        let number = |key: &str| {
            let line = printed.lines().find_map(|line| line.strip_prefix(key))?;
            line.split_whitespace().next()?.parse::<f64>().ok()
        };
        Some((number("tps = ")?, number("latency average = ")?))
    }

    /// Rows a second of clients that COPY batches, each a transaction.
    fn copies(&self, clients: usize, batch: usize) -> Option<f64> {
        let batches = COPY_ROWS / clients / batch;
        let mut files = Vec::new();
        for client in 0..clients {
            let path = self.folder.join(format!("copy-{client}.sql"));
            let mut text = String::new();
            for part in 0..batches {
                text.push_str("COPY acts (recipient, kind, origin, occurred, received, recorded, sheet, address, id) FROM STDIN;\n");
                for row in 0..batch {
                    line(&mut text, ((client * batches + part) * batch + row) as u64);
                }
                text.push_str("\\.\n");
            }
            std::fs::write(&path, text).ok()?;
            files.push(path);
        }
        let begin = now();
        let children: Option<Vec<Child>> = files
            .iter()
            .map(|file| self.client("psql").arg("-f").arg(file).stdout(Stdio::null()).spawn().ok())
            .collect();
        let ended = children?.into_iter().all(|mut child| child.wait().is_ok_and(|status| status.success()));
        ended.then(|| (clients * batches * batch) as f64 / begin.elapsed().as_secs_f64())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let mut stop = Command::new(self.programs.join("pg_ctl"));
            if let Some((user, group)) = self.owner {
                stop.uid(user).gid(group);
            }
            stop.current_dir(&self.folder);
            let _ = stop.args(["stop", "-m", "immediate", "-s", "-D"]).arg(self.folder.join("data")).status();
            let _ = child.wait();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A row as COPY reads it: hash and id from the number, so that no two are alike.
fn line(text: &mut String, n: u64) {
    let high = crate::Random(n).draw();
    let _ = writeln!(
        text,
        "\\\\x{high:016x}{n:016x}\t1\t0\t1764172800000\t1764172800000\t1764172800000\t\\\\x{:064x}\t+861{:010}\t\\\\x{n:018x}",
        7,
        3_000_000_000 + n
    );
}

/// The account that Debian makes for it, where we are root.
fn owner() -> Option<(u32, u32)> {
    let id = |words: &[&str]| -> Option<u32> {
        String::from_utf8(Command::new("id").args(words).output().ok()?.stdout).ok()?.trim().parse().ok()
    };
    (id(&["-u"])? == 0).then_some(())?;
    Some((id(&["-u", "postgres"])?, id(&["-g", "postgres"])?))
}

fn done(command: &mut Command) -> Option<()> {
    let output = command.output().ok()?;
    if !output.status.success() {
        eprintln!("bench: PostgreSQL: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    output.status.success().then_some(())
}

const TABLE: &str = "CREATE TABLE acts (position bigserial PRIMARY KEY, recipient bytea NOT NULL, kind smallint, \
     origin smallint, occurred bigint, received bigint, recorded bigint, sheet bytea, address text, id bytea); \
     CREATE UNIQUE INDEX ON acts (recipient, id)";
const INSERT: &str = "INSERT INTO acts (recipient, kind, origin, occurred, received, recorded, sheet, address, id) \
     VALUES (uuid_send(gen_random_uuid()), 1, 0, 1764172800000, 1764172800000, 1764172800000, \
     '\\x0000000000000000000000000000000000000000000000000000000000000007', '+8613800138000', \
     uuid_send(gen_random_uuid()));\n";
/// Rows that are copied in one measurement.
const COPY_ROWS: usize = 1 << 20;
