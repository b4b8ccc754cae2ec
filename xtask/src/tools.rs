//! What the chores need besides Rust, installed by themselves: system packages with apt where we are root,
//! everything else below the build folder, at a fixed version, from the public registries.

use crate::error::Error;
use crate::place::Places;
use crate::process;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Versions are fixed: a chore must find tomorrow what it found today.
pub(crate) const CARGO_DENY: &str = "0.20.2";
pub(crate) const CARGO_MUTANTS: &str = "27.1.0";
const PYTHON_PACKAGES: [&str; 7] = [
    "duckdb==2.0.1",
    "jsonschema==4.26.0",
    "pyarrow==26.0.1",
    "PyLD==3.3.0",
    // Three vendors' own clients of sending.
    "alibabacloud_dysmsapi20170525==4.6.0",
    "tencentcloud-sdk-python-sms==3.1.153",
    "twilio==9.13.0",
];
/// Clients of carriers' protocols. Two of them are there as sources alone.
const SENDER_PACKAGES: [&str; 6] = [
    "smpplib==2.2.4",
    "aiosmpplib==0.7.4",
    "smpp34==1.5.0",
    "rusmppyc==0.4.0a2",
    "pycmpp==2.0.2",
    "cmppy==0.3",
];
/// A server of SMPP.
const CARRIER_PACKAGES: [&str; 1] = ["smpp@0.5.1"];
const NODE_PACKAGES: [&str; 1] = ["playwright-core@1.65.1"];

/// A system package, and how to see whether what it brings is there.
struct Package {
    name: &'static str,
    is_there: fn() -> bool,
}

const BROWSER_PACKAGES: &[Package] = &[
    Package { name: "chromium", is_there: || process::on_path("chromium") },
    Package { name: "fonts-noto-cjk", is_there: || Path::new(CJK_FONT).is_file() },
    Package { name: "nodejs", is_there: || process::on_path("node") },
    Package { name: "npm", is_there: || process::on_path("npm") },
];
const PYTHON: &[Package] = &[Package { name: "python3-venv", is_there: python_has_venv }];
const STRANGERS: &[Package] = &[
    Package { name: "golang-go", is_there: || process::on_path("go") },
    Package {
        name: "golang-golang-x-mod-dev",
        is_there: || Path::new(GO_SOURCES).join("src/golang.org/x/mod/sumdb/tlog").is_dir(),
    },
    Package { name: "openssl", is_there: || process::on_path("openssl") },
];
const OPERATORS: &[Package] = &[
    Package { name: "kannel", is_there: || Path::new("/usr/sbin/bearerbox").is_file() },
    Package { name: "tshark", is_there: || process::on_path("tshark") && process::on_path("dumpcap") },
    Package { name: "nodejs", is_there: || process::on_path("node") },
    Package { name: "npm", is_there: || process::on_path("npm") },
    Package { name: "python3-venv", is_there: python_has_venv },
];
const POSTGRES: &[Package] = &[Package { name: "postgresql", is_there: || postgres_programs().is_some() }];
/// Where Debian puts the sources of Go packages.
const GO_SOURCES: &str = "/usr/share/gocode";
/// Where the package puts it.
pub(crate) const CHROMIUM: &str = "/usr/bin/chromium";
const CJK_FONT: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

/// A cargo subcommand at this version, compiled below the build folder unless it is there already.
///
/// # Errors
/// When it can't be installed: no network, or no compiler.
pub(crate) fn cargo_tool(places: &Places, name: &str, version: &str) -> Result<PathBuf, Error> {
    let root = places.tools(&format!("{name}-{version}"));
    let binary = root.join("bin").join(name);
    if !binary.is_file() {
        println!("installing {name} {version}, once");
        let mut cargo = process::cargo(places);
        cargo.args(["install", "--locked", "--quiet", "--version", version, "--root"]).arg(&root);
        cargo.arg("--target-dir").arg(root.join("build")).arg(name);
        process::run(&mut cargo)?;
        let build = root.join("build");
        std::fs::remove_dir_all(&build).map_err(Error::file(build))?;
    }
    Ok(binary)
}

/// Chromium with Chinese fonts, and the folder in which Node finds playwright-core.
///
/// # Errors
/// When one is missing and can't be installed.
pub(crate) fn browser(places: &Places) -> Result<PathBuf, Error> {
    system(BROWSER_PACKAGES)?;
    node(places, "node", &NODE_PACKAGES)
}

/// A Python with clients of carriers' protocols, and the folder in which Node finds a server; Kannel and Wireshark's
/// command line are on the path.
///
/// # Errors
/// When one is missing and can't be installed.
pub(crate) fn strangers(places: &Places) -> Result<(PathBuf, PathBuf), Error> {
    system(OPERATORS)?;
    let python = venv(places, "venv-strangers", &SENDER_PACKAGES, &["--no-binary", "pycmpp,cmppy"])?;
    Ok((python, node(places, "node-strangers", &CARRIER_PACKAGES)?))
}

fn node(places: &Places, name: &str, packages: &[&str]) -> Result<PathBuf, Error> {
    let folder = places.tools(name);
    once(&folder, packages, || {
        std::fs::create_dir_all(&folder).map_err(Error::file(&folder))?;
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"])
            .arg(&folder);
        process::output(npm.args(packages)).map(drop)
    })?;
    Ok(folder)
}

/// The Go compiler, ready to run a program that needs golang.org/x/mod, which Debian brings; OpenSSL comes with it.
///
/// # Errors
/// When one is missing and can't be installed.
pub(crate) fn go(places: &Places) -> Result<Command, Error> {
    system(STRANGERS)?;
    let mut go = Command::new("go");
    // By path, not by module: nothing is fetched.
    go.env("GOPATH", GO_SOURCES).env("GO111MODULE", "off").env("GOFLAGS", "").env("GOPROXY", "off");
    go.env("GOCACHE", places.tools("go-cache"));
    Ok(go)
}

/// The folder of PostgreSQL's programs, of whatever version Debian brings.
///
/// # Errors
/// When it is missing and can't be installed.
pub(crate) fn postgres() -> Result<PathBuf, Error> {
    system(POSTGRES)?;
    postgres_programs().ok_or_else(|| Error::Missing {
        what: "PostgreSQL".to_owned(),
        hint: "install by hand, on Debian as root: apt-get install postgresql".to_owned(),
    })
}

fn postgres_programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?.filter_map(Result::ok);
    let programs = versions.map(|version| version.path().join("bin"));
    programs.filter(|folder| folder.join("initdb").is_file() && folder.join("pgbench").is_file()).max()
}

/// A Python that has readers of Parquet, JSON Schema and JSON-LD, and vendors' clients of sending.
///
/// # Errors
/// When Python or a package is missing and can't be installed.
pub(crate) fn python(places: &Places) -> Result<PathBuf, Error> {
    system(PYTHON)?;
    venv(places, "venv", &PYTHON_PACKAGES, &[])
}

fn venv(places: &Places, name: &str, packages: &[&str], more: &[&str]) -> Result<PathBuf, Error> {
    let folder = places.tools(name);
    let python = folder.join("bin").join("python");
    once(&folder, packages, || {
        process::output(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        let mut pip = Command::new(&python);
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--only-binary",
            ":all:",
        ]);
        process::output(pip.args(more).args(packages)).map(drop)
    })?;
    Ok(python)
}

/// Installs into a folder unless a note there says that exactly these packages already are.
fn once(folder: &Path, packages: &[&str], install: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
    let note = folder.join("installed.txt");
    let wanted = packages.join("\n");
    if std::fs::read_to_string(&note).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    println!("installing {}, once", packages.join(", "));
    install()?;
    // Written last: an install that broke off is done again.
    std::fs::write(&note, wanted).map_err(Error::file(note))
}

fn system(packages: &[Package]) -> Result<(), Error> {
    let missing: Vec<&str> =
        packages.iter().filter(|package| !(package.is_there)()).map(|p| p.name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let by_hand = || Error::Missing {
        what: missing.join(", "),
        hint: format!("install by hand, on Debian as root: apt-get install {}", missing.join(" ")),
    };
    if !process::on_path("apt-get") || !is_root() {
        return Err(by_hand());
    }
    println!("installing {}, once", missing.join(", "));
    let apt = |words: &[&str]| {
        let mut apt = Command::new("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive").arg("--quiet").args(words);
        process::output(&mut apt).map(drop)
    };
    apt(&["update"])?;
    let mut words = vec!["install", "--yes", "--no-install-recommends"];
    words.extend(&missing);
    apt(&words)?;
    if packages.iter().all(|package| (package.is_there)()) { Ok(()) } else { Err(by_hand()) }
}

fn is_root() -> bool {
    process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn python_has_venv() -> bool {
    process::output(Command::new("python3").args(["-c", "import venv, ensurepip"])).is_ok()
}
