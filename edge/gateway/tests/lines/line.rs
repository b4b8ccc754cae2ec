//! One end of a connection, driven by hand.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use anning_link::{
    Answer, Civil, Credentials, Delivery, Dialect, Event, Frames, LoginMode, MessageId, Moment, Output,
    Reply, Report, ReportState, Sequence, Session, Settings, Spoken, Submission,
};

/// Time does not pass at this end.
const NOW: Moment = Moment::from_millis(0);
/// Number of the first message that is poured.
const POURED: u32 = 100_000;
const CIVIL: Civil = Civil { month: 11, day: 27, hour: 11, minute: 0, second: 0 };

/// A session and its socket.
pub struct Line<D: Dialect, S: Read + Write = TcpStream> {
    socket: S,
    session: Session<D>,
    tickets: u64,
    /// Reports and replies that came while something else was waited for.
    told: Vec<Delivery>,
}

pub fn who(account: &str, secret: &str) -> Credentials {
    Credentials { account: account.into(), secret: secret.into() }
}

/// The id of a message that was taken.
pub fn taken(answer: Answer) -> MessageId {
    let Answer::Taken(id) = answer else { panic!("{answer:?}") };
    id
}

/// A socket that fails rather than wait for ever.
pub fn connect(to: SocketAddr) -> TcpStream {
    patient(TcpStream::connect(to).unwrap())
}

fn patient(socket: TcpStream) -> TcpStream {
    socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    socket.set_nodelay(true).unwrap();
    socket
}

impl<D: Dialect, S: Read + Write> Line<D, S> {
    /// Asks to be let in; the code of a refusal.
    pub fn login(socket: S, dialect: D, who: Credentials) -> Result<Self, u32> {
        let settings = Settings::of(&dialect.limits());
        let mut session = Session::client(dialect, settings, who, LoginMode::Both, NOW);
        session.login(NOW, CIVIL);
        let mut line = Self { socket, session, tickets: 0, told: Vec::new() };
        let event = line.event();
        if let Event::LoginRefused(code) = event {
            return Err(code);
        }
        assert!(matches!(event, Event::LoggedIn { .. }), "{event:?}");
        Ok(line)
    }

    /// The next thing that happens; deliveries are taken, and kept.
    pub fn event(&mut self) -> Event {
        loop {
            match self.session.poll() {
                Some(Output::Send(bytes)) => self.socket.write_all(&bytes).unwrap(),
                Some(Output::Event(Event::Delivered { sequence, delivery })) => {
                    assert!(self.session.answer_delivery(sequence, 0));
                    self.told.push((*delivery).clone());
                    return Event::Delivered { sequence, delivery };
                }
                Some(Output::Event(event)) => return event,
                Some(Output::Close(ending)) => return Event::Ended(ending),
                None => {
                    let mut buffer = [0; 4_096];
                    match self.socket.read(&mut buffer).unwrap() {
                        0 => self.session.peer_closed(NOW),
                        count => self.session.received(&buffer[..count], NOW, CIVIL),
                    }
                }
            }
        }
    }

    /// What is to be said is said.
    pub fn flush(&mut self) {
        while let Some(output) = self.session.poll() {
            match output {
                Output::Send(bytes) => self.socket.write_all(&bytes).unwrap(),
                Output::Event(event) => panic!("{event:?}"),
                Output::Close(ending) => panic!("{ending}"),
            }
        }
    }

    /// Hands in messages together, and waits for their answers.
    pub fn submit(&mut self, messages: Vec<Submission>) -> Vec<Answer> {
        let count = messages.len();
        let first = self.put(messages);
        self.answers(first, count)
    }

    /// Hands in messages together, and does not wait; the first one's ticket.
    pub fn hand_in(&mut self, messages: Vec<Submission>) -> u64 {
        let first = self.put(messages);
        self.flush();
        first
    }

    fn put(&mut self, messages: Vec<Submission>) -> u64 {
        let first = self.tickets;
        for message in messages {
            self.session.submit(self.tickets, Box::new(message), NOW, CIVIL).unwrap();
            self.tickets += 1;
        }
        first
    }

    /// Hands in messages without asking its own window and without reading anything.
    pub fn pour(&mut self, messages: &[Submission]) {
        self.utter(messages.iter().map(|message| Spoken::Submit(Box::new(message.clone()))));
    }

    /// Says something that its session knows nothing of.
    pub fn utter(&mut self, said: impl Iterator<Item = Spoken>) {
        let mut bytes = Vec::new();
        for (number, spoken) in (POURED..).zip(said) {
            self.session.dialect_mut().say(Sequence::of(number), &spoken, &mut bytes);
        }
        self.socket.write_all(&bytes).unwrap();
    }

    /// The answers to so many of them, in their order.
    pub fn poured(&mut self, count: usize) -> Vec<Answer> {
        let limits = self.session.dialect().limits();
        let mut frames = Frames::new(limits.least, limits.most);
        let mut answers = vec![None; count];
        while answers.iter().any(Option::is_none) {
            let mut buffer = [0; 4_096];
            let read = self.socket.read(&mut buffer).unwrap();
            assert!(
                read > 0,
                "closed, and {} are not answered",
                answers.iter().filter(|a| a.is_none()).count()
            );
            frames.push(&buffer[..read]);
            while let Some(frame) = frames.take().unwrap() {
                let (sequence, spoken) = self.session.dialect_mut().hear(frame).unwrap();
                if let Spoken::SubmitAnswer(answer) = spoken {
                    let place = (sequence.number() - POURED) as usize;
                    assert!(answers[place].replace(answer).is_none(), "one answer each");
                }
            }
        }
        answers.into_iter().flatten().collect()
    }

    /// The answers to so many messages from a ticket on.
    pub fn answers(&mut self, first: u64, count: usize) -> Vec<Answer> {
        let mut answers = vec![None; count];
        while answers.iter().any(Option::is_none) {
            if let Event::Answered { ticket, answer } = self.event() {
                answers[(ticket - first) as usize] = Some(answer);
            }
        }
        answers.into_iter().flatten().collect()
    }

    /// As [`Line::submit`], of one.
    pub fn one(&mut self, message: Submission) -> Answer {
        self.submit(vec![message]).remove(0)
    }

    /// So many reports, in the order of their recipients and ids.
    pub fn reports(&mut self, count: usize) -> Vec<Report> {
        while self.told.len() < count {
            self.event();
        }
        let mut reports: Vec<Report> = core::mem::take(&mut self.told)
            .into_iter()
            .map(|delivery| match delivery {
                Delivery::Report(report) => report,
                Delivery::Reply(reply) => panic!("{reply:?}"),
            })
            .collect();
        assert_eq!(reports.len(), count);
        reports.sort_by_key(|report| (report.recipient.text.clone(), report.id.0.clone()));
        reports
    }

    /// The reports among so many deliveries.
    pub fn told(&mut self, count: usize) -> Vec<Report> {
        while self.told.len() < count {
            self.event();
        }
        let reports = core::mem::take(&mut self.told).into_iter().filter_map(|delivery| match delivery {
            Delivery::Report(report) => Some(report),
            Delivery::Reply(_) => None,
        });
        reports.collect()
    }

    /// A carrier: the next message that is handed in.
    pub fn takes(&mut self) -> (Sequence, Submission) {
        loop {
            if let Event::Submitted { sequence, submission } = self.event() {
                return (sequence, *submission);
            }
        }
    }

    /// A carrier: answers a message.
    pub fn answer(&mut self, sequence: Sequence, answer: Answer) {
        assert!(self.session.answer(sequence, answer));
    }

    /// A carrier: tells of a message by the id that it gave.
    pub fn report(&mut self, id: &MessageId, of: &Submission, state: ReportState, word: &str) {
        let report = Report {
            id: id.clone(),
            recipient: of.destinations[0].clone(),
            source: of.source.clone(),
            state,
            word: word.into(),
            submitted: b"2611271100".to_vec(),
            done: b"2611271101".to_vec(),
            ..Report::default()
        };
        self.deliver(Delivery::Report(report));
    }

    /// A carrier: tells of a delivery and waits; the code that it is answered with.
    pub fn reported(&mut self, id: &MessageId, of: &Submission) -> u32 {
        self.report(id, of, ReportState::Delivered, "DELIVRD");
        loop {
            if let Event::DeliveryAnswered { code, .. } = self.event() {
                return code;
            }
        }
    }

    /// A carrier: a subscriber writes; acted upon when this returns.
    pub fn reply(&mut self, reply: Reply) {
        self.deliver(Delivery::Reply(reply));
        while !matches!(self.event(), Event::DeliveryAnswered { code: 0, .. }) {}
    }

    fn deliver(&mut self, delivery: Delivery) {
        self.session.deliver(self.tickets, Box::new(delivery), NOW, CIVIL).unwrap();
        self.tickets += 1;
    }

    /// A carrier: takes the next message under an id and reports on it.
    pub fn carries(&mut self, id: &[u8], state: ReportState, word: &str) -> Submission {
        let (sequence, message) = self.takes();
        let id = MessageId(id.to_vec());
        self.answer(sequence, Answer::Taken(id.clone()));
        self.report(&id, &message, state, word);
        self.flush();
        message
    }
}

impl<D: Dialect> Line<D> {
    /// A carrier: takes the next connection and lets it in.
    pub fn accept(listener: &TcpListener, dialect: D, who: &Credentials) -> Self {
        let socket = patient(listener.accept().unwrap().0);
        let settings = Settings::of(&dialect.limits());
        let session = Session::server(dialect, settings, NOW);
        let mut line = Self { socket, session, tickets: 0, told: Vec::new() };
        assert!(matches!(line.event(), Event::Login(_)));
        assert!(line.session.admit(who, NOW));
        assert!(matches!(line.event(), Event::LoggedIn { .. }));
        line.flush();
        line
    }
}
