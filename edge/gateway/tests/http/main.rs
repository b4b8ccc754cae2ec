//! HTTP sending, over real sockets: what is answered to what, whatever the client is.
#![cfg(test)]

mod json;
mod limits;
mod vendors;
mod world;
