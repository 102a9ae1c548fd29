//! What no compiler has accepted before: other items, strange functions, names and arguments.

use super::*;

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

/// Keywords as names, wherever a name may stand.
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
