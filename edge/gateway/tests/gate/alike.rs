//! The gate and `anning check` say the same of the same facts.

use anning_audit::{Kept, Settings, decide_list_with, input::Mapping, open_mapped};
use anning_vocab::{ActKind, Control, Covers, Terms};

use crate::world::{CODE, CODE_WITH_OFFER, NOTICE, OFFER, World, person, source};

const TABLES: [(&str, &str); 4] = [
    (
        "parties.csv",
        "party,name,contact,online_business,region,licence\n\
         yunqi,云栖百货有限公司,400-812-3123,yes,elsewhere,\nbank,某银行,,,,\nsms-vendor,某短信服务商,,,,yes\ncmcc,某运营商,,,,\n",
    ),
    (
        "brands.csv",
        "member_kind,member,brand,from,until,asserted_by\n\
         party,yunqi,云栖,2020-01-01,,yunqi\nsignature,云栖百货,云栖,2020-01-01,,yunqi\n\
         signature,云栖生活,云栖,2022-06-01,,yunqi\n",
    ),
    (
        "ports.csv",
        "port,use,shared,refusal_free,signature_filed,content_provider_filed,port_filed\n\
         1069000101,commercial,no,yes,yes,yes,yes\n",
    ),
    (
        "campaigns.csv",
        "campaign,audience,untargeted_option,vendor_contract,log_kept\nmall,untargeted,yes,yes,yes\n",
    ),
];

#[test]
fn as_in_check() {
    let mut world = World::new(&[("from = 2022-06-01\n# until", "from = 2020-01-01\n# until")]);
    world.agrees(1, "2021-07-20 09:00", |_| ());
    world.agrees(2, "2021-07-20 09:00", |_| ());
    world.act(
        2,
        ActKind::Withdrawn,
        "2021-07-21 09:00",
        Terms { brand: world.consent().brand, ..Terms::silent(Covers::Receive) },
    );
    world.agrees(3, "2021-07-20 09:00", |terms| terms.control = Control::TickedByDefault);
    world.agrees(4, "2021-07-20 09:00", |terms| terms.notice = None);
    world.agrees(5, "2021-07-20 09:00", |terms| terms.days = Some(30));
    world.act(
        6,
        ActKind::NoAnswer,
        "2021-07-20 09:00",
        Terms { controller: world.consent().controller, ..Terms::silent(Covers::Receive) },
    );
    world.act(7, ActKind::Invited, "2021-07-20 09:00", Terms { kinds: None, ..world.consent() });
    world.act(1, ActKind::Reassigned, "2025-01-01 09:00", Terms::silent(Covers::Both));
    let life = OFFER.replace("云栖百货", "云栖生活");
    let unsigned = OFFER.replace("【云栖百货】", "");
    let texts: [&str; 6] = [OFFER, CODE, CODE_WITH_OFFER, NOTICE, &life, &unsigned];
    let times = [
        "2021-08-02 10:00",
        "2021-10-31 20:00",
        "2021-11-01 10:00",
        "2024-06-30 10:00",
        "2024-07-01 10:00",
        "2025-02-03 22:00",
        "2026-05-04 10:00",
    ];
    let policy = world.account("mall").policy();
    let settings = Settings { policy, ..Settings::default() };
    let mut compared = 0;
    for (number, when) in times.into_iter().enumerate() {
        for (at_, text) in texts.iter().enumerate() {
            let folder = world.folder.join(format!("list-{number}-{at_}"));
            std::fs::create_dir_all(&folder).unwrap();
            for (name, rows) in TABLES {
                // What is on file for a text that bears no signature nobody knows.
                let rows = if *text == unsigned {
                    rows.replace("no,yes,yes,yes,yes", "no,yes,,yes,yes")
                } else {
                    rows.to_owned()
                };
                std::fs::write(folder.join(name), rows).unwrap();
            }
            let mut sends = String::from(
                "sent_at,recipient,channel,text,sender_number,campaign,advertiser,content_provider,service_provider,carrier,controller,declared,kind\n",
            );
            let (day, clock) = when.split_once(' ').unwrap();
            for n in 1..=9 {
                sends += &format!(
                    "{day}T{clock}:00+08:00,{},sms,\"{text}\",{},mall,yunqi,yunqi,sms-vendor,cmcc,yunqi,commercial,retail\n",
                    person(n).reveal(),
                    source("mall")
                );
            }
            std::fs::write(folder.join("sends.csv"), sends).unwrap();
            let input = open_mapped(&[folder], Mapping::default()).unwrap();
            let list = {
                let kept = Kept::of(&world.ledger, None);
                decide_list_with(&input, Some(&kept), &settings, false).unwrap()
            };
            assert!(list.rejects.is_empty(), "{:?}", list.rejects);
            for (n, row) in (1..=9).zip(&list.rows) {
                let ruling = world.ruling(text, n, when);
                if let Some(ticket) = ruling.ticket {
                    world.gate.settle(ruling.recipient, ticket);
                }
                assert_eq!(ruling.decision, row.decision, "{text} to {n} at {when}");
                assert_eq!(ruling.class, row.class);
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 7 * 6 * 9);
}
