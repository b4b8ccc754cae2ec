//! The slow, obviously right reference for selection of acts, scope, times and aggregation (DESIGN §3-4): it
//! lists every act with how it stands to the message, latest first, and takes the first that fits. Single
//! provisions are asked through the rules themselves, which the worked examples of `law/` test.
#![cfg_attr(rustfmt, rustfmt_skip)] // laid out by hand: one line a thought
use anning_consent::{Member, Prior, World};
use anning_decide::{Account, House, Mode, Outcome, Policy, Reading, Treatment};
use anning_law::{Case, Law, ProvisionId, Rule, Subject, rules};
use anning_vocab::{RefusalReach as Reach, *};
use std::{cmp::Reverse, collections::BTreeSet};

/// One act, to whom and of what it speaks, where it does not reach, and how it stands if it is relied on.
struct Row<'w> {
    act: Act, says: &'w Terms, second: i64, given: bool, to_receive: bool,
    to_sender: bool, to_processor: bool, reach: Reach, of_it: bool,
    beyond_receiving: Set<Scope>, beyond_processing: Set<Scope>, shows: Standing<'w>,
}

/// What the holder of the number did, latest first, and the holder before; what was sent to this one.
struct Recipient<'w, 'm> {
    message: &'m Message, prior: Vec<Prior>,
    rows: Vec<Row<'w>>, before: Vec<Row<'w>>, passed_on: Option<Timestamp>,
}

pub fn facts<'w>(world: &'w World, m: &Message, acts: &[Act], prior: &[Prior]) -> Facts<'w> {
    let happened = acts.iter().filter(|act| act.occurred <= m.sent_at);
    let passed_on = happened.clone().filter(|a| a.kind == ActKind::Reassigned).map(|a| a.occurred).max();
    let since = passed_on.map_or(i64::MIN, Timestamp::second);
    let prior: Vec<Prior> = prior.iter().filter(|p| p.sent_at.second() >= since).copied().collect();
    let mut rows: Vec<Row<'w>> = happened.filter_map(|act| row(world, m, &prior, *act)).collect();
    // Latest first. Of one instant: what was known, better evidence, doubtful form, the younger.
    rows.sort_by_key(|r| {
        let t = r.says;
        let bundled = matches!(t.bundling, Bundling::WithTerms | Bundling::WithOtherConsents);
        let doubtful = matches!(t.control, Control::TickedByDefault | Control::Implied)
            || bundled || t.prominence == Prominence::Buried || t.forced == Some(true);
        let form = (!doubtful, Reverse(t.age), t.guardian != Some(false));
        let last = (r.act.received, r.act.recorded, r.act.terms);
        (Reverse(r.act.occurred), r.shows.learnt_later, r.shows.grade, form, last)
    });
    // Ties refuse: in the second of the hand-over a yes is the old holder's, anything else the new one's.
    let new = |r: &Row<'_>| if r.act.kind.agrees() { r.second > since } else { r.second >= since };
    let (rows, before) = rows.into_iter().partition(|r| passed_on.is_none() || new(r));
    let person = Recipient { message: m, prior, rows, before, passed_on };
    let another = m.parties.controller.is_some() && ![None, m.parties.controller].contains(&m.sender());
    let (asked, asked_since_refusal) = person.asked();
    Facts {
        receive: person.receive(), process: person.process(), invited: person.invited(),
        refusal: person.refusal().map_or(NO_REFUSAL, |(_, refusal)| refusal),
        asked, asked_since_refusal,
        provided_by_another: another, provision: if another { person.provision() } else { NO_RECORD },
        age: person.age(),
        guardian: person.agreed(None, |r| r.to_processor).iter().find_map(|r| r.says.guardian),
    }
}

fn row<'w>(world: &'w World, m: &Message, prior: &[Prior], act: Act) -> Option<Row<'w>> {
    let says = world.terms(act.terms)?;
    let late = act.recorded > m.sent_at;
    // Who asks of their own accord was shown nothing; a page record shows what a kept notice would, to prove it if sealed.
    let of_page = says.page.map_or(0, |p| p.version);
    let shown = act.kind == ActKind::Invited || says.notice.is_some_and(|n| n.hash != 0 && n.hash != of_page);
    let proves = act.origin == Origin::Anchored || shown || says.page.is_some_and(|p| p.sealed);
    let impossible = act.received < act.occurred || act.recorded < act.received;
    let kept = act.origin == Origin::Anchored || (act.origin == Origin::Captured && (shown || says.page.is_some()));
    let held = kept && !late && !impossible;
    let page_late = !impossible && says.page.is_some_and(|page| page.since > m.sent_at);
    let learnt_later = late || page_late;
    let against = impossible || says.page.is_some_and(|page| page.contradicts);
    let grade = if against { Grade::Contradicted } else if held && proves && !page_late { Grade::Proved } else { Grade::Asserted };
    // Consent reaches whom it names: a party, the recipient of a provision, a brand; or nobody by name.
    let to_sender = is_sender(m, says.controller) || is_sender(m, says.provision.and_then(|p| p.recipient))
        || (says.controller.is_none() && (says.brand.is_none() || says.brand == m.brand));
    let to_processor = to_sender || (says.controller.is_some() && says.controller == m.parties.controller);
    let channel = says.channels.is_some_and(|named| !named.has(m.channel));
    let kind = says.kinds.zip(m.kind).is_some_and(|(named, kind)| !named.has(kind));
    let provides = says.provision.is_some() && says.purposes.is_some_and(|p| p.has(ProcessingPurpose::Provision));
    let purpose = !provides && says.purposes.is_some_and(|named| !named.has(ProcessingPurpose::Marketing));
    let (today, given) = (m.sent_at.date(), i64::from(act.occurred.date().days()));
    let over = says.days.is_some_and(|days| i64::from(today.days()) > given + i64::from(days));
    let ended = over || says.until.is_some_and(|last| today > last);
    let named = |p: &Prior| says.channels.is_none_or(|named| named.has(p.channel))
        && says.kinds.zip(p.kind).is_none_or(|(named, kind)| named.has(kind));
    let ours = prior.iter().filter(|p| p.commercial && p.sender == m.sender() && named(p));
    let often = says.frequency.is_some_and(|f| {
        let this_window = |p: &&Prior| window(f.per, p.sent_at.date()) == window(f.per, today);
        ours.filter(this_window).count() >= usize::from(f.at_most)
    });
    let set = |list: &[(bool, Scope)]| list.iter().filter(|s| s.0).map(|s| s.1).collect();
    Some(Row {
        act, says, second: act.occurred.second(), given: matches!(act.kind, ActKind::Given | ActKind::Renewed),
        to_receive: says.covers != Covers::Process, to_sender, to_processor,
        reach: reach(world, m, says), of_it: !channel && !kind,
        beyond_receiving: set(&[
            (!to_sender, Scope::Sender), (channel, Scope::Channel), (kind, Scope::Kind),
            (purpose, Scope::Purpose), (ended, Scope::Period), (often, Scope::Frequency),
        ]),
        beyond_processing: set(&[(purpose, Scope::Purpose), (ended, Scope::Period)]),
        shows: Standing { grade, learnt_later, held, at: act.occurred, terms: Some(says), ..NO_RECORD },
    })
}

/// The advertiser and the content provider are the sender; where neither is known, the controller.
fn is_sender(m: &Message, party: Option<PartyId>) -> bool {
    party.is_some() && [m.parties.advertiser, m.parties.content_provider, m.sender()].contains(&party)
}

/// Refusal follows the brand, and a port whose sender cannot be told.
fn reach(world: &World, m: &Message, says: &Terms) -> Reach {
    let nobody = says.controller.is_none() && says.brand.is_none() && says.port.is_none();
    let of_party = says.controller.and_then(|p| world.brands.brand_of(Member::Party(p), m.sent_at.date()));
    let same_brand = m.brand.is_some() && [says.brand, of_party].contains(&m.brand);
    let same_port = says.port.is_some() && says.port == m.port;
    let two_brands = m.port_shared == Known::Unknown && says.controller.is_none() && says.brand.is_some();
    let cannot_tell = m.port_shared == Known::Yes || m.brand.is_none() || two_brands;
    match says.controller {
        _ if nobody || is_sender(m, says.controller) => Reach::Sender,
        Some(_) if same_brand => Reach::Brand,
        _ if same_port && cannot_tell && !same_brand => Reach::Port,
        None if same_brand || same_port => Reach::Sender,
        None | Some(_) => Reach::None,
    }
}

impl<'w> Recipient<'w, '_> {
    /// Agreeing acts that no later refusal ended; ties refuse.
    fn agreed(&self, refusal: Option<&Row<'w>>, speaks: impl Fn(&Row<'w>) -> bool) -> Vec<&Row<'w>> {
        let after = |r: &&Row<'w>| refusal.is_none_or(|no| r.second > no.second);
        self.rows.iter().filter(|r| r.act.kind.agrees() && speaks(r)).filter(after).collect()
    }

    /// The latest refusal; refusals bind from their arrival.
    fn refused(&self, speaks: impl Fn(&Row<'w>) -> bool) -> Option<&Row<'w>> {
        self.rows.iter().find(|r| r.act.kind.refuses() && r.act.received <= self.message.sent_at && speaks(r))
    }

    fn refused_receiving(&self, reach: Reach) -> Option<&Row<'w>> {
        self.refused(|r| r.to_receive && r.of_it && r.reach == reach)
    }

    /// The latest consent that reaches; else the latest of refusal, silence and a consent of other scope.
    fn receive(&self) -> Standing<'w> {
        let refusal = self.refused_receiving(Reach::Sender);
        let consents = self.agreed(refusal, |r| r.given && r.to_receive);
        let partial = consents.iter().find(|r| r.to_sender);
        let silent = |r: &&Row<'w>| r.act.kind == ActKind::NoAnswer && r.to_sender && r.to_receive && r.of_it;
        let silence = self.rows.iter().find(silent).filter(|r| partial.is_none_or(|p| r.second >= p.second));
        let out = |r: &&Row<'w>| Standing { state: State::OutOfScope, beyond: r.beyond_receiving, ..r.shows };
        let reaching = consents.iter().find(|r| r.beyond_receiving.is_empty());
        (reaching.map(|r| Standing { state: State::Given, ..r.shows }))
            .or(refusal.filter(|_| partial.is_none()).map(|r| Standing { state: State::Refused, ..r.shows }))
            .or(silence.map(|r| Standing { state: State::Silent, ..r.shows }))
            .or(partial.map(out)).or(self.reassigned(|r| r.to_sender && r.to_receive))
            .or(consents.first().map(out)).unwrap_or(NO_RECORD)
    }

    fn process(&self) -> Standing<'w> {
        let speaks = |r: &Row<'w>| r.to_processor && r.says.covers != Covers::Receive;
        // Said to a port alone, it speaks of that port.
        let by_port = |t: &Terms| t.controller.is_none() && t.brand.is_none() && t.port.is_some();
        let refusal = self.refused(|r| speaks(r) && (!by_port(r.says) || r.reach == Reach::Sender));
        let found = processing(&self.agreed(refusal, |r| r.given && speaks(r)), refusal);
        found.or(self.reassigned(speaks)).unwrap_or(NO_RECORD)
    }

    /// A provision that names the sender comes before one that names somebody else or nobody.
    fn provision(&self) -> Standing<'w> {
        let names = |r: &Row<'w>| r.says.provision.and_then(|p| p.recipient);
        let by = [None, self.message.parties.controller];
        let speaks = |r: &Row<'w>| r.says.provision.is_some() && by.contains(&r.says.controller);
        let ours = |r: &Row<'w>| speaks(r) && names(r) == self.message.sender();
        let refusal = self.refused(|r| ours(r) || (speaks(r) && names(r).is_none()));
        let found = processing(&self.agreed(refusal, |r| r.given && ours(r)), None);
        let any = processing(&self.agreed(refusal, |r| r.given && speaks(r)), refusal);
        found.or(any).unwrap_or(NO_RECORD)
    }

    fn invited(&self) -> Option<Invited> {
        let wants = |r: &Row<'w>| r.act.kind == ActKind::Invited && r.to_receive && r.beyond_receiving.is_empty();
        let requests = self.agreed(self.refused_receiving(Reach::Sender), wants);
        requests.first().map(|r| Invited { grade: r.shows.grade, at: r.act.occurred })
    }

    /// The latest refusal that no later agreeing act lifts, as far as that act reaches.
    fn refusal(&self) -> Option<(&Row<'w>, Refusal)> {
        // Frequency bounds messages, not the will; but a consent to no message at all wants none.
        let often = Set::<Scope>::of(&[Scope::Frequency]);
        let none = |t: &Terms| t.frequency.is_some_and(|f| f.at_most == 0);
        let lifts = |r: &Row<'w>| r.to_receive && !none(r.says) && often.covers(r.beyond_receiving);
        let agreed = self.agreed(None, lifts).first().map(|r| r.second);
        [Reach::Sender, Reach::Brand, Reach::Port].into_iter().find_map(|reach| {
            let no = self.refused_receiving(reach)?;
            let (received, tie) = (no.act.received, agreed == Some(no.second));
            let refusal = Refusal { reach, received, recorded_late: no.act.recorded > self.message.sent_at, tie };
            (agreed <= Some(no.second)).then_some((no, refusal))
        })
    }

    fn asked(&self) -> (AskedBefore, u16) {
        let m = self.message;
        if m.purpose != Purpose::ConsentRequest { return (AskedBefore::No, 0) }
        // An act of asking in the second of the send is this very request.
        let asking = |r: &Row<'w>| r.act.kind == ActKind::Asked && r.second < m.sent_at.second();
        let heard = self.rows.iter().filter(|r| asking(r) || r.act.kind == ActKind::NoAnswer);
        let acts = heard.filter(|r| r.to_sender).map(|r| (r.act.occurred, r.says.wording, asking(r)));
        let sends = self.prior.iter().filter(|p| p.request && p.sender == m.sender());
        let all: Vec<_> = acts.chain(sends.map(|p| (p.sent_at, p.wording, true))).collect();
        if let Some((no, _)) = self.refusal().filter(|(_, refusal)| refusal.reach != Reach::Port) {
            let again = all.iter().filter(|(at, _, asking)| *asking && *at > no.act.occurred);
            let seconds: BTreeSet<i64> = again.map(|(at, ..)| at.second()).collect();
            return (AskedBefore::Refusal, seconds.len() as u16);
        }
        // What the recipient answered with a yes was not met by silence.
        let yes = self.agreed(None, |r| r.to_sender && r.of_it && r.to_receive).first().map(|r| r.second);
        let open = all.iter().filter(|ask| Some(ask.0.second()) > yes);
        let other = |wording: Option<u32>| wording.is_some() && m.wording.is_some() && wording != m.wording;
        let met = open.map(|ask| if other(ask.1) { AskedBefore::OtherWording } else { AskedBefore::Silence });
        (met.min_by_key(|met| *met == AskedBefore::OtherWording).unwrap_or(AskedBefore::No), 0)
    }

    /// The send's own age evidence, else the latest act's; four years on, 14 to 17 is grown up.
    fn age(&self) -> AgeBand {
        let shown = self.rows.iter().find(|r| r.says.age != AgeBand::Unknown);
        let grown = |r: &Row<'w>| r.act.occurred.date().plus_months(48) <= self.message.sent_at.date();
        let adult = shown.filter(|r| r.says.age == AgeBand::Minor && grown(r)).map(|_| AgeBand::Adult);
        let by_acts = adult.or(shown.map(|r| r.says.age)).unwrap_or(AgeBand::Unknown);
        if self.message.age == AgeBand::Unknown { by_acts } else { self.message.age }
    }

    fn reassigned(&self, speaks: impl Fn(&Row<'w>) -> bool) -> Option<Standing<'w>> {
        self.before.iter().find(|r| r.act.kind.agrees() && speaks(r))?;
        Some(Standing { state: State::Reassigned, at: self.passed_on?, ..NO_RECORD })
    }
}

/// The latest consent that reaches, else the latest at all, else the refusal.
fn processing<'w>(consents: &[&Row<'w>], refusal: Option<&Row<'w>>) -> Option<Standing<'w>> {
    let inside = consents.iter().find(|r| r.beyond_processing.is_empty());
    let given = inside.map(|r| Standing { state: State::Given, ..r.shows });
    let out = |r: &&Row<'w>| Standing { state: State::OutOfScope, beyond: r.beyond_processing, ..r.shows };
    let refused = refusal.map(|r| Standing { state: State::Refused, ..r.shows });
    given.or(consents.first().map(out)).or(refused)
}

/// Which window of its size a day falls into; weeks begin on Monday.
pub fn window(window: Window, day: Date) -> (i32, u32) {
    let (year, month, _) = day.ymd();
    match window {
        Window::Day => (day.days(), 0), Window::Week => ((day.days() + 3).div_euclid(7), 0),
        Window::Month => (year, month), Window::Year => (year, 0),
    }
}

const NO_RECORD: Standing<'static> = Standing {
    state: State::NoRecord, beyond: Set::<Scope>::EMPTY, grade: Grade::Asserted, learnt_later: false,
    held: false, at: Timestamp::from_millis(0), terms: None,
};
const NO_REFUSAL: Refusal = Refusal { reach: Reach::None, received: NO_RECORD.at, recorded_late: false, tie: false };

/// Treatment, findings in the order of the provisions, and the outcome under what the house says.
pub fn decide(law: &Law, m: &Message, class: Class, facts: &Facts<'_>, house: House, p: &Policy)
    -> (Treatment, Vec<(ProvisionId, Finding)>, Outcome)
{
    // Content decides; a request for consent has its own path; borderline goes by account.
    let account = p.account == Account::Commercial || m.declared == Declared::Commercial;
    let treatment = match class {
        _ if m.purpose == Purpose::ConsentRequest => Treatment::ConsentRequest,
        Class::Commercial | Class::Mixed => Treatment::Commercial,
        Class::Borderline if account => Treatment::Commercial,
        Class::Borderline | Class::NotCommercial => Treatment::Outside,
    };
    let binds = |rule: &&Rule| m.roles().iter().any(|role| rule.roles.has(role));
    let speaks = |rule: &&Rule| rule.channels.has(m.channel) && match rule.subject {
        Subject::Commercial => treatment == Treatment::Commercial,
        Subject::ConsentRequest => treatment == Treatment::ConsentRequest,
        Subject::Every => true,
    };
    let (mut findings, mut loaded_ban, mut against) = (Vec::new(), false, Vec::new());
    for rule in rules().iter().filter(binds).filter(speaks) {
        let bound = law.bindings().iter().filter(|b| b.provision == rule.id);
        let Some(text) = bound.clone().find(|b| b.interval.contains(m.sent_at.date())) else { continue };
        let in_force_from = bound.map(|b| b.interval.from).min().unwrap_or_default();
        let said = (rule.judge)(&Case { message: m, class, facts, in_force_from });
        let soft = |a| if a == Answer::Breached && !text.mark.carries_a_breach() { Answer::Unclear } else { a };
        let finding = Finding { strict: soft(said.strict), lenient: soft(said.lenient), ..said };
        findings.push((rule.id, finding));
        loaded_ban |= rule.ban && !text.not_loaded && finding.strict != Answer::NotApplicable;
        against.push((if p.reading == Reading::Strict { finding.strict } else { finding.lenient }, text));
    }
    let refuse = against.iter().any(|(answer, text)| match answer {
        Answer::Breached => true,
        // A text not loaded denies only where no loaded ban covers channel and date; no notice for want of proof.
        Answer::Unclear if text.not_loaded && loaded_ban => false,
        Answer::Unclear | Answer::Unproved => p.mode == Mode::Enforce && treatment != Treatment::Outside,
        Answer::Met | Answer::NotApplicable => false,
    });
    let code_passes = m.text.code == Known::Yes && !p.refuse_codes_with_offer;
    let outcome = match (refuse || matches!(house, House::Deny(_)), house) {
        (false, House::Pass | House::Deny(_)) => Outcome::Allow,
        _ if code_passes => Outcome::FailOpen,
        (false, House::Hold(_, until)) => Outcome::Hold(until),
        (true, _) => Outcome::Deny,
    };
    (treatment, findings, outcome)
}
