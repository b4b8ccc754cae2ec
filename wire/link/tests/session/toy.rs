//! The smallest protocol that says everything: length 4, kind 1, number 4, body.

use std::time::Duration;

use anning_link::{
    Address, Answer, Asked, Civil, Credentials, Delivery, Dialect, Fault, Limits, LoginMode, Malformed,
    MessageId, Query, Reply, Sequence, Spoken, Submission, Trouble, same_secret,
};

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Toy;

pub(crate) fn secret() -> Credentials {
    Credentials { account: b"toy".to_vec(), secret: b"secret".to_vec() }
}

pub(crate) fn submission(text: &[u8]) -> Box<Submission> {
    Box::new(Submission { content: text.to_vec(), ..Submission::default() })
}

pub(crate) fn delivery(text: &[u8]) -> Box<Delivery> {
    let id = MessageId(text.to_vec());
    Box::new(Delivery::Reply(Reply { id, source: Address::default(), ..Reply::default() }))
}

/// One frame.
pub(crate) fn frame(number: u32, spoken: &Spoken) -> Vec<u8> {
    let mut out = Vec::new();
    Toy.say(Sequence::of(number), spoken, &mut out);
    out
}

/// The login of this secret.
pub(crate) fn login(secret: &[u8]) -> Spoken {
    Spoken::Login(Asked {
        account: b"toy".to_vec(),
        mode: LoginMode::Both,
        version: 7,
        proof: secret.to_vec(),
        stamp: 0,
        extra: Vec::new(),
    })
}

impl Dialect for Toy {
    const NAME: &'static str = "toy";

    fn limits(&self) -> Limits {
        Limits {
            least: 9,
            most: 300,
            window: 4,
            alive_after: Some(Duration::from_secs(180)),
            answer_within: Duration::from_secs(60),
            tries: 3,
        }
    }

    fn hear(&mut self, frame: &[u8]) -> Result<(Sequence, Spoken), Malformed> {
        let sequence = Sequence::of(u32::from_be_bytes(frame[5..9].try_into().unwrap()));
        let body = frame[9..].to_vec();
        let bad = |fault| Malformed { command: frame[4].into(), sequence, field: "body", at: 9, fault };
        let code = || body.first_chunk().map(|c| u32::from_be_bytes(*c)).ok_or(bad(Fault::Short));
        let spoken = match frame[4] {
            1 => login(&body),
            2 => Spoken::LoginAnswer(code()?, body[4..].to_vec()),
            3 => Spoken::Submit(submission(&body)),
            4 => Spoken::SubmitAnswer(match code()? {
                0 => Answer::Taken(MessageId(body[4..].to_vec())),
                code => Answer::Refused(code),
            }),
            5 => Spoken::Deliver(delivery(&body)),
            6 => Spoken::DeliverAnswer(code()?, MessageId(body[4..].to_vec())),
            7 => Spoken::Alive,
            8 => Spoken::AliveAnswer,
            9 => Spoken::Leave,
            10 => Spoken::LeaveAnswer,
            11 => Spoken::Query(Query::State(MessageId(body))),
            12 => Spoken::QueryAnswer(Err(code()?)),
            13 => Spoken::Cancel(MessageId(body)),
            14 => Spoken::CancelAnswer(code()?),
            15 => Spoken::Foreign(15),
            16 => Spoken::NotUnderstood(code()?),
            _ => return Err(bad(Fault::Command)),
        };
        Ok((sequence, spoken))
    }

    fn say(&mut self, sequence: Sequence, spoken: &Spoken, out: &mut Vec<u8>) {
        let coded = |code: &u32, rest: &[u8]| [&code.to_be_bytes()[..], rest].concat();
        let (kind, body) = match spoken {
            Spoken::Login(asked) => (1, asked.proof.clone()),
            Spoken::LoginAnswer(code, proof) => (2, coded(code, proof)),
            Spoken::Submit(message) => (3, message.content.clone()),
            Spoken::SubmitAnswer(Answer::Taken(id) | Answer::TakenExcept(id, _)) => (4, coded(&0, &id.0)),
            Spoken::SubmitAnswer(Answer::Refused(code)) => (4, coded(code, &[])),
            Spoken::Deliver(delivery) => (5, delivery.carried_as().0.clone()),
            Spoken::DeliverAnswer(code, id) => (6, coded(code, &id.0)),
            Spoken::Alive => (7, vec![]),
            Spoken::AliveAnswer => (8, vec![]),
            Spoken::Leave => (9, vec![]),
            Spoken::LeaveAnswer => (10, vec![]),
            Spoken::Query(Query::State(id)) => (11, id.0.clone()),
            Spoken::Query(Query::Counts(..)) => (11, vec![]),
            Spoken::QueryAnswer(found) => (12, coded(&found.as_ref().err().copied().unwrap_or(0), &[])),
            Spoken::Cancel(id) => (13, id.0.clone()),
            Spoken::CancelAnswer(code) => (14, coded(code, &[])),
            Spoken::Foreign(_) => (15, vec![]),
            Spoken::NotUnderstood(code) => (16, coded(code, &[])),
        };
        let length = u32::try_from(9 + body.len()).unwrap();
        out.extend_from_slice(&length.to_be_bytes());
        out.push(kind);
        out.extend_from_slice(&sequence.number().to_be_bytes());
        out.extend_from_slice(&body);
    }

    fn fits(&self, _: &Spoken) -> Result<(), &'static str> {
        Ok(())
    }

    fn login(&mut self, credentials: &Credentials, mode: LoginMode, _: Civil) -> Asked {
        let (account, proof) = (credentials.account.clone(), credentials.secret.clone());
        Asked { account, mode, version: 7, proof, stamp: 0, extra: Vec::new() }
    }

    fn verify(&self, asked: &Asked, credentials: &Credentials) -> bool {
        same_secret(&asked.proof, &credentials.secret)
    }

    fn server_proof(&self, _: &Asked, _: u32, credentials: &Credentials) -> Vec<u8> {
        [b"server knows ", &credentials.secret[..]].concat()
    }

    fn next(&mut self, last: Sequence, _: Civil) -> Sequence {
        // Few numbers, so that they come round while requests are open.
        Sequence::of(last.number() % 9 + 1)
    }

    fn is_temporary(&self, code: u32) -> bool {
        code == self.code(Trouble::FlowControl)
    }

    fn code(&self, trouble: Trouble) -> u32 {
        100 + trouble as u32
    }

    fn version(&self) -> u8 {
        7
    }

    fn answer_malformed(&self, malformed: &Malformed) -> Option<Spoken> {
        (malformed.fault == Fault::Command).then_some(Spoken::NotUnderstood(200))
    }

    fn id_of(&self, _: Sequence) -> Option<MessageId> {
        None
    }

    fn nth_id(&self, first: &MessageId, _: usize) -> MessageId {
        first.clone()
    }
}
