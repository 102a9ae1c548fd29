//! Every message, on a mistake that causes it, and that no second error follows from the first.

#[test]
fn messages() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
