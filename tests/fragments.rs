//! Functions that a `macro_rules!` writes, with what it was given in the place of every kind of fragment. The same fragments
//! make a function over dual numbers, which knows nothing of the attribute.

#![allow(clippy::assign_op_pattern, reason = "dual numbers and fragments")]

use num_dual::{Dual64, DualNum as _};
use symgrad::differentiate;

/// A function and the same over dual numbers, compared at a point.
macro_rules! compared {
    ($name:ident($x:ident, $y:ident) at $at:expr, { $($body:tt)* }) => {
        mod $name {
            use super::*;

            #[differentiate(gradient, jvp)]
            fn f($x: f64, $y: f64) -> f64 {
                $($body)*
            }

            fn dual($x: Dual64, $y: Dual64) -> Dual64 {
                $($body)*
            }

            #[test]
            fn agrees() {
                let (x, y): (f64, f64) = $at;
                let (value, gradient) = f_value_and_gradient(x, y);
                assert_eq!(value.to_bits(), f(x, y).to_bits());
                let by_x = dual(Dual64::from(x).derivative(), y.into());
                let by_y = dual(x.into(), Dual64::from(y).derivative());
                for (found, expected) in [(gradient[0], by_x.eps), (gradient[1], by_y.eps)] {
                    assert!((found - expected).abs() <= 1e-13 * expected.abs().max(1.0), "{found} {expected}");
                }
                let along = f_jvp(x, y, 0.5, -2.0).1;
                let expected = 0.5 * by_x.eps - 2.0 * by_y.eps;
                assert!((along - expected).abs() <= 1e-13 * expected.abs().max(1.0), "{along} {expected}");
            }
        }
    };
}

macro_rules! blocks {
    ($name:ident($x:ident, $y:ident), $s:ident, $first:block, $last:block) => {
        compared!($name($x, $y) at (0.7, 1.3), {
            let mut $s = $x * $y;
            $first
            for _ in 0..2 $first
            if $s > $x * $y $first else { $s = $last; }
            let t = $last;
            $s = $s * t;
            $first
            $last
        });
    };
}

blocks!(
    blocks_as_statements(x, y),
    s,
    {
        s = s * x + 0.5;
    },
    { s * y }
);

macro_rules! whole_body {
    ($name:ident($x:ident, $y:ident) $body:block) => {
        mod $name {
            use super::*;

            #[differentiate(gradient, jvp)]
            fn f($x: f64, $y: f64) -> f64 $body

            fn dual($x: Dual64, $y: Dual64) -> Dual64 $body

            #[test]
            fn agrees() {
                let (_, gradient) = f_value_and_gradient(0.3, -0.4);
                let by_x = dual(Dual64::from(0.3).derivative(), (-0.4).into());
                let by_y = dual(Dual64::from(0.3), Dual64::from(-0.4).derivative());
                assert!((gradient[0] - by_x.eps).abs() < 1e-14 && (gradient[1] - by_y.eps).abs() < 1e-14);
            }
        }
    };
}

whole_body!(a_block_is_the_body(x, y) {
    let p = (x * y).sin();
    p * p + x
});

macro_rules! operators {
    ($name:ident($x:ident, $y:ident), $s:ident, $sum:expr, $branch:expr, $assign:expr, $place:expr, $range:expr) => {
        compared!($name($x, $y) at (0.7, 1.3), {
            let mut $s = [$x, $y];
            $assign;
            $branch
            $place = $place * $y;
            let mut p = $sum * $sum;
            for k in $range {
                p = p * $s[k];
                $branch
            }
            let t = $sum * $sum - $x * $sum;
            t * -$sum + $sum.sin() * p
        });
    };
}

operators!(
    expressions_in_every_place(x, y),
    s,
    x + s[0],
    if s[0] > x * y {
        s[1] = s[1] * x;
    } else {
        s[0] = s[0] * y;
    },
    s[0] = x * s[1],
    s[1],
    0..2
);

macro_rules! a_branch_minus {
    ($name:ident($x:ident, $y:ident), $e:expr) => {
        compared!($name($x, $y) at (0.7, 1.3), {
            let t = { $y + $e };
            let u = $e * $x;
            t * u + { $y * $e }
        });
    };
}

a_branch_minus!(branches_with_an_operator(x, y), if x < y { x } else { y } - if y > x * y { y * y } else { x });
a_branch_minus!(branches_alone(x, y), if x < y { x } else { y });
a_branch_minus!(negative_numbers(x, y), -x);
a_branch_minus!(blocks_as_values(x, y), {
    let inner = x * y;
    inner.exp()
});

macro_rules! other_fragments {
    ($name:ident($x:ident, $y:ident), $p:pat, $t:ty, $c:ident, $stmt:stmt, $item:item, $n:literal, $path:path, $bound:ident, $f:ident) => {
        compared!($name($x, $y) at (0.7, 1.3), {
            $item
            $stmt
            let $p = ($x * $y, $n as $t);
            let k: $t = ($path as $t) + 1;
            let scale = Vec::<$t>::from([k, k + $c])[1];
            $bound * $bound * f64::from(scale % 10) * f64::from($f(k))
        });
    };
}

other_fragments!(
    patterns_types_items(x, y),
    (a, _k), i32, c, let c = 2, fn count(v: i32) -> i32 { if v > 0 { 3 } else { 4 } }, -7, std::primitive::i8::MAX, a, count
);

macro_rules! labels {
    ($name:ident($x:ident, $y:ident), $outer:lifetime) => {
        compared!($name($x, $y) at (0.7, 1.3), {
            let mut product = $x;
            $outer: for i in 0..4 {
                for j in 0..4 {
                    if i + j > 4 {
                        break $outer;
                    }
                    if j > i {
                        continue $outer;
                    }
                    product = product * $y.cos() + $x;
                }
            }
            product
        });
    };
}

labels!(labels_as_fragments(x, y), 'outer);
