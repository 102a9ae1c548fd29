//! The emitted code in strict and strange surroundings: every lint on, names that collide, macros, shadowed crates.

#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub, unused_qualifications)]
#![deny(unused_results, single_use_lifetimes, trivial_casts, trivial_numeric_casts, let_underscore_drop)]
#![deny(clippy::all, clippy::pedantic, clippy::missing_docs_in_private_items, clippy::missing_inline_in_public_items)]
#![deny(clippy::float_cmp, clippy::imprecise_flops)]
#![deny(clippy::absolute_paths, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic)]
#![allow(unreachable_pub, reason = "the functions of the tests are public for the sake of the lints on public items")]
#![allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "of the functions themselves")]
#![allow(clippy::cast_precision_loss, clippy::needless_range_loop, clippy::many_single_char_names)]
#![allow(clippy::missing_inline_in_public_items, clippy::missing_docs_in_private_items, clippy::must_use_candidate)]

use symgrad::{assert_gradient, differentiate};

/// Compares a function of scalars with its companions at a point.
macro_rules! check {
    ($f:ident $value_and_gradient:ident $jvp:ident [$($i:tt: $x:expr),+]) => {
        assert_gradient!(
            |p| $f($(p[$i]),*),
            |p| $value_and_gradient($(p[$i]),*),
            [$($x),+],
            jvp = |p, v| $jvp($(p[$i],)* $(v[$i]),*)
        )
    };
}

mod lints {
    //! Every form under every lint.

    use std::f64::consts::PI;
    use symgrad::{assert_gradient, differentiate};

    /// Public and documented.
    #[differentiate(gradient, jvp)]
    pub fn public(x: f64, y: f64) -> f64 {
        x * y.sin() + PI * 3.0
    }

    /// For the crate.
    #[differentiate(gradient, jvp)]
    pub(crate) fn for_the_crate(x: f64, data: &[f64]) -> f64 {
        let mut sum = 0.0;
        for v in data {
            sum += (v * x).tanh();
        }
        sum
    }

    #[differentiate(gradient, jvp)]
    pub(super) fn for_the_parent(m: [[f64; 2]; 2], n: usize) -> f64 {
        let mut a = m;
        for i in 0..2 {
            for j in 0..n.min(2) {
                a[i][j] *= m[j][i];
                if a[i][j] > 3.0 {
                    return a[i][j];
                }
            }
        }
        a[0][0] * a[1][1]
    }

    #[differentiate(gradient, jvp)]
    fn private(mut x: f64, mut y: f64) -> f64 {
        let mut steps = 0;
        while steps < 4 && x < 10.0 {
            (x, y) = (x * y, y + 0.5);
            steps += 1;
        }
        x / y
    }

    /// Used through its companions only.
    #[differentiate(gradient, jvp)]
    fn unused(x: f64) -> f64 {
        private(x, x)
    }

    #[test]
    fn derivatives() {
        check!(public public_value_and_gradient public_jvp [0: 0.3, 1: 1.2]);
        check!(private private_value_and_gradient private_jvp [0: 1.3, 1: 1.2]);
        check!(unused unused_value_and_gradient unused_jvp [0: 1.3]);
        assert_gradient!(
            |p| for_the_crate(p[0], &p[1..]),
            |p| {
                let (value, (dx, data)) = for_the_crate_value_and_gradient(p[0], &p[1..]);
                (value, [&[dx], &data[..]].concat())
            },
            [0.3, 0.1, 0.7],
            jvp = |p, v| for_the_crate_jvp(p[0], &p[1..], v[0], &v[1..])
        );
        assert_gradient!(
            |p| for_the_parent([[p[0], p[1]], [p[2], p[3]]], 2),
            |p| {
                let (value, gradient) = for_the_parent_value_and_gradient([[p[0], p[1]], [p[2], p[3]]], 2);
                (value, gradient.concat())
            },
            [0.3, 0.1, 0.7, 1.1],
            jvp = |p, v| for_the_parent_jvp([[p[0], p[1]], [p[2], p[3]]], 2, [[v[0], v[1]], [v[2], v[3]]])
        );
    }
}

#[test]
fn visibility() {
    assert_eq!(lints::public_gradient(1.0, 2.0).len(), 2);
    assert_eq!(lints::for_the_crate_gradient(1.0, &[1.0]).1.len(), 1);
    assert_eq!(lints::for_the_parent_gradient([[1.0; 2]; 2], 1).len(), 2);
}

/// Methods, and the attribute on an `impl`, under every lint.
pub mod methods {
    use std::fmt::Debug;
    use symgrad::{assert_gradient, differentiate};

    /// A type.
    #[derive(Debug, Clone)]
    pub struct Spring {
        /// Stiffness.
        pub k: f64,
    }

    /// A private type.
    #[derive(Debug)]
    struct Hidden(f64);

    /// A private trait.
    trait Energy {
        /// Its type.
        type Number;

        /// Its method.
        fn energy(&self, slot_x: Self::Number, value: &Hidden) -> Self::Number;
    }

    impl Spring {
        /// Public and documented.
        #[differentiate(gradient, jvp)]
        pub fn force(&self, x: f64) -> f64 {
            -self.k * x
        }

        #[differentiate(gradient, jvp)]
        fn unused(self, x: f64) -> f64 {
            self.work(x) + Self::half(x)
        }
    }

    #[differentiate(gradient, jvp, wrt(x))]
    impl Spring {
        /// Public and documented.
        #[differentiate]
        #[inline]
        pub fn work(&self, x: f64) -> f64 {
            self.force(x) * x
        }

        #[differentiate]
        fn half(x: f64) -> f64 {
            0.5 * x
        }

        #[differentiate]
        pub(crate) fn with_data<T: Debug + ?Sized>(&self, x: &[f64], gradient: &T) -> f64 {
            println!("{gradient:?}");
            x[0] * Self::half(x[1]) * self.k
        }
    }

    #[differentiate(gradient, jvp)]
    impl Energy for Spring {
        type Number = f64;

        fn energy(&self, slot_x: f64, value: &Hidden) -> Self::Number {
            self.k * slot_x * slot_x * value.0
        }
    }

    #[differentiate(gradient, jvp, companions = OfNumbers)]
    impl Energy for f64 {
        type Number = Self;

        fn energy(&self, mut slot_x: f64, value: &Hidden) -> Self::Number {
            slot_x *= *self;
            slot_x * slot_x * value.0
        }
    }

    #[test]
    fn gradients() {
        let (spring, one) = (Spring { k: 2.5 }, Hidden(1.0));
        assert_gradient!(|p| spring.work(p[0]), |p| spring.work_value_and_gradient(p[0]), [0.3]);
        assert_gradient!(|p| spring.clone().unused(p[0]), |p| spring.clone().unused_value_and_gradient(p[0]), [0.3]);
        assert_gradient!(|p| spring.energy(p[0], &one), |p| spring.energy_value_and_gradient(p[0], &one), [0.3]);
        assert_gradient!(|p| 2.0_f64.energy(p[0], &one), |p| 2.0_f64.energy_value_and_gradient(p[0], &one), [0.3]);
        let (_, both) = spring.with_data_value_and_gradient(&[0.5, 2.0], "data");
        assert!((both[0] - 2.5).abs() < 1e-15 && (both[1] - 0.625).abs() < 1e-15);
    }
}

// Names that generated code might use itself.

#[differentiate(gradient, jvp)]
fn names(x_adj: f64, tmp0: f64, grad: f64, dx: f64, t1: f64, value: f64, gradient: f64) -> f64 {
    let mut tape = x_adj * tmp0;
    let sum_1 = tape + grad;
    let sum = sum_1 * dx;
    let adjoint = sum.sin() * t1;
    tape *= value * adjoint;
    let t2 = tape + gradient * gradient;
    let x_adj_1 = t2 * x_adj;
    let result = x_adj_1.exp() + sum;
    let d_result = result * t2;
    d_result / (1.0 + result * result)
}

#[differentiate(gradient, jvp)]
fn collisions(x: f64, dx: f64, ddx: f64, x_tangent: f64, slot_x: f64) -> f64 {
    let x_bar = x * dx;
    let dx_1 = x_bar * ddx;
    let at = dx_1 + x_tangent;
    at.sin() * slot_x * x
}

#[differentiate(gradient, jvp)]
fn slices(x: &[f64], dx: &[f64], i: f64, left: f64) -> f64 {
    let mut value = 0.0;
    for (d, t) in x.iter().zip(dx) {
        value += d * t * i * left;
    }
    for k in 0..x.len() {
        let mut t1 = x[k];
        t1 = t1 * dx[k] * value;
        value += t1;
    }
    value
}

#[differentiate(gradient, jvp)]
fn raw(r#type: f64, r#fn: f64) -> f64 {
    let mut r#loop = r#type * r#fn;
    r#loop += r#type.sin();
    r#loop * r#fn
}

#[differentiate(gradient, jvp)]
fn r#match(r#in: f64) -> f64 {
    r#in * r#in
}

#[differentiate(gradient, jvp)]
fn unicode(größe: f64, θ: f64) -> f64 {
    let ψ = größe * θ;
    ψ.sin() * θ
}

#[differentiate(gradient, jvp)]
fn shadowing(x: f64, y: f64) -> f64 {
    #![allow(unused_mut)]
    let x = x * y;
    let y = {
        let x = x.sin();
        x * y
    };
    let x = if y > 0.0 {
        let y = y * x;
        y * y
    } else {
        x
    };
    x + y
}

#[test]
fn names_that_collide() {
    check!(names names_value_and_gradient names_jvp [0: 0.3, 1: 0.4, 2: -0.2, 3: 0.7, 4: 1.1, 5: -0.6, 6: 0.5]);
    check!(collisions collisions_value_and_gradient collisions_jvp [0: 0.3, 1: 0.4, 2: -0.2, 3: 0.7, 4: 1.1]);
    check!(raw raw_value_and_gradient raw_jvp [0: 0.3, 1: 0.4]);
    check!(r#match match_value_and_gradient match_jvp [0: 0.3]);
    check!(unicode unicode_value_and_gradient unicode_jvp [0: 0.3, 1: 0.4]);
    check!(shadowing shadowing_value_and_gradient shadowing_jvp [0: 0.3, 1: 0.4]);
    check!(shadowing shadowing_value_and_gradient shadowing_jvp [0: -0.3, 1: 0.4]);
    assert_gradient!(
        |p| slices(&p[..2], &p[2..4], p[4], p[5]),
        |p| {
            let (value, (dx, ddx, di, dleft)) = slices_value_and_gradient(&p[..2], &p[2..4], p[4], p[5]);
            (value, [&dx[..], &ddx[..], &[di, dleft]].concat())
        },
        [0.3, 0.4, -0.2, 0.7, 1.1, 0.9],
        jvp = |p, v| slices_jvp(&p[..2], &p[2..4], p[4], p[5], &v[..2], &v[2..4], v[4], v[5])
    );
}

// Inside macros.

macro_rules! polynomial {
    ($(#[$meta:meta])* $name:ident, $x:ident, $body:expr) => {
        $(#[$meta])*
        #[differentiate(gradient, jvp)]
        fn $name($x: f64, scale: f64) -> f64 {
            let inner = scale * $x;
            inner + $body
        }
    };
}

polynomial!(by_macro, t, t * t + 1.0);
polynomial!(
    /// With a name that the macro has as well.
    another,
    y,
    y.sin()
);

macro_rules! square_of {
    ($x:expr) => {
        $x * $x
    };
}

macro_rules! whole {
    ($name:ident) => {
        #[differentiate(gradient, jvp)]
        fn $name(x: f64) -> f64 {
            let t = x * 2.0;
            t.exp() * x
        }
    };
}

whole!(from_a_macro);

#[differentiate(gradient, jvp)]
fn calls_macros(x: f64, n: usize) -> f64 {
    let k = square_of!(n);
    x * k as f64 * square_of!(2.0)
}

#[test]
fn inside_macros() {
    check!(by_macro by_macro_value_and_gradient by_macro_jvp [0: 0.3, 1: 0.4]);
    check!(another another_value_and_gradient another_jvp [0: 0.3, 1: 0.4]);
    check!(from_a_macro from_a_macro_value_and_gradient from_a_macro_jvp [0: 0.3]);
    let (value, slope) = calls_macros_value_and_gradient(1.5, 3);
    assert!((value - 54.0).abs() < 1e-12 && (slope - 36.0).abs() < 1e-12);
    let (value, tangent) = calls_macros_jvp(1.5, 3, 2.0);
    assert!((value - 54.0).abs() < 1e-12 && (tangent - 72.0).abs() < 1e-12);
}

// Where the names of crates and of the prelude mean something else.

mod shadowed {
    #![allow(dead_code, non_camel_case_types, clippy::upper_case_acronyms)]

    use ::symgrad::differentiate;

    pub mod core {}
    pub mod std {}
    pub mod alloc {}
    pub mod symgrad {}
    pub struct Vec;
    pub struct Option;
    pub struct Some;
    pub struct None;
    pub struct Iterator;
    pub struct Default;
    pub struct Clone;
    macro_rules! vec {
        () => {};
    }
    macro_rules! assert_eq {
        () => {};
    }
    macro_rules! panic {
        () => {};
    }
    vec![];
    assert_eq!();
    panic!();

    #[differentiate(gradient, jvp)]
    pub fn taped(x: &[f64], w: [f64; 2], n: usize) -> f64 {
        let mut state = w[0];
        let mut grid = [[0.0; 2]; 2];
        for i in 0..n {
            state = (state * x[i]).sin() + w[1];
            grid[i % 2][0] += state * grid[(i + 1) % 2][1];
            grid[i % 2][1] = state;
            if state > 5.0 {
                break;
            }
        }
        state * grid[0][0] + grid[1][0]
    }

    #[differentiate(gradient, jvp)]
    pub fn caller(x: &[f64], y: f64) -> f64 {
        taped(x, [y, 0.3], x.len()) * y
    }

    #[::core::prelude::v1::test]
    fn derivatives() {
        ::symgrad::assert_gradient!(
            |p| caller(&p[1..], p[0]),
            |p| {
                let (value, (dx, dy)) = caller_value_and_gradient(&p[1..], p[0]);
                (value, [&[dy], &dx[..]].concat())
            },
            [0.3, 0.9, 0.7, 1.2],
            jvp = |p, v| caller_jvp(&p[1..], p[0], &v[1..], v[0])
        );
    }
}

mod another_name {
    //! The crate under another name.

    /// Where the runtime is.
    pub mod facade {
        pub use symgrad as renamed;
    }

    use symgrad::{assert_gradient, differentiate as derive};

    #[derive(gradient, jvp, crate = crate::another_name::facade::renamed)]
    fn f(x: &[f64]) -> f64 {
        let mut product = 1.0;
        for v in x {
            product *= v;
        }
        product
    }

    #[derive(gradient, jvp, crate = facade::renamed)]
    fn g(x: &[f64]) -> f64 {
        f(x) * x[0]
    }

    #[test]
    fn derivatives() {
        assert_gradient!(g, g_value_and_gradient, [0.3, 0.9, 0.7], jvp = g_jvp);
    }
}

// Attributes, generics, functions inside functions.

/// With everything above it.
#[differentiate(gradient, jvp)]
#[inline]
#[must_use]
#[allow(clippy::let_and_return)]
#[doc(alias = "attributed")]
#[cfg(not(any()))]
pub fn with_attributes(x: f64) -> f64 {
    let y = x * x;
    y
}

#[inline(always)]
#[allow(clippy::inline_always)]
#[differentiate(gradient, jvp)]
#[cfg_attr(all(), must_use = "it is a number")]
fn attribute_in_the_middle(x: f64) -> f64 {
    x.sqrt()
}

#[differentiate(gradient, jvp)]
#[cfg(any())]
fn not_there(x: f64) -> f64 {
    x
}

#[differentiate(gradient, jvp)]
#[cfg(not(any()))]
fn not_there(x: f64) -> f64 {
    2.0 * x
}

#[differentiate(gradient, jvp, wrt(x))]
fn lifetimes<'a, 'b>(x: &'a [f64], names: &'b [&'a str]) -> f64
where
    'b: 'a,
{
    x[0] * x[1] * names.len() as f64
}

#[differentiate(gradient, jvp)]
fn sizes<const N: usize, const M: usize>(x: [[f64; M]; N], y: &[[f64; M]]) -> f64 {
    let mut sums = [0.0; M];
    for row in x {
        for j in 0..M {
            sums[j] += row[j] * y[0][j];
        }
    }
    let mut product = 1.0;
    for s in sums {
        product *= s;
    }
    product
}

#[differentiate(gradient, jvp)]
fn outer(x: f64) -> f64 {
    const HALF: f64 = 0.5;
    use std::f64::consts::LN_2;
    fn helper(n: usize) -> usize {
        n + 1
    }
    #[differentiate(gradient, jvp)]
    fn inner(x: f64) -> f64 {
        x.cos() * LN_2
    }
    type Count = usize;
    let n: Count = helper(2);
    inner(x) * HALF * n as f64
}

#[test]
fn attributes_generics_and_nesting() {
    #[differentiate(gradient, jvp)]
    fn in_a_test(x: f64) -> f64 {
        x.ln()
    }
    check!(with_attributes with_attributes_value_and_gradient with_attributes_jvp [0: 0.3]);
    check!(attribute_in_the_middle attribute_in_the_middle_value_and_gradient attribute_in_the_middle_jvp [0: 0.3]);
    check!(not_there not_there_value_and_gradient not_there_jvp [0: 0.3]);
    check!(outer outer_value_and_gradient outer_jvp [0: 0.3]);
    check!(in_a_test in_a_test_value_and_gradient in_a_test_jvp [0: 0.3]);
    assert_gradient!(
        |p| lifetimes(p, &["a"]),
        |p| lifetimes_value_and_gradient(p, &["a"]),
        [0.3, 0.4],
        jvp = |p, v| lifetimes_jvp(p, &["a"], v)
    );
    let split = |p: &[f64]| ([[p[0], p[1]], [p[2], p[3]], [p[4], p[5]]], [[p[6], p[7]]]);
    assert_gradient!(
        |p| sizes(split(p).0, &split(p).1),
        |p| {
            let (value, (dx, dy)) = sizes_value_and_gradient(split(p).0, &split(p).1);
            (value, [dx.concat(), dy.concat()].concat())
        },
        [0.3, 0.4, -0.3, 0.8, 1.1, 0.2, 0.9, -0.7],
        jvp = |p, v| sizes_jvp(split(p).0, &split(p).1, split(v).0, &split(v).1)
    );
}

#[allow(clippy::items_after_statements, clippy::no_effect_underscore_binding, reason = "that is what is tested")]
mod inlined {
    //! Bodies that are inlined mention functions of which variables have the names where they are called.

    use symgrad::{assert_gradient, differentiate};

    fn helper(n: u32) -> u32 {
        n + 1
    }

    fn pick(n: usize) -> usize {
        n % 2
    }

    fn weight() -> u32 {
        2
    }

    #[differentiate(gradient, jvp)]
    fn of_a_function(x: f64, y: f64) -> f64 {
        fn q(x: f64, n: u32) -> f64 {
            x * f64::from(helper(n))
        }
        let helper = |n: u32| n * 100;
        q(x, 3) * f64::from(helper(2)) * y
    }

    #[differentiate(gradient, jvp)]
    fn of_data(x: f64, y: f64) -> f64 {
        fn q(x: f64, n: u32) -> f64 {
            let k = helper(n);
            x * f64::from(k)
        }
        let helper = 7_u32;
        let mut weight = 3_u32;
        weight += helper;
        q(x, 3) * f64::from(helper) * y * f64::from(weight)
    }

    #[differentiate(gradient, jvp)]
    fn of_a_number(x: f64, y: f64) -> f64 {
        fn q(x: f64, n: u32) -> f64 {
            x * f64::from(helper(n) * weight())
        }
        let helper = x * y;
        let weight = [x, y];
        q(x, 3) * helper * weight[1]
    }

    #[differentiate(gradient, jvp)]
    fn of_a_closure(x: f64, y: f64) -> f64 {
        let p = [x, y * y];
        let c = |x: f64, k: usize| x * p[pick(k)] * f64::from(helper(3));
        let pick = |n: usize| (n + 1) % 2;
        let helper = |n: u32| n * 100;
        c(x, 0) * p[pick(0)] * f64::from(helper(2))
    }

    #[test]
    fn are_right() {
        for point in [[0.7, -1.2], [1.5, 0.4]] {
            check!(of_a_function of_a_function_value_and_gradient of_a_function_jvp [0: point[0], 1: point[1]]);
            check!(of_data of_data_value_and_gradient of_data_jvp [0: point[0], 1: point[1]]);
            check!(of_a_number of_a_number_value_and_gradient of_a_number_jvp [0: point[0], 1: point[1]]);
            check!(of_a_closure of_a_closure_value_and_gradient of_a_closure_jvp [0: point[0], 1: point[1]]);
        }
    }
}
