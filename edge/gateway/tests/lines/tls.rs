//! SMPP and HTTP under TLS, with a certificate of our own.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anning_gateway::config::{Config, Protocol};
use anning_link::{Dialect, ReportState};
use anning_smpp::Smpp;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::line::{Line, connect, taken, who};
use crate::world::{CODE, World, message};

type Encrypted = StreamOwned<ClientConnection, TcpStream>;

/// A folder with a certificate of localhost and its key, made by the program `openssl`; none where there is none.
struct Pair(PathBuf);

impl Pair {
    fn new() -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("anning-tls-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let pair = Self(std::env::temp_dir().join(name));
        std::fs::create_dir_all(&pair.0).unwrap();
        let made = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"])
            .args(["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
            .args(["-addext", "basicConstraints=critical,CA:FALSE"])
            .arg("-keyout")
            .arg(pair.key())
            .arg("-out")
            .arg(pair.chain())
            .output();
        match made {
            Err(error) => {
                println!("skipped: there is no program openssl to make a certificate with: {error}");
                None
            }
            Ok(made) => {
                assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
                Some(pair)
            }
        }
    }

    fn chain(&self) -> PathBuf {
        self.0.join("tls.pem")
    }

    fn key(&self) -> PathBuf {
        self.0.join("tls.key")
    }

    /// A client that trusts this certificate alone.
    fn dial(&self, to: std::net::SocketAddr) -> Encrypted {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(self.chain()).unwrap()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").unwrap();
        StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), connect(to))
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn world(chain: &Path, key: &Path, plain: bool) -> std::io::Result<World> {
    let tls = (chain.to_path_buf(), key.to_path_buf());
    World::try_new(&[], move |mut config: Config| {
        config.listen.tls = Some(tls);
        config.listen.smpp_tls = Some(([127, 0, 0, 1], 0).into());
        if !plain {
            config.listen.at.remove(&Protocol::Smpp);
        }
        config
    })
}

#[test]
fn a_message_goes_through_smpp_under_tls_and_its_report_comes_back() {
    let Some(pair) = Pair::new() else { return };
    let world = world(&pair.chain(), &pair.key(), false).unwrap();
    let mut carrier = world.carrier();
    let socket = pair.dial(world.bound(Protocol::Smpp));
    let mut sender = Line::login(socket, Smpp::client(b""), who("mall", "demokey1")).unwrap();
    let id = taken(sender.one(message(&["13800138000"], CODE)));
    carrier.carries(b"theirs01", ReportState::Delivered, "DELIVRD");
    assert_eq!(sender.reports(1)[0].id, id);
    // A wrong secret is as wrong under TLS.
    let socket = pair.dial(world.bound(Protocol::Smpp));
    let refused = Line::login(socket, Smpp::client(b""), who("mall", "another")).map(|_| ());
    assert_eq!(refused, Err(Smpp::client(b"").code(anning_link::Trouble::Authentication)));
}

#[test]
fn http_under_tls_answers_and_plain_http_is_not_spoken_there() {
    let Some(pair) = Pair::new() else { return };
    let world = world(&pair.chain(), &pair.key(), true).unwrap();
    let request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let mut socket = pair.dial(world.bound(Protocol::Http));
    socket.write_all(request).unwrap();
    let mut answer = String::new();
    // Whether the end is announced is the server's affair.
    let _ = socket.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok\n"), "{answer}");
    let mut plain = connect(world.bound(Protocol::Http));
    plain.write_all(request).unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"), "{}", String::from_utf8_lossy(&answer));
}

#[test]
fn a_file_that_is_wrong_is_named_with_its_key() {
    let (Some(pair), Some(other)) = (Pair::new(), Pair::new()) else { return };
    let check = |chain: &Path, key: &Path, words: &[&str]| {
        let error = world(chain, key, false).map(|_| ()).unwrap_err().to_string();
        let files = [chain, key].map(|path| path.display().to_string());
        assert!(words.iter().all(|word| error.contains(word)), "{error}");
        assert!(files.iter().any(|file| error.contains(file)), "{error}");
        let secret = std::fs::read_to_string(pair.key()).unwrap();
        assert!(!error.contains(secret.lines().nth(1).unwrap()));
    };
    let missing = pair.0.join("missing.pem");
    check(&missing, &pair.key(), &["listen.tls_cert", "cannot be read", "missing.pem"]);
    check(&pair.chain(), &missing, &["listen.tls_key", "cannot be read", "missing.pem"]);
    check(&pair.key(), &pair.key(), &["listen.tls_cert", "no certificate", "tls.key"]);
    check(&pair.chain(), &pair.chain(), &["listen.tls_key", "no private key", "tls.pem"]);
    check(&pair.chain(), &other.key(), &["listen.tls_cert", "listen.tls_key", "tls.pem"]);
}
