//! Rules of the national and local instruments, one module an instrument, in the order of the texts.

pub mod adlaw;
pub mod civil;
pub mod crpl;
pub mod crplreg;
pub mod csl;
pub mod email;
mod ground;
pub mod local;
pub mod miit31;
pub mod miit74;
pub mod minors;
pub mod netdata;
pub mod npcsc;
pub mod pipl;
pub mod samr37;
