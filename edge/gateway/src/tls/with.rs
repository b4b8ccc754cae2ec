//! With TLS: rustls, its provider ring.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject as _};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Takes connections under TLS.
#[derive(Clone)]
pub(crate) struct Acceptor(TlsAcceptor);

impl Acceptor {
    /// With a certificate chain and its key, in PEM.
    ///
    /// # Errors
    /// A file that cannot be read, or that holds something else; names the file, never what stands in it.
    pub fn read(chain: &Path, key: &Path) -> std::io::Result<Self> {
        let certificates: Result<Vec<CertificateDer<'static>>, _> =
            CertificateDer::pem_file_iter(chain).and_then(Iterator::collect);
        let certificates = certificates.map_err(wrong("listen.tls_cert", chain, "no certificate chain"))?;
        if certificates.is_empty() {
            return Err(wrong("listen.tls_cert", chain, "no certificate chain")(pem::Error::NoItemsFound));
        }
        let secret = PrivateKeyDer::from_pem_file(key);
        let secret = secret.map_err(wrong("listen.tls_key", key, "no private key"))?;
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(certificates, secret))
            .map_err(|error| {
                let what = format!("listen.tls_cert and listen.tls_key do not go together, {error}");
                bad(&what, &format!("{} {}", chain.display(), key.display()))
            })?;
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }

    /// Shakes hands; none where the other end does not, in time.
    pub async fn accept(&self, socket: TcpStream) -> Option<tokio_rustls::server::TlsStream<TcpStream>> {
        match tokio::time::timeout(HANDSHAKE, self.0.accept(socket)).await {
            Ok(Ok(encrypted)) => Some(encrypted),
            Ok(Err(_)) | Err(_) => None,
        }
    }
}

impl core::fmt::Debug for Acceptor {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Acceptor")
    }
}

/// What is wrong with a file, by the key that names it.
fn wrong(key: &'static str, path: &Path, none: &'static str) -> impl FnOnce(pem::Error) -> std::io::Error {
    move |error| {
        let file = path.display().to_string();
        if let pem::Error::Io(error) = error {
            return bad(&format!("{key}: the file cannot be read, {error}"), &file);
        }
        bad(&format!("{key}: {none} in PEM stands in the file"), &file)
    }
}

fn bad(what: &str, file: &str) -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::InvalidData, format!("{what}: {file}"))
}

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
