//! Input that nobody meant to write, and what has to hold of the answer to it.

pub mod answer;
pub mod corpus;
pub mod garbage;
pub mod mutate;
