//! A small HTTP server that writes down what it is asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What is answered.
pub struct Answer {
    pub status: &'static str,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn html(body: &str) -> Self {
        Self::of("text/html; charset=utf-8", body)
    }

    pub fn of(media: &str, body: &str) -> Self {
        Self { status: "200 OK", head: format!("content-type: {media}\r\n"), body: body.as_bytes().to_vec() }
    }

    pub fn with(status: &'static str, head: &str) -> Self {
        Self { status, head: format!("{head}\r\n"), body: Vec::new() }
    }
}

/// A server on a free port of this machine; it ends with the process.
pub struct Server {
    port: u16,
    log: Arc<Mutex<Vec<String>>>,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub fn start(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let log = Arc::new(Mutex::new(Vec::new()));
        let heads = Arc::new(Mutex::new(Vec::new()));
        let (written, whole, answer) = (Arc::clone(&log), Arc::clone(&heads), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (written, whole, answer) =
                    (Arc::clone(&written), Arc::clone(&whole), Arc::clone(&answer));
                std::thread::spawn(move || serve(stream, &written, &whole, answer.as_ref()));
            }
        });
        Self { port, log, heads }
    }

    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Every connection so far with all it said: first line, headers, body.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }

    /// Method and path of every request so far.
    pub fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }
}

fn serve(
    mut stream: TcpStream,
    log: &Mutex<Vec<String>>,
    heads: &Mutex<Vec<String>>,
    answer: &dyn Fn(&str) -> Answer,
) {
    let mut lines = BufReader::new(stream.try_clone().unwrap());
    let mut first = String::new();
    if lines.read_line(&mut first).unwrap_or(0) == 0 {
        heads.lock().unwrap().push("a connection that said nothing".to_owned());
        return;
    }
    let mut whole = first.clone();
    let mut parts = first.split(' ');
    let (method, path) =
        (parts.next().unwrap_or_default().to_owned(), parts.next().unwrap_or_default().to_owned());
    log.lock().unwrap().push(format!("{method} {path}"));
    let mut length = 0;
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).unwrap_or(0) <= 2 {
            break;
        }
        whole.push_str(&line);
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    let _ = lines.read_exact(&mut body);
    whole.push_str(&String::from_utf8_lossy(&body));
    heads.lock().unwrap().push(whole);
    let made = answer(path.split('?').next().unwrap_or_default());
    let head = format!(
        "HTTP/1.1 {}\r\n{}content-length: {}\r\nconnection: close\r\n\r\n",
        made.status,
        made.head,
        made.body.len()
    );
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&made.body));
}
