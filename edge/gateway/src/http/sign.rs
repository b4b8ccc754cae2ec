//! The request signatures of other vendors' interfaces, over what was received: pure functions.
//!
//! Each says what a signature must be of, and refuses one that leaves open what somebody on the way could change.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64ct::{Base64, Encoding as _};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// What of a request is signed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signed<'r> {
    /// `POST`, mostly.
    pub method: &'r str,
    /// Parameters of the address, as they are meant: not escaped.
    pub query: &'r BTreeMap<String, String>,
    /// Headers by their names in lower case.
    pub headers: &'r BTreeMap<String, String>,
    /// Body as it came.
    pub body: &'r [u8],
}

/// An `Authorization` header in parts: who signed, which headers, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claim {
    /// Credential: a login, in TC3 with its scope behind it.
    pub credential: String,
    /// Names of the headers that are signed, in their order.
    pub headers: Vec<String>,
    /// The signature.
    pub signature: Vec<u8>,
}

impl Claim {
    /// Reads `ALGORITHM Credential=…,SignedHeaders=a;b,Signature=hex`.
    pub fn read(header: &str, algorithm: &str) -> Option<Self> {
        let rest = header.strip_prefix(algorithm)?.strip_prefix(' ')?;
        let mut parts: BTreeMap<&str, &str> = BTreeMap::new();
        for part in rest.split(',') {
            let (name, value) = part.trim().split_once('=')?;
            parts.insert(name, value);
        }
        let signature = anning_ledger::hex::decode(&parts.get("Signature")?.to_ascii_lowercase())?;
        let headers = parts.get("SignedHeaders")?.split(';').map(str::to_ascii_lowercase).collect();
        Some(Self { credential: (*parts.get("Credential")?).to_owned(), headers, signature })
    }

    /// Are all of these headers signed?
    pub fn covers(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.headers.iter().any(|own| own == name))
    }
}

/// Alibaba Cloud, `ACS3-HMAC-SHA256`: does the secret's owner say this?
pub(super) fn is_acs3(claim: &Claim, signed: &Signed<'_>, secret: &[u8]) -> bool {
    let hash = sha256_hex(signed.body);
    let same =
        signed.headers.get("x-acs-content-sha256").is_some_and(|said| said.eq_ignore_ascii_case(&hash));
    let text = canonical(claim, signed, &hash);
    let covered =
        claim.covers(&["host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce"]);
    let of = format!("{ACS3}\n{}", sha256_hex(text.as_bytes()));
    is_hmac_sha256(secret, of.as_bytes(), &claim.signature) && covered && same
}

/// Alibaba Cloud, `HMAC-SHA1` over all parameters, those of the address and those of the form.
pub(super) fn is_rpc(method: &str, parameters: &BTreeMap<String, String>, secret: &[u8]) -> bool {
    let given =
        parameters.get("Signature").and_then(|text| Base64::decode_vec(text).ok()).unwrap_or_default();
    let others = parameters.iter().filter(|(name, _)| *name != "Signature");
    let text = format!("{method}&%2F&{}", escape(&query(others)));
    let mut key = secret.to_vec();
    key.push(b'&');
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(&key) else { return false };
    mac.update(text.as_bytes());
    mac.verify_slice(&given).is_ok()
}

/// Tencent Cloud, `TC3-HMAC-SHA256`: does the secret's owner say this to a service, on this day (`2026-11-27`, UTC)?
pub(super) fn is_tc3(
    claim: &Claim,
    signed: &Signed<'_>,
    secret: &[u8],
    (day, service): (&str, &str),
    timestamp: &str,
) -> bool {
    let scope = format!("{day}/{service}/tc3_request");
    let text = canonical(claim, signed, &sha256_hex(signed.body));
    let of = format!("{TC3}\n{timestamp}\n{scope}\n{}", sha256_hex(text.as_bytes()));
    let mut key = b"TC3".to_vec();
    key.extend_from_slice(secret);
    let of_day = hmac_sha256(&key, day.as_bytes());
    let of_service = hmac_sha256(&of_day, service.as_bytes());
    let signing = hmac_sha256(&of_service, b"tc3_request");
    is_hmac_sha256(&signing, of.as_bytes(), &claim.signature) && claim.covers(&["content-type", "host"])
}

/// The request in the one writing that both signatures are over.
fn canonical(claim: &Claim, signed: &Signed<'_>, hash: &str) -> String {
    let mut text = format!("{}\n/\n{}\n", signed.method, query(signed.query.iter()));
    for name in &claim.headers {
        let value = signed.headers.get(name).map_or("", |value| value.trim());
        // Writing into a text does not fail.
        let _ = writeln!(text, "{name}:{value}");
    }
    let _ = write!(text, "\n{}\n{hash}", claim.headers.join(";"));
    text
}

/// Parameters in order, escaped.
fn query<'p>(parameters: impl Iterator<Item = (&'p String, &'p String)>) -> String {
    let pairs: Vec<String> =
        parameters.map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    pairs.join("&")
}

/// Everything but the unreserved characters of RFC 3986 escaped.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn sha256_hex(data: &[u8]) -> String {
    anning_ledger::hex::encode(&Sha256::digest(data))
}

fn hmac_sha256(key: &[u8], data: &[u8]) -> [u8; 32] {
    // A key may have any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    mac.update(data);
    mac.finalize().into_bytes().into()
}

/// Compared in constant time.
fn is_hmac_sha256(key: &[u8], data: &[u8], given: &[u8]) -> bool {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return false };
    mac.update(data);
    mac.verify_slice(given).is_ok()
}

/// Names of the algorithms, as the headers have them.
pub(super) const ACS3: &str = "ACS3-HMAC-SHA256";
pub(super) const TC3: &str = "TC3-HMAC-SHA256";

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    const SECRET: &str = "secret 秘密";

    #[test]
    fn rpc_signatures() {
        let check =
            |method: &str, parameters: &[(&str, &str)], secret: &str, signature: &str, expected: bool| {
                let mut all = map(parameters);
                all.insert("Signature".to_owned(), signature.to_owned());
                assert_eq!(is_rpc(method, &all, secret.as_bytes()), expected, "{method} {signature}");
            };
        // The example in the vendor's documentation.
        let documented = [
            ("AccessKeyId", "testId"),
            ("Action", "SendSms"),
            ("Format", "XML"),
            ("OutId", "123"),
            ("PhoneNumbers", "15300000001"),
            ("RegionId", "cn-hangzhou"),
            ("SignName", "阿里云短信测试专用"),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureNonce", "45e25e9b-0a6f-4070-8c85-2956eda1b466"),
            ("SignatureVersion", "1.0"),
            ("TemplateCode", "SMS_71390007"),
            ("TemplateParam", "{\"customer\":\"test\"}"),
            ("Timestamp", "2017-07-12T02:42:19Z"),
            ("Version", "2017-05-25"),
        ];
        check("GET", &documented, "testSecret", "zJDF+Lrzhj/ThnlvIToysFRq6t4=", true);
        check("POST", &documented, "testSecret", "zJDF+Lrzhj/ThnlvIToysFRq6t4=", false);
        check("GET", &documented, "testSecret2", "zJDF+Lrzhj/ThnlvIToysFRq6t4=", false);
        check("GET", documented.get(1..).unwrap(), "testSecret", "zJDF+Lrzhj/ThnlvIToysFRq6t4=", false);
        check("GET", &documented, "testSecret", "zJDF+Lrzhj/ThnlvIToysFRq6t4", false);
        check("GET", &documented, "testSecret", "", false);
        // Made with Python's hmac.
        let own = [
            ("AccessKeyId", "shop"),
            ("Action", "SendSms"),
            ("Format", "json"),
            ("PhoneNumbers", "13800138000"),
            ("SignName", "云栖百货"),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureNonce", "n-1"),
            ("SignatureVersion", "1.0"),
            ("TemplateCode", "SMS_1"),
            ("TemplateParam", "{\"code\":\"1 2*~\"}"),
            ("Timestamp", "2026-11-27T08:00:00Z"),
            ("Version", "2017-05-25"),
        ];
        check("POST", &own, SECRET, "S2uGz/cYTO7z/f7sbPCrjLsHe/s=", true);
    }

    #[test]
    fn acs3_signatures() {
        let check =
            |query: &[(&str, &str)], headers: &[(&str, &str)], body: &str, secret: &str, signature: &str| {
                let (query, headers) = (map(query), map(headers));
                let names: Vec<&str> = headers.keys().map(String::as_str).collect();
                let header =
                    format!("{ACS3} Credential=k,SignedHeaders={},Signature={signature}", names.join(";"));
                let claim = Claim::read(&header, ACS3).unwrap();
                let signed =
                    Signed { method: "POST", query: &query, headers: &headers, body: body.as_bytes() };
                is_acs3(&claim, &signed, secret.as_bytes())
            };
        // The example in the vendor's documentation.
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let query =
            [("ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"), ("RegionId", "cn-shanghai")];
        let headers = [
            ("host", "ecs.cn-shanghai.aliyuncs.com"),
            ("x-acs-action", "RunInstances"),
            ("x-acs-content-sha256", empty),
            ("x-acs-date", "2023-10-26T10:22:32Z"),
            ("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"),
            ("x-acs-version", "2014-05-26"),
        ];
        let said = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0";
        assert!(check(&query, &headers, "", "YourAccessKeySecret", said));
        assert!(!check(&query, &headers, "", "YourAccessKeySecre", said));
        assert!(!check(&query[..1], &headers, "", "YourAccessKeySecret", said));
        // The hash in the header is signed, but the body is another.
        assert!(!check(&query, &headers, "x", "YourAccessKeySecret", said));
        // Made with Python's hmac.
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("host", "127.0.0.1:8080"),
            ("x-acs-action", "SendBatchSms"),
            ("x-acs-content-sha256", "c4e4b0e2d3e2534de425f61118aea6abb1f56a851e9bc911f6a1857b3de9ab7d"),
            ("x-acs-date", "2026-11-27T08:00:00Z"),
            ("x-acs-signature-nonce", "n-2"),
            ("x-acs-version", "2017-05-25"),
        ];
        let query = [("SignName", "云栖"), ("TemplateCode", "SMS_1")];
        let body = "PhoneNumberJson=%5B%2213800138000%22%5D";
        let said = "00f5376db7e1979568c9a5e6da00d9d8f0e65bc8d8776944369170c398fa18b6";
        assert!(check(&query, &headers, body, SECRET, said));
        // A signature over fewer headers says too little, though it is right.
        let query = BTreeMap::new();
        let few = map(&[("host", "h"), ("x-acs-content-sha256", empty)]);
        let mut claim = Claim {
            credential: "k".to_owned(),
            headers: few.keys().cloned().collect(),
            signature: Vec::new(),
        };
        let signed = Signed { method: "POST", query: &query, headers: &few, body: b"" };
        let of = format!("{ACS3}\n{}", sha256_hex(canonical(&claim, &signed, empty).as_bytes()));
        claim.signature = hmac_sha256(b"secret", of.as_bytes()).to_vec();
        assert!(is_hmac_sha256(b"secret", of.as_bytes(), &claim.signature));
        assert!(!is_acs3(&claim, &signed, b"secret"));
    }

    #[test]
    fn tc3_signatures() {
        let check = |headers: &[(&str, &str)], body: &str, day: &str, secret: &str, signature: &str| {
            let (query, headers) = (BTreeMap::new(), map(headers));
            let names: Vec<&str> = headers.keys().map(String::as_str).collect();
            let header = format!(
                "{TC3} Credential=k/{day}/sms/tc3_request, SignedHeaders={}, Signature={signature}",
                names.join(";")
            );
            let claim = Claim::read(&header, TC3).unwrap();
            let signed = Signed { method: "POST", query: &query, headers: &headers, body: body.as_bytes() };
            is_tc3(&claim, &signed, secret.as_bytes(), (day, "sms"), "1795766400")
        };
        // Made with Python's hmac.
        let headers = [("content-type", "application/json"), ("host", "127.0.0.1:8080")];
        let body = "{\"PhoneNumberSet\":[\"+8613800138000\"]}";
        let said = "0fd0d5911f93241df40ef137383c1bad481767c9ccc4707950fb6fb6111e83d5";
        assert!(check(&headers, body, "2026-11-27", SECRET, said));
        assert!(!check(&headers, body, "2026-11-28", SECRET, said));
        assert!(!check(&headers, "{}", "2026-11-27", SECRET, said));
        assert!(!check(&headers, body, "2026-11-27", "secret", said));
        assert!(!check(&headers[..1], body, "2026-11-27", SECRET, said));
        assert!(!check(&headers, body, "2026-11-27", SECRET, &said[..62]));
        // The example in the vendor's documentation.
        let (query, headers) = (
            BTreeMap::new(),
            map(&[("content-type", "application/json; charset=utf-8"), ("host", "cvm.tencentcloudapi.com")]),
        );
        let body =
            br#"{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}"#;
        let header = "TC3-HMAC-SHA256 Credential=k/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, \
                      Signature=2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c";
        let claim = Claim::read(header, TC3).unwrap();
        let signed = Signed { method: "POST", query: &query, headers: &headers, body };
        let secret = b"Gu5t9xGARNpq86cd98joQYCN3*******";
        assert!(is_tc3(&claim, &signed, secret, ("2019-02-25", "cvm"), "1551113065"));
    }

    #[test]
    fn claims() {
        let check = |header: &str, expected: Option<(&str, &[&str], &[u8])>| {
            let expected = expected.map(|(credential, headers, signature)| Claim {
                credential: credential.to_owned(),
                headers: headers.iter().map(|name| (*name).to_owned()).collect(),
                signature: signature.to_vec(),
            });
            assert_eq!(Claim::read(header, TC3), expected, "{header}");
        };
        let whole = "TC3-HMAC-SHA256 Credential=a/b, SignedHeaders=Host;x, Signature=0Aff";
        check(whole, Some(("a/b", &["host", "x"], &[0x0A, 0xFF])));
        check("TC3-HMAC-SHA256 Credential=a,SignedHeaders=,Signature=00", Some(("a", &[""], &[0])));
        for bad in [
            "",
            "TC3-HMAC-SHA256",
            "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=h,Signature=00",
            "TC3-HMAC-SHA256 Credential=a,SignedHeaders=h",
            "TC3-HMAC-SHA256 Credential=a,SignedHeaders=h,Signature=0g",
            "TC3-HMAC-SHA256 Credential=a,,SignedHeaders=h,Signature=00",
        ] {
            check(bad, None);
        }
    }
}
