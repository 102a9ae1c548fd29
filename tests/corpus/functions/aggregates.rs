//! Tuples and structs as local values.

use symgrad_oracle::case;

#[derive(Clone, Copy, Debug)]
struct Point<T> {
    x: T,
    y: T,
}

#[derive(Clone, Debug)]
struct Segment<T> {
    from: Point<T>,
    to: Point<T>,
    weights: [T; 2],
    count: usize,
}

#[case((0.5, 3.0), (-2.0, 0.25))]
fn members_of_a_tuple(x: f64, y: f64) -> f64 {
    let t = (x * y, 2.0);
    t.0 * t.1
}

#[case((0.5, 3.0), (-2.0, 0.25))]
fn a_nested_pattern(x: f64, y: f64) -> f64 {
    let (a, (b, c)) = (x * y, (x + y, x));
    a * b.sin() * c
}

#[case((0.5, 3.0), (-2.0, 0.25))]
fn a_nested_tuple(x: f64, y: f64) -> f64 {
    let t = (x * y, (x + y, (x, 2.0)));
    let u = t.1;
    t.0 * u.0.sin() * t.1.1.0 * u.1.1
}

#[case((0.5, 3.0), (-2.0, 0.25))]
fn a_tuple_that_changes(x: f64, y: f64) -> f64 {
    let mut t = (x, y);
    t.0 += 1.0;
    t = (t.1, t.0);
    t.0 *= x;
    t.0 * t.0 + t.1
}

#[case((0.5, 3.0), (-2.0, -2.5))]
fn a_tuple_from_an_if(a: f64, b: f64) -> f64 {
    let (lo, hi) = if a < b { (a, b) } else { (b, a) };
    lo * lo - hi
}

#[case((0.5, 3.0), (-2.0, -2.5))]
fn a_tuple_from_a_block(a: f64, b: f64) -> f64 {
    let (p, q) = {
        let s = a * b;
        (s.sin(), s + a)
    };
    p * q
}

#[case((0.5, 3.0), (4.0, -2.5), (-2.0, -2.5))]
fn members_of_all_kinds_from_an_if(x: f64, y: f64) -> f64 {
    let t = if x > y {
        (x, 3, [x, y])
    } else if y > 0.0 {
        (y, 4, [1.0, x * y])
    } else {
        (1.0, 2, [x, x])
    };
    let mut r = t.2[0] * t.2[1];
    for _ in 0..t.1 {
        r *= t.0;
    }
    r
}

#[case((0.5, &[1.0, -2.0, 3.0]), (2.0, &[-1.0, 0.5]), (2.0, &[]))]
fn a_tuple_that_a_loop_carries(x: f64, v: &[f64]) -> f64 {
    let mut acc = (0.0, 1.0, 1_usize);
    for i in 0..v.len() {
        acc.0 += x * v[i];
        if v[i] > 0.0 {
            acc.1 *= x;
            acc.2 += 1;
        }
    }
    acc.0 * acc.1 / acc.2 as f64
}

#[case((0.5, &[1.0, -2.0, 3.0]), (2.0, &[-1.0, 0.5]), (2.0, &[]))]
fn a_tuple_assigned_as_a_whole_in_a_loop(x: f64, v: &[f64]) -> f64 {
    let mut pair = (x, 1.0);
    for &e in v {
        pair = (pair.1 * e, pair.0 + pair.1);
        if pair.0 > 1.0 {
            (pair.1, pair.0) = (pair.0, pair.1 * x);
        }
    }
    pair.0 * x + pair.1
}

#[case((0.5, &[1.0, -2.0, 3.0]), (2.0, &[-1.0, 0.5]), (2.0, &[]))]
fn a_tuple_left_early(x: f64, v: &[f64]) -> f64 {
    let mut state = (x, 0_usize);
    for &e in v {
        if e < 0.0 {
            state.0 *= e;
            break;
        }
        if e > 2.0 {
            return state.0 * state.1 as f64;
        }
        state = (state.0 * x + e, state.1 + 1);
    }
    state.0 + state.1 as f64
}

#[case((0.5, 3.0), (-2.0, 0.25))]
fn an_array_in_a_tuple_is_a_copy(x: f64, y: f64) -> f64 {
    let mut a = [x, y];
    let mut t = (a, x);
    a[0] = 7.0 * y;
    t.0[1] *= x;
    t.0[0] += a[0];
    let u = t;
    t.0[0] = 0.0;
    u.0[0] * u.0[1] + t.0[0] * t.1 + t.0[1] + a[0] * a[1]
}

#[case((0.5, 3.0), (-2.0, 0.25))]
fn references_in_a_tuple(x: f64, y: f64) -> f64 {
    let a = [x, y];
    let b = [y, x * y];
    let (p, q) = (&a, &b);
    let t = (&b, p);
    p[0] * q[1] + t.0[0] * t.1[1]
}

#[case((0.5, 3.0), (-2.0, 0.25))]
fn a_reference_to_a_tuple(x: f64, y: f64) -> f64 {
    let t = (x * y, (y, 2.0));
    let r = &t;
    let (a, inner) = *r;
    let copy = r.clone();
    r.0 * r.1.0 + a * inner.1 + copy.0
}

#[case((0.5, 3.0), (-2.0, 0.25))]
fn a_tuple_with_a_type(x: f64, y: f64) -> f64 {
    let (a, n): (f64, u8) = (x * y, 200);
    let t: (f64, (f64, i64)) = (a, (y, 3));
    let m = n.wrapping_add(100);
    t.0 * f64::from(m) + t.1.0 * t.1.1 as f64
}

#[case((0.5, 3.0), (-2.0, 0.25))]
fn the_rest_of_a_tuple(x: f64, y: f64) -> f64 {
    let t = (x, y, x * y, 2.0);
    let (first, .., last) = t;
    let (.., c, _) = t;
    let (a, _, ..) = t;
    first * last + c * c + a
}

#[case((0.5, 3.0), (-2.0, 0.25))]
fn a_tuple_declared_late(x: f64, y: f64) -> f64 {
    let t: (f64, f64);
    let (lo, hi);
    if x < y {
        t = (x * x, y);
        lo = x;
        hi = y;
    } else {
        t = (y, x);
        lo = y;
        hi = x;
    }
    t.0 * t.1.sin() + lo / hi
}

#[case((0.5, 3.0), (-2.0, 0.25))]
fn several_targets(x: f64, y: f64) -> f64 {
    let mut a = [x, y, 1.0];
    let (mut p, mut k) = (x * y, 0);
    (a[k], p, (a[1], k)) = (p, a[2] * y, (a[0], 2));
    (a[k], _) = (p * p, 4);
    a[0] * a[1] + a[2] * p
}

#[case((0.5), (-2.0))]
fn sine_and_cosine(x: f64) -> f64 {
    let t = (x * x).sin_cos();
    let (s, c) = x.sin_cos();
    t.0 * c + s * t.1
}

#[case((0.5, 3.0), (-2.0, 0.25))]
fn members_of_a_struct(x: f64, y: f64) -> f64 {
    let q = Point { x: x * y, y: 2.0 };
    q.x * q.y + q.x.sin()
}

#[case((0.5, 3.0), (-2.0, 0.25))]
fn a_pattern_of_a_struct(x: f64, y: f64) -> f64 {
    let x = x * y;
    let q = Point { y, x };
    let Point { x, y: b } = q;
    let Point { y: c, .. } = q;
    x * b * c
}

#[case((0.5, 3.0), (-2.0, 0.25))]
fn a_struct_that_changes(x: f64, y: f64) -> f64 {
    let mut q = Point { x, y };
    for _ in 0..3 {
        q.x = q.x * q.y;
        q.y += 0.5 * q.x;
    }
    let p = Point { x: 1.0, ..q };
    q = Point { x: q.y, y: q.x };
    q.x + p.y * q.y * p.x
}

#[case((0.5, 3.0), (-2.0, 0.25))]
fn a_struct_of_structs(x: f64, y: f64) -> f64 {
    let origin = Point { x: 0.0, y: x };
    let mut s = Segment { from: origin, to: Point { x, y }, weights: [x, 2.0], count: 2 };
    s.to.y *= 2.0;
    s.weights[1] = s.to.y;
    let Segment { from, to: Point { x: a, .. }, weights: [v, w], count } = s.clone();
    let mut sum = 0.0;
    for k in 0..count {
        sum += s.weights[k] * a;
    }
    for w in s.weights {
        sum *= w;
    }
    sum + from.y * v * w * s.to.y
}

#[case((0.5, 3.0), (-2.0, 0.25))]
fn inactive_code_mentions_an_aggregate(x: f64, y: f64) -> f64 {
    let t = (x * y, 3_usize, "name");
    let q = Point { x, y: t.0 };
    println!("{:?} {:?} {}", q, t, t.1);
    let text = format!("{} {:?}", t.2, t.1);
    println!("{t:?} {q:?} {}", t.0);
    assert!(t.0 < 1e3 && q.x != 7.5, "{:?}", t.1);
    let n = text.len().min(t.1) + t.2.len();
    if q.x > 0.0 { t.0 * n as f64 } else { q.y * q.y }
}

#[case((0.5, 3.0), (-2.0, 0.25))]
fn a_name_that_code_declares_itself(x: f64, y: f64) -> f64 {
    let t = (x * y, 2);
    let list = [(1, 2.5), (3, 4.5)];
    let n: i32 = list.iter().map(|t| t.0).sum();
    let m = {
        let t = (5, 6);
        t.1
    };
    t.0 * f64::from(n + m + t.1)
}

#[case((0.5, 3.0), (-2.0, 0.25))]
fn names_that_members_might_have(x: f64, y: f64) -> f64 {
    let t_0 = x + y;
    let t = (x * y, t_0);
    let a_b = (x, y);
    let a = Point { x: (a_b.1, 1.0), y: (t_0, t.0) };
    let t_1 = 3.0;
    t.0 * t_0 + t.1 * t_1 + a.x.0 * a.y.1 + a_b.0
}

#[case((0.5, 3.0), (-2.0, 0.25))]
fn a_tuple_in_a_scope_of_its_own(x: f64, y: f64) -> f64 {
    let t = (x, y);
    let mut sum = t.0;
    for k in 0..2 {
        let t = (t.1 * sum, k);
        sum += t.0 * t.1 as f64;
        if k > 0 {
            let t = (sum, t.0, t.1);
            sum = t.1 * t.0;
        }
    }
    sum * t.1
}

#[case((0.5, 3.0), (2.0, 0.25))]
fn an_arm_that_panics(x: f64, y: f64) -> f64 {
    let (a, b, n) = if x > 0.0 { (x * y, [x, 1.0], 2) } else { panic!("{x} is negative") };
    let mut t = if x > 7.0 { unreachable!("{y}") } else { (a, b) };
    t.1[1] *= t.0;
    t.1[0] * t.1[1] * n as f64
}

#[case((0.5, 3.0), (2.0, 0.25))]
fn values_that_are_not_followed(x: f64, y: f64) -> f64 {
    let mut t = (x, (y, 1));
    let mut sum = 0.0;
    for given in [(1.5, (2.0, 3)), (0.5, (1.0, 2))] {
        sum += t.0 * t.1.0 * t.1.1 as f64;
        t = given;
        t.0 *= x;
    }
    sum * t.0 + t.1.0 * t.1.1 as f64
}

#[case((0.5, 3.0), (2.0, 0.25))]
fn halves_of_an_array(x: f64, y: f64) -> f64 {
    let mut a = [x, y, x * y, 1.0];
    let (left, right) = a.split_at_mut(2);
    left[0] *= right[0];
    right[1] += left[1];
    let halves = a.split_at(1);
    halves.0[0] * halves.1[2] + halves.1[0]
}

#[case((0.5, 3.0), (2.0, 0.25), (-2.0, 0.25))]
fn a_tuple_that_is_matched(x: f64, y: f64) -> f64 {
    let t = (x * y, y, 3);
    let a = match t {
        (a, b, _) if a > b => a * b,
        (a, _, 3) if a > t.1 - 2.0 => a + t.1,
        (.., b, n) => b * x * n as f64,
    };
    let (p, q) = match t.2 {
        1 => (a, x),
        3 => (x, a * y),
        _ => unreachable!(),
    };
    p * q
        + match (t.0, a) {
            (u, v) if u < v => u * v * x,
            (u, _) => u,
        }
}

#[case((0.5, 3.0), (2.0, 0.25), (-2.0, 0.25))]
fn a_struct_that_is_matched(x: f64, y: f64) -> f64 {
    let q = Point { x: x * y, y };
    match q {
        Point { x, y } if x > y => x * y,
        Point { y, .. } if q.x > 0.5 => y.sin() * q.x,
        Point { x: a, .. } => a * x,
    }
}

#[case((0.5, 3.0), (2.0, 0.25), (-2.0, 0.25))]
fn closures_and_aggregates(x: f64, y: f64) -> f64 {
    let t = (x * y, y, 2);
    let scaled = |k: f64| (k * t.0, t.1 + k);
    let norm = |(a, b): (f64, f64)| a * a + b * t.2 as f64;
    let by_reference = |p: &Point<f64>| p.x * p.y;
    let q = Point { x: t.0, y: x };
    let (a, b) = scaled(x);
    norm((a, b)) + norm(scaled(b)) * by_reference(&q)
}

#[case((0.5, 3.0), (2.0, 0.25), (-2.0, 0.25))]
fn a_closure_that_changes_a_tuple(x: f64, y: f64) -> f64 {
    let mut state = (x, 1.0);
    let mut step = |k: f64| {
        state.0 *= k;
        state = (state.1 + k, state.0);
    };
    step(y);
    for _ in 0..2 {
        step(x);
    }
    state.0 * state.1
}

#[case((0.5, 3.0), (2.0, 0.25), (-2.0, 0.25))]
fn a_closure_with_a_copy_of_a_tuple(x: f64, y: f64) -> f64 {
    let mut state = (x, [y, 2.0]);
    let f = move |k: f64| state.0 * k + state.1[0] * state.1[1];
    state.0 = 3.0 * y;
    state.1[0] = x;
    f(x) + state.0 * state.1[0]
}

#[case((0.5, 3.0), (2.0, 0.25), dual = an_inner_function_over_duals)]
fn an_inner_function_with_a_tuple(x: f64, y: f64) -> f64 {
    fn divide(a: f64, (b, c): (f64, f64)) -> (f64, f64) {
        (a / b, a / c)
    }
    let (p, q) = divide(x, (y, x + y));
    let given = (1.5, 2.0);
    let k = divide(given.0, given);
    p * q * k.0 + k.1
}

use crate::corpus::dual::Dual;

fn an_inner_function_over_duals(x: Dual, y: Dual) -> Dual {
    let (p, q) = (x / y, x / (x + y));
    p * q * Dual::constant(1.0) + Dual::constant(0.75)
}

#[case((0.5, &[1.0, -2.0, 3.0]), (2.0, &[-1.0, 0.5]), (2.0, &[]))]
fn a_tuple_folded(x: f64, v: &[f64]) -> f64 {
    let total = v.iter().fold((x, 1.0), |acc, &e| (acc.0 * e + acc.1, acc.1 * x));
    let start = (1.0, x);
    let (a, b) = v.iter().zip(v.iter().skip(1)).fold(start, |(a, b), pair| (a + b * pair.0, b * pair.1));
    total.0 * total.1 + a * b
}
