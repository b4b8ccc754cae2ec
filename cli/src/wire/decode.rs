//! PDUs as JSON, for people who look for what is wrong with one.

mod names;
mod told;

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anning_link::{Dialect as _, Fault, Frames, Malformed};
use anning_peers::{Protocol, Tongue};
use serde_json::{Map, Value, json};

use super::protocol;
use crate::failure::Failure;
use crate::tell::say;

/// Arguments.
#[derive(clap::Args)]
pub struct DecodeArgs {
    /// cmpp2, cmpp3 (or cmpp), smpp, smgp, sgip.
    #[arg(long, value_parser = protocol)]
    protocol: Protocol,
    /// The bytes as hex digits, of one PDU or several.
    #[arg(long, value_name = "STRING", conflicts_with = "file", required_unless_present = "file")]
    hex: Option<String>,
    /// File of bytes, or of lines with hex digits, alone or after the last ` | ` of a line; `-` for standard input.
    /// Empty lines and those that begin with `#` are left out.
    file: Option<PathBuf>,
}

/// Bytes that were captured together, and what they are called.
struct Capture {
    name: Option<String>,
    bytes: Vec<u8>,
}

/// Prints them; 1 if one of them is no PDU.
pub fn run(args: &DecodeArgs) -> Result<ExitCode, Failure> {
    let captures = match (&args.hex, &args.file) {
        (Some(hex), _) => vec![Capture { name: None, bytes: digits(hex).map_err(Failure::usage)? }],
        (None, Some(file)) => captures(&read(file)?, file)?,
        (None, None) => Vec::new(),
    };
    let mut reader = Tongue::reader(args.protocol);
    let mut wrong = false;
    for Capture { name, bytes } in captures {
        for mut object in pdus(args.protocol, &mut reader, &bytes) {
            wrong |= object.contains_key("fault");
            if let Some(name) = &name {
                object.insert("id".to_owned(), json!(name));
            }
            say(&Value::Object(object).to_string());
        }
    }
    Ok(ExitCode::from(u8::from(wrong)))
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let done = if file == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|mut open| open.read_to_end(&mut bytes))
    };
    done.map_err(|error| Failure::usage(format!("cannot be read, {error}: {}", file.display())))?;
    Ok(bytes)
}

/// Lines of hex digits if it is text, and otherwise what it is. No PDU is text: its length begins with zeros.
fn captures(bytes: &[u8], file: &Path) -> Result<Vec<Capture>, Failure> {
    let text = match core::str::from_utf8(bytes) {
        Ok(text) if !bytes.contains(&0) => text,
        Ok(_) | Err(_) => return Ok(vec![Capture { name: None, bytes: bytes.to_vec() }]),
    };
    let lines = text.lines().enumerate().map(|(place, line)| (place, line.trim()));
    let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let one = |(place, line): (usize, &str)| {
        let (head, hex) = line.rsplit_once('|').unwrap_or(("", line));
        let name = head.split('|').next().map(str::trim).filter(|name| !name.is_empty());
        let bytes = digits(hex)
            .map_err(|wrong| Failure::usage(format!("line {} of {}: {wrong}", place + 1, file.display())))?;
        Ok(Capture { name: name.map(str::to_owned), bytes })
    };
    lines.map(one).collect()
}

/// Hex digits as bytes; blanks, colons and a leading `0x` mean nothing.
fn digits(text: &str) -> Result<Vec<u8>, String> {
    let text = text.trim();
    let text = text.strip_prefix("0x").unwrap_or(text);
    let digits: Vec<char> = text.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
    let nibble = |digit: &char| {
        let value = digit.to_digit(16).and_then(|value| u8::try_from(value).ok());
        value.ok_or_else(|| format!("not a hex digit: {digit}"))
    };
    if !digits.len().is_multiple_of(2) {
        return Err(format!("hex digits come in pairs, there are: {}", digits.len()));
    }
    digits
        .chunks(2)
        .map(|pair| pair.iter().try_fold(0_u8, |byte, digit| Ok(byte << 4 | nibble(digit)?)))
        .collect()
}

/// Every PDU of a capture.
fn pdus(protocol: Protocol, reader: &mut Tongue, bytes: &[u8]) -> Vec<Map<String, Value>> {
    let limits = reader.limits();
    let mut frames = Frames::new(limits.least, limits.most);
    frames.push(bytes);
    let mut objects = Vec::new();
    let mut read = 0;
    loop {
        match frames.take() {
            Ok(Some(frame)) => {
                read += frame.len();
                objects.push(pdu(protocol, reader, frame));
            }
            Ok(None) => break,
            Err(error) => {
                let rest = bytes.get(read..).unwrap_or(&[]);
                objects.push(broken(protocol, &error.to_string(), read, rest));
                return objects;
            }
        }
    }
    if let Some(rest) = bytes.get(read..).filter(|rest| !rest.is_empty()) {
        objects.push(broken(protocol, "ends inside the frame that begins here", read, rest));
    }
    objects
}

/// Bytes that are no frame.
fn broken(protocol: Protocol, fault: &str, at: usize, rest: &[u8]) -> Map<String, Value> {
    let rest = rest.get(..rest.len().min(SHOWN_MAX)).unwrap_or(rest);
    object(json!({
        "protocol": protocol.name(),
        "field": "length",
        "byte": at,
        "fault": fault,
        "hex": told::hex(rest),
    }))
}

fn pdu(protocol: Protocol, reader: &mut Tongue, frame: &[u8]) -> Map<String, Value> {
    let mut heard = reader.hear(frame);
    let mut version = None;
    if heard.is_err() && protocol == Protocol::Smgp {
        // Only a login says which version it is, and this may be in the middle of a connection.
        if let Ok(old) = Tongue::old_smgp().hear(frame) {
            heard = Ok(old);
            version = Some("1.3");
        }
    }
    let command =
        frame.get(4..8).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u32::from_be_bytes(*bytes));
    let mut told = object(json!({
        "protocol": protocol.name(),
        "command": names::command(protocol, command),
        "command_id": format!("{command:#010x}"),
        "length": frame.len(),
    }));
    if let Some(version) = version {
        told.insert("version".to_owned(), json!(version));
    }
    match heard {
        Ok((sequence, spoken)) => {
            told.insert("sequence".to_owned(), told::sequence(protocol, sequence));
            told.append(&mut told::spoken(protocol, &spoken));
        }
        Err(malformed) => {
            told.insert("sequence".to_owned(), told::sequence(protocol, malformed.sequence));
            told.append(&mut wrong(&malformed, frame));
        }
    }
    told
}

fn wrong(malformed: &Malformed, frame: &[u8]) -> Map<String, Value> {
    let Malformed { field, at, fault, .. } = malformed;
    let (kind, value) = match fault {
        Fault::Short => ("short", None),
        Fault::Value(value) => ("value", Some(*value)),
        Fault::Command => ("command", None),
        Fault::Version(version) => ("version", Some(u32::from(*version))),
        Fault::Long(count) => ("long", Some(*count)),
    };
    object(json!({
        "field": field,
        "byte": at,
        "fault": kind,
        "value": value,
        "words": malformed.to_string(),
        "hex": told::hex(frame),
    }))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
    }
}

/// Bytes shown of what is no frame.
const SHOWN_MAX: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    fn vectors(protocol: Protocol, text: &str) -> (usize, usize) {
        let mut reader = Tongue::reader(protocol);
        let captures = captures(text.as_bytes(), Path::new("vectors")).unwrap();
        let objects: Vec<_> =
            captures.iter().flat_map(|one| pdus(protocol, &mut reader, &one.bytes)).collect();
        (objects.len(), objects.iter().filter(|object| object.contains_key("fault")).count())
    }

    #[test]
    fn every_vector_is_told() {
        for (protocol, text) in [
            (Protocol::Cmpp2, include_str!("../../../wire/cmpp/tests/vectors.txt")),
            (Protocol::Smpp, include_str!("../../../wire/smpp/tests/vectors.txt")),
            (Protocol::Smgp, include_str!("../../../wire/smgp/tests/vectors.txt")),
            (Protocol::Sgip, include_str!("../../../wire/sgip/tests/vectors.txt")),
        ] {
            let (all, wrong) = vectors(protocol, text);
            assert!(all > 10 && wrong * 2 < all, "{}: {wrong} of {all}", protocol.name());
        }
    }

    #[test]
    fn a_text_is_read() {
        let hex = "0000012b0000000455c51d4e43c0ee40261c1d50040100093130303836000000000002000000000000000000000000000000000000\
                   000000000108000000000000303130303030303000000000000000000000000000000000000000000000000000000000000000000000\
                   313030383600000000000000000000000000000000013133383030313338303030000000000000000000008c050003e404015c0a656c\
                   76845ba26237002c60a8597dff0160a84e8e0032003000310036002d00300033002d00320033002000310034003a00350031003a0033\
                   0036901a8fc74e2d56fd79fb52a8003100300030003800359500552e4e137ebf8ba28d2d768430104e0052a0624b673a9ad86e059632\
                   522e4fdd62a4819c3011ff0c8bf770b951fb652f4ed80000000000000000";
        let bytes = digits(hex).unwrap();
        let told = pdus(Protocol::Cmpp2, &mut Tongue::reader(Protocol::Cmpp2), &bytes).remove(0);
        assert_eq!(told["command"], "CMPP_SUBMIT");
        assert_eq!(told["sequence"], 1_438_981_454);
        assert_eq!(told["destinations"], json!(["13800138000"]));
        assert_eq!(told["header"], json!([{ "reference": 0xE4, "total": 4, "number": 1 }]));
        assert!(told["text"].as_str().unwrap().starts_with("尊敬的客户"), "{told:?}");
    }

    #[test]
    fn what_is_wrong_is_said() {
        let check = |protocol, hex: &str, field: &str, byte: u64| {
            let told = pdus(protocol, &mut Tongue::reader(protocol), &digits(hex).unwrap()).remove(0);
            assert_eq!((&told["field"], &told["byte"]), (&json!(field), &json!(byte)), "{told:?}");
        };
        check(Protocol::Smpp, "00000010000000ff0000000000000001", "command_id", 4);
        check(Protocol::Cmpp3, "0000000d000000040000000101", "Msg_Id", 12);
        check(Protocol::Cmpp3, "00000003", "length", 0);
        check(Protocol::Sgip, "0000001400", "length", 0);
    }

    #[test]
    fn hex_digits() {
        assert_eq!(digits(" 0x0A:0b 0c\n"), Ok(vec![10, 11, 12]));
        assert!(digits("0").unwrap_err().contains("pairs"));
        assert!(digits("0g").unwrap_err().contains('g'));
    }
}
