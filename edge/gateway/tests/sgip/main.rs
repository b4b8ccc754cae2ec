//! SGIP both ways, over real sockets: a sender that is called to be told, a carrier that comes to hand over, and what
//! goes wrong on either line.
#![cfg(test)]

mod called;
mod comes;
mod whole;
mod world;
