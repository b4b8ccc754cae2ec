//! Alibaba Cloud Dysmsapi 2017-05-25: `SendSms`, `SendBatchSms`, signed as its SDKs sign, old (`HMAC-SHA1`) and
//! new (`ACS3-HMAC-SHA256`).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::basic::{Asking, Denied};
use super::nonces::Known;
use super::reply::Reply;
use super::request::{Filled, Request, Unfit, fill, is_timely, request_id};
use super::send::{self, Result as Answered, Wanted};
use super::sign::{self, Claim};
use super::vendor::{message, words};
use super::{Front, form, times};
use crate::codes::{Reason, Refusal};
use crate::config::Account;

/// What is wrong with a request as such.
struct Fault(u16, &'static str, &'static str);

/// Who sends, and with which parameters.
type Opened = (Arc<Account>, BTreeMap<String, String>);

/// Answers one request.
pub(super) async fn answer(front: &Arc<Front>, request: Request) -> Reply {
    let id = request_id(&front.gateway).to_ascii_uppercase();
    let (account, parameters) = match open(front, &request) {
        Ok(opened) => opened,
        Err(Fault(status, code, message)) => {
            return Reply::json(status, &json!({ "RequestId": id, "Code": code, "Message": message }));
        }
    };
    let named = |name: &str| parameters.get(name).map_or("", String::as_str);
    let action = if named("Action").is_empty() { request.header("x-acs-action") } else { named("Action") };
    let wanted = match action {
        "SendSms" => one(front, &account, &parameters),
        "SendBatchSms" => several(front, &account, &parameters),
        _ => {
            let body = json!({ "RequestId": id, "Code": "InvalidAction.NotFound", "Message": "no such action here" });
            return Reply::json(404, &body);
        }
    };
    let wanted = match wanted {
        Ok(wanted) => wanted,
        Err(Fault(status, code, message)) => {
            return Reply::json(status, &json!({ "RequestId": id, "Code": code, "Message": message }));
        }
    };
    let recipients: Vec<Vec<String>> = wanted.iter().map(|one| one.to.clone()).collect();
    let pending = send::begin(&front.gateway, &account, wanted).await;
    let mut results = Vec::new();
    for (to, one) in recipients.iter().zip(pending) {
        results.extend(send::results(&front.gateway, &account, to, &one.told().await));
    }
    said(&id, &results)
}

/// One answer for all numbers: in order if any was taken. What became of each stands beside it.
fn said(id: &str, results: &[Answered]) -> Reply {
    // One that is refused may have an id too, for its receipt.
    let taken = results.iter().filter(|one| one.why.is_none()).find_map(|one| one.id.as_ref());
    let refused: Vec<&Answered> = results.iter().filter(|one| one.why.is_some()).collect();
    let first = refused.iter().filter_map(|one| one.why).min();
    let of = |reason: Reason| {
        let text = refused.iter().find(|one| one.why == Some(reason));
        let article = text.and_then(|one| one.article.as_ref()).map_or(String::new(), |a| format!(" ({a})"));
        format!("{}{article}", message(Refusal::from(reason)))
    };
    let (code, text) = match (taken, first) {
        (Some(_), None) => ("OK", "OK".to_owned()),
        (Some(_), Some(reason)) => {
            ("OK", format!("{} of {} refused: {}", refused.len(), results.len(), of(reason)))
        }
        (None, reason) => {
            let reason = reason.unwrap_or(Reason::Unavailable);
            (words(reason).alibaba, of(reason))
        }
    };
    let mut body = json!({ "RequestId": id, "Code": code, "Message": text, "Results": results });
    if let (Some(taken), Some(fields)) = (taken, body.as_object_mut()) {
        fields.insert("BizId".to_owned(), Value::from(taken.as_str()));
    }
    Reply::json(200, &body)
}

/// Checks who sends. Both kinds of signature cover a time and a number, which is used once.
fn open(front: &Front, request: &Request) -> Result<Opened, Fault> {
    let gateway = &*front.gateway;
    let mut parameters = request.query.clone();
    if request.header("content-type").starts_with("application/x-www-form-urlencoded") {
        let more =
            form::parse(&request.body).ok_or(Fault(400, "InvalidParameter", "the form cannot be read"))?;
        parameters.extend(more);
    }
    let named = |name: &str| parameters.get(name).map_or("", String::as_str);
    let authorization = request.header("authorization");
    let claim = Claim::read(authorization, sign::ACS3);
    let (login, said, nonce) = match &claim {
        Some(claim) => {
            (&*claim.credential, request.header("x-acs-date"), request.header("x-acs-signature-nonce"))
        }
        None => (named("AccessKeyId"), named("Timestamp"), named("SignatureNonce")),
    };
    if login.is_empty() || nonce.is_empty() {
        return Err(Fault(400, "MissingAccessKeyId", "AccessKeyId, nonce or signature is missing"));
    }
    if claim.is_none()
        && !matches!((named("SignatureMethod"), named("SignatureVersion")), ("HMAC-SHA1", "1.0"))
    {
        return Err(Fault(
            400,
            "InvalidParameter",
            "only HMAC-SHA1 1.0 and ACS3-HMAC-SHA256 are spoken here",
        ));
    }
    let now = gateway.hands().wall();
    let timely = times::parse(said).is_some_and(|said| is_timely(said, now));
    let asking = Asking::new(gateway, request.from, login).map_err(denied)?;
    let right = match &claim {
        Some(claim) => sign::is_acs3(claim, &request.signed(), asking.secret()),
        None => sign::is_rpc(&request.method, &parameters, asking.secret()),
    };
    let account = asking.shown(right).map_err(denied)?;
    if !timely {
        return Err(Fault(400, "InvalidTimeStamp.Expired", "the time stamp is not within 15 minutes of now"));
    }
    match front.nonces.spend(login, nonce, gateway.hands().steady()) {
        Known::Fresh => {}
        Known::Used => return Err(Fault(400, "SignatureNonceUsed", "this nonce was used")),
        Known::Full => return Err(Fault(503, "ServiceUnavailable", "too many requests")),
    }
    if gateway.is_draining() {
        return Err(Fault(503, "ServiceUnavailable", "the gateway is ending"));
    }
    Ok((account, parameters))
}

fn denied(denied: Denied) -> Fault {
    match denied {
        Denied::Missing | Denied::Wrong => {
            Fault(403, "SignatureDoesNotMatch", "AccessKeyId and signature do not fit")
        }
        Denied::Locked => Fault(429, "Throttling.User", "too many failed logins from there"),
    }
}

fn unfit(unfit: Unfit) -> Fault {
    match unfit {
        Unfit::Template => Fault(200, "isv.SMS_TEMPLATE_ILLEGAL", "template_unknown: 模板不存在"),
        Unfit::Signature => {
            Fault(200, "isv.SMS_SIGNATURE_ILLEGAL", "signature_not_allowed: 该账号不得使用此签名")
        }
        Unfit::Values => Fault(200, "isv.TEMPLATE_MISSING_PARAMETERS", "template_values: 模板变量缺少参数"),
        Unfit::Source => Fault(200, "isv.ACCOUNT_ABNORMAL", "source_missing: 模板和账号都没有完整的号码"),
    }
}

/// `SendSms`: one text to some numbers.
fn one(
    front: &Front,
    account: &Account,
    parameters: &BTreeMap<String, String>,
) -> Result<Vec<Wanted>, Fault> {
    let named = |name: &str| parameters.get(name).map_or("", String::as_str);
    let to: Vec<String> =
        named("PhoneNumbers").split(',').map(|to| to.trim().to_owned()).filter(|to| !to.is_empty()).collect();
    if to.is_empty() {
        return Err(Fault(200, "isv.MOBILE_NUMBER_ILLEGAL", "destination_invalid: 接收号码无效"));
    }
    if to.len() > NUMBERS_MAX {
        return Err(Fault(200, "isv.MOBILE_COUNT_OVER_LIMIT", "too_many_recipients: 手机号码数量超过限制"));
    }
    let values = values(named("TemplateParam"))?;
    let of = (named("TemplateCode"), named("SignName"), named("SmsUpExtendCode"));
    let Filled { from, text } = fill(&front.gateway, account, of, &values, false).map_err(unfit)?;
    Ok(vec![Wanted { from, to, text, id: None }])
}

/// `SendBatchSms`: a text of its own to each number.
fn several(
    front: &Front,
    account: &Account,
    parameters: &BTreeMap<String, String>,
) -> Result<Vec<Wanted>, Fault> {
    let named = |name: &str| parameters.get(name).map_or("", String::as_str);
    let list = |name: &str| -> Result<Vec<String>, Fault> {
        let text = named(name);
        if text.is_empty() {
            return Ok(Vec::new());
        }
        serde_json::from_str(text)
            .map_err(|_| Fault(200, "isv.INVALID_JSON_PARAM", "malformed: JSON参数不合法"))
    };
    let (to, signatures, extends) =
        (list("PhoneNumberJson")?, list("SignNameJson")?, list("SmsUpExtendCodeJson")?);
    let all = match named("TemplateParamJson") {
        "" => Vec::new(),
        text => serde_json::from_str::<Vec<Value>>(text)
            .map_err(|_| Fault(200, "isv.INVALID_JSON_PARAM", "malformed: JSON参数不合法"))?,
    };
    if to.len() > BATCH_MAX {
        return Err(Fault(200, "isv.MOBILE_COUNT_OVER_LIMIT", "too_many_recipients: 手机号码数量超过限制"));
    }
    let fits = |count: usize| count == 0 || count == to.len();
    if to.is_empty() || signatures.len() != to.len() || !fits(all.len()) || !fits(extends.len()) {
        return Err(Fault(200, "isv.INVALID_PARAMETERS", "malformed: 号码、签名、参数个数不一致"));
    }
    let mut wanted = Vec::with_capacity(to.len());
    for (place, (to, signature)) in to.into_iter().zip(signatures).enumerate() {
        let values = all.get(place).map_or_else(|| Ok(BTreeMap::new()), of_object)?;
        let extend = extends.get(place).map_or("", String::as_str);
        let of = (named("TemplateCode"), &*signature, extend);
        let Filled { from, text } = fill(&front.gateway, account, of, &values, false).map_err(unfit)?;
        wanted.push(Wanted { from, to: vec![to], text, id: None });
    }
    Ok(wanted)
}

/// Values out of a JSON object, numbers as they are written.
fn values(text: &str) -> Result<BTreeMap<String, String>, Fault> {
    if text.is_empty() {
        return Ok(BTreeMap::new());
    }
    let value: Value = serde_json::from_str(text)
        .map_err(|_| Fault(200, "isv.INVALID_JSON_PARAM", "malformed: JSON参数不合法"))?;
    of_object(&value)
}

fn of_object(value: &Value) -> Result<BTreeMap<String, String>, Fault> {
    let bad = || Fault(200, "isv.INVALID_JSON_PARAM", "malformed: JSON参数不合法");
    let mut all = BTreeMap::new();
    for (name, value) in value.as_object().ok_or_else(bad)? {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return Err(bad()),
        };
        all.insert(name.clone(), text);
    }
    Ok(all)
}

/// Numbers of one `SendSms`, and of one `SendBatchSms`, as the vendor bounds them.
const NUMBERS_MAX: usize = 1_000;
const BATCH_MAX: usize = 100;
