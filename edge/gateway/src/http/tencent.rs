//! Tencent Cloud SMS 2021-01-11: `SendSms`, signed `TC3-HMAC-SHA256`.

use std::collections::BTreeMap;
use std::sync::Arc;

use anning_vocab::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::basic::{Asking, Denied};
use super::reply::Reply;
use super::request::{Filled, Request, Unfit, fill, is_timely, request_id};
use super::send::{self, Result as Answered, Wanted};
use super::sign::{self, Claim};
use super::vendor::words;
use super::{Front, times};
use crate::config::Account;

/// What is wrong with a request as such.
struct Fault(&'static str, &'static str);

/// The body. Fields that say nothing here (`SmsSdkAppId`, `SenderId`) may stand there.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Asked {
    phone_number_set: Vec<String>,
    template_id: String,
    sign_name: String,
    template_param_set: Vec<String>,
    extend_code: String,
    session_context: String,
}

/// Answers one request. A refusal of one number stands in its row; the status is always 200, as the vendor's.
pub(super) async fn answer(front: &Arc<Front>, request: Request) -> Reply {
    let id = request_id(&front.gateway);
    let ready =
        open(front, &request).and_then(|account| Ok((ready(front, &account, &request.body)?, account)));
    let ((asked, wanted), account) = match ready {
        Ok(ready) => ready,
        Err(Fault(code, message)) => {
            let error = json!({ "Code": code, "Message": message });
            return Reply::json(200, &json!({ "Response": { "Error": error, "RequestId": id } }));
        }
    };
    let pending = send::begin(&front.gateway, &account, wanted).await;
    let mut rows = Vec::with_capacity(pending.len());
    for (to, one) in asked.phone_number_set.iter().zip(pending) {
        let told = one.told().await;
        let results = send::results(&front.gateway, &account, core::slice::from_ref(to), &told);
        rows.extend(results.iter().map(|result| row(to, &asked.session_context, result)));
    }
    Reply::json(200, &json!({ "Response": { "SendStatusSet": rows, "RequestId": id } }))
}

/// One number's row; the number stands there whole, as whoever sent it wrote it.
fn row(to: &str, context: &str, result: &Answered) -> Value {
    let (code, message) = match (result.why, result.message_zh) {
        (Some(reason), Some(zh)) => {
            let article = result.article.as_ref().map_or(String::new(), |article| format!(" ({article})"));
            (words(reason).tencent, format!("{}: {zh}{article}", reason.code()))
        }
        (_, _) => ("Ok", "send success".to_owned()),
    };
    // One that is refused may have an id too, for its receipt.
    let id = result.id.as_deref().filter(|_| result.why.is_none());
    json!({
        "SerialNo": id.unwrap_or(""),
        "PhoneNumber": to,
        "Fee": u8::from(id.is_some()),
        "SessionContext": context,
        "Code": code,
        "Message": message,
        "IsoCode": "CN",
    })
}

fn open(front: &Front, request: &Request) -> Result<Arc<Account>, Fault> {
    let gateway = &*front.gateway;
    if request.method != "POST" || !request.header("content-type").starts_with("application/json") {
        return Err(Fault("UnsupportedProtocol", "only POST with application/json is spoken here"));
    }
    let claim = Claim::read(request.header("authorization"), sign::TC3)
        .ok_or(Fault("AuthFailure.InvalidAuthorization", "only TC3-HMAC-SHA256 is spoken here"))?;
    // Credential=login/day/sms/tc3_request
    let (login, scope) = claim.credential.split_once('/').unwrap_or((&claim.credential, ""));
    let stamp = request.header("x-tc-timestamp");
    let said = stamp.parse::<i64>().ok().filter(|_| stamp.bytes().all(|b| b.is_ascii_digit()));
    let said = Timestamp::from_millis(said.unwrap_or(0).saturating_mul(1_000));
    let day = times::day(said);
    let asking = Asking::new(gateway, request.from, login).map_err(denied)?;
    let in_scope = scope == format!("{day}/{SERVICE}/tc3_request");
    let right = sign::is_tc3(&claim, &request.signed(), asking.secret(), (&day, SERVICE), stamp) && in_scope;
    let account = asking.shown(right).map_err(denied)?;
    if !is_timely(said, gateway.hands().wall()) {
        return Err(Fault("AuthFailure.SignatureExpire", "the time stamp is not within 15 minutes of now"));
    }
    match (request.header("x-tc-action"), request.header("x-tc-version")) {
        ("SendSms", "2021-01-11") => {}
        (_, _) => return Err(Fault("InvalidAction", "only SendSms of 2021-01-11 is spoken here")),
    }
    if gateway.is_draining() {
        return Err(Fault("InternalError.Timeout", "the gateway is ending"));
    }
    Ok(account)
}

fn denied(denied: Denied) -> Fault {
    match denied {
        Denied::Missing | Denied::Wrong => {
            Fault("AuthFailure.SignatureFailure", "SecretId and signature do not fit")
        }
        Denied::Locked => Fault("RequestLimitExceeded", "too many failed logins from there"),
    }
}

fn unfit(unfit: Unfit) -> Fault {
    match unfit {
        Unfit::Template => {
            Fault("FailedOperation.TemplateUnapprovedOrNotExist", "template_unknown: 模板不存在")
        }
        Unfit::Signature => Fault(
            "FailedOperation.SignatureIncorrectOrUnapproved",
            "signature_not_allowed: 该账号不得使用此签名",
        ),
        Unfit::Values => Fault(
            "FailedOperation.TemplateParamSetNotMatchApprovedTemplate",
            "template_values: 模板变量个数不一致",
        ),
        Unfit::Source => Fault("FailedOperation.OtherError", "source_missing: 模板和账号都没有完整的号码"),
    }
}

/// One submit for each number, so that each has its own row.
fn ready(front: &Front, account: &Account, body: &[u8]) -> Result<(Asked, Vec<Wanted>), Fault> {
    let asked: Asked = serde_json::from_slice(body)
        .map_err(|_| Fault("InvalidParameter", "malformed: the body is not of this form"))?;
    if asked.phone_number_set.is_empty() {
        return Err(Fault("MissingParameter.EmptyPhoneNumberSet", "destination_invalid: 接收号码无效"));
    }
    if asked.phone_number_set.len() > NUMBERS_MAX {
        return Err(Fault(
            "LimitExceeded.PhoneNumberCountLimit",
            "too_many_recipients: 手机号码数量超过限制",
        ));
    }
    if asked.session_context.len() > CONTEXT_MAX {
        return Err(Fault("InvalidParameterValue", "malformed: SessionContext is longer than 512 bytes"));
    }
    let values: BTreeMap<String, String> = (1..)
        .zip(&asked.template_param_set)
        .map(|(n, value): (u32, _)| (n.to_string(), value.clone()))
        .collect();
    let of = (&*asked.template_id, &*asked.sign_name, &*asked.extend_code);
    let Filled { from, text } = fill(&front.gateway, account, of, &values, true).map_err(unfit)?;
    let one = |to: &String| Wanted { from: from.clone(), to: vec![to.clone()], text: text.clone(), id: None };
    let wanted = asked.phone_number_set.iter().map(one).collect();
    Ok((asked, wanted))
}

/// The service, as signatures name it.
const SERVICE: &str = "sms";
/// Numbers of one request, as the vendor bounds them.
const NUMBERS_MAX: usize = 200;
/// Bytes of what is given back as it came.
const CONTEXT_MAX: usize = 512;
