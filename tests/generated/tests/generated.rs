//! Functions generated as source text, in the forms that people write: compiled with the attribute and over dual numbers,
//! and compared at three points each.
#![allow(clippy::all, clippy::pedantic, unused, unreachable_code, non_shorthand_field_patterns)]

#[path = "../../corpus"]
mod corpus {
    pub mod argument;
    pub mod dual;
    pub mod dual_float;
    #[path = "first_order.rs"]
    pub mod number;
    pub mod support;
}

/// What functions with structs use.
mod shapes {
    #[derive(Clone, Copy)]
    pub(crate) struct Cell<T> {
        pub(crate) k: T,
        pub(crate) w: [T; 2],
    }

    /// It has methods.
    #[derive(Clone, symgrad::Differentiable)]
    pub(crate) struct Model<T> {
        pub(crate) k: T,
        pub(crate) w: [T; 2],
    }
}

include!(concat!(env!("OUT_DIR"), "/functions.rs"));

/// Most programs are accepted; why others are not is shown.
#[test]
fn accepted() {
    println!("{}\nin {}", include_str!(concat!(env!("OUT_DIR"), "/report.txt")), env!("OUT_DIR"));
    assert!(REJECTED * 2 <= PROGRAMS, "{REJECTED} of {PROGRAMS} programs are rejected");
}
