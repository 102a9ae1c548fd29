//! What is emitted for representative functions, beside them in `examples/expanded`, and whether it still is.
//!
//! `SYMGRAD_BLESS=1 cargo test -p symgrad-engine --test snapshots` writes the files again, and the example in the README of
//! the engine. For another one, put the functions into a new file and bless it.

use proc_macro2::TokenStream;
use quote::ToTokens as _;
use std::fs;
use std::path::{Path, PathBuf};
use symgrad_engine::analysis::varied::varied;
use symgrad_engine::diagnostics::Errors;
use symgrad_engine::lower::{self, Learned, function::Function};
use symgrad_engine::options::Options;
use symgrad_engine::{differentiate, reverse, simplify};
use syn::{Attribute, ImplItem, Item};

/// Between the functions and what is emitted for them.
const MARK: &str = "\n// What is emitted:\n";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display())).replace("\r\n", "\n")
}

/// What is emitted for the functions of a source, without attributes that silence lints, and without the hidden protocol
/// unless that is asked for.
fn emitted(source: &str, protocol: bool) -> String {
    let mut text = String::new();
    for item in syn::parse_file(source).expect("the file is Rust").items {
        let tokens = match item {
            Item::Struct(_) => continue,
            Item::Impl(block) => of_impl(block),
            item => of_function(&item),
        };
        let mut file: syn::File = syn::parse2(tokens).expect("what is emitted is Rust");
        file.items.retain(|item| protocol || !is_hidden(item));
        file.items.iter_mut().flat_map(attributes).for_each(|all| all.retain(|a| !a.path().is_ident("allow")));
        for item in std::mem::take(&mut file.items) {
            file.items = vec![item];
            text += "\n";
            text += &prettyplease::unparse(&file);
        }
    }
    text
}

fn of_function(item: &Item) -> TokenStream {
    let (arguments, item) = taken_apart(&item.to_token_stream().to_string());
    let mut errors = Errors::default();
    let options = Options::parse(arguments, &mut errors);
    let tokens = differentiate(&options, &item, &mut errors);
    assert!(errors.is_empty(), "{:?} in\n{item}", errors.messages().collect::<Vec<_>>());
    tokens
}

/// What is emitted beside an `impl`.
fn of_impl(mut block: syn::ItemImpl) -> TokenStream {
    let arguments = match block.attrs.remove(0).meta {
        syn::Meta::List(list) => list.tokens,
        _ => TokenStream::new(),
    };
    let tokens = symgrad_engine::expand(arguments, block.to_token_stream());
    let mut file: syn::File = syn::parse2(tokens).expect("what is emitted is Rust");
    file.items.remove(0);
    assert!(!file.items.is_empty() && file.items.iter().all(|item| matches!(item, Item::Impl(_))), "{file:?}");
    file.to_token_stream()
}

/// The arguments of the attribute, and the function under it.
fn taken_apart(source: &str) -> (TokenStream, TokenStream) {
    let mut function: syn::ItemFn = syn::parse_str(source).expect("one function, without imports");
    let is_ours = |a: &Attribute| a.path().is_ident("differentiate");
    let at = function.attrs.iter().position(is_ours).expect("an annotated function");
    let arguments = match function.attrs.remove(at).meta {
        syn::Meta::List(list) => list.tokens,
        _ => TokenStream::new(),
    };
    (arguments, function.into_token_stream())
}

fn attributes(item: &mut Item) -> Vec<&mut Vec<Attribute>> {
    match item {
        Item::Fn(item) => vec![&mut item.attrs],
        Item::Impl(item) => {
            let functions = item.items.iter_mut().filter_map(|item| match item {
                ImplItem::Fn(function) => Some(&mut function.attrs),
                _ => None,
            });
            functions.chain([&mut item.attrs]).collect()
        }
        _ => Vec::new(),
    }
}

fn is_hidden(item: &Item) -> bool {
    match item {
        Item::Impl(item) => item.attrs.iter().any(|a| a.to_token_stream().to_string().contains("hidden")),
        item => matches!(item, Item::Macro(_)),
    }
}

/// The two halves of a file.
fn halves(text: &str) -> (&str, &str) {
    text.split_once(MARK).unwrap_or((text, ""))
}

#[test]
fn files_are_up_to_date() {
    let bless = std::env::var_os("SYMGRAD_BLESS").is_some();
    let mut paths: Vec<PathBuf> = fs::read_dir(root().join("examples/expanded"))
        .expect("the directory is there")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .collect();
    paths.sort();
    assert!(paths.len() >= 10, "{paths:?}");
    let mut stale = Vec::new();
    for path in paths {
        let text = read(&path);
        let (source, _) = halves(&text);
        let protocol = path.file_stem().is_some_and(|name| name == "call");
        let fresh = format!("{}\n{MARK}{}", source.trim_end(), emitted(source, protocol));
        if fresh == text {
            continue;
        }
        if bless {
            fs::write(&path, fresh).expect("the file can be written");
        } else {
            stale.push(format!("{}:\n{}", path.display(), difference(&text, &fresh)));
        }
    }
    assert!(stale.is_empty(), "not what is emitted now (SYMGRAD_BLESS=1 writes it):\n{}", stale.join("\n"));
}

/// The first lines in which two texts differ.
fn difference(old: &str, new: &str) -> String {
    let mut lines = (old.lines(), new.lines());
    loop {
        match (lines.0.next(), lines.1.next()) {
            (None, None) => return "  (line ends)".into(),
            (a, b) if a == b => {}
            (a, b) => return format!("- {}\n+ {}", a.unwrap_or("(end)"), b.unwrap_or("(end)")),
        }
    }
}

/// The first function of some emitted code, without documentation and attributes.
fn first_function(code: &str) -> String {
    let code = code.split("\nfn ").nth(1).expect("a function").split("\n\n").next().expect("it ends");
    format!("fn {}\n", code.trim_end())
}

/// What is emitted for the function that the README shows.
fn mse() -> String {
    let text = read(&root().join("examples/expanded/mse.rs"));
    emitted(halves(&text).0, false)
}

#[test]
fn mse_is_one_pass_without_allocation_or_tape() {
    let code = first_function(&mse());
    assert!(code.starts_with("fn mse_value_and_gradient("), "{code}");
    assert_eq!(code.matches("for ").count(), 1, "{code}");
    assert_eq!(code.matches("while ").count() + code.matches("loop ").count(), 0, "{code}");
    for word in ["tape", "Vec", "vec", "Box", "collect"] {
        assert!(!code.contains(word), "{word} in\n{code}");
    }
}

#[test]
fn the_readme_shows_what_is_emitted() {
    let readme = read(&root().join("README.md"));
    let code = first_function(&mse());
    assert!(readme.contains(&format!("```rust\n{code}```")), "the README has another text than\n{code}");
}

/// The example of the design in `README.md`: a function, its IR, that of its gradient, and what is emitted.
#[test]
fn the_design_shows_what_is_built() {
    let path = root().join("macros/engine/README.md");
    let text = read(&path);
    let start = text.find("## An example\n").expect("the section is there");
    let mut pieces: Vec<String> = text[start..].splitn(9, "```").map(String::from).collect();
    let source = pieces[1].strip_prefix("rust\n").expect("a function").to_string();
    let (arguments, item) = taken_apart(&source);

    let mut errors = Errors::default();
    let options = Options::parse(arguments, &mut errors);
    let function = Function::read(item, &mut errors).expect("a function");
    let interface = lower::signature::read(&function.signature, None, &options, &mut errors);
    let body = function.body(&mut errors).expect("a body");
    let mut func = lower::lower(&interface, &body, &Learned::default(), &mut errors).func;
    assert!(errors.is_empty());
    simplify::merge(&mut func);
    let mut gradient = reverse::gradient(&func, &varied(&func), reverse::Strategies::default()).func;
    simplify::run(&mut gradient);
    pieces[3] = format!("text\n{func}");
    pieces[5] = format!("text\n{gradient}");
    let code = emitted(&source, false);
    pieces[7] = format!("rust\n{}", first_function(&code));

    let fresh = format!("{}{}", &text[..start], pieces.join("```"));
    if std::env::var_os("SYMGRAD_BLESS").is_some() {
        fs::write(&path, fresh).expect("the file can be written");
    } else {
        assert!(fresh == text, "the README of the engine is not up to date\n{}", difference(&text, &fresh));
    }
}
