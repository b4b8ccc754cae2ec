//! Decided cases and the penalty vectors that concern exposure (P01 to P29), each as one line of data.

#![expect(clippy::unwrap_used, reason = "a test stops where a value is missing")]

use anning_law::Corpus;
use anning_penalty::{
    Breach, Exposure, Gain, Grade, OpenQuestion, Standing, Validity, acts, barred, brackets, exposure,
    late_payment, position, validity,
};
use anning_vocab::{Date, Fen, Role, Set};

fn yuan(yuan: i64) -> Fen {
    Fen::from_yuan(yuan).unwrap()
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn breach<'a>(role: Role, articles: &'a [&'a str], on: &str) -> Breach<'a> {
    Breach::new(&[role], articles, day(on), day(on))
}

fn of(breach: &Breach<'_>) -> Exposure<'static> {
    exposure(Corpus::embedded(), breach)
}

/// Rule id, range in yuan and standing of every candidate that fines.
fn fines(exposure: &Exposure<'_>) -> Vec<(String, i64, i64, Standing)> {
    exposure
        .candidates
        .iter()
        .filter_map(|c| c.fine.map(|f| (c, f)))
        .map(|(c, f)| {
            (
                c.rule.id.clone(),
                f.min.unwrap_or_default().0 / 100,
                f.max.unwrap_or_default().0 / 100,
                c.standing,
            )
        })
        .collect()
}

fn fine(rule: &str, min: i64, max: i64, standing: Standing) -> (String, i64, i64, Standing) {
    (rule.to_owned(), min, max, standing)
}

/// P01, P02, C01: the carrier acting as a business, gain 4,970. The warning, the confiscation and the
/// multiple fit consumer law 56 only.
#[test]
fn c01_ouhai() {
    let mut ouhai = breach(Role::Business, &["cn/crpl/29"], "2021-05-20");
    ouhai.gain = Gain::Known(yuan(4_970));
    let result = of(&ouhai);
    assert_eq!(fines(&result), [fine("CPL-56", 4_970, 49_700, Standing::Chosen)]);
    assert_eq!(result.confiscated.amount, Some(yuan(4_970)));
    assert_eq!(result.confiscated.article.as_deref(), Some("cn/crpl/56"));
    assert_eq!(brackets(yuan(4_970), yuan(49_700)), [yuan(4_970), yuan(18_389), yuan(36_281), yuan(49_700)]);
    let reported = position(yuan(4_970), yuan(49_700), yuan(29_800)).unwrap();
    assert_eq!((reported.basis_points(), reported.grade()), (5_551, Grade::Ordinary));
    // The same sum in the ranges that must not be chosen.
    let elsewhere = |min, max| position(yuan(min), yuan(max), yuan(29_800)).unwrap().basis_points();
    assert_eq!(
        [elsewhere(5_000, 30_000), elsewhere(10_000, 30_000), elsewhere(10_000, 50_000)],
        [9_920, 9_900, 4_950]
    );
}

/// P03, C05: Yuyao, and P04, C02: Ningbo: one ban, two penalty numbers.
#[test]
fn c02_c05_the_number_of_the_article_changes_the_sum_does_not() {
    let check = |on: &str, article: &str| {
        let result = of(&breach(Role::Advertiser, &["cn/adlaw/43"], on));
        let chosen = result.chosen().unwrap();
        assert_eq!(chosen.rule.article, article, "{on}");
        assert_eq!(fines(&result), [fine("AD-62", 5_000, 30_000, Standing::Chosen)], "{on}");
    };
    check("2020-09-01", "cn/adlaw/63");
    check("2021-04-28", "cn/adlaw/63");
    check("2021-04-29", "cn/adlaw/62");
    check("2023-06-01", "cn/adlaw/62");
    let position = |fine| position(yuan(5_000), yuan(30_000), yuan(fine)).unwrap();
    assert_eq!((position(10_000).basis_points(), position(10_000).grade()), (2_000, Grade::Light));
    assert_eq!((position(20_000).basis_points(), position(20_000).grade()), (6_000, Grade::Ordinary));
    assert_eq!(brackets(yuan(5_000), yuan(30_000)), [yuan(5_000), yuan(12_500), yuan(22_500), yuan(30_000)]);
}

/// P05, P06, C03, C04: the fine of Order 31 art 34 is optional; same act, one fined, one warned.
#[test]
fn c03_c04_the_fine_is_optional() {
    let result = of(&breach(Role::ServiceProvider, &["cn/miit31/18"], "2022-03-01"));
    assert_eq!(fines(&result), [fine("MIIT31-34", 10_000, 30_000, Standing::Chosen)]);
    assert!(result.chosen().unwrap().rule.optional);
    assert_eq!(position(yuan(10_000), yuan(30_000), yuan(20_000)).unwrap().basis_points(), 5_000);
}

/// P07, C06: the shop whose gain cannot be computed.
#[test]
fn c06_gain_not_computable_is_not_zero() {
    let advertiser = of(&breach(Role::Advertiser, &["cn/adlaw/43", "cn/crpl/29"], "2025-01-06"));
    assert_eq!(fines(&advertiser), [fine("AD-62", 5_000, 30_000, Standing::Chosen)]);
    let business = of(&breach(Role::Business, &["cn/adlaw/43", "cn/crpl/29"], "2025-01-06"));
    assert_eq!(fines(&business), [fine("CPL-56", 0, 500_000, Standing::Chosen)]);
    for result in [advertiser, business] {
        assert!(result.open.contains(&OpenQuestion::GainNotComputable));
        assert_eq!(result.confiscated.amount, None);
    }
    assert_eq!(position(Fen(0), yuan(500_000), yuan(10_000)).unwrap().basis_points(), 200);
}

/// P08: one party, advertiser and business: whether 62 displaces the subsidiary 56 is open, both are shown.
#[test]
fn p08_subsidiarity_is_left_open() {
    let mut seller = breach(Role::Advertiser, &["cn/adlaw/43", "cn/crpl/29"], "2021-05-20");
    seller.roles = Set::<Role>::of(&[Role::Advertiser, Role::Business]);
    seller.gain = Gain::Known(yuan(4_970));
    let result = of(&seller);
    let expected =
        [fine("AD-62", 5_000, 30_000, Standing::Chosen), fine("CPL-56", 4_970, 49_700, Standing::Open)];
    assert_eq!(fines(&result), expected);
    assert!(result.open.contains(&OpenQuestion::Subsidiarity));
    assert!(result.open.contains(&OpenQuestion::Competence));
}

//= cn/apl/29 同一个违法行为违反多个法律规范应当给予罚款处罚的，按照罚款数额高的规定处罚。
//= type=test
/// P09, P10: two provisions fine the operator that knew; the higher remains; the step at 50,000.
#[test]
fn p09_p10_the_higher_fine_and_its_step() {
    let articles = ["cn/adlaw/45", "cn/miit31/18"];
    let check = |gain: Fen, expected: &[(String, i64, i64, Standing)]| {
        let mut operator = breach(Role::Carrier, &articles, "2022-01-01");
        operator.gain = Gain::Known(gain);
        assert_eq!(fines(&of(&operator)), expected, "{gain}");
    };
    let absorbed = || fine("MIIT31-34", 10_000, 30_000, Standing::Absorbed);
    check(yuan(80_000), &[fine("AD-63", 80_000, 240_000, Standing::Chosen), absorbed()]);
    check(yuan(50_000), &[fine("AD-63", 50_000, 150_000, Standing::Chosen), absorbed()]);
    check(Fen(4_999_999), &[fine("AD-63", 10_000, 50_000, Standing::Chosen), absorbed()]);
}

/// P11, P12: how many acts.
#[test]
fn p11_p12_acts() {
    assert_eq!((acts(2, 1).usual, acts(2, 1).others), (2, vec![]));
    assert_eq!((acts(55, 0).usual, acts(55, 0).others), (1, vec![55]));
}

/// P13, P14: limitation counts from the last send.
#[test]
fn p13_p14_limitation() {
    let check = |last: &str, discovered: &str, expected| {
        assert_eq!(
            barred(Corpus::embedded(), day(last), day(discovered), false),
            Some(expected),
            "{last} {discovered}"
        );
    };
    check("2023-06-01", "2025-05-30", false);
    check("2023-06-01", "2025-06-01", false);
    check("2023-06-01", "2025-06-15", true);
    check("2021-12-20", "2023-11-11", false);
}

/// P15: 3 % a day after fifteen days, never more than the fine.
#[test]
fn p15_late_payment() {
    let check = |paid: &str, surcharge: i64| {
        let late = late_payment(yuan(29_800), day("2021-05-06"), day(paid), 15, 3);
        assert_eq!((late.due, late.surcharge), (day("2021-05-21"), yuan(surcharge)), "{paid}");
    };
    check("2021-05-21", 0);
    check("2021-05-31", 8_940);
    check("2021-06-30", 29_800);
    check("2021-07-30", 29_800);
}

//= cn/apl/28 违法所得，除依法应当退赔的外，应当予以没收。
//= type=test
/// P16, P17: confiscation where the article is silent, from 2021-07-15; refunds first.
#[test]
fn p16_p17_confiscation() {
    let check = |on: &str, gain: i64, refunded: i64, amount: Option<i64>, article: Option<&str>| {
        let mut advertiser = breach(Role::Advertiser, &["cn/adlaw/43"], on);
        (advertiser.gain, advertiser.refunded) = (Gain::Known(yuan(gain)), yuan(refunded));
        let confiscated = of(&advertiser).confiscated;
        assert_eq!((confiscated.amount, confiscated.article.as_deref()), (amount.map(yuan), article), "{on}");
    };
    check("2021-07-14", 3_000, 0, None, None);
    check("2021-08-01", 3_000, 0, Some(3_000), Some("cn/apl/28"));
    check("2021-08-01", 4_970, 970, Some(4_000), Some("cn/apl/28"));
    check("2021-08-01", 100, 200, Some(0), Some("cn/apl/28"));
}

/// P21, P22, P23: PIPL 66 has no fine at first.
#[test]
fn p21_p22_p23_pipl_tiers() {
    let mut processor = breach(Role::Processor, &["cn/pipl/14"], "2021-11-05");
    let ids = |b: &Breach<'_>| fines(&of(b)).into_iter().filter(|f| f.0 == "PIPL-66").collect::<Vec<_>>();
    (processor.refused_correction, processor.serious) = (Some(false), Some(false));
    assert_eq!(ids(&processor), []);
    assert!(
        of(&processor).candidates.iter().any(|c| c.rule.id == "PIPL-66" && c.standing == Standing::NoFine)
    );
    processor.refused_correction = Some(true);
    assert_eq!(ids(&processor), [fine("PIPL-66", 0, 1_000_000, Standing::Chosen)]);
    let refused = of(&processor);
    let persons = refused.candidates.iter().find(|c| c.fine.is_some()).unwrap().rule.persons;
    assert_eq!(persons, Some((yuan(10_000), yuan(100_000))));
    (processor.refused_correction, processor.serious) = (Some(false), Some(true));
    processor.turnover = Some(yuan(3_000_000_000));
    assert_eq!(ids(&processor), [fine("PIPL-66", 0, 150_000_000, Standing::Chosen)]);
    processor.turnover = None;
    assert_eq!(ids(&processor), [fine("PIPL-66", 0, 50_000_000, Standing::Chosen)]);
}

/// P24: the text of the act was replaced by one that is not loaded: blocked, no silent fall-back.
#[test]
fn p24_blocked_when_the_new_text_is_not_loaded() {
    let mut provider = breach(Role::ServiceProvider, &["cn/miit31/18"], "2026-03-01");
    provider.decided = Some(day("2026-06-10"));
    let result = of(&provider);
    assert_eq!(fines(&result), [fine("MIIT31-34", 10_000, 30_000, Standing::Blocked)]);
    assert!(result.chosen().is_none());
    assert!(result.open.contains(&OpenQuestion::LaterTextNotLoaded));
    provider.decided = Some(day("2026-04-30"));
    assert_eq!(of(&provider).chosen().unwrap().rule.id, "MIIT31-34");
}

/// P25, P26: each party by its role; the content provider has no fine in Order 31 art 34.
#[test]
fn p25_p26_role_decides() {
    let chosen = |role, articles: &[&str]| {
        of(&breach(role, articles, "2023-06-01")).chosen().map(|c| c.rule.id.clone())
    };
    let both = ["cn/adlaw/43", "cn/miit31/18"];
    assert_eq!(chosen(Role::Advertiser, &both).as_deref(), Some("AD-62"));
    assert_eq!(chosen(Role::ServiceProvider, &both).as_deref(), Some("MIIT31-34"));
    assert_eq!(chosen(Role::ContentProvider, &["cn/miit31/18"]), None);
}

/// P28, P29: below the least only with a ground of art 32.
#[test]
fn p28_p29_below_the_least() {
    let check =
        |ground, expected| assert_eq!(validity(yuan(5_000), yuan(30_000), yuan(3_000), ground), expected);
    check(true, Validity::ValidWithGround);
    check(false, Validity::Invalid);
    assert_eq!(validity(yuan(5_000), yuan(30_000), yuan(30_001), true), Validity::Invalid);
    assert_eq!(validity(yuan(5_000), yuan(30_000), yuan(30_000), false), Validity::Valid(Grade::Heavy));
}
