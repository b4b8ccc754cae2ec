//! Sessions of a toy protocol: what is said to what, what is due when, and what holds whatever happens.
#![cfg(test)]

mod one_side;
mod random;
mod toy;
