//! How long expansion takes, and how it grows. `cargo bench -p symgrad-engine --bench expansion`
//!
//! Three shapes of a body: straight-line code, a long body inside a loop, and many branches. Each is doubled up to
//! 20,000 operations; times should double with it.

use proc_macro2::TokenStream;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

fn straight(n: usize) -> String {
    let mut body = String::new();
    for k in 0..n / 2 {
        let _ = writeln!(body, "let v{} = v{k} * y + x.sin();", k + 1);
    }
    format!("fn f(x: f64, y: f64) -> f64 {{ let v0 = x * y; {body} v{} }}", n / 2)
}

fn looped(n: usize) -> String {
    let mut body = String::new();
    for _ in 0..n / 4 {
        body.push_str("a = a * y + b; b = b - a.cos();\n");
    }
    format!(
        "fn f(x: f64, y: f64, n: usize) -> f64 {{ let mut a = x; let mut b = y; for i in 0..n {{ {body} }} a + b }}"
    )
}

fn branching(n: usize) -> String {
    let mut body = String::new();
    for _ in 0..n / 4 {
        body.push_str("if a > 1.0 { a = a * y; } else { a = a + x.exp(); }\n");
    }
    format!("fn f(x: f64, y: f64) -> f64 {{ let mut a = x; {body} a }}")
}

fn time(source: &str) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let tokens: TokenStream = source.parse().expect("the source is Rust");
        let start = Instant::now();
        let expanded = symgrad_engine::expand(TokenStream::new(), tokens);
        best = best.min(start.elapsed());
        assert!(!expanded.to_string().contains("compile_error"), "the function is accepted");
    }
    best
}

fn main() {
    println!("{:>10} {:>14} {:>14} {:>14}", "operations", "straight", "looped", "branching");
    for n in [1_250, 2_500, 5_000, 10_000, 20_000] {
        let times = [straight(n), looped(n), branching(n)].map(|source| time(&source));
        let [a, b, c] = times.map(|t| format!("{:.1} ms", t.as_secs_f64() * 1e3));
        println!("{n:>10} {a:>14} {b:>14} {c:>14}");
    }
}
