//! What SMGP says in the words all carriers' protocols share.

mod deliver;
mod submit;

use core::time::Duration;

use anning_link::{
    Answer, Asked, Civil, Credentials, Dialect, Fault, Findings, Fixed, Limits, LoginMode, Malformed,
    MessageId, Query, Sequence, Spoken, Tlv, Trouble, same_secret,
};

use crate::pdu::{self, Frame, HEAD, Login, LoginResp, Pdu, QueryResp, Taken};
use crate::version::Version;
use crate::{digest, id, status, tag};

/// One end of one connection that speaks SMGP.
///
/// A server learns the client's version from its LOGIN, a client the server's from the answer. The server's proof is
/// handed on and not judged: hardly any server in the field computes it by the letter.
///
/// # Examples
/// ```
/// use anning_link::{Civil, Credentials, Dialect, LoginMode, Sequence, Spoken};
/// use anning_smgp::{Smgp, Version};
///
/// let who = Credentials { account: b"12345678".to_vec(), secret: b"1234".to_vec() };
/// let at = Civil { month: 11, day: 23, hour: 16, minute: 16, second: 48 };
/// let (mut client, mut server) = (Smgp::new(Version::Current), Smgp::default());
/// let asked = client.login(&who, LoginMode::Send, at);
/// let mut frame = Vec::new();
/// client.say(Sequence::of(1), &Spoken::Login(asked), &mut frame);
/// let (sequence, heard) = server.hear(&frame)?;
/// assert_eq!(sequence, Sequence::of(1));
/// assert!(matches!(heard, Spoken::Login(asked) if server.verify(&asked, &who)));
/// # Ok::<(), anning_link::Malformed>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Smgp {
    version: Version,
    assumes_udh: bool,
}

impl Smgp {
    /// An end that speaks this version until it learns of another.
    #[must_use]
    pub const fn new(version: Version) -> Self {
        Self { version, assumes_udh: false }
    }

    /// Takes a content that begins like a segment of a long message (`05 00 03`, `06 08 04`) for one, although the
    /// field that announces a header (TP_udhi) is missing. By the letter it is none: set it for those who leave it out.
    #[must_use]
    pub const fn assuming_udh(self) -> Self {
        Self { assumes_udh: true, ..self }
    }

    fn spoken(&mut self, frame: Frame) -> Result<Spoken, Malformed> {
        let sequence = Sequence::of(frame.sequence);
        let malformed = |field, at, value: u32| Malformed {
            command: frame.pdu.command(),
            sequence,
            field,
            at,
            fault: Fault::Value(value),
        };
        Ok(match &frame.pdu {
            Pdu::Login(login) => {
                let mode =
                    mode(login.mode).ok_or_else(|| malformed("LoginMode", HEAD + 24, login.mode.into()))?;
                self.version = Version::of(login.version);
                Spoken::Login(asked(login, mode))
            }
            Pdu::LoginResp(answer) => {
                self.learn_as_client(answer);
                let proof = answer.authenticator.wire();
                let given = proof.iter().any(|b| *b != 0);
                Spoken::LoginAnswer(answer.status, if given { proof.to_vec() } else { Vec::new() })
            }
            Pdu::Submit(submit) if submit.dest_term_ids.is_empty() => {
                return Err(malformed("DestTermIDCount", submit::count_at(submit), 0));
            }
            Pdu::Submit(submit) => Spoken::Submit(Box::new(submit::hear(submit, self.assumes_udh))),
            Pdu::SubmitResp(Taken { msg_id, status: status::OK }) => {
                Spoken::SubmitAnswer(Answer::Taken(MessageId(msg_id.to_vec())))
            }
            Pdu::SubmitResp(Taken { status, .. }) => Spoken::SubmitAnswer(Answer::Refused(*status)),
            Pdu::Deliver(deliver) => {
                let length = u32::try_from(deliver.content.0.len()).unwrap_or(u32::MAX);
                let heard = deliver::hear(deliver, self.assumes_udh);
                Spoken::Deliver(Box::new(heard.ok_or_else(|| malformed("MsgContent", HEAD + 69, length))?))
            }
            Pdu::DeliverResp(Taken { msg_id, status }) => {
                Spoken::DeliverAnswer(*status, MessageId(msg_id.to_vec()))
            }
            Pdu::ActiveTest => Spoken::Alive,
            Pdu::ActiveTestResp => Spoken::AliveAnswer,
            Pdu::Exit => Spoken::Leave,
            Pdu::ExitResp => Spoken::LeaveAnswer,
            Pdu::Query(query) => {
                let (day, business) = counts_of(query);
                Spoken::Query(Query::Counts(day, business))
            }
            Pdu::QueryResp(answer) => {
                let (day, business) = counts_of(&answer.asked);
                Spoken::QueryAnswer(Ok(Findings::Counts(day, business, answer.counts)))
            }
            Pdu::Foreign(command, _) => Spoken::Foreign(*command),
        })
    }

    /// A server that answers with the old dialect's version understands no other.
    fn learn_as_client(&mut self, answer: &LoginResp) {
        if answer.status == status::OK && Version::of(answer.version) == Version::Old {
            self.version = Version::Old;
        }
    }

    /// The PDU for it; none where SMGP has no word.
    fn pdu(&self, spoken: &Spoken) -> Option<Pdu> {
        Some(match spoken {
            Spoken::Login(asked) => Pdu::Login(login(asked)),
            Spoken::LoginAnswer(status, proof) => Pdu::LoginResp(LoginResp {
                status: *status,
                authenticator: cut(proof),
                version: self.version.byte(),
            }),
            Spoken::Submit(message) => Pdu::Submit(Box::new(submit::say(message, self.version))),
            Spoken::SubmitAnswer(Answer::Taken(id) | Answer::TakenExcept(id, _)) => {
                Pdu::SubmitResp(Taken { msg_id: *cut(&id.0).wire(), status: status::OK })
            }
            Spoken::SubmitAnswer(Answer::Refused(status)) => {
                Pdu::SubmitResp(Taken { msg_id: [0; 10], status: *status })
            }
            Spoken::Deliver(delivery) => Pdu::Deliver(Box::new(deliver::say(delivery))),
            Spoken::DeliverAnswer(status, id) => {
                Pdu::DeliverResp(Taken { msg_id: *cut(&id.0).wire(), status: *status })
            }
            Spoken::Alive => Pdu::ActiveTest,
            Spoken::AliveAnswer => Pdu::ActiveTestResp,
            Spoken::Leave => Pdu::Exit,
            Spoken::LeaveAnswer => Pdu::ExitResp,
            Spoken::Query(Query::Counts(day, business)) => Pdu::Query(query(day, business)),
            Spoken::QueryAnswer(Ok(Findings::Counts(day, business, counts))) => {
                Pdu::QueryResp(Box::new(QueryResp {
                    asked: query(day, business),
                    counts: *counts,
                    reserve: Fixed::default(),
                }))
            }
            Spoken::Query(Query::State(_))
            | Spoken::QueryAnswer(Ok(Findings::State(..)) | Err(_))
            | Spoken::Cancel(_)
            | Spoken::CancelAnswer(_)
            | Spoken::Foreign(_)
            | Spoken::NotUnderstood(_) => return None,
        })
    }
}

impl Dialect for Smgp {
    const NAME: &'static str = "smgp";

    fn limits(&self) -> Limits {
        Limits {
            least: 12,
            most: FRAME_MAX,
            window: WINDOW,
            alive_after: Some(ALIVE_AFTER),
            answer_within: ANSWER_WITHIN,
            tries: TRIES,
        }
    }

    fn hear(&mut self, frame: &[u8]) -> Result<(Sequence, Spoken), Malformed> {
        let frame = Frame::decode(self.version, frame)?;
        let sequence = Sequence::of(frame.sequence);
        Ok((sequence, self.spoken(frame)?))
    }

    fn say(&mut self, sequence: Sequence, spoken: &Spoken, out: &mut Vec<u8>) {
        if let Some(pdu) = self.pdu(spoken) {
            Frame::new(sequence.number(), pdu).encode(out);
        }
    }

    fn fits(&self, spoken: &Spoken) -> Result<(), &'static str> {
        match spoken {
            Spoken::Login(asked) => room("ClientID", &asked.account, 8)
                .and_then(|()| room("AuthenticatorClient", asked.proof.get(16..).unwrap_or(&[]), 0)),
            Spoken::Submit(message) => submit::fits(message, self.version),
            Spoken::Deliver(delivery) => deliver::fits(delivery),
            Spoken::SubmitAnswer(Answer::Taken(id)) | Spoken::DeliverAnswer(_, id) if id.0.len() > id::ID => {
                Err("MsgID")
            }
            // An answer speaks of all recipients at once.
            Spoken::SubmitAnswer(Answer::TakenExcept(..)) => Err("Status"),
            Spoken::Query(Query::Counts(day, business))
            | Spoken::QueryAnswer(Ok(Findings::Counts(day, business, _))) => {
                room("QueryTime", day, 8).and_then(|()| room("QueryCode", business, 10))
            }
            Spoken::Query(Query::State(_))
            | Spoken::QueryAnswer(Ok(Findings::State(..)) | Err(_))
            | Spoken::Cancel(_)
            | Spoken::CancelAnswer(_)
            | Spoken::Foreign(_)
            | Spoken::NotUnderstood(_) => Err("RequestID"),
            Spoken::LoginAnswer(..)
            | Spoken::SubmitAnswer(Answer::Taken(_) | Answer::Refused(_))
            | Spoken::DeliverAnswer(..)
            | Spoken::Alive
            | Spoken::AliveAnswer
            | Spoken::Leave
            | Spoken::LeaveAnswer => Ok(()),
        }
    }

    fn login(&mut self, credentials: &Credentials, mode: LoginMode, at: Civil) -> Asked {
        let stamp = at.number();
        Asked {
            account: credentials.account.clone(),
            mode,
            version: self.version.byte(),
            proof: digest::client(&credentials.account, &credentials.secret, stamp).to_vec(),
            stamp,
            extra: Vec::new(),
        }
    }

    fn verify(&self, asked: &Asked, credentials: &Credentials) -> bool {
        let expected = digest::client(&credentials.account, &credentials.secret, asked.stamp);
        asked.account == credentials.account && same_secret(&asked.proof, &expected)
    }

    fn server_proof(&self, asked: &Asked, code: u32, credentials: &Credentials) -> Vec<u8> {
        if code == status::OK {
            digest::server(code, &asked.proof, &credentials.secret).to_vec()
        } else {
            Vec::new()
        }
    }

    fn next(&mut self, last: Sequence, _: Civil) -> Sequence {
        Sequence::of(last.number().wrapping_add(1))
    }

    fn code(&self, trouble: Trouble) -> u32 {
        status::of_trouble(trouble)
    }

    fn is_temporary(&self, code: u32) -> bool {
        code == status::BUSY
    }

    fn version(&self) -> u8 {
        self.version.byte()
    }

    fn answer_malformed(&self, malformed: &Malformed) -> Option<Spoken> {
        let code = status::of_malformed(malformed);
        match malformed.command {
            pdu::LOGIN => Some(Spoken::LoginAnswer(code, Vec::new())),
            pdu::SUBMIT => Some(Spoken::SubmitAnswer(Answer::Refused(code))),
            pdu::DELIVER => Some(Spoken::DeliverAnswer(code, MessageId::default())),
            // QUERY_RESP has no status, and there is no PDU that says no.
            _ => None,
        }
    }

    fn id_of(&self, _: Sequence) -> Option<MessageId> {
        None
    }

    fn nth_id(&self, first: &MessageId, place: usize) -> MessageId {
        id::nth(first, place)
    }
}

const fn mode(byte: u8) -> Option<LoginMode> {
    match byte {
        0 => Some(LoginMode::Send),
        1 => Some(LoginMode::Receive),
        2 => Some(LoginMode::Both),
        _ => None,
    }
}

fn asked(login: &Login, mode: LoginMode) -> Asked {
    Asked {
        account: login.client_id.text().to_vec(),
        mode,
        version: login.version,
        proof: login.authenticator.wire().to_vec(),
        stamp: login.timestamp,
        extra: Vec::new(),
    }
}

fn login(asked: &Asked) -> Login {
    Login {
        client_id: cut(&asked.account),
        authenticator: cut(&asked.proof),
        mode: match asked.mode {
            LoginMode::Send => 0,
            LoginMode::Receive => 1,
            LoginMode::Both => 2,
        },
        timestamp: asked.stamp,
        version: asked.version,
    }
}

/// Day and business code that are asked for; no code where all are.
fn counts_of(query: &pdu::Query) -> (Vec<u8>, Vec<u8>) {
    let business = if query.query_type == 0 { &[] } else { query.query_code.text() };
    (query.time.text().to_vec(), business.to_vec())
}

fn query(day: &[u8], business: &[u8]) -> pdu::Query {
    pdu::Query { time: cut(day), query_type: u8::from(!business.is_empty()), query_code: cut(business) }
}

/// A text in its room, cut if it is longer.
fn cut<const N: usize>(text: &[u8]) -> Fixed<N> {
    Fixed::new(text.get(..N).unwrap_or(text)).unwrap_or_default()
}

/// Is there room for a text that ends at its first zero?
fn room(field: &'static str, text: &[u8], most: usize) -> Result<(), &'static str> {
    if text.len() <= most && !text.contains(&0) { Ok(()) } else { Err(field) }
}

/// Takes the first optional field with that tag out of `extra`.
fn take(extra: &mut Vec<Tlv>, tag: u16) -> Option<Vec<u8>> {
    let place = extra.iter().position(|tlv| tlv.tag == tag)?;
    Some(extra.remove(place).value)
}

/// Takes it if it is one byte and not the zero that it is anyway when it is left out.
fn take_byte(extra: &mut Vec<Tlv>, tag: u16) -> Option<u8> {
    let place = extra.iter().position(|tlv| tlv.tag == tag)?;
    let byte = extra.get(place).and_then(|tlv| <[u8; 1]>::try_from(&tlv.value[..]).ok())?[0];
    (byte != 0).then(|| extra.remove(place)).map(|_| byte)
}

/// The value of a field that stands on the wire in a place of its own.
fn ours(extra: &[Tlv], tag: u16) -> Option<&[u8]> {
    extra.iter().find(|tlv| tlv.tag == tag).map(|tlv| &tlv.value[..])
}

/// Adds the optional fields that nothing else has said.
fn add_extra(tlvs: &mut Vec<Tlv>, extra: &[Tlv]) {
    let said = tlvs.len();
    for tlv in extra {
        let is_said = tlvs.iter().take(said).any(|known| known.tag == tlv.tag);
        if tlv.tag < tag::OURS && !is_said {
            tlvs.push(tlv.clone());
        }
    }
}

/// Have the optional fields room, and do they leave the frame its length?
fn fits_extra(tlvs: &[Tlv], rest: usize) -> Result<(), &'static str> {
    if tlvs.len() > pdu::TLVS_MAX || tlvs.iter().any(|tlv| tlv.value.len() > usize::from(u16::MAX)) {
        return Err("Length");
    }
    let all: usize = tlvs.iter().map(|tlv| 4 + tlv.value.len()).sum();
    let most = usize::try_from(FRAME_MAX).unwrap_or(usize::MAX);
    if all + rest > most { Err("PacketLength") } else { Ok(()) }
}

/// Longest frame that is taken or written, in bytes: 255 numbers and 255 bytes of content, and room for optional fields.
pub const FRAME_MAX: u32 = 8 * 1024;
/// Most recipients that are said in one SUBMIT. Up to 255 are heard.
pub const DESTINATIONS_MAX: usize = 100;
/// Longest content that is said in one SUBMIT, in bytes. Up to 255 are heard.
pub const CONTENT_MAX: usize = 140;
const WINDOW: usize = 16;
const ALIVE_AFTER: Duration = Duration::from_secs(180);
const ANSWER_WITHIN: Duration = Duration::from_secs(60);
const TRIES: u32 = 3;
