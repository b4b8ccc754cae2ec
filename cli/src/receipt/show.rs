//! A verified receipt in words, Chinese or English.

use std::fmt::Write as _;

use anning_audit::summary::words;
use anning_decide::{ClearanceKind, House, Outcome, article_on};
use anning_law::{Corpus, ProvisionId};
use anning_ledger::Fault;
use anning_vocab::{Answer as Found, Date, Timestamp};

use super::{Answer, is_pack};

impl Answer {
    /// For people.
    pub(super) fn words(&self, en: bool) -> String {
        let pick = |zh: &'static str, en_words: &'static str| if en { en_words } else { zh };
        let mut out = String::new();
        let mut line = |label: &str, words: &str| {
            // Writing to a `String` cannot fail.
            let _infallible = writeln!(out, "{label}{}{words}", pick("：", ": "));
        };
        match &self.verdict {
            Ok(good) => {
                line(pick("收据", "receipt"), pick("可信", "good"));
                let place = (good.origin.as_str(), self.receipt.leaf_index, good.size, good.batch_count);
                line(pick("日志", "log"), &log(place, en));
                for (name, seconds) in &good.witnesses {
                    let at =
                        Timestamp::from_millis(i64::try_from(*seconds).unwrap_or(0).saturating_mul(1_000));
                    line(pick("见证", "witness"), &format!("{name}  {at}"));
                }
                for name in &good.unchecked {
                    line(pick("未核对的签名", "signature not checked"), name);
                }
            }
            Err(found) => {
                line(pick("收据", "receipt"), pick("不可信", "not to be believed"));
                line(pick("原因", "reason"), &fault(found, en));
                line(pick("以下仅为收据自称", "what follows is only what it says"), self.receipt.origin());
            }
        }
        let record = &self.record;
        line(pick("发送时间", "time of sending"), &record.sent_at.to_string());
        line(pick("结论", "outcome"), &outcome(record.outcome, record.clearance, en));
        line(
            pick("内容", "content"),
            if en { words::class(record.class).en } else { words::class(record.class).zh },
        );
        let mut answers: Vec<_> = record.answers().collect();
        answers.sort_by_key(|(_, strict, _)| ORDER.iter().position(|answer| answer == strict));
        for (provision, strict, lenient) in answers {
            line(&answer(strict, lenient, en), &name(provision, record.sent_at.date(), en));
        }
        if let House::Deny(ground) | House::Hold(ground, _) = record.house {
            line(pick("内部规则（不是法律）", "house policy, not law"), ground.code());
        }
        for caveat in record.caveats.iter() {
            let words = words::caveat(caveat);
            line(pick("注意", "note"), if en { words.en } else { words.zh });
        }
        let hex = |hash: &[u8; 32]| hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        line(pick("法律包", "law pack"), &hex(&record.binds.law));
        line(pick("证据", "evidence"), &hex(&record.sealed.evidence));
        if let Some(found) = &self.again {
            for difference in found {
                let label = if is_pack(difference) {
                    pick("判据不同", "judged by another")
                } else {
                    pick("不同", "differs")
                };
                line(label, &difference.to_string());
            }
            let same = found.iter().all(is_pack);
            let (yes, no) =
                (pick("结论相同", "the same answer"), pick("与收据不符", "not what the receipt says"));
            line(pick("重新裁决", "decided again"), if same { yes } else { no });
        }
        out.trim_end().to_owned()
    }
}

fn log((origin, index, size, count): (&str, u64, u64, u64), en: bool) -> String {
    if en {
        format!("{origin}, entry {index} of {size}, one of {count} decisions there")
    } else {
        format!("{origin}，第 {index} 项，共 {size} 项；该项含 {count} 个决定")
    }
}

fn fault(fault: &Fault, en: bool) -> String {
    if en {
        return fault.to_string();
    }
    match fault {
        Fault::Leaf => "所附的日志项不是一批决定".to_owned(),
        Fault::AlteredDecision => "决定被改动：与日志承诺的不是同一个决定".to_owned(),
        Fault::BatchPath => "批内路径长度不对".to_owned(),
        Fault::Truncated => "证明被截短".to_owned(),
        Fault::Checkpoint => "所附的检查点不成形".to_owned(),
        Fault::OtherOrigin { origin, key } => format!("收据出自日志 {origin}，公钥却是 {key} 的"),
        Fault::WrongKey => "检查点不是用这把公钥签的".to_owned(),
        Fault::CheckpointSignature => "签名与检查点不符".to_owned(),
        Fault::Inclusion => "这批决定不在日志签过名的树里".to_owned(),
        Fault::Witness { name } => format!("没有这位见证人的有效签名：{name}"),
    }
}

fn outcome(outcome: Outcome, clearance: Option<ClearanceKind>, en: bool) -> String {
    let words = match (outcome, en) {
        (Outcome::Allow, true) => "may be sent".to_owned(),
        (Outcome::Allow, false) => "可以发送".to_owned(),
        (Outcome::Deny, true) => "must not be sent".to_owned(),
        (Outcome::Deny, false) => "不得发送".to_owned(),
        (Outcome::Hold(until), true) => format!("not before {until} (house policy, not law)"),
        (Outcome::Hold(until), false) => format!("暂缓至 {until}（内部规则，不是法律）"),
        (Outcome::FailOpen, true) => "a verification code: it passes, and is recorded".to_owned(),
        (Outcome::FailOpen, false) => "验证码：放行并记录".to_owned(),
    };
    let shadow = match (clearance, en) {
        (Some(ClearanceKind::ShadowPass), true) => "; shadow mode: recorded, not blocked",
        (Some(ClearanceKind::ShadowPass), false) => "；影子模式：只记录，不拦截",
        (Some(ClearanceKind::Permit | ClearanceKind::FailOpen) | None, _) => "",
    };
    words + shadow
}

fn answer(strict: Found, lenient: Found, en: bool) -> String {
    let pick = |answer| if en { words::answer(answer).en } else { words::answer(answer).zh };
    match (strict == lenient, en) {
        (true, _) => pick(strict).to_owned(),
        (false, true) => format!("{} (argued: {})", pick(strict), pick(lenient)),
        (false, false) => format!("{}（有争议：{}）", pick(strict), pick(lenient)),
    }
}

/// The instrument by its short title, and where in it.
fn name(provision: ProvisionId, day: Date, en: bool) -> String {
    let article = article_on(provision, day);
    let mut parts = article.splitn(3, '/');
    let id = [parts.next(), parts.next()].into_iter().flatten().collect::<Vec<_>>().join("/");
    let title = Corpus::embedded().instrument(&id);
    let title = title.map_or("", |found| if en { &found.short_en } else { &found.short_zh });
    format!("{title} {article}")
}

/// What weighs most comes first.
const ORDER: [Found; 4] = [Found::Breached, Found::Unproved, Found::Unclear, Found::Met];
