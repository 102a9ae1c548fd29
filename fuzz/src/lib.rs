//! What the targets share: the generators, oracles and demands of the engine's own tests, which make their choices by the
//! bytes that libFuzzer varies.

#[path = "../../macros/engine/tests/random_programs/ast.rs"]
mod ast;
#[path = "../../macros/engine/tests/random_programs/check.rs"]
pub mod check;
#[path = "../../macros/engine/tests/random_programs/choices.rs"]
pub mod choices;
#[path = "../../macros/engine/tests/random_programs/evaluate.rs"]
mod evaluate;
#[path = "../../macros/engine/tests/random_programs/generate.rs"]
pub mod generate;
#[path = "../../macros/engine/tests/random_programs/judge.rs"]
pub mod judge;
#[path = "../../macros/engine/tests/random_programs/shrink.rs"]
mod shrink;
#[path = "../../macros/engine/tests/tokens/mod.rs"]
pub mod tokens;
