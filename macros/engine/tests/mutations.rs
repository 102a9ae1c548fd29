//! Functions that nobody meant to write: those of the corpus, with tokens left out, doubled, exchanged, or taken from
//! elsewhere. The engine answers each with an error or with code that parses, without a panic, on the stack of a thread,
//! soon.
//!
//! `SYMGRAD_MUTATIONS=100000` sets how many are tried, `SYMGRAD_MUTATION_SEED=7` from which seed.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use std::path::Path;
use std::time::{Duration, Instant};

/// What a thread has, where the main one has four times as much.
const STACK: usize = 2 << 20;
/// Of one function; on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// A linear congruential generator: Knuth's MMIX.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let high = usize::try_from(self.0 >> 33).expect("31 bits");
        high % n.max(1)
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// The functions and `impl` blocks of the corpus, without their attributes.
fn corpus() -> Vec<String> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    let mut files = Vec::new();
    for directory in [tests.join("corpus/functions"), tests] {
        let entries = std::fs::read_dir(directory).expect("the tests are there");
        files.extend(
            entries.map(|entry| entry.expect("an entry").path()).filter(|p| p.extension().is_some_and(|e| e == "rs")),
        );
    }
    files.sort();
    let mut items = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a file of the corpus");
        for item in syn::parse_file(&text).expect("it parses").items {
            let text = match item {
                syn::Item::Fn(mut f) => {
                    f.attrs.clear();
                    quote::quote!(#f).to_string()
                }
                syn::Item::Impl(mut i) => {
                    i.attrs.clear();
                    quote::quote!(#i).to_string()
                }
                _ => continue,
            };
            items.push(text);
        }
    }
    assert!(items.len() > 500, "{} functions", items.len());
    items
}

/// What is put in the place of something else.
const WORDS: &[&str] = &[
    "x", "y", "self", "Self", "f64", "usize", "mut", "ref", "return", "break", "continue", "loop", "while", "for",
    "in", "if", "else", "match", "let", "move", "fn", "const", "static", "impl", "dyn", "as", "unsafe", "async",
    "await", "_", "sin", "exp", "sum", "iter", "map", "push", "len", "clone", "unwrap", "Some", "None", "Ok", "Err",
    "Vec", "vec", "collect", "fold", "zip", "'a", "r#type", "println", "assert", "crate", "super", "true",
];
const SIGNS: &[char] =
    &['+', '-', '*', '/', '%', '&', '|', '!', '=', '<', '>', '.', ',', ';', ':', '?', '#', '@', '$', '~', '^'];

/// What is asked for.
const ARGUMENTS: &[&str] = &[
    "",
    "gradient, jvp",
    "jvp",
    "wrt(x)",
    "wrt(self)",
    "gradient, jvp, wrt(x)",
    "vjp, jacobian",
    "hvp, hessian",
    "gradient, hessian, wrt(x)",
    "jacobian, hvp, wrt(y)",
    "derivatives(4), wrt(x)",
    "objective = Name, hessian",
    "custom = rule, jvp",
    "companions = Name, constant, hvp",
];

fn any(random: &mut Random, others: &[TokenTree]) -> TokenTree {
    match random.below(6) {
        0 => TokenTree::Punct(Punct::new(
            *random.pick(SIGNS),
            if random.below(2) == 0 { Spacing::Joint } else { Spacing::Alone },
        )),
        1 => match *random.pick(&[0, 1, 2, 3, 4, 5]) {
            0 => Literal::f64_unsuffixed(1.5).into(),
            1 => Literal::usize_unsuffixed(random.below(5)).into(),
            2 => Literal::string("{x}").into(),
            3 => Literal::f32_suffixed(0.5).into(),
            4 => Literal::u64_suffixed(u64::MAX).into(),
            _ => Literal::character('x').into(),
        },
        2 => {
            let delimiter =
                *random.pick(&[Delimiter::Parenthesis, Delimiter::Brace, Delimiter::Bracket, Delimiter::None]);
            let inner: TokenStream = (0..random.below(3)).map(|_| any(random, others)).collect();
            Group::new(delimiter, inner).into()
        }
        3 | 4 if !others.is_empty() => random.pick(others).clone(),
        _ => match *random.pick(WORDS) {
            "'a" => TokenTree::Punct(Punct::new('\'', Spacing::Joint)),
            "r#type" => Ident::new_raw("type", Span::call_site()).into(),
            word => Ident::new(word, Span::call_site()).into(),
        },
    }
}

/// All tokens, groups and what is in them.
fn all(tokens: &TokenStream, list: &mut Vec<TokenTree>) {
    for token in tokens.clone() {
        if let TokenTree::Group(group) = &token {
            all(&group.stream(), list);
        }
        list.push(token);
    }
}

/// The tokens with a change at one place, counted over all groups.
fn mutated(tokens: TokenStream, at: &mut usize, random: &mut Random, others: &[TokenTree]) -> TokenStream {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut k = 0;
    while k < tokens.len() {
        if *at == 0 {
            *at = usize::MAX;
            match random.below(6) {
                0 => drop(tokens.remove(k)),
                1 => tokens.insert(k, tokens[k].clone()),
                2 if k > 0 => tokens.swap(k - 1, k),
                3 => tokens.insert(k, any(random, others)),
                4 => {
                    let len = tokens.len();
                    tokens.swap(k, random.below(len));
                }
                _ => tokens[k] = any(random, others),
            }
            break;
        }
        *at -= 1;
        if let TokenTree::Group(group) = &tokens[k] {
            let inner = mutated(group.stream(), at, random, others);
            let mut changed = Group::new(group.delimiter(), inner);
            changed.set_span(group.span());
            tokens[k] = changed.into();
        }
        if *at == usize::MAX {
            break;
        }
        k += 1;
    }
    tokens.into_iter().collect()
}

/// What is wrong with the answer to a function, if anything.
fn fault(source: &str, arguments: &'static str) -> Option<String> {
    let text = source.to_string();
    let start = Instant::now();
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        let tokens: TokenStream = text.parse().ok()?;
        // What parses is not made worse.
        let parsed = syn::parse2::<syn::Item>(tokens.clone()).is_ok();
        let output = symgrad_engine::expand(arguments.parse().ok()?, tokens);
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

#[test]
fn nothing_panics() {
    let items = corpus();
    let mut random = Random(setting("SYMGRAD_MUTATION_SEED", 1));
    let mut faults = Vec::new();
    for _ in 0..setting("SYMGRAD_MUTATIONS", 2000) {
        let mut tokens: TokenStream = random.pick(&items).parse().expect("an item of the corpus");
        let mut others = Vec::new();
        all(&tokens, &mut others);
        all(&random.pick(&items).parse().expect("an item of the corpus"), &mut others);
        for _ in 0..=random.below(4) {
            let mut count = Vec::new();
            all(&tokens, &mut count);
            let mut at = random.below(count.len());
            tokens = mutated(tokens, &mut at, &mut random, &others);
        }
        let source = tokens.to_string();
        let arguments = *random.pick(ARGUMENTS);
        if let Some(fault) = fault(&source, arguments) {
            faults.push(format!("#[differentiate({arguments})] {source}\n    {fault}"));
        }
    }
    assert!(faults.is_empty(), "{} functions:\n{}", faults.len(), faults.join("\n"));
}
