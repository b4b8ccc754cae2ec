//! Which text each provision is bound to, and when.

use anning_vocab::{Date, Interval, Mark};

use crate::in_force::{Binding, Law};
use crate::rule::ProvisionId;

impl Law {
    /// The law pack built into this program.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static LAW: std::sync::OnceLock<Law> = std::sync::OnceLock::new();
        LAW.get_or_init(|| Self::new(bindings()))
    }
}

fn bindings() -> Vec<Binding> {
    use ProvisionId as P;
    let (t, tn, s, m) = (Mark::Text, Mark::TextNumberFromMemory, Mark::Substance, Mark::Memory);
    let rows: &[(P, &'static str, &str, &str, Mark)] = &[
        (P::NpcscConsent, "cn/npcsc/7", "2012-12-28", "", t),
        (P::AdlawConsent, "cn/adlaw/43", "2015-09-01", "", t),
        (P::AdlawIdentity, "cn/adlaw/43", "2015-09-01", "", t),
        (P::AdlawOperator, "cn/adlaw/45", "2015-09-01", "", t),
        (P::CrplConsent, "cn/crpl/29", "2014-03-15", "", t),
        (P::CrplStandardTerms, "cn/crpl/26", "2014-03-15", "", t),
        (P::Saic73Consent, "cn/saic73/11", "2015-03-15", "", t),
        (P::Saic73StandardTerms, "cn/saic73/12", "2015-03-15", "", t),
        (P::CrplregConsent, "cn/crplreg/24", "2024-07-01", "", t),
        (P::CrplregCancel, "cn/crplreg/24", "2024-07-01", "", t),
        (P::CrplregAuthorisation, "cn/crplreg/23", "2024-07-01", "", t),
        (P::Miit31Consent, "cn/miit31/18", "2015-06-30", "2026-04-30", t),
        (P::Miit31Request, "cn/miit31/18", "2015-06-30", "2026-04-30", s),
        (P::Miit31Carrier, "cn/miit31/18", "2015-06-30", "2026-04-30", s),
        (P::Miit31Port, "cn/miit31/19", "2015-06-30", "2026-04-30", s),
        (P::Miit31Refusal, "cn/miit31/20", "2015-06-30", "2026-04-30", tn),
        (P::Miit31Label, "cn/miit31/21", "2015-06-30", "2026-04-30", s),
        (P::Miit31Number, "cn/miit31/11", "2015-06-30", "2026-04-30", s),
        (P::Miit31Log, "cn/miit31/12", "2015-06-30", "2026-04-30", tn),
        (P::Miit31Licence, "cn/miit31/6", "2015-06-30", "2026-04-30", s),
        (P::Miit74Number, "cn/miit74/12", "2026-05-01", "", t),
        (P::Miit74Log, "cn/miit74/13", "2026-05-01", "", t),
        (P::Miit74Commercial, "cn/miit74/21", "2026-05-01", "", m),
        (P::Samr37Authorisation, "cn/samr37/13", "2021-05-01", "", m),
        (P::Samr37Consent, "cn/samr37/16", "2021-05-01", "", s),
        (P::Samr37Refusal, "cn/samr37/16", "2021-05-01", "", t),
        (P::PiplConsent, "cn/pipl/14", "2021-11-01", "", t),
        (P::PiplWithdrawal, "cn/pipl/15", "2021-11-01", "", t),
        (P::PiplNoForcing, "cn/pipl/16", "2021-11-01", "", t),
        (P::PiplNotice, "cn/pipl/17", "2021-11-01", "", t),
        (P::PiplEntrust, "cn/pipl/21", "2021-11-01", "", t),
        (P::PiplProvision, "cn/pipl/23", "2021-11-01", "", t),
        (P::PiplAutomated, "cn/pipl/24", "2021-11-01", "", t),
        (P::PiplSensitive, "cn/pipl/29", "2021-11-01", "", t),
        (P::PiplUnder14, "cn/pipl/31", "2021-11-01", "", t),
        (P::MinorsUnder14, "cn/minors/72", "2021-06-01", "", t),
        (P::MinorsMarketing, "cn/minorsreg/24", "2024-01-01", "", t),
        (P::NetdataConsent, "cn/netdata/22", "2025-01-01", "", t),
        (P::NetdataReask, "cn/netdata/22", "2025-01-01", "", t),
        (P::NetdataRecords, "cn/netdata/12", "2025-01-01", "", t),
        (P::NetdataPush, "cn/netdata/42", "2025-01-01", "", t),
        (P::CivilPeace, "cn/civil/1033", "2021-01-01", "", t),
        (P::CivilStandardTerms, "cn/civil/496", "2021-01-01", "", t),
        (P::EmailConsent, "cn/mii38/13", "2006-03-30", "", t),
        (P::EmailLabel, "cn/mii38/13", "2006-03-30", "", t),
        (P::EmailRefusal, "cn/mii38/14", "2006-03-30", "", t),
        (P::AlgoSwitch, "cn/algo/17", "2022-03-01", "", t),
        (P::ShanghaiConsent, "cn/shanghai/32", "2015-03-15", "", t),
        (P::ShanghaiCost, "cn/shanghai/32", "2015-03-15", "", t),
        (P::ShanghaiProof, "cn/shanghai/31", "2015-03-15", "", t),
        (P::ShandongConsent, "cn/shandong/32", "2017-05-01", "", t),
        (P::HenanConsent, "cn/henan/32", "2020-06-04", "", t),
        (P::CslConsent, "cn/csl/41", "2017-06-01", "2025-12-31", t),
        (P::CslConsent, "cn/csl/43", "2026-01-01", "", t),
        (P::Order24Consent, "cn/miit24/9", "2013-09-01", "", m),
    ];
    rows.iter()
        .filter_map(|(provision, article, from, until, mark)| {
            let interval = Interval { from: Date::parse(from).ok()?, until: Date::parse(until).ok() };
            let not_loaded = *provision == P::Miit74Commercial;
            Some(Binding { provision: *provision, article, interval, mark: *mark, not_loaded })
        })
        .collect()
}
