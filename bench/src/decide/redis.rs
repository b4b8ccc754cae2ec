//! Beside it: Redis, pipelined GETs of as many keys, over a socket of the same machine. A store that answers
//! "what is known of this recipient" and decides nothing.

use std::io::{BufRead, BufReader, Error, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::{key, seconds};
use crate::{Random, now};

pub(super) fn run(keys: usize) {
    match measured(keys) {
        Ok(()) => {}
        Err(error) => println!("\nredis skipped: {error}"),
    }
}

fn measured(keys: usize) -> Result<(), Error> {
    let mut server = Server(
        Command::new("redis-server")
            .args(["--port", &PORT.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?,
    );
    let mut client = Client::connect(&mut server)?;
    for from in (0..keys as u64).step_by(PIPELINE) {
        let numbers: Vec<u64> = (from..keys as u64).take(PIPELINE).collect();
        client.send(&numbers, |key, out| {
            out.extend_from_slice(b"*3\r\n$3\r\nSET\r\n$16\r\n");
            out.extend_from_slice(key);
            out.extend_from_slice(b"\r\n$8\r\n12345678\r\n");
        })?;
        client.lines(numbers.len())?;
    }
    let (mut random, begin) = (Random(13), now());
    for _ in 0..GETS / PIPELINE {
        let numbers: Vec<u64> = (0..PIPELINE).map(|_| random.draw() % keys as u64).collect();
        client.send(&numbers, |key, out| {
            out.extend_from_slice(b"*2\r\n$3\r\nGET\r\n$16\r\n");
            out.extend_from_slice(key);
            out.extend_from_slice(b"\r\n");
        })?;
        // `$8`, then the value.
        client.bytes(numbers.len() * 14)?;
    }
    println!(
        "\nredis, {keys} keys, pipelines of {PIPELINE} GETs, one client: {:.2} M/s",
        GETS as f64 / seconds(begin) / 1e6
    );
    Ok(())
}

/// Ends with the benchmark.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing is left to do about one that is gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

struct Client {
    to: TcpStream,
    from: BufReader<TcpStream>,
    out: Vec<u8>,
}

impl Client {
    fn connect(server: &mut Server) -> Result<Self, Error> {
        for _ in 0..100 {
            if server.0.try_wait()?.is_some() {
                break;
            }
            if let Ok(to) = TcpStream::connect(("127.0.0.1", PORT)) {
                to.set_nodelay(true)?;
                let from = BufReader::with_capacity(1 << 16, to.try_clone()?);
                return Ok(Self { to, from, out: Vec::new() });
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(Error::other("redis-server does not answer"))
    }

    fn send(&mut self, numbers: &[u64], command: impl Fn(&[u8; 16], &mut Vec<u8>)) -> Result<(), Error> {
        self.out.clear();
        for number in numbers {
            command(&key(*number).0, &mut self.out);
        }
        self.to.write_all(&self.out)
    }

    fn lines(&mut self, count: usize) -> Result<(), Error> {
        let mut line = String::new();
        for _ in 0..count {
            line.clear();
            self.from.read_line(&mut line)?;
            if line != "+OK\r\n" {
                return Err(Error::other(format!("redis said: {}", line.trim_end())));
            }
        }
        Ok(())
    }

    fn bytes(&mut self, count: usize) -> Result<(), Error> {
        let mut bytes = vec![0; count];
        self.from.read_exact(&mut bytes)?;
        if bytes.chunks(14).all(|reply| reply == b"$8\r\n12345678\r\n") {
            Ok(())
        } else {
            Err(Error::other("redis lacks a key that it was given"))
        }
    }
}

const PORT: u16 = 46_379;
const PIPELINE: usize = 64;
const GETS: usize = 4_000_000;
