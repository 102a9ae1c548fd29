//! Programs that Rust accepts, made by the bytes: value and derivatives in all modes against dual numbers. What is wrong is
//! made smaller before it is shown.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::path::Path;
use symgrad_engine::interpret::Interpreter;
use symgrad_fuzz::check::Verdict;
use symgrad_fuzz::choices::Choices;
use symgrad_fuzz::generate::{self, Family};
use symgrad_fuzz::judge;

thread_local! {
    /// It remembers what it has parsed of the rules.
    static INTERPRETER: Interpreter<'static> = Interpreter::default();
}

/// Bytes for whole programs, in `SYMGRAD_FUZZ_SEEDS`: libFuzzer would begin with one byte, and grow slowly.
fn seeds() {
    let Some(directory) = std::env::var_os("SYMGRAD_FUZZ_SEEDS") else { return };
    let mut choices = Choices::from_seed(1);
    for k in 0..64 {
        let bytes: Vec<u8> = (0..300).map(|_| u8::try_from(choices.below(256)).unwrap_or(0)).collect();
        std::fs::write(Path::new(&directory).join(k.to_string()), bytes).expect("seeds can be written");
    }
}

fn family(choices: &mut Choices) -> Family {
    Family {
        lets: 1 + choices.below(4),
        assign: 1 + choices.below(8),
        branch: choices.below(5),
        exit: choices.below(6),
        range: choices.below(6),
        each: choices.below(6),
        whiles: choices.below(4),
        array: choices.below(10),
        nested: choices.below(2),
        ints: choices.below(4),
        late: choices.below(3),
        block: choices.below(3),
        control_values: choices.below(100),
        size: 1 + choices.below(12),
        depth: choices.below(5),
        sums: choices.below(100),
    }
}

fn begin() {
    // A panic of the engine is a verdict, with the program: so it is not for libFuzzer's hook to end the process at once.
    drop(std::panic::take_hook());
    seeds();
}

fuzz_target!(init: begin(), |bytes: &[u8]| {
    let mut choices = Choices::from_bytes(bytes.to_vec());
    let family = family(&mut choices);
    let (program, inputs) = generate::program(&mut choices, family);
    INTERPRETER.with(|interpreter| {
        if let Some(Verdict::Wrong(_)) = judge::verdict(interpreter, &program, &inputs) {
            std::panic::set_hook(Box::new(|_| {}));
            eprintln!("{}", judge::smallest(interpreter, program, &inputs));
            std::process::abort();
        }
    });
});
