//! CMPP as the dialect of a session.

use core::time::Duration;

use anning_link::{
    Answer, Asked, Civil, Credentials, Dialect, Fault, Findings, Limits, LoginMode, Malformed, MessageId,
    Query, Sequence, Spoken, Trouble, same_secret,
};

use crate::pdu::{self, Body, Code, Layout, Pdu};
use crate::version::Version;
use crate::{authenticator, id, words};

/// CMPP at one end of one connection.
///
/// A server takes the version of the CONNECT, a client the one it is made with; an account's contract may pin
/// another ([`Cmpp::pin`]), because many gateways go by the account and not by what a CONNECT says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cmpp {
    version: Version,
    /// The version does not change any more: two CONNECTs must not change what lies between them.
    settled: bool,
    /// How wide the status of CONNECT_RESP is.
    status: Layout,
}

impl Cmpp {
    /// The gateway's side.
    #[must_use]
    pub fn server() -> Self {
        Self::default()
    }

    /// The SP's side.
    #[must_use]
    pub const fn client(version: Version) -> Self {
        Self { version, settled: false, status: version.layout() }
    }

    /// From here on this version, whatever the other side says.
    pub const fn pin(&mut self, version: Version) {
        *self = Self { version, settled: true, status: version.layout() };
    }

    /// The layout of SUBMIT and DELIVER.
    #[must_use]
    pub const fn layout(&self) -> Layout {
        self.version.layout()
    }

    fn hear_connect(&mut self, sequence: Sequence, connect: &pdu::Connect) -> Result<Spoken, Malformed> {
        let Some(version) = Version::from_byte(connect.version) else {
            if !self.settled {
                // What its codes look like is not known; the larger number is the later protocol.
                let higher = connect.version >= Version::V30.byte();
                self.status = if higher { Layout::Wide } else { Layout::Narrow };
            }
            let fault = Fault::Version(connect.version);
            return Err(Malformed { command: pdu::CONNECT, sequence, field: "Version", at: 34, fault });
        };
        if !self.settled {
            self.pin(version);
        }
        Ok(Spoken::Login(Asked {
            account: connect.source_addr.text().to_vec(),
            mode: LoginMode::Both,
            version: connect.version,
            proof: connect.authenticator.to_vec(),
            stamp: connect.timestamp,
            extra: Vec::new(),
        }))
    }

    fn hear_connect_resp(&mut self, answer: &pdu::ConnectResp) -> Spoken {
        self.status = answer.status.layout();
        let said = Version::from_byte(answer.version);
        // A server that answers a 3.0 CONNECT as 2.x, in width and in word, goes on in 2.x.
        if let Some(version) = said
            && !self.settled
            && version.layout() == Layout::Narrow
            && answer.status.layout() == Layout::Narrow
        {
            self.version = version;
        }
        self.settled = true;
        Spoken::LoginAnswer(answer.status.value(), answer.authenticator.to_vec())
    }

    fn login_answer(&self, code: u32, proof: &[u8]) -> Body {
        // By the book the highest version of the server. Clients may take it for that of the connection, so that it
        // is named only where the version itself is refused.
        let refused = code == self.code(Trouble::VersionTooHigh);
        let version = if refused { Version::V30 } else { self.version };
        Body::ConnectResp(pdu::ConnectResp {
            status: Code::new(self.status, code),
            authenticator: *words::fixed::<16>(proof).wire(),
            version: version.byte(),
            tail: Vec::new(),
        })
    }

    fn answered(&self, id: &MessageId, code: u32) -> pdu::Answered {
        let result = Code::new(self.layout(), code);
        pdu::Answered { msg_id: words::id_bytes(id), result, tail: Vec::new() }
    }

    fn body(&self, spoken: &Spoken) -> Option<Body> {
        Some(match spoken {
            Spoken::Login(asked) => Body::Connect(pdu::Connect {
                source_addr: words::fixed(&asked.account),
                authenticator: *words::fixed::<16>(&asked.proof).wire(),
                version: asked.version,
                timestamp: asked.stamp,
                tail: Vec::new(),
            }),
            Spoken::LoginAnswer(code, proof) => self.login_answer(*code, proof),
            Spoken::Submit(message) => Body::Submit(Box::new(words::submit(self.layout(), message))),
            Spoken::SubmitAnswer(Answer::Taken(id) | Answer::TakenExcept(id, _)) => {
                Body::SubmitResp(self.answered(id, 0))
            }
            Spoken::SubmitAnswer(Answer::Refused(code)) => {
                Body::SubmitResp(self.answered(&MessageId::default(), *code))
            }
            Spoken::Deliver(delivery) => Body::Deliver(Box::new(words::deliver(self.layout(), delivery))),
            Spoken::DeliverAnswer(code, id) => Body::DeliverResp(self.answered(id, *code)),
            Spoken::Alive => Body::ActiveTest(Vec::new()),
            Spoken::AliveAnswer => Body::ActiveTestResp(vec![0]),
            Spoken::Leave => Body::Terminate(Vec::new()),
            Spoken::LeaveAnswer => Body::TerminateResp(Vec::new()),
            Spoken::Query(Query::Counts(day, code)) => Body::Query(pdu::Query {
                time: words::fixed(day),
                query_type: u8::from(!code.is_empty()),
                query_code: words::fixed(code),
                tail: vec![0; 8],
            }),
            Spoken::QueryAnswer(found) => Body::QueryResp(query_resp(found)),
            Spoken::Cancel(id) => Body::Cancel(pdu::Cancel { msg_id: words::id_bytes(id), tail: Vec::new() }),
            Spoken::CancelAnswer(code) => Body::CancelResp(Code::new(self.layout(), *code), Vec::new()),
            // It has no words for these.
            Spoken::Query(Query::State(_)) | Spoken::Foreign(_) | Spoken::NotUnderstood(_) => return None,
        })
    }
}

impl Dialect for Cmpp {
    const NAME: &'static str = "cmpp";

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
        let Pdu { sequence, body } = Pdu::decode(frame, self.layout())?;
        let sequence = Sequence::of(sequence);
        let command = body.command();
        let spoken = match body {
            Body::Connect(connect) => self.hear_connect(sequence, &connect)?,
            Body::ConnectResp(answer) => self.hear_connect_resp(&answer),
            Body::Submit(submit) => Spoken::Submit(Box::new(words::submission(&submit))),
            Body::SubmitResp(answer) => Spoken::SubmitAnswer(match answer.result.value() {
                0 => Answer::Taken(MessageId(answer.msg_id.to_vec())),
                code => Answer::Refused(code),
            }),
            Body::Deliver(deliver) => {
                // Msg_Content begins where the fixed part ends: 77 in 2.x, 89 in 3.0.
                let at = frame.len() - deliver.tail.len() - deliver.content.len();
                let delivery = words::delivery(&deliver);
                Spoken::Deliver(Box::new(
                    delivery.map_err(|short| Malformed::short(command, sequence, at, short))?,
                ))
            }
            Body::DeliverResp(answer) => {
                Spoken::DeliverAnswer(answer.result.value(), MessageId(answer.msg_id.to_vec()))
            }
            Body::Query(query) => {
                let code = if query.query_type == 0 { &[] } else { query.query_code.text() };
                Spoken::Query(Query::Counts(query.time.text().to_vec(), code.to_vec()))
            }
            Body::QueryResp(found) => {
                let (day, code) = (found.time.text().to_vec(), found.query_code.text().to_vec());
                Spoken::QueryAnswer(Ok(Findings::Counts(day, code, found.counts)))
            }
            Body::Cancel(cancel) => Spoken::Cancel(MessageId(cancel.msg_id.to_vec())),
            Body::CancelResp(code, _) => Spoken::CancelAnswer(code.value()),
            // What stands after these headers is of no use to anybody, however long it is.
            Body::ActiveTest(_) => Spoken::Alive,
            Body::ActiveTestResp(_) => Spoken::AliveAnswer,
            Body::Terminate(_) => Spoken::Leave,
            Body::TerminateResp(_) => Spoken::LeaveAnswer,
            Body::Other(FWD | ROUTES_FIRST..=ROUTES_LAST, _) => Spoken::Foreign(command),
            Body::Other(..) => {
                let fault = Fault::Command;
                return Err(Malformed { command, sequence, field: "Command_Id", at: 4, fault });
            }
        };
        Ok((sequence, spoken))
    }

    fn say(&mut self, sequence: Sequence, spoken: &Spoken, out: &mut Vec<u8>) {
        if let Some(body) = self.body(spoken) {
            Pdu { sequence: sequence.number(), body }.encode(out);
        }
    }

    fn fits(&self, spoken: &Spoken) -> Result<(), &'static str> {
        words::in_the_way(self.layout(), spoken).map_or(Ok(()), Err)
    }

    fn login(&mut self, credentials: &Credentials, mode: LoginMode, at: Civil) -> Asked {
        let stamp = at.number();
        let name = words::fixed::<6>(&credentials.account);
        Asked {
            account: credentials.account.clone(),
            mode,
            version: self.version.byte(),
            proof: authenticator::source(name.wire(), &credentials.secret, stamp).to_vec(),
            stamp,
            extra: Vec::new(),
        }
    }

    fn verify(&self, asked: &Asked, credentials: &Credentials) -> bool {
        let name = words::fixed::<6>(&credentials.account);
        let padded = authenticator::source(name.wire(), &credentials.secret, asked.stamp);
        let as_it_is = authenticator::source(&credentials.account, &credentials.secret, asked.stamp);
        // Both are always compared: which of them fits is told by no pause.
        same_secret(&asked.proof, &padded) | same_secret(&asked.proof, &as_it_is)
            && asked.account == credentials.account
    }

    fn server_proof(&self, asked: &Asked, code: u32, credentials: &Credentials) -> Vec<u8> {
        authenticator::server(self.status, code, &asked.proof, &credentials.secret).to_vec()
    }

    fn next(&mut self, last: Sequence, _: Civil) -> Sequence {
        Sequence::of(last.number().wrapping_add(1))
    }

    fn code(&self, trouble: Trouble) -> u32 {
        match trouble {
            // Status of CONNECT_RESP.
            Trouble::UnknownAccount => 2,
            Trouble::Authentication => 3,
            Trouble::VersionTooHigh => 4,
            Trouble::TurnedAway | Trouble::AlreadyLoggedIn => 5,
            // Result of the others.
            Trouble::Malformed => 1,
            Trouble::NotLoggedIn | Trouble::NotAllowed | Trouble::UnknownCommand => 2,
            Trouble::DuplicateSequence => 3,
            Trouble::TooLong => 6,
            // Clients slow down on 8 and try again, which is what is wanted of them.
            Trouble::FlowControl | Trouble::Unavailable => 8,
        }
    }

    fn is_temporary(&self, code: u32) -> bool {
        code == self.code(Trouble::FlowControl)
    }

    fn version(&self) -> u8 {
        self.version.byte()
    }

    fn answer_malformed(&self, malformed: &Malformed) -> Option<Spoken> {
        let structure = self.code(Trouble::Malformed);
        let code = if malformed.fault == Fault::Short { LENGTH } else { structure };
        match (malformed.command, malformed.fault) {
            (pdu::CONNECT, Fault::Version(_)) => {
                Some(Spoken::LoginAnswer(self.code(Trouble::VersionTooHigh), Vec::new()))
            }
            (pdu::CONNECT, _) => Some(Spoken::LoginAnswer(structure, Vec::new())),
            (pdu::SUBMIT, _) => Some(Spoken::SubmitAnswer(Answer::Refused(code))),
            (pdu::DELIVER, _) => Some(Spoken::DeliverAnswer(code, MessageId::default())),
            (pdu::CANCEL, _) => Some(Spoken::CancelAnswer(code)),
            // There is no PDU that says "not understood", and QUERY_RESP has no code.
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

/// A refusal has no words of its own here: it is an answer about no day, with nothing counted.
fn query_resp(found: &Result<Findings, u32>) -> pdu::QueryResp {
    let (day, code, counts) = match found {
        Ok(Findings::Counts(day, code, counts)) => (day.as_slice(), code.as_slice(), *counts),
        Ok(Findings::State(..)) | Err(_) => (&[][..], &[][..], [0; 8]),
    };
    pdu::QueryResp {
        time: words::fixed(day),
        query_type: u8::from(!code.is_empty()),
        query_code: words::fixed(code),
        counts,
        tail: Vec::new(),
    }
}

/// Between gateways.
const FWD: u32 = 9;
/// Route operations with the name server.
const ROUTES_FIRST: u32 = 0x10;
const ROUTES_LAST: u32 = 0x17;
/// Result: length of the PDU.
const LENGTH: u32 = 4;
/// The largest SUBMIT by the book has 3,491 bytes.
const FRAME_MAX: u32 = 4_096;
const WINDOW: usize = 16;
const ALIVE_AFTER: Duration = Duration::from_secs(180);
const ANSWER_WITHIN: Duration = Duration::from_secs(60);
const TRIES: u32 = 3;
