//! A refusal takes back every advertisement that waits, in whatever queue, and nothing else.

use anning_cmpp::Version;
use anning_judge::{Judge, Scratch};
use anning_link::{Address, Answer, MessageId, Reply, ReportState};
use anning_vocab::Class;

use crate::line::taken;
use crate::world::{CODE, OFFER, World, message};

const NOTICE: &str = "【云栖百货】您的订单已发货，预计明天送达，请保持电话畅通";
const CODE_WITH_OFFER: &str = "【云栖百货】您的验证码是482913。新人专享五折优惠，满100减50，立即抢购";
/// Texts on the border; which of them are may change as the judge learns.
const BORDER: [&str; 5] = [
    "【云栖百货】您的会员积分即将到期，点击查看",
    "【云栖百货】您的会员等级已升级，期待再次光临",
    "【云栖百货】您的会员活动即将开始，登录了解详情",
    "【云栖百货】您的会员礼券已到账，期待再次光临",
    "【云栖百货】您的会员专属顾问已更换，点击查看",
];

fn class(text: &str) -> Class {
    Judge::shipped().judge(text, &mut Scratch::default()).class
}

#[test]
fn what_may_be_an_advertisement_is_taken_back_from_every_queue() {
    let border = BORDER.into_iter().find(|text| class(text) == Class::Borderline).unwrap();
    assert_eq!((class(NOTICE), class(OFFER)), (Class::NotCommercial, Class::Commercial));
    // A service account: its borderline texts queue with the notices. One message at a time goes out.
    let edits = [("kind = \"commercial\"", "kind = \"service\""), ("window = 32", "window = 1")];
    let world = World::new(&edits);
    let mut carrier = world.carrier();
    let mut sender = world.cmpp(Version::V30).unwrap();
    let person = ["13800138000"];
    let texts = [CODE, OFFER, border, NOTICE, CODE_WITH_OFFER, CODE];
    let answers = sender.submit(texts.iter().map(|text| message(&person, text)).collect());
    // Somebody else's advertisement stays.
    let others = sender.one(message(&["13800138001"], OFFER));
    let ids: Vec<MessageId> = answers.into_iter().chain([others]).map(taken).collect();
    let (sequence, first) = carrier.takes();
    carrier.reply(Reply {
        id: MessageId(b"reply001".to_vec()),
        source: Address::new(b"13800138000"),
        destination: Address::new(b"1069000101"),
        content: b"TD".to_vec(),
        ..Reply::default()
    });
    let theirs = MessageId(b"first001".to_vec());
    carrier.answer(sequence, Answer::Taken(theirs.clone()));
    carrier.report(&theirs, &first, ReportState::Delivered, "DELIVRD");
    carrier.flush();
    // The confirmation of the refusal goes out too.
    let mut seen: Vec<String> = (0..5)
        .map(|number| {
            let id = format!("later{number:03}");
            let carried = carrier.carries(id.as_bytes(), ReportState::Delivered, "DELIVRD");
            let units: Vec<u16> =
                carried.content.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).unwrap()
        })
        .collect();
    seen.retain(|text| !text.contains("退订已生效"));
    seen.sort();
    let mut expected = vec![NOTICE, CODE_WITH_OFFER, CODE, OFFER];
    expected.sort_unstable();
    assert_eq!(seen, expected);
    let reports = sender.told(8);
    let word = |id: &MessageId| {
        let report = reports.iter().find(|report| report.id == *id);
        report.map(|report| String::from_utf8_lossy(&report.word).into_owned())
    };
    let words: Vec<String> = ids.iter().filter_map(word).collect();
    let recalled = "XN:0162";
    let delivered = "DELIVRD";
    assert_eq!(words, [delivered, recalled, recalled, delivered, delivered, delivered, delivered]);
}
