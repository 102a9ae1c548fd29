//! Tuples and structs, where symgrad cannot follow them.

use symgrad::differentiate;

fn bump(t: &mut (f64, usize)) {
    t.1 += 1;
}

#[differentiate]
fn borrowed_mutably(x: f64) -> f64 {
    let mut t = (x, 1);
    bump(&mut t);
    t.0 * t.1 as f64
}

#[differentiate]
fn one_member_borrowed_mutably(x: f64) -> f64 {
    let mut t = (x, 1.0);
    std::mem::swap(&mut t.0, &mut 2.0);
    t.0
}

#[differentiate]
fn in_a_format_string(x: f64) -> f64 {
    let t = (x, 1);
    let text = format!("{t:?}");
    t.0 * text.len() as f64
}

#[differentiate]
fn in_an_option(x: f64) -> f64 {
    let t = (x, Some(x));
    t.0 * t.1.unwrap()
}

struct Pair {
    a: f64,
    b: f64,
}

impl Pair {
    fn turn(&mut self) -> bool {
        std::mem::swap(&mut self.a, &mut self.b);
        self.a > self.b
    }
}

#[differentiate]
fn changed_by_a_method(x: f64) -> f64 {
    let mut pair = Pair { a: x, b: 1.0 };
    if pair.turn() { pair.a } else { pair.b * pair.b }
}

fn first_of(pair: &mut Pair) -> f64 {
    pair.a
}

#[differentiate]
fn borrowed_as_it_is_made(x: f64) -> f64 {
    let known = 1.0 + first_of(&mut Pair { a: x, b: 1.0 }).floor();
    x * known
}

#[differentiate]
fn arms_that_differ(x: f64) -> f64 {
    let t = if x > 0.0 { (x, 1.0) } else { x };
    t.0
}

fn main() {}
