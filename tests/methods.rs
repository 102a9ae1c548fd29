//! Methods and associated functions: the attribute on a method. All gradients are compared with finite differences, forward
//! mode with reverse mode.

#![allow(clippy::cast_precision_loss, reason = "counts are small")]
#![allow(clippy::needless_range_loop, reason = "loops over indices are what is tested")]
#![allow(clippy::borrowed_box, clippy::boxed_local, reason = "pointers are what is tested")]

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Mutex;
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

// Calls: of methods and of functions, from one another.

#[differentiate(gradient, jvp)]
fn square(x: f64) -> f64 {
    x * x
}

struct Layer {
    model: Model,
    gains: [f64; 3],
    inner: Vec<Layer>,
}

impl Layer {
    fn new() -> Self {
        let last = Layer { model: Model::new(), gains: [0.5, 0.2, -0.9], inner: Vec::new() };
        Layer { model: Model::new(), gains: [1.1, -0.3, 0.6], inner: vec![last] }
    }

    fn model(&self) -> &Model {
        self.model.calls.set(self.model.calls.get() + 1);
        &self.model
    }

    #[differentiate(gradient, jvp, wrt(x))]
    fn gain(&self, x: f64, k: usize) -> f64 {
        (self.gains[k] * x).tanh() + square(x)
    }

    #[differentiate(gradient, jvp, wrt(v))]
    fn norm<const N: usize>(&self, v: &[f64; N]) -> f64 {
        let mut sum = 0.0;
        for i in 0..N {
            sum += v[i] * v[i] * self.gains[i % 3];
        }
        sum
    }

    /// Receivers that are places, that are called for, and paths to methods.
    #[differentiate(gradient, jvp)]
    fn output(&self, p: &[f64]) -> f64 {
        let mut sum = self.gain(p[0], 1) * self.model.loss(p);
        for k in 0..3 {
            sum += self.gain(p[k] * sum, k).sin();
        }
        let pair = [p[0] * p[1], sum];
        sum += self.norm(&pair) + self.norm::<2>(&pair);
        sum * self.model().energy(p[1], p[2], 1) + Self::gain(self, p[2], 0) - Layer::gain(self, p[1], 2)
            + <Layer>::gain(self, p[0], 2)
    }

    /// Recursion.
    #[differentiate(gradient, jvp, wrt(x))]
    fn power(&self, x: f64, n: usize) -> f64 {
        if n == 0 {
            return self.gains[0];
        }
        self.gain(x, 1) * self.power(x, n - 1)
    }

    /// Through another receiver.
    #[differentiate(gradient, jvp)]
    fn deep(&self, x: f64) -> f64 {
        let y = self.gain(x, 0);
        if self.inner.is_empty() { y } else { self.inner[0].deep(y * x) + self.inner[0].gain(x, 2) }
    }
}

/// A function that calls methods.
#[differentiate(gradient, jvp, wrt(x))]
fn through(layers: &[Layer], x: f64) -> f64 {
    let mut y = x;
    for layer in layers {
        y = layer.gain(y, 0) + layer.model.energy(y, x, 2);
    }
    for k in 0..layers.len() {
        y += layers[k].power(y, k);
    }
    y
}

#[test]
fn calls_of_methods() {
    let layer = Layer::new();
    assert_gradient!(
        |p| layer.output(p),
        |p| layer.output_value_and_gradient(p),
        [0.4, -0.7, 0.3],
        jvp = |p, v| layer.output_jvp(p, v)
    );
    assert_gradient!(
        |p| layer.power(p[0], 3),
        |p| layer.power_value_and_gradient(p[0], 3),
        [0.4],
        jvp = |p, v| layer.power_jvp(p[0], 3, v[0])
    );
    assert_gradient!(
        |p| layer.deep(p[0]),
        |p| layer.deep_value_and_gradient(p[0]),
        [0.4],
        jvp = |p, v| layer.deep_jvp(p[0], v[0])
    );
    let layers = [Layer::new(), Layer::new()];
    assert_gradient!(
        |p| through(&layers, p[0]),
        |p| through_value_and_gradient(&layers, p[0]),
        [0.4],
        jvp = |p, v| through_jvp(&layers, p[0], v[0])
    );
    // What is evaluated for the receiver is evaluated once.
    layer.model.calls.set(0);
    let _ = layer.output(&[0.4, -0.7, 0.3]);
    let once = layer.model.calls.take();
    let _ = layer.output_gradient(&[0.4, -0.7, 0.3]);
    assert_eq!(layer.model.calls.take(), once);
}

// What depends on no parameter in `wrt` may go into any method, and a variable may get its type from fields.

struct Spline {
    knots: Vec<f64>,
    offset: f64,
    scale: Option<f64>,
}

impl Spline {
    fn locate(&self, t: f64) -> usize {
        self.knots.partition_point(|knot| *knot <= t).saturating_sub(1)
    }

    fn bounds(&self, t: f64, u: f64) -> (f64, usize) {
        (t.min(u), self.locate(u))
    }

    /// Named like methods of floats.
    #[differentiate(gradient, jvp)]
    fn copysign(&self, x: f64) -> f64 {
        self.offset * x * x
    }

    #[differentiate(gradient, jvp)]
    fn powf(&self, x: f64) -> f64 {
        self.copysign(x) * self.knots[1] * x
    }

    #[differentiate(gradient, jvp)]
    fn mul_add(&self, x: f64, y: f64) -> f64 {
        self.powf(x).copysign(y) + self.copysign(y)
    }

    #[differentiate(gradient, jvp, wrt(c))]
    fn at(&self, c: &[f64], t: f64, u: f64) -> f64 {
        let i = self.locate(t);
        let h = t - self.knots[i];
        let segments = self.locate(t + 10.0) + 1;
        let (low, last) = self.bounds(t, u);
        let mut sum = self.offset;
        let mut mean = self.knots[0];
        for k in 0..last {
            sum += c[k] * low;
            mean = mean.max(c[k]) * 0.5;
        }
        let mut count = self.locate(u);
        count += usize::from(c[0] > 0.0);
        sum * (c[i] + h * (c[i + 1] + h * mean)) / segments as f64 + count as f64 * c[0]
    }

    #[differentiate(gradient, jvp)]
    fn scaled(&self, x: f64) -> Option<f64> {
        let scale = self.scale?;
        let mut y = scale;
        y *= x;
        Some(y * y + self.offset)
    }

    #[differentiate(gradient, jvp)]
    fn twice(&self, x: f64) -> Option<f64> {
        let y = self.scaled(x)? * x;
        Some(y + self.scaled(y)?)
    }
}

/// Methods of data are its own, also if they are named like those of floats; numbers have theirs.
#[differentiate(gradient, jvp, wrt(x))]
#[allow(clippy::trivially_copy_pass_by_ref, reason = "references to numbers are tested")]
fn named_like_floats(spline: &Spline, any: &impl Fn(f64) -> f64, scale: &f64, x: f64) -> f64 {
    let known = spline.copysign(x) * spline.powf(x) + Spline::copysign(spline, x);
    known * scale.copysign(x) + spline.offset.max(x) + spline.scale.as_ref().unwrap().powf(x) + any(1.0).max(x)
}

#[test]
fn methods_named_like_those_of_floats() {
    let spline = Spline { knots: vec![0.0, 1.0, 2.0], offset: 0.3, scale: Some(1.7) };
    for x in [0.1, -0.4, 1.3] {
        assert_gradient!(
            |p| named_like_floats(&spline, &|t| t, &-2.0, p[0]),
            |p| named_like_floats_value_and_gradient(&spline, &|t| t, &-2.0, p[0]),
            [x],
            jvp = |p, v| named_like_floats_jvp(&spline, &|t| t, &-2.0, p[0], v[0])
        );
    }
}

#[test]
fn data_in_and_out_of_methods() {
    let spline = Spline { knots: vec![0.0, 1.0, 2.0], offset: 0.3, scale: Some(1.7) };
    assert_gradient!(
        |c| spline.at(c, 0.5, 2.5),
        |c| spline.at_value_and_gradient(c, 0.5, 2.5),
        [0.4, -0.7, 1.3],
        jvp = |c, v| spline.at_jvp(c, 0.5, 2.5, v)
    );
    assert_gradient!(
        |p| spline.mul_add(p[0], p[1]),
        |p| spline.mul_add_value_and_gradient(p[0], p[1]),
        [0.4, -0.7],
        jvp = |p, v| spline.mul_add_jvp(p[0], p[1], v[0], v[1])
    );
    assert_gradient!(
        |p| spline.twice(p[0]).expect("a scale"),
        |p| spline.twice_value_and_gradient(p[0]).expect("a scale"),
        [0.4],
        jvp = |p, v| spline.twice_jvp(p[0], v[0]).expect("a scale")
    );
    assert_eq!(Spline { scale: None, ..spline }.twice_gradient(0.4), None);
}

// Receivers that dereference to the type.

#[differentiate(gradient, jvp, wrt(x))]
fn behind(
    owned: Model,
    boxed: Box<Model>,
    shared: &Rc<Model>,
    cell: &RefCell<Model>,
    lock: &Mutex<Model>,
    list: &[&Box<Model>],
    x: f64,
) -> f64 {
    let mut sum = owned.energy(x, x, 0) + boxed.energy(x, 2.0, 1) + shared.energy(3.0, x, 2);
    sum += cell.borrow().energy(x, sum, 0);
    sum += cell.borrow_mut().counted(x);
    sum += lock.lock().expect("a lock").energy(x, sum, 1);
    for model in list {
        sum += model.energy(x, x, 1);
    }
    sum += list[0].shared_by_value(x);
    boxed.consumed(sum) + owned.drained(x)
}

impl Model {
    #[differentiate(gradient, jvp)]
    fn shared_by_value(&self, x: f64) -> f64 {
        (*self).energy(x, 1.0, 0)
    }
}

#[test]
fn receivers_behind_pointers() {
    let (boxed, shared) = (Box::new(Model::new()), Rc::new(Model::new()));
    let values = |x: f64| {
        let (cell, lock) = (RefCell::new(Model::new()), Mutex::new(Model::new()));
        behind(Model::new(), Box::new(Model::new()), &shared, &cell, &lock, &[&boxed], x)
    };
    let gradients = |x: f64| {
        let (cell, lock) = (RefCell::new(Model::new()), Mutex::new(Model::new()));
        behind_value_and_gradient(Model::new(), Box::new(Model::new()), &shared, &cell, &lock, &[&boxed], x)
    };
    assert_gradient!(|p| values(p[0]), |p| gradients(p[0]), [0.3]);
}
