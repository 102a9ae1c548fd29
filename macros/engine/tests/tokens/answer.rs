//! What is asked of the engine, whatever it is given: it answers with an error or with code that parses, without a panic, on
//! the stack of a thread, soon.

use proc_macro2::TokenStream;
use std::time::{Duration, Instant};

/// What a thread has, where the main one has four times as much.
const STACK: usize = 2 << 20;
/// Of one function; on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is wrong with the answer, if anything. The arguments and the item are made in the thread that expands them, as
/// tokens cannot be sent to it; where they make none, nothing is asked.
pub fn fault(input: impl FnOnce() -> Option<(TokenStream, TokenStream)> + Send + 'static) -> Option<String> {
    let start = Instant::now();
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        let (arguments, tokens) = input()?;
        // What parses is not made worse.
        let parsed = syn::parse2::<syn::Item>(tokens.clone()).is_ok();
        let output = symgrad_engine::expand(arguments, tokens);
        let broken = parsed && syn::parse2::<syn::File>(output.clone()).is_err();
        broken.then(|| format!("this does not parse: {output}"))
    });
    let found = thread.expect("a thread").join();
    match found {
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            Some(text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default())
        }
        Ok(Some(text)) => Some(text),
        Ok(None) => (start.elapsed() > PATIENCE).then(|| format!("{:?}", start.elapsed())),
    }
}
