//! Methods and associated functions: the attribute on a method. All gradients are compared with finite differences, forward
//! mode with reverse mode.

#![allow(clippy::cast_precision_loss, reason = "counts are small")]
#![allow(clippy::needless_range_loop, reason = "loops over indices are what is tested")]

use std::cell::Cell;
use std::rc::Rc;
use symgrad::{assert_gradient, differentiate};

struct Model {
    scale: f64,
    weights: Vec<f64>,
    offsets: [f64; 2],
    calls: Cell<usize>,
}

impl Model {
    const DECAY: f64 = 0.75;

    fn new() -> Self {
        Model { scale: 1.5, weights: vec![0.3, -0.8, 1.1], offsets: [0.2, -0.4], calls: Cell::new(0) }
    }

    fn offset(&self, i: usize) -> f64 {
        self.calls.set(self.calls.get() + 1);
        self.offsets[i % 2]
    }

    fn exponent(i: usize) -> i32 {
        i32::try_from(i % 3).unwrap_or(0) + 1
    }

    /// Fields, constants and helpers, which are data here.
    #[differentiate(gradient, jvp)]
    pub fn loss(&self, p: &[f64]) -> f64 {
        let mut sum: f64 = Self::DECAY * self.scale;
        for i in 0..p.len() {
            let w = self.weights[i];
            sum += w * (p[i] - self.offset(i)).powi(Self::exponent(i)) * self.scale;
        }
        for (i, w) in self.weights.iter().enumerate() {
            sum += (w * p[i]).sin();
        }
        sum
    }

    /// Scalars only.
    #[differentiate(gradient, jvp, wrt(x, y))]
    pub(crate) fn energy(&self, x: f64, y: f64, n: usize) -> f64 {
        if x > self.scale { (x * y).sin() } else { self.weights[n] * x * y * y }
    }

    /// The receiver by value.
    #[differentiate(gradient, jvp)]
    fn consumed(self, x: f64) -> f64 {
        let weights = self.weights;
        x.powi(2) * weights[0] + x.exp() * self.offsets[1]
    }

    /// The receiver changes; once in every companion.
    #[differentiate(gradient, jvp)]
    fn counted(&mut self, x: f64) -> f64 {
        let before = self.scale;
        self.scale += 1.0;
        let y = x * x * before;
        self.offsets[0] = 2.0;
        y * self.scale + self.offsets[0] * x
    }

    /// Declared `mut`.
    #[differentiate(gradient, jvp)]
    fn drained(mut self, x: f64) -> f64 {
        let mut y = 0.0;
        while !self.weights.is_empty() {
            let w = self.weights.remove(0);
            y += w * x.cos();
        }
        y
    }

    /// A receiver with a type.
    #[differentiate(gradient, jvp)]
    fn shared(self: &Rc<Self>, x: f64) -> f64 {
        x * x * self.scale
    }
}

#[test]
fn data_of_the_receiver() {
    let model = Model::new();
    assert_gradient!(
        |p| model.loss(p),
        |p| model.loss_value_and_gradient(p),
        [0.4, -0.7, 1.3],
        jvp = |p, v| model.loss_jvp(p, v)
    );
    let mut buffer = [9.0; 3];
    let value = model.loss_value_and_gradient_into(&[0.4, -0.7, 1.3], &mut buffer);
    assert_eq!(value, model.loss(&[0.4, -0.7, 1.3]));
    assert_eq!(buffer.to_vec(), model.loss_gradient(&[0.4, -0.7, 1.3]));
    for x in [0.5, 2.5] {
        assert_gradient!(
            |p| model.energy(p[0], p[1], 2),
            |p| model.energy_value_and_gradient(p[0], p[1], 2),
            [x, -1.2],
            jvp = |p, v| model.energy_jvp(p[0], p[1], 2, v[0], v[1])
        );
    }
    model.calls.set(0);
    model.loss(&[0.4, -0.7, 1.3]);
    let once = model.calls.take();
    let _ = model.loss_gradient(&[0.4, -0.7, 1.3]);
    assert_eq!(model.calls.take(), once, "helpers run as often as in the function");
}

#[test]
fn receivers_of_every_kind() {
    assert_gradient!(
        |p| Model::new().consumed(p[0]),
        |p| Model::new().consumed_value_and_gradient(p[0]),
        [0.6],
        jvp = |p, v| Model::new().consumed_jvp(p[0], v[0])
    );
    assert_gradient!(
        |p| Model::new().counted(p[0]),
        |p| Model::new().counted_value_and_gradient(p[0]),
        [0.6],
        jvp = |p, v| Model::new().counted_jvp(p[0], v[0])
    );
    assert_gradient!(
        |p| Model::new().drained(p[0]),
        |p| Model::new().drained_value_and_gradient(p[0]),
        [0.6],
        jvp = |p, v| Model::new().drained_jvp(p[0], v[0])
    );
    let model = Rc::new(Model::new());
    assert_gradient!(
        |p| model.shared(p[0]),
        |p| model.shared_value_and_gradient(p[0]),
        [0.6],
        jvp = |p, v| model.shared_jvp(p[0], v[0])
    );
    let mut changed = Model::new();
    let _ = changed.counted_gradient(1.0);
    assert_eq!((changed.scale, changed.offsets[0]), (2.5, 2.0));
}
