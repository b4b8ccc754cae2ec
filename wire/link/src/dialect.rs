//! One protocol's way of saying what a session says.

use core::time::Duration;

use crate::field::Short;
use crate::moment::Civil;
use crate::short_message::{Answer, Delivery, MessageId, ReportState, Submission};

/// What numbers a request and its answer: one number, or the three of SGIP (node, time, counter).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sequence(pub [u32; 3]);

impl Sequence {
    /// For protocols that have one number.
    #[must_use]
    pub const fn of(number: u32) -> Self {
        Self([0, 0, number])
    }

    /// That number, or the counter of three.
    #[must_use]
    pub const fn number(self) -> u32 {
        let [_, _, number] = self.0;
        number
    }
}

/// What either side says, in words that all protocols share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spoken {
    /// Asks to be let in.
    Login(Asked),
    /// The answer, with the protocol's code; 0 lets in. The proof that a server gives of itself, if any.
    LoginAnswer(u32, Vec<u8>),
    /// Hands in a message.
    Submit(Box<Submission>),
    /// What becomes of it.
    SubmitAnswer(Answer),
    /// Hands over a reply or a report.
    Deliver(Box<Delivery>),
    /// Taken (0), or the protocol's code; the id repeated where the protocol repeats it.
    DeliverAnswer(u32, MessageId),
    /// Still there?
    Alive,
    /// Still here.
    AliveAnswer,
    /// Ends the session.
    Leave,
    /// Ended.
    LeaveAnswer,
    /// Asks for a message's state or a day's counts.
    Query(Query),
    /// The answer; or the protocol's code of refusal.
    QueryAnswer(Result<Findings, u32>),
    /// Takes a message back.
    Cancel(MessageId),
    /// Taken back (0), or the protocol's code.
    CancelAnswer(u32),
    /// A command that exists and that no gateway of this kind answers, by its number.
    Foreign(u32),
    /// The other side did not understand, with its code.
    NotUnderstood(u32),
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// A day's counts (CMPP, SMGP): eight digits, and a business code or nothing for all.
    Counts(Vec<u8>, Vec<u8>),
    /// A message's state (SMPP).
    State(MessageId),
}

/// What is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Findings {
    /// The eight counters, after what was asked (day, business code).
    Counts(Vec<u8>, Vec<u8>, [u32; 8]),
    /// A message's state, when it ended (SMPP time format, empty while it has not), and its error.
    State(MessageId, ReportState, Vec<u8>, u8),
}

/// Who asks to be let in, as it stands on the wire.
#[derive(Clone, PartialEq, Eq)]
pub struct Asked {
    /// Account (Source_Addr, system_id, ClientID, Login_Name), without padding.
    pub account: Vec<u8>,
    /// What it wants to do.
    pub mode: LoginMode,
    /// Version, as the protocol numbers it; 0 where it has none.
    pub version: u8,
    /// Digest or password, as it stands on the wire.
    pub proof: Vec<u8>,
    /// The time that went into a digest; 0 where there is none.
    pub stamp: u32,
    /// Other fields of the login (system_type, address_range), each ended by a zero.
    pub extra: Vec<u8>,
}

impl core::fmt::Debug for Asked {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        // A proof may be a password.
        let account = self.account.escape_ascii();
        write!(f, "Asked({account}, {:?}, version {:#04x})", self.mode, self.version)
    }
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LoginMode {
    /// To hand in messages.
    Send,
    /// To take replies and reports.
    Receive,
    /// Both.
    #[default]
    Both,
}

/// An account and its secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Account.
    pub account: Vec<u8>,
    /// Shared secret or password.
    pub secret: Vec<u8>,
}

impl core::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Credentials({})", self.account.escape_ascii())
    }
}

/// A frame that is no PDU of this protocol. The session goes on: where it ends is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Its command, as numbered.
    pub command: u32,
    /// Its number.
    pub sequence: Sequence,
    /// The field, by the name the protocol gives it.
    pub field: &'static str,
    /// Byte of the frame where that field begins.
    pub at: usize,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong with a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It ends inside the field.
    Short,
    /// The field's value cannot be.
    Value(u32),
    /// No such command.
    Command,
    /// A version that is never decoded (CMPP 0x7F).
    Version(u8),
    /// Bytes after the last field, so many.
    Long(u32),
}

impl Malformed {
    /// A frame that ends inside a field; `head` is the length of the header before the body.
    #[must_use]
    pub const fn short(command: u32, sequence: Sequence, head: usize, short: Short) -> Self {
        Self { command, sequence, field: short.field, at: head + short.at, fault: Fault::Short }
    }
}

impl core::fmt::Display for Malformed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self { command, field, at, fault, .. } = self;
        match fault {
            Fault::Short => write!(f, "command {command:#010x} ends inside field `{field}` at byte {at}"),
            Fault::Value(value) => write!(f, "field `{field}` at byte {at} cannot be: {value}"),
            Fault::Command => write!(f, "unknown command: {command:#010x}"),
            Fault::Version(version) => write!(f, "version is not spoken here: {version:#04x}"),
            Fault::Long(count) => {
                write!(f, "command {command:#010x} has bytes after its last field: {count}")
            }
        }
    }
}
impl core::error::Error for Malformed {}

/// A protocol's habits; a session's settings start from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Shortest frame: the header.
    pub least: u32,
    /// Longest frame that is taken.
    pub most: u32,
    /// Requests without an answer at one time, each way.
    pub window: usize,
    /// Silence after which the other side is asked whether it is there; none where the protocol has no such question.
    pub alive_after: Option<Duration>,
    /// How long an answer may take.
    pub answer_within: Duration,
    /// How often a question for life is asked before the line counts as dead.
    pub tries: u32,
}

/// The ends of a connection: who logs in, and who lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Logs in.
    Client,
    /// Lets in.
    Server,
}

/// What one side asks of the other about messages, and what counts against its window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Request {
    /// Hands in a message.
    Submit,
    /// Hands over a reply or a report.
    Deliver,
    /// Asks for a state or for counts.
    Query,
    /// Takes a message back.
    Cancel,
}

/// Why something is refused by the protocol's own rules, before anybody looks at the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trouble {
    /// A login whose proof does not fit the account's secret.
    Authentication,
    /// A login of an account that does not exist.
    UnknownAccount,
    /// A login in a version that is not spoken here.
    VersionTooHigh,
    /// A login that is refused for another reason (too many connections, closed for the day).
    TurnedAway,
    /// A login after the login.
    AlreadyLoggedIn,
    /// A request before the login was answered.
    NotLoggedIn,
    /// A request that this side, or a login of this mode, may not make.
    NotAllowed,
    /// A request with the number of another that is not answered yet.
    DuplicateSequence,
    /// A request beyond the window.
    FlowControl,
    /// A frame that is no PDU.
    Malformed,
    /// A content that is too long.
    TooLong,
    /// A command that is not known or not answered here.
    UnknownCommand,
    /// Nothing is wrong with the request; it may succeed later.
    Unavailable,
}

/// One protocol, at one end of one connection. It may learn (a version) from what it hears.
pub trait Dialect {
    /// Its name, in lower case: `cmpp`, `smpp`, `smgp`, `sgip`.
    const NAME: &'static str;

    /// Its habits.
    fn limits(&self) -> Limits;

    /// Reads one whole frame.
    ///
    /// # Errors
    /// [`Malformed`]: the frame is no PDU of this protocol.
    fn hear(&mut self, frame: &[u8]) -> Result<(Sequence, Spoken), Malformed>;

    /// Writes one frame at the end of `out`. What the protocol has no word for is left out; a text too long for its
    /// room is cut, so callers check with [`Dialect::fits`] first.
    fn say(&mut self, sequence: Sequence, spoken: &Spoken, out: &mut Vec<u8>);

    /// Can the protocol carry it as it is? The field that is in the way, if not.
    ///
    /// # Errors
    /// The name of the field.
    fn fits(&self, spoken: &Spoken) -> Result<(), &'static str>;

    /// The login of a client.
    fn login(&mut self, credentials: &Credentials, mode: LoginMode, at: Civil) -> Asked;

    /// Is this the account's secret? In constant time.
    fn verify(&self, asked: &Asked, credentials: &Credentials) -> bool;

    /// The proof that a server gives of itself with its answer to `asked`; empty where the protocol has none.
    fn server_proof(&self, asked: &Asked, code: u32, credentials: &Credentials) -> Vec<u8>;

    /// The number of the next request, after `last`.
    fn next(&mut self, last: Sequence, at: Civil) -> Sequence;

    /// The protocol's number for it, as it stands in the answer to what is refused.
    fn code(&self, trouble: Trouble) -> u32;

    /// Does this refusal of a submit ask to slow down and try again?
    fn is_temporary(&self, code: u32) -> bool;

    /// May this side make such a request, the client having logged in with `mode`? Clients hand in and ask, servers
    /// hand over, each on connections meant for it: so in CMPP, SMGP and SMPP.
    fn allows(&self, from: Side, mode: LoginMode, request: Request) -> bool {
        match request {
            Request::Submit | Request::Query | Request::Cancel => {
                from == Side::Client && mode != LoginMode::Receive
            }
            Request::Deliver => from == Side::Server && mode != LoginMode::Send,
        }
    }

    /// The version both sides agreed on, as the protocol numbers it; 0 where it has none.
    fn version(&self) -> u8 {
        0
    }

    /// What answers a frame that was not understood; none where the protocol has no words for it.
    fn answer_malformed(&self, malformed: &Malformed) -> Option<Spoken>;

    /// The id of a submit where the protocol fixes it (SGIP: its number); none where whoever takes it gives one.
    fn id_of(&self, sequence: Sequence) -> Option<MessageId>;

    /// The id of the recipient at `place` (from 0) of a submit that was taken as `first`.
    fn nth_id(&self, first: &MessageId, place: usize) -> MessageId;
}
