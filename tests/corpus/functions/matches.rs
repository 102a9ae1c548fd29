//! `match`, `if let`, `while let`, `let … else`, on what is inactive and on conditions of what is not.

use std::cmp::Ordering;
use symgrad_oracle::case;

#[derive(Clone, Copy)]
enum Shape {
    Circle { r: f64 },
    Rectangle(f64, f64),
    Point,
}

struct Config {
    mode: Mode,
    weights: Vec<Option<f64>>,
}

#[derive(PartialEq)]
enum Mode {
    Plain,
    Squared,
    Scaled { by: f64, times: usize },
}

const LAST: usize = 7;
const NOTHING: f64 = 0.0;

#[case((0.5, 0), (0.5, 1), (0.5, 3), (0.5, 7), (0.5, 50), (0.5, 200))]
fn integers_as_the_result(x: f64, n: usize) -> f64 {
    match n {
        0 => x,
        1 | 2 => x * x,
        LAST => x.exp(),
        3..=9 => {
            let y = x.sin();
            y * y
        }
        k if k > 100 => x / k as f64,
        _ => x.cos(),
    }
}

#[case((0.5, 0), (0.5, 1), (0.5, 2))]
fn case_16_a_return_in_each_arm(x: f64, n: usize) -> f64 {
    match n {
        0 => return x,
        1 => return x * x,
        _ => return x.exp(),
    }
}

#[case((0.5, 0), (0.5, 1), (0.5, 2), (0.5, 3))]
fn a_return_in_some_arms(x: f64, n: usize) -> f64 {
    let mut y = x * x;
    match n {
        0 => return y * 3.0,
        1 => y += x.sin(),
        2 => {
            if x > 0.0 {
                return y.exp();
            }
            y *= 2.0;
        }
        _ => {}
    }
    y * y
}

#[case((0.5, &[0, 1, 2, 1, 0]), (0.5, &[1, 3, 1]), (0.5, &[]), (0.5, &[2, 9, 1, 4]))]
fn case_17_in_a_loop_with_continue_and_break(x: f64, steps: &[u8]) -> f64 {
    let mut y = x;
    for step in steps {
        match step {
            0 => continue,
            1 => y = (y * x).sin(),
            2 => y += x * x,
            3 => break,
            other => {
                y *= *other as f64;
                return y * x;
            }
        }
        y *= 1.5;
    }
    y
}

#[case((0.5, &Shape::Circle { r: 2.0 }), (0.5, &Shape::Rectangle(3.0, 2.0)), (0.5, &Shape::Point))]
fn data_by_reference(x: f64, shape: &Shape) -> f64 {
    let area = match shape {
        Shape::Circle { r } => x * r * r,
        Shape::Rectangle(a, b) => a * b * x.sin(),
        Shape::Point => 0.0,
    };
    area * area + x
}

#[case((0.5, Shape::Circle { r: 2.0 }), (0.5, Shape::Rectangle(3.0, 2.0)), (0.5, Shape::Point))]
fn data_by_value(x: f64, shape: Shape) -> f64 {
    match shape {
        Shape::Circle { r: radius } => x * radius,
        Shape::Rectangle(a, b) if a > b => a * x * x,
        Shape::Rectangle(_, b) => b * x,
        Shape::Point => x.exp(),
    }
}

#[case((0.5, Some(2.0)), (0.5, None), (-3.0, Some(-4.0)))]
fn if_let_as_a_statement(x: f64, limit: Option<f64>) -> f64 {
    let mut y = x * x;
    if let Some(l) = limit {
        y += l * x;
    }
    y * x
}

#[case((0.5, Some(2.0)), (0.5, None))]
fn if_let_as_a_value(x: f64, weight: Option<f64>) -> f64 {
    let y = if let Some(w) = weight { x * w } else { x };
    y * y
}

#[case((0.5, Some(2.0)), (0.5, None))]
fn if_let_as_the_result(x: f64, weight: Option<f64>) -> f64 {
    if let Some(w) = weight { x * w } else { x }
}

#[case((0.5, Some(2.0), None), (0.5, None, Some(3)), (0.5, None, None))]
fn if_let_in_else(x: f64, weight: Option<f64>, power: Option<i32>) -> f64 {
    let mut y = x;
    if x > 10.0 {
        y = 0.0;
    } else if let Some(w) = weight {
        y *= w * x;
    } else if let Some(n) = power {
        y = y.powi(n);
    } else {
        y = y.sin();
    }
    y * y
}

#[case((0.5, Some(2.0), 1), (0.5, Some(-2.0), 1), (0.5, None, 1), (0.5, Some(2.0), 5))]
fn a_chain_of_conditions(x: f64, weight: Option<f64>, k: usize) -> f64 {
    if let Some(w) = weight
        && w > NOTHING
        && x < 1.0
        && let Some(p) = [1, 2, 3].get(k)
    {
        x * w + x.powi(*p)
    } else {
        x.exp()
    }
}

#[case((0.5, &[1, 2, 3]), (0.5, &[]), (0.5, &[2, 9, 4]))]
fn while_let_over_an_iterator(x: f64, items: &[u32]) -> f64 {
    let mut items = items.iter();
    let mut y = x;
    while let Some(k) = items.next() {
        if *k == 9 {
            continue;
        }
        y = (y * *k as f64).sin();
    }
    y
}

#[case((0.5, &[1, 2, 3]), (0.5, &[]), (0.5, &[2, 9, 4]))]
fn while_let_over_a_stack(x: f64, items: &[usize]) -> f64 {
    let mut stack: Vec<usize> = items.to_vec();
    let mut y = x;
    while let Some(k) = stack.pop() {
        if k == 9 {
            return y * 2.0;
        }
        if k == 3 {
            stack.push(1);
        }
        y = (y + k as f64 * x).sin();
    }
    y
}

#[case((0.5, Some(1), &[2.0, 3.0]), (0.5, None, &[2.0, 3.0]), once)]
fn let_else(x: f64, k: Option<usize>, v: &[f64]) -> f64 {
    let Some(k) = k else { return x * x };
    x * v[k]
}

#[case((0.5, &[Some(2), None, Some(0), Some(1)], &[2.0, 3.0]), wrt(x))]
fn let_else_in_a_loop(x: f64, indices: &[Option<usize>], v: &[f64]) -> f64 {
    let mut y = x;
    for k in indices {
        let &Some(k) = k else { continue };
        let Some(w) = v.get(k) else {
            y += 1.0;
            continue;
        };
        y = (y * *w).sin();
    }
    y
}

#[case((0.5, -0.7), (-0.5, 0.3), (0.5, 0.5))]
fn on_conditions(x: f64, y: f64) -> f64 {
    let a = match x > y {
        true => x * y,
        false => x + y,
    };
    let b = match x.partial_cmp(&y) {
        Some(Ordering::Less) => x * x,
        Some(Ordering::Greater) => y * y,
        _ => x * y,
    };
    let c = match () {
        _ if x < 0.0 => x.sin(),
        _ if y < 0.0 => y.cos(),
        _ => x * y,
    };
    a * b + c
}

#[case((0.5), (-0.5), (7.0), (1e3))]
fn on_a_number_with_guards(x: f64) -> f64 {
    let y = x * x;
    match y {
        v if v < 0.3 && x > 0.0 => v * x,
        small if small < 1.0 => small.sin(),
        z @ _ if z > 1e4 => z.ln(),
        _ => y.sqrt(),
    }
}

fn on_a_number_with_ranges_dual(x: crate::corpus::dual::Dual) -> crate::corpus::dual::Dual {
    let v = x.value();
    if v < 0.0 {
        x * x
    } else if v == 0.0 {
        x + x
    } else if v <= 1.0 {
        x.sin()
    } else {
        x.exp() * x
    }
}

#[case((0.5), (-0.5), (2.0), dual = on_a_number_with_ranges_dual)]
fn on_a_number_with_ranges(x: f64) -> f64 {
    match x {
        ..0.0 => x * x,
        0.0 => x + x,
        inside @ 0.0..=1.0 => inside.sin(),
        outside => outside.exp() * x,
    }
}

#[case((0.5, 1.5, 0), (1.5, 0.5, 0), (0.5, 1.5, 1), (0.5, 1.5, 2))]
fn tuples(x: f64, y: f64, m: u8) -> f64 {
    match (x, y, m) {
        (a, b, 0) if a > b => a * a * b,
        (a, _, 1) => a.sin(),
        (_, b, k) => b * b * k as f64 + x,
    }
}

#[case((0.5, 0, true), (0.5, 0, false), (0.5, 3, true), (0.5, 1, false))]
fn tuples_of_the_inactive(x: f64, n: usize, flag: bool) -> f64 {
    let mut y = x;
    match (n, flag) {
        (0, true) => y *= x,
        (0, false) => y = y.sin(),
        (k, true) => y *= k as f64,
        (k, _) => y /= (k + 1) as f64,
    }
    y * x
}

fn structs_dual(x: crate::corpus::dual::Dual, c: &Config) -> crate::corpus::dual::Dual {
    let mut y = match &c.mode {
        Mode::Plain => x,
        Mode::Squared => x * x,
        Mode::Scaled { by, times } => x.powi(*times as i32) * *by,
    };
    for w in &c.weights {
        y = if let Some(w) = w { (y * *w).sin() } else { y + x };
    }
    y
}

#[case((0.5, &Config { mode: Mode::Plain, weights: vec![Some(2.0), None] }),
    (0.5, &Config { mode: Mode::Squared, weights: vec![None] }),
    (0.5, &Config { mode: Mode::Scaled { by: 2.5, times: 3 }, weights: vec![Some(0.3), Some(1.0)] }),
    dual = structs_dual)]
fn structs(x: f64, c: &Config) -> f64 {
    let mut y = x;
    match &c.mode {
        Mode::Plain => {}
        Mode::Squared => y *= x,
        Mode::Scaled { by, times } => {
            for _ in 1..*times {
                y *= x;
            }
            y *= by;
        }
    }
    for w in &c.weights {
        match w {
            Some(w) => y = (y * w).sin(),
            None => y += x,
        }
    }
    y
}

#[case((0.5, "sin"), (0.5, "exp"), (0.5, "other"))]
fn strings(x: f64, name: &str) -> f64 {
    match name {
        "sin" => x.sin(),
        "exp" => x.exp(),
        other => x * other.len() as f64,
    }
}

#[case((0.5, &[1, 2, 3, 4]), (0.5, &[3]), (0.5, &[]), (0.5, &[3, 4]))]
fn slices(x: f64, k: &[u32]) -> f64 {
    match k {
        [] => x,
        [one] => x * *one as f64,
        [first, .., last] if first < last => x.powi((*last - *first) as i32),
        [_, rest @ ..] => x / rest.len() as f64,
    }
}

#[case((0.5, 0, 0), (0.5, 0, 1), (0.5, 1, 0), (0.5, 1, 5))]
fn nested(x: f64, a: usize, b: usize) -> f64 {
    let y = match a {
        0 => match b {
            0 => x,
            _ => x * x,
        },
        _ => {
            if let 0 = b {
                x.exp()
            } else {
                match b {
                    1..=3 => x.sin(),
                    _ => x.cos(),
                }
            }
        }
    };
    y * x
}

#[case((0.5, 0), (0.5, 5), (0.5, 11), (0.5, 30))]
fn many_arms(x: f64, n: i64) -> f64 {
    let mut y = x;
    match n {
        0 => y *= 0.5,
        1 => y *= 1.5,
        2 => y *= 2.5,
        3 => y *= 3.5,
        4 => y *= 4.5,
        5 => y *= y,
        6 => return y,
        7 => y += 7.5,
        8 => y += 8.5,
        9 => y += 9.5,
        10 => y += 10.5,
        11 => y = y.sin(),
        12 => y += 12.5,
        13 => y += 13.5,
        _ => y = 0.0,
    }
    y * x
}

#[case((0.5, 2), (0.5, 3))]
fn evaluated_once(x: f64, start: usize) -> f64 {
    let mut count = start;
    let mut next = || {
        count += 1;
        count
    };
    let y = match next() {
        3 => x * x,
        k => x * k as f64,
    };
    y * next() as f64
}

#[case((0.5, &[3.0, 1.0, 2.0]), (0.5, &[]), once)]
fn an_owned_list(x: f64, items: &[f64]) -> f64 {
    let list: Option<Vec<u64>> = if x > 0.0 { Some(vec![2, 3]) } else { None };
    let mut y = x;
    match list {
        Some(list) if items.len() > 2 => {
            for k in list {
                y *= k as f64 * x;
            }
        }
        Some(mut list) => {
            list.push(4);
            y *= list.len() as f64;
        }
        None => {}
    }
    y
}

#[case((0.5, 3), (0.5, 2), (0.5, 0))]
fn an_inactive_value_by_conditions(x: f64, n: usize) -> f64 {
    let v = [x, x * x, x.sin(), 1.0];
    let k = match x > 0.2 {
        true => n,
        false => 0,
    };
    let sign = match x.partial_cmp(&0.1) {
        Some(Ordering::Less) => -1,
        _ => 1,
    };
    v[k] * sign as f64
}

#[allow(non_upper_case_globals)]
const three: usize = 3;

#[allow(non_upper_case_globals)]
#[case((0.5, 3), (0.5, 2))]
fn a_constant_that_looks_like_a_variable(x: f64, n: usize) -> f64 {
    match n {
        three => x * x,
        _ => x.sin(),
    }
}

#[case((0.5, &[1, 0, 3]), (0.5, &[]))]
fn what_is_moved_is_asked_once(x: f64, items: &[u64]) -> f64 {
    let list: Option<Vec<u64>> = if items.is_empty() { None } else { Some(items.to_vec()) };
    let mut y = x;
    if let Some(list) = list {
        for k in list {
            y = (y * x + k as f64).sin();
        }
    }
    y * y
}

macro_rules! above {
    ($k:expr, $limit:expr) => {
        $k > $limit
    };
}

#[case((0.5, Some(1), &[2.0, 3.0]), (0.5, Some(7), &[2.0, 3.0]), (0.5, None, &[2.0]), once)]
fn macros_in_guards(x: f64, n: Option<usize>, v: &[f64]) -> f64 {
    let y = match n {
        Some(k) if above!(k, 5) => x * x,
        Some(k) => v[k] * x,
        None => x,
    };
    if let Some(k) = n
        && above!(k, 0)
    {
        return y * k as f64;
    }
    y + x
}

#[case(([0.5], 1.3), ([0.5, -1.5], 1.3), ([0.5, -1.5, 2.0], 1.3), ([0.5, 1.0, 2.0, -0.7], 1.3), ([], 1.3))]
fn alternatives_over_slices(x: &[f64], y: f64) -> f64 {
    let value = match x {
        [a] | [_, a] => a * a,
        &[a, b, mut c] | &[mut c, _, b, a] => {
            c *= y;
            a * b * c
        }
        _ => y,
    };
    if let [first] | [first, _] = x { first * y * value } else { value * value }
}

#[case((2.5, 0.4, 0), (1.5, 1.8, 1), (-0.5, 0.7, 1))]
fn arms_of_names(t: f64, u: f64, k: usize) -> f64 {
    let r: f64 = match t {
        a if a > 2.0 => a * a,
        a => a,
    };
    let s = match (r, k) {
        (l, 0) => l,
        (a, _) => a * a,
    };
    let mut sum = 2.0
        * match u {
            b if b > t => b,
            b => b * b,
        };
    sum += match (s, u) {
        (a, b) => a * b,
    };
    let last = loop {
        break match t * u {
            a if a < 0.0 => -a,
            a => a,
        };
    };
    if k == 0 {
        return match sum {
            a if a > 1.0 => a,
            a => a * a,
        };
    }
    f64::sin(match -s {
        a => a,
    }) + sum * last
}

#[case(([2.5, 0.4]), ([-1.5, 1.8]))]
fn arms_of_elements(x: [f64; 2]) -> f64 {
    let y = match x[0] {
        a if a > 2.0 => a * a,
        a => a,
    };
    let n = match x.len() {
        n if n > 1 => n,
        n => n + 1,
    };
    y * match x[1].exp() {
        a => a,
    } * n as f64
}
