//! How far a consent reaches: channel, kind, purpose, period, frequency.

use anning_vocab::{
    Date, Frequency, Message, Prior, ProcessingPurpose, Scope, Set, Terms, Timestamp, Window,
};

/// In which respects consent does not reach this message, the sender, days from the act and earlier messages
/// apart. What the act does not say bounds nothing.
pub fn beyond(terms: &Terms, message: &Message) -> Set<Scope> {
    let mut beyond = Set::<Scope>::EMPTY;
    let mut add = |outside: bool, scope| {
        if outside {
            beyond = beyond.union(Set::<Scope>::of(&[scope]));
        }
    };
    add(terms.channels.is_some_and(|named| !named.has(message.channel)), Scope::Channel);
    add(
        // A message of unknown kind is not shown to be outside.
        terms.kinds.zip(message.kind).is_some_and(|(named, kind)| !named.has(kind)),
        Scope::Kind,
    );
    add(other_purpose(terms), Scope::Purpose);
    add(terms.until.is_some_and(|last| message.sent_at.date() > last), Scope::Period);
    add(too_often(terms, message, &[]), Scope::Frequency);
    beyond
}

/// Of these respects, those in which consent to processing can fail to reach.
pub const fn of_processing(beyond: Set<Scope>) -> Set<Scope> {
    Set::from_bits(beyond.bits() & Set::<Scope>::of(&[Scope::Purpose, Scope::Period]).bits())
}

/// Names purposes, and marketing is none of them. A consent to provision names that purpose, and the
/// recipient's own apart from it.
fn other_purpose(terms: &Terms) -> bool {
    let named = |purpose| terms.purposes.is_none_or(|named| named.has(purpose));
    let provides = terms.provision.is_some() && named(ProcessingPurpose::Provision);
    !named(ProcessingPurpose::Marketing) && !provides
}

/// Does a refusal, or a silence, of this scope speak of this message? What it does not say it does not spare.
pub fn speaks_of(terms: &Terms, message: &Message) -> bool {
    terms.channels.is_none_or(|named| named.has(message.channel))
        && terms.kinds.zip(message.kind).is_none_or(|(named, kind)| named.has(kind))
}

/// Since when an act on these terms must have occurred for its days, from the day of the act, not to have run
/// out; none if they cannot have.
pub fn running_since(terms: &Terms, on: Date) -> Option<Timestamp> {
    let days = i32::try_from(terms.days?).unwrap_or(i32::MAX);
    let first = on.plus_days(days.saturating_neg());
    // No day is before the calendar's first.
    (first > Date::from_days(i32::MIN)).then(|| first.start())
}

/// Would this message be one more than the frequency named allows?
pub fn too_often(terms: &Terms, message: &Message, prior: &[Prior]) -> bool {
    terms.frequency.is_some_and(|frequency| exceeded(frequency, terms, message, prior))
}

/// Would this message be one too many in its Beijing calendar window?
fn exceeded(frequency: Frequency, terms: &Terms, message: &Message, prior: &[Prior]) -> bool {
    let start = window_start(frequency.per, message.sent_at.date()).start();
    let counts = |p: &&Prior| {
        p.commercial
            && p.sender == message.sender()
            && terms.channels.is_none_or(|named| named.has(p.channel))
            && terms.kinds.zip(p.kind).is_none_or(|(named, kind)| named.has(kind))
    };
    let earlier = prior.iter().rev().take_while(|p| p.sent_at >= start);
    earlier.filter(counts).take(usize::from(frequency.at_most)).count() >= usize::from(frequency.at_most)
}

/// First day of the window that holds this day; weeks begin on Monday.
pub fn window_start(window: Window, day: Date) -> Date {
    let (year, _, of_month) = day.ymd();
    match window {
        Window::Day => day,
        Window::Week => day.plus_days(-i32::from(day.weekday())),
        Window::Month => day.plus_days(1 - i32::try_from(of_month).unwrap_or(1)),
        Window::Year => Date::from_ymd(year, 1, 1).unwrap_or(day),
    }
}
