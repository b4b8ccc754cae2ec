//! Twilio's `Messages.json`: HTTP Basic, a form in, JSON out.

use std::net::IpAddr;
use std::sync::Arc;

use anning_link::MessageId;
use axum::Extension;
use axum::extract::{Path, Request, State};
use serde_json::json;

use super::basic::{self, Denied};
use super::reply::Reply;
use super::send::{self, Wanted};
use super::vendor::words;
use super::{Front, form, messages, times};
use crate::config::Protocol;

/// What is wrong: status, code, words.
struct Fault(u16, u32, String);

/// Takes one message.
pub(super) async fn post(
    State(front): State<Arc<Front>>,
    Extension(from): Extension<IpAddr>,
    Path(sid): Path<String>,
    request: Request,
) -> Reply {
    match take(&front, from, &sid, request).await {
        Ok(reply) => reply,
        Err(Fault(status, code, message)) => {
            let more = format!("https://www.twilio.com/docs/errors/{code}");
            let body = json!({ "code": code, "message": message, "more_info": more, "status": status });
            let retry_after = (status == 429 || status == 503).then_some(5);
            Reply { retry_after, ..Reply::json(status, &body) }
        }
    }
}

async fn take(front: &Arc<Front>, from: IpAddr, sid: &str, request: Request) -> Result<Reply, Fault> {
    let gateway = &front.gateway;
    let _busy = gateway.busy();
    let (head, body) = request.into_parts();
    let account = basic::enter(gateway, from, &head.headers).map_err(denied)?;
    let own = account.logins.get(&Protocol::Http).is_some_and(|login| login == sid);
    if !own {
        return Err(denied(Denied::Wrong));
    }
    if gateway.is_draining() {
        return Err(Fault(503, 20_503, "the gateway is ending".to_owned()));
    }
    if messages::kind(&head.headers) != Some("application/x-www-form-urlencoded") {
        return Err(Fault(400, 20_001, "a form is expected".to_owned()));
    }
    let whole =
        front.room.read(body).await.map_err(|problem| Fault(problem.status, 20_001, problem.title))?;
    let fields =
        form::parse(&whole.bytes).ok_or_else(|| Fault(400, 20_001, "the form cannot be read".to_owned()))?;
    let field = |name: &str| fields.get(name).filter(|value| !value.is_empty()).cloned();
    let to = field("To").ok_or_else(|| Fault(400, 21_604, "a 'To' phone number is required".to_owned()))?;
    let text = field("Body").ok_or_else(|| Fault(400, 21_602, "message body is required".to_owned()))?;
    let source = field("From").or_else(|| field("MessagingServiceSid").and_then(|_| send::source(&account)));
    let source = source.ok_or_else(|| Fault(400, 21_603, "a 'From' phone number is required".to_owned()))?;
    if field("MediaUrl").is_some() {
        return Err(Fault(400, 21_620, "media are not sent here".to_owned()));
    }
    let id = gateway.ids().next(Protocol::Http, gateway.hands().civil(), 1);
    let hash = blake3::hash(&id.0).to_hex();
    let id = format!("SM{}", hash.get(..32).unwrap_or(""));
    let wanted = Wanted {
        from: source.clone(),
        to: vec![to.clone()],
        text: text.clone(),
        id: Some(MessageId(id.into_bytes())),
    };
    let mut pending = send::begin(gateway, &account, vec![wanted]).await;
    let Some(one) = pending.pop() else { return Err(Fault(503, 20_503, "try again".to_owned())) };
    let told = one.told().await;
    let result = send::results(gateway, &account, core::slice::from_ref(&to), &told).pop();
    let Some(result) = result else { return Err(Fault(503, 20_503, "try again".to_owned())) };
    if let (Some(reason), Some(en)) = (result.why, result.message_en) {
        let (status, code) = words(reason).twilio;
        let article = result.article.map_or(String::new(), |article| format!(" ({article})"));
        return Err(Fault(status, code, format!("{}: {en}{article}", reason.code())));
    }
    let (id, now) = (result.id.unwrap_or_default(), times::rfc2822(gateway.hands().wall()));
    let body = json!({
        "account_sid": sid,
        "api_version": "2010-04-01",
        "body": text,
        "date_created": now,
        "date_sent": null,
        "date_updated": now,
        "direction": "outbound-api",
        "error_code": null,
        "error_message": null,
        "from": source,
        "messaging_service_sid": field("MessagingServiceSid"),
        "num_media": "0",
        "num_segments": "1",
        "price": null,
        "price_unit": null,
        "sid": id,
        "status": if result.status == "held" { "accepted" } else { "queued" },
        "subresource_uris": {},
        "to": to,
        "uri": format!("/2010-04-01/Accounts/{sid}/Messages/{id}.json"),
    });
    Ok(Reply::json(201, &body))
}

fn denied(denied: Denied) -> Fault {
    match denied {
        Denied::Missing | Denied::Wrong => Fault(401, 20_003, "Authenticate".to_owned()),
        Denied::Locked => Fault(429, 20_429, "too many failed logins from there".to_owned()),
    }
}
