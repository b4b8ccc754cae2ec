//! Each promise of the design, one test, data first. One `decided` touches the API.
#![expect(clippy::unwrap_used, reason = "a test stops where a value is missing")]

use anning_consent::{BrandAssertion, BrandGraph, Member, Prior, World};
use anning_decide::{
    Account, Binds, ClearanceKind, Decision, House, HouseGround, Mode, Outcome, Policy, QuietHours, Reading,
    Treatment, brands_hash, clear, decide,
};
use anning_law::{Law, ProvisionId};
use anning_vocab::{
    Act, ActKind, AgeBand, Answer, Audience, Basis, BrandId, Bundling, Caveat, Channel, Class, Control,
    Covers, Date, Declared, Frequency, Interval, Known, Message, Notice, Origin, PageSeen, PartyId, PortId,
    Prominence, Purpose, RecipientKind, Set, Terms, TermsId, Timestamp, Window,
};

/// A send at ten in the morning, to one person, with everything around it that a test may change.
struct Asked {
    message: Message,
    class: Class,
    terms: Vec<Terms>,
    acts: Vec<Act>,
    prior: Vec<Prior>,
    policy: Policy,
    brands: Vec<BrandAssertion>,
}

const SENDER: PartyId = PartyId(1);
const SISTER: PartyId = PartyId(2);
const BRAND: BrandId = BrandId(5);

fn at(text: &str) -> Timestamp {
    let (day, time) = text.split_once(' ').unwrap();
    let (h, m) = time.split_once(':').unwrap();
    let minutes: i64 = h.parse::<i64>().unwrap() * 60 + m.parse::<i64>().unwrap();
    Date::parse(day).unwrap().start().plus_millis(minutes * 60_000)
}

fn on(day: &str) -> Asked {
    let mut message = Message::new(at(&format!("{day} 10:00")), Channel::Sms);
    message.parties.advertiser = Some(SENDER);
    message.online_business = Known::Yes;
    message.refusal_free = Known::Yes;
    message.text.identity = Known::Yes;
    message.text.contact = Known::Yes;
    message.text.refusal = Known::Yes;
    message.text.code = Known::No;
    Asked {
        message,
        class: Class::Commercial,
        terms: Vec::new(),
        acts: Vec::new(),
        prior: Vec::new(),
        policy: Policy::default(),
        brands: Vec::new(),
    }
}

/// A consent of the better kind: separate, ticked by the person, under a complete notice.
fn good() -> Terms {
    let yes = Some(true);
    Terms {
        controller: Some(SENDER),
        control: Control::TickedByRecipient,
        bundling: Bundling::Separate,
        prominence: Prominence::OnFace,
        forced: Some(false),
        notice: Some(Notice {
            hash: 7,
            names_controller: yes,
            states_purpose: yes,
            states_categories: yes,
            states_retention: yes,
            states_rights: yes,
            states_type_frequency_period: yes,
        }),
        ..Terms::silent(Covers::Both)
    }
}

impl Asked {
    fn act(mut self, kind: ActKind, when: &str, terms: Terms) -> Self {
        let id = TermsId(u32::try_from(self.terms.len()).unwrap());
        self.terms.push(terms);
        let when = at(when);
        self.acts.push(Act {
            kind,
            origin: Origin::Captured,
            occurred: when,
            received: when,
            recorded: when,
            terms: id,
        });
        self.acts.sort_by_key(|a| a.occurred);
        self
    }

    fn given(self, when: &str) -> Self {
        self.act(ActKind::Given, when, good())
    }

    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    fn decided(&self) -> Decision {
        let world = World { terms: self.terms.clone(), brands: BrandGraph::new(self.brands.clone()) };
        let facts = world.facts(&self.message, &self.acts, &self.prior);
        let law = Law::embedded().on(self.message.sent_at.date());
        decide(law, &self.message, self.class, &facts, &self.prior, &self.policy)
    }

    fn answer(&self, provision: ProvisionId) -> Answer {
        self.decided().findings.of(provision).strict
    }

    fn told(&self, caveat: Caveat) -> bool {
        self.decided().caveats.has(caveat)
    }
}

use Answer::{Breached, Met, NotApplicable, Unclear, Unproved};
use ProvisionId as P;

/// A page record shows for a consent only from when it was there, and against one whenever it was made; what it
/// contradicts is proved by nothing, and what was imported stays a claim.
#[test]
fn a_page_is_heard_against_a_consent_sooner_than_for_it() {
    let check_of = |terms: Terms, origin, page, expected: [Answer; 2]| {
        let terms = Terms { page: Some(page), ..terms };
        let asked = on("2022-11-11").act(ActKind::Given, "2022-01-01 09:00", terms).with(|a| {
            a.acts.iter_mut().for_each(|act| act.origin = origin);
        });
        let found = [asked.answer(P::PiplConsent), asked.answer(P::AdlawConsent)];
        assert_eq!(found, expected, "{origin} {} {page:?}", terms.control);
    };
    let check = |origin, control, since: &str, contradicts, expected: [Answer; 2]| {
        let page = PageSeen { version: 9, since: at(since), contradicts, sealed: true };
        check_of(Terms { control, ..good() }, origin, page, expected);
    };
    let (ticked, on_already) = (Control::TickedByRecipient, Control::TickedByDefault);
    let (before, after) = ("2022-01-01 08:00", "2022-12-01 08:00");
    check(Origin::Captured, ticked, before, false, [Met, Met]);
    check(Origin::Captured, ticked, after, false, [Unproved, Unproved]);
    check(Origin::Captured, ticked, before, true, [Unproved, Unproved]);
    check(Origin::Captured, on_already, before, false, [Breached, Met]);
    check(Origin::Captured, on_already, after, false, [Breached, Unproved]);
    check(Origin::Captured, on_already, before, true, [Breached, Unproved]);
    check(Origin::Anchored, on_already, after, true, [Breached, Unproved]);
    check(Origin::Imported, ticked, before, false, [Unproved, Unproved]);
    check(Origin::Imported, on_already, before, true, [Unproved, Unproved]);
    // Without a seal it is the sender's statement: an admission counts, praise lifts nothing, and what the sender kept of
    // the notice proves as much as it did.
    let page = PageSeen { version: 9, since: at(before), contradicts: false, sealed: false };
    let without =
        |control| Terms { control, notice: good().notice.map(|n| Notice { hash: 0, ..n }), ..good() };
    check_of(without(ticked), Origin::Captured, page, [Unproved, Unproved]);
    check_of(without(ticked), Origin::Captured, PageSeen { sealed: true, ..page }, [Met, Met]);
    check_of(without(on_already), Origin::Captured, page, [Breached, Unproved]);
    check_of(without(ticked), Origin::Anchored, page, [Met, Met]);
    check_of(without(on_already), Origin::Imported, page, [Unproved, Unproved]);
    let notice = good().notice.map(|n| Notice { hash: 9, ..n });
    check_of(Terms { notice, ..good() }, Origin::Captured, page, [Unproved, Unproved]);
    check_of(good(), Origin::Captured, page, [Met, Met]);
    let mail = Some(Set::<Channel>::of(&[Channel::Email]));
    check_of(Terms { channels: mail, ..without(ticked) }, Origin::Captured, page, [Breached, Breached]);
}

#[test]
fn a_refusal_binds_from_its_arrival_not_from_its_record() {
    let refused = |occurred: &str, received: &str, recorded: &str| {
        on("2022-11-11").given("2022-01-01 09:00").act(ActKind::Withdrawn, occurred, good()).with(|a| {
            let act = a.acts.last_mut().unwrap();
            (act.received, act.recorded) = (at(received), at(recorded));
        })
    };
    let check = |r: &str, rec: &str, expected| {
        assert_eq!(refused("2022-11-11 09:00", r, rec).answer(P::AdlawConsent), expected, "{r} {rec}");
    };
    check("2022-11-11 09:01", "2022-11-11 09:02", Breached);
    check("2022-11-11 09:01", "2022-11-12 09:00", Breached);
    check("2022-11-11 10:01", "2022-11-11 10:02", Met);
}

#[test]
fn dates_are_beijings() {
    // 23:59 on 31 October and 00:00 on 1 November in Beijing: PIPL begins in between.
    let late = on("2021-10-31").with(|a| a.message.sent_at = at("2021-10-31 23:59"));
    let early = on("2021-11-01").with(|a| a.message.sent_at = at("2021-11-01 00:00"));
    assert_eq!((late.answer(P::PiplConsent), early.answer(P::PiplConsent)), (NotApplicable, Unproved));
}

#[test]
fn both_readings_are_kept_and_policy_names_the_one_followed() {
    let ticked = |reading| {
        let terms = Terms { control: Control::TickedByDefault, related: Some(true), ..good() };
        on("2022-11-11").act(ActKind::Given, "2019-05-01 09:00", terms).with(|a| {
            a.policy.reading = reading;
            a.policy.mode = Mode::Shadow;
        })
    };
    let finding = ticked(Reading::Strict).decided().findings.of(P::PiplConsent);
    assert_eq!((finding.strict, finding.lenient), (Breached, Met));
    assert!(ticked(Reading::Strict).decided().findings.argued() & P::PiplConsent.bit() != 0);
    assert_eq!(ticked(Reading::Strict).decided().outcome, Outcome::Deny);
    assert_eq!(ticked(Reading::Lenient).decided().outcome, Outcome::Allow);
    assert!(ticked(Reading::Strict).told(Caveat::FormNotJudged));
}

#[test]
fn enforce_denies_what_is_unproved_shadow_what_is_breached() {
    let nothing = |mode| on("2022-11-11").with(|a| a.policy.mode = mode).decided().outcome;
    assert_eq!((nothing(Mode::Enforce), nothing(Mode::Shadow)), (Outcome::Deny, Outcome::Allow));
}

#[test]
fn order_74_is_a_caveat_and_denies_only_where_no_loaded_ban_speaks() {
    let sent = on("2026-06-01");
    assert!(sent.told(Caveat::Order74NotLoaded));
    assert_eq!(sent.answer(P::Miit31Consent), NotApplicable);
    assert_eq!(sent.answer(P::Miit74Commercial), Unclear);
    assert_eq!(on("2026-06-01").given("2026-01-01 09:00").answer(P::Miit74Commercial), Met);
    assert!(!on("2026-04-30").told(Caveat::Order74NotLoaded));
    let email = on("2026-06-01").with(|a| a.message.channel = Channel::Email);
    assert!(!email.told(Caveat::Order74NotLoaded));
}

#[test]
fn before_every_ban_the_reader_is_told() {
    let early = on("2005-01-01");
    assert!(early.told(Caveat::NoLoadedBan));
    assert_eq!(early.decided().outcome, Outcome::Allow);
    assert!(!on("2022-11-11").told(Caveat::NoLoadedBan));
}

#[test]
fn class_decides_which_provisions_apply() {
    let of = |class, declared, account| {
        on("2022-11-11").with(|a| {
            a.class = class;
            a.message.declared = declared;
            a.policy.account = account;
        })
    };
    let check = |class, declared, account, treatment| {
        let decision = of(class, declared, account).decided();
        assert_eq!(decision.treatment, treatment, "{class} {declared} {account:?}");
    };
    check(Class::Commercial, Declared::Service, Account::Service, Treatment::Commercial);
    check(Class::Mixed, Declared::Code, Account::Service, Treatment::Commercial);
    check(Class::Borderline, Declared::Unknown, Account::Service, Treatment::Outside);
    check(Class::Borderline, Declared::Unknown, Account::Commercial, Treatment::Commercial);
    check(Class::Borderline, Declared::Commercial, Account::Service, Treatment::Commercial);
    check(Class::NotCommercial, Declared::Commercial, Account::Commercial, Treatment::Outside);
    assert!(of(Class::Borderline, Declared::Unknown, Account::Service).told(Caveat::Borderline));
    assert!(!of(Class::Commercial, Declared::Commercial, Account::Service).told(Caveat::Borderline));
    let otherwise = |class, declared| of(class, declared, Account::Service).told(Caveat::DeclaredOtherwise);
    assert!(otherwise(Class::Commercial, Declared::Service) && otherwise(Class::Mixed, Declared::Code));
    assert!(
        !otherwise(Class::Commercial, Declared::Commercial)
            && !otherwise(Class::NotCommercial, Declared::Service)
    );
    let asks = on("2022-11-11").with(|a| a.message.purpose = Purpose::ConsentRequest).decided();
    assert_eq!(asks.treatment, Treatment::ConsentRequest);
    assert_eq!(asks.findings.of(P::AdlawConsent).strict, NotApplicable);
    assert_ne!(asks.findings.of(P::Miit31Request).strict, NotApplicable);
}

#[test]
fn a_code_is_never_lost() {
    let code = |refuse| {
        on("2022-11-11").with(|a| {
            a.class = Class::Mixed;
            a.message.text.code = Known::Yes;
            a.message.basis = Basis::None;
            a.policy.refuse_codes_with_offer = refuse;
        })
    };
    assert_eq!(code(false).decided().outcome, Outcome::FailOpen);
    assert_eq!(code(false).answer(P::AdlawConsent), Breached);
    assert!(code(false).told(Caveat::CodeWithOffer));
    assert_eq!(code(true).decided().outcome, Outcome::Deny);
    let clean = on("2022-11-11").with(|a| {
        a.class = Class::NotCommercial;
        a.message.text.code = Known::Yes;
    });
    assert_eq!(clean.decided().outcome, Outcome::Allow);
    assert!(!clean.told(Caveat::CodeWithOffer));
    // Held by the house, a code goes out all the same.
    let night = code(false).with(|a| {
        a.policy.mode = Mode::Shadow;
        a.message.basis = Basis::Unstated;
        a.policy.quiet_hours = Some(QuietHours { from: 0, to: 1_439 });
    });
    assert_eq!(night.decided().outcome, Outcome::FailOpen);
}

#[test]
fn a_notice_is_stopped_only_by_what_is_broken() {
    let notice = |number| {
        on("2022-11-11").with(|a| {
            a.class = Class::NotCommercial;
            a.message.parties.service_provider = Some(PartyId(9));
            a.message.sender_number = number;
        })
    };
    use anning_vocab::SenderNumber as N;
    assert_eq!(notice(N::NotKept).decided().outcome, Outcome::Allow);
    assert_eq!(
        on("2026-06-01")
            .with(|a| {
                a.class = Class::NotCommercial;
                a.message.parties.service_provider = Some(PartyId(9));
                a.message.sender_number = N::False;
            })
            .decided()
            .outcome,
        Outcome::Deny
    );
}

#[test]
fn refusal_follows_the_brand_by_samr_37_and_elsewhere_by_policy() {
    let from = Date::parse("2020-01-01").unwrap();
    let sister = |online, follows| {
        on("2023-11-11")
            .given("2022-01-01 09:00")
            .act(ActKind::Withdrawn, "2023-01-01 09:00", Terms { controller: Some(SISTER), ..good() })
            .with(|a| {
                a.message.online_business = online;
                a.message.brand = Some(BRAND);
                a.policy.mode = Mode::Shadow;
                a.policy.brand_refusal = follows;
                a.brands = [SENDER, SISTER]
                    .map(|p| BrandAssertion {
                        member: Member::Party(p),
                        brand: BRAND,
                        interval: Interval { from, until: None },
                        by: None,
                    })
                    .to_vec();
            })
    };
    assert_eq!(sister(Known::Yes, true).answer(P::Samr37Refusal), Breached);
    assert_eq!(sister(Known::Yes, true).answer(P::AdlawConsent), Met);
    assert!(!sister(Known::Yes, true).told(Caveat::BrandByPolicy));
    let offline = sister(Known::No, true);
    assert!(offline.told(Caveat::BrandByPolicy));
    assert_eq!(offline.decided().house, House::Deny(HouseGround::BrandRefusal));
    assert_eq!(offline.decided().outcome, Outcome::Deny);
    assert_eq!(sister(Known::No, false).decided().outcome, Outcome::Allow);
}

#[test]
fn a_shared_port_takes_the_widest_refusal() {
    let port = Terms { controller: Some(SISTER), port: Some(PortId(3)), ..good() };
    let shared = on("2022-11-11")
        .given("2022-01-01 09:00")
        .act(ActKind::Withdrawn, "2022-06-01 09:00", port)
        .with(|a| {
            a.message.port = Some(PortId(3));
            a.message.port_shared = Known::Yes;
        });
    assert_eq!(shared.answer(P::AdlawConsent), Unproved);
    assert!(shared.told(Caveat::WidestRefusal));
    let own = shared.with(|a| a.message.port_shared = Known::No).with(|a| a.message.brand = Some(BRAND));
    assert!(!own.told(Caveat::WidestRefusal));
}

#[test]
fn filing_is_a_fact_and_a_caveat() {
    let filed = |signature, port: Option<u32>, channel| {
        on("2025-01-10").with(|a| {
            a.message.channel = channel;
            a.message.port = port.map(PortId);
            a.message.filing.signature = signature;
            a.message.filing.content_provider = Known::Yes;
            a.message.filing.port = Known::Yes;
        })
    };
    let caveats = |asked: Asked| (asked.told(Caveat::NotFiled), asked.told(Caveat::FilingUnknown));
    assert_eq!(caveats(filed(Known::No, Some(1), Channel::Sms)), (true, false));
    assert_eq!(caveats(filed(Known::Unknown, Some(1), Channel::Sms)), (false, true));
    assert_eq!(caveats(filed(Known::Yes, Some(1), Channel::Sms)), (false, false));
    assert_eq!(caveats(filed(Known::No, None, Channel::Sms)), (false, false));
    assert_eq!(caveats(filed(Known::No, Some(1), Channel::Email)), (false, false));
    let required = |signature| {
        let asked = filed(signature, Some(1), Channel::Sms).given("2024-12-01 09:00");
        asked.with(|a| (a.policy.require_filing, a.policy.mode) = (true, Mode::Shadow)).decided().house
    };
    assert_eq!(required(Known::No), House::Deny(HouseGround::NotFiled));
    assert_eq!(required(Known::Yes), House::Pass);
}

#[test]
fn kinds_of_recipient_are_said_so() {
    let to = |recipient| {
        on("2022-11-11").with(|a| (a.message.recipient, a.message.basis) = (recipient, Basis::None))
    };
    assert!(to(RecipientKind::Foreign).told(Caveat::ForeignRecipient));
    assert!(to(RecipientKind::Organisation).told(Caveat::OrganisationLine));
    assert!(!to(RecipientKind::Person).told(Caveat::ForeignRecipient));
    assert!(!to(RecipientKind::Person).told(Caveat::OrganisationLine));
    assert_eq!(to(RecipientKind::Person).answer(P::AdlawConsent), Breached);
    assert_eq!(to(RecipientKind::Foreign).answer(P::AdlawConsent), Unclear);
    assert_eq!(to(RecipientKind::Organisation).answer(P::CrplConsent), NotApplicable);
    assert!(to(RecipientKind::Person).told(Caveat::SubsidiarityOpen));
    assert!(!on("2022-11-11").told(Caveat::SubsidiarityOpen));
}

#[test]
fn minors_are_not_marketed_to_by_automated_decision() {
    let to = |age, audience, day: &str| {
        on(day).given("2022-12-01 09:00").with(|a| (a.message.age, a.message.audience) = (age, audience))
    };
    let check = |age, audience, day, expected| {
        assert_eq!(to(age, audience, day).answer(P::MinorsMarketing), expected, "{age} {audience} {day}");
    };
    check(AgeBand::Minor, Audience::AutomatedDecision, "2024-01-01", Breached);
    check(AgeBand::Under14, Audience::Tags, "2024-01-01", Breached);
    check(AgeBand::Minor, Audience::AutomatedDecision, "2023-12-31", NotApplicable);
    check(AgeBand::Minor, Audience::Untargeted, "2024-01-01", Met);
    check(AgeBand::Minor, Audience::Unknown, "2024-01-01", Unproved);
    check(AgeBand::Unknown, Audience::AutomatedDecision, "2024-01-01", NotApplicable);
}

#[test]
fn house_policy_holds_and_is_not_law() {
    let quiet = |from, to, time: &str| {
        let asked = on("2022-11-11").given("2022-01-01 09:00").with(|a| {
            a.policy.quiet_hours = Some(QuietHours { from, to });
            a.policy.mode = Mode::Shadow;
            a.message.sent_at = at(&format!("2022-11-11 {time}"));
        });
        (asked.decided().outcome, asked.decided().house)
    };
    let hold = |until: &str| {
        let until = at(until);
        (Outcome::Hold(until), House::Hold(HouseGround::QuietHours, until))
    };
    let pass = (Outcome::Allow, House::Pass);
    // 21:00 to 08:00, over midnight.
    assert_eq!(quiet(1_260, 480, "21:00"), hold("2022-11-12 08:00"));
    assert_eq!(quiet(1_260, 480, "20:59"), pass);
    assert_eq!(quiet(1_260, 480, "07:59"), hold("2022-11-11 08:00"));
    assert_eq!(quiet(1_260, 480, "08:00"), pass);
    // 12:00 to 14:00.
    assert_eq!(quiet(720, 840, "12:00"), hold("2022-11-11 14:00"));
    assert_eq!(quiet(720, 840, "14:00"), pass);
    assert_eq!(quiet(720, 840, "11:59"), pass);
}

#[test]
fn caps_count_messages_in_beijing_windows() {
    let sent = |when: &str, commercial, sender| Prior {
        sent_at: at(when),
        sender: Some(sender),
        channel: Channel::Sms,
        kind: None,
        commercial,
        request: false,
        wording: None,
    };
    let capped = |per, prior: &[Prior]| {
        on("2022-11-11")
            .given("2022-01-01 09:00")
            .with(|a| {
                a.policy.cap = Some(Frequency { at_most: 1, per });
                a.policy.mode = Mode::Shadow;
                a.prior = prior.to_vec();
            })
            .decided()
            .house
    };
    let hold = |until: &str| House::Hold(HouseGround::Cap, at(until));
    // 2022-11-11 is a Friday.
    assert_eq!(capped(Window::Day, &[sent("2022-11-11 00:00", true, SENDER)]), hold("2022-11-12 00:00"));
    assert_eq!(capped(Window::Day, &[sent("2022-11-10 23:59", true, SENDER)]), House::Pass);
    assert_eq!(capped(Window::Week, &[sent("2022-11-07 00:00", true, SENDER)]), hold("2022-11-14 00:00"));
    assert_eq!(capped(Window::Week, &[sent("2022-11-06 23:59", true, SENDER)]), House::Pass);
    assert_eq!(capped(Window::Month, &[sent("2022-11-01 00:00", true, SENDER)]), hold("2022-12-01 00:00"));
    assert_eq!(capped(Window::Year, &[sent("2022-01-02 00:00", true, SENDER)]), hold("2023-01-01 00:00"));
    assert_eq!(capped(Window::Day, &[sent("2022-11-11 09:00", false, SENDER)]), House::Pass);
    assert_eq!(capped(Window::Day, &[sent("2022-11-11 09:00", true, SISTER)]), House::Pass);
    assert_eq!(capped(Window::Day, &[]), House::Pass);
}

#[test]
fn a_clearance_is_of_its_kind_ends_and_is_bound_to_the_log() {
    let binds = Binds { law: [1; 32], judge: [2; 32], policy: [3; 32], brands: [4; 32], log_position: 10 };
    let (now, end) = (at("2022-11-11 10:00"), at("2022-11-11 10:05"));
    let kind =
        |asked: &Asked| clear(&asked.decided(), asked.message, &asked.policy, binds, end).map(|c| c.kind());
    let allowed = on("2022-11-11").given("2022-01-01 09:00").with(|a| a.policy.mode = Mode::Shadow);
    assert_eq!(kind(&allowed), Some(ClearanceKind::Permit));
    let refused = |mode| on("2022-11-11").with(|a| (a.policy.mode, a.message.basis) = (mode, Basis::None));
    assert_eq!(kind(&refused(Mode::Shadow)), Some(ClearanceKind::ShadowPass));
    assert_eq!(kind(&refused(Mode::Enforce)), None);
    let code = refused(Mode::Enforce).with(|a| a.message.text.code = Known::Yes);
    assert_eq!(kind(&code), Some(ClearanceKind::FailOpen));
    let redeem = |when, position| {
        let clearance = clear(&allowed.decided(), allowed.message, &allowed.policy, binds, end).unwrap();
        assert_eq!(clearance.binds(), &binds);
        clearance.redeem(when, position).map(|m| m.sent_at)
    };
    assert_eq!(redeem(now, 10), Ok(allowed.message.sent_at));
    assert_eq!(redeem(now, 0), Ok(allowed.message.sent_at));
    let too_late = redeem(end, 10).unwrap_err();
    assert_eq!((too_late.expires, too_late.log_position), (end, 10));
    assert!(too_late.to_string().contains("decide again"));
    assert!(redeem(now, 11).is_err(), "the recipient acted after the decision");
}

#[test]
fn a_decision_binds_policy_and_brands() {
    let base = Policy::default();
    let hours = QuietHours { from: 1, to: 2 };
    let others = [
        Policy { mode: Mode::Shadow, ..base },
        Policy { reading: Reading::Lenient, ..base },
        Policy { account: Account::Commercial, ..base },
        Policy { quiet_hours: Some(hours), ..base },
        Policy { quiet_hours: Some(QuietHours { from: 2, to: 1 }), ..base },
        Policy { cap: Some(Frequency { at_most: 1, per: Window::Day }), ..base },
        Policy { cap: Some(Frequency { at_most: 1, per: Window::Week }), ..base },
        Policy { brand_refusal: false, ..base },
        Policy { require_filing: true, ..base },
        Policy { refuse_codes_with_offer: true, ..base },
    ];
    let mut hashes: Vec<[u8; 32]> = others.iter().chain([&base]).map(Policy::hash).collect();
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), others.len() + 1, "every setting counts");
    assert_eq!(base.hash(), Policy::default().hash());

    let says = |party, brand, from: &str| BrandAssertion {
        member: Member::Party(PartyId(party)),
        brand: BrandId(brand),
        interval: Interval { from: Date::parse(from).unwrap(), until: None },
        by: None,
    };
    // Names, not numbers, are hashed: the order in which an input was read is nothing.
    let hash = |said: Vec<BrandAssertion>, names: &'static [&'static str]| {
        let name = move |m: Member| match m {
            Member::Party(p) => (*names.get(p.0 as usize).unwrap()).to_owned(),
            Member::Signature(_) | Member::Port(_) => String::new(),
        };
        brands_hash(&BrandGraph::new(said), name, |b| format!("brand {}", b.0))
    };
    let one = hash(vec![says(0, 1, "2020-01-01"), says(1, 1, "2020-01-01")], &["mall", "outlet"]);
    let other = hash(vec![says(0, 1, "2020-01-01"), says(1, 1, "2020-01-01")], &["outlet", "mall"]);
    assert_eq!(one, other);
    assert_ne!(one, hash(vec![says(0, 1, "2020-01-02"), says(1, 1, "2020-01-01")], &["mall", "outlet"]));
    assert_ne!(one, hash(vec![says(0, 2, "2020-01-01"), says(1, 1, "2020-01-01")], &["mall", "outlet"]));
    assert_ne!(one, hash(vec![says(0, 1, "2020-01-01")], &["mall", "outlet"]));
}

#[test]
fn house_grounds_have_codes() {
    let codes = [HouseGround::BrandRefusal, HouseGround::NotFiled, HouseGround::QuietHours, HouseGround::Cap];
    assert_eq!(codes.map(HouseGround::code), ["brand_refusal", "not_filed", "quiet_hours", "cap"]);
}

#[test]
fn findings_are_listed_in_order_and_only_where_they_apply() {
    let findings = on("2022-11-11").decided().findings;
    let listed: Vec<P> = findings.iter().map(|(id, _)| id).collect();
    assert!(listed.is_sorted() && listed.contains(&P::AdlawConsent) && !listed.contains(&P::EmailConsent));
    assert_eq!(listed.len() as u32, findings.strict.applicable().count_ones());
    assert_eq!(findings.of(P::EmailConsent).strict, NotApplicable);
    let all: Set<Channel> = Set::<Channel>::all();
    assert!(
        all.iter().all(|c| Law::embedded().on(Date::parse("2022-11-11").unwrap()).provisions(c).len() > 5)
    );
}

#[test]
fn argued_is_any_difference_between_the_readings() {
    use anning_decide::Findings;
    use anning_vocab::{Finding, Ground};
    let answers = [Met, Breached, Unproved, Unclear, NotApplicable];
    for strict in answers {
        for lenient in answers {
            let mut findings = Findings::NONE;
            findings.put(P::CivilPeace, Finding::argued(strict, lenient, Ground::TickedByDefault));
            findings.put(P::AdlawConsent, Finding::met(Ground::Consented));
            let argued = findings.argued();
            assert_eq!(argued, if strict == lenient { 0 } else { P::CivilPeace.bit() }, "{strict} {lenient}");
            // A provision that applies under one reading only is listed all the same.
            let listed = findings.iter().any(|(id, _)| id == P::CivilPeace);
            assert_eq!(listed, (strict, lenient) != (NotApplicable, NotApplicable), "{strict} {lenient}");
            assert_eq!(findings.of(P::CivilPeace).lenient, lenient);
            assert!(findings.strict.applicable() & P::AdlawConsent.bit() != 0, "met applies");
        }
    }
}

#[test]
fn a_ban_that_speaks_of_other_channels_is_none_for_this_one() {
    // The decision of 2012 speaks of telephones and e-mail, and nothing else was in force.
    let leaflet = on("2013-06-01").with(|a| a.message.channel = Channel::Leaflet);
    assert!(leaflet.told(Caveat::NoLoadedBan));
    assert!(!on("2013-06-01").told(Caveat::NoLoadedBan));
    // A ban that is met has spoken.
    assert!(!on("2022-11-11").given("2022-01-01 09:00").told(Caveat::NoLoadedBan));
}

#[test]
fn form_is_left_unjudged_only_where_a_formless_consent_is_relied_on() {
    let consent = |control, days| {
        let terms = Terms { control, days, ..good() };
        on("2022-11-11").act(ActKind::Given, "2019-05-01 09:00", terms).told(Caveat::FormNotJudged)
    };
    assert!(consent(Control::Implied, None) && consent(Control::TickedByDefault, None));
    assert!(!consent(Control::OwnWords, None), "a form of its own");
    assert!(!consent(Control::Implied, Some(1)), "lapsed, so not relied on");
    assert!(!on("2022-11-11").told(Caveat::FormNotJudged));
}
