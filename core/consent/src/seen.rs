//! The facts of a page in place of what the sender says of an act done on it.

use anning_vocab::{
    Bundling, Control, Covers, Frequency, Notice, PageAsks, PageFacts, ProcessingPurpose, Prominence,
    Provision, Terms,
};

/// The terms with the page's facts, and whether the sender's record says otherwise. Narrower than the page is no
/// contradiction: a person may agree to less than was asked, and a sender bind itself to less.
pub(crate) fn on(facts: &[PageFacts], said: &Terms, version: u64) -> (Terms, bool) {
    let asked = asked(facts, said);
    let mut joined = Joined { terms: *said, against: false };
    joined.form(&asked);
    joined.scope(&asked);
    let notice = said.notice.unwrap_or_default();
    joined.terms.notice = Some(joined.notice(&asked, notice, version));
    if let Some(provision) = said.provision {
        joined.terms.provision = Some(joined.provision(&asked, provision));
    }
    (joined.terms, joined.against)
}

/// The requests on the page that the act can have answered.
fn asked(facts: &[PageFacts], said: &Terms) -> Vec<PageFacts> {
    let marketing = said.purposes.is_none_or(|named| named.has(ProcessingPurpose::Marketing));
    let asks = match said.provision {
        Some(_) => PageAsks::Provision,
        // Consent to processing for something else was given by some other act.
        None if !marketing && said.covers == Covers::Process => return Vec::new(),
        None => PageAsks::Marketing,
    };
    let of_kind = || facts.iter().filter(move |fact| fact.asks == asks);
    let meets = |fact: &&PageFacts| {
        let both = said.channels.zip(fact.channels);
        both.is_none_or(|(said, shown)| said.bits() & shown.bits() != 0)
    };
    let by_channel: Vec<PageFacts> = of_kind().filter(meets).copied().collect();
    // Channels that the page asks for nowhere: then all it asks for is held against them.
    if by_channel.is_empty() { of_kind().copied().collect() } else { by_channel }
}

/// What all of several requests show alike.
fn alike<T: PartialEq>(facts: &[PageFacts], of: impl Fn(&PageFacts) -> T) -> Option<T> {
    let mut all = facts.iter().map(of);
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}

struct Joined {
    terms: Terms,
    against: bool,
}

impl Joined {
    /// Control, bundling, prominence, force.
    fn form(&mut self, asked: &[PageFacts]) {
        let (control, bundling, prominence, forced) =
            (self.terms.control, self.terms.bundling, self.terms.prominence, self.terms.forced);
        self.terms.control = self.word(control, alike(asked, |f| f.control), Control::NotRecorded);
        self.terms.bundling = self.word(bundling, alike(asked, |f| f.bundling), Bundling::NotRecorded);
        self.terms.prominence =
            self.word(prominence, alike(asked, |f| f.prominence), Prominence::NotRecorded);
        self.terms.forced = self.flag(forced, alike(asked, |f| f.forced).flatten());
    }

    /// Which consent, channels, frequency, period.
    fn scope(&mut self, asked: &[PageFacts]) {
        let said = self.terms;
        if let Some(shown) = alike(asked, |f| f.covers).flatten()
            && shown != Covers::Both
            && said.covers != shown
        {
            self.terms.covers = shown;
            self.against = true;
        }
        if let Some(shown) = alike(asked, |f| f.channels).flatten()
            && said.channels.is_none_or(|said| !shown.covers(said))
        {
            self.terms.channels = Some(shown);
            self.against |= said.channels.is_some();
        }
        if let Some(shown) = alike(asked, |f| f.frequency).flatten()
            && said.frequency.is_none_or(|said| !within(said, shown))
        {
            self.terms.frequency = Some(shown);
            self.against |= said.frequency.is_some();
        }
        if let Some(shown) = alike(asked, |f| f.days).flatten()
            && said.days.is_none_or(|said| said > shown)
        {
            self.terms.days = Some(shown);
            self.against |= said.days.is_some();
        }
    }

    fn notice(&mut self, asked: &[PageFacts], said: Notice, version: u64) -> Notice {
        let mut flag = |said, of: fn(&Notice) -> Option<bool>| {
            self.flag(said, alike(asked, |fact| of(&fact.notice)).flatten())
        };
        Notice {
            hash: if said.hash == 0 { version } else { said.hash },
            names_controller: flag(said.names_controller, |n| n.names_controller),
            states_purpose: flag(said.states_purpose, |n| n.states_purpose),
            states_categories: flag(said.states_categories, |n| n.states_categories),
            states_retention: flag(said.states_retention, |n| n.states_retention),
            states_rights: flag(said.states_rights, |n| n.states_rights),
            states_type_frequency_period: flag(said.states_type_frequency_period, |n| {
                n.states_type_frequency_period
            }),
        }
    }

    fn provision(&mut self, asked: &[PageFacts], said: Provision) -> Provision {
        let shown = |of: fn(&PageFacts) -> Option<bool>| alike(asked, of).flatten();
        let unnamed = shown(|f| f.receiver.named) == Some(false);
        self.against |= unnamed && said.recipient.is_some();
        Provision {
            recipient: said.recipient.filter(|_| !unnamed),
            contact: self.flag(said.contact, shown(|f| f.receiver.contact)),
            purpose_and_method: self.flag(said.purpose_and_method, shown(|f| f.receiver.purpose_and_method)),
            categories: self.flag(said.categories, shown(|f| f.receiver.categories)),
            separate: self.flag(said.separate, shown(|f| f.receiver.separate)),
        }
    }

    /// The page's word; the sender's where the page has none.
    fn word<T: PartialEq + Copy>(&mut self, said: T, shown: Option<T>, silent: T) -> T {
        let Some(shown) = shown.filter(|shown| *shown != silent) else { return said };
        self.against |= said != silent && said != shown;
        shown
    }

    fn flag(&mut self, said: Option<bool>, shown: Option<bool>) -> Option<bool> {
        self.word(said, Some(shown), None)
    }
}

/// No more messages than shown, counted in the same window.
fn within(said: Frequency, shown: Frequency) -> bool {
    said.per == shown.per && said.at_most <= shown.at_most
}

#[cfg(test)]
mod tests {
    use anning_vocab::{Channel, PageReceiver, PartyId, Set, Window};

    use super::*;

    const VERSION: u64 = 7;
    const SMS: Option<Set<Channel>> = Some(Set::<Channel>::of(&[Channel::Sms]));
    const EMAIL: Option<Set<Channel>> = Some(Set::<Channel>::of(&[Channel::Email]));
    const BOTH: Option<Set<Channel>> = Some(Set::<Channel>::of(&[Channel::Sms, Channel::Email]));

    fn page() -> PageFacts {
        PageFacts::silent(PageAsks::Marketing)
    }

    fn said() -> Terms {
        Terms::silent(Covers::Both)
    }

    /// `expected` is what the terms must be, the notice's hash apart.
    fn check(case: &str, facts: &[PageFacts], said: Terms, expected: Terms, against: bool) {
        let (mut found, found_against) = on(facts, &said, VERSION);
        let notice = found.notice.get_or_insert_default();
        assert_eq!(notice.hash, VERSION, "{case}");
        notice.hash = 0;
        let expected = Terms { notice: Some(expected.notice.unwrap_or_default()), ..expected };
        assert_eq!((found, found_against), (expected, against), "{case}");
    }

    #[test]
    fn the_page_comes_first_and_what_differs_is_a_contradiction() {
        let pre = PageFacts { control: Control::TickedByDefault, bundling: Bundling::WithTerms, ..page() };
        let shown = Terms { control: Control::TickedByDefault, bundling: Bundling::WithTerms, ..said() };
        let claim = Terms { control: Control::TickedByRecipient, bundling: Bundling::Separate, ..said() };
        let face = Terms { prominence: Prominence::OnFace, ..said() };
        check("nothing said", &[pre], said(), shown, false);
        check("the same said", &[pre], shown, shown, false);
        check("another thing said", &[pre], claim, shown, true);
        check("one of two differs", &[pre], Terms { control: claim.control, ..shown }, shown, true);
        check("what the page does not tell stays", &[page()], face, face, false);
        check("a page without requests tells nothing", &[], claim, claim, false);
        let forced = PageFacts { forced: Some(true), ..page() };
        let free = Terms { forced: Some(false), ..said() };
        check("forced", &[forced], free, Terms { forced: Some(true), ..said() }, true);
    }

    #[test]
    fn less_than_the_page_asks_for_is_no_contradiction() {
        let often = |at_most, per| Some(Frequency { at_most, per });
        let asks =
            PageFacts { channels: BOTH, frequency: often(4, Window::Month), days: Some(366), ..page() };
        let all = Terms { channels: BOTH, frequency: asks.frequency, days: asks.days, ..said() };
        check("nothing said", &[asks], said(), all, false);
        let less = Terms { channels: SMS, frequency: often(2, Window::Month), days: Some(365), ..said() };
        check("less", &[asks], less, less, false);
        let call = Terms { channels: Some(Set::<Channel>::of(&[Channel::Sms, Channel::Call])), ..all };
        check("another channel", &[asks], call, all, true);
        check("more often", &[asks], Terms { frequency: often(5, Window::Month), ..all }, all, true);
        check("another window", &[asks], Terms { frequency: often(1, Window::Week), ..all }, all, true);
        check("longer", &[asks], Terms { days: Some(400), ..all }, all, true);
    }

    #[test]
    fn of_several_requests_the_one_of_the_channel_speaks_and_else_what_all_show() {
        let sms = PageFacts { channels: SMS, control: Control::TickedByDefault, ..page() };
        let email = PageFacts { channels: EMAIL, control: Control::TickedByRecipient, ..page() };
        let by = |channels, control| Terms { channels, control, ..said() };
        check("sms", &[sms, email], by(SMS, Control::NotRecorded), by(SMS, Control::TickedByDefault), false);
        check(
            "email",
            &[sms, email],
            by(EMAIL, Control::NotRecorded),
            by(EMAIL, Control::TickedByRecipient),
            false,
        );
        check("which is not said", &[sms, email], said(), said(), false);
        let call = Some(Set::<Channel>::of(&[Channel::Call]));
        check(
            "not asked for",
            &[sms],
            by(call, Control::NotRecorded),
            by(SMS, Control::TickedByDefault),
            true,
        );
        let service = Set::<ProcessingPurpose>::of(&[ProcessingPurpose::Service]);
        let other = Terms { purposes: Some(service), ..Terms::silent(Covers::Process) };
        check("some other act", &[sms], other, other, false);
    }

    #[test]
    fn notices_and_provisions_are_told_apart_by_their_parts() {
        let told =
            |names, rights| Notice { names_controller: names, states_rights: rights, ..Notice::default() };
        let shows = PageFacts { notice: told(Some(true), Some(false)), ..page() };
        let claims = Terms { notice: Some(told(None, Some(true))), ..said() };
        let shown = Terms { notice: Some(told(Some(true), Some(false))), ..said() };
        check("notice", &[shows], claims, shown, true);
        let receiver = PageReceiver { named: Some(false), separate: Some(false), ..PageReceiver::default() };
        let asks = PageFacts { receiver, ..PageFacts::silent(PageAsks::Provision) };
        let provision = |recipient, separate| {
            let (contact, purpose_and_method, categories) = (Some(true), None, None);
            Some(Provision { recipient, contact, purpose_and_method, categories, separate })
        };
        let claims = Terms { provision: provision(Some(PartyId(1)), None), ..said() };
        let shown = Terms { provision: provision(None, Some(false)), ..said() };
        check("provision", &[shows, asks], claims, shown, true);
        check("another request", &[page()], claims, claims, false);
    }
}
