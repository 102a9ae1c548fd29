//! Writes the functions that `tests/generated.rs` compiles and compares, in modules of 50.
//!
//! `SYMGRAD_GENERATED_FUNCTIONS=500` sets how many programs are made, `SYMGRAD_GENERATED_SEED=7` the seed from which they
//! are made, and `SYMGRAD_GENERATED_ONLY=172` the one that is; with `SYMGRAD_GENERATED_FORM=Lent`, each may contain that
//! `generator::Form`. What the attribute rejects is left out, and counted by its reason. A program that it accepts and that
//! does not compile is an error of the test's build.

mod generator;

use proc_macro2::{TokenStream, TokenTree};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use symgrad_engine::diagnostics::Errors;
use symgrad_engine::options::Options;

const BATCH: usize = 50;

fn setting(name: &str, default: u64) -> u64 {
    println!("cargo::rerun-if-env-changed={name}");
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// The messages of the attribute.
fn rejections(function: &generator::Function) -> Vec<String> {
    let item: TokenStream = function.source.parse().expect("the source consists of tokens");
    let wrt = function.wrt.as_ref().map_or_else(String::new, |names| format!(", wrt({})", names.join(", ")));
    let run = || {
        let mut errors = Errors::default();
        let arguments = format!("{}{wrt}", function.kinds).parse().expect("the options are tokens");
        let options = Options::parse(arguments, &mut errors);
        symgrad_engine::differentiate(&options, &item, &mut errors);
        errors.messages().map(str::to_string).collect()
    };
    std::panic::catch_unwind(run).unwrap_or_else(|_| panic!("the attribute panics on\n{}", function.source))
}

/// The methods of a program, in one `impl`; nothing, if there are none.
fn methods(program: &generator::Program) -> Option<TokenStream> {
    let each = program.functions.iter().filter(|f| f.method).map(|f| {
        let wrt = f.wrt.as_ref().map_or_else(String::new, |names| format!(", wrt({})", names.join(", ")));
        format!("#[differentiate({}{wrt})]\n{}", f.kinds, f.source)
    });
    let each = each.collect::<Vec<_>>().join("\n");
    let block =
        || format!("impl crate::shapes::Model<f64> {{\n{each}\n}}").parse().expect("the source consists of tokens");
    (!each.is_empty()).then(block)
}

/// What `compile_error!` says in emitted code.
fn compile_errors(code: TokenStream, found: &mut Vec<String>) {
    let mut last = String::new();
    for token in code {
        if let TokenTree::Group(group) = &token {
            if last == "compile_error" {
                found.extend(syn::parse2::<syn::LitStr>(group.stream()).map(|text| text.value()));
            }
            compile_errors(group.stream(), found);
        }
        match token {
            TokenTree::Punct(_) => {}
            other => last = other.to_string(),
        }
    }
}

/// A message without what is the function's own.
fn reason(message: &str) -> String {
    let first = message.lines().next().unwrap_or_default();
    let own = |part: &str| part.len() <= 12 || part.starts_with("program_");
    let text = first.split('`').enumerate().map(|(i, part)| if i % 2 == 1 && own(part) { "…" } else { part });
    text.collect::<Vec<_>>().join("`")
}

/// The function as it is read by the oracle.
fn case(function: &generator::Function, coarse: bool) -> String {
    let file = syn::parse_file(&function.source).unwrap_or_else(|e| panic!("{e}\n{}", function.source));
    let mut options = vec!["no_differences".to_string()];
    options.extend(function.wrt.as_ref().map(|names| format!("wrt({})", names.join(", "))));
    if !function.calls.is_empty() {
        options.push(format!("calls({})", function.calls.join(", ")));
    }
    if coarse {
        options.push("coarse".to_string());
    }
    options.extend(function.points.iter().cloned());
    format!("#[case({})]\n{}", options.join(", "), prettyplease::unparse(&file))
}

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=generator");
    let count = setting("SYMGRAD_GENERATED_FUNCTIONS", 60);
    let seed = setting("SYMGRAD_GENERATED_SEED", 1);
    let only = setting("SYMGRAD_GENERATED_ONLY", u64::MAX);
    println!("cargo::rerun-if-env-changed=SYMGRAD_GENERATED_FORM");
    let form = std::env::var("SYMGRAD_GENERATED_FORM").ok();
    let mut accepted = Vec::new();
    let mut reasons: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut forms: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut programs = 0;
    for k in 0..count {
        if only != u64::MAX && only != k {
            continue;
        }
        programs += 1;
        let program = generator::program(seed, k, &format!("program_{k}"), form.as_deref());
        let mut messages: Vec<String> = program.functions.iter().filter(|f| !f.method).flat_map(rejections).collect();
        let methods = methods(&program);
        if let Some(block) = &methods {
            compile_errors(symgrad_engine::expand(TokenStream::new(), block.clone()), &mut messages);
        }
        for form in &program.forms {
            let entry = forms.entry(format!("{form:?}")).or_default();
            entry.0 += 1;
            entry.1 += usize::from(messages.is_empty());
        }
        let coarse = program.functions.iter().any(|f| f.source.contains("f32"));
        let mut text: Vec<String> = program.functions.iter().filter(|f| !f.method).map(|f| case(f, coarse)).collect();
        text.extend(methods.map(|block| {
            let file = syn::parse2(block).expect("it is an `impl`");
            format!("#[symgrad_oracle::methods]\n{}", prettyplease::unparse(&file))
        }));
        let text = text.join("\n");
        match messages.first() {
            None => accepted.push(text),
            Some(message) => {
                let entry = reasons.entry(reason(message)).or_default();
                entry.0 += 1;
                if entry.1.is_empty() || text.len() < entry.1.len() {
                    entry.1 = text;
                }
            }
        }
    }
    let mut report = format!("seed {seed}: {programs} programs, {} accepted\n", accepted.len());
    for (form, (all, fine)) in forms {
        let _ = writeln!(report, "{form}: {fine} of {all} accepted");
    }
    let mut rejected = 0;
    let mut examples = String::new();
    for (reason, (count, example)) in reasons {
        rejected += count;
        let _ = writeln!(report, "rejected {count}: {reason}");
        let _ = writeln!(examples, "// {count}: {reason}\n{example}");
    }
    let mut code = format!("const PROGRAMS: usize = {programs};\nconst REJECTED: usize = {rejected};\n");
    for (i, batch) in accepted.chunks(BATCH).enumerate() {
        let _ = writeln!(code, "mod batch_{i} {{\nuse symgrad_oracle::case;\n{}\n}}", batch.join("\n"));
    }
    let directory = std::env::var("OUT_DIR").expect("cargo says where to");
    let directory = Path::new(&directory);
    let write = |name: &str, text: &str| std::fs::write(directory.join(name), text).expect("it can be written");
    write("functions.rs", &code);
    write("report.txt", &report);
    write("rejected.rs", &examples);
}
