//! Problems for the optimizers.

use symgrad::differentiate;

#[differentiate(wrt(w), objective = Owned)]
fn owned(w: &[f64], x: Vec<f64>, _name: String, f: impl Fn(f64) -> f64) -> f64 {
    w[0] * x[0] + f(1.0)
}

#[differentiate(objective = Single)]
fn single(x: f32) -> f32 {
    x * x
}

#[differentiate(objective = Generic)]
fn generic<T: num_traits::Float>(x: T) -> T {
    x * x
}

#[differentiate(objective = Fallible)]
fn fallible(x: f64) -> Option<f64> {
    Some(x * x)
}

#[differentiate(jvp, objective = Lacks)]
fn lacks(x: f64) -> f64 {
    x * x
}

#[differentiate(jvp, objective = LacksJacobian)]
fn lacks_jacobian(x: f64) -> [f64; 2] {
    [x, x * x]
}

#[differentiate(objective = TwoLists)]
fn two_lists(x: &[f64], y: &[f64]) -> f64 {
    x[0] * y[0]
}

#[differentiate(objective = "Name")]
fn form(x: f64) -> f64 {
    x * x
}

#[differentiate(objective = Buffers)]
fn buffers(x: &[f64], out: &mut [f64]) {
    out[0] = x[0] * x[0];
}

struct Model;

#[differentiate(objective = OfModel)]
impl Model {
    fn cost(x: f64) -> f64 {
        x * x
    }
}

fn main() {}
