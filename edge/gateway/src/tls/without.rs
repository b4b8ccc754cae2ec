//! Without TLS: no acceptor can be made.

use std::path::Path;

use tokio::net::TcpStream;

/// Takes connections under TLS: there is none in this build.
#[derive(Clone, Debug)]
pub(crate) enum Acceptor {}

impl Acceptor {
    /// Fails: this build has no TLS.
    ///
    /// # Errors
    /// Always; names the way out.
    pub fn read(_: &Path, _: &Path) -> std::io::Result<Self> {
        let what =
            "this program was built without TLS; build it with feature `tls`, or put a proxy before it";
        Err(std::io::Error::new(std::io::ErrorKind::Unsupported, what))
    }

    /// Shakes hands.
    #[expect(clippy::unused_async, reason = "as the one with TLS")]
    pub async fn accept(&self, _: TcpStream) -> Option<TcpStream> {
        match *self {}
    }
}
