//! The user's own macros, seen through. Oracle: finite differences of the function, which rustc expands as ever; forward mode is
//! compared with reverse mode, and the value is that of the function, bit for bit.

#![allow(
    clippy::cast_lossless,
    clippy::manual_midpoint,
    clippy::many_single_char_names,
    clippy::let_and_return,
    clippy::redundant_closure_call,
    clippy::shadow_unrelated,
    unused_assignments,
    unused_braces,
    reason = "as users write them"
)]

use num_traits::Float;
use symgrad::{assert_gradient, differentiate};

/// Macros for numerics, as crates have them, in a module of their own.
mod macros {
    use symgrad::differentiate;

    /// Leaves the function with an error.
    #[differentiate]
    macro_rules! check {
        (@return Err, $function:ident, $var:ident, $what:expr) => {
            return Err(concat![stringify!($function), ": ", stringify!($var), " is ", $what])
        };
        (@nan, $function:ident, [$($var:ident),* $(,)?]) => {{
            $(
                if $var.is_nan() {
                    check!(@return Err, $function, $var, "no number");
                }
            )*
        }};
        (@negative, $function:ident, [$first:ident, $($var:ident),*]) => {
            if $first$(.min($var))* < 0.0 {
                return Err(concat![stringify!($function), " is of positive numbers"]);
            }
        };
        (@zeros, $function:ident, [$($var:ident),*]) => {{
            let mut count: u8 = 0;
            $(
                count += u8::from($var == 0.0);
            )*
            if count > 1 {
                return Err(concat![stringify!($function), ": only one may be zero"]);
            }
        }};
    }
    pub(super) use check;

    /// Leaves the function with a result.
    #[differentiate]
    macro_rules! case {
        ($condition:expr, $result:expr) => {
            if $condition {
                return Ok($result);
            }
        };
    }
    pub(super) use case;

    /// Declares variables.
    #[differentiate]
    macro_rules! declare {
        (mut [$($var:ident = $value:expr),+ $(,)?]) => {
            $(let mut $var = $value;)+
        };
        ([$($var:ident),+] = $value:expr) => {
            $(let $var = $value;)+
        };
    }
    pub(super) use declare;
}

use macros::{case, check, declare};

#[differentiate]
macro_rules! square {
    ($x:expr) => {
        $x * $x
    };
}

/// Its variable is another one than that of its argument.
#[differentiate]
macro_rules! shifted {
    ($x:expr) => {{
        let t = 0.5;
        let shift = |u: f64| u * $x + t;
        shift(2.0) * t
    }};
}

/// What a rule declares is another one than what the next rule declares.
#[differentiate]
macro_rules! twice {
    ($x:expr) => {{
        let t = $x * 3.0;
        twice!(@inner t)
    }};
    (@inner $y:expr) => {{
        let t = 2.0;
        t * $y
    }};
}

#[differentiate]
macro_rules! horner {
    ($x:ident; $last:expr) => { $last };
    ($x:ident; $first:expr, $($rest:expr),+) => { $first + $x * horner!($x; $($rest),+) };
}

#[differentiate]
macro_rules! chosen {
    ($x:expr, $y:expr) => {
        match ($x > 1.0, $x) {
            (true, y) => y.sin() * $y,
            (false, _) => $y,
        }
    };
}

#[differentiate]
macro_rules! repeat {
    ($times:expr, $body:block) => {
        'out: for i in 0..10 {
            if i >= $times {
                break 'out;
            }
            $body
        }
    };
}

/// What is one as an argument stays one.
#[differentiate]
macro_rules! operands {
    ($x:expr, $n:expr) => {{
        let sum = 2.0 * $x;
        sum * $x - -$n
    }};
}

macro_rules! not_asked {
    () => {
        2.5
    };
}

#[differentiate(gradient, jvp, macros(check, case, declare))]
fn mean(x: f64, y: f64, z: f64) -> Result<f64, &'static str> {
    check!(@nan, mean, [x, y, z]);
    check!(@negative, mean, [x, y, z]);
    check!(@zeros, mean, [x, y, z]);
    case!(x == y && y == z, x * y.sqrt() * z.sqrt());
    declare!(mut [a = x + y, g = (y * z).sqrt(), count = 0.0]);
    declare!([start, again] = z * 0.5);
    while (a - g).abs() > 1e-14 * a.abs() {
        let t = (a * g).sqrt();
        a = (a + g) / 2.0;
        g = t;
        count += 1.0;
    }
    if count > 60.0 {
        return Err("no end");
    }
    Ok(a * start + again)
}

#[differentiate(gradient, jvp, macros(square))]
fn precedence(x: f64, y: f64) -> f64 {
    let s = 1.0 - square!(x + y) / square!(y);
    square!(s) - square!(x.sin()) * not_asked!()
}

#[differentiate(gradient, jvp, macros(shifted, twice))]
fn names(t: f64, shift: f64) -> f64 {
    let u = shifted!(t * shift);
    let v = twice!(t + u);
    u * v + twice!(shift) - t
}

#[differentiate(gradient, jvp, macros(horner, chosen))]
fn polynomial<T: Float>(x: T, y: T) -> T {
    let one = T::one();
    let value = horner!(x; one, y, y * y, one + y);
    value.exp() + horner!(y; x, one)
}

#[differentiate(gradient, jvp, macros(chosen, repeat))]
fn control(x: f64, y: f64) -> f64 {
    let mut sum = chosen!(x, y * y);
    repeat!(3, {
        sum += x * sum.cos();
    });
    repeat! { 2, { sum *= y; } }
    let last = chosen!(sum, x);
    last * sum
}

#[differentiate(gradient, jvp, macros(operands))]
fn wholes(x: f64, y: f64) -> f64 {
    let (n, sum) = (3_u8, x * y);
    operands!({ sum * sum }, n as f64) + operands!(if x > 0.5 { y } else { sum }, y + x)
}

struct Spring {
    rest: f64,
}

impl Spring {
    #[differentiate(gradient, jvp, macros(square))]
    fn energy(&self, k: f64, x: f64) -> f64 {
        0.5 * k * square!(x - self.rest)
    }
}

#[differentiate(gradient, jvp, macros(square, shifted))]
impl Spring {
    #[differentiate]
    fn drag(v: f64) -> f64 {
        square!(v) * v.abs()
    }

    #[differentiate(wrt(v))]
    fn loss(&self, v: f64, t: f64) -> f64 {
        Self::drag(v) * shifted!(t * v) + self.rest
    }
}

/// Begins with a block, and goes on behind it.
#[differentiate]
macro_rules! weighted {
    ($c:expr, $x:expr) => {
        if $c > 0.8 {
            1.0
        } else {
            2.0
        }
        *$x
    };
    (@square $x:expr) => {{
        let r#type = $x;
        r#type * type_of!(r#type)
    }
    -$x};
}

#[differentiate]
macro_rules! type_of {
    ($x:expr) => {
        $x
    };
}

/// A statement.
#[differentiate]
macro_rules! bump {
    ($s:ident, $x:expr) => {
        $s += if $x > 1.0 { $x } else { 2.0 * $x }
    };
}

#[differentiate(gradient, jvp, macros(weighted))]
fn at_the_end(x: f64, y: f64) -> f64 {
    let z = { weighted!(y, x * x) };
    weighted!(x, y * z)
}

#[differentiate(gradient, jvp, macros(weighted, type_of))]
fn a_block_at_the_end(x: f64, y: f64) -> f64 {
    let z = weighted!(@square x) + y;
    weighted!(@square z * y)
}

/// A call with braces is a statement, and what follows is another one.
#[differentiate(gradient, jvp, macros(bump))]
fn before_an_operator(x: f64, y: f64) -> f64 {
    let mut s = x * y;
    bump! { s, y }
    bump! { s, x }
    match (y > 1.0, x > 1.0) {
        (true, _) => bump!(s, x * y),
        (_, true) => bump!(s, y),
        _ => {}
    }
    bump! { s, x * x }
    -s
}

/// It calls one that runs on macros.
#[differentiate(gradient, jvp)]
fn caller(x: f64, y: f64) -> Result<f64, &'static str> {
    let m = mean(x, y * y, 2.0)?;
    Ok(m * precedence(x, y))
}

#[test]
fn macros_of_the_user() {
    for p in [[1.0, 2.0, 3.0], [0.3, 2.5, 0.7], [4.0, 1.0, 2.0]] {
        assert_gradient!(
            |p| mean(p[0], p[1], p[2]).unwrap(),
            |p| mean_value_and_gradient(p[0], p[1], p[2]).map(|(y, g)| (y, g.to_vec())).unwrap(),
            p,
            jvp = |p, v| mean_jvp(p[0], p[1], p[2], v[0], v[1], v[2]).unwrap()
        );
    }
    assert_eq!(mean_gradient(f64::NAN, 1.0, 1.0), Err("mean: x is no number"));
    assert_eq!(mean_gradient(0.0, 0.0, 1.0), Err("mean: only one may be zero"));
    assert_eq!(mean_gradient(-1.0, 0.0, 1.0), Err("mean is of positive numbers"));
    assert!(mean_gradient(2.0, 2.0, 2.0).is_ok_and(|g| (g[0] - 2.0).abs() < 1e-15));
    macro_rules! both {
        ($f:path, $gradient:path, $jvp:path) => {
            for p in [[0.7, 1.3], [-0.4, 0.9], [1.6, -0.8], [2.3, 1.1]] {
                assert_gradient!(
                    |p| $f(p[0], p[1]),
                    |p| {
                        let (y, g) = $gradient(p[0], p[1]);
                        (y, g.to_vec())
                    },
                    p,
                    jvp = |p, v| $jvp(p[0], p[1], v[0], v[1])
                );
            }
        };
    }
    both!(precedence, precedence_value_and_gradient, precedence_jvp);
    both!(names, names_value_and_gradient, names_jvp);
    both!(polynomial, polynomial_value_and_gradient, polynomial_jvp);
    both!(at_the_end, at_the_end_value_and_gradient, at_the_end_jvp);
    both!(a_block_at_the_end, a_block_at_the_end_value_and_gradient, a_block_at_the_end_jvp);
    both!(before_an_operator, before_an_operator_value_and_gradient, before_an_operator_jvp);
    both!(wholes, wholes_value_and_gradient, wholes_jvp);
    both!(control, control_value_and_gradient, control_jvp);
    let spring = Spring { rest: 0.4 };
    let energy = |k, x| spring.energy(k, x);
    let energy_gradient = |k, x| spring.energy_value_and_gradient(k, x);
    let energy_jvp = |k, x, u, v| spring.energy_jvp(k, x, u, v);
    for p in [[0.7, 1.3], [-0.4, 0.9]] {
        assert_gradient!(
            |p| energy(p[0], p[1]),
            |p| {
                let (y, g) = energy_gradient(p[0], p[1]);
                (y, g.to_vec())
            },
            p,
            jvp = |p, v| energy_jvp(p[0], p[1], v[0], v[1])
        );
        assert_gradient!(
            |v| spring.loss(v[0], p[1]),
            |v| {
                let (y, g) = spring.loss_value_and_gradient(v[0], p[1]);
                (y, vec![g])
            },
            [p[0]],
            jvp = |v, u| spring.loss_jvp(v[0], p[1], u[0])
        );
    }
    for p in [[0.7, 1.3], [0.4, 0.9]] {
        assert_gradient!(
            |p| caller(p[0], p[1]).unwrap(),
            |p| caller_value_and_gradient(p[0], p[1]).map(|(y, g)| (y, g.to_vec())).unwrap(),
            p,
            jvp = |p, v| caller_jvp(p[0], p[1], v[0], v[1]).unwrap()
        );
    }
}
