//! Prints what the attribute emits for each annotated function of a Rust file, without the functions themselves.
//!
//! `cargo run -p symgrad-engine --example expand -- examples/quickstart.rs`

use quote::ToTokens as _;
use symgrad_engine::diagnostics::Errors;
use symgrad_engine::options::Options;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("name a file")?;
    let file = syn::parse_file(&std::fs::read_to_string(path)?)?;
    for item in file.items {
        let syn::Item::Fn(mut function) = item else { continue };
        let Some(at) = function.attrs.iter().position(|a| a.path().is_ident("differentiate")) else { continue };
        let attribute = function.attrs.remove(at);
        let arguments = match &attribute.meta {
            syn::Meta::List(list) => list.tokens.clone(),
            _ => proc_macro2::TokenStream::new(),
        };
        let mut errors = Errors::default();
        let options = Options::parse(arguments, &mut errors);
        let tokens = symgrad_engine::differentiate(&options, &function.to_token_stream(), &mut errors);
        for message in errors.messages() {
            println!("// error: {message}");
        }
        println!("{}", prettyplease::unparse(&syn::parse2(tokens)?));
    }
    Ok(())
}
