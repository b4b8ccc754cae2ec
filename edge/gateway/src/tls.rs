//! TLS at the door, for HTTP and for SMPP: one certificate chain, one key, read at the start. With feature `tls` only.

#[cfg(feature = "tls")]
mod with;
#[cfg(not(feature = "tls"))]
mod without;

#[cfg(feature = "tls")]
pub(crate) use with::Acceptor;
#[cfg(not(feature = "tls"))]
pub(crate) use without::Acceptor;
