//! A great deal of one thing: depth on the stack, and passes that are linear.

use super::*;

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
