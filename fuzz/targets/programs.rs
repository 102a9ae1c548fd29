//! Programs that Rust accepts, made by the bytes: value and derivatives in all modes against dual numbers. What is wrong is
//! made smaller before it is shown.

#![no_main]

use libfuzzer_sys::fuzz_target;
use symgrad_engine::interpret::Interpreter;
use symgrad_fuzz::check::Verdict;
use symgrad_fuzz::choices::Choices;
use symgrad_fuzz::generate::{self, Family};
use symgrad_fuzz::judge;

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

// A panic of the engine is a verdict, with the program: so it is not for libFuzzer's hook to end the process at once.
fuzz_target!(init: drop(std::panic::take_hook()), |bytes: &[u8]| {
    let mut choices = Choices::from_bytes(bytes.to_vec());
    let family = family(&mut choices);
    let (program, inputs) = generate::program(&mut choices, family);
    let interpreter = Interpreter::default();
    if let Some(Verdict::Wrong(_)) = judge::verdict(&interpreter, &program, &inputs) {
        std::panic::set_hook(Box::new(|_| {}));
        eprintln!("{}", judge::smallest(&interpreter, program, &inputs));
        std::process::abort();
    }
});
