//! Calls of differentiated functions: by name, path, import and glob, nested, in loops and branches, and with every
//! kind of argument. All gradients are compared with finite differences, forward mode with reverse mode.

#![allow(clippy::cast_precision_loss, reason = "counts are small")]
#![allow(clippy::needless_range_loop, reason = "loops over indices are what is tested")]

use std::cell::Cell;
use symgrad::{assert_gradient, differentiate};

mod shapes {
    use symgrad::differentiate;

    #[differentiate(gradient, jvp)]
    pub fn product(a: f64, b: f64) -> f64 {
        a * b.sin()
    }

    #[differentiate(gradient, jvp)]
    pub fn dot(a: &[f64], b: &[f64]) -> f64 {
        let mut sum = 0.0;
        for i in 0..a.len() {
            sum += a[i] * b[i].exp();
        }
        sum
    }

    #[differentiate(gradient, jvp)]
    pub fn norm(v: &[f64; 3]) -> f64 {
        (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).sqrt()
    }

    #[differentiate(gradient, jvp, wrt(a, v, s))]
    pub fn mixed(a: f64, flip: bool, v: [f64; 2], picks: &[usize], s: &[f64], n: usize) -> f64 {
        let mut sum = if flip { -a } else { a * a };
        for &k in picks {
            sum += s[k] * v[k % 2];
        }
        sum / n as f64
    }

    pub mod deeper {
        use symgrad::differentiate;

        #[differentiate(gradient, jvp)]
        pub fn trace(m: &[[f64; 2]; 2], w: f64) -> f64 {
            m[0][0] * w + m[1][1].powi(2) * m[0][1]
        }

        #[differentiate(gradient, jvp)]
        pub fn by_super(x: f64) -> f64 {
            super::product(x, 2.0 * x) + crate::cube(x)
        }
    }
}

#[differentiate(gradient, jvp)]
fn cube(x: f64) -> f64 {
    x * x * x
}

// By path, through modules.

#[differentiate(gradient, jvp)]
fn through_modules(x: f64, y: f64) -> f64 {
    shapes::product(x, y) + self::cube(y) * crate::shapes::deeper::by_super(x)
}

#[test]
fn paths() {
    for point in [[0.3, -0.8], [1.2, 0.4], [-2.0, 0.1]] {
        assert_gradient!(
            |p| through_modules(p[0], p[1]),
            |p| through_modules_value_and_gradient(p[0], p[1]),
            point,
            jvp = |p, v| through_modules_jvp(p[0], p[1], v[0], v[1]),
        );
    }
}

// A glob import brings a namesake of the companion, or of the function.

mod a {
    use symgrad::differentiate;

    #[differentiate(gradient, jvp)]
    pub fn g(x: f64) -> f64 {
        x.sin()
    }
}

/// Has a `g` with another derivative, and so companions of the same names.
mod b {
    use symgrad::differentiate;

    #[differentiate(gradient, jvp)]
    pub fn g(x: f64) -> f64 {
        1e9 * x
    }
}

/// Has the companions' names and no `g`.
mod c {
    #![allow(dead_code)]

    pub fn h_value_and_gradient(x: f64) -> (f64, f64) {
        (x, 1e9)
    }

    pub fn h_jvp(x: f64, _: f64) -> (f64, f64) {
        (x, 1e9)
    }
}

mod glob {
    use super::a::g;
    use super::a::g as h;
    #[allow(unused_imports)]
    use super::b::*;
    #[allow(unused_imports)]
    use super::c::*;
    use symgrad::differentiate;

    #[differentiate(gradient, jvp)]
    pub fn f(x: f64) -> f64 {
        2.0 * g(x * x) + h(x)
    }
}

mod renamed_import {
    use super::a::g as sine;
    use super::b as other;
    use symgrad::differentiate;

    #[differentiate(gradient, jvp)]
    pub fn f(x: f64) -> f64 {
        sine(x) * x + 1e-9 * other::g(x)
    }
}

#[test]
fn globs_and_renamed_imports() {
    for x in [-1.1, 0.2, 0.9] {
        assert_gradient!(
            |p| glob::f(p[0]),
            |p| glob::f_value_and_gradient(p[0]),
            [x],
            jvp = |p, v| glob::f_jvp(p[0], v[0])
        );
        assert_gradient!(
            |p| renamed_import::f(p[0]),
            |p| renamed_import::f_value_and_gradient(p[0]),
            [x],
            jvp = |p, v| renamed_import::f_jvp(p[0], v[0])
        );
    }
}

// Companions with other names: a caller does not see them.

#[differentiate(gradient = "slope", value_and_gradient = "height_and_slope", jvp = "push")]
fn hill(x: f64) -> f64 {
    (-x * x).exp()
}

#[differentiate(gradient, jvp)]
fn two_hills(x: f64) -> f64 {
    hill(x) + 0.5 * hill(x - 2.0)
}

#[test]
fn renamed_companions() {
    assert_gradient!(|p| hill(p[0]), |p| height_and_slope(p[0]), [0.4], jvp = |p, v| push(p[0], v[0]));
    assert!((slope(0.4) - height_and_slope(0.4).1).abs() < 1e-15);
    assert_gradient!(
        |p| two_hills(p[0]),
        |p| two_hills_value_and_gradient(p[0]),
        [0.7],
        jvp = |p, v| two_hills_jvp(p[0], v[0])
    );
}

// Another `wrt`: what the caller does not differentiate may go where the callee has no derivative.

#[differentiate(gradient, jvp, wrt(a))]
fn only_a(a: f64, b: f64) -> f64 {
    a * a * b
}

#[differentiate(gradient, jvp, wrt(x))]
fn partial(x: f64, y: f64) -> f64 {
    only_a(x * y, y) + only_a(x, symgrad::stop_gradient(2.0) * y) + only_a(y, 3.0) * x
}

#[test]
fn another_wrt() {
    for y in [0.5, -1.5] {
        assert_gradient!(
            |p| partial(p[0], y),
            |p| partial_value_and_gradient(p[0], y),
            [0.7],
            jvp = |p, v| partial_jvp(p[0], y, v[0])
        );
    }
}

// Arrays, slices and scalars, active and not.

#[differentiate(gradient, jvp, wrt(x, w))]
fn mixture(x: &[f64], w: [f64; 3], picks: &[usize], flip: bool) -> f64 {
    let local = [w[0] * w[1], w[2]];
    let matrix = [[w[0], x[0]], [x[1] * w[1], 2.0]];
    shapes::mixed(x[0] * w[2], flip, local, picks, x, picks.len())
        + shapes::dot(x, x)
        + shapes::norm(&w)
        + shapes::deeper::trace(&matrix, x[1])
        + shapes::mixed(1.5, !flip, [0.5, 0.25], picks, x, 3)
        + shapes::norm(&[x[0], w[0], 1.0])
}

#[test]
fn every_kind_of_argument() {
    let picks = [2, 0, 1, 1];
    for flip in [false, true] {
        assert_gradient!(
            |p| mixture(&p[..4], [p[4], p[5], p[6]], &picks, flip),
            |p| {
                let (value, (dx, dw)) = mixture_value_and_gradient(&p[..4], [p[4], p[5], p[6]], &picks, flip);
                (value, [&dx[..], &dw[..]].concat())
            },
            [0.3, -0.2, 0.7, 0.1, 1.1, 0.6, -0.9],
            jvp = |p, v| mixture_jvp(&p[..4], [p[4], p[5], p[6]], &picks, flip, &v[..4], [v[4], v[5], v[6]]),
        );
    }
}

#[differentiate(gradient, jvp)]
fn rows(m: &[[f64; 3]], k: usize) -> f64 {
    let mut sum = 0.0;
    for i in 0..m.len() {
        sum += shapes::norm(&m[i]) * shapes::norm(&m[k]);
    }
    for row in m {
        sum += shapes::norm(row);
    }
    sum
}

#[test]
fn rows_as_arguments() {
    let rows_of = |p: &[f64]| [[p[0], p[1], p[2]], [p[3], p[4], p[5]]];
    assert_gradient!(
        |p| rows(&rows_of(p), 1),
        |p| {
            let (value, gradient) = rows_value_and_gradient(&rows_of(p), 1);
            (value, gradient.concat())
        },
        [0.3, -0.2, 0.7, 1.1, 0.6, -0.9],
        jvp = |p, v| rows_jvp(&rows_of(p), 1, &rows_of(v)),
    );
}

// Twice, nested, with buffers that change in between.

#[differentiate(gradient, jvp)]
fn twice(x: f64, y: f64) -> f64 {
    shapes::product(cube(x), shapes::product(y, x)) - shapes::product(y, y)
}

#[differentiate(gradient, jvp)]
fn three_levels(x: f64, y: f64) -> f64 {
    twice(twice(x, y), through_modules(y, x)) + twice(y, y)
}

#[differentiate(gradient, jvp)]
fn buffers(x: f64, y: f64) -> f64 {
    let mut buffer = [x, y, 1.0];
    let first = shapes::norm(&buffer);
    buffer[0] = first * y;
    buffer[2] *= x;
    let second = shapes::norm(&buffer);
    buffer[1] = second;
    first * second + shapes::norm(&buffer) + shapes::dot(&buffer, &[x, 2.0, y])
}

#[test]
fn nested_and_repeated() {
    for [x, y] in [[0.3, -0.8], [0.9, 0.4]] {
        assert_gradient!(
            |p| twice(p[0], p[1]),
            |p| twice_value_and_gradient(p[0], p[1]),
            [x, y],
            jvp = |p, v| twice_jvp(p[0], p[1], v[0], v[1])
        );
        assert_gradient!(
            |p| three_levels(p[0], p[1]),
            |p| three_levels_value_and_gradient(p[0], p[1]),
            [x, y],
            jvp = |p, v| three_levels_jvp(p[0], p[1], v[0], v[1])
        );
        assert_gradient!(
            |p| buffers(p[0], p[1]),
            |p| buffers_value_and_gradient(p[0], p[1]),
            [x, y],
            jvp = |p, v| buffers_jvp(p[0], p[1], v[0], v[1])
        );
    }
}

// In loops and branches.

#[differentiate(gradient, jvp)]
fn looped(x: &[f64], scale: f64) -> f64 {
    let mut sum = 0.0;
    let mut state = scale;
    for i in 0..x.len() {
        if x[i] > 0.0 {
            sum += shapes::product(x[i], state);
        } else if i > 2 {
            state = cube(state) - shapes::product(state, x[i]);
        } else {
            sum -= cube(x[i]) * state;
        }
        if sum > 100.0 {
            return shapes::product(sum, state);
        }
    }
    let mut k = 0;
    while k < 3 {
        state = shapes::product(state, 0.7 * scale) + 0.1;
        k += 1;
    }
    let last = if state > 0.0 { cube(state) } else { shapes::dot(x, x) };
    sum * last + if sum > 0.0 { cube(scale) } else { scale }
}

#[test]
fn in_loops_and_branches() {
    for point in [
        [0.3, -0.8, 0.5, -0.4, 0.7, 0.9],
        [-0.3, 0.8, -0.5, 0.4, -0.7, -1.2],
        [9.0, 9.5, 12.0, 14.0, 2.0, 1.4],
        [-0.1, -0.2, -0.3, -0.4, -0.5, 0.6],
    ] {
        assert_gradient!(
            |p| looped(&p[..5], p[5]),
            |p| {
                let (value, (dx, ds)) = looped_value_and_gradient(&p[..5], p[5]);
                (value, [&dx[..], &[ds]].concat())
            },
            point,
            jvp = |p, v| looped_jvp(&p[..5], p[5], &v[..5], v[5]),
        );
    }
}

// Recursion.

#[differentiate(gradient, jvp, wrt(x))]
fn power(x: f64, n: u32) -> f64 {
    if n == 0 {
        return 1.0;
    }
    if n.is_multiple_of(2) {
        return power(x * x, n / 2);
    }
    x * power(x, n - 1)
}

#[differentiate(gradient, jvp)]
fn continued_fraction(x: &[f64], start: usize) -> f64 {
    if start + 1 == x.len() {
        return x[start];
    }
    x[start] + 1.0 / continued_fraction(x, start + 1)
}

#[test]
fn recursion() {
    for n in 0..9 {
        assert_gradient!(
            |p| power(p[0], n) + p[1],
            |p| {
                let (value, dx) = power_value_and_gradient(p[0], n);
                (value + p[1], [dx, 1.0])
            },
            [1.3, 0.0],
            jvp = |p, v| {
                let (value, tangent) = power_jvp(p[0], n, v[0]);
                (value + p[1], tangent + v[1])
            }
        );
    }
    assert_gradient!(
        |p| continued_fraction(p, 0),
        |p| continued_fraction_value_and_gradient(p, 0),
        [1.3, 2.2, 0.7, 1.9],
        jvp = |p, v| continued_fraction_jvp(p, 0, v)
    );
}

// Functions inside functions, lifetimes and const generics.

#[differentiate(gradient, jvp)]
fn with_inner(x: f64) -> f64 {
    #[differentiate(gradient, jvp)]
    fn inner(x: f64) -> f64 {
        x.cos() * x
    }
    inner(x) * inner(2.0 * x)
}

#[differentiate(gradient, jvp)]
fn sum_of<const N: usize>(v: &[f64; N]) -> f64 {
    let mut sum = 0.0;
    for i in 0..N {
        sum += v[i] * v[i].sin();
    }
    sum
}

#[differentiate(gradient, jvp, wrt(a))]
fn longer<'a>(a: &'a [f64], names: &'a [&'a str]) -> f64 {
    a[0] * a[1] * names.len() as f64
}

#[differentiate(gradient, jvp)]
fn generic_calls<const N: usize>(v: &[f64; N], x: f64) -> f64 {
    sum_of(v) * sum_of::<N>(v) + sum_of::<2>(&[x, x * x]) + longer(v, &["a", "b"])
}

#[test]
fn inner_functions_and_generics() {
    assert_gradient!(
        |p| with_inner(p[0]),
        |p| with_inner_value_and_gradient(p[0]),
        [0.4],
        jvp = |p, v| with_inner_jvp(p[0], v[0])
    );
    assert_gradient!(
        |p| generic_calls(&[p[0], p[1], p[2]], p[3]),
        |p| {
            let (value, (dv, dx)) = generic_calls_value_and_gradient(&[p[0], p[1], p[2]], p[3]);
            (value, [&dv[..], &[dx]].concat())
        },
        [0.4, 1.1, -0.6, 0.8],
        jvp = |p, v| generic_calls_jvp(&[p[0], p[1], p[2]], p[3], &[v[0], v[1], v[2]], v[3])
    );
}

// Side effects happen exactly as often as in the function.

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

fn tick(n: usize) -> usize {
    COUNT.with(|count| count.set(count.get() + n));
    n
}

fn counted<T>(f: impl FnOnce() -> T) -> usize {
    COUNT.with(|count| count.set(0));
    f();
    COUNT.with(Cell::get)
}

#[differentiate(gradient, jvp)]
fn ticking(x: f64) -> f64 {
    tick(1);
    x * tick(1) as f64 * x
}

#[differentiate(gradient, jvp)]
fn noisy(x: &[f64], scale: f64) -> f64 {
    let start = tick(1);
    let mut sum = ticking(scale);
    let mut last = scale;
    for i in 0..x.len() {
        let weight = tick(2) as f64;
        sum += weight * x[(i + tick(1)) % x.len()] * scale;
        if x[i] > 0.5 {
            tick(10);
            last = last * x[i] + ticking(last);
        }
        if sum > 50.0 {
            tick(100);
            break;
        }
    }
    for _ in 0..tick(3) {
        last *= 0.5 * scale;
    }
    if last < -5.0 {
        return last * tick(1000) as f64;
    }
    sum * last * start as f64
}

#[test]
fn side_effects() {
    for point in [vec![0.1, 0.9, 0.7], vec![0.1, 60.0, 0.2], vec![0.2, 0.3], vec![2.0, -3.0, 4.0]] {
        for scale in [1.3, -1.7] {
            let wanted = counted(|| noisy(&point, scale));
            assert!(wanted > 0);
            let mut dx = vec![0.0; point.len()];
            let mut ds = 0.0;
            assert_eq!(counted(|| noisy_gradient(&point, scale)), wanted);
            assert_eq!(counted(|| noisy_value_and_gradient(&point, scale)), wanted);
            assert_eq!(counted(|| noisy_value_and_gradient_into(&point, scale, &mut dx, &mut ds)), wanted);
            assert_eq!(counted(|| noisy_jvp(&point, scale, &point, 1.0)), wanted);
            assert_gradient!(
                |p| noisy(&p[1..], p[0]),
                |p| {
                    let (value, (dx, ds)) = noisy_value_and_gradient(&p[1..], p[0]);
                    (value, [&[ds], &dx[..]].concat())
                },
                [&[scale], &point[..]].concat(),
                jvp = |p, v| noisy_jvp(&p[1..], p[0], &v[1..], v[0])
            );
        }
    }
}

// Single precision.

#[differentiate(gradient, jvp)]
fn small(x: f32) -> f32 {
    x * x.sin()
}

#[differentiate(gradient, jvp)]
fn small_caller(x: f32, y: &[f32]) -> f32 {
    let mut sum = 0.0;
    for v in y {
        sum += small(*v * x);
    }
    sum * small(x)
}

#[test]
fn single_precision() {
    use symgrad::check::Check;
    #[allow(clippy::cast_possible_truncation)]
    let f32s = |p: &[f64]| p.iter().map(|&v| v as f32).collect::<Vec<f32>>();
    let report = Check::new(
        |p| f64::from(small_caller(f32s(p)[0], &f32s(p)[1..])),
        |p| {
            let p = f32s(p);
            let (value, (dx, dy)) = small_caller_value_and_gradient(p[0], &p[1..]);
            (f64::from(value), [&[dx], &dy[..]].concat())
        },
    )
    .single_precision()
    .at(&[0.7, 1.2, -0.4])
    .expect("a point inside the domain");
    assert!(report.passed(), "{report}");
}

// From another crate, where the runtime has another name.

mod across_crates {
    use symgrad::differentiate;
    use symgrad_elsewhere::deep::*;
    use symgrad_elsewhere::{Line, Potential, PotentialGradient as _, softplus as plus};

    #[differentiate(gradient, jvp)]
    pub fn functions(x: f64, y: f64) -> f64 {
        let pair = [x * y, x - y];
        let scaled = symgrad_elsewhere::deep::under_another_name(&pair, &[0.5, -2.0]);
        plus(x * y) * scaled + symgrad_elsewhere::softplus(y) - weighted::<2>(&pair, &[1.0, 1.0])
    }

    #[differentiate(gradient, jvp, wrt(x, y))]
    pub fn methods(line: &Line, x: f64, y: f64) -> f64 {
        let pair = [x * y, x - y];
        line.at(x) * Line::curve(y)
            + line.potential(&pair)
            + symgrad_elsewhere::Line::at(line, y)
            + 1.5.potential(&pair)
    }
}

#[test]
fn another_crate() {
    use across_crates::{functions, functions_jvp, functions_value_and_gradient};
    use across_crates::{methods, methods_jvp, methods_value_and_gradient};
    let line = symgrad_elsewhere::Line { slope: -1.3 };
    for point in [[0.3, -0.8], [1.2, 0.4]] {
        assert_gradient!(
            |p| functions(p[0], p[1]),
            |p| functions_value_and_gradient(p[0], p[1]),
            point,
            jvp = |p, v| functions_jvp(p[0], p[1], v[0], v[1]),
        );
        assert_gradient!(
            |p| methods(&line, p[0], p[1]),
            |p| methods_value_and_gradient(&line, p[0], p[1]),
            point,
            jvp = |p, v| methods_jvp(&line, p[0], p[1], v[0], v[1]),
        );
    }
}

// Re-exported, and re-exported again.

mod facade {
    mod origin {
        #[symgrad::differentiate(gradient, jvp)]
        pub fn bump(x: f64) -> f64 {
            (1.0 - x * x).exp()
        }

        pub mod prelude {
            pub use super::bump as hump;
        }
    }

    pub use origin::bump;
    pub use origin::prelude::*;

    pub mod all {
        pub use super::*;
    }
}

#[differentiate(gradient, jvp)]
fn through_facades(x: f64) -> f64 {
    use facade::all::hump as inner_name;
    facade::bump(x) + facade::hump(2.0 * x) * facade::all::bump(x * x) - inner_name(x - 1.0)
}

// Under `cfg`: the version that is there is called.

#[cfg(not(test))]
#[differentiate]
fn configured(x: &str) -> f64 {
    x.len() as f64
}

#[cfg(test)]
#[differentiate(gradient, jvp)]
fn configured(x: f64) -> f64 {
    x.cos()
}

#[differentiate(gradient, jvp)]
#[cfg(test)]
fn calls_configured(x: f64) -> f64 {
    configured(x) * configured(2.0 * x)
}

#[differentiate]
#[cfg(not(test))]
fn calls_configured(x: f64) -> f64 {
    nowhere(x)
}

// Made by macros: functions, methods and their callers.

macro_rules! made {
    ($name:ident($x:ident) = $body:expr) => {
        #[differentiate(gradient, jvp)]
        fn $name($x: f64) -> f64 {
            $body
        }
    };
}

made!(made_square(x) = x * x);
made!(made_caller(y) = made_square(y) + made_square(y * y) * cube(y));

macro_rules! made_methods {
    ($ty:ident { $k:ident } $method:ident calls $function:ident) => {
        struct $ty {
            $k: f64,
        }

        #[differentiate(gradient, jvp, wrt(x))]
        impl $ty {
            #[differentiate]
            fn $method(&self, x: f64) -> f64 {
                let t = self.$k * x;
                $function(t) + Self::twice(x)
            }

            #[differentiate]
            fn twice(x: f64) -> f64 {
                $function(x) * 2.0
            }
        }

        impl $ty {
            #[differentiate(gradient, jvp)]
            fn by_method(&self, x: f64) -> f64 {
                self.$method($function(x)) + $ty::$method(self, x)
            }
        }
    };
}

made_methods!(Made { stiffness } evaluated calls made_caller);

#[test]
fn facades_cfgs_and_macros() {
    let made = Made { stiffness: 0.4 };
    for x in [-1.1, 0.2, 0.9] {
        assert_gradient!(
            |p| through_facades(p[0]),
            |p| through_facades_value_and_gradient(p[0]),
            [x],
            jvp = |p, v| through_facades_jvp(p[0], v[0])
        );
        assert_gradient!(
            |p| calls_configured(p[0]),
            |p| calls_configured_value_and_gradient(p[0]),
            [x],
            jvp = |p, v| calls_configured_jvp(p[0], v[0])
        );
        assert_gradient!(
            |p| made_caller(p[0]),
            |p| made_caller_value_and_gradient(p[0]),
            [x],
            jvp = |p, v| made_caller_jvp(p[0], v[0])
        );
        assert_gradient!(
            |p| made.by_method(p[0]),
            |p| made.by_method_value_and_gradient(p[0]),
            [x],
            jvp = |p, v| made.by_method_jvp(p[0], v[0])
        );
    }
}

// The partial derivative of a call is known after it, and not before a loop that stands in front of the call.

#[differentiate(gradient, jvp, wrt(x))]
fn sums_into_calls(x: &[f64], w: &[[f64; 2]; 2]) -> f64 {
    let mut total = 0.0;
    for row in w {
        let mut z = 0.0;
        for j in 0..2 {
            z += row[j] * x[j];
        }
        total += cube(z);
    }
    let mut all = 0.0;
    for j in 0..2 {
        all += x[j];
    }
    let y = if all > 0.0 { cube(all) } else { all * total };
    total * y
}

#[test]
fn calls_after_sums() {
    let w = [[0.3, -0.8], [1.1, 0.4]];
    for point in [[0.3, -0.2], [-1.2, 0.4]] {
        assert_gradient!(
            |p| sums_into_calls(p, &w),
            |p| sums_into_calls_value_and_gradient(p, &w),
            point,
            jvp = |p, v| sums_into_calls_jvp(p, &w, v)
        );
    }
}

// A module with the name of its function.

mod namesake {
    #[symgrad::differentiate(standalone)]
    pub fn namesake(x: f64) -> f64 {
        x * x
    }
}

use namesake::{namesake, namesake_gradient};

mod cubed {
    /// By those of this module.
    #[symgrad::differentiate(local, gradient, jvp)]
    pub fn cubed(x: f64) -> f64 {
        x * x * x
    }

    /// One of them.
    #[symgrad::differentiate(gradient, jvp)]
    pub fn beside(x: f64) -> f64 {
        2.0 * cubed(x.sin())
    }
}

pub use cubed::cubed;

mod squares {
    mod squared {
        /// By those that see this module, and by those that name it.
        #[symgrad::differentiate(namesake, gradient, jvp, hessian)]
        pub fn squared<T: num_traits::Float>(x: T) -> T {
            x * x
        }

        /// One of them.
        #[symgrad::differentiate(gradient, jvp)]
        pub fn within(x: f64) -> f64 {
            3.0 * squared(x.sin())
        }
    }

    pub use squared::{squared, squared_hessian, within, within_jvp, within_value_and_gradient};

    /// In the scope of which the name is the function and the module.
    pub mod beneath {
        use super::squared;

        #[symgrad::differentiate(gradient, jvp, hessian)]
        pub fn beneath(x: f64) -> f64 {
            squared(x.exp())
        }
    }

    /// In the scope of which it is the function only.
    pub mod named {
        use crate::squared;

        #[symgrad::differentiate(gradient, jvp, hessian, namesakes(super::squared))]
        pub fn named(x: f64) -> f64 {
            squared(x.cos())
        }
    }
}

pub use squares::squared;

#[test]
fn functions_with_the_name_of_their_module() {
    use squares::beneath::{beneath, beneath_hessian, beneath_jvp, beneath_value_and_gradient};
    use squares::named::{named, named_hessian, named_jvp, named_value_and_gradient};
    use squares::{squared_hessian, within, within_jvp, within_value_and_gradient};
    let x = 0.7;
    assert_eq!(squared_hessian(x), 2.0);
    assert_gradient!(|p| within(p[0]), |p| within_value_and_gradient(p[0]), [x], jvp = |p, v| within_jvp(p[0], v[0]));
    assert_gradient!(
        |p| beneath(p[0]),
        |p| beneath_value_and_gradient(p[0]),
        [x],
        jvp = |p, v| beneath_jvp(p[0], v[0])
    );
    assert_gradient!(|p| named(p[0]), |p| named_value_and_gradient(p[0]), [x], jvp = |p, v| named_jvp(p[0], v[0]));
    // d²/dx² e²ˣ = 4 e²ˣ, d²/dx² cos² x = -2 cos 2x
    assert!((beneath_hessian(x) - 4.0 * (2.0 * x).exp()).abs() < 1e-13);
    assert!((named_hessian(x) + 2.0 * (2.0 * x).cos()).abs() < 1e-14);
}

#[test]
fn a_module_of_the_same_name() {
    assert_eq!(cubed(2.0), 8.0);
    assert_gradient!(
        |p| cubed::beside(p[0]),
        |p| cubed::beside_value_and_gradient(p[0]),
        [0.7],
        jvp = |p, v| cubed::beside_jvp(p[0], v[0])
    );
    assert_eq!(namesake_gradient(3.0), 2.0 * 3.0);
    assert_eq!(namesake(3.0), 9.0);
}
