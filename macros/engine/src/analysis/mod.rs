//! Facts about a function that decide how its derivative is built. An analysis may change the code, never the values.

pub mod composed;
mod guarded;
pub mod home;
pub mod joined;
pub mod map;
pub mod once;
pub mod sparsity;
pub mod sums;
pub mod varied;
pub mod widths;
