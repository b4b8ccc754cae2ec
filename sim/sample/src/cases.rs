//! The two decided cases: C01 (Ouhai) and C06 (Hangzhou). Names are left out; figures are the reported ones.

use crate::campaign::{Audience, CLEAN, Campaign, Facts, NO_PORT};
use crate::cast::{BRANCH_PORT, CARRIER_BRANCH, Line, MALL, SHOP, SHOP_PORT, SUBCONTRACTOR};
use crate::general::day;
use crate::options::{HANGZHOU_SENDS, OUHAI_SENDS};
use crate::text::Kind;

/// A carrier chose among its own subscribers by tags and wrote to them for a mall. The day is not reported;
/// 2021-04-16 lies before the report and before the laws of that year.
const OUHAI: Facts = Facts {
    advertiser: MALL,
    content_provider: CARRIER_BRANCH,
    service_provider: CARRIER_BRANCH,
    carrier: CARRIER_BRANCH,
    controller: CARRIER_BRANCH,
    audience: "tags",
    basis: "none",
    untargeted_option: "no",
    vendor_contract: "",
    operator_knew: "",
    gain_yuan: "4970",
    port: BRANCH_PORT,
    text: Kind::Mall,
    ..CLEAN
};

/// A shop of which nothing but the texts and the numbers written to is left.
const HANGZHOU: Facts = Facts {
    advertiser: SHOP,
    service_provider: "",
    carrier: "",
    audience: "",
    declared: "",
    basis: "",
    vendor_contract: "",
    log_kept: "no",
    operator_knew: "",
    port: NO_PORT,
    number_state: "not_kept",
    text: Kind::Shop,
    ..CLEAN
};

/// The last campaign: the actual sender was an unknown sub-contractor.
const HANGZHOU_LAST: Facts = Facts {
    service_provider: SUBCONTRACTOR,
    vendor_contract: "no",
    port: SHOP_PORT,
    number_state: "",
    ..HANGZHOU
};

/// Case C01 with so many sends, to people counted from `first`.
pub(crate) fn ouhai(sends: u64, first: u64) -> Campaign {
    Campaign {
        id: "ouhai".to_owned(),
        name: "案例 C01 岸线广场周年庆".to_owned(),
        line: Line::Retail,
        facts: OUHAI,
        start: day("2021-04-16") + 10 * 3_600,
        lasts: 6 * 3_600,
        audience: Audience::List { scenario: "seed_case", first, length: sends, start: 0, count: sends },
        planned: sends,
    }
}

/// The sends of case C01 in a world of `sends`.
pub(crate) fn ouhai_share(sends: u64, full: u64) -> u64 {
    (OUHAI_SENDS * sends / full).max(sends.min(35))
}

/// Case C06 with so many sends in 55 campaigns, to a list of people counted from `first`.
pub(crate) fn hangzhou(sends: u64, first: u64) -> Vec<Campaign> {
    let length = hangzhou_people(sends);
    let last = LAST * sends / HANGZHOU_SENDS;
    let (begin, end) = (day("2021-11-03"), day("2025-01-06"));
    let mut campaigns = Vec::new();
    let mut done = 0;
    for nth in 0..CAMPAIGNS {
        let is_last = nth + 1 == CAMPAIGNS;
        // The first 54 share what the last leaves, to the message.
        let until = if is_last { sends } else { (sends - last) * (nth + 1) / (CAMPAIGNS - 1) };
        let days = (end - begin) / 86_400 * nth as i64 / (CAMPAIGNS - 1) as i64;
        let count = until - done;
        campaigns.push(Campaign {
            id: format!("hz{:02}", nth + 1),
            name: format!("案例 C06 第{}次群发", nth + 1),
            line: Line::Retail,
            facts: if is_last { HANGZHOU_LAST } else { HANGZHOU },
            start: begin + days * 86_400 + 10 * 3_600,
            lasts: 8 * 3_600,
            audience: Audience::List {
                scenario: if is_last { "shop_case_last" } else { "shop_case" },
                first,
                length,
                start: done % length,
                count,
            },
            planned: count,
        });
        done = until;
    }
    campaigns
}

/// People on the shop's list: each is written to about 24 times.
pub(crate) const fn hangzhou_people(sends: u64) -> u64 {
    sends / 24 + 1
}

const CAMPAIGNS: u64 = 55;
/// Recipients of the last campaign.
const LAST: u64 = 199_000;

#[cfg(test)]
mod tests {
    use anning_vocab::Timestamp;

    use super::{Audience, HANGZHOU_SENDS, hangzhou};

    #[test]
    fn the_shop_has_its_reported_figures() {
        let campaigns = hangzhou(HANGZHOU_SENDS, 0);
        assert_eq!(campaigns.len(), 55);
        assert_eq!(campaigns.iter().map(|campaign| campaign.planned).sum::<u64>(), 29_000_000);
        let last = campaigns.last().unwrap();
        assert_eq!(last.planned, 199_000);
        assert_eq!(Timestamp::from_millis(last.start * 1_000).to_string(), "2025-01-06T10:00:00+08:00");
        assert_eq!(campaigns.iter().filter(|c| c.facts.number_state == "not_kept").count(), 54);
        for campaign in &campaigns {
            // Nobody stands twice on one campaign's list.
            let Audience::List { length, count, .. } = campaign.audience else { panic!() };
            assert!(count <= length);
        }
    }

    #[test]
    fn every_size_adds_up() {
        for sends in [1, 54, 55, 56, 1_160, 29_000] {
            assert_eq!(hangzhou(sends, 0).iter().map(|c| c.planned).sum::<u64>(), sends);
        }
    }
}
