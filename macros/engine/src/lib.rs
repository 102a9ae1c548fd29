//! The compiler behind symgrad.
pub mod analysis;
pub mod diagnostics;
pub mod ir;
pub mod lower;
pub mod options;
pub mod reverse;
pub mod rules;
pub mod simplify;
