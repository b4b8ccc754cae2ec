//! A browser for one test, and folders of pages for it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anning_inspect::{Browser, Error, Options, Page};
use anning_page::record::Viewport;
use anning_vocab::Timestamp;

pub const DESKTOP: Viewport = Viewport { width: 1366, height: 900, scale: 1.0, touch: false };
pub const PHONE: Viewport = Viewport { width: 390, height: 844, scale: 2.0, touch: true };

/// Runs a test with a browser, or says why not.
pub fn with_browser(name: &str, hosts: &[&str], test: impl FnOnce(&mut Browser)) {
    let options = Options {
        clock: Arc::new(now),
        program: None,
        profile: folder(name),
        hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
    };
    match Browser::start(&options) {
        Ok(mut browser) => test(&mut browser),
        Err(err @ Error::NoBrowser(_)) if std::env::var("ANNING_BROWSER").as_deref() != Ok("required") => {
            eprintln!("{name} is skipped: {err}");
        }
        Err(err) => panic!("{err}"),
    }
}

#[expect(clippy::disallowed_methods, reason = "a test is a main program of its own")]
fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap())
}

fn folder(name: &str) -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("anning-inspect-test-{}-{next}-{name}", std::process::id()))
}

/// A folder of pages, removed when dropped.
pub struct Stored(PathBuf);

/// Writes pages into a new folder; what is no whole page gets the head of one.
pub fn stored(files: &[(&str, &str)]) -> Stored {
    let root = folder("pages");
    for (name, text) in files {
        let file = root.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        let head = "<!DOCTYPE html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>注册</title>";
        let whole = name.ends_with(".html") && !text.starts_with("<!");
        std::fs::write(file, if whole { format!("{head}{text}") } else { (*text).to_owned() }).unwrap();
    }
    Stored(root)
}

impl Stored {
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn page(&self) -> Page {
        Page::Stored { folder: self.0.clone(), entry: "index.html".to_owned() }
    }
}

impl Drop for Stored {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
