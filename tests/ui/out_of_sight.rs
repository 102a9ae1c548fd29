//! Numbers that go where no derivative follows: pointers, bits, statics, trait objects, tasks.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use symgrad::differentiate;

static LAST: AtomicU64 = AtomicU64::new(0);

thread_local! {
    static SUM: Cell<f64> = const { Cell::new(0.0) };
}

trait Shape {
    fn area(&self, side: f64) -> f64;
}

#[differentiate]
fn transmuted(x: f64) -> f64 {
    let bits: u64 = unsafe { std::mem::transmute(x * x) };
    f64::from_bits(bits)
}

#[differentiate]
fn by_bits(x: f64) -> f64 {
    f64::from_bits((x * x).to_bits() & !1)
}

#[differentiate]
fn by_pointer(x: f64) -> f64 {
    let y = x * x;
    let p = &y as *const f64;
    unsafe { *p * x }
}

#[differentiate]
fn by_raw_borrow(x: f64) -> f64 {
    let mut y = x * x;
    let p = &raw mut y;
    unsafe { *p += x };
    y
}

#[differentiate]
fn into_a_static(x: f64) -> f64 {
    LAST.store(x.to_bits(), Ordering::Relaxed);
    SUM.with(|sum| sum.set(sum.get() + x));
    SUM.set(x * x);
    x * x
}

#[differentiate]
fn by_trait_object(x: f64, shape: &dyn Shape) -> f64 {
    shape.area(x * 2.0) + x
}

#[differentiate]
fn by_function_object(x: f64, f: &dyn Fn(f64) -> f64) -> f64 {
    f(x) * x
}

#[differentiate]
fn by_boxed_function(x: f64, fs: &[Box<dyn Fn(f64) -> f64>]) -> f64 {
    fs[0](x) * x
}

#[differentiate]
fn in_a_task(x: f64) -> f64 {
    let task = async { x * x };
    drop(task);
    x
}

fn main() {}
