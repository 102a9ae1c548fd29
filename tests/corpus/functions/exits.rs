//! Exits in operands, in the middle of expressions.

use symgrad_oracle::case;

#[case((0.7, 0.3))]
fn product(a: f64, b: f64) -> f64 {
    a * b * b
}

#[case((0.7, Some(2.0)), (0.7, None), wrt(x))]
fn a_return_in_a_product(x: f64, o: Option<f64>) -> f64 {
    x * x
        * match o {
            Some(v) => v * x,
            None => return x,
        }
}

#[case((0.7, Some(2.0)), (0.7, None), wrt(x), calls(product))]
fn a_return_in_an_argument(x: f64, o: Option<f64>) -> f64 {
    let y = product(
        x,
        match o {
            Some(v) => v * x,
            None => return x.sin(),
        },
    ) + 1.0;
    y * x
}

#[case((&[0.7, 2.0, -0.3, 0.5]), (&[0.2]), (&[]), once)]
fn continues_and_breaks(x: &[f64]) -> f64 {
    let mut s = 1.0;
    for (i, v) in x.iter().enumerate() {
        s += v * if *v > 1.0 { continue } else { 2.0 * s };
        let w = (v * v
            + if i == 3 {
                break;
            } else {
                0.5
            })
        .sqrt();
        s *= w + x[match i.checked_sub(1) {
            Some(k) => k,
            None => continue,
        }];
    }
    s
}

#[case((0.7, 0.2, 0), (0.7, -0.2, 1), (-0.7, 0.1, 2), one_output)]
fn two_of_them(x: f64, y: f64, k: usize) -> f64 {
    let s = if x > 0.0 { x * y } else { return y * y } + if k == 1 { return x * x } else { y };
    return s * {
        let t = s + x;
        if t > 5.0 || k == 2 {
            return t;
        }
        t * t
    } - y;
}

#[case((0.7, Some(3)), (0.7, None), (2.0, Some(1)), wrt(x))]
fn in_what_decides(x: f64, n: Option<usize>) -> f64 {
    if match n {
        Some(n) => n > 2,
        None => return x.cos(),
    } {
        return x;
    }
    let mut s = 0.0;
    for _ in 0..(match n {
        Some(n) => n,
        None => return 0.0,
    }) {
        s += x * x;
    }
    match if x > 1.0 { 1 } else { return s } {
        1 => s * x,
        _ => s,
    }
}
