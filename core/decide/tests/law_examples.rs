//! The worked examples of `law/` are the tests of its rules: phrases become facts, the rule answers.
//!
//! What a phrase means is written in `law/examples.md`; here it is done. A phrase without an arm fails.
#![expect(clippy::unwrap_used, reason = "a test may stop on what cannot be")]

use anning_consent::{BrandAssertion, BrandGraph, Member, Prior, World};
use anning_decide::{Policy, decide};
use anning_law::{Corpus, Law, Outcome, ProvisionId};
use anning_vocab::{
    Act, ActKind, AgeBand, Audience, Basis, BrandId, Bundling, Category, Channel, Class, ContentKind,
    Control, Covers, Date, Frequency, Interval, Known, Message, Notice, Origin, PartyId, PortId, PortUse,
    ProcessingPurpose, Prominence, Provision, Purpose, RecipientKind, Region, SenderNumber, Set, Terms,
    TermsId, Timestamp, Window,
};

#[test]
fn every_worked_example_comes_out_as_written() {
    let corpus = Corpus::embedded();
    let wrong: Vec<String> = corpus
        .examples()
        .filter_map(|example| {
            let found = outcome(&example.situation, example.date, &example.rule);
            let same = found == example.outcome;
            let name = format!("{} {} {}", example.place, example.rule, example.situation.join("、"));
            (!same).then(|| format!("{name}: written {}, found {found}", example.outcome))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn decided_cases_break_what_they_broke() {
    for case in Corpus::embedded().cases() {
        for rule in &case.breached {
            let found = outcome(&case.situation, case.date, rule);
            assert_eq!(found.to_string(), "违反", "{} {rule}", case.id);
        }
    }
}

/// No phrase is listed and unused, none used and unlisted.
#[test]
fn every_listed_phrase_is_a_fact() {
    for phrase in Corpus::embedded().phrases() {
        let mut scene = Scene::new(Date::parse("2021-11-12").unwrap());
        scene.add(&phrase.zh);
    }
}

fn outcome(situation: &[String], date: Date, rule: &str) -> Outcome {
    let mut scene = Scene::new(date);
    for phrase in situation {
        scene.add(phrase);
    }
    let finding = scene.judge(ProvisionId::from_code(rule).unwrap());
    Outcome { strict: finding.strict, lenient: finding.lenient }
}

const US: PartyId = PartyId(1);
const PROVIDER: PartyId = PartyId(2);
const CARRIER: PartyId = PartyId(3);
const SISTER: PartyId = PartyId(4);
const STRANGER: PartyId = PartyId(5);
const BRAND: BrandId = BrandId(1);
const HOUR: i64 = 3_600_000;

/// One send and what its recipient did.
struct Scene {
    message: Message,
    class: Class,
    /// Terms of the consent, if the situation speaks of one.
    given: Option<Terms>,
    given_at: Timestamp,
    imported: bool,
    guardian: Option<bool>,
    related: Option<bool>,
    /// Acts after the consent: kind, terms, recorded after the send.
    later: Vec<(ActKind, Terms, bool)>,
    prior: Vec<Prior>,
}

impl Scene {
    fn new(date: Date) -> Self {
        let mut message = Message::new(date.start().plus_millis(10 * HOUR), Channel::Sms);
        message.parties.advertiser = Some(US);
        message.parties.content_provider = Some(US);
        message.parties.controller = Some(US);
        message.parties.service_provider = Some(PROVIDER);
        message.parties.carrier = Some(CARRIER);
        message.kind = Some(ContentKind::Retail);
        message.brand = Some(BRAND);
        message.port = Some(PortId(1));
        message.port_shared = Known::No;
        Self {
            given_at: message.sent_at.plus_millis(-24 * HOUR),
            message,
            class: Class::Commercial,
            given: None,
            imported: false,
            guardian: None,
            related: None,
            later: Vec::new(),
            prior: Vec::new(),
        }
    }

    fn add(&mut self, phrase: &str) {
        let done = self.channel(phrase)
            || self.content(phrase)
            || self.consent(phrase)
            || self.refusal(phrase)
            || self.request(phrase)
            || self.record(phrase)
            || self.audience(phrase)
            || self.party(phrase);
        assert!(done, "law/examples.md lists a phrase that no arm here knows: {phrase}");
    }

    fn channel(&mut self, phrase: &str) -> bool {
        self.message.channel = match phrase {
            "短信" => Channel::Sms,
            "彩信" => Channel::Mms,
            "5G消息" => Channel::Rcs,
            "电话" => Channel::Call,
            "即时通讯" => Channel::Im,
            "邮件" => Channel::Email,
            "传单" => Channel::Leaflet,
            _ => return false,
        };
        true
    }

    fn content(&mut self, phrase: &str) -> bool {
        self.class = match phrase {
            "商业内容" => Class::Commercial,
            "非商业内容" => Class::NotCommercial,
            "混合内容" => Class::Mixed,
            "验证码带广告" => {
                self.message.text.code = Known::Yes;
                Class::Mixed
            }
            _ => return false,
        };
        true
    }

    fn consent(&mut self, phrase: &str) -> bool {
        let mut terms = ticked();
        match phrase {
            "无任何记录" => return true,
            "承认无同意" => {
                self.message.basis = Basis::None;
                return true;
            }
            "与经营无直接关系" | "与经营直接相关" => {
                self.related = Some(phrase == "与经营直接相关");
                return true;
            }
            "请求发送" => {
                self.later.push((ActKind::Invited, ticked(), false));
                return true;
            }
            "本人勾选同意" => {}
            "默认勾选" => terms.control = Control::TickedByDefault,
            "默认勾选于2019年" => {
                terms.control = Control::TickedByDefault;
                self.given_at = Date::parse("2019-06-01").unwrap().start();
            }
            "默示同意" => terms.control = Control::Implied,
            "捆绑同意" => terms.bundling = Bundling::WithTerms,
            "条款深埋" => {
                terms.bundling = Bundling::WithTerms;
                terms.prominence = Prominence::Buried;
            }
            "强制同意" => terms.forced = Some(true),
            "告知不全" => {
                terms.notice = Some(Notice {
                    states_categories: Some(false),
                    states_retention: Some(false),
                    states_rights: Some(false),
                    ..full_notice()
                });
            }
            "单独同意" => {
                terms.categories = Some(Set::<Category>::of(&[Category::Contact, Category::Health]));
            }
            "仅有导入标记" => {
                terms = Terms { controller: Some(US), ..Terms::silent(Covers::Both) };
                self.imported = true;
            }
            _ => return false,
        }
        self.given = Some(terms);
        true
    }

    fn refusal(&mut self, phrase: &str) -> bool {
        let refusal = Terms { controller: Some(US), ..Terms::silent(Covers::Both) };
        let mut terms = ticked();
        match phrase {
            "已退订" => self.later.push((ActKind::Withdrawn, refusal, false)),
            "退订已到达未登记" => self.later.push((ActKind::Withdrawn, refusal, true)),
            "明确拒绝" => {
                self.later.push((ActKind::Refused, refusal, false));
                return true;
            }
            "同品牌他名已拒绝" => {
                let sister = Terms { controller: Some(SISTER), ..refusal };
                self.later.push((ActKind::Refused, sister, false));
                return true;
            }
            "未回复" => {
                self.later.push((ActKind::Asked, refusal, false));
                self.later.push((ActKind::NoAnswer, refusal, false));
                return true;
            }
            "号码已换人" => self.later.push((ActKind::Reassigned, Terms::silent(Covers::Both), false)),
            "同意已过期" => {
                self.given_at = self.message.sent_at.plus_millis(-60 * 24 * HOUR);
                terms.days = Some(30);
            }
            "超出约定频次" => {
                terms.frequency = Some(Frequency { at_most: 1, per: Window::Week });
                self.prior.push(self.sent_before(false, HOUR));
            }
            "超出同意渠道" => terms.channels = Some(Set::<Channel>::of(&[Channel::Email])),
            "超出同意类型" => terms.kinds = Some(Set::<ContentKind>::of(&[ContentKind::Finance])),
            "同意他人" => terms.controller = Some(STRANGER),
            _ => return false,
        }
        self.given = Some(terms);
        true
    }

    fn request(&mut self, phrase: &str) -> bool {
        let refusal = Terms { controller: Some(US), ..Terms::silent(Covers::Both) };
        match phrase {
            "说明类型频次期限" => self.message.request_states_terms = Known::Yes,
            "未说明类型频次期限" => self.message.request_states_terms = Known::No,
            "征求同意短信" => self.message.purpose = Purpose::ConsentRequest,
            "再次征求同意" => {
                self.message.purpose = Purpose::ConsentRequest;
                self.prior.push(self.sent_before(true, 20 * 24 * HOUR));
                self.later.push((ActKind::NoAnswer, refusal, false));
            }
            "拒绝后再次征求同意" => {
                self.message.purpose = Purpose::ConsentRequest;
                self.later.push((ActKind::Refused, refusal, false));
            }
            "拒绝后频繁征求同意" => {
                self.message.purpose = Purpose::ConsentRequest;
                self.later.push((ActKind::Refused, refusal, false));
                for hours in [9, 6, 3] {
                    self.prior.push(self.sent_before(true, hours * HOUR));
                }
            }
            _ => return false,
        }
        true
    }

    fn record(&mut self, phrase: &str) -> bool {
        let m = &mut self.message;
        match phrase {
            "载明发送者" => (m.text.identity, m.text.contact) = (Known::Yes, Known::Yes),
            "未载明发送者" => (m.text.identity, m.text.contact) = (Known::No, Known::No),
            "载明退订方式" => m.text.refusal = Known::Yes,
            "未载明退订方式" => m.text.refusal = Known::No,
            "退订免费" => m.refusal_free = Known::Yes,
            "退订收费" => m.refusal_free = Known::No,
            "主题标明广告" => m.text.ad_label = Known::Yes,
            "主题未标广告" => m.text.ad_label = Known::No,
            "服务端口" => m.port_use = PortUse::ServiceOnly,
            "商业端口" => m.port_use = PortUse::Commercial,
            "真实号码" => m.sender_number = SenderNumber::True,
            "虚假号码" => m.sender_number = SenderNumber::False,
            "号码未保存" => m.sender_number = SenderNumber::NotKept,
            "日志已保存" => m.log_kept = Known::Yes,
            "日志未保存" => m.log_kept = Known::No,
            "持有许可" => m.licence = Known::Yes,
            "无许可" => m.licence = Known::No,
            _ => return false,
        }
        true
    }

    fn audience(&mut self, phrase: &str) -> bool {
        let m = &mut self.message;
        match phrase {
            "未作筛选" => m.audience = Audience::Untargeted,
            "自动化决策" => m.audience = Audience::AutomatedDecision,
            "敏感标签" => m.audience = Audience::SensitiveTags,
            "提供非个性化选项" => m.untargeted_option = Known::Yes,
            "未提供非个性化选项" => m.untargeted_option = Known::No,
            "未成年人" => m.age = AgeBand::Minor,
            "不满十四周岁" => m.age = AgeBand::Under14,
            "监护人同意" | "无监护人同意" => {
                self.guardian = Some(phrase == "监护人同意");
                self.given.get_or_insert_with(ticked);
            }
            _ => return false,
        }
        true
    }

    fn party(&mut self, phrase: &str) -> bool {
        let m = &mut self.message;
        let provision = Provision {
            recipient: Some(US),
            contact: Some(true),
            purpose_and_method: Some(true),
            categories: Some(true),
            separate: Some(true),
        };
        match phrase {
            "网络交易经营者" => m.online_business = Known::Yes,
            "第三方数据" => m.parties.controller = Some(STRANGER),
            "第三方单独同意" | "第三方同意未列名" => {
                let named = (phrase == "第三方单独同意").then_some(US);
                let provision = Some(Provision { recipient: named, ..provision });
                let terms = Terms { controller: Some(STRANGER), provision, ..ticked() };
                self.later.push((ActKind::Given, terms, false));
            }
            "有委托合同" => m.vendor_contract = Known::Yes,
            "无委托合同" => m.vendor_contract = Known::No,
            "运营商明知" => m.operator_knew = Known::Yes,
            "个人" => m.recipient = RecipientKind::Person,
            "单位" => m.recipient = RecipientKind::Organisation,
            "境外号码" => m.recipient = RecipientKind::Foreign,
            "上海经营者" => m.region = Region::Shanghai,
            "山东经营者" => m.region = Region::Shandong,
            "河南经营者" => m.region = Region::Henan,
            _ => return false,
        }
        true
    }

    fn sent_before(&self, request: bool, earlier: i64) -> Prior {
        Prior {
            sent_at: self.message.sent_at.plus_millis(-earlier),
            sender: Some(US),
            channel: self.message.channel,
            kind: self.message.kind,
            commercial: !request,
            request,
            wording: None,
        }
    }

    fn judge(mut self, provision: ProvisionId) -> anning_vocab::Finding {
        let sent = self.message.sent_at;
        let mut terms = Vec::new();
        let mut acts = Vec::new();
        let mut act = |kind, said: Terms, at: Timestamp, recorded: Timestamp, origin| {
            let id = TermsId(u32::try_from(terms.len()).unwrap());
            terms.push(said);
            acts.push(Act { kind, origin, occurred: at, received: at, recorded, terms: id });
        };
        if let Some(given) = self.given {
            let said = Terms { guardian: self.guardian, related: self.related, ..given };
            let origin = if self.imported { Origin::Imported } else { Origin::Captured };
            act(ActKind::Given, said, self.given_at, self.given_at, origin);
        }
        for (index, (kind, said, late)) in (1..).zip(&self.later) {
            let at = sent.plus_millis(-12 * HOUR + index * 60_000);
            let recorded = if *late { sent.plus_millis(HOUR) } else { at };
            act(*kind, *said, at, recorded, Origin::Captured);
        }
        self.prior.sort_by_key(|p| p.sent_at);
        let always = Interval { from: Date::parse("2000-01-01").unwrap(), until: None };
        let one_brand = [US, SISTER].map(|party| BrandAssertion {
            member: Member::Party(party),
            brand: BRAND,
            interval: always,
            by: None,
        });
        let world = World { terms, brands: BrandGraph::new(one_brand) };
        let facts = world.facts(&self.message, &acts, &self.prior);
        let law = Law::embedded().on(sent.date());
        let decision = decide(law, &self.message, self.class, &facts, &self.prior, &Policy::default());
        decision.findings.of(provision)
    }
}

/// The consent of the base scene.
fn ticked() -> Terms {
    Terms {
        controller: Some(US),
        purposes: Some(Set::<ProcessingPurpose>::all()),
        categories: Some(Set::<Category>::of(&[Category::Contact])),
        control: Control::TickedByRecipient,
        bundling: Bundling::Separate,
        prominence: Prominence::OnFace,
        forced: Some(false),
        notice: Some(full_notice()),
        ..Terms::silent(Covers::Both)
    }
}

fn full_notice() -> Notice {
    Notice {
        hash: 1,
        names_controller: Some(true),
        states_purpose: Some(true),
        states_categories: Some(true),
        states_retention: Some(true),
        states_rights: Some(true),
        states_type_frequency_period: Some(true),
    }
}
