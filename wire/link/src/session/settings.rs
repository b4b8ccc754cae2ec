//! How much and how long, for one session.

use core::time::Duration;

use crate::dialect::Limits;

/// What one session allows. [`Settings::of`] gives a protocol's habits; an account's contract may say otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Requests without an answer at one time, each way. What goes beyond the window is refused with the protocol's word for
    /// "slow down"; after three windows of that it is heard no further until something is answered
    /// ([`crate::Session::listens`]).
    pub window: usize,
    /// The other side's window, where it is another: a carrier that tells reports asks nobody how many it may.
    pub window_theirs: Option<usize>,
    /// Silence after which the other side is asked whether it is there; none where the protocol has no such question.
    pub alive_after: Option<Duration>,
    /// How long an answer, or the rest of a frame, may take; and for how long the other side may read nothing of what is sent.
    pub answer_within: Duration,
    /// How often a question for life, or a request with `resend`, is sent before it is given up.
    pub tries: u32,
    /// How long a login may take, from the connection to its answer.
    pub login_within: Duration,
    /// How long a session may go without any request; none for as long as it lives.
    pub idle_max: Option<Duration>,
    /// Send a request again that is not answered in time. CMPP and SMGP say so, yet the other side may have taken the
    /// first one and then a person gets the message twice: without it such a request is in doubt after one sending.
    pub resend: bool,
    /// Client: believe only a server that proves itself. Many real gateways prove themselves wrongly.
    pub prove_server: bool,
    /// Bytes that may wait to be fetched and sent. An other side that does not read is heard no further from a quarter of them
    /// on, and cut off beyond them.
    pub output_max: usize,
}

impl Settings {
    /// A protocol's habits.
    #[must_use]
    pub const fn of(limits: &Limits) -> Self {
        Self {
            window: limits.window,
            window_theirs: None,
            alive_after: limits.alive_after,
            answer_within: limits.answer_within,
            tries: limits.tries,
            login_within: LOGIN_WITHIN,
            idle_max: match limits.alive_after {
                Some(_) => None,
                // Without a question for life, silence is all there is to tell a dead line by.
                None => Some(IDLE_MAX),
            },
            resend: false,
            prove_server: false,
            output_max: OUTPUT_MAX,
        }
    }
}

const LOGIN_WITHIN: Duration = Duration::from_secs(30);
const IDLE_MAX: Duration = Duration::from_secs(60);
const OUTPUT_MAX: usize = 1 << 20;
