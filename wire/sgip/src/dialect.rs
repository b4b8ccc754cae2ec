//! What SGIP says in the words all carriers' protocols share.

mod deliver;
mod owed;
mod submit;

use core::time::Duration;

use anning_link::{
    Answer, Asked, Civil, Credentials, Delivery, Dialect, Fault, Fixed, Limits, LoginMode, Malformed,
    MessageId, Octets, Request, Sequence, Side, Spoken, Trouble, same_secret,
};

use crate::pdu::{self, Bind, Frame, HEAD, Node, Pdu, Resp, TraceResp};
use crate::result;
use owed::Owed;

/// One end of one connection that speaks SGIP.
///
/// The answer to a request is named after the request (DELIVER, REPORT, USERRPT, TRACE), while the shared words know
/// one answer to all that is handed over: so it remembers, for a bounded number of them, what was asked.
///
/// # Examples
/// ```
/// use anning_link::{Civil, Credentials, Dialect, LoginMode, Sequence, Spoken};
/// use anning_sgip::{Counter, Sgip};
///
/// let who = Credentials { account: b"fakename".to_vec(), secret: b"1234".to_vec() };
/// let at = Civil { month: 11, day: 23, hour: 16, minute: 17, second: 40 };
/// let (mut sender, mut gateway) = (Sgip::new(3_010_012_345, Counter::default()), Sgip::default());
/// let asked = sender.login(&who, LoginMode::Send, at);
/// let number = sender.next(Sequence::default(), at);
/// let mut frame = Vec::new();
/// sender.say(number, &Spoken::Login(asked), &mut frame);
/// let (sequence, heard) = gateway.hear(&frame)?;
/// assert_eq!(sequence, Sequence([3_010_012_345, 1_123_161_740, 1]));
/// assert!(matches!(heard, Spoken::Login(asked) if gateway.verify(&asked, &who)));
/// # Ok::<(), anning_link::Malformed>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Sgip {
    node: u32,
    counter: Counter,
    owed: Owed,
}

/// How requests are counted. Nodes that share a number count in steps, each from a first of its own, so that no two
/// requests have the same number: with 32 of them from 0 to 31 in steps of 32.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counter {
    /// The first, and the one that follows the last.
    pub first: u32,
    /// From one to the next; 0 counts as 1.
    pub step: u32,
}

impl Default for Counter {
    fn default() -> Self {
        Self { first: 1, step: 1 }
    }
}

impl Sgip {
    /// An end with its node number (3AAAAQQQQQ for a sender, 1AAAAX for a gateway), which needs all 32 bits.
    #[must_use]
    pub const fn new(node: u32, counter: Counter) -> Self {
        Self { node, counter, owed: Owed::new() }
    }

    fn pdu(&mut self, sequence: Sequence, spoken: &Spoken) -> Option<Pdu> {
        Some(match spoken {
            Spoken::Login(asked) => Pdu::Bind(bind(asked)),
            Spoken::LoginAnswer(code, _) => Pdu::BindResp(resp(*code)),
            Spoken::Submit(message) => Pdu::Submit(Box::new(submit::say(message))),
            Spoken::SubmitAnswer(Answer::Taken(_) | Answer::TakenExcept(..)) => {
                Pdu::SubmitResp(Resp::of(result::OK))
            }
            Spoken::SubmitAnswer(Answer::Refused(code)) => Pdu::SubmitResp(resp(*code)),
            Spoken::Deliver(delivery) => match &**delivery {
                Delivery::Reply(reply) => Pdu::Deliver(Box::new(deliver::say_reply(reply))),
                Delivery::Report(report) => Pdu::Report(deliver::say_report(report)),
            },
            Spoken::DeliverAnswer(code, _) => {
                answer(self.owed.settle(sequence).unwrap_or(pdu::DELIVER), *code)
            }
            Spoken::NotUnderstood(code) => answer(self.owed.settle(sequence)?, *code),
            Spoken::Leave => Pdu::Unbind,
            Spoken::LeaveAnswer => Pdu::UnbindResp,
            Spoken::Alive
            | Spoken::AliveAnswer
            | Spoken::Query(_)
            | Spoken::QueryAnswer(_)
            | Spoken::Cancel(_)
            | Spoken::CancelAnswer(_)
            | Spoken::Foreign(_) => return None,
        })
    }
}

impl Dialect for Sgip {
    const NAME: &'static str = "sgip";

    fn limits(&self) -> Limits {
        Limits {
            least: 20,
            most: FRAME_MAX,
            window: WINDOW,
            alive_after: None,
            answer_within: ANSWER_WITHIN,
            tries: TRIES,
        }
    }

    fn hear(&mut self, frame: &[u8]) -> Result<(Sequence, Spoken), Malformed> {
        // Also where it cannot be read: the refusal has the name of what was refused.
        if let Some((command, sequence)) = pdu::numbered(frame) {
            self.owed.owe(sequence, command);
        }
        let frame = Frame::decode(frame)?;
        Ok((frame.sequence, spoken(&frame)?))
    }

    fn say(&mut self, sequence: Sequence, spoken: &Spoken, out: &mut Vec<u8>) {
        if let Some(pdu) = self.pdu(sequence, spoken) {
            Frame::new(sequence, pdu).encode(out);
        }
    }

    fn fits(&self, spoken: &Spoken) -> Result<(), &'static str> {
        match spoken {
            Spoken::Login(asked) => {
                room("Login_Name", &asked.account, 16)?;
                room("Login_Password", &asked.proof, 16)
            }
            Spoken::Submit(message) => submit::fits(message),
            Spoken::Deliver(delivery) => match &**delivery {
                Delivery::Reply(reply) => deliver::fits_reply(reply),
                Delivery::Report(report) => deliver::fits_report(report),
            },
            // An answer speaks of all recipients at once.
            Spoken::SubmitAnswer(Answer::TakenExcept(..)) => Err("Result"),
            Spoken::LoginAnswer(code, _)
            | Spoken::SubmitAnswer(Answer::Refused(code))
            | Spoken::DeliverAnswer(code, _)
            | Spoken::NotUnderstood(code) => u8::try_from(*code).map(|_| ()).map_err(|_| "Result"),
            Spoken::SubmitAnswer(Answer::Taken(_)) | Spoken::Leave | Spoken::LeaveAnswer => Ok(()),
            Spoken::Alive
            | Spoken::AliveAnswer
            | Spoken::Query(_)
            | Spoken::QueryAnswer(_)
            | Spoken::Cancel(_)
            | Spoken::CancelAnswer(_)
            | Spoken::Foreign(_) => Err("CommandId"),
        }
    }

    fn login(&mut self, credentials: &Credentials, mode: LoginMode, _: Civil) -> Asked {
        let Credentials { account, secret } = credentials.clone();
        Asked { account, mode, version: 0, proof: secret, stamp: 0, extra: Vec::new() }
    }

    fn verify(&self, asked: &Asked, credentials: &Credentials) -> bool {
        asked.account == credentials.account && same_secret(&asked.proof, &credentials.secret)
    }

    fn server_proof(&self, _: &Asked, _: u32, _: &Credentials) -> Vec<u8> {
        Vec::new()
    }

    fn next(&mut self, last: Sequence, at: Civil) -> Sequence {
        let Counter { first, step } = self.counter;
        let after = |last: Sequence| last.number().checked_add(step.max(1));
        // Beyond the last number it begins anew, so that steps stay in step.
        let counter = if last == Sequence::default() { None } else { after(last) };
        Sequence([self.node, at.number(), counter.unwrap_or(first)])
    }

    fn code(&self, trouble: Trouble) -> u32 {
        result::of_trouble(trouble)
    }

    fn is_temporary(&self, code: u32) -> bool {
        code == result::of_trouble(anning_link::Trouble::FlowControl)
    }

    /// Whoever hands something over is the client here, in both directions.
    fn allows(&self, from: Side, mode: LoginMode, request: Request) -> bool {
        match request {
            Request::Submit => from == Side::Client && mode != LoginMode::Receive,
            Request::Deliver => from == Side::Client && mode != LoginMode::Send,
            Request::Query | Request::Cancel => false,
        }
    }

    fn answer_malformed(&self, malformed: &Malformed) -> Option<Spoken> {
        let code = result::of_malformed(malformed);
        match malformed.command {
            pdu::BIND => Some(Spoken::LoginAnswer(code, Vec::new())),
            pdu::SUBMIT => Some(Spoken::SubmitAnswer(Answer::Refused(code))),
            pdu::DELIVER | pdu::REPORT | pdu::USERRPT => {
                Some(Spoken::DeliverAnswer(code, MessageId::default()))
            }
            pdu::TRACE => Some(Spoken::NotUnderstood(code)),
            // There is no PDU that says no to anything.
            _ => None,
        }
    }

    fn id_of(&self, sequence: Sequence) -> Option<MessageId> {
        Some(id(sequence))
    }

    /// The same for all: reports are told apart by the recipient they name.
    fn nth_id(&self, first: &MessageId, _: usize) -> MessageId {
        first.clone()
    }
}

fn spoken(frame: &Frame) -> Result<Spoken, Malformed> {
    let malformed = |field, at, value: u8| Malformed {
        command: frame.pdu.command(),
        sequence: frame.sequence,
        field,
        at,
        fault: Fault::Value(value.into()),
    };
    Ok(match &frame.pdu {
        Pdu::Bind(bind) => {
            let asked = asked(bind);
            Spoken::Login(asked.ok_or_else(|| malformed("Login_Type", HEAD, bind.login_type))?)
        }
        Pdu::BindResp(resp) => Spoken::LoginAnswer(resp.result.into(), Vec::new()),
        Pdu::Unbind => Spoken::Leave,
        Pdu::UnbindResp => Spoken::LeaveAnswer,
        Pdu::Submit(submit) if submit.user_numbers.is_empty() => {
            return Err(malformed("UserCount", HEAD + 42, 0));
        }
        Pdu::Submit(submit) => Spoken::Submit(Box::new(submit::hear(submit))),
        Pdu::SubmitResp(Resp { result: result::OK, .. }) => {
            Spoken::SubmitAnswer(Answer::Taken(id(frame.sequence)))
        }
        Pdu::SubmitResp(resp) => Spoken::SubmitAnswer(Answer::Refused(resp.result.into())),
        Pdu::Deliver(deliver) => {
            Spoken::Deliver(Box::new(Delivery::Reply(deliver::hear_reply(deliver, id(frame.sequence)))))
        }
        Pdu::Report(report) => Spoken::Deliver(Box::new(Delivery::Report(deliver::hear_report(report)))),
        Pdu::DeliverResp(resp) | Pdu::ReportResp(resp) => {
            Spoken::DeliverAnswer(resp.result.into(), MessageId::default())
        }
        Pdu::UserRpt(_) | Pdu::UserRptResp(_) | Pdu::Trace(_) | Pdu::TraceResp(_) | Pdu::Foreign(..) => {
            Spoken::Foreign(frame.pdu.command())
        }
    })
}

/// The answer that goes with a command.
fn answer(command: u32, code: u32) -> Pdu {
    let resp = resp(code);
    match command {
        pdu::DELIVER => Pdu::DeliverResp(resp),
        pdu::REPORT => Pdu::ReportResp(resp),
        pdu::USERRPT => Pdu::UserRptResp(resp),
        pdu::TRACE => Pdu::TraceResp(TraceResp(vec![Node { result: resp.result, ..Node::default() }])),
        _ => Pdu::Foreign(command | pdu::RESPONSE, Octets([&[resp.result][..], &[0; 8]].concat())),
    }
}

/// A code that one byte cannot say is said as the highest of ours.
fn resp(code: u32) -> Resp {
    Resp::of(u8::try_from(code).unwrap_or(u8::MAX))
}

/// None for a login type that does not exist.
fn asked(bind: &Bind) -> Option<Asked> {
    let (mode, extra) = match bind.login_type {
        SENDER => (LoginMode::Send, Vec::new()),
        GATEWAY => (LoginMode::Receive, Vec::new()),
        BETWEEN_GATEWAYS => (LoginMode::Both, Vec::new()),
        TEST => (LoginMode::Both, TEST_WORD.to_vec()),
        _ => return None,
    };
    let (account, proof) = (bind.login_name.text().to_vec(), bind.login_password.text().to_vec());
    Some(Asked { account, mode, version: 0, proof, stamp: 0, extra })
}

fn bind(asked: &Asked) -> Bind {
    Bind {
        login_type: match asked.mode {
            LoginMode::Both if asked.extra == TEST_WORD => TEST,
            LoginMode::Send => SENDER,
            LoginMode::Receive => GATEWAY,
            LoginMode::Both => BETWEEN_GATEWAYS,
        },
        login_name: cut(&asked.account),
        login_password: cut(&asked.proof),
        reserve: Some(Fixed::default()),
    }
}

/// The id of the message that a SUBMIT with this number hands in.
fn id(Sequence(numbers): Sequence) -> MessageId {
    MessageId(numbers.into_iter().flat_map(u32::to_be_bytes).collect())
}

/// A text in its room, cut if it is longer.
fn cut<const N: usize>(text: &[u8]) -> Fixed<N> {
    Fixed::new(text.get(..N).unwrap_or(text)).unwrap_or_default()
}

/// Is there room for a text that ends at its first zero?
fn room(field: &'static str, text: &[u8], most: usize) -> Result<(), &'static str> {
    if text.len() <= most && !text.contains(&0) { Ok(()) } else { Err(field) }
}

/// Longest frame that is taken, in bytes: more than the protocol states, because 100 recipients need it.
pub const FRAME_MAX: u32 = 8 * 1024;
/// Longest frame that is said, in bytes: what the protocol states.
pub const SAID_MAX: usize = 2_048;
/// Most recipients that are said in one SUBMIT, if the frame has room for them. Up to 255 are heard.
pub const DESTINATIONS_MAX: usize = 100;
/// Longest content that is said, in bytes: the field has room for more, a short message has not.
pub const CONTENT_MAX: usize = 140;
const WINDOW: usize = 32;
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
const TRIES: u32 = 3;
const SENDER: u8 = 1;
const GATEWAY: u8 = 2;
const BETWEEN_GATEWAYS: u8 = 3;
const TEST: u8 = 11;
/// The login type that has no mode of its own, in `extra`.
const TEST_WORD: &[u8] = b"11\0";
