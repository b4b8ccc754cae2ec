//! The DevTools protocol over a pipe: JSON texts, each ended by a zero byte.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::Error;

/// What the browser says: the answer to a call, or an event.
#[derive(Debug, Deserialize)]
pub(crate) struct Message {
    #[serde(default)]
    pub(crate) id: Option<u64>,
    #[serde(default)]
    pub(crate) method: String,
    #[serde(default, rename = "sessionId")]
    pub(crate) session: String,
    #[serde(default)]
    pub(crate) params: Value,
    #[serde(default)]
    pub(crate) result: Value,
    #[serde(default)]
    pub(crate) error: Option<Refusal>,
}

/// Why a call was refused.
#[derive(Debug, Deserialize)]
pub(crate) struct Refusal {
    #[serde(default)]
    pub(crate) message: String,
}

/// A browser process and the pipe to it. Dropping it ends the process and all it started.
pub(crate) struct Pipe {
    child: Child,
    stdin: Option<ChildStdin>,
    inbox: Receiver<Result<Message, String>>,
    said: Arc<Mutex<VecDeque<u8>>>,
    next: u64,
}

impl Pipe {
    /// Starts `program`. The shell moves the pipe to where Chromium looks for it, descriptors 3 and 4.
    pub(crate) fn start(program: &str, arguments: &[String]) -> Result<Self, Error> {
        let mut child = Command::new("/bin/sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null", program])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .map_err(|err| Error::File(program.into(), err))?;
        let said = Arc::new(Mutex::new(VecDeque::new()));
        let (sender, inbox) = sync_channel(INBOX_MAX);
        let stdin = child.stdin.take();
        if let Some(out) = child.stdout.take() {
            std::thread::spawn(move || read(out, &sender));
        }
        if let Some(mut err) = child.stderr.take() {
            let said = Arc::clone(&said);
            std::thread::spawn(move || keep(&mut err, &said));
        }
        Ok(Self { child, stdin, inbox, said, next: 0 })
    }

    /// Sends a call and returns its number; the answer comes through [`Pipe::receive`].
    pub(crate) fn send(&mut self, session: &str, method: &str, params: &Value) -> Result<u64, Error> {
        self.next += 1;
        let mut call = json!({"id": self.next, "method": method, "params": params});
        if !session.is_empty()
            && let Some(call) = call.as_object_mut()
        {
            call.insert("sessionId".to_owned(), Value::from(session));
        }
        let mut bytes = call.to_string().into_bytes();
        bytes.push(0);
        let written = self.stdin.as_mut().is_some_and(|pipe| pipe.write_all(&bytes).is_ok());
        if written { Ok(self.next) } else { Err(self.ended()) }
    }

    /// The next message, or `None` when none came in time.
    pub(crate) fn receive(&mut self, wait: Duration) -> Result<Option<Message>, Error> {
        match self.inbox.recv_timeout(wait) {
            Ok(Ok(message)) => Ok(Some(message)),
            Ok(Err(what)) => Err(Error::Answer(what)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(self.ended()),
        }
    }

    /// Process number of the browser.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    fn ended(&self) -> Error {
        let said = self.said.lock().map(|said| said.iter().copied().collect::<Vec<u8>>()).unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        let last: Vec<&str> = said.lines().rev().take(SAID_LINES).collect();
        Error::BrowserEnded(last.into_iter().rev().collect::<Vec<_>>().join(" | "))
    }
}

impl Pipe {
    /// Ends the browser with all its processes.
    pub(crate) fn end(&mut self) {
        self.stdin = None;
        // The group, not the process: zygotes and renderers outlive a browser that is killed alone.
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.child.wait();
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        self.end();
    }
}

/// Reads messages until the browser closes the pipe. A full inbox holds the browser back; nothing is dropped.
fn read(out: impl Read, sender: &SyncSender<Result<Message, String>>) {
    let mut out = BufReader::with_capacity(1 << 16, out);
    loop {
        let mut bytes = Vec::new();
        match out.by_ref().take(MESSAGE_MAX).read_until(0, &mut bytes) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        if bytes.pop() != Some(0) {
            let _ = sender.send(Err(format!("a message is longer than {MESSAGE_MAX} bytes")));
            return;
        }
        let message = serde_json::from_slice(&well_formed(&bytes)).map_err(|err| err.to_string());
        if sender.send(message).is_err() {
            return;
        }
    }
}

/// JSON in which every half of a character, written as `\ud800` alone, is the sign for an unknown one.
pub(crate) fn well_formed(json: &[u8]) -> Cow<'_, [u8]> {
    let half = |at: usize| {
        let digits = json.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u32::from_str_radix(core::str::from_utf8(digits).ok()?, 16).ok()
    };
    let (mut out, mut at, mut from) = (Vec::new(), 0, 0);
    while let Some(byte) = json.get(at) {
        if *byte != b'\\' {
            at += 1;
            continue;
        }
        match half(at) {
            Some(0xd800..=0xdbff) if matches!(half(at + 6), Some(0xdc00..=0xdfff)) => at += 12,
            Some(0xd800..=0xdfff) => {
                out.extend_from_slice(json.get(from..at).unwrap_or_default());
                out.extend_from_slice(b"\\ufffd");
                at += 6;
                from = at;
            }
            Some(_) => at += 6,
            None => at += 2,
        }
    }
    if out.is_empty() {
        return Cow::Borrowed(json);
    }
    out.extend_from_slice(json.get(from..).unwrap_or_default());
    Cow::Owned(out)
}

/// Keeps the end of what the browser writes to its error output, for messages.
fn keep(err: &mut impl Read, said: &Mutex<VecDeque<u8>>) {
    let mut buffer = [0; 4096];
    while let Ok(length) = err.read(&mut buffer) {
        if length == 0 {
            return;
        }
        let Ok(mut said) = said.lock() else { return };
        said.extend(buffer.iter().take(length));
        let over = said.len().saturating_sub(SAID_MAX);
        said.drain(..over);
    }
}

/// Messages that wait to be handled.
const INBOX_MAX: usize = 4_096;
/// Bytes of one message: a picture of a long page in base64 is the longest.
const MESSAGE_MAX: u64 = 128 << 20;
/// Bytes of error output that are kept.
const SAID_MAX: usize = 8 << 10;
/// Lines of it that are shown.
const SAID_LINES: usize = 5;

#[cfg(test)]
mod tests {
    use super::well_formed;

    #[test]
    fn half_a_character_is_an_unknown_one() {
        for (json, expected) in [
            (r#""a\ud800b""#, "a\u{fffd}b"),
            (r#""\ud83d\ude00\udfff""#, "\u{1f600}\u{fffd}"),
            (r#""\\ud800""#, r"\ud800"),
            (r#""\ud800\ud83d\ude00""#, "\u{fffd}\u{1f600}"),
            (r#""a\n\u00e9""#, "a\n\u{e9}"),
        ] {
            let read: String = serde_json::from_slice(&well_formed(json.as_bytes())).unwrap();
            assert_eq!(read, expected, "{json}");
        }
    }
}
