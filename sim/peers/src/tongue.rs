//! All four dialects as one, so that a simulated end is written once.

use anning_cmpp::Cmpp;
use anning_link::{
    Asked, Civil, Credentials, Dialect, Limits, LoginMode, Malformed, MessageId, Request, Sequence, Side,
    Spoken, Trouble,
};
use anning_sgip::{Counter, Sgip};
use anning_smgp::Smgp;
use anning_smpp::Smpp;

use crate::protocol::Protocol;

/// Any of the dialects, chosen when it runs.
#[derive(Clone, Debug)]
pub struct Tongue {
    dialect: Any,
    /// The proof that a server gives of itself is wrong.
    lies: bool,
}

#[derive(Clone, Debug)]
enum Any {
    Cmpp(Cmpp),
    Smpp(Smpp),
    Smgp(Smgp),
    Sgip(Sgip),
}

/// The same for each of them.
macro_rules! each {
    ($any:expr, $dialect:ident => $what:expr) => {
        match $any {
            Any::Cmpp($dialect) => $what,
            Any::Smpp($dialect) => $what,
            Any::Smgp($dialect) => $what,
            Any::Sgip($dialect) => $what,
        }
    };
}

impl Tongue {
    /// The end that lets in. CMPP and SMGP go on in the version that the other side says.
    #[must_use]
    pub fn server(protocol: Protocol) -> Self {
        let dialect = match protocol {
            Protocol::Cmpp2 | Protocol::Cmpp3 => Any::Cmpp(Cmpp::server()),
            Protocol::Smpp => Any::Smpp(Smpp::server(SYSTEM_ID)),
            Protocol::Smgp => Any::Smgp(Smgp::default()),
            Protocol::Sgip => Any::Sgip(Sgip::default()),
        };
        Self { dialect, lies: false }
    }

    /// The end that logs in.
    #[must_use]
    pub fn client(protocol: Protocol) -> Self {
        let dialect = match protocol {
            Protocol::Cmpp2 => Any::Cmpp(Cmpp::client(anning_cmpp::Version::V20)),
            Protocol::Cmpp3 => Any::Cmpp(Cmpp::client(anning_cmpp::Version::V30)),
            Protocol::Smpp => Any::Smpp(Smpp::client(b"")),
            Protocol::Smgp => Any::Smgp(Smgp::default()),
            Protocol::Sgip => Any::Sgip(Sgip::new(NODE, Counter::default())),
        };
        Self { dialect, lies: false }
    }

    /// Whoever reads along: this version, whatever is said.
    #[must_use]
    pub fn reader(protocol: Protocol) -> Self {
        let mut reader = Self::server(protocol);
        if let Any::Cmpp(cmpp) = &mut reader.dialect {
            let old = protocol == Protocol::Cmpp2;
            cmpp.pin(if old { anning_cmpp::Version::V20 } else { anning_cmpp::Version::V30 });
        }
        reader
    }

    /// SMGP 1.3, which has a field less and says so at the login alone.
    #[must_use]
    pub const fn old_smgp() -> Self {
        Self { dialect: Any::Smgp(Smgp::new(anning_smgp::Version::Old)), lies: false }
    }

    /// As it is, but with wrong proofs.
    pub(crate) fn lying(self, lies: bool) -> Self {
        Self { lies, ..self }
    }

    /// Another node of SGIP: numbers of two connections must differ, because they are ids.
    pub(crate) fn of_node(self, place: u32) -> Self {
        match self.dialect {
            Any::Sgip(_) => Self { dialect: Any::Sgip(Sgip::new(NODE + place, Counter::default())), ..self },
            Any::Cmpp(_) | Any::Smpp(_) | Any::Smgp(_) => self,
        }
    }
}

impl Dialect for Tongue {
    const NAME: &'static str = "any";

    fn limits(&self) -> Limits {
        each!(&self.dialect, d => d.limits())
    }

    fn hear(&mut self, frame: &[u8]) -> Result<(Sequence, Spoken), Malformed> {
        each!(&mut self.dialect, d => d.hear(frame))
    }

    fn say(&mut self, sequence: Sequence, spoken: &Spoken, out: &mut Vec<u8>) {
        each!(&mut self.dialect, d => d.say(sequence, spoken, out));
    }

    fn fits(&self, spoken: &Spoken) -> Result<(), &'static str> {
        each!(&self.dialect, d => d.fits(spoken))
    }

    fn login(&mut self, credentials: &Credentials, mode: LoginMode, at: Civil) -> Asked {
        each!(&mut self.dialect, d => d.login(credentials, mode, at))
    }

    fn verify(&self, asked: &Asked, credentials: &Credentials) -> bool {
        each!(&self.dialect, d => d.verify(asked, credentials))
    }

    fn server_proof(&self, asked: &Asked, code: u32, credentials: &Credentials) -> Vec<u8> {
        let mut proof = each!(&self.dialect, d => d.server_proof(asked, code, credentials));
        if self.lies {
            proof.iter_mut().for_each(|byte| *byte = !*byte);
        }
        proof
    }

    fn next(&mut self, last: Sequence, at: Civil) -> Sequence {
        each!(&mut self.dialect, d => d.next(last, at))
    }

    fn code(&self, trouble: Trouble) -> u32 {
        each!(&self.dialect, d => d.code(trouble))
    }

    fn is_temporary(&self, code: u32) -> bool {
        each!(&self.dialect, d => d.is_temporary(code))
    }

    fn allows(&self, from: Side, mode: LoginMode, request: Request) -> bool {
        each!(&self.dialect, d => d.allows(from, mode, request))
    }

    fn version(&self) -> u8 {
        each!(&self.dialect, d => d.version())
    }

    fn answer_malformed(&self, malformed: &Malformed) -> Option<Spoken> {
        each!(&self.dialect, d => d.answer_malformed(malformed))
    }

    fn id_of(&self, sequence: Sequence) -> Option<MessageId> {
        each!(&self.dialect, d => d.id_of(sequence))
    }

    fn nth_id(&self, first: &MessageId, place: usize) -> MessageId {
        each!(&self.dialect, d => d.nth_id(first, place))
    }
}

/// What SMPP's clients are told that they are bound to.
const SYSTEM_ID: &[u8] = b"simulated";
/// The first node number of SGIP: a sender of area 0100.
const NODE: u32 = 3_010_000_001;
