//! Stored pages: a folder that the browser sees as one site, and out of which nothing can be read.

use std::fs;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use crate::error::Error;

/// The folder, its links resolved.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    root: PathBuf,
}

/// Why a file is not handed to the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Withheld {
    Missing,
    Outside,
    TooLong,
}

impl Folder {
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let root = path.canonicalize().map_err(|err| Error::File(path.to_owned(), err))?;
        Ok(Self { root })
    }

    /// The bytes and media type of what stands at `path` of the invented site, e.g. `/terms.html`.
    pub(crate) fn read(&self, path: &str) -> Result<(Vec<u8>, &'static str), Withheld> {
        let decoded = decode(path);
        let relative = decoded.trim_start_matches('/');
        let mut file = self.root.clone();
        for part in Path::new(relative).components() {
            match part {
                Component::Normal(name) => file.push(name),
                Component::CurDir => {}
                Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                    return Err(Withheld::Outside);
                }
            }
        }
        if file.is_dir() {
            file.push(ENTRY);
        }
        let file = file.canonicalize().map_err(|_| Withheld::Missing)?;
        if !file.starts_with(&self.root) {
            return Err(Withheld::Outside);
        }
        let mut bytes = Vec::new();
        let opened = fs::File::open(&file).map_err(|_| Withheld::Missing)?;
        opened.take(FILE_MAX + 1).read_to_end(&mut bytes).map_err(|_| Withheld::Missing)?;
        if bytes.len() as u64 > FILE_MAX {
            return Err(Withheld::TooLong);
        }
        let media = media(&file, &bytes);
        Ok((bytes, media))
    }
}

/// Percent-decodes a path or a form's value.
pub(crate) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let two = bytes.get(at + 1..at + 3).and_then(|two| core::str::from_utf8(two).ok());
        match (byte, two.and_then(|two| u8::from_str_radix(two, 16).ok())) {
            (b'%', Some(value)) => {
                out.push(value);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Percent-encodes a path, its slashes kept.
pub(crate) fn encode(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn media(file: &Path, bytes: &[u8]) -> &'static str {
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    if let Some((_, media)) = MEDIA.iter().find(|(known, _)| *known == ending) {
        return media;
    }
    let text = bytes.iter().take(1024).copied().collect::<Vec<_>>();
    let begins = String::from_utf8_lossy(&text).to_ascii_lowercase();
    if begins.contains("<html") || begins.contains("<!doctype html") {
        "text/html"
    } else {
        "application/octet-stream"
    }
}

/// Endings and what they are.
const MEDIA: &[(&str, &str)] = &[
    ("html", "text/html"),
    ("htm", "text/html"),
    ("xhtml", "application/xhtml+xml"),
    ("css", "text/css"),
    ("js", "text/javascript"),
    ("mjs", "text/javascript"),
    ("json", "application/json"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("ico", "image/x-icon"),
    ("woff", "font/woff"),
    ("woff2", "font/woff2"),
    ("ttf", "font/ttf"),
    ("otf", "font/otf"),
    ("pdf", "application/pdf"),
    ("txt", "text/plain"),
];
/// What stands for a folder.
const ENTRY: &str = "index.html";
/// Bytes of one stored file.
const FILE_MAX: u64 = 16 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_the_folder_is_read() {
        let base = std::env::temp_dir().join(format!("anning-inspect-folder-{}", std::process::id()));
        let inside = base.join("pages");
        fs::create_dir_all(inside.join("a b")).unwrap();
        fs::write(inside.join("a b/index.html"), "<html>").unwrap();
        fs::write(base.join("secret"), "s").unwrap();
        std::os::unix::fs::symlink(base.join("secret"), inside.join("link")).unwrap();
        std::os::unix::fs::symlink(inside.join("a b"), inside.join("alias")).unwrap();
        let folder = Folder::open(&inside).unwrap();
        let cases = [
            ("/a%20b/", Ok("text/html")),
            ("/alias/index.html", Ok("text/html")),
            ("/nothing", Err(Withheld::Missing)),
            ("/../secret", Err(Withheld::Outside)),
            ("/%2e%2e/secret", Err(Withheld::Outside)),
            ("/a%20b/..%2f../secret", Err(Withheld::Outside)),
            ("/link", Err(Withheld::Outside)),
        ];
        for (path, expected) in cases {
            assert_eq!(folder.read(path).map(|(_, media)| media), expected, "{path}");
        }
        fs::remove_dir_all(&base).unwrap();
    }
}
