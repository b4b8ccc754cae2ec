//! Replies written by us, and what each must be read as.
#![cfg(test)]

use std::collections::BTreeMap;

use anning_judge::{Ground, Intent, Scope, read_reply, read_reply_to, told_keyword};

const CORPUS: &str = include_str!("replies.tsv");

fn name(intent: Intent) -> &'static str {
    match intent {
        Intent::Refusal { scope: Scope::Brand, .. } => "refusal",
        Intent::Refusal { scope: Scope::Narrow, .. } => "narrow",
        Intent::Resubscription => "resume",
        Intent::AsksHow => "how",
        Intent::Other => "other",
    }
}

#[test]
fn corpus() {
    let (mut counts, mut wrong) = (BTreeMap::new(), Vec::new());
    let rows = CORPUS.lines().filter(|line| !line.starts_with('#'));
    for row in rows {
        let mut fields = row.split('\t');
        let (text, wanted, why) = (fields.next().unwrap(), fields.next().unwrap(), fields.next().unwrap());
        let got = name(read_reply(&text.replace("\\n", "\n")));
        *counts.entry((wanted, got)).or_insert(0) += 1;
        if got != wanted {
            wrong.push(format!("{text:?}: {got}, not {wanted} ({why})"));
        }
    }
    let total: i32 = counts.values().sum();
    for ((wanted, got), count) in &counts {
        println!("{wanted:<8} read as {got:<8} {count}");
    }
    assert!(total >= 250, "{total}");
    assert!(wrong.is_empty(), "{} of {total}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn told() {
    let check = |text: &str, words: &str| {
        let told = told_keyword(text).map(|keyword| keyword.words().collect::<Vec<_>>().join(" "));
        assert_eq!(told.unwrap_or_default(), words, "{text}");
    };
    check("【安宁商城】全场5折，拒收请回复R", "r");
    check("【安宁商城】全场5折，退订回T", "t");
    check("【安宁商城】全场5折 回T退订", "t");
    check("【安宁商城】全场5折，回复TD退订", "td");
    check("【安宁商城】全场5折，退订请回复TD", "td");
    check("【安宁商城】全场5折，回复0000退订", "0000");
    check("【安宁商城】全场5折，退订回N【安宁】", "n");
    check("全场5折，回N退", "n");
    check("全场5折，退回T", "t");
    check("全场5折，TD退订", "td");
    check("全场5折 T退订", "t");
    check("全场5折，退订TD", "td");
    check("全场5折，退订：T", "t");
    check("全场5折，退订，请回复“T”", "t");
    check("全场5折，拒收请回Ｒ", "r");
    check("全场5折，退訂請回覆TD", "td");
    check("如不需要请回复QX", "qx");
    check("不想接收请回复N", "n");
    check("取消订阅请回复QX", "qx");
    check("发送TD到10690001退订", "td");
    check("退订请发送TD至1069", "td");
    check("如需退订请回复退订", "退订");
    check("回复退订即可取消接收", "退订");
    check("回复Y退订", "y");
    check("退订请回复8", "8");
    check("回复1参加活动，回复2了解详情，回T退订", "t");
    check("回复Y确认订阅，回复N退订", "n");
    check("退订回T或TD", "t td");
    check("回T/TD退订", "t td");
    check("拒收回复R，回1领券", "r");
    check("Reply STOP to unsubscribe", "stop");
    check("Sale! Reply STOP to opt out.", "stop");
    check("Text STOP to end", "stop");
    check("STOP to opt out", "stop");
    check("To unsubscribe, reply STOP", "stop");
    check("Msg&data rates may apply. Text HELP for help, STOP to end", "stop");
    check("Txt END to cancel", "end");
    check("Reply OPT OUT to unsubscribe", "opt out");
    check("全场5折，详询4001234567", "");
    check("退订请致电4001234567", "");
    check("您的验证码是123456，请勿告诉他人", "");
    check("退款请回复1", "");
    check("取消订单请回复2", "");
    check("回复1退款", "");
    check("回复1领取礼包", "");
    check("退订请登录APP操作", "");
    check("Reply YES to confirm your appointment", "");
    check("", "");
}

#[test]
fn the_keyword_that_was_told_refuses() {
    let check = |message: &str, reply: &str, refuses: bool| {
        let told = told_keyword(message);
        let intent = read_reply_to(reply, told.as_ref());
        let by_it = matches!(intent, Intent::Refusal { ground: Ground::Told, .. });
        assert_eq!(by_it, refuses, "{message}: {reply} is {intent}");
    };
    check("退订请回复8", "8", true);
    check("退订请回复8", "回复8", true);
    check("退订请回复8", "８", true);
    check("退订请回复8", "8。谢谢", true);
    check("退订请回复8", "88", false);
    check("退订请回复8", "8?", false);
    check("退订请回复8", "8号有活动吗", false);
    check("回复Y退订", "y", true);
    check("回复YES退订", "YES", true);
    check("回T/TD退订", "td", true);
    check("拒收请回复R", "r", true);
    check("全场5折", "8", false);
    assert_eq!(read_reply("8"), Intent::Other);
    assert_eq!(read_reply("YES"), Intent::Resubscription);
}
