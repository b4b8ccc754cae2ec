//! House policy: what an operator wants beyond the law. Reported apart, never called law.

use anning_consent::Prior;
use anning_vocab::{Date, Facts, Frequency, Known, Message, RefusalReach, Timestamp, Window};

/// Does a denial bind?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Records what it would do, blocks nothing.
    Shadow,
    /// Blocks what is breached, and what is unproved or unclear.
    Enforce,
}

/// Which answer is followed where the law is argued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reading {
    /// The stricter.
    Strict,
    /// The more lenient.
    Lenient,
}

/// What the sending account is for: decides where borderline messages go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Account {
    /// Service messages: borderline passes, recorded for review.
    Service,
    /// Commercial messages: borderline is commercial.
    Commercial,
}

/// Minutes of the day in Beijing between which nothing commercial goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct QuietHours {
    /// First quiet minute of the day, 0 to 1439.
    pub from: u16,
    /// First minute after them; smaller than `from` when they pass midnight.
    pub to: u16,
}

/// House policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Policy {
    /// Shadow or enforce.
    pub mode: Mode,
    /// Reading followed.
    pub reading: Reading,
    /// Account kind.
    pub account: Account,
    /// No law sets hours; this is the house's own.
    pub quiet_hours: Option<QuietHours>,
    /// No law sets a number; this is the house's own.
    pub cap: Option<Frequency>,
    /// A refusal to another name of the brand denies also where no text says so.
    pub brand_refusal: bool,
    /// Signature, content provider and port known not to be on file deny.
    pub require_filing: bool,
    /// A verification code that carries an offer is refused instead of passing.
    pub refuse_codes_with_offer: bool,
}

impl Default for Policy {
    /// Enforce, strict, service account, brand refusal on; no hours, no cap.
    fn default() -> Self {
        Self {
            mode: Mode::Enforce,
            reading: Reading::Strict,
            account: Account::Service,
            quiet_hours: None,
            cap: None,
            brand_refusal: true,
            require_filing: false,
            refuse_codes_with_offer: false,
        }
    }
}

/// Why the house says no or not yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HouseGround {
    /// Refused to another name of the same brand.
    BrandRefusal,
    /// Not on file.
    NotFiled,
    /// Quiet hours.
    QuietHours,
    /// Cap reached.
    Cap,
}

/// What house policy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum House {
    /// Nothing against it.
    Pass,
    /// No.
    Deny(HouseGround),
    /// Not before.
    Hold(HouseGround, Timestamp),
}

impl Policy {
    /// What the house says of a commercial message.
    #[must_use]
    pub fn house(&self, message: &Message, facts: &Facts<'_>, prior: &[Prior]) -> House {
        if self.brand_refusal && facts.refusal.reach == RefusalReach::Brand {
            return House::Deny(HouseGround::BrandRefusal);
        }
        let filing = message.filing;
        let unfiled = [filing.signature, filing.content_provider, filing.port].contains(&Known::No);
        if self.require_filing && unfiled {
            return House::Deny(HouseGround::NotFiled);
        }
        if let Some(until) = self.cap.and_then(|cap| capped_until(cap, message, prior)) {
            return House::Hold(HouseGround::Cap, until);
        }
        match self.quiet_hours.and_then(|quiet| quiet.until(message.sent_at)) {
            Some(until) => House::Hold(HouseGround::QuietHours, until),
            None => House::Pass,
        }
    }
}

impl QuietHours {
    /// When the quiet hours that hold this instant end, if any do.
    #[must_use]
    pub fn until(self, at: Timestamp) -> Option<Timestamp> {
        let minute = at.minute_of_day();
        let day = at.date();
        let end = |day: Date| day.start().plus_millis(i64::from(self.to) * 60_000);
        if self.from <= self.to {
            (self.from <= minute && minute < self.to).then(|| end(day))
        } else if minute >= self.from {
            Some(end(day.plus_days(1)))
        } else if minute < self.to {
            Some(end(day))
        } else {
            None
        }
    }
}

/// First instant after the window in which the cap is reached.
fn capped_until(cap: Frequency, message: &Message, prior: &[Prior]) -> Option<Timestamp> {
    let first = anning_consent::window_start(cap.per, message.sent_at.date());
    let earlier = prior
        .iter()
        .rev()
        .take_while(|p| p.sent_at >= first.start())
        .filter(|p| p.commercial && p.sender == message.sender());
    (earlier.take(usize::from(cap.at_most)).count() >= usize::from(cap.at_most))
        .then(|| after(cap.per, first).start())
}

/// First day after a window.
fn after(window: Window, first: Date) -> Date {
    match window {
        Window::Day => first.plus_days(1),
        Window::Week => first.plus_days(7),
        Window::Month => first.plus_months(1),
        Window::Year => first.plus_months(12),
    }
}
