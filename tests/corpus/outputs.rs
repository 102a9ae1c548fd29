//! The comparison of a function's Jacobian, entry by entry, with dual numbers, at one point after another; of products with
//! cotangents and tangents with the same.

use super::argument::{bits, close};
use super::dual::Dual;
use super::number::Number;

type Along<'a> = dyn Fn(&[f64], &[f64]) -> (Vec<f64>, Vec<f64>) + 'a;
type Matrix<'a> = dyn Fn(&[f64]) -> (Vec<f64>, Vec<f64>) + 'a;

/// A function with several outputs and its companions, over flat vectors of what is in `wrt`, and a point.
pub struct Point<'a> {
    pub single: bool,
    pub flat: &'a [f64],
    /// The lengths of the blocks that the Jacobian has, of so many columns each.
    pub lengths: &'a [usize],
    pub function: &'a dyn Fn(&[f64]) -> Vec<f64>,
    /// The outputs and the Jacobian, block by block, each row by row.
    pub jacobian: Option<&'a Matrix<'a>>,
    pub vjp: Option<&'a Along<'a>>,
    pub jvp: Option<&'a Along<'a>>,
    pub dual: &'a dyn Fn(&[Dual]) -> Vec<Dual>,
}

/// The comparisons of one function.
pub struct Case {
    name: &'static str,
    points: usize,
}

impl Case {
    pub fn new(name: &'static str) -> Self {
        Self { name, points: 0 }
    }

    /// Compares at one point.
    pub fn at(&mut self, p: &Point<'_>) {
        let place = format!("`{}`, point {} {:?}", self.name, self.points, p.flat);
        self.points += 1;
        let outputs = (p.function)(p.flat);
        let expected = by_duals(p, &outputs, &place);
        if let Some(jacobian) = p.jacobian {
            matrix(p, jacobian(p.flat), &outputs, &expected, &place);
        }
        products(p, &outputs, &expected, &place);
    }
}

/// Each entry.
fn matrix(p: &Point<'_>, (same, found): (Vec<f64>, Vec<f64>), outputs: &[f64], expected: &[Vec<f64>], place: &str) {
    assert!(
        outputs.len() == same.len() && outputs.iter().zip(&same).all(|(a, b)| bits(*a, *b)),
        "{place}: the outputs are {outputs:?}, with the Jacobian {same:?}"
    );
    let m = outputs.len();
    assert_eq!(found.len(), m * p.flat.len(), "{place}: the size of the Jacobian");
    let near = tolerance(p, expected);
    let (mut at, mut column) = (0, 0);
    for &length in p.lengths {
        for (i, row) in expected.iter().enumerate() {
            for (j, expected) in row[column..column + length].iter().enumerate() {
                let (found, j) = (found[at], column + j);
                at += 1;
                assert!(
                    close(found, *expected, near),
                    "{place}: output {i} by number {j} has the derivative {found:?}, by dual numbers {expected:?}"
                );
            }
        }
        column += length;
    }
}

/// Rows of the Jacobian by dual numbers.
fn by_duals(p: &Point<'_>, outputs: &[f64], place: &str) -> Vec<Vec<f64>> {
    let n = p.flat.len();
    let mut rows = vec![Vec::new(); outputs.len()];
    for i in 0..n {
        let seeded = |(j, &x): (usize, &f64)| Dual(Number::new(x, if i == j { 1.0 } else { 0.0 }, 0.0, 0.0));
        let duals: Vec<Dual> = p.flat.iter().enumerate().map(seeded).collect();
        let results = (p.dual)(&duals);
        assert_eq!(results.len(), outputs.len(), "{place}: outputs over dual numbers");
        for ((row, result), &output) in rows.iter_mut().zip(results).zip(outputs) {
            let near = if p.single { 4e-5 } else { 1e-12 } * output.abs().max(1.0);
            assert!(
                close(output, result.value(), near),
                "{place}: an output is {output:?}, over dual numbers {:?}: the two writings differ",
                result.value()
            );
            row.push(result.0.eps1);
        }
    }
    rows
}

fn tolerance(p: &Point<'_>, rows: &[Vec<f64>]) -> f64 {
    let entries = rows.iter().flatten().filter(|x| x.is_finite());
    let scale = entries.fold(0.0, |m: f64, x| m.max(x.abs()));
    scale * if p.single { 4e-5 } else { 1e-12 }
}

/// Cotangents times the Jacobian, and the Jacobian times tangents.
fn products(p: &Point<'_>, outputs: &[f64], rows: &[Vec<f64>], place: &str) {
    let (m, n) = (outputs.len(), p.flat.len());
    let weight = |k: usize| [0.5, -1.25, 2.0, 0.75, -0.375][k % 5];
    let near = tolerance(p, rows);
    let check = |what: &str, given: &[f64], (same, found): (Vec<f64>, Vec<f64>), expected: &[f64], terms: usize| {
        assert!(
            outputs.len() == same.len() && outputs.iter().zip(&same).all(|(a, b)| bits(*a, *b)),
            "{place}: the outputs are {outputs:?}, with {what} {same:?}"
        );
        let near = near * 2.0 * f64::from(u32::try_from(terms).expect("a few"));
        let agree = found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| close(*a, *b, near));
        assert!(agree, "{place}: {what} along {given:?} is {found:?}, by dual numbers {expected:?}");
    };
    if let (Some(vjp), Some(jvp)) = (p.vjp, p.jvp) {
        let (w, v): (Vec<f64>, Vec<f64>) = ((0..m).map(weight).collect(), (0..n).map(weight).collect());
        let ((_, along), (_, back)) = (jvp(p.flat, &v), vjp(p.flat, &w));
        transposed(&along, &w, &back, &v, if p.single { 4e-5 } else { 1e-13 }, place);
    }
    if let Some(vjp) = p.vjp {
        let cotangents: Vec<f64> = (0..m).map(weight).collect();
        let column = |j: usize| rows.iter().zip(&cotangents).map(|(row, w)| row[j] * w).sum();
        let expected: Vec<f64> = (0..n).map(column).collect();
        check("vjp", &cotangents, vjp(p.flat, &cotangents), &expected, m);
    }
    if let Some(jvp) = p.jvp {
        let mut directions: Vec<Vec<f64>> = vec![(0..n).map(weight).collect()];
        if p.jacobian.is_none() {
            directions.extend((0..n).map(|j| (0..n).map(|k| if j == k { 1.0 } else { 0.0 }).collect()));
        }
        for tangents in directions {
            let terms =
                |row: &Vec<f64>| row.iter().zip(&tangents).filter(|(_, v)| **v != 0.0).map(|(d, v)| d * v).sum();
            let expected: Vec<f64> = rows.iter().map(terms).collect();
            check("jvp", &tangents, jvp(p.flat, &tangents), &expected, n);
        }
    }
}

/// ⟨Jv, w⟩ = ⟨v, Jᵀw⟩
fn transposed(along: &[f64], w: &[f64], back: &[f64], v: &[f64], relative: f64, place: &str) {
    let dot = |a: &[f64], b: &[f64]| -> (f64, f64) {
        let terms = || a.iter().zip(b).map(|(a, b)| a * b);
        (terms().sum(), terms().map(f64::abs).sum())
    };
    let ((forward, a), (reverse, b)) = (dot(along, w), dot(back, v));
    assert!(close(forward, reverse, relative * a.max(b)), "{place}: ⟨Jv, w⟩ is {forward:?}, and ⟨v, Jᵀw⟩ {reverse:?}");
}

/// The same bits.
#[track_caller]
pub fn same(a: &[f64], b: &[f64]) {
    assert!(a.len() == b.len() && a.iter().zip(b).all(|(a, b)| bits(*a, *b)), "{a:?} and {b:?} in a buffer");
}

/// What is made of numbers of a type: results, matrices.
pub trait Numbers<T> {
    fn each(&self, out: &mut Vec<T>);

    fn all(&self) -> Vec<T> {
        let mut out = Vec::new();
        self.each(&mut out);
        out
    }
}

/// Numbers that can be replaced by others.
pub trait Refill {
    fn refill(&mut self, from: &mut dyn Iterator<Item = f64>);
}

impl Numbers<f64> for f64 {
    fn each(&self, out: &mut Vec<f64>) {
        out.push(*self);
    }
}

impl Numbers<f64> for f32 {
    fn each(&self, out: &mut Vec<f64>) {
        out.push(f64::from(*self));
    }
}

impl Numbers<Dual> for Dual {
    fn each(&self, out: &mut Vec<Dual>) {
        out.push(*self);
    }
}

impl Refill for f64 {
    fn refill(&mut self, from: &mut dyn Iterator<Item = f64>) {
        *self = from.next().expect("as many numbers as there are");
    }
}

impl Refill for f32 {
    #[allow(clippy::cast_possible_truncation, reason = "it was an `f32`")]
    fn refill(&mut self, from: &mut dyn Iterator<Item = f64>) {
        *self = from.next().expect("as many numbers as there are") as f32;
    }
}

impl<T, A: Numbers<T> + ?Sized> Numbers<T> for &A {
    fn each(&self, out: &mut Vec<T>) {
        (**self).each(out);
    }
}

impl<T, A: Numbers<T>, const N: usize> Numbers<T> for [A; N] {
    fn each(&self, out: &mut Vec<T>) {
        self.iter().for_each(|a| a.each(out));
    }
}

impl<A: Refill, const N: usize> Refill for [A; N] {
    fn refill(&mut self, from: &mut dyn Iterator<Item = f64>) {
        self.iter_mut().for_each(|a| a.refill(from));
    }
}

impl<T, N: Numbers<T>> Numbers<T> for Vec<N> {
    fn each(&self, out: &mut Vec<T>) {
        self.iter().for_each(|a| a.each(out));
    }
}

impl<R: Refill> Refill for Vec<R> {
    fn refill(&mut self, from: &mut dyn Iterator<Item = f64>) {
        self.iter_mut().for_each(|a| a.refill(from));
    }
}

macro_rules! tuples {
    ($($member:ident $index:tt),*) => {
        impl<T, $($member: Numbers<T>),*> Numbers<T> for ($($member,)*) {
            fn each(&self, out: &mut Vec<T>) {
                $(self.$index.each(out);)*
            }
        }
        impl<$($member: Refill),*> Refill for ($($member,)*) {
            fn refill(&mut self, from: &mut dyn Iterator<Item = f64>) {
                $(self.$index.refill(from);)*
            }
        }
    };
}
tuples!(A 0);
tuples!(A 0, B 1);
tuples!(A 0, B 1, C 2);
tuples!(A 0, B 1, C 2, D 3);
tuples!(A 0, B 1, C 2, D 3, E 4);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5);
