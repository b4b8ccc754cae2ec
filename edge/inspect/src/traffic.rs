//! What may leave, and what the page is told instead: the law of the browser's network.
//!
//! Only reading goes out, only to the page's own origin and to those the caller named. Whatever would send data is
//! kept as evidence and never leaves. From the first typing on, a page on the network reads nothing new either: its
//! door is shut, and what it asks for is kept or noted.

use std::collections::{BTreeMap, HashSet};

use anning_page::record::Note;
use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

use crate::carried::carries;
use crate::deed;
use crate::folder::{Folder, Withheld, decode};
use crate::invented;

/// A request as the browser holds it back.
#[derive(Debug, Default)]
pub(crate) struct Request {
    pub(crate) url: String,
    pub(crate) method: String,
    pub(crate) kind: String,
    pub(crate) frame: String,
    pub(crate) content_type: String,
    /// Names and values of its headers.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// A stream that does not end.
    pub(crate) stream: bool,
    /// A form's own sending, not a link.
    pub(crate) form: bool,
    /// It would replace the page itself.
    pub(crate) main: bool,
    /// A script or a press asks for it, as opposed to whoever opens the page.
    pub(crate) asked_by_page: bool,
}

/// What becomes of a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ruling {
    /// It may go out.
    Continue,
    /// A stored file answers.
    Serve { body: Vec<u8>, media: &'static str },
    /// It would have sent data: kept, answered as if there were nothing to say.
    Submit(Vec<(String, String)>),
    /// Something was typed, but the address was known before: the tab may go there afresh, without what is given here.
    Afresh(Vec<(String, String)>),
    /// It is refused, for this reason.
    Refuse(&'static str),
}

/// What a page may reach.
#[derive(Clone, Debug)]
pub(crate) enum Ground {
    /// A folder under the invented origin.
    Folder(Folder),
    /// Origins, the page's own first.
    Origins(Vec<String>),
}

/// The rules with what they have counted in one visit.
#[derive(Debug)]
pub(crate) struct Traffic {
    ground: Ground,
    requests: usize,
    told: HashSet<String>,
    notes: Vec<Note>,
    /// What was typed, or may be.
    values: Vec<String>,
    typed: bool,
    /// Addresses asked for or named by the page before anything was typed.
    known: HashSet<String>,
    /// Where the page itself was refused to go last.
    elsewhere: Option<String>,
}

impl Request {
    /// Reads `Fetch.requestPaused`.
    pub(crate) fn of(params: &Value) -> Self {
        let request = params.get("request").unwrap_or(&Value::Null);
        let headers = request.get("headers").and_then(Value::as_object);
        let header = |wanted: &str| {
            headers
                .and_then(|all| all.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)))
                .and_then(|(_, value)| value.as_str())
                .unwrap_or_default()
        };
        let entries = request.get("postDataEntries").and_then(Value::as_array);
        let mut body: Vec<u8> = entries
            .into_iter()
            .flatten()
            .filter_map(|entry| Base64::decode_vec(entry.get("bytes")?.as_str()?).ok())
            .flatten()
            .take(BODY_MAX)
            .collect();
        if body.is_empty() {
            body = text(request, "postData").into_bytes();
        }
        let fragment = text(request, "urlFragment");
        let named =
            |(name, value): (&String, &Value)| (name.clone(), value.as_str().unwrap_or_default().to_owned());
        Self {
            url: text(request, "url") + &fragment,
            method: text(request, "method"),
            kind: text(params, "resourceType"),
            frame: text(params, "frameId"),
            content_type: header("content-type").to_owned(),
            headers: headers.into_iter().flatten().map(named).collect(),
            body,
            stream: header("accept").contains("text/event-stream"),
            form: false,
            main: false,
            asked_by_page: false,
        }
    }

    /// Names and values of what it would send.
    fn fields(&self) -> Vec<(String, String)> {
        let query = self.url.split_once('?').map(|(_, query)| query.split('#').next().unwrap_or_default());
        let mut fields = if self.body.is_empty() { pairs(query.unwrap_or_default()) } else { Vec::new() };
        let body = String::from_utf8_lossy(&self.body);
        let kind = self.content_type.to_ascii_lowercase();
        if kind.contains("multipart/form-data") {
            fields.extend(parts(&body));
        } else if let Ok(value @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(&body) {
            leaves("", &value, &mut fields);
        } else if kind.contains("urlencoded") || (body.contains('=') && !body.contains(char::is_whitespace)) {
            fields.extend(pairs(&body));
        } else if !body.is_empty() {
            fields.push((String::new(), body.into_owned()));
        }
        // A header of the page's own may be what carries.
        let marked = invented::marked();
        let telling = |(name, value): &&(String, String)| !is_usual(name) && carries(value, &marked);
        fields.extend(self.headers.iter().filter(telling).cloned());
        fields.truncate(FIELDS_MAX);
        fields.into_iter().map(|(name, value)| (cut(&name), cut(&value))).collect()
    }
}

impl Request {
    /// It has room to tell something: a query, or headers of the page's own.
    fn tells(&self) -> bool {
        bare(&self.url).contains('?') || self.headers.iter().any(|(name, _)| !is_usual(name))
    }
}

impl Traffic {
    pub(crate) fn new(ground: Ground) -> Self {
        Self {
            ground,
            requests: 0,
            told: HashSet::new(),
            notes: Vec::new(),
            values: invented::marked(),
            typed: false,
            known: HashSet::new(),
            elsewhere: None,
        }
    }

    /// Something is typed now, on a page that has a server: from here on nothing new is read.
    pub(crate) fn typed(&mut self, values: Vec<String>, references: Vec<String>) {
        let room = VALUES_MAX.saturating_sub(self.values.len());
        self.values.extend(values.into_iter().filter(|value| !value.is_empty()).take(room));
        if !self.typed && self.has_server() {
            self.typed = true;
            for url in &references {
                self.learn(url);
            }
        }
    }

    /// The page begins anew and knows of nothing that was typed.
    pub(crate) const fn afresh(&mut self) {
        self.typed = false;
    }

    pub(crate) const fn is_typed(&self) -> bool {
        self.typed
    }

    /// Whether the page could send anything to anybody at all.
    pub(crate) const fn has_server(&self) -> bool {
        match &self.ground {
            Ground::Folder(_) => false,
            Ground::Origins(_) => true,
        }
    }

    /// The origins that may be read from.
    pub(crate) fn origins(&self) -> Vec<String> {
        match &self.ground {
            Ground::Folder(_) => Vec::new(),
            Ground::Origins(origins) => origins.clone(),
        }
    }

    /// An address that the page has, or the caller gave, while nothing was typed.
    pub(crate) fn learn(&mut self, url: &str) {
        if self.known.len() < KNOWN_MAX && url.len() <= URL_MAX {
            self.known.insert(bare(url).to_owned());
            self.known.insert(url.to_owned());
        }
    }

    /// Going to this address tells nothing of what was typed, its fragment included: that a page reads too.
    pub(crate) fn is_clean(&self, url: &str) -> bool {
        !self.typed || self.known.contains(url)
    }

    /// Where the page itself was refused to go, since the last call.
    pub(crate) fn elsewhere(&mut self) -> Option<String> {
        self.elsewhere.take()
    }

    /// What was refused since the last call.
    pub(crate) fn notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.notes)
    }

    pub(crate) fn judge(&mut self, request: &Request) -> Ruling {
        self.requests += 1;
        let reads = matches!(request.method.as_str(), "GET" | "HEAD");
        if self.leads_on(request) && reads {
            let told = if self.carries(request) { request.fields() } else { Vec::new() };
            return Ruling::Afresh(told);
        }
        if !reads && request.method != "OPTIONS" || request.form || self.carries(request) {
            return Ruling::Submit(request.fields());
        }
        let ruling = match self.read(request) {
            Ruling::Continue if self.typed => self.read_late(request),
            Ruling::Continue => {
                self.learn(&request.url);
                Ruling::Continue
            }
            other @ (Ruling::Serve { .. } | Ruling::Submit(_) | Ruling::Afresh(_) | Ruling::Refuse(_)) => {
                other
            }
        };
        if let Ruling::Refuse(why) = &ruling {
            if *why == ELSEWHERE {
                let place = format!("{}: {}", origin(&request.url), request.kind.to_ascii_lowercase());
                self.tell(why, &place);
                if request.main {
                    self.elsewhere = Some(origin(&request.url));
                }
            } else {
                self.tell(why, &request.url);
            }
        }
        ruling
    }

    /// The page goes on to where it could have gone before anything was typed.
    fn leads_on(&self, request: &Request) -> bool {
        self.typed
            && request.main
            && !request.form
            && self.known.contains(bare(&request.url))
            && self.admits(&request.url)
            && !(request.asked_by_page && deed::is_address(&request.url))
    }

    /// Address, headers or body of a request carry what was typed.
    fn carries(&self, request: &Request) -> bool {
        // Where the request comes from tells nothing more than its page's own address.
        let own = request.headers.iter().filter(|(name, _)| !is_usual(name));
        carries(&request.url, &self.values)
            || own.map(|(_, value)| value).any(|value| carries(value, &self.values))
    }

    /// What is still read once something was typed. The door is shut: what the browser has already is all there is.
    fn read_late(&self, request: &Request) -> Ruling {
        let known = self.known.contains(bare(&request.url));
        match request.kind.as_str() {
            "Stylesheet" | "Script" | "Image" | "Font" if known => Ruling::Continue,
            "Document" | "XHR" | "Fetch" if !known && request.tells() => Ruling::Submit(request.fields()),
            _ => Ruling::Refuse(LATE),
        }
    }

    fn read(&self, request: &Request) -> Ruling {
        if self.requests > REQUESTS_MAX {
            return Ruling::Refuse("bound of requests");
        }
        if request.asked_by_page && deed::is_address(&request.url) {
            return Ruling::Refuse("an address that does something");
        }
        if request.stream || !READ.contains(&request.kind.as_str()) || request.method == "OPTIONS" {
            return Ruling::Refuse("kind of request");
        }
        let origin = origin(&request.url);
        match &self.ground {
            Ground::Origins(origins) if origins.contains(&origin) => Ruling::Continue,
            Ground::Folder(folder) if origin == STORED => {
                let path = request.url.strip_prefix(STORED).unwrap_or_default();
                let path = path.split(['?', '#']).next().unwrap_or_default();
                match folder.read(path) {
                    Ok((body, media)) => Ruling::Serve { body, media },
                    Err(Withheld::Missing) => Ruling::Refuse("no such file"),
                    Err(Withheld::Outside) => Ruling::Refuse("outside the folder"),
                    Err(Withheld::TooLong) => Ruling::Refuse("bound of bytes"),
                }
            }
            Ground::Origins(_) | Ground::Folder(_) => Ruling::Refuse(ELSEWHERE),
        }
    }

    /// Once for each place and reason: a page that asks a thousand times is noted once.
    pub(crate) fn tell(&mut self, why: &str, url: &str) {
        if url.ends_with("/favicon.ico") {
            return;
        }
        let place = cut(url);
        if self.told.len() < TOLD_MAX && self.told.insert(format!("{why} {place}")) {
            let kind = if why.starts_with("bound") { "bound_reached" } else { "request_refused" };
            self.notes.push(Note { kind: kind.to_owned(), text: format!("{why}: {place}") });
        }
    }

    /// Would the page itself be allowed to go there?
    pub(crate) fn admits(&self, url: &str) -> bool {
        match &self.ground {
            Ground::Folder(_) => origin(url) == STORED,
            Ground::Origins(origins) => origins.contains(&origin(url)),
        }
    }
}

/// Headers of a stored file's answer.
pub(crate) fn served(request: &str, body: &[u8], media: &str) -> Value {
    let media = if media.starts_with("text/") && media != "text/html" {
        format!("{media}; charset=utf-8")
    } else {
        media.to_owned()
    };
    json!({
        "requestId": request, "responseCode": 200, "body": Base64::encode_string(body),
        "responseHeaders": [{"name": "content-type", "value": media}, {"name": "access-control-allow-origin", "value": "*"}],
    })
}

/// The answer to what was kept: nothing to say, stay where you are.
pub(crate) fn kept(request: &str) -> Value {
    json!({
        "requestId": request, "responseCode": 204,
        "responseHeaders": [{"name": "access-control-allow-origin", "value": "*"}],
    })
}

/// Scheme, host and port of an address.
pub(crate) fn origin(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.split(':').next().unwrap_or_default().to_owned();
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let default = if scheme.eq_ignore_ascii_case("https") { ":443" } else { ":80" };
    format!("{scheme}://{}", host.strip_suffix(default).unwrap_or(host)).to_ascii_lowercase()
}

/// An address without its fragment.
pub(crate) fn bare(url: &str) -> &str {
    url.split('#').next().unwrap_or_default()
}

/// Headers that the browser sets of its own accord.
fn is_usual(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("sec-") || USUAL.contains(&name.as_str())
}

fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let plain = |part: &str| decode(&part.replace('+', " "));
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').map_or((plain(pair), String::new()), |(n, v)| (plain(n), plain(v))))
        .collect()
}

fn parts(body: &str) -> Vec<(String, String)> {
    let Some(boundary) = body.lines().next().map(str::trim) else { return Vec::new() };
    let mut fields = BTreeMap::new();
    for part in body.split(boundary) {
        let Some((head, value)) = part.split_once("\r\n\r\n") else { continue };
        let name = head.split("name=\"").nth(1).and_then(|rest| rest.split('"').next());
        if let Some(name) = name {
            fields.insert(name.to_owned(), value.trim_end_matches("\r\n").to_owned());
        }
    }
    fields.into_iter().collect()
}

fn leaves(path: &str, value: &Value, into: &mut Vec<(String, String)>) {
    if into.len() >= FIELDS_MAX {
        return;
    }
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| leaves(&below(name), value, into)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, value)| leaves(&below(&at.to_string()), value, into));
        }
        Value::String(text) => into.push((path.to_owned(), text.clone())),
        Value::Null | Value::Bool(_) | Value::Number(_) => into.push((path.to_owned(), value.to_string())),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(VALUE_MAX).collect()
}

/// Why reading from an origin that nobody named is refused.
pub(crate) const ELSEWHERE: &str = "another origin";
/// The origin that stored pages have. `.invalid` is no one's (RFC 2606), and https makes it a secure context.
pub(crate) const STORED: &str = "https://page.invalid";
/// Kinds of request that read what a page consists of.
const READ: &[&str] = &["Document", "Stylesheet", "Script", "Image", "Font", "XHR", "Fetch", "Manifest"];
/// Why nothing new is read.
pub(crate) const LATE: &str = "asked only after something was typed";
/// Headers that every browser sends, or that say only from where and in what form.
const USUAL: &[&str] = &[
    "accept",
    "accept-encoding",
    "accept-language",
    "access-control-request-headers",
    "access-control-request-method",
    "cache-control",
    "connection",
    "content-length",
    "content-type",
    "host",
    "origin",
    "pragma",
    "purpose",
    "referer",
    "upgrade-insecure-requests",
    "user-agent",
];
/// Addresses that are known.
const KNOWN_MAX: usize = 20_000;
/// Bytes of an address that is remembered.
const URL_MAX: usize = 4 << 10;
/// Values that are looked for.
const VALUES_MAX: usize = 100;
/// Requests of one visit.
const REQUESTS_MAX: usize = 600;
/// Places noted as refused in one visit.
const TOLD_MAX: usize = 100;
/// Bytes of a body that are read.
const BODY_MAX: usize = 256 << 10;
/// Fields of one kept request.
const FIELDS_MAX: usize = 200;
/// Characters of a name, a value or an address.
const VALUE_MAX: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(method: &str, url: &str, kind: &str, content_type: &str, body: &str, expected: &str) {
        let mut traffic = Traffic::new(Ground::Origins(vec!["https://a.example".to_owned()]));
        let request = Request {
            url: url.to_owned(),
            method: method.to_owned(),
            kind: kind.to_owned(),
            content_type: content_type.to_owned(),
            body: body.as_bytes().to_vec(),
            form: kind == "Form",
            ..Request::default()
        };
        let ruling = match traffic.judge(&request) {
            Ruling::Continue => "continue".to_owned(),
            Ruling::Serve { media, .. } => media.to_owned(),
            Ruling::Refuse(why) => why.to_owned(),
            Ruling::Afresh(_) => "afresh".to_owned(),
            Ruling::Submit(fields) => {
                fields.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
            }
        };
        assert_eq!(ruling, expected, "{method} {url} {body}");
    }

    #[test]
    fn only_reading_goes_out_and_only_to_named_origins() {
        check("GET", "https://a.example:443/x", "Document", "", "", "continue");
        check("GET", "https://u@a.example/x", "Image", "", "", "continue");
        check("GET", "https://a.example.evil/x", "Image", "", "", "another origin");
        check("GET", "http://a.example/x", "Script", "", "", "another origin");
        check("GET", "https://a.example/x", "Ping", "", "", "kind of request");
        check("GET", "https://a.example/x?q=1&r=a+b", "Form", "", "", "q=1 r=a b");
        check(
            "GET",
            &format!("https://a.example/p.gif?m={}", invented::MOBILE),
            "Image",
            "",
            "",
            &format!("m={}", invented::MOBILE),
        );
    }

    #[test]
    fn what_does_something_is_not_asked_for_by_a_page() {
        let mut traffic = Traffic::new(Ground::Origins(vec!["https://a.example".to_owned()]));
        for (asked_by_page, expected) in
            [(false, Ruling::Continue), (true, Ruling::Refuse("an address that does something"))]
        {
            let url = "https://a.example/user/logout".to_owned();
            let (method, kind) = ("GET".to_owned(), "Document".to_owned());
            let request = Request { url, method, kind, asked_by_page, ..Request::default() };
            assert_eq!(traffic.judge(&request), expected);
        }
    }

    #[test]
    fn what_would_be_sent_is_read_in_every_common_form() {
        let url = "https://b.example/go?x=1";
        check("POST", url, "XHR", "application/x-www-form-urlencoded", "a=%E7%94%B2&b=", "a=甲 b=");
        check("POST", url, "XHR", "application/json", r#"{"a":{"b":true},"c":[1]}"#, "a.b=true c.0=1");
        let multipart = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b--\r\n";
        check("POST", url, "Document", "multipart/form-data; boundary=b", multipart, "a=1");
        check("PUT", url, "Fetch", "text/plain", "some words", "=some words");
        check("DELETE", url, "Fetch", "", "", "x=1");
    }

    #[test]
    fn once_something_was_typed_nothing_new_is_read() {
        let mut traffic = Traffic::new(Ground::Origins(vec!["https://a.example".to_owned()]));
        traffic.typed(vec!["Herr Nobody".to_owned()], vec!["https://a.example/known?x#y".to_owned()]);
        for (kind, url, header, expected) in [
            ("Document", "https://a.example/known?x", "", Ruling::Afresh(Vec::new())),
            ("Image", "https://a.example/known?x#z", "", Ruling::Continue),
            ("Fetch", "https://a.example/known?x", "", Ruling::Refuse(LATE)),
            ("Script", "https://a.example/new.js", "", Ruling::Refuse(LATE)),
            (
                "Fetch",
                "https://a.example/new?a=b",
                "",
                Ruling::Submit(vec![("a".to_owned(), "b".to_owned())]),
            ),
            (
                "Image",
                "https://a.example/known?x",
                "herr-nobody",
                Ruling::Submit(vec![("x".to_owned(), String::new())]),
            ),
            ("Fetch", "https://b.example/new?a=b", "", Ruling::Refuse("another origin")),
        ] {
            let request = Request {
                url: url.to_owned(),
                method: "GET".to_owned(),
                kind: kind.to_owned(),
                main: kind == "Document",
                headers: vec![("x-data".to_owned(), header.to_owned())]
                    .into_iter()
                    .filter(|(_, v)| !v.is_empty())
                    .collect(),
                ..Request::default()
            };
            assert_eq!(traffic.judge(&request), expected, "{kind} {url}");
        }
        for (url, clean) in [("known?x", true), ("known?x#y", true), ("known?x#other", false), ("new", false)]
        {
            assert_eq!(traffic.is_clean(&format!("https://a.example/{url}")), clean, "{url}");
        }
        traffic.afresh();
        assert!(traffic.is_clean("https://a.example/new"));
    }
}
