//! SMPP as a dialect.

mod fits;
mod hear;
mod message;
mod report;
mod say;

use core::time::Duration;
use std::collections::VecDeque;

use anning_link::{
    Answer, Asked, Civil, Credentials, Dialect, Fault, Limits, LoginMode, Malformed, MessageId, Sequence,
    Side, Spoken, Trouble, same_secret,
};

use crate::command::{
    ALERT_NOTIFICATION, ANSWER, BIND_RECEIVER, BIND_TRANSCEIVER, BIND_TRANSMITTER, CANCEL_SM, DATA_SM,
    DELIVER_SM, OUTBIND, QUERY_SM, SUBMIT_MULTI, SUBMIT_SM,
};
use crate::pdu::{Body, HEADER, Pdu};
use crate::status;

/// One end of one connection.
#[derive(Clone, Debug)]
pub struct Smpp {
    side: Side,
    /// system_type of a client's bind, system_id of a server's answer to one.
    name: Vec<u8>,
    mode: LoginMode,
    peer_version: Option<u8>,
    /// Requests heard whose answer depends on their command: number and command.
    unanswered: VecDeque<(u32, u32)>,
}

impl Smpp {
    /// A client; `system_type` where the carrier wants one, else empty.
    #[must_use]
    pub fn client(system_type: &[u8]) -> Self {
        Self::new(Side::Client, system_type)
    }

    /// A server that answers with this `system_id`.
    #[must_use]
    pub fn server(system_id: &[u8]) -> Self {
        Self::new(Side::Server, system_id)
    }

    fn new(side: Side, name: &[u8]) -> Self {
        let (mode, unanswered) = (LoginMode::Both, VecDeque::new());
        Self { side, name: name.to_vec(), mode, peer_version: None, unanswered }
    }

    /// interface_version of a client, sc_interface_version of a server, once it was said. From 0x50 on the other side
    /// knows the codes of 5.0.
    #[must_use]
    pub const fn peer_version(&self) -> Option<u8> {
        self.peer_version
    }

    /// Keeps in mind what the answer depends on.
    fn remember(&mut self, command: u32, sequence: u32) {
        match command {
            BIND_RECEIVER => self.mode = LoginMode::Receive,
            BIND_TRANSMITTER => self.mode = LoginMode::Send,
            BIND_TRANSCEIVER => self.mode = LoginMode::Both,
            SUBMIT_MULTI | DATA_SM => {
                if self.unanswered.len() == UNANSWERED_MOST {
                    self.unanswered.pop_front();
                }
                self.unanswered.push_back((sequence, command));
            }
            _ => {}
        }
    }

    /// The command that is answered; `usual` if nothing else was kept in mind.
    fn answered(&mut self, sequence: u32, usual: u32) -> u32 {
        let place = self.unanswered.iter().position(|(number, _)| *number == sequence);
        place.and_then(|place| self.unanswered.remove(place)).map_or(usual, |(_, command)| command)
    }
}

impl Dialect for Smpp {
    const NAME: &'static str = "smpp";

    fn limits(&self) -> Limits {
        LIMITS
    }

    fn hear(&mut self, frame: &[u8]) -> Result<(Sequence, Spoken), Malformed> {
        let pdu =
            Pdu::decode(frame).inspect_err(|wrong| self.remember(wrong.command, wrong.sequence.number()))?;
        let sequence = pdu.sequence;
        self.remember(pdu.command(), sequence);
        match &pdu.body {
            Body::Bind(_, bind) => self.peer_version = Some(bind.interface_version),
            Body::BindAnswer(..) => {
                let version = pdu.tail.first(crate::tag::SC_INTERFACE_VERSION);
                self.peer_version = version.and_then(|value| value.first().copied());
            }
            Body::Outbind(_)
            | Body::Submit(_)
            | Body::Deliver(_)
            | Body::Multi(_)
            | Body::Data(_)
            | Body::Answer(..)
            | Body::MultiAnswer(_)
            | Body::Query(_)
            | Body::QueryAnswer(_)
            | Body::Cancel(_)
            | Body::Replace(_)
            | Body::Alert(_)
            | Body::Plain(_)
            | Body::Raw(..) => {}
        }
        Ok((Sequence::of(sequence), hear::spoken(self.side, pdu, frame.len())?))
    }

    fn say(&mut self, sequence: Sequence, spoken: &Spoken, out: &mut Vec<u8>) {
        say::pdu(self, sequence.number(), spoken).encode(out);
    }

    fn fits(&self, spoken: &Spoken) -> Result<(), &'static str> {
        fits::fits(spoken)
    }

    fn login(&mut self, credentials: &Credentials, mode: LoginMode, _: Civil) -> Asked {
        self.mode = mode;
        let extra = [self.name.as_slice(), &[0, 0]].concat();
        let (account, proof) = (credentials.account.clone(), credentials.secret.clone());
        Asked { account, mode, version: VERSION, proof, stamp: 0, extra }
    }

    fn verify(&self, asked: &Asked, credentials: &Credentials) -> bool {
        same_secret(&asked.proof, &credentials.secret) & (asked.account == credentials.account)
    }

    fn server_proof(&self, _: &Asked, _: u32, _: &Credentials) -> Vec<u8> {
        Vec::new()
    }

    fn next(&mut self, last: Sequence, _: Civil) -> Sequence {
        Sequence::of(if last.number() < SEQUENCE_MOST { last.number() + 1 } else { 1 })
    }

    fn answer_malformed(&self, malformed: &Malformed) -> Option<Spoken> {
        let code = status::of(malformed);
        let taken = Spoken::SubmitAnswer(Answer::Refused(code));
        let delivered = Spoken::DeliverAnswer(code, MessageId::default());
        match malformed.command {
            // An answer is never answered, else two peers that misunderstand each other never stop.
            OUTBIND | ALERT_NOTIFICATION | ANSWER.. => None,
            _ if malformed.fault == Fault::Command => Some(Spoken::NotUnderstood(code)),
            BIND_RECEIVER | BIND_TRANSMITTER | BIND_TRANSCEIVER => {
                Some(Spoken::LoginAnswer(code, Vec::new()))
            }
            SUBMIT_SM | SUBMIT_MULTI => Some(taken),
            DATA_SM if self.side == Side::Server => Some(taken),
            DELIVER_SM | DATA_SM => Some(delivered),
            QUERY_SM => Some(Spoken::QueryAnswer(Err(code))),
            CANCEL_SM => Some(Spoken::CancelAnswer(code)),
            _ => Some(Spoken::NotUnderstood(code)),
        }
    }

    fn code(&self, trouble: Trouble) -> u32 {
        match trouble {
            Trouble::Authentication => status::ESME_RINVPASWD,
            Trouble::UnknownAccount => status::ESME_RINVSYSID,
            Trouble::VersionTooHigh | Trouble::TurnedAway => status::ESME_RBINDFAIL,
            Trouble::AlreadyLoggedIn => status::ESME_RALYBND,
            Trouble::NotLoggedIn | Trouble::NotAllowed => status::ESME_RINVBNDSTS,
            Trouble::DuplicateSequence | Trouble::Malformed => status::ESME_RSYSERR,
            Trouble::FlowControl => status::ESME_RTHROTTLED,
            Trouble::Unavailable => status::ESME_RMSGQFUL,
            Trouble::TooLong => status::ESME_RINVMSGLEN,
            Trouble::UnknownCommand => status::ESME_RINVCMDID,
        }
    }

    fn is_temporary(&self, code: u32) -> bool {
        matches!(code, status::ESME_RTHROTTLED | status::ESME_RMSGQFUL | status::ESME_RX_T_APPN)
    }

    fn id_of(&self, _: Sequence) -> Option<MessageId> {
        None
    }

    fn nth_id(&self, first: &MessageId, _: usize) -> MessageId {
        // submit_multi_resp has one id for all recipients; receipts tell them apart by the number.
        first.clone()
    }
}

/// What we speak.
const VERSION: u8 = 0x34;
/// Largest sequence_number that we give.
const SEQUENCE_MOST: u32 = 0x7FFF_FFFF;
/// Far above every window: a request forgotten here is answered as a submit_sm.
const UNANSWERED_MOST: usize = 1_024;
const LIMITS: Limits = Limits {
    least: 16,
    // A whole message_payload, 254 destinations of submit_multi, and room for other optional fields.
    most: 80 * 1024,
    window: 32,
    alive_after: Some(Duration::from_secs(30)),
    answer_within: Duration::from_secs(60),
    tries: 3,
};
const _: () = assert!(HEADER == LIMITS.least as usize);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_in_their_range() {
        let mut smpp = Smpp::client(b"");
        let mut next = |last: u32| smpp.next(Sequence::of(last), Civil::default()).number();
        assert_eq!([next(0), next(1), next(0x7FFF_FFFE)], [1, 2, 0x7FFF_FFFF]);
        assert_eq!([next(0x7FFF_FFFF), next(0xA285_9F22)], [1, 1]);
    }

    #[test]
    fn what_waits_for_an_answer_is_bounded() {
        let mut smpp = Smpp::server(b"");
        for number in 0..5_000 {
            smpp.remember(SUBMIT_MULTI, number);
        }
        assert_eq!(smpp.unanswered.len(), UNANSWERED_MOST);
        assert_eq!(smpp.answered(4_999, SUBMIT_SM), SUBMIT_MULTI);
        assert_eq!(smpp.answered(4_999, SUBMIT_SM), SUBMIT_SM);
        assert_eq!(smpp.answered(0, SUBMIT_SM), SUBMIT_SM);
    }
}
