//! Prints what the attribute emits for each annotated function of a Rust file, without the functions themselves. With
//! `--ir`, before it, the function and its derivatives in the intermediate representation.
//!
//! `cargo run -p symgrad-engine --example expand -- [--ir] examples/quickstart.rs`

use proc_macro2::TokenStream;
use quote::ToTokens as _;
use symgrad_engine::analysis::varied::varied;
use symgrad_engine::diagnostics::Errors;
use symgrad_engine::lower::{self, Learned, function::Function};
use symgrad_engine::options::{Kind, Options};
use symgrad_engine::{differentiate, forward, reverse, simplify};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let ir = arguments.iter().any(|a| a == "--ir");
    let path = arguments.iter().find(|a| *a != "--ir").ok_or("name a file")?;
    let file = syn::parse_file(&std::fs::read_to_string(path)?)?;
    for item in file.items {
        let mut function = match item {
            syn::Item::Fn(function) => function,
            syn::Item::Impl(block) => {
                implementation(block)?;
                continue;
            }
            _ => continue,
        };
        let Some(at) = function.attrs.iter().position(|a| a.path().is_ident("differentiate")) else { continue };
        let attribute = function.attrs.remove(at);
        let arguments = match &attribute.meta {
            syn::Meta::List(list) => list.tokens.clone(),
            _ => TokenStream::new(),
        };
        let mut errors = Errors::default();
        let options = Options::parse(arguments, &mut errors);
        let item = function.to_token_stream();
        let tokens = differentiate(&options, &item, &mut errors);
        for message in errors.messages() {
            println!("// error: {message}");
        }
        if ir && errors.is_empty() {
            show(&options, item);
        }
        println!("{}", prettyplease::unparse(&syn::parse2(tokens)?));
    }
    Ok(())
}

/// What is emitted for an `impl`, or beside the methods in it.
fn implementation(mut block: syn::ItemImpl) -> Result<(), syn::Error> {
    let ours = |attrs: &mut Vec<syn::Attribute>| {
        let at = attrs.iter().position(|a| a.path().is_ident("differentiate"))?;
        match attrs.remove(at).meta {
            syn::Meta::List(list) => Some(list.tokens),
            _ => Some(TokenStream::new()),
        }
    };
    if let Some(arguments) = ours(&mut block.attrs) {
        let tokens = symgrad_engine::expand(arguments, block.to_token_stream());
        println!("{}", prettyplease::unparse(&syn::parse2(tokens)?));
        return Ok(());
    }
    let mut tokens = TokenStream::new();
    for item in &mut block.items {
        let syn::ImplItem::Fn(function) = item else { continue };
        if let Some(arguments) = ours(&mut function.attrs) {
            let mut errors = Errors::default();
            let options = Options::parse(arguments, &mut errors);
            tokens.extend(differentiate(&options, &function.to_token_stream(), &mut errors));
            errors.messages().for_each(|message| println!("// error: {message}"));
        }
    }
    let (generics, ty) = (&block.generics, &block.self_ty);
    let bounds = &generics.where_clause;
    if !tokens.is_empty() {
        let tokens = quote::quote!(impl #generics #ty #bounds { #tokens });
        println!("{}", prettyplease::unparse(&syn::parse2(tokens)?));
    }
    Ok(())
}

/// The pipeline once more, as in `lib.rs`, with its steps printed. The function is one that is accepted.
fn show(options: &Options, item: TokenStream) {
    let mut errors = Errors::default();
    let Some(function) = Function::read(item, &mut errors) else { return };
    let interface = lower::signature::read(&function.signature, None, options, &mut errors);
    let Some(body) = function.body(&mut errors) else { return };
    let mut func = lower::lower(&interface, &body, &Learned::default(), &mut errors).func;
    simplify::merge(&mut func);
    println!("// the function\n{func}");
    let varied = varied(&func);
    if options.has(Kind::Gradient) {
        let mut gradient = reverse::gradient(&func, &varied, reverse::Strategies::default()).func;
        simplify::run(&mut gradient);
        println!("// its value and gradient\n{gradient}");
    }
    if options.has(Kind::Jvp) {
        let mut jvp = forward::jvp(&func, &varied).func;
        simplify::run(&mut jvp);
        println!("// its value and directional derivative\n{jvp}");
    }
}
