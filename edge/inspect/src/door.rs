//! The one way out of a page's browser: a proxy within this process, a door of its own for every tab.
//!
//! The browser resolves no name and reaches nothing but this door. It lets through a reading request that the tab has
//! released, word for word, and over TLS, whose inside it cannot read, only tunnels to origins that were named. Once
//! something was typed it is shut for good and every tunnel is cut: whatever a page finds to send by, nothing leaves.

use std::collections::{HashMap, HashSet};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream, ToSocketAddrs};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::error::Error;

/// A door. Dropping it shuts it.
#[derive(Debug)]
pub(crate) struct Door {
    port: u16,
    inside: Arc<Mutex<Inside>>,
}

#[derive(Debug, Default)]
struct Inside {
    open: bool,
    ended: bool,
    origins: Vec<String>,
    released: HashSet<String>,
    /// Both ends of every connection that is under way, to be cut.
    lines: HashMap<u64, Vec<TcpStream>>,
    next: u64,
    refused: Vec<String>,
    trouble: Option<String>,
}

impl Door {
    /// A door to these origins; without any it is shut from the beginning.
    pub(crate) fn open(origins: Vec<String>) -> Result<Self, Error> {
        let failed = |err| Error::File("127.0.0.1".into(), err);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let inside = Arc::new(Mutex::new(Inside { open: !origins.is_empty(), origins, ..Inside::default() }));
        let shared = Arc::clone(&inside);
        std::thread::spawn(move || answer_all(&listener, &shared));
        Ok(Self { port, inside })
    }

    /// Its address, as the browser takes it.
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// This address may be read, from now on.
    pub(crate) fn release(&self, url: &str) {
        let mut inside = lock(&self.inside);
        if inside.released.len() < RELEASED_MAX {
            inside.released.insert(plain(url));
        }
    }

    /// Nothing passes any more, and what was passing is cut.
    pub(crate) fn shut(&self) {
        let mut inside = lock(&self.inside);
        inside.open = false;
        inside.released.clear();
        for (_, ends) in inside.lines.drain() {
            for end in ends {
                let _ = end.shutdown(Shutdown::Both);
            }
        }
    }

    /// What went around the browser's own hold and was turned away here, since the last call.
    pub(crate) fn refused(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.inside).refused)
    }

    /// Why the last host could not be reached, since the last call.
    pub(crate) fn trouble(&self) -> Option<String> {
        lock(&self.inside).trouble.take()
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.shut();
        lock(&self.inside).ended = true;
        // The thread that waits for callers sees that it is over.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

/// A thread that panicked held nothing half-done: the state is taken as it is.
fn lock(inside: &Mutex<Inside>) -> MutexGuard<'_, Inside> {
    inside.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An address as a proxy is asked for it: without name, password and fragment.
fn plain(url: &str) -> String {
    let bare = url.split('#').next().unwrap_or_default();
    let Some((scheme, rest)) = bare.split_once("://") else { return bare.to_owned() };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

fn answer_all(listener: &TcpListener, inside: &Arc<Mutex<Inside>>) {
    for stream in listener.incoming().flatten() {
        {
            let inside = lock(inside);
            if inside.ended {
                return;
            }
            if inside.lines.len() >= LINES_MAX {
                continue;
            }
        }
        let inside = Arc::clone(inside);
        std::thread::spawn(move || {
            let _ = answer(stream, &inside);
        });
    }
}

/// One caller: a tunnel, a request, or the door in its face.
fn answer(mut near: TcpStream, inside: &Mutex<Inside>) -> std::io::Result<()> {
    near.set_read_timeout(Some(WAIT))?;
    let Some((head, rest)) = head(&mut near)? else { return Ok(()) };
    let mut first = head.lines().next().unwrap_or_default().split(' ');
    let (method, target) = (first.next().unwrap_or_default(), first.next().unwrap_or_default());
    if method == "CONNECT" {
        return tunnel(near, target, inside);
    }
    let reads = matches!(method, "GET" | "HEAD") && rest.is_empty() && !has_body(&head);
    if !reads || !lock(inside).admits(target) {
        lock(inside).refuse(format!("{method} {target}"));
        return Ok(());
    }
    let (host, port, path) = parts(target);
    let Some(mut far) = reach(&host, port, inside) else { return Ok(()) };
    let Some(number) = lock(inside).line(&near, &far) else { return Ok(()) };
    let passed = pass(&mut near, &mut far, method, &path, &head);
    hang_up(&near, &far, number, inside);
    passed
}

impl Inside {
    fn admits(&self, url: &str) -> bool {
        self.open && self.released.contains(&plain(url))
    }

    fn refuse(&mut self, what: String) {
        // What the browser asks of its maker is no doing of the page: only what its own origins are asked counts.
        let own = self.origins.iter().any(|origin| {
            let host = origin.split("://").nth(1).unwrap_or_default();
            what.contains(host.rsplit_once(':').map_or(host, |(host, _)| host))
        });
        if own && self.refused.len() < REFUSED_MAX {
            self.refused.push(what);
        }
    }

    /// Enters a connection, unless the door was shut meanwhile.
    fn line(&mut self, near: &TcpStream, far: &TcpStream) -> Option<u64> {
        let ends = vec![near.try_clone().ok()?, far.try_clone().ok()?];
        if !self.open {
            return None;
        }
        self.next += 1;
        self.lines.insert(self.next, ends);
        Some(self.next)
    }
}

fn tunnel(mut near: TcpStream, target: &str, inside: &Mutex<Inside>) -> std::io::Result<()> {
    let named = {
        let inside = lock(inside);
        let origin =
            format!("https://{}", target.strip_suffix(":443").unwrap_or(target)).to_ascii_lowercase();
        inside.open && inside.origins.contains(&origin)
    };
    if !named {
        lock(inside).refuse(format!("CONNECT {target}"));
        return near.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    }
    let (host, port, _) = parts(&format!("https://{target}/"));
    let Some(far) = reach(&host, port, inside) else {
        return near.write_all(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n");
    };
    let Some(number) = lock(inside).line(&near, &far) else { return Ok(()) };
    near.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
    near.set_read_timeout(None)?;
    far.set_read_timeout(None)?;
    let (mut from, mut to) = (far.try_clone()?, near.try_clone()?);
    let back = std::thread::spawn(move || {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    });
    let _ = std::io::copy(&mut near.try_clone()?, &mut far.try_clone()?);
    let _ = far.shutdown(Shutdown::Write);
    let _ = back.join();
    hang_up(&near, &far, number, inside);
    Ok(())
}

fn hang_up(near: &TcpStream, far: &TcpStream, number: u64, inside: &Mutex<Inside>) {
    let _ = near.shutdown(Shutdown::Both);
    let _ = far.shutdown(Shutdown::Both);
    lock(inside).lines.remove(&number);
}

/// Passes one request on and its answer back; each has a connection of its own.
fn pass(
    near: &mut TcpStream,
    far: &mut TcpStream,
    method: &str,
    path: &str,
    head: &str,
) -> std::io::Result<()> {
    let kept = head.lines().skip(1).filter(|line| !line.is_empty() && !is_of_the_line(line));
    let asked: String = kept.map(|line| format!("{line}\r\n")).collect();
    far.write_all(format!("{method} {path} HTTP/1.1\r\n{asked}connection: close\r\n\r\n").as_bytes())?;
    loop {
        let Some((head, rest)) = self::head(far)? else { return Ok(()) };
        let status = head.split(' ').nth(1).unwrap_or_default();
        // An answer before the answer says only that there will be one.
        if status.starts_with('1') && rest.is_empty() {
            continue;
        }
        let kept = head.lines().filter(|line| !line.is_empty() && !is_of_the_line(line));
        let told: String = kept.map(|line| format!("{line}\r\n")).collect();
        near.write_all(format!("{told}connection: close\r\n\r\n").as_bytes())?;
        near.write_all(&rest)?;
        return std::io::copy(far, near).map(|_| ());
    }
}

/// Headers that are between two neighbours.
fn is_of_the_line(line: &str) -> bool {
    let name = line.split(':').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(name.as_str(), "connection" | "keep-alive" | "upgrade") || name.starts_with("proxy-")
}

fn has_body(head: &str) -> bool {
    head.lines().any(|line| {
        let line = line.to_ascii_lowercase();
        line.starts_with("transfer-encoding:") || line.starts_with("content-length:")
    })
}

/// Reads to the end of a head; what came behind it is given back. None when the other end went away.
fn head(stream: &mut TcpStream) -> std::io::Result<Option<(String, Vec<u8>)>> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let length = stream.read(&mut buffer)?;
        if length == 0 {
            return Ok(None);
        }
        bytes.extend(buffer.iter().take(length));
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let rest = bytes.split_off(at + 4);
            return Ok(Some((bytes.iter().map(|byte| char::from(*byte)).collect(), rest)));
        }
        if bytes.len() > HEAD_MAX {
            return Ok(None);
        }
    }
}

/// Host, port and path of an address.
fn parts(url: &str) -> (String, u16, String) {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let usual = if scheme.eq_ignore_ascii_case("https") { 443 } else { 80 };
    let numbered = host.rsplit_once(':').and_then(|(name, port)| Some((name, port.parse().ok()?)));
    let (name, port) = numbered.unwrap_or((host, usual));
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    (name.trim_matches(['[', ']']).to_owned(), port, path)
}

fn reach(host: &str, port: u16, inside: &Mutex<Inside>) -> Option<TcpStream> {
    let mut why = format!("{host}: no address");
    match (host, port).to_socket_addrs() {
        Err(err) => why = format!("{host}: {err}"),
        Ok(addresses) => {
            for address in addresses.take(ADDRESSES_MAX) {
                match TcpStream::connect_timeout(&address, REACH) {
                    Ok(stream) => {
                        let _ = stream.set_read_timeout(Some(WAIT));
                        return Some(stream);
                    }
                    Err(err) => why = format!("{host}: {err}"),
                }
            }
        }
    }
    lock(inside).trouble = Some(why);
    None
}

/// How long a host may take to be reached.
const REACH: Duration = Duration::from_secs(5);
/// How long either end may say nothing outside a tunnel.
const WAIT: Duration = Duration::from_secs(60);
/// Addresses of one host that are tried.
const ADDRESSES_MAX: usize = 3;
/// Connections at a time.
const LINES_MAX: usize = 200;
/// Addresses that are released.
const RELEASED_MAX: usize = 2_000;
/// Requests turned away that are kept for the notes.
const REFUSED_MAX: usize = 20;
/// Bytes of a head.
const HEAD_MAX: usize = 256 << 10;

#[cfg(test)]
mod tests {
    use super::{Door, parts, plain};
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};

    /// Asks a door, and gives the first line of what came.
    fn ask(door: &Door, head: &str) -> String {
        let mut stream = TcpStream::connect(door.address().trim_start_matches("http://")).unwrap();
        stream.write_all(format!("{head}\r\n\r\n").as_bytes()).unwrap();
        let mut said = String::new();
        let _ = stream.read_to_string(&mut said);
        said.lines().next().unwrap_or_default().to_owned()
    }

    #[test]
    fn only_what_was_released_passes_and_nothing_once_it_is_shut() {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", server.local_addr().unwrap());
        std::thread::spawn(move || {
            for mut stream in server.incoming().flatten() {
                let mut buffer = [0; 4096];
                let _ = stream.read(&mut buffer);
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx");
            }
        });
        let door = Door::open(vec![origin.clone()]).unwrap();
        door.release(&format!("{origin}/a#b"));
        let read = |path: &str| ask(&door, &format!("GET {origin}{path} HTTP/1.1"));
        assert_eq!(read("/a"), "HTTP/1.1 200 OK");
        assert_eq!(read("/b"), "");
        assert_eq!(ask(&door, &format!("POST {origin}/a HTTP/1.1\r\ncontent-length: 0")), "");
        assert_eq!(ask(&door, "CONNECT 127.0.0.1:443 HTTP/1.1"), "HTTP/1.1 403 Forbidden");
        assert_eq!(door.refused().len(), 3);
        door.shut();
        assert_eq!(read("/a"), "");
    }

    #[test]
    fn addresses_are_taken_apart() {
        assert_eq!(plain("http://u:p@a.example/x?y#z"), "http://a.example/x?y");
        assert_eq!(parts("http://[::1]:81?x"), ("::1".to_owned(), 81, "/?x".to_owned()));
        assert_eq!(parts("https://a.example/x"), ("a.example".to_owned(), 443, "/x".to_owned()));
    }
}
