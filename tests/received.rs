//! Calls of functions whose result is no number: arrays, `Vec`s and tuples, with and without types, in loops and branches,
//! behind `?`, of methods and of generic functions. Oracle: finite differences; forward mode is compared with reverse mode.

#![allow(clippy::cast_precision_loss, reason = "counts are small")]
#![allow(clippy::needless_range_loop, reason = "loops over indices are what is tested")]
#![allow(clippy::unnecessary_wraps, clippy::ptr_arg, clippy::assign_op_pattern, reason = "code as it is written")]

use symgrad::{assert_gradient, differentiate};

#[differentiate(jvp)]
fn cross(a: &[f64; 3], b: &[f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

#[differentiate(gradient, jvp)]
fn dot(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[differentiate(jvp)]
fn polar(x: f64, y: f64) -> (f64, f64) {
    ((x * x + y * y).sqrt(), y.atan2(x))
}

#[differentiate(jvp, wrt(x))]
fn powers(x: f64, n: usize) -> Vec<f64> {
    let mut list = vec![1.0; n];
    for k in 1..n {
        list[k] = list[k - 1] * x;
    }
    list
}

#[differentiate(jvp, wrt(x))]
fn by_lists(x: f64, powers: &[i32], factors: &[f64]) -> (f64, f64) {
    let (mut even, mut odd) = (0.0, 0.0);
    for (&n, &a) in powers.iter().zip(factors) {
        if n % 2 == 0 {
            even += a * x.powi(n);
        } else {
            odd += a * x.powi(n);
        }
    }
    (even, odd)
}

/// References to arrays, where slices are wanted.
#[differentiate(gradient, jvp)]
fn of_lists(x: f64) -> f64 {
    const POWERS: [i32; 3] = [2, 3, 4];
    let (even, odd) = by_lists(2.0 * x, &POWERS, &[0.5, 0.25, -1.0]);
    even * odd
}

#[differentiate(jvp)]
fn pair(x: f64) -> [f64; 2] {
    [x.sin(), x * x]
}

#[differentiate(jvp)]
fn split(x: f64) -> (f64, [f64; 2]) {
    let s = x.sin();
    (s * s, [x.cos(), x * s])
}

#[differentiate(jvp)]
fn checked(x: f64, y: f64) -> Result<(f64, f64), String> {
    if x < -10.0 {
        return Err("too small".into());
    }
    Ok((x.exp() * y, y * y))
}

#[differentiate(jvp)]
fn rotated(p: [f64; 2], angle: f64) -> Option<[f64; 2]> {
    if angle.is_nan() {
        return None;
    }
    let (s, c) = angle.sin_cos();
    Some([c * p[0] - s * p[1], s * p[0] + c * p[1]])
}

// By type, by pattern, and by use.

#[differentiate(gradient, jvp)]
fn by_type(x: f64, y: f64) -> f64 {
    let v: [f64; 3] = cross(&[x, y, 1.0], &[y, x * x, x]);
    let list: Vec<f64> = powers(x, 4);
    let parts: (f64, [f64; 2]) = split(y);
    let mut sum = parts.0 * parts.1[0] + parts.1[1];
    for k in 0..3 {
        sum += v[k] * v[k] * list[k + 1];
    }
    sum
}

#[differentiate(gradient, jvp)]
fn by_pattern(x: f64, y: f64) -> f64 {
    let (radius, angle) = polar(x, y);
    let [a, b, c] = cross(&[x, y, radius], &[angle, x, y]);
    let (s, [t, u]) = split(x);
    let (_, [_, last]) = split(y);
    radius * angle.sin() + a * b - c * c + s * t * u + last
}

#[differentiate(gradient, jvp)]
fn by_use(x: f64, y: f64) -> f64 {
    let v = cross(&[x, y, 1.0], &[y, x * x, x]);
    let w = cross(&v, &[x, 1.0, y]);
    let p = polar(v[0], w[1]);
    let mut sum = p.0 * p.1;
    for value in &w {
        sum += value.sin();
    }
    sum + dot(&v, &w) * w.len() as f64
}

#[differentiate(gradient, jvp)]
fn indexed(x: f64, y: f64) -> f64 {
    let mut best = cross(&[x, y, 1.0], &[y, x, x])[2];
    best += x;
    best += pair(x).iter().sum::<f64>() + polar(x, y).0 * polar(y, x).1;
    best * rotated([x, y], y).unwrap()[1]
}

#[differentiate(gradient, jvp)]
fn as_arguments(a: &[f64; 3], b: &[f64; 3], c: &[f64; 3]) -> f64 {
    dot(&cross(a, b), c) + dot(a, &cross(&cross(b, c), a))
}

#[test]
fn types_are_told_or_guessed() {
    for point in [[0.3, 0.8], [1.2, -0.4]] {
        assert_gradient!(
            |p| by_type(p[0], p[1]),
            |p| by_type_value_and_gradient(p[0], p[1]),
            point,
            jvp = |p, v| by_type_jvp(p[0], p[1], v[0], v[1])
        );
        assert_gradient!(
            |p| by_pattern(p[0], p[1]),
            |p| by_pattern_value_and_gradient(p[0], p[1]),
            point,
            jvp = |p, v| by_pattern_jvp(p[0], p[1], v[0], v[1])
        );
        assert_gradient!(
            |p| indexed(p[0], p[1]),
            |p| indexed_value_and_gradient(p[0], p[1]),
            point,
            jvp = |p, v| indexed_jvp(p[0], p[1], v[0], v[1])
        );
        assert_gradient!(
            |p| by_use(p[0], p[1]),
            |p| by_use_value_and_gradient(p[0], p[1]),
            point,
            jvp = |p, v| by_use_jvp(p[0], p[1], v[0], v[1])
        );
    }
    let at = |p: &[f64]| [[p[0], p[1], 0.3], [p[2], -0.7, p[3]], [p[1], p[3], p[0]]];
    let gradient = |p: &[f64]| {
        let [a, b, c] = at(p);
        let (value, (da, db, dc)) = as_arguments_value_and_gradient(&a, &b, &c);
        (value, [da[0] + dc[2], da[1] + dc[0], db[0], db[2] + dc[1]])
    };
    assert_gradient!(|p| as_arguments(&at(p)[0], &at(p)[1], &at(p)[2]), |p| gradient(p), [0.4, -0.2, 1.1, 0.9]);
}

// In loops, in branches, and behind what may fail.

#[differentiate(gradient, jvp)]
fn stepped(x: f64, y: f64, n: usize) -> f64 {
    let mut state = [x, y];
    let mut sum = 0.0;
    for k in 0..n {
        let (radius, angle) = polar(state[0], state[1]);
        state = rotated(state, 0.1 * angle).unwrap();
        if radius > 0.5 {
            let [a, b] = rotated([radius, y], x).unwrap();
            sum += a * b;
        } else {
            let list: Vec<f64> = powers(radius, k + 2);
            sum += list[k + 1];
        }
        state[0] *= 0.7;
    }
    sum + state[0] * state[1]
}

/// What else goes into the call changes afterwards: numbers, data, and the arrays that it has read.
#[differentiate(gradient, jvp)]
fn changing(x: f64, y: f64) -> f64 {
    let mut n = 1;
    let mut state = [x, y];
    let mut product: f64 = 1.0;
    while product.abs() < 20.0 && n < 6 {
        n += 1;
        let list: Vec<f64> = powers(state[0], n);
        n += usize::from(list[1] > 0.0);
        let [a, b] = rotated(state, product).unwrap();
        state[1] = a * list[list.len() - 1];
        state[0] = b + 0.3;
        let (radius, _) = polar(state[0], state[1]);
        product *= radius + 1.0;
        state = [state[1], product * 0.1];
    }
    product + state[0] * state[1]
}

/// What was received is written, grows, is copied and returned by name.
#[differentiate(gradient, jvp)]
fn written(x: f64, y: f64) -> f64 {
    let mut v: [f64; 3] = cross(&[x, y, 1.0], &[y, x, x]);
    v[0] *= x;
    v[2] = v[0] * v[1];
    let mut list: Vec<f64> = powers(x * y, 3);
    for k in 0..3 {
        list.push(v[k] * list[k]);
        list[0] += list[k + 1];
    }
    let copy = v;
    v[1] = 0.0;
    let mut sum = v[1] + copy[1];
    for value in &list {
        sum += value * value;
    }
    sum + v[2] * copy[0]
}

#[differentiate(gradient, jvp)]
fn attempts(x: f64, y: f64) -> Result<f64, String> {
    let (a, b) = checked(x, y)?;
    let mut sum = a * b;
    while sum < 3.0 {
        let pair: (f64, f64) = checked(sum * 0.1, y)?;
        sum += pair.0 * x + pair.1 + 1.0;
    }
    Ok(sum)
}

#[test]
fn where_they_are_called() {
    for point in [[0.3, 0.8], [0.9, -0.4]] {
        assert_gradient!(
            |p| stepped(p[0], p[1], 4),
            |p| stepped_value_and_gradient(p[0], p[1], 4),
            point,
            jvp = |p, v| stepped_jvp(p[0], p[1], 4, v[0], v[1])
        );
        assert_gradient!(
            |p| changing(p[0], p[1]),
            |p| changing_value_and_gradient(p[0], p[1]),
            point,
            jvp = |p, v| changing_jvp(p[0], p[1], v[0], v[1])
        );
        assert_gradient!(
            |p| written(p[0], p[1]),
            |p| written_value_and_gradient(p[0], p[1]),
            point,
            jvp = |p, v| written_jvp(p[0], p[1], v[0], v[1])
        );
        assert_gradient!(
            |p| attempts(p[0], p[1]).unwrap(),
            |p| attempts_value_and_gradient(p[0], p[1]).unwrap(),
            point,
            jvp = |p, v| attempts_jvp(p[0], p[1], v[0], v[1]).unwrap()
        );
    }
    assert!(attempts_gradient(-20.0, 1.0).is_err());
}

// Results of calls as results.

#[differentiate(jvp)]
fn tail(a: &[f64; 3], x: f64) -> [f64; 3] {
    if x > 2.0 {
        return cross(&[x, x, 1.0], a);
    }
    cross(a, &[x, 1.0, x * x])
}

#[differentiate(jvp)]
fn tuple_tail(x: f64, y: f64) -> (f64, f64) {
    polar(x * y, y)
}

#[differentiate(jvp)]
fn passed_on(x: f64, y: f64) -> Result<(f64, f64), String> {
    let (a, b) = checked(x, y)?;
    checked(b, a)
}

#[differentiate(gradient, jvp)]
fn of_tails(x: f64, y: f64) -> f64 {
    let [a, b, c] = tail(&[x, y, 0.5], x * y);
    let (d, e) = tuple_tail(x, y);
    let (f, g) = passed_on(x, y).unwrap();
    a * b * c + d * e + f * g
}

#[test]
fn results_of_calls_as_results() {
    for point in [[0.3, 0.8], [2.2, 1.4]] {
        assert_gradient!(
            |p| of_tails(p[0], p[1]),
            |p| of_tails_value_and_gradient(p[0], p[1]),
            point,
            jvp = |p, v| of_tails_jvp(p[0], p[1], v[0], v[1])
        );
    }
}

// Methods and generic functions.

struct Frame {
    scale: f64,
}

impl Frame {
    #[differentiate(jvp)]
    fn parts(&self, x: f64) -> Result<(f64, f64), String> {
        Ok((self.scale * x, x * x))
    }

    #[differentiate(jvp)]
    fn doubled(&self, p: [f64; 2]) -> [f64; 2] {
        [2.0 * p[0] * self.scale, 2.0 * p[1] * p[0]]
    }

    #[differentiate(gradient, jvp)]
    fn energy(&self, x: f64) -> Result<f64, String> {
        let (a, b) = self.parts(x)?;
        let q = self.doubled([a, b]);
        let [r, s] = Self::doubled(self, q);
        Ok(a * b + q[0] * q[1] + r * s.sin())
    }
}

/// Receivers and data of the iteration, in a sweep.
#[differentiate(gradient, jvp, wrt(x))]
fn swept(frames: &[Frame], list: &Vec<Option<Frame>>, sizes: &[usize], x: f64) -> f64 {
    let mut state = x;
    for frame in frames {
        let (a, b) = frame.parts(state).unwrap();
        state = (a * b).sin() + state;
    }
    for (k, frame) in list.iter().flatten().enumerate() {
        let [a, b] = frame.doubled([state, x]);
        state = a * state.cos() + b * k as f64;
    }
    for &n in sizes {
        let powers: Vec<f64> = powers(state, n + 1);
        state = powers[n] * 0.5 + frames[n].scale;
    }
    state
}

#[test]
fn receivers_of_the_iteration() {
    let frames = || [Frame { scale: 0.7 }, Frame { scale: 1.3 }, Frame { scale: -0.4 }];
    let list: Vec<Option<Frame>> = frames().into_iter().map(Some).chain([None]).collect();
    assert_gradient!(
        |p| swept(&frames(), &list, &[1, 2, 0], p[0]),
        |p| swept_value_and_gradient(&frames(), &list, &[1, 2, 0], p[0]),
        [0.6],
        jvp = |p, v| swept_jvp(&frames(), &list, &[1, 2, 0], p[0], v[0])
    );
}

#[differentiate(jvp)]
fn normalized<T: num_traits::Float>(v: [T; 2]) -> [T; 2] {
    let n = (v[0] * v[0] + v[1] * v[1]).sqrt();
    [v[0] / n, v[1] / n]
}

#[differentiate(jvp)]
fn scaled<const N: usize>(v: &[f64; N], s: f64) -> [f64; N] {
    let mut out = [0.0; N];
    for i in 0..N {
        out[i] = v[i] * s;
    }
    out
}

#[differentiate(gradient, jvp)]
fn generic<T: num_traits::Float>(x: T, y: T) -> T {
    let [a, b] = normalized([x, y * y]);
    let v = normalized([a * x, b]);
    a * v[0] - v[1]
}

#[differentiate(jvp)]
fn transposed<T: num_traits::Float>(m: &[[T; 2]; 2]) -> [[T; 2]; 2] {
    core::array::from_fn(|i| core::array::from_fn(|j| m[j][i]))
}

#[differentiate(jvp)]
fn applied<T: num_traits::Float>(m: &[[T; 2]; 2], v: &[T; 2]) -> [T; 2] {
    core::array::from_fn(|i| m[i].iter().zip(v.iter()).map(|(&a, &b)| a * b).fold(T::zero(), |a, b| a + b) + v[i])
}

/// The lengths of arrays that are made by functions are told by the results.
#[differentiate(gradient, jvp)]
fn made(x: f64, y: f64) -> f64 {
    let m = [[x, y * y], [x * y, y.sin()]];
    let t: [[f64; 2]; 2] = transposed(&m);
    let v: [f64; 2] = applied(&t, &[x, y]);
    v[0] * v[1] + t[0][1]
}

#[differentiate(gradient, jvp)]
fn lengths(x: f64, y: f64) -> f64 {
    let v: [f64; 2] = scaled(&[x, y], x);
    let w = scaled::<3>(&[y, x, v[0]], v[1]);
    let mut sum = 0.0;
    for a in w {
        sum += a * a;
    }
    sum
}

#[test]
fn methods_and_generics() {
    let frame = Frame { scale: 0.7 };
    assert_gradient!(
        |p| frame.energy(p[0]).unwrap(),
        |p| frame.energy_value_and_gradient(p[0]).unwrap(),
        [0.6],
        jvp = |p, v| frame.energy_jvp(p[0], v[0]).unwrap()
    );
    for point in [[0.3, 0.8], [1.2, -0.4]] {
        assert_gradient!(
            |p| generic(p[0], p[1]),
            |p| generic_value_and_gradient(p[0], p[1]),
            point,
            jvp = |p, v| generic_jvp(p[0], p[1], v[0], v[1])
        );
        assert_gradient!(
            |p| made(p[0], p[1]),
            |p| made_value_and_gradient(p[0], p[1]),
            point,
            jvp = |p, v| made_jvp(p[0], p[1], v[0], v[1])
        );
        assert_gradient!(
            |p| lengths(p[0], p[1]),
            |p| lengths_value_and_gradient(p[0], p[1]),
            point,
            jvp = |p, v| lengths_jvp(p[0], p[1], v[0], v[1])
        );
    }
    assert_gradient!(
        |p| of_lists(p[0]),
        |p| of_lists_value_and_gradient(p[0]),
        [0.6],
        jvp = |p, v| of_lists_jvp(p[0], v[0])
    );
}
