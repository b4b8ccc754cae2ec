//! Requests as vendors' clients sign them. The clients themselves are in `tests/interop/test_http.py`.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use base64ct::{Base64, Encoding as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

use crate::world::{Answer, CODE, OFFER, SECRET, World, basic};

fn escape(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(one).collect()
}

/// A `SendSms` with Alibaba's old signature, in the address.
fn rpc(world: &World, edits: &[(&str, &str)], secret: &str) -> Answer {
    let mut all: BTreeMap<&str, &str> = BTreeMap::from([
        ("AccessKeyId", "mall"),
        ("Action", "SendSms"),
        ("PhoneNumbers", "13800138000"),
        ("SignName", "云栖百货"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureNonce", "n"),
        ("SignatureVersion", "1.0"),
        ("TemplateCode", "SMS_1"),
        ("TemplateParam", "{\"code\":\"482913\"}"),
        ("Timestamp", "2026-11-27T03:00:00Z"),
        ("Version", "2017-05-25"),
    ]);
    all.extend(edits.iter().copied());
    let query: Vec<String> = all.iter().map(|(n, v)| format!("{}={}", escape(n), escape(v))).collect();
    let query = query.join("&");
    let mut mac = Hmac::<Sha1>::new_from_slice(format!("{secret}&").as_bytes()).unwrap();
    mac.update(format!("GET&%2F&{}", escape(&query)).as_bytes());
    let signature = escape(&Base64::encode_string(&mac.finalize().into_bytes()));
    world.ask("GET", &format!("/?{query}&Signature={signature}"), "", "")
}

#[test]
fn alibaba() {
    let world = World::new(&[]);
    let mut nonce = 0;
    let mut check = |edits: &[(&str, &str)], secret: &str, status: u16, code: &str| {
        nonce += 1;
        let nonce = nonce.to_string();
        let edits: Vec<_> = [("SignatureNonce", &*nonce)].into_iter().chain(edits.iter().copied()).collect();
        let answer = rpc(&world, &edits, secret);
        assert_eq!(
            (answer.status, answer.json()["Code"].as_str().unwrap()),
            (status, code),
            "{edits:?}\n{answer:?}"
        );
        answer.json()
    };
    let body = check(&[], SECRET, 200, "OK");
    assert_eq!(
        (body["Message"].as_str(), body["Results"][0]["to"].as_str()),
        (Some("OK"), Some("138****8000"))
    );
    let known = world.get(&format!("/v1/messages/{}", body["BizId"].as_str().unwrap())).json();
    assert_eq!(known["state"], "queued");
    let body = check(&[("PhoneNumbers", "13800138000,12")], SECRET, 200, "OK");
    assert!(body["Message"].as_str().unwrap().starts_with("1 of 2 refused: destination_invalid"), "{body}");
    check(&[("SmsUpExtendCode", "88")], SECRET, 200, "OK");
    check(&[("PhoneNumbers", "12")], SECRET, 200, "isv.MOBILE_NUMBER_ILLEGAL");
    check(&[("PhoneNumbers", "")], SECRET, 200, "isv.MOBILE_NUMBER_ILLEGAL");
    check(&[("PhoneNumbers", &"1,".repeat(1_001))], SECRET, 200, "isv.MOBILE_COUNT_OVER_LIMIT");
    check(&[("TemplateCode", "SMS_9")], SECRET, 200, "isv.SMS_TEMPLATE_ILLEGAL");
    check(&[("TemplateParam", "")], SECRET, 200, "isv.TEMPLATE_MISSING_PARAMETERS");
    check(&[("TemplateParam", "{")], SECRET, 200, "isv.INVALID_JSON_PARAM");
    check(&[("TemplateParam", "{\"code\":[]}")], SECRET, 200, "isv.INVALID_JSON_PARAM");
    check(&[("TemplateParam", "{\"code\":482913}")], SECRET, 200, "OK");
    check(&[("SignName", "别家")], SECRET, 200, "isv.SMS_SIGNATURE_ILLEGAL");
    check(&[("Action", "Other")], SECRET, 404, "InvalidAction.NotFound");
    check(&[("SignatureMethod", "HMAC-SHA256")], SECRET, 400, "InvalidParameter");
    check(&[("Timestamp", "2026-11-27T02:44:59Z")], SECRET, 400, "InvalidTimeStamp.Expired");
    check(&[("Timestamp", "2026-11-27T03:15:00Z")], SECRET, 200, "OK");
    check(&[("Timestamp", "yesterday")], SECRET, 400, "InvalidTimeStamp.Expired");
    check(&[], "wrong", 403, "SignatureDoesNotMatch");
    check(&[("AccessKeyId", "nobody")], SECRET, 403, "SignatureDoesNotMatch");
    let twice = [("SignatureNonce", "twice")];
    check(&twice, SECRET, 200, "OK");
    check(&twice, SECRET, 400, "SignatureNonceUsed");
}

#[test]
fn alibaba_takes_or_refuses_together_where_the_account_says_so() {
    let world = World::new(&[("per_recipient = \"reports\"", "per_recipient = \"split\"")]);
    let answer = rpc(&world, &[("PhoneNumbers", "13800138000,12")], SECRET).json();
    assert_eq!(
        (answer["Code"].as_str(), answer["BizId"].is_null()),
        (Some("isv.MOBILE_NUMBER_ILLEGAL"), true)
    );
    assert_eq!(world.metric("anning_letters{"), 0);
}

#[test]
fn tencent_is_not_let_in_by_less_than_its_signature() {
    let world = World::new(&[]);
    let check = |headers: &str, code: &str| {
        let headers = format!(
            "{headers}X-TC-Action: SendSms\r\nX-TC-Version: 2021-01-11\r\nContent-Type: application/json\r\n"
        );
        let answer = world.ask("POST", "/", &headers, "{}");
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(answer.head.contains("content-type: application/json\r\n"), "{answer:?}");
        assert_eq!(answer.json()["Response"]["Error"]["Code"], code, "{headers} {answer:?}");
    };
    check("", "AuthFailure.InvalidAuthorization");
    check(&basic("mall", SECRET), "AuthFailure.InvalidAuthorization");
    let made = |scope: &str| {
        format!(
            "Authorization: TC3-HMAC-SHA256 Credential=mall/{scope}, SignedHeaders=content-type;host, Signature=00\r\n\
             X-TC-Timestamp: 1795748400\r\n"
        )
    };
    check(&made("2026-11-27/sms/tc3_request"), "AuthFailure.SignatureFailure");
    check(&made("2026-11-27/cvm/tc3_request"), "AuthFailure.SignatureFailure");
    check(&made(""), "AuthFailure.SignatureFailure");
}

#[test]
fn twilio() {
    let world = World::new(&[]);
    let check = |login: &str, sid: &str, fields: &[(&str, &str)], status: u16, code: Option<u64>| {
        let pairs: Vec<String> = fields.iter().map(|(n, v)| format!("{n}={}", escape(v))).collect();
        let headers = format!("{}Content-Type: application/x-www-form-urlencoded\r\n", basic(login, SECRET));
        let path = format!("/2010-04-01/Accounts/{sid}/Messages.json");
        let answer = world.ask("POST", &path, &headers, &pairs.join("&"));
        assert_eq!((answer.status, answer.json()["code"].as_u64()), (status, code), "{fields:?} {answer:?}");
        answer.json()
    };
    let (to, from) = (("To", "+8613800138000"), ("From", "10690001"));
    let body = check("mall", "mall", &[to, from, ("Body", CODE)], 201, None);
    assert_eq!((body["status"].as_str(), body["sid"].as_str().map(str::len)), (Some("queued"), Some(34)));
    assert_eq!(body["date_created"], "Fri, 27 Nov 2026 03:00:00 +0000");
    check("mall", "mall", &[to, ("MessagingServiceSid", "MG1"), ("Body", CODE)], 201, None);
    let body = check("mall", "mall", &[to, from, ("Body", OFFER)], 400, Some(21_610));
    assert!(body["message"].as_str().unwrap().starts_with("no_consent: "), "{body}");
    check("mall", "mall", &[("To", "12"), from, ("Body", CODE)], 400, Some(21_211));
    check("mall", "mall", &[to, ("From", "95555"), ("Body", CODE)], 400, Some(21_606));
    check("mall", "mall", &[to, from], 400, Some(21_602));
    check("mall", "mall", &[from, ("Body", CODE)], 400, Some(21_604));
    check("mall", "mall", &[to, ("Body", CODE)], 400, Some(21_603));
    check("mall", "mall", &[to, from, ("Body", CODE), ("MediaUrl", "x")], 400, Some(21_620));
    check("mall", "other", &[to, from, ("Body", CODE)], 401, Some(20_003));
    check("nobody", "nobody", &[to, from, ("Body", CODE)], 401, Some(20_003));
    // Nothing of it hangs on the clock of the one who asks.
    world.wall.fetch_add(3_600_000, Ordering::SeqCst);
    check("mall", "mall", &[to, from, ("Body", CODE)], 201, None);
}
