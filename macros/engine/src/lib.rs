//! The compiler behind symgrad.
pub mod rules;
