//! The chained Rosenbrock function in any number of dimensions.

/// Its value and gradient.
pub fn rosenbrock(p: &[f64]) -> (f64, Vec<f64>) {
    let (mut value, mut gradient) = (0.0, vec![0.0; p.len()]);
    for i in 0..p.len() - 1 {
        let (a, b) = (1.0 - p[i], p[i + 1] - p[i] * p[i]);
        value += a * a + 100.0 * b * b;
        gradient[i] += -2.0 * a - 400.0 * p[i] * b;
        gradient[i + 1] += 200.0 * b;
    }
    (value, gradient)
}
