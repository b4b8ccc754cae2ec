//! A third party says when a checkpoint was there (RFC 3161).

use std::path::Path;
use std::time::Duration;

use anning_ledger::{Hash, NOTE_MAX, Suite};
use anning_vocab::{Date, Timestamp};

use crate::der::{BOOLEAN, Der, INTEGER, NULL, OCTETS, OID, SEQUENCE, SET, TIME, ZERO, number, value};
use crate::error::Error;
use crate::files;
use crate::http::{self, Client};
use crate::source::SourceError;

/// What a time stamp says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// When.
    pub at: Timestamp,
    /// Its serial number at the service, in hex.
    pub serial: String,
    /// SHA-256 of what was stamped.
    pub imprint: Hash,
    /// The number that was sent along, in its DER form, if one was.
    nonce: Option<Vec<u8>>,
}

/// What became of a request.
#[derive(Debug)]
pub enum Outcome {
    /// The newest checkpoint is stamped now.
    Stamped(Stamp),
    /// It was before.
    Already(Stamp),
    /// It is not: the service is away or answered wrongly. Marked in `checkpoint.unstamped`; the next run tries again.
    Pending(StampFault),
}

/// Why there is no time stamp.
#[derive(Debug)]
pub enum StampFault {
    /// The service could not be asked.
    Service(SourceError),
    /// It refused.
    Refused {
        /// Its status: 2 rejection, 3 waiting, 4 and 5 revoked.
        status: u8,
    },
    /// No answer of RFC 3161, or one without a token.
    Malformed,
    /// A token over something else.
    Imprint,
    /// An answer to another request.
    Nonce,
}

impl core::fmt::Display for StampFault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Service(error) => write!(f, "the time stamp service could not be asked: {error}"),
            Self::Refused { status } => {
                write!(f, "the time stamp service refused, with status: {status}")
            }
            Self::Malformed => f.write_str("the answer of the time stamp service is none of RFC 3161"),
            Self::Imprint => f.write_str("the time stamp is over something else than the checkpoint"),
            Self::Nonce => f.write_str("the time stamp answers another request"),
        }
    }
}

impl core::error::Error for StampFault {}

/// Has the checkpoint in `folder` stamped by the service at this address, unless it is already.
///
/// Kept beside it: `checkpoint.tsr`, the answer, and `checkpoint.stamped`, the checkpoint it is over. That the answer is
/// over this checkpoint and to this request is checked here, its signature is not: whoever relies on it does that with
/// the service's certificate, as `openssl ts -verify -in checkpoint.tsr -data checkpoint.stamped -CAfile …` does.
///
/// `nonce` is drawn by the caller anew each time.
///
/// # Errors
/// [`Error::Unavailable`] for a checkpoint that can't be read or no address; [`Error::Io`]. A service that is away is
/// [`Outcome::Pending`].
pub fn stamp(folder: &Path, service: &str, nonce: u64, patience: Duration) -> Result<Outcome, Error> {
    let unavailable = |file: &str| {
        let file = file.to_owned();
        |source| Error::Unavailable { file, source }
    };
    http::check(service).map_err(unavailable("the time stamp service"))?;
    let path = folder.join("checkpoint");
    let note = files::read(&path, NOTE_MAX as u64).map_err(unavailable(&path.display().to_string()))?;
    let imprint = Suite::International.digest(&[&note]);
    if let Some(stamp) = stamped(folder)?.filter(|stamp| stamp.imprint == imprint) {
        return Ok(Outcome::Already(stamp));
    }
    let asked = ask(service, &imprint, nonce, patience);
    let mark = folder.join(MARK);
    match asked {
        Ok((stamp, answer)) => {
            files::replace(&folder.join(STAMPED), &note)?;
            files::replace(&folder.join(TOKEN), &answer)?;
            // Kept. A crash between the two leaves a pair that does not fit, which is stamped again.
            match std::fs::remove_file(&mark) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    Err(Error::io("remove", &mark)(error))
                }
                Ok(()) | Err(_) => Ok(Outcome::Stamped(stamp)),
            }
        }
        Err(fault) => {
            files::replace(&mark, format!("{fault}\n").as_bytes())?;
            Ok(Outcome::Pending(fault))
        }
    }
}

/// The last time stamp in `folder`, if there is one that fits `checkpoint.stamped`.
///
/// # Errors
/// [`Error::Unavailable`] when the disk fails.
pub fn stamped(folder: &Path) -> Result<Option<Stamp>, Error> {
    let read = |name: &str, limit| match files::read(&folder.join(name), limit) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(SourceError::Missing) => Ok(None),
        Err(source) => Err(Error::Unavailable { file: name.to_owned(), source }),
    };
    let (Some(note), Some(answer)) = (read(STAMPED, NOTE_MAX as u64)?, read(TOKEN, ANSWER_MAX)?) else {
        return Ok(None);
    };
    let imprint = Suite::International.digest(&[&note]);
    Ok(parse(&answer).ok().filter(|stamp| stamp.imprint == imprint))
}

fn ask(
    service: &str,
    imprint: &Hash,
    nonce: u64,
    patience: Duration,
) -> Result<(Stamp, Vec<u8>), StampFault> {
    let client = Client::new(patience);
    let types = ("application/timestamp-query", "application/timestamp-reply");
    let answer = client.post(service, types, &request(imprint, nonce), ANSWER_MAX);
    let answer = answer.map_err(StampFault::Service)?;
    let stamp = parse(&answer)?;
    if stamp.imprint != *imprint {
        return Err(StampFault::Imprint);
    }
    if stamp.nonce.as_deref() != number(nonce).get(2..) {
        return Err(StampFault::Nonce);
    }
    Ok((stamp, answer))
}

/// `TimeStampReq`: the certificate is asked for, so that the answer can be checked by itself.
fn request(imprint: &Hash, nonce: u64) -> Vec<u8> {
    let algorithm = value(SEQUENCE, &[&value(OID, &[SHA256]), &value(NULL, &[])]);
    let imprint = value(SEQUENCE, &[&algorithm, &value(OCTETS, &[imprint])]);
    value(SEQUENCE, &[&number(1), &imprint, &number(nonce), &value(BOOLEAN, &[&[0xff]])])
}

/// Reads a `TimeStampResp`.
fn parse(answer: &[u8]) -> Result<Stamp, StampFault> {
    let mut whole = Der::new(answer);
    let mut response = whole.open(SEQUENCE).filter(|_| whole.is_empty()).ok_or(StampFault::Malformed)?;
    let mut info = response.open(SEQUENCE).ok_or(StampFault::Malformed)?;
    match info.take(INTEGER) {
        // Granted, or granted with modifications.
        Some([0 | 1]) => {}
        Some([status]) => return Err(StampFault::Refused { status: *status }),
        Some(_) | None => return Err(StampFault::Malformed),
    }
    token(response).ok_or(StampFault::Malformed)
}

/// From the token down to what it says: `ContentInfo`, `SignedData`, `TSTInfo`.
fn token(mut response: Der<'_>) -> Option<Stamp> {
    let mut content = response.open(SEQUENCE)?;
    (content.take(OID)? == SIGNED_DATA && response.is_empty()).then_some(())?;
    let mut signed = content.open(ZERO)?.open(SEQUENCE)?;
    signed.take(INTEGER)?;
    signed.take(SET)?;
    let mut inner = signed.open(SEQUENCE)?;
    (inner.take(OID)? == TST_INFO).then_some(())?;
    let bytes = inner.open(ZERO)?.take(OCTETS)?;
    let mut info = Der::new(bytes).open(SEQUENCE)?;
    (info.take(INTEGER)? == [1]).then_some(())?;
    info.take(OID)?;
    let mut imprint = info.open(SEQUENCE)?;
    let mut algorithm = imprint.open(SEQUENCE)?;
    (algorithm.take(OID)? == SHA256).then_some(())?;
    let imprint = imprint.take(OCTETS)?.try_into().ok()?;
    let serial = info.take(INTEGER)?.iter().map(|byte| format!("{byte:02x}")).collect();
    let at = time(info.take(TIME)?)?;
    // Accuracy and ordering.
    info.maybe(SEQUENCE)?;
    info.maybe(BOOLEAN)?;
    let nonce = info.maybe(INTEGER)?.map(<[u8]>::to_vec);
    Some(Stamp { at, serial, imprint, nonce })
}

/// `YYYYMMDDhhmmss[.f…]Z`.
fn time(text: &[u8]) -> Option<Timestamp> {
    let text = core::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (whole.len() == 14 && is_digits(whole) && is_digits(part)).then_some(())?;
    let digits = |from: usize, to: usize| whole.get(from..to)?.parse::<u32>().ok();
    let day = Date::from_ymd(i32::try_from(digits(0, 4)?).ok()?, digits(4, 6)?, digits(6, 8)?)?;
    let (hour, minute, second) = (digits(8, 10)?, digits(10, 12)?, digits(12, 14)?);
    (hour < 24 && minute < 60 && second < 61).then_some(())?;
    let millis: i64 = format!("{part}000").get(..3)?.parse().ok()?;
    let seconds = i64::from(day.days()) * 86_400 + i64::from(hour * 3_600 + minute * 60 + second);
    Some(Timestamp::from_millis(seconds * 1_000 + millis))
}

/// The answer as the service gave it.
const TOKEN: &str = "checkpoint.tsr";
/// The checkpoint it is over.
const STAMPED: &str = "checkpoint.stamped";
/// Says why the newest checkpoint is not stamped.
const MARK: &str = "checkpoint.unstamped";
/// An answer holds a few certificates.
const ANSWER_MAX: u64 = 256 * 1_024;
/// 2.16.840.1.101.3.4.2.1
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
/// 1.2.840.113549.1.7.2
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
/// 1.2.840.113549.1.9.16.1.4
const TST_INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];
