//! Input that a macro may be given and that nobody would write: it is answered, with an error or with code, on the small
//! stack of a thread, without a panic.

#[path = "random_programs/choices.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod choices;
#[allow(dead_code, reason = "other tests use the rest")]
mod tokens;

use choices::Choices;
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use tokens::garbage::{self, in_function};

/// What a thread has, where the main one has four times as much.
const STACK: usize = 2 << 20;
/// Far above what any of these needs; a quadratic pass would be above it by far.
const PATIENCE: Duration = Duration::from_secs(60);

/// Expands in a thread of its own and returns the tokens as text. `tokens` are made there, and dropped.
fn expand(arguments: &'static str, tokens: impl FnOnce() -> TokenStream + Send + 'static) -> String {
    let start = Instant::now();
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        let arguments = arguments.parse().expect("arguments that can be read");
        let output = symgrad_engine::expand(arguments, tokens());
        // To text without recursion: the output contains the input.
        flat(output)
    });
    let text = thread.expect("a thread").join().expect("no panic");
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    text
}

/// Expands source code.
fn source(code: impl Into<String>) -> String {
    let code = code.into();
    expand("gradient, jvp", move || code.parse().expect("tokens"))
}

/// The tokens as text, with no recursion.
fn flat(tokens: TokenStream) -> String {
    let mut text = String::new();
    let mut stack = vec![(tokens.into_iter(), "")];
    while let Some((iter, close)) = stack.last_mut() {
        match iter.next() {
            None => {
                text.push_str(close);
                stack.pop();
            }
            Some(TokenTree::Group(group)) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("( ", ") "),
                    Delimiter::Brace => ("{ ", "} "),
                    Delimiter::Bracket => ("[ ", "] "),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                stack.push((group.stream().into_iter(), close));
            }
            Some(token) => write!(text, "{token} ").expect("a string"),
        }
    }
    text
}

fn rejected(code: impl Into<String>) {
    let code = code.into();
    let start: String = code.chars().take(60).collect();
    assert!(source(code).contains("compile_error"), "{start}");
}

fn accepted(code: impl Into<String>) {
    let code = code.into();
    let start: String = code.chars().take(60).collect();
    let text = source(code);
    assert!(!text.contains("compile_error"), "{start}: {}", text.chars().rev().take(400).collect::<String>());
    assert!(text.contains("_value_and_gradient"), "{start}");
}

fn function(body: &str) -> String {
    format!("fn f(x: f64) -> f64 {{ {body} }}")
}

#[test]
fn closures_that_double() {
    let mut body = String::from("let c0 = |t: f64| t * x;");
    for k in 1..40 {
        let before = k - 1;
        write!(body, "let c{k} = |t: f64| c{before}(t) + c{before}(t * t);").expect("a string");
    }
    rejected(function(&format!("{body} c39(x)")));
    accepted(function(&format!("{body} c5(x)")));
}

/// A logarithm of a sum of exponentials has its loops three times.
#[test]
fn logarithms_in_sums_in_logarithms() {
    let nested = |depth: usize| {
        let mut term = String::from("x * w[0]");
        for k in 0..depth {
            term =
                format!("{{ let mut s{k} = 0.0; for i{k} in 0..9 {{ s{k} += ({term} + w[i{k}]).exp(); }} s{k}.ln() }}");
        }
        source(format!("fn f(x: f64, w: &[f64; 9]) -> f64 {{ {term} }}")).len()
    };
    let length = [3, 6, 12].map(nested);
    assert!(length[1] < 3 * length[0] && length[2] < 3 * length[1], "{length:?}");
}

#[test]
fn closures_within_closures() {
    let mut body = String::from("let c0 = |t: f64| t * x;");
    for k in 1..1000 {
        let before = k - 1;
        write!(body, "let c{k} = |t: f64| {{ {{ {{ {{ c{before}(t) }} }} }} }};").expect("a string");
    }
    rejected(function(&format!("{body} c999(x)")));
    rejected(function("fn a(t: f64) -> f64 { b(t) } fn b(t: f64) -> f64 { a(t) } a(x)"));
    // The inner `f` is the function itself.
    accepted(function("let f = |t: f64| f(t); f(x)"));
    rejected(function("let f = |t| t; let g = |h, t| h(h, t); g(g, x)"));
    accepted(function("let f = |t| t; let f = |t| f(t) * x; f(x) + f(x)"));
    rejected(function("let f = |(a, b)| a; f(x)"));
    accepted(function("let f = || (); f(); x"));
}

#[test]
fn no_function() {
    for code in [
        "",
        ";",
        "{}",
        "fn",
        "fn f",
        "fn f(",
        "fn f()",
        "fn f(x: f64) -> f64;",
        "fn f(x: f64) -> f64 = x;",
        "fn f(x: f64) -> f64 { x } fn g() {}",
        "struct S;",
        "struct S { x: f64 }",
        "enum E { A }",
        "mod m { fn f(x: f64) -> f64 { x } }",
        "impl",
        "impl S",
        "impl S;",
        "impl {}",
        "impl S {}",
        "impl S { const A: f64 = 1.0; }",
        "impl S { fn }",
        "impl S { fn f(x: f64) -> f64; }",
        "impl S { fn f(x: f64) -> f64 { x } fn g(x: f64) -> f64 { x } }",
        "impl S { #[differentiate(((] fn f(x: f64) -> f64 { x } }",
        "impl S { #[differentiate(wrt())] fn f(x: f64) -> f64 { x } }",
        "impl<T> { fn f(x: f64) -> f64 { x } }",
        "impl T for S { type A = Self::B; type B = Self::A; fn f(x: Self::A) -> Self::B { x } }",
        "impl T for S { type A = (Self::A, Self::A); fn f(x: f64) -> Self::A { x } }",
        "trait T { fn f(x: f64) -> f64; }",
        "trait T { fn f(x: f64) -> f64 { x } }",
        "extern \"C\" { fn f(x: f64) -> f64; }",
        "macro_rules! f { () => { fn f(x: f64) -> f64 { x } } }",
        "f! { fn f(x: f64) -> f64 { x } }",
        "use a::b;",
        "const F: fn(f64) -> f64 = |x| x;",
        "static F: f64 = 1.0;",
        "type F = f64;",
        "let x = 1.0;",
        "x * x",
        "pub",
        "#[inline]",
        "#",
        "# # # ! $ % ^ & * ' a",
        "-> -> ->",
        "1 2.0 \"three\" 'f' b\"five\" r#\"six\"#",
        "async",
        "unsafe extern \"C\" fn",
        "fn fn fn",
        "fn 1(x: f64) -> f64 { x }",
        "fn f(x) -> f64 { x }",
        "fn f<'a(x: f64) -> f64 { x }",
        "r#fn r#f(x: f64) -> f64 { x }",
    ] {
        // An unbalanced text is no token stream at all.
        if code.parse::<TokenStream>().is_ok() {
            rejected(code);
        }
    }
}

#[test]
fn strange_implementations() {
    for code in [
        "impl S { fn f(x: f64) -> f64 { x } }",
        "impl S { #[differentiate] fn f(&self, x: f64) -> f64 { x } fn g }",
        "unsafe impl<'a, T: 'a, const N: usize> !T<{ N }> for &'a mut S where T: Fn(f64) -> f64 { fn f(x: f64) -> f64 { x } }",
        "impl S { m! {} m! (); #![allow(a)] #[differentiate] fn f(&self, x: f64) -> f64 { x } }",
        "impl S { default fn f(&self, x: f64) -> f64 { x } }",
        "impl T for S { type A<'a> = &'a f64; fn f(x: f64, a: Self::A<'_>) -> f64 { Self::A::new(); x } }",
        "impl T for S { type A = f64; fn f(x: Self::A) -> Self::A { Self::A::sin(x) + Self::A } }",
        "impl S { fn f(self: x, x: f64) -> f64 { self } }",
        "impl S { fn f(x: f64, self) -> f64 { self.f(x) } }",
        "impl S { fn f(x: f64) -> f64 { Self::f::<>(x) + <Self>::f(x) + <Self as T>::f(x) + T::f::<{ 3 }>(x) } }",
        "fn f(&self, x: f64) -> f64 { self }",
        "fn f(mut self, x: f64) -> f64 { self = x; self += x; x }",
        "fn f(self, self_: f64) -> f64 { self.self_(self_).f(self_) }",
        "fn f(&mut self, x: f64) -> f64 { let self = x; self }",
    ] {
        source(code);
    }
    let one = |k: usize| format!("#[differentiate] fn f{k}(&self, x: f64) -> f64 {{ x * {k}.5 }}");
    let long = (0..2000).map(one).collect::<Vec<_>>().join(" ");
    accepted(format!("impl S {{ {long} }}"));
    let deep = format!("impl S {{ fn f(x: f64) -> f64 {{ {}x{} }} }}", "(".repeat(2000), ")".repeat(2000));
    rejected(deep);
    let one = |k: usize| format!("type A{k} = (Self::A{}, Self::A{});", k + 1, k + 1);
    let types = (0..40).map(one).collect::<Vec<_>>().join(" ");
    rejected(format!("impl T for S {{ {types} fn f(x: f64) -> Self::A0 {{ x }} }}"));
}

#[test]
#[allow(clippy::too_many_lines, reason = "a list")]
fn strange_functions() {
    for code in [
        "fn f(x: f64) -> f64 {}",
        "fn f(x: f64) -> f64 { ; ; ; }",
        "fn f(x: f64) -> f64 { loop {} }",
        "fn f(x: f64) -> f64 { return }",
        "fn f(x: f64) -> f64 { return x; x }",
        "fn f(x: f64) -> f64 { break }",
        "fn f(x: f64) -> f64 { continue; x }",
        "fn f(x: f64) -> f64 { 'a: loop { break 'b } }",
        "fn f(x: f64) -> f64 { y = z; x }",
        "fn f(x: f64) -> f64 { x += ; }",
        "fn f(x: f64) -> f64 { x..x }",
        "fn f(x: f64) -> f64 { x..; }",
        "fn f(x: f64) -> f64 { [x; x] }",
        "fn f(x: f64) -> f64 { [][0] }",
        "fn f(x: f64) -> f64 { x[0][1][2] }",
        "fn f(x: f64) -> f64 { x() }",
        "fn f(x: f64) -> f64 { x.x.x }",
        "fn f(x: f64) -> f64 { x.sin(x, x, x) }",
        "fn f(x: f64) -> f64 { x.powi() }",
        "fn f(x: f64) -> f64 { f64::sin() }",
        "fn f(x: f64) -> f64 { f64::from() }",
        "fn f(x: f64) -> f64 { let (a, b) = x; a }",
        "fn f(x: f64) -> f64 { let [a, b, c] = [x]; a + b }",
        "fn f(x: f64) -> f64 { let (a, b) = (x,); a }",
        "fn f(x: f64) -> f64 { (a, b) = (x, x, x); x }",
        "fn f(x: [f64; 2]) -> f64 { x[0][1] }",
        "fn f(x: [f64; 2]) -> f64 { x[0][1] += 1.0; x }",
        "fn f(x: [f64; 2]) -> f64 { x + x }",
        "fn f(x: [f64; 2]) -> f64 { for [a, b] in x {} 1.0 }",
        "fn f(x: &[f64]) -> f64 { for (a, b) in x {} 1.0 }",
        "fn f(x: &[[f64; 2]]) -> f64 { for &[a, b, c] in x { return a; } 1.0 }",
        "fn f(mut x: [[f64; 2]; 2]) -> f64 { x[0] = x; x = x[0]; x[0][0] }",
        "fn f(x: [f64; 2]) -> f64 { let y = [x, x[0]]; y[0] }",
        "fn f(x: [f64; 0]) -> f64 { x[0] }",
        "fn f(x: f64, x: f64) -> f64 { x }",
        "fn f(self) -> f64 { self }",
        "fn f(&mut self, x: f64) -> f64 { x }",
        "fn f(x: f64, ...) -> f64 { x }",
        "fn f(_: f64) -> f64 { 1.0 }",
        "fn f(&x: &f64) -> f64 { x }",
        "fn f(ref x: f64) -> f64 { *x }",
        "fn f(x @ y: f64) -> f64 { x }",
        "fn f<T, U: Into<T>>(x: T) -> T where T: Copy { x }",
        "fn f(x: impl Fn(f64) -> f64) -> f64 { x(1.0) }",
        "fn f(x: f64) -> impl Into<f64> { x }",
        "fn f(x: f64) -> ! { loop {} }",
        "fn f(x: f64) -> _ { x }",
        "fn f(x: f64) { }",
        "const fn f(x: f64) -> f64 { x }",
        "pub(in crate::a) fn f(x: f64) -> f64 { x }",
        "extern \"C\" fn f(x: f64) -> f64 { x }",
        "unsafe fn f(x: f64) -> f64 { x }",
        "async fn f(x: f64) -> f64 { x.await }",
        "fn f(x: f64) -> f64 { async { x }.await }",
        "fn f(x: f64) -> f64 { unsafe { x } }",
        "fn f(x: f64) -> f64 { x? }",
        "fn f(x: f64) -> f64 { if let Some(x) = x { x } else { x } }",
        "fn f(x: f64) -> f64 { if x > 0.0 && let y = x { y } else { x } }",
        "fn f(x: f64) -> f64 { while let Some(y) = x {} x }",
        "fn f(x: f64) -> f64 { let Some(y) = x else { return x }; y }",
        "fn f(x: f64) -> f64 { match x { y => y, _ if x > 0.0 => x, } }",
        "fn f(x: f64) -> f64 { |x: f64| -> f64 { x } }",
        "fn f(x: f64) -> f64 { (|x| x)(x) }",
        "fn f(x: f64) -> f64 { fn g(x: f64) -> f64 { x } g(x) }",
        "fn f(x: f64) -> f64 { macro_rules! m { () => {} } m!(); m![]; m! {} x }",
        "fn f(x: f64) -> f64 { m!(x) + m![x] + m! { x } }",
        "fn f(x: f64) -> f64 { #[cfg(a)] x }",
        "fn f(x: f64) -> f64 { #![cfg(a)] x }",
        "fn f(x: f64) -> f64 { #[a] x }",
        "fn f(x: f64) -> f64 { x as f32 as u8 as char as f64 }",
        "fn f(x: f64) -> f64 { x as _ }",
        "fn f(x: f64) -> f64 { <f64 as Trait>::sin(x) }",
        "fn f(x: f64) -> f64 { 1e999999999999 * x }",
        "fn f(x: f64) -> f64 { 1_f32 * 0x1p3 * x }",
        "fn f(x: f64) -> f64 { 99999999999999999999999999999 * x }",
        "fn f(x: f64) -> f64 { \"{x}{\" ; \"}{{x\"; x }",
        "fn f(x: f64) -> f64 { println!(\"{x:?} {0} {\", x); x }",
        "fn f(x: f64) -> f64 { x.0.1.2 }",
        "fn f(x: f64) -> f64 { *x + **x - &&x - &mut x - !x }",
        "fn f(x: f64) -> f64 { &raw const x; x }",
        "fn f(x: f64) -> f64 { const { 1.0 } * x }",
        "fn f(x: f64) -> f64 { for i in 0.. {} x }",
        "fn f(x: f64) -> f64 { for i in ..3 {} x }",
        "fn f(x: f64) -> f64 { for x in x {} x }",
        "fn f(x: f64) -> f64 { for _ in (0..3).rev().rev().step_by(2).rev() {} x }",
        "fn f(x: f64) -> f64 { let x; x }",
        "fn f(x: f64) -> f64 { let y: [f64; 3]; y[0] }",
        "fn f(x: f64) -> f64 { let mut y; y += x; y }",
        "fn f(x: f64) -> f64 { static Y: f64 = 1.0; Y * x }",
        "fn f(x: f64) -> f64 { x.clone().to_owned().clone() }",
        "fn f(x: f64) -> f64 { stop_gradient() + stop_gradient(x, x) }",
        "fn f(größe: f64, 変数: f64) -> f64 { größe * 変数.sin() }",
        "fn 関数(变量: &[f64]) -> f64 { 变量[0] * 变量[1] }",
        "fn r#type(r#fn: f64, r#loop: f64) -> f64 { r#fn * r#loop }",
        "fn f(x: f64) -> f64 { let r#x = x; r#x * x }",
        "fn _f(_x: f64) -> f64 { _x }",
        "fn __(__: f64) -> f64 { __ * __ }",
    ] {
        // An answer is enough: what is right is told by rustc and by the other tests.
        if let Ok(tokens) = code.parse::<TokenStream>() {
            drop(tokens);
            for arguments in ["", "gradient", "jvp", "wrt(x)", "gradient, jvp, wrt(x, y)"] {
                let text = expand(arguments, move || code.parse().expect("tokens"));
                assert!(!text.is_empty(), "{code}");
            }
        }
    }
}

/// More iterations than can be counted.
#[test]
fn endless_ranges() {
    let most = u64::MAX;
    accepted(function(&format!(
        "let mut y = x; for _ in 0..{most}_u64 {{ for _ in 0..={most}_u64 {{ for _ in 1..{most}_u64 {{ y = y.sin() * x; }} }} }} y"
    )));
}

/// Keywords as names, wherever a name may stand.
/// Arrays of more elements than there are numbers to count them.
#[test]
fn endless_arrays() {
    let all = usize::MAX;
    let sum = "{ let mut sum = 0.0; for i in 0..4 { sum += x[i][0].sqrt(); } sum }";
    for (kinds, function) in [
        ("gradient, jvp, hvp, hessian", format!("fn f(x: &[[f64; 2]; {all}]) -> f64 {sum}")),
        ("sparse_hessian", format!("fn f(x: &[[f64; 2]; {all}]) -> f64 {sum}")),
        ("jacobian", format!("fn f(x: &[f64; {all}], y: &[f64; {all}]) -> [f64; {all}] {{ [x[1] * y[2]; {all}] }}")),
        (
            "sparse_jacobian",
            format!("fn f(x: [f64; 2]) -> ([f64; {all}], [f64; {all}]) {{ ([x[1]; {all}], [x[0]; {all}]) }}"),
        ),
        (
            "sparse_jacobian",
            format!("fn f(x: &[f64; 2]) -> [f64; 2] {{ let a = [[[x[0]; 0]; {all}]; 8]; [x[1], a[3][4][5]] }}"),
        ),
    ] {
        expand(kinds, move || function.parse().expect("tokens"));
    }
}

#[test]
fn raw_names() {
    for code in [
        "fn f(r#type: f64, r#fn: f64, k: u8) -> f64 { match (r#type, r#fn, k) { (r#loop, r#in, 0) => r#loop * r#in, (r#as, _, r#mod) => r#as * r#mod as f64 } }",
        "fn f(r#type: &[f64]) -> f64 { let r#loop = |r#in: f64| r#in * r#type[0]; r#type.iter().map(|r#as| r#loop(*r#as)).sum() }",
        "fn f(r#type: f64) -> f64 { let (r#in, mut r#as) = (r#type * 2.0, 3); let mut r#mod = [r#in; 3]; for r#for in 0..3 { r#mod[r#for] *= r#type; r#as += 1; } r#mod[1] * r#as as f64 }",
        "fn f(r#type: f64) -> f64 { let r#in = (r#type, 2); let (mut r#mod, r#let) = r#in; while r#mod < 3.0 { r#mod *= r#type; } { let r#mod = r#let; r#type * r#mod as f64 } }",
        "fn f(r#type: f64, r#in: Option<f64>) -> f64 { let r#as; if let Some(r#mod) = r#in { r#as = r#mod * r#type } else { r#as = r#type } let r#type = r#as; r#type * r#type }",
        "fn r#type(x: f64, y: f64) -> f64 { x * y }",
    ] {
        accepted(code);
    }
    let method = "impl V { #[differentiate(gradient, jvp, wrt(k))] fn r#type(&self, k: f64) -> f64 { self.x * k } }";
    accepted(method);
    assert!(source(method.replace("gradient, ", "")).contains("type_jvp"));
}

#[test]
fn arguments() {
    for arguments in [
        ",",
        ",,,,",
        "gradient,",
        "gradient gradient",
        "=",
        "= =",
        "gradient =",
        "gradient = = \"a\"",
        "gradient = 1",
        "gradient = \"\"",
        "gradient = \"1\"",
        "gradient = \"a b\"",
        "gradient = \"self\"",
        "gradient = \"_\"",
        "gradient = \"fn\"",
        "gradient = \"r#fn\"",
        "gradient = \"f\"",
        "jvp = \"größe\"",
        "wrt",
        "wrt()",
        "wrt(,)",
        "wrt(x x)",
        "wrt(x, x)",
        "wrt((x))",
        "wrt(self)",
        "wrt(1)",
        "wrt[x]",
        "wrt{x}",
        "wrt(x)(y)",
        "crate",
        "crate = ",
        "crate = ::a::b",
        "crate = a::<b>",
        "crate = \"a\"",
        "self, super, fn, r#fn",
        "(((((((((())))))))))",
        "\"gradient\"",
        "#[gradient]",
        "gradient; jvp",
        "hessian(1)(2), vjp = 3, custom = a::b, derivatives(n)",
    ] {
        for code in ["fn f(x: f64) -> f64 { x * x }", "fn f(y: &[f64]) -> f64 { y[0] }", "struct S;", ""] {
            let text = expand(arguments, move || code.parse().expect("tokens"));
            assert!(!text.contains("wrong"), "{arguments}");
        }
    }
    let many = format!("wrt({})", "x, ".repeat(20_000));
    expand(Box::leak(many.into_boxed_str()), || "fn f(x: f64) -> f64 { x }".parse().expect("tokens"));
}

/// Groups in groups, made without a parser, which could not read them.
fn nested(depth: usize, delimiter: Delimiter, level: impl Fn(TokenStream) -> TokenStream) -> TokenStream {
    let mut inner: TokenStream = [TokenTree::from(Ident::new("x", Span::call_site()))].into_iter().collect();
    for _ in 0..depth {
        inner = level([TokenTree::from(Group::new(delimiter, inner))].into_iter().collect());
    }
    inner
}

fn prefixed(prefix: &'static str) -> impl Fn(TokenStream) -> TokenStream {
    move |inner| {
        let mut tokens: TokenStream = prefix.parse().expect("tokens");
        tokens.extend(inner);
        tokens
    }
}

#[test]
fn deep_groups() {
    let kinds = [
        (Delimiter::Parenthesis, ""),
        (Delimiter::Parenthesis, "-"),
        (Delimiter::Parenthesis, "x.max"),
        (Delimiter::Parenthesis, "f64::sin"),
        (Delimiter::Parenthesis, "1.0 +"),
        (Delimiter::Parenthesis, "Some"),
        (Delimiter::Parenthesis, "m!"),
        (Delimiter::Parenthesis, "|y|"),
        (Delimiter::Brace, ""),
        (Delimiter::Brace, "unsafe"),
        (Delimiter::Brace, "loop"),
        (Delimiter::Brace, "if x > 0.0"),
        (Delimiter::Brace, "if x > 0.0 { x } else"),
        (Delimiter::Brace, "for i in 0..3"),
        (Delimiter::Brace, "while x > 0.0"),
        (Delimiter::Brace, "match x"),
        (Delimiter::Brace, "|y|"),
        (Delimiter::Brace, "fn g()"),
        (Delimiter::Bracket, ""),
        (Delimiter::Bracket, "x"),
        (Delimiter::Bracket, "vec!"),
        (Delimiter::None, ""),
        (Delimiter::None, "-"),
    ];
    for (delimiter, prefix) in kinds {
        for depth in [20, 45, 60, 90, 200, 1_000, 5_000] {
            let text = expand("gradient, jvp", move || in_function(nested(depth, delimiter, prefixed(prefix))));
            assert!(depth <= 90 || text.contains("compile_error"), "{prefix} {delimiter:?} {depth}");
        }
    }
}

#[test]
fn deep_without_groups() {
    for depth in [10, 30, 60, 120, 200, 600, 900, 5_000] {
        let repeat = |text: &str| text.repeat(depth);
        let codes = [
            function(&format!("{} x", repeat("- "))),
            function(&format!("{} x", repeat("! "))),
            function(&format!("{} x", repeat("& "))),
            function(&format!("{} x", repeat("&mut "))),
            function(&format!("{} x", repeat("* "))),
            function(&format!("{} x", repeat("*& "))),
            function(&format!("{} x", repeat("return "))),
            function(&format!("{} x", repeat("break "))),
            function(&format!("{} x", repeat("break 'a "))),
            function(&format!("{} x", repeat("|y| "))),
            function(&format!("{} x", repeat("|| "))),
            function(&format!("{} x", repeat("move || "))),
            function(&format!("{} x", repeat(".."))),
            function(&format!("{} x", repeat("x = "))),
            function(&format!("{} x", repeat("x += "))),
            function(&format!("{} x", repeat("'a: "))),
            function(&format!("{} x", repeat("let y = "))),
            function(&format!("x {}", repeat("as f64 "))),
            function(&format!("x {}", repeat("?"))),
            function(&format!("x {}", repeat(".sin()"))),
            function(&format!("x {}", repeat(".0"))),
            function(&format!("x {}", repeat("[0]"))),
            function(&format!("x {}", repeat("()"))),
            function(&format!("x {}", repeat(".await"))),
            function(&format!("x {}", repeat("< x "))),
            function(&format!("x {}", repeat("&& x "))),
            function(&format!("x {}", repeat("== x "))),
            function(&format!("{} x", repeat("if x > 0.0 { x } else "))),
            function(&format!("{} {{ x }}", repeat("if x > 0.0 { x } else "))),
            function(&format!("{} {{ return x; }} x", repeat("if x > 0.0 { return x; } else "))),
            function(&format!("let y: {} f64 = x; x", repeat("& "))),
            function(&format!("let y: {} f64 = x; x", repeat("*const "))),
            function(&format!("let y: {} f64 {} = x; x", repeat("Vec<"), repeat("> "))),
            function(&format!("let y: {} f64 {} = x; x", repeat("Map<f64, "), repeat("> "))),
            function(&format!("let y: {} f64 {} = x; x", repeat("map<{ 1 }, "), repeat("> "))),
            function(&format!("let y: {} f64 = x; x", repeat("fn() -> "))),
            function(&format!("let y: {} f64 = x; x", repeat("impl Fn() -> "))),
            function(&format!("let y: {} = x; x", repeat("a::"))),
            function(&format!("let {} y = x; x", repeat("& "))),
            function(&format!("let {} y = x; x", repeat("y @ "))),
            function(&format!("let {} y = x; x", repeat("y | "))),
            function(&format!("{} x", repeat("a::"))),
            function(&format!("a{}(x)", repeat("::<f64>"))),
            format!("fn f(x: {} f64) -> f64 {{ x }}", repeat("& ")),
            format!("fn f(x: f64) -> {} f64 {{ x }}", repeat("Vec<")),
            format!("fn f<{}>(x: f64) -> f64 {{ x }}", repeat("T: ")),
            format!("{} fn f(x: f64) -> f64 {{ x }}", repeat("#[inline] ")),
            format!("{} fn f(x: f64) -> f64 {{ x }}", repeat("pub ")),
        ];
        for code in codes {
            if code.parse::<TokenStream>().is_ok() {
                assert!(!source(code).is_empty());
            }
        }
    }
}

#[test]
fn long_chains() {
    for terms in [300, 1_500, 20_000] {
        for term in ["+ x", "* x", "- x * 2.0", "/ (x + 1.0)", "% 3.0", "&& x > 0.0", "+ x.sin()"] {
            let text = source(function(&format!("x {}", format!("{term} ").repeat(terms))));
            assert!(!text.is_empty());
        }
        let text = source(function(&format!("g({})", "x, ".repeat(terms))));
        assert!(!text.is_empty());
        let text = source(function(&format!("let a = [{}]; a[0]", "x, ".repeat(terms))));
        assert!(!text.is_empty());
        let text = source(function(&format!("let a = ({}); x", "x, ".repeat(terms))));
        assert!(!text.contains("compile_error"));
        let text = source(format!(
            "fn f({}) -> f64 {{ x0 }}",
            (0..terms.min(1_500)).fold(String::new(), |mut all, i| {
                write!(all, "x{i}: f64, ").expect("a string");
                all
            })
        ));
        assert!(!text.contains("compile_error"));
    }
    // Long enough to be useful, and accepted.
    accepted(function(&format!("x {}", "+ x * x ".repeat(300))));
    accepted(function(&format!("if {} {{ x }} else {{ x * x }}", "x < 3.0 && ".repeat(100) + "x > 1.0")));
    accepted(function(&format!("{} x * x", "if x < 3.0 { print!(\"{x}\"); } ".repeat(100))));
    // Refused before a parser that recurses along them sees them.
    let text = source(function(&format!("x {}", "+ x ".repeat(20_000))));
    assert!(text.contains("too long to be differentiated"));
}

#[test]
fn many_statements() {
    accepted(function(&format!("let mut y = x; {} y", "y = y * x + 1.0; ".repeat(2_000))));
    accepted(function(&format!("let mut y = x; {} y", "y *= x.sin(); ".repeat(2_000))));
    accepted(function(&format!("let y = x; {} y", "let y = y * x; ".repeat(2_000))));
    accepted(function(&format!("let mut y = x; {} y", "if y > 1.0 { y = x; } ".repeat(500))));
    accepted(function(&format!("let mut y = x; {} y", "for i in 0..3 { y = y * x; } ".repeat(300))));
    accepted(function(&format!("let mut a = [x; 4]; {} a[0]", "a[1] = a[0] * a[2]; ".repeat(1_000))));
    accepted(function(&format!("{} x * x", "println!(\"{x}\"); ".repeat(1_000))));
    accepted(function(&format!("{} x * x", "{ let y = x; } ".repeat(1_000))));
    // Early exits nest: beyond a limit that is an error, not an overflow.
    let text = source(function(&format!("{} x * x", "if x > 1.0 { return x; } ".repeat(1_000))));
    assert!(text.contains("compile_error"));
    accepted(function(&format!("{} x * x", "if x > 1.0 { return x; } ".repeat(40))));
    // Errors are counted, and few are shown.
    let text = source(function(&format!("{} x * x", "y(x as i32, &mut x); ".repeat(1_000))));
    assert!(text.matches("compile_error").count() <= 60);
}

/// Blocks end statements without a semicolon: many of them are not one long statement.
#[test]
fn many_blocks() {
    let branch = "if a > 1.0 { a = a * x; } else if a < -1.0 { a -= x; } else { a += x; }";
    accepted(function(&format!("let mut a = x; {} a", branch.repeat(500))));
    let looped = "for i in 0..3 { a += x * i as f64; }";
    accepted(function(&format!("let mut a = x; {} a", looped.repeat(500))));
}

#[test]
fn long_names() {
    let name = "x".repeat(100_000);
    accepted(format!("fn f({name}: f64) -> f64 {{ {name} * {name} }}"));
    let name = "長".repeat(10_000);
    accepted(format!("fn {name}({name}: f64) -> f64 {{ {name} * {name} }}"));
}

/// Random tokens, in a function and outside: a thousand of each, always the same ones.
#[test]
fn garbage() {
    let mut choices = Choices::from_seed(1);
    for round in 0..1_000 {
        let length = choices.below(60);
        // A stream of tokens cannot be sent to a thread; this one is short.
        let tokens = garbage::garbage(length, &mut choices);
        let arguments: TokenStream = if round % 2 == 0 { "jvp".parse().expect("tokens") } else { tokens.clone() };
        drop(symgrad_engine::expand(arguments.clone(), tokens.clone()));
        drop(symgrad_engine::expand(arguments, in_function(tokens)));
    }
}
