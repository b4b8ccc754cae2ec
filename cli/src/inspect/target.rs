//! What is to be inspected: addresses, files, folders, flows that somebody wrote down.

use std::path::{Component, Path, PathBuf};

use anning_inspect::{Page, Step, Target as Element};
use serde::Deserialize;

use crate::failure::Failure;

/// A page or flow with a name of its own, which is also that of its folder.
pub(super) struct Target {
    pub(super) name: String,
    /// The address, or the path as given.
    pub(super) source: String,
    pub(super) page: Page,
    pub(super) steps: Vec<Step>,
}

/// All that the words on the command line name.
pub(super) fn all(words: &[String], origins: &[String]) -> Result<Vec<Target>, Failure> {
    for origin in origins {
        if !is_address(origin) {
            return Err(Failure::usage(format!(
                "--allow-origin is https:// and a host, as https://cdn.example.com: {origin}"
            )));
        }
    }
    let mut targets: Vec<Target> = Vec::new();
    for word in words {
        for mut target in one(word, origins)? {
            let plain = target.name.clone();
            let mut count = 1;
            while targets.iter().any(|known| known.name == target.name) {
                count += 1;
                target.name = format!("{plain}-{count}");
            }
            targets.push(target);
        }
    }
    Ok(targets)
}

/// Hosts that the browser may reach at all.
pub(super) fn hosts(targets: &[Target], origins: &[String]) -> Vec<String> {
    let named = targets.iter().filter_map(|target| match &target.page {
        Page::Address { address, origins } => Some(std::iter::once(address).chain(origins)),
        Page::Stored { .. } => None,
    });
    let mut hosts: Vec<String> = named.flatten().chain(origins).filter_map(|address| host(address)).collect();
    hosts.sort();
    hosts.dedup();
    hosts
}

fn one(word: &str, origins: &[String]) -> Result<Vec<Target>, Failure> {
    if is_address(word) {
        let page = Page::Address { address: word.to_owned(), origins: origins.to_vec() };
        return Ok(vec![Target { name: name(word), source: word.to_owned(), page, steps: Vec::new() }]);
    }
    let path = Path::new(word);
    if word.contains("://") || !path.exists() {
        // `shop.example.com/join` and `127.0.0.1:8080/join` are addresses but for their beginning.
        let host = word.split(['/', '?', '#']).next().unwrap_or_default();
        let way = if !word.contains("://")
            && (host.contains('.') || host.contains(':'))
            && !host.starts_with('.')
        {
            "; an address begins with https:// or http://"
        } else {
            ""
        };
        return Err(Failure::usage(format!(
            "neither an address (https://…), nor a file or folder that is there{way}: {word}"
        )));
    }
    if path.is_dir() {
        return folder(path, origins);
    }
    if path.extension().is_some_and(|ending| ending == "toml") {
        return flow(path, origins).map(|target| vec![target]);
    }
    Ok(vec![stored(path)])
}

/// A stored page; the browser sees its folder and nothing outside.
fn stored(path: &Path) -> Target {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = whole.parent().map(Path::to_owned).unwrap_or_default();
    let entry = whole.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let shown = if entry == ENTRY {
        folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
    } else {
        entry.clone()
    };
    let source = path.display().to_string();
    Target { name: name(&shown), source, page: Page::Stored { folder, entry }, steps: Vec::new() }
}

/// The page of a folder, or of each folder within it.
fn folder(path: &Path, origins: &[String]) -> Result<Vec<Target>, Failure> {
    if let Some(target) = whole(path, origins)? {
        return Ok(vec![target]);
    }
    let read =
        std::fs::read_dir(path).map_err(|e| Failure::unavailable(format!("{e}: {}", path.display())))?;
    let mut within: Vec<PathBuf> = read.flatten().map(|entry| entry.path()).collect();
    within.sort();
    let mut targets = Vec::new();
    for folder in within.iter().filter(|folder| folder.is_dir()) {
        targets.extend(whole(folder, origins)?);
    }
    if targets.is_empty() {
        return Err(Failure::usage(format!(
            "no {ENTRY} in this folder, nor in a folder within it: {}",
            path.display()
        )));
    }
    Ok(targets)
}

/// What a folder is: the flow that is written down in it, else its first page.
fn whole(folder: &Path, origins: &[String]) -> Result<Option<Target>, Failure> {
    let written = folder.join(FLOW);
    if written.is_file() {
        return flow(&written, origins).map(Some);
    }
    let entry = folder.join(ENTRY);
    Ok(entry.is_file().then(|| stored(&entry)))
}

/// `FLOW.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Flow {
    /// Name of the flow; that of the file if left out.
    name: Option<String>,
    /// Address of the first page, or its path from the folder of the flow.
    page: String,
    /// Further origins it may read from.
    #[serde(default)]
    allow_origins: Vec<String>,
    /// Steps in order.
    #[serde(default)]
    step: Vec<Written>,
}

/// One step: one of these, `text` only with `type`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    open: Option<String>,
    click: Option<String>,
    tick: Option<String>,
    untick: Option<String>,
    submit: Option<String>,
    r#type: Option<String>,
    text: Option<String>,
    fill: Option<bool>,
    wait: Option<bool>,
}

fn flow(path: &Path, origins: &[String]) -> Result<Target, Failure> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|e| Failure::usage(format!("{e}: {shown}")))?;
    let flow: Flow = toml::from_str(&text).map_err(|e| Failure::usage(format!("{shown}: {e}")))?;
    let mut steps = Vec::with_capacity(flow.step.len());
    for (at, written) in flow.step.iter().enumerate() {
        steps.push(step(written).ok_or_else(|| {
            Failure::usage(format!(
                "{shown}: a step is one of open, click, tick, untick, submit, type (with text), fill = true, wait = true: step {}",
                at + 1
            ))
        })?);
    }
    let page = if is_address(&flow.page) {
        let mut all = flow.allow_origins.clone();
        all.extend_from_slice(origins);
        Page::Address { address: flow.page.clone(), origins: all }
    } else {
        let folder =
            path.canonicalize().ok().and_then(|whole| whole.parent().map(Path::to_owned)).unwrap_or_default();
        let beside = Path::new(&flow.page).components();
        if !beside.clone().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
            return Err(Failure::usage(format!(
                "{shown}: the page of a flow lies beside it or in a folder below, which is all that the browser sees: {}",
                flow.page
            )));
        }
        if !folder.join(&flow.page).is_file() {
            return Err(Failure::usage(format!("{shown}: no such page beside the flow: {}", flow.page)));
        }
        Page::Stored { folder, entry: flow.page.clone() }
    };
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let above = whole.parent().and_then(Path::file_name).unwrap_or_default();
    // `FLOW.toml` is the flow of its folder.
    let own = if whole.file_name().is_some_and(|name| name == FLOW) { Some(above) } else { path.file_stem() };
    let own = own.unwrap_or_default().to_string_lossy().into_owned();
    let source = shown.to_string();
    Ok(Target { name: name(flow.name.as_deref().unwrap_or(&own)), source, page, steps })
}

fn step(written: &Written) -> Option<Step> {
    let Written { open, click, tick, untick, submit, r#type, text, fill, wait } = written;
    let on = |target: &Option<String>, make: fn(Element) -> Step| {
        target.as_deref().map(|t| make(Element::read(t)))
    };
    let typed =
        r#type.as_deref().zip(text.clone()).map(|(target, text)| Step::Type(Element::read(target), text));
    let all = [
        open.clone().map(Step::Open),
        on(click, Step::Click),
        on(tick, Step::Tick),
        on(untick, Step::Untick),
        on(submit, Step::Submit),
        typed,
        fill.filter(|yes| *yes).map(|_| Step::Fill),
        wait.filter(|yes| *yes).map(|_| Step::Wait),
    ];
    let mut given = all.into_iter().flatten();
    let first = given.next()?;
    let alone = given.next().is_none() && r#type.is_some() == text.is_some();
    alone.then_some(first)
}

fn is_address(word: &str) -> bool {
    word.starts_with("https://") || word.starts_with("http://")
}

fn host(address: &str) -> Option<String> {
    let (_, rest) = address.split_once("://")?;
    let whole = rest.split(['/', '?', '#']).next()?;
    let host = whole.rsplit('@').next()?;
    let bare =
        if host.starts_with('[') { host.split_inclusive(']').next()? } else { host.split(':').next()? };
    (!bare.is_empty()).then(|| bare.to_owned())
}

/// A name for people and folders: letters of any script, digits, `-`, `.`, `_`.
fn name(text: &str) -> String {
    // What follows `?` in an address may be a visitor's own; in the name of a file it is part of the name.
    let address = text.split_once("://").map(|(_, rest)| rest.split(['?', '#']).next().unwrap_or_default());
    let bare = address.unwrap_or(text).trim_end_matches('/');
    let plain: String = bare
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, '-' | '.' | '_') { c } else { '-' })
        .take(NAME_MAX)
        .collect();
    let plain = plain.trim_matches(['-', '.']).to_owned();
    if plain.is_empty() { "page".to_owned() } else { plain }
}

/// The flow of a folder.
const FLOW: &str = "FLOW.toml";
/// The first page of a folder.
const ENTRY: &str = "index.html";
/// Characters of a name.
const NAME_MAX: usize = 60;

#[cfg(test)]
mod tests {
    use super::{host, name};

    #[test]
    fn names_and_hosts() {
        for (address, own, of) in [
            ("https://shop.example.com/join?x=1", "shop.example.com-join", "shop.example.com"),
            ("http://u:p@shop.example:8080/注册/", "u-p-shop.example-8080-注册", "shop.example"),
            ("http://[::1]:80/a", "1--80-a", "[::1]"),
            ("https://a.example/../..", "a.example", "a.example"),
        ] {
            assert_eq!(name(address), own);
            assert_eq!(host(address).as_deref(), Some(of));
        }
        assert_eq!(name("/"), "page");
        assert_eq!(name("join#x?y"), "join-x-y");
    }
}
