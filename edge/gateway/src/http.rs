//! HTTP sending: JSON and lines of JSON, the interfaces of three other vendors, and what whoever runs it looks at.
//!
//! Everything is bounded: connections, headers, bodies, lines, answers that nobody fetches, keys, nonces. A request is
//! answered when what it led to is durable, like a submit of any protocol. `docs/http.md` is its page.

mod acts;
mod alibaba;
mod basic;
mod body;
mod form;
mod keys;
mod lines;
mod messages;
mod metrics;
mod nonces;
mod reply;
mod request;
mod send;
mod sign;
mod tencent;
mod times;
mod twilio;
mod vendor;
mod watch;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch as told};
use tokio::task::JoinSet;

use crate::gateway::Gateway;
use crate::tls::Acceptor;
use reply::Problem;

/// What all requests share.
pub(crate) struct Front {
    gateway: Arc<Gateway>,
    keys: keys::Keys,
    nonces: nonces::Nonces,
    room: body::Room,
    streams: Arc<Semaphore>,
}

impl Front {
    fn new(gateway: Arc<Gateway>) -> Arc<Self> {
        Arc::new(Self {
            gateway,
            keys: keys::Keys::default(),
            nonces: nonces::Nonces::default(),
            room: body::Room::default(),
            streams: Arc::new(Semaphore::new(lines::STREAMS_MAX)),
        })
    }
}

/// Takes connections until everything is over: while the gateway is ending whoever asks is told so, and the numbers can be
/// read. Then what is being worked on is answered, and they end.
pub(crate) async fn serve(gateway: Arc<Gateway>, listener: TcpListener, tls: Option<Acceptor>) {
    let router = router(Front::new(Arc::clone(&gateway)));
    let (tell, ending) = told::channel(false);
    let mut lines = JoinSet::new();
    while !gateway.is_over() {
        while lines.try_join_next().is_some() {}
        let (socket, from) = match tokio::time::timeout(LOOK, listener.accept()).await {
            Err(_) => continue,
            Ok(Ok(accepted)) => accepted,
            Ok(Err(error)) => {
                // Out of file descriptors, mostly: others end, then there are some again.
                if let Some(held_back) = gateway.may_log("accept", "http") {
                    tracing::warn!(protocol = "http", what = %error, held_back, "accept");
                }
                tokio::time::sleep(LOOK).await;
                continue;
            }
        };
        if gateway.connections_open() >= crate::serve::CONNECTIONS_MAX {
            gateway.tally().trouble("connections_full");
            continue;
        }
        // Answers are short and wanted at once.
        let _ = socket.set_nodelay(true);
        let open = gateway.open();
        let (router, tls, ending) = (router.clone(), tls.clone(), ending.clone());
        lines.spawn(async move {
            match tls {
                None => line(socket, from, router, ending).await,
                Some(acceptor) => {
                    if let Some(socket) = acceptor.accept(socket).await {
                        line(socket, from, router, ending).await;
                    }
                }
            }
            drop(open);
        });
    }
    drop(listener);
    tell.send_replace(true);
    while lines.join_next().await.is_some() {}
}

/// One connection to its end.
async fn line<S>(socket: S, from: SocketAddr, router: Router, mut ending: told::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = TowerToHyperService::new(router.layer(Extension(from.ip().to_canonical())));
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        // From the moment a request may begin: an idle connection ends too.
        .header_read_timeout(HEADERS)
        .max_header_size(HEADERS_MAX)
        .serve_connection(TokioIo::new(socket), service);
    tokio::pin!(connection);
    let told = async {
        // A teller who is gone tells the same.
        drop(ending.wait_for(|ending| *ending).await);
    };
    tokio::select! {
        // However it ended: what was taken is on record.
        _ = connection.as_mut() => {}
        () = told => {
            connection.as_mut().graceful_shutdown();
            let _ = tokio::time::timeout(HEADERS, connection.as_mut()).await;
        }
    }
}

/// Every address that is answered.
fn router(front: Arc<Front>) -> Router {
    Router::new()
        .route("/v1/acts", post(acts::post))
        .route("/v1/messages", post(messages::post))
        .route("/v1/messages/{id}", get(messages::get))
        .route("/v1/messages/{id}/receipt", get(messages::receipt))
        .route("/v1/shadow", get(watch::shadow))
        .route("/healthz", get(watch::health))
        .route("/readyz", get(watch::ready))
        .route("/metrics", get(watch::numbers))
        .route("/2010-04-01/Accounts/{sid}/Messages.json", post(twilio::post))
        .route("/", get(root).post(root))
        .fallback(nothing)
        .method_not_allowed_fallback(no_method)
        .with_state(front)
}

/// Two vendors speak to `/`, and tell themselves apart by their headers.
async fn root(
    State(front): State<Arc<Front>>,
    Extension(from): Extension<IpAddr>,
    request: Request,
) -> Response {
    let _busy = front.gateway.busy();
    let (head, body) = request.into_parts();
    let tencent = head.headers.contains_key("x-tc-action");
    let named = head.uri.query().is_some_and(|query| query.contains("Action="));
    let kind = messages::kind(&head.headers);
    let form = kind == Some("application/x-www-form-urlencoded");
    if !tencent && !named && !form && !head.headers.contains_key("x-acs-action") {
        return nothing().await.into_response();
    }
    let whole = match front.room.read(body).await {
        Ok(whole) => whole,
        Err(problem) => return problem.into_response(),
    };
    let (bytes, room) = whole.into_parts();
    let Some(request) = request::Request::new(from, &head, bytes) else {
        return Problem::new(400, "malformed", "the address cannot be read").into_response();
    };
    let reply =
        if tencent { tencent::answer(&front, request).await } else { alibaba::answer(&front, request).await };
    drop(room);
    reply.into_response()
}

async fn nothing() -> Problem {
    Problem::new(404, "no_such_address", "nothing is at this address; see docs/http.md")
}

async fn no_method() -> Problem {
    Problem::new(405, "no_such_method", "this address takes another method; see docs/http.md")
}

/// How long headers may take, and how long a connection may be idle.
const HEADERS: Duration = Duration::from_secs(30);
/// Bytes of headers.
const HEADERS_MAX: usize = 32 * 1024;
/// How often it is looked at whether everything is over.
const LOOK: Duration = Duration::from_millis(20);
