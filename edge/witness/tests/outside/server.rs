//! A server of files, and of the ways servers fail.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;

/// How it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Good,
    /// Says more bytes than it sends.
    Truncated,
    /// Sends fewer bytes and says nothing.
    Short,
    Garbage,
    /// Never ends.
    Endless,
    /// A header that never ends.
    EndlessHeader,
    Status(u16),
    /// Closes at once.
    Away,
}

pub struct Server(String);

impl Server {
    /// Serves a folder; how, is asked anew for each path. It ends with the process.
    pub fn start(folder: &Path, way: impl Fn(&str) -> Way + Send + Sync + 'static) -> Self {
        let folder = folder.to_path_buf();
        Self::answering(move |path, _| {
            let way = way(path);
            match std::fs::read(folder.join(path.trim_start_matches('/'))) {
                Ok(bytes) => (way, bytes),
                Err(_) if way == Way::Good => (Way::Status(404), Vec::new()),
                Err(_) => (way, Vec::new()),
            }
        })
    }

    /// Answers path and body.
    pub fn answering(answer: impl Fn(&str, &[u8]) -> (Way, Vec<u8>) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let answer = Arc::new(answer);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let answer = Arc::clone(&answer);
                std::thread::spawn(move || {
                    if let Some((path, body)) = request(&stream) {
                        let (way, bytes) = answer(&path, &body);
                        // The other side may be gone: that is what some tests are about.
                        let _ = respond(&stream, way, &bytes);
                    }
                });
            }
        });
        Self(address)
    }

    pub fn address(&self) -> String {
        self.0.clone()
    }
}

fn request(mut stream: &TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4_096];
    loop {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            let whole = end + 4 + length.unwrap_or(0_usize);
            if bytes.len() >= whole {
                let path = head.split(' ').nth(1)?.to_owned();
                return Some((path, bytes[end + 4..whole].to_vec()));
            }
        }
        let read = stream.read(&mut buffer).ok().filter(|read| *read > 0)?;
        bytes.extend(&buffer[..read]);
    }
}

fn respond(mut stream: &TcpStream, way: Way, bytes: &[u8]) -> std::io::Result<()> {
    let head = |status: u16, length: usize| {
        format!("HTTP/1.1 {status} x\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n").into_bytes()
    };
    let half = &bytes[..bytes.len() / 2];
    match way {
        Way::Good => stream.write_all(&[head(200, bytes.len()), bytes.to_vec()].concat()),
        Way::Truncated => stream.write_all(&[head(200, bytes.len()), half.to_vec()].concat()),
        Way::Short => stream.write_all(&[b"HTTP/1.1 200 x\r\nconnection: close\r\n\r\n", half].concat()),
        Way::Garbage => stream.write_all(&[0xff; 300]),
        Way::Endless => {
            stream.write_all(b"HTTP/1.1 200 x\r\nconnection: close\r\n\r\n")?;
            loop {
                stream.write_all(&[b'a'; 4_096])?;
            }
        }
        Way::EndlessHeader => {
            stream.write_all(b"HTTP/1.1 200 x\r\n")?;
            loop {
                stream.write_all(b"x-more: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n")?;
            }
        }
        Way::Status(status) => {
            let moved = "location: http://127.0.0.1:1/\r\n";
            stream.write_all(
                format!("HTTP/1.1 {status} x\r\n{moved}content-length: 0\r\nconnection: close\r\n\r\n")
                    .as_bytes(),
            )
        }
        Way::Away => Ok(()),
    }
}
