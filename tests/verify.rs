//! `verify(…)`: the tests that it writes are part of this one, for every kind, shape and place; and a rule that is wrong does
//! not pass.

#![allow(
    clippy::items_after_statements,
    clippy::needless_pass_by_value,
    clippy::needless_range_loop,
    reason = "as users write them, beside what they are tested by"
)]

use symgrad::{Differentiable, differentiate, stop_gradient};

#[differentiate(verify(x = 1.0, y = 2.0), verify(x = -0.5, y = 1e3))]
fn two(x: f64, y: f64) -> f64 {
    x * x * y + (x / y).sin()
}

#[differentiate(
    gradient, jvp, vjp, hvp,
    verify(weights = &[0.5, -1.25, 2.0], bias = 0.1, data = &[[1.0, 2.0, 3.0], [0.0, -1.0, 0.5]], power = 3),
    wrt(weights, bias),
)]
fn loss(weights: &[f64; 3], bias: f64, data: &[[f64; 3]], power: i32) -> f64 {
    let mut sum = 0.0;
    for row in data {
        let mut inner = bias;
        for (w, x) in weights.iter().zip(row) {
            inner += w * x;
        }
        sum += inner.tanh().powi(power);
    }
    sum
}

#[differentiate(gradient, jvp, vjp, hvp, wrt(xs), verify(xs = &[1.0, 2.0, 0.5, -3.0], scale = 2.0))]
fn of_a_slice(xs: &[f64], scale: f64) -> f64 {
    xs.iter().map(|x| (scale * x).exp()).sum::<f64>().ln()
}

#[differentiate(hessian, hvp, wrt(x), verify(x = &[1.0, -0.5, 2.0]))]
fn curved(x: &[f64; 3]) -> f64 {
    x[0] * x[1].exp() + (x[0] * x[2]).sin()
}

#[differentiate(hvp, wrt(x), verify(x = &[1.0, -0.5, 2.0], n = 3))]
fn product_alone(x: &[f64], n: i32) -> f64 {
    (x[0] * x[1].exp() + (x[0] * x[2]).sin()).powi(n)
}

#[differentiate(sparse_hessian, verify(x = &[1.0, -0.5, 2.0, 0.25]))]
fn coupled(x: &[f64; 4]) -> f64 {
    x[0] * x[1].exp() + (x[2] * x[3]).sin()
}

#[differentiate(sparse_jacobian, wrt(x), verify(x = &[1.0, -0.5, 2.0, 0.25], k = 1.5))]
fn banded(x: &[f64; 4], k: f64) -> [f64; 3] {
    [k * x[0] * x[1], (x[1] - x[2]).sin(), x[3].exp()]
}

#[differentiate(gradient, sparse_hessian, wrt(x), verify(x = &[1.0, -0.5, 2.0, 0.25], p = 2))]
fn of_neighbours(x: &[f64], p: i32) -> f64 {
    x.windows(2).map(|pair| (pair[1] - pair[0]).powi(2 * p)).sum()
}

#[differentiate(sparse_jacobian, wrt(x), verify(x = vec![1.0, -0.5, 2.0], scale = 0.3))]
fn differences(x: Vec<f64>, scale: f64) -> Vec<f64> {
    let mut y = vec![0.0; x.len()];
    for i in 1..x.len() {
        y[i] = (scale * (x[i] - x[i - 1])).tanh();
    }
    y
}

#[differentiate(gradient, jvp, verify(xs = vec![1.0, 2.0]))]
fn of_a_vec(xs: Vec<f64>) -> f64 {
    xs[0] * xs[1].sin()
}

#[differentiate(jacobian, jvp, vjp, verify(r = 2.0, angle = 0.5))]
fn polar(r: f64, angle: f64) -> [f64; 2] {
    [r * angle.cos(), r * angle.sin()]
}

#[differentiate(verify(angle = 0.5))]
fn jacobian_by_default(angle: f64) -> [f64; 2] {
    [angle.cos(), angle.sin()]
}

#[differentiate(jacobian, vjp, wrt(b), verify(b = &[2.0, 0.3], x = &[0.0, 1.0, 2.0]))]
fn decay(b: &[f64; 2], x: &[f64]) -> Vec<f64> {
    let mut y = vec![0.0; x.len()];
    for i in 0..x.len() {
        y[i] = b[0] * (-b[1] * x[i]).exp();
    }
    y
}

#[differentiate(jvp, vjp, verify(x = 0.5))]
fn pair(x: f64) -> (f64, [f64; 2]) {
    (x.sin(), [x * x, x.exp()])
}

#[differentiate(derivatives(5), verify(x = 0.3))]
fn bell(x: f64) -> f64 {
    (-x * x).exp()
}

#[differentiate(gradient, jvp, hessian, verify(x = 0.7, y = 0.2))]
fn single(x: f32, y: f32) -> f32 {
    x.sin() * y.exp()
}

/// As precise as its least precise number.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "as users write it")]
#[differentiate(gradient, jvp, hvp, verify(x = 0.7, n = 4))]
fn rounds(x: f64, n: usize) -> f64 {
    let narrow = (x * 1.1) as f32;
    let mut power = 0.1_f32;
    for i in 0..n {
        power = power * narrow + i as f32;
    }
    f64::from(power) * x
}

#[differentiate(verify(x = 0.7, n = 4))]
fn generic<T: num_traits::Float>(x: T, n: usize) -> T {
    let mut power = T::one();
    for _ in 0..n {
        power = power * x;
    }
    power.sin()
}

#[differentiate(verify(rows = &[[1.0, 2.0], [3.0, 4.0]]))]
fn of_constants<const N: usize>(rows: &[[f64; 2]; N]) -> f64 {
    let mut sum = 0.0;
    for i in 0..N {
        sum += rows[i][0] * rows[i][1];
    }
    sum
}

#[differentiate(verify(x = 2.0))]
fn fallible(x: f64) -> Result<f64, String> {
    if x < 0.0 {
        return Err("negative".into());
    }
    Ok(x.sqrt())
}

#[differentiate(verify(f = |t: f64| t.floor(), x = 2.5), wrt(x))]
fn with_a_closure(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    x * x + f(1.5)
}

#[derive(Differentiable, Clone)]
struct Pendulum {
    length: f64,
    damping: [f64; 2],
    #[differentiate(skip)]
    steps: usize,
}

impl Pendulum {
    fn new() -> Self {
        Self { length: 1.5, damping: [0.1, 0.2], steps: 10 }
    }
}

#[differentiate(gradient, jvp, verify(pendulum = &Pendulum::new(), angle = 0.4), wrt(pendulum, angle))]
fn swing(pendulum: &Pendulum, angle: f64) -> f64 {
    let (mut a, mut v) = (angle, 0.0);
    for _ in 0..pendulum.steps {
        v += -0.1 * (a.sin() / pendulum.length + pendulum.damping[0] * v + pendulum.damping[1] * v * v);
        a += 0.1 * v;
    }
    a
}

#[differentiate]
impl Pendulum {
    #[differentiate(wrt(self), verify(self = Pendulum::new(), angle = 0.3))]
    fn energy(&self, angle: f64) -> f64 {
        self.length * (1.0 - angle.cos()) + self.damping[0]
    }

    #[differentiate(sparse_jacobian, wrt(x), verify(self = Pendulum::new(), x = &[0.3, 2.0]))]
    fn sparse(&self, x: &[f64; 2]) -> [f64; 2] {
        [x[0].sin() * self.length, x[0] * x[1]]
    }

    #[differentiate(gradient, jvp, wrt(x), verify(self = Pendulum::new(), x = 0.3))]
    fn counted(&mut self, x: f64) -> f64 {
        self.steps += 1;
        x.sin() * self.length
    }

    #[differentiate(gradient, hessian, verify(a = 0.3, b = 2.0))]
    fn associated(a: f64, b: f64) -> f64 {
        a.sin() * b * b
    }
}

struct Scaled<T>(T);

#[differentiate]
impl<T: Into<f64> + Copy> Scaled<T> {
    #[differentiate(wrt(x), verify(self = Scaled(2.0_f32), x = 0.4))]
    fn of(&self, x: f64) -> f64 {
        let scale: f64 = self.0.into();
        scale * x.sin()
    }
}

mod inner {
    use symgrad::differentiate;

    // Names of the values are those of the module.
    const HERE: f64 = 0.75;

    #[differentiate(verify(value = HERE, scalars = HERE * 2.0, r#type = 3.0))]
    fn names(value: f64, scalars: f64, r#type: f64) -> f64 {
        value * scalars.exp() * r#type
    }
}

#[differentiate(gradient, jvp, vjp, custom = sine, verify(x = 0.5))]
fn of_a_rule(x: f64) -> f64 {
    x.sin()
}

fn sine(x: f64) -> (f64, f64) {
    (x.sin(), x.cos())
}

#[differentiate(jacobian, jvp, vjp, wrt(k), verify(out = &mut [0.5, 2.0], k = 0.7, scale = 1.5))]
fn fill(out: &mut [f64; 2], k: f64, scale: f64) {
    out[0] *= k * k;
    out[1] += k.sin() * scale * out[0];
}

#[differentiate(gradient, jvp, vjp, wrt(k, x), verify(k = 0.7, out = &mut [0.5, 2.0, -1.0], x = &[0.3, 0.4], n = 2))]
fn value_and_buffer(k: f64, out: &mut [f64], x: &[f64], n: usize) -> f64 {
    for i in 0..n {
        out[i + 1] = out[i] * x[i].exp() + k * out[i + 1];
    }
    out[n] * out[0] + k
}

#[differentiate(jvp, vjp, wrt(k), verify(y = &mut [1.0, 2.0], k = 0.6, rows = &mut [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]], s = &mut [0.25]))]
fn several_buffers(y: &mut [f64; 2], k: f64, rows: &mut [[f64; 2]], s: &mut [f64; 1]) {
    for row in rows.iter_mut() {
        row[0] *= k;
        y[0] += row[0] * row[1];
        row[1] = y[1].cos();
    }
    s[0] += k * y[0];
    y[1] *= s[0];
}

#[differentiate(jvp, vjp, verify(b = &mut [1.0, -2.0, 0.5]))]
fn squared(b: &mut [f64]) {
    for v in b.iter_mut() {
        *v *= *v;
    }
}

#[differentiate(jvp, vjp, wrt(x), verify(x = 0.5, out = &mut [1.0, 2.0]))]
fn narrow_buffer(x: f32, out: &mut [f32; 2]) -> [f32; 2] {
    out[0] = out[1] * x;
    [out[0] * x, out[1]]
}

#[differentiate(gradient, jvp, hvp, wrt(x), verify(x = &[0.5, -0.25], memory = &mut [2.0, 3.0]))]
fn remembered(x: &[f64; 2], memory: &mut [f64]) -> f64 {
    memory[0] += x[0].sin() * memory[1];
    memory[0] * x[1].exp()
}

#[differentiate(gradient, hessian, hvp, sparse_hessian, jvp, wrt(x), verify(x = &[0.5, -0.25, 2.0], out = &mut [1.0]))]
fn curved_through_a_buffer(x: &[f64; 3], out: &mut [f64; 1]) -> f64 {
    out[0] += x[0] * x[1];
    out[0] * x[2].sin()
}

/// What a test says that fails.
fn caught(test: fn()) -> String {
    let panic = std::panic::catch_unwind(test).expect_err("the rule is wrong");
    panic.downcast_ref::<String>().expect("a message").clone()
}

// A test within a function is one that no harness runs.
#[test]
#[allow(unnameable_test_items)]
fn a_wrong_rule_is_caught() {
    #[differentiate(custom = wrong_sign, verify(x = 0.5))]
    fn cosine(x: f64) -> f64 {
        x.cos()
    }
    fn wrong_sign(x: f64) -> (f64, f64) {
        (x.cos(), x.sin())
    }
    let said = caught(cosine_verify);
    assert!(said.starts_with("the gradient of `cosine` at x = 0.5: "), "{said}");
    assert!(said.contains("FAIL") && said.contains("4.79"), "derivative and difference: {said}");

    #[differentiate(custom = wrong_value, verify(x = 0.5))]
    fn growth(x: f64) -> f64 {
        x.exp()
    }
    fn wrong_value(x: f64) -> (f64, f64) {
        (x.exp() + 1e-15, x.exp())
    }
    let said = caught(growth_verify);
    assert!(said.starts_with("the gradient of `growth` at x = 0.5: ") && said.contains("VALUE MISMATCH"), "{said}");

    #[differentiate(jvp, custom_jvp = wrong_tangent, verify(x = 1.0, y = 2.0))]
    fn product(x: f64, y: f64) -> [f64; 2] {
        [x * y, x + y]
    }
    fn wrong_tangent(x: f64, y: f64, dx: f64, dy: f64) -> ([f64; 2], [f64; 2]) {
        ([x * y, x + y], [dx * y + x * dy, dx - dy])
    }
    let said = caught(product_verify);
    assert!(said.starts_with("the jvp of `product` at x = 1.0, y = 2.0: "), "{said}");
    assert!(said.contains("input 1, output 1"), "{said}");

    #[differentiate(vjp, custom = wrong_cotangent, verify(x = &[1.0, 2.0]))]
    fn swapped(x: &[f64; 2]) -> [f64; 2] {
        [x[1], 3.0 * x[0]]
    }
    fn wrong_cotangent(x: &[f64; 2], w: &[f64; 2]) -> ([f64; 2], [f64; 2]) {
        ([x[1], 3.0 * x[0]], [3.0 * w[0], w[1]])
    }
    let said = caught(swapped_verify);
    assert!(said.starts_with("the vjp of `swapped`"), "{said}");

    #[differentiate(jvp, custom_jvp = twice, verify(x = 1.5))]
    fn narrow(x: f32) -> f32 {
        x * x
    }
    fn twice(x: f32, dx: f32) -> (f32, f32) {
        (x * x, 2.001 * x * dx)
    }
    assert!(caught(narrow_verify).starts_with("the jvp of `narrow`"));
}

// What `stop_gradient` holds back is a difference to every place that is compared.
#[test]
#[allow(unnameable_test_items)]
fn a_wrong_derivative_behind_a_reference_is_caught() {
    #[differentiate(jvp, wrt(k), verify(out = &mut [1.0, 2.0], k = 0.5))]
    fn to_a_buffer(out: &mut [f64; 2], k: f64) {
        out[0] *= k;
        out[1] += stop_gradient(k);
    }
    let said = caught(to_a_buffer_verify);
    assert!(said.starts_with("the jvp of `to_a_buffer` at "), "{said}");
    assert!(said.contains("input 0, output 1:") && !said.contains("input 1, "), "{said}");

    #[differentiate(jvp, verify(out = &mut [1.0, 2.0]))]
    fn from_a_buffer(out: &mut [f64]) -> f64 {
        out[0] * stop_gradient(out[1])
    }
    let said = caught(from_a_buffer_verify);
    assert!(said.contains("input 1, output 0:") && !said.contains("input 0, "), "{said}");

    #[differentiate(vjp, wrt(k), verify(out = &mut [1.0, 2.0], k = 0.5))]
    fn between_buffers(k: f64, out: &mut [f64; 2]) -> f64 {
        out[1] = stop_gradient(out[0]);
        k * out[0]
    }
    let said = caught(between_buffers_verify);
    assert!(said.starts_with("the vjp of `between_buffers` at "), "{said}");
    // The outputs are the value and the buffer.
    assert!(said.contains("output 2:") && !said.contains("output 0:") && !said.contains("output 1:"), "{said}");

    #[differentiate(jacobian, wrt(k), verify(out = &mut [1.0, 2.0], k = 0.5))]
    fn rows(out: &mut [f64; 2], k: f64) {
        out[0] *= k;
        out[1] += stop_gradient(k);
    }
    let said = caught(rows_verify);
    assert!(said.starts_with("the jacobian of `rows` at "), "{said}");
    assert!(said.contains("output 1:") && !said.contains("output 0:"), "{said}");

    #[differentiate(gradient, wrt(k), verify(out = &mut [1.0, 2.0], k = 0.5))]
    fn through(out: &mut [f64], k: f64) -> f64 {
        out[0] *= stop_gradient(k);
        k * out[0]
    }
    assert!(caught(through_verify).starts_with("the gradient of `through` at "));
}

#[test]
#[allow(unnameable_test_items)]
fn a_point_that_confirms_nothing_is_no_success() {
    #[differentiate(verify(x = f64::NAN))]
    fn nowhere(x: f64) -> f64 {
        x * x
    }
    let said = caught(nowhere_verify);
    assert!(said.contains("could not be checked") && said.contains("NaN"), "{said}");

    #[differentiate(verify(x = -1.0))]
    fn without_value(x: f64) -> Option<f64> {
        if x > 0.0 { Some(x * x) } else { None }
    }
    let panic = std::panic::catch_unwind(without_value_verify);
    assert!(panic.is_err(), "there is no value at -1");
}
