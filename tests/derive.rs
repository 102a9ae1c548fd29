//! `#[derive(Differentiable)]`: the list of scalars and back, zeros, sums, and what is skipped.

use symgrad::{Differentiable, Flatten};

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Layer {
    weights: Vec<[f64; 2]>,
    bias: f64,
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Model {
    scale: f64,
    layers: Vec<Layer>,
    pair: (f64, [f64; 2]),
    #[differentiate(skip)]
    name: String,
    last: Layer,
    #[differentiate(skip)]
    count: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Point(f64, #[differentiate(skip)] u8, [f64; 2]);

fn model() -> Model {
    let layer = |n: usize, bias: f64| Layer { weights: vec![[bias, 2.0]; n], bias };
    Model {
        scale: 1.5,
        layers: vec![layer(1, 0.5), layer(0, 0.25), layer(2, -1.0)],
        pair: (7.0, [8.0, 9.0]),
        name: "first".into(),
        last: layer(1, 3.0),
        count: 3,
    }
}

#[test]
fn scalars_come_in_the_order_of_declaration() {
    let flat = model().flatten();
    assert_eq!(flat, [1.5, 0.5, 2.0, 0.5, 0.25, -1.0, 2.0, -1.0, 2.0, -1.0, 7.0, 8.0, 9.0, 3.0, 2.0, 3.0]);
    assert_eq!(Point(1.0, 2, [3.0, 4.0]).flatten(), [1.0, 3.0, 4.0]);
}

#[test]
fn the_list_can_be_put_back() {
    let mut other = model();
    let flat: Vec<f64> = (0..16).map(f64::from).collect();
    other.restore(&flat);
    assert_eq!(other.flatten(), flat);
    assert_eq!(other.layers[2].weights, [[5.0, 6.0], [7.0, 8.0]]);
    assert_eq!((other.name.as_str(), other.count), ("first", 3));
    other.restore(&model().flatten());
    assert_eq!(other, model());
}

#[test]
#[should_panic(expected = "16 scalars cannot be made of 2")]
fn a_list_of_another_length_is_refused() {
    model().restore(&[1.0, 2.0]);
}

#[test]
fn zeros_have_the_shape_and_the_data() {
    let zero = model().zero_like();
    assert_eq!(zero.flatten(), [0.0; 16]);
    assert!(zero.has_shape_of(&model()));
    assert_eq!((zero.name.as_str(), zero.count, zero.layers.len()), ("first", 3, 3));
    let mut other = model();
    other.layers[0].weights.clear();
    other.layers.push(Layer { weights: Vec::new(), bias: 1.0 });
    other.count = 9;
    assert!(!other.has_shape_of(&model()));
    other.reset_like(&model());
    assert_eq!(other, zero);
}

#[test]
fn sums_are_scalar_by_scalar() {
    let mut sum = model().zero_like();
    sum.accumulate(&model());
    sum.accumulate(&model());
    let twice: Vec<f64> = model().flatten().iter().map(|x| 2.0 * x).collect();
    assert_eq!(sum.flatten(), twice);
}

/// Generic over the float, and over a length.
#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Generic<T, L: Clone, const N: usize>
where
    T: Copy,
{
    values: [T; N],
    nested: Vec<Vec<T>>,
    #[differentiate(skip)]
    label: L,
}

#[test]
fn generic_structs() {
    let mut generic = Generic { values: [1.0_f32, 2.5], nested: vec![vec![3.0], vec![]], label: "l" };
    assert_eq!(generic.flatten(), [1.0, 2.5, 3.0]);
    generic.restore(&[0.1_f32.into(), 0.25, -4.0]);
    assert_eq!(generic, Generic { values: [0.1, 0.25], nested: vec![vec![-4.0], vec![]], label: "l" });
    assert_eq!(generic.zero_like().nested, [vec![0.0], vec![]]);
}

mod hygiene {
    //! Names that collide, a crate of another name, macros, shadowed preludes.
    #![deny(warnings)]
    #![allow(dead_code, reason = "names only")]

    extern crate symgrad as other;

    mod symgrad {}

    struct Clone;
    struct Vec;
    struct Option;

    #[derive(other::Differentiable)]
    #[differentiate(crate = other)]
    struct Colliding {
        each: f64,
        f: f64,
        other: f64,
        next: f64,
        r#type: f64,
        #[differentiate(skip)]
        flat: &'static str,
    }

    macro_rules! made {
        ($name:ident { $($field:ident: $ty:ty),* }) => {
            #[derive(other::Differentiable)]
            #[differentiate(crate = other)]
            struct $name { $($field: $ty,)* own: f64 }
        };
    }

    made!(Made { x: f64, y: [f64; 2] });

    #[test]
    fn colliding_names() {
        use other::{Differentiable as _, Flatten as _};
        let mut value = Colliding { each: 1.0, f: 0.5, other: 2.0, next: 3.0, r#type: 4.0, flat: "" };
        assert_eq!(value.flatten(), [1.0, 0.5, 2.0, 3.0, 4.0]);
        value.accumulate(&Colliding { each: 1.0, f: 0.5, other: 2.0, next: 3.0, r#type: 4.0, flat: "" });
        assert_eq!(value.flatten(), [2.0, 1.0, 4.0, 6.0, 8.0]);
        assert_eq!(Made { x: 1.0, y: [2.0, 3.0], own: 4.0 }.zero_like().flatten(), [0.0; 4]);
    }
}
