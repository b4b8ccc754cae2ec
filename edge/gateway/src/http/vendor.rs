//! Our reasons in the words of other vendors: one table, published in `docs/http.md`.
//!
//! Their codes are coarser than ours, so each message says our code, the Chinese words and the article too.

use crate::codes::{Reason, Refusal};

/// What a reason is about, as far as other vendors tell it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    Recipient,
    Content,
    RefusalMethod,
    Sender,
    Source,
    Signature,
    Destination,
    TooLong,
    Rate,
    Hours,
    Cap,
    Down,
    Over,
}

/// What a refusal is called by each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Words {
    /// Alibaba Cloud `Code`.
    pub alibaba: &'static str,
    /// Tencent Cloud `Code` of one number.
    pub tencent: &'static str,
    /// Twilio's status and code.
    pub twilio: (u16, u32),
}

/// The words for a reason.
pub(super) const fn words(reason: Reason) -> Words {
    let (alibaba, tencent, twilio) = match about(reason) {
        About::Recipient => {
            ("isv.BLACK_KEY_CONTROL_LIMIT", "FailedOperation.PhoneNumberInBlacklist", (400, 21_610))
        }
        About::Content => ("isv.SMS_CONTENT_ILLEGAL", "FailedOperation.ContainSensitiveWord", (400, 30_007)),
        About::RefusalMethod => (
            "isv.SMS_CONTENT_ILLEGAL",
            "InvalidParameterValue.MarketingTemplateWithoutUnsubscribe",
            (400, 30_007),
        ),
        About::Sender => {
            ("isv.ACCOUNT_ABNORMAL", "UnauthorizedOperation.RequestPermissionDeny", (400, 30_007))
        }
        About::Source => {
            ("isv.EXTEND_CODE_ERROR", "UnauthorizedOperation.RequestPermissionDeny", (400, 21_606))
        }
        About::Signature => {
            ("isv.SMS_SIGNATURE_ILLEGAL", "FailedOperation.SignatureIncorrectOrUnapproved", (400, 30_007))
        }
        About::Destination => {
            ("isv.MOBILE_NUMBER_ILLEGAL", "InvalidParameterValue.IncorrectPhoneNumber", (400, 21_211))
        }
        About::TooLong => {
            ("isv.PARAM_LENGTH_LIMIT", "InvalidParameterValue.ContentLengthLimit", (400, 21_617))
        }
        About::Rate => ("isv.BUSINESS_LIMIT_CONTROL", "LimitExceeded.DeliveryFrequencyLimit", (429, 20_429)),
        About::Hours => {
            ("isv.BUSINESS_LIMIT_CONTROL", "FailedOperation.MarketingSendTimeConstraint", (429, 20_429))
        }
        About::Cap => ("isv.DAY_LIMIT_CONTROL", "LimitExceeded.PhoneNumberDailyLimit", (429, 20_429)),
        About::Down => ("isp.SYSTEM_ERROR", "InternalError.Timeout", (503, 20_503)),
        About::Over => ("isp.SYSTEM_ERROR", "FailedOperation.OtherError", (400, 30_008)),
    };
    Words { alibaba, tencent, twilio }
}

/// What a refusal says to people: our code, then Chinese, then the article.
pub(super) fn message(refusal: Refusal) -> String {
    let Refusal { reason, .. } = refusal;
    match refusal.article() {
        Some(article) => format!("{}: {} ({article})", reason.code(), reason.zh()),
        None => format!("{}: {}", reason.code(), reason.zh()),
    }
}

// size: one arm a reason
const fn about(reason: Reason) -> About {
    match reason {
        Reason::Refused
        | Reason::RefusedBrand
        | Reason::RefusedPort
        | Reason::Reassigned
        | Reason::Silent
        | Reason::NoConsent
        | Reason::ConsentUnproved
        | Reason::OtherSender
        | Reason::OtherChannel
        | Reason::OtherKind
        | Reason::OtherPurpose
        | Reason::TooOften
        | Reason::Lapsed
        | Reason::Defective
        | Reason::Notice
        | Reason::Provision
        | Reason::Minor
        | Reason::AskedAgain
        | Reason::BrandByPolicy
        | Reason::Recalled => About::Recipient,
        Reason::NoIdentity
        | Reason::RefusalCosts
        | Reason::NoLabel
        | Reason::Personalised
        | Reason::RequestIncomplete
        | Reason::NotRecorded
        | Reason::Unclear
        | Reason::Incomplete
        | Reason::Unreadable => About::Content,
        Reason::NoRefusalMethod => About::RefusalMethod,
        Reason::Vendor
        | Reason::ServicePort
        | Reason::LogNotKept
        | Reason::NoLicence
        | Reason::OperatorKnew
        | Reason::NotFiled
        | Reason::NoRoute => About::Sender,
        Reason::SenderNumber | Reason::Source => About::Source,
        Reason::Signature => About::Signature,
        Reason::Destination => About::Destination,
        Reason::TooLong => About::TooLong,
        Reason::Rate => About::Rate,
        Reason::QuietHours => About::Hours,
        Reason::Cap => About::Cap,
        Reason::Unavailable | Reason::Full => About::Down,
        Reason::Expired | Reason::Cancelled => About::Over,
    }
}

/// The table as `docs/http.md` shows it.
#[cfg(test)]
pub(super) fn table() -> String {
    let mut out =
        "| reason | Alibaba Cloud | Tencent Cloud | Twilio |\n| --- | --- | --- | --- |\n".to_owned();
    for about in ALL {
        let of: Vec<&Reason> = Reason::ALL.iter().filter(|reason| self::about(**reason) == *about).collect();
        let codes: Vec<String> = of.iter().map(|reason| format!("`{}`", reason.code())).collect();
        let Some(words) = of.first().map(|reason| words(**reason)) else { continue };
        let (status, code) = words.twilio;
        out += &format!(
            "| {} | `{}` | `{}` | {status} {code} |\n",
            codes.join(" "),
            words.alibaba,
            words.tencent
        );
    }
    out
}

#[cfg(test)]
const ALL: &[About] = &[
    About::Recipient,
    About::Content,
    About::RefusalMethod,
    About::Sender,
    About::Source,
    About::Signature,
    About::Destination,
    About::TooLong,
    About::Rate,
    About::Hours,
    About::Cap,
    About::Down,
    About::Over,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_this_table() {
        let page =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/http.md")).unwrap();
        assert!(page.contains(&table()), "docs/http.md must show:\n{}", table());
    }

    #[test]
    fn only_what_may_be_tried_again_is_said_to_be() {
        for reason in Reason::ALL {
            let later = reason.kind() == crate::codes::Kind::Later;
            let (status, _) = words(*reason).twilio;
            assert_eq!(status != 400, later, "{}", reason.code());
        }
    }
}
