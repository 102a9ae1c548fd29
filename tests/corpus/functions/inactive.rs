//! Code that no derivative flows through: carried along verbatim, in order, and run exactly once.

use crate::corpus::dual::Dual;
use std::cell::Cell;
use symgrad_oracle::case;

thread_local! {
    static RUNS: Cell<usize> = const { Cell::new(0) };
}

fn tick() {
    RUNS.set(RUNS.get() + 1);
}

/// How often the code ran.
fn runs(f: impl FnOnce()) -> usize {
    RUNS.set(0);
    f();
    RUNS.get()
}

#[case((0.5, 3))]
fn counted(x: f64, n: usize) -> f64 {
    tick();
    let mut y = x;
    for i in 0..n {
        tick();
        y = y * x + i as f64;
        if i == 1 {
            tick();
        }
    }
    y
}

#[case(([0.5, 2.0]), once)]
fn counted_in_a_sum(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for v in x {
        tick();
        s += v * v;
    }
    tick();
    s.sqrt()
}

#[case((0.5), (-0.5), (3.0))]
fn counted_before_exits(x: f64) -> f64 {
    tick();
    if x < 0.0 {
        tick();
        return x * x;
    }
    let mut y = x;
    while y < 10.0 {
        tick();
        y = y * y + 1.0;
        if y > 5.0 {
            break;
        }
    }
    y
}

fn next(k: usize) -> usize {
    tick();
    k + 1
}

#[case((0.5))]
fn counted_in_values(x: f64) -> f64 {
    let k = next(1);
    let weights = [1.0, 2.0, 4.0];
    let y = x * weights[next(0)] + k as f64;
    y.powi(next(1) as i32) * next(2) as f64
}

#[test]
fn inactive_code_runs_once_in_each_companion() {
    let expect = |name: &str, own: usize, companions: &[usize]| {
        assert!(
            companions.iter().all(|&n| n == own),
            "{name}: {own} in the function, {companions:?} in the companions"
        );
    };
    expect(
        "counted",
        runs(|| _ = counted(0.5, 3)),
        &[
            runs(|| _ = counted_gradient(0.5, 3)),
            runs(|| _ = counted_value_and_gradient(0.5, 3)),
            runs(|| _ = counted_jvp(0.5, 3, 1.0)),
        ],
    );
    let x = [0.5, 2.0];
    expect(
        "counted_in_a_sum",
        runs(|| _ = counted_in_a_sum(&x)),
        &[
            runs(|| _ = counted_in_a_sum_gradient(&x)),
            runs(|| _ = counted_in_a_sum_value_and_gradient_into(&x, &mut [0.0; 2])),
            runs(|| _ = counted_in_a_sum_jvp(&x, &x)),
        ],
    );
    for x in [0.5, -0.5, 3.0] {
        expect(
            "counted_before_exits",
            runs(|| _ = counted_before_exits(x)),
            &[runs(|| _ = counted_before_exits_gradient(x)), runs(|| _ = counted_before_exits_jvp(x, 1.0))],
        );
    }
    expect(
        "counted_in_values",
        runs(|| _ = counted_in_values(0.5)),
        &[runs(|| _ = counted_in_values_gradient(0.5)), runs(|| _ = counted_in_values_jvp(0.5, 1.0))],
    );
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Mode {
    Linear,
    Square,
    Power(i32),
}

#[derive(Debug)]
struct Config {
    scale: f64,
    rounds: usize,
    name: &'static str,
}

#[case((0.5, &Config { scale: 2.0, rounds: 3, name: "a" }), (0.5, &Config { scale: 2.0, rounds: 0, name: "bcd" }))]
fn a_struct_of_settings(x: f64, config: &Config) -> f64 {
    let mut y = x * config.scale;
    for _ in 0..config.rounds {
        y = y.sin() + x;
    }
    y * config.name.len() as f64
}

#[case((0.5, Mode::Linear), (0.5, Mode::Square), (0.5, Mode::Power(3)))]
fn a_match_on_an_enum(x: f64, mode: Mode) -> f64 {
    let n = match mode {
        Mode::Linear => 1,
        Mode::Square => 2,
        Mode::Power(n) if n > 2 => n,
        Mode::Power(_) => 0,
    };
    let doubled = matches!(mode, Mode::Power(3));
    if doubled {
        return 2.0 * x.powi(n);
    }
    x.powi(n) + f64::from(n)
}

const SHIFT: f64 = 0.25;

#[case((0.5, Some(2.0)), (0.5, None))]
fn an_option(x: f64, offset: Option<f64>) -> f64 {
    let shift = offset.unwrap_or(SHIFT);
    let present = if let Some(v) = offset { v > SHIFT } else { false };
    if present { x * x * shift } else { x + shift }
}

#[case((0.5, 4), (0.5, 0))]
fn vectors_and_iterators(x: f64, n: usize) -> f64 {
    let squares: Vec<usize> = (0..n).map(|k| k * k).collect();
    let total: usize = squares.iter().sum();
    let odd = squares.iter().filter(|&&k| k % 2 == 1).count();
    let mut y = x;
    for k in &squares {
        y = y * x + *k as f64;
    }
    for (i, k) in squares.iter().enumerate() {
        y += x * (i + k) as f64;
    }
    y * total as f64 + x.powi(odd as i32)
}

#[case((0.5, "abca"), (0.5, ""))]
fn strings(x: f64, text: &str) -> f64 {
    let label = format!("{text}-{}", text.len());
    let mut y = x;
    for c in text.chars() {
        y += if c == 'a' { x * x } else { 1.0 };
    }
    y * label.len() as f64
}

#[case((0.5))]
fn closures_on_inactive_data(x: f64) -> f64 {
    let step = 3;
    let advance = |k: usize| (k * step + 1) % 7;
    let mut k = 1;
    let mut y = x;
    while k != 0 && k < 6 {
        y = y * x + k as f64;
        k = advance(k);
        if k == 4 {
            k = 6;
        }
    }
    y
}

#[case((0.5, 10))]
fn an_integer_state_machine(x: f64, n: u32) -> f64 {
    let mut state: u32 = 12345;
    let mut y = x;
    for _ in 0..n {
        state = state.wrapping_mul(1_103_515_245).wrapping_add(12345) % (1 << 31);
        let bit = state >> 16 & 1;
        if bit == 1 {
            y = (y * x).sin();
        } else {
            y += 0.5 * x;
        }
    }
    y
}

#[case((0.5), (2.0))]
fn macros_on_values(x: f64) -> f64 {
    let y = x * x;
    debug_assert!(y >= 0.0, "y is {y}");
    assert!(y.is_finite() && x > 0.0, "x is {x:?}, y is {}", y);
    assert_ne!(x, 17.0);
    let mut z = y;
    for i in 0..3 {
        z += y * x;
        debug_assert!(z > 0.0 || i < 3);
        println!("{i}: {z} {x:.3} {0}", z * 2.0);
    }
    eprintln!("{z}");
    z
}

#[case((0.5, &[(0, 1.0), (2, 3.0)]))]
fn pairs_as_data(x: f64, data: &[(usize, f64)]) -> f64 {
    let mut y = 0.0;
    for &(k, w) in data {
        y += w * x.powi(k as i32);
    }
    for (k, w) in data.iter() {
        y *= x + *w + *k as f64;
    }
    y
}

#[case((0.5))]
fn items_inside(x: f64) -> f64 {
    use std::cmp::max;
    const N: usize = 3;
    fn weight(i: usize) -> f64 {
        1.0 / (i + 1) as f64
    }
    let mut y = x;
    for i in 0..max(N, 2) {
        y += weight(i) * x * y;
    }
    y
}

#[case((0.5, 7))]
fn integer_variables_that_change(x: f64, n: usize) -> f64 {
    let mut lo = 0;
    let mut hi = n;
    let mut y = x;
    while lo < hi {
        let mid = (lo + hi) / 2;
        y = y * x + mid as f64;
        if mid % 2 == 0 {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    y * (lo + hi) as f64
}

#[case((0.5, 3, 7))]
fn tuples_of_integers(x: f64, a: usize, b: usize) -> f64 {
    let (q, r) = (b / a, b % a);
    let (mut i, mut j) = (q, r);
    let mut y = x;
    while i > 0 {
        y += x.powi(j as i32) * y;
        i -= 1;
        j += 2;
    }
    let (z, k) = (y * x, q + r);
    z * k as f64
}

#[case((0.5, &[3, 1, 2]))]
fn sorted_data(x: f64, data: &[i32]) -> f64 {
    let mut sorted = data.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let last = *sorted.last().unwrap_or(&0);
    let mut y = 0.0;
    for (i, k) in sorted.iter().enumerate() {
        y += x.powi(*k) * i as f64;
    }
    y + f64::from(last) * x
}

#[case(dual = floats_that_do_not_vary_dual, (0.5))]
fn floats_that_do_not_vary(x: f64) -> f64 {
    let h = 0.1_f64;
    let n = (1.0 / h).round() as usize;
    let table: Vec<f64> = (0..n).map(|i| (i as f64 * h).sin()).collect();
    let mut y = x;
    for i in 0..n {
        y += table[i] * x * h;
    }
    y
}

fn floats_that_do_not_vary_dual(x: Dual) -> Dual {
    (0..10).fold(x, |y, i| y + (f64::from(i) * 0.1).sin() * x * 0.1)
}

#[case((0.5, &[3, 1]))]
fn let_else(x: f64, data: &[i32]) -> f64 {
    let Some(first) = data.first() else {
        panic!("no data");
    };
    x.powi(*first)
}

#[case((0.5))]
fn a_mutable_vector(x: f64) -> f64 {
    let mut stack = vec![1_usize, 2, 3];
    let mut y = x;
    while !stack.is_empty() {
        let k = stack.pop().unwrap_or(0);
        if k == 2 {
            stack.push(5);
        }
        y = y * x + k as f64;
    }
    y
}

#[case((0.5, 3))]
fn shadowed_by_integers(x: f64, n: usize) -> f64 {
    let y = x * x;
    let i = n;
    let n = y + i as f64;
    let x = n * y;
    x * i as f64
}

/// A value is read where it stands, not where the derivative is computed.
#[case((0.5))]
fn a_counter_read_between_changes(x: f64) -> f64 {
    let mut k = 1;
    let a = x.powi(k);
    k += 1;
    let b = a * x.powi(k) * f64::from(k);
    k *= 10;
    let c = b.sin() * f64::from(k);
    k = 0;
    c * a + f64::from(k)
}

#[case((0.5), dual = floats_that_only_their_context_makes_floats_dual)]
#[allow(unused_assignments)]
fn floats_that_only_their_context_makes_floats(x: f64) -> f64 {
    let list = [0.5, 1.5];
    let t: f64 = list.map(|v| v * 2.0).iter().sum();
    let mut s = 0.0;
    s = list.map(|v| v + t).iter().product();
    x * t * t * s
}

fn floats_that_only_their_context_makes_floats_dual(x: Dual) -> Dual {
    x * 16.0 * 24.75
}

struct Start {
    at: f64,
    counts: [u32; 2],
}

const START: f64 = 0.25;

fn types_that_only_later_assignments_tell_dual(
    x: crate::corpus::dual::Dual,
    start: &Start,
    list: &[u32],
) -> crate::corpus::dual::Dual {
    let mut y: crate::corpus::dual::Dual = x * start.at + (x + START) * 0.5;
    for w in list {
        y = (y * x).sin() + f64::from(*w);
    }
    y * start.counts[0] as f64 + 1.5
}

#[case((0.5, &Start { at: 2.0, counts: [3, 1] }, &[1, 2]), dual = types_that_only_later_assignments_tell_dual)]
fn types_that_only_later_assignments_tell(x: f64, start: &Start, list: &[u32]) -> f64 {
    const FACTORS: [f64; 2] = [0.5, 1.5];
    let mut y = start.at;
    let mut z = START;
    let mut f = FACTORS[0];
    let mut count = start.counts[0];
    let kept;
    if x > 100.0 {
        kept = start.at;
    } else {
        kept = x * FACTORS[1] - x * 1.5 + FACTORS[1];
    }
    y *= x;
    z += x;
    f *= z;
    y += f;
    for w in list {
        y = (y * x).sin() + f64::from(*w);
        count += 0;
    }
    y * count as f64 + kept
}

#[case(([0.5, 1.5], 1), ([0.5, 1.5], 0), once)]
fn elements_that_are_not_used(x: &[f64], i: usize) -> f64 {
    let _unused = x[i];
    let _ = x[1 - i];
    for k in 0..i {
        x[k];
    }
    x[0] * x[0]
}

/// The function panics, and so do its companions.
#[test]
#[should_panic(expected = "out of bounds")]
fn elements_that_are_not_used_are_read() {
    let _ = elements_that_are_not_used_value_and_gradient(&[0.5, 1.5], 5);
}

#[case((0.7, Some(1)), (0.7, None), wrt(x))]
fn arrays_changed_through_references(x: f64, o: Option<usize>) -> f64 {
    let mut w = [1.0, 2.0, 3.0];
    let a = w[0];
    if let Some(r) = w.first_mut() {
        *r += 4.0;
    }
    let b = w[0];
    if let Some(i) = o {
        w.rotate_left(i);
    }
    let c = w[0];
    match w.iter_mut().last() {
        Some(r) if a > 0.5 => *r += 5.0,
        _ => {}
    }
    let mut s = 0.0;
    for k in 0..3 {
        s += x * w[k];
        if let Some(i) = o {
            if let Some(r) = w.get_mut(k + i) {
                *r *= 2.0;
            }
            w.swap(k, i);
        }
        s += x * x * w[k];
    }
    s + a * x + b * x * x + c * x.sin()
}

/// An integer that is made of what a comparison says goes among the floats as any other.
#[case((1.3, 0.7, 2), (-0.4, 2.0, 0))]
fn counted_comparisons(x: f64, y: f64, n: u8) -> f64 {
    let above = f64::from(u8::from(x > 0.0) + n) + 2.0;
    x * y * above + u8::from(y > 1.0) as f64 * x + (usize::from(x > y) + 1) as f64 * y
}
