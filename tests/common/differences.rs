//! Derivatives of anything by differences, and how near to them others are.

/// Compares numbers, relatively to the largest.
#[track_caller]
pub fn close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{found:?}, not {expected:?}");
    let largest = expected.iter().fold(1.0, |m: f64, x| m.max(x.abs()));
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() <= tolerance * largest, "{found:?}, not {expected:?}");
    }
}

/// The Jacobian by central differences with Richardson's extrapolation, row by row.
pub fn differences(f: &dyn Fn(&[f64]) -> Vec<f64>, x: &[f64]) -> Vec<f64> {
    let (m, n) = (f(x).len(), x.len());
    let mut jacobian = vec![0.0; m * n];
    for j in 0..n {
        let at = |h: f64| {
            let mut moved = x.to_vec();
            moved[j] += h;
            f(&moved)
        };
        let quotient = |h: f64| {
            let (up, down) = (at(h), at(-h));
            up.iter().zip(down).map(|(u, d)| (u - d) / (2.0 * h)).collect::<Vec<f64>>()
        };
        let (coarse, fine) = (quotient(1e-3), quotient(5e-4));
        for i in 0..m {
            jacobian[i * n + j] = (4.0 * fine[i] - coarse[i]) / 3.0;
        }
    }
    jacobian
}

/// The gradient of a number, by them.
#[allow(dead_code, reason = "some tests have lists only")]
pub fn slopes(f: &dyn Fn(&[f64]) -> f64, x: &[f64]) -> Vec<f64> {
    differences(&|x| vec![f(x)], x)
}
