//! With TLS: rustls, its provider ring.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
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
        let certificates = certificates.map_err(|_| bad(chain, "no certificate chain in PEM"))?;
        let secret = PrivateKeyDer::from_pem_file(key).map_err(|_| bad(key, "no private key in PEM"))?;
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(certificates, secret))
            .map_err(|error| bad(chain, &format!("certificate and key cannot be used, {error}")))?;
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

fn bad(path: &Path, what: &str) -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::InvalidData, format!("{what}: {}", path.display()))
}

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
