//! Nested loops and a local array that begins anew for each row. The outer loop is fused: the adjoint of a row follows its
//! value in the same iteration. Within it, the sums are replayed, and only the search for the maximum, which carries its
//! state through `max`, has a tape.

/// The log-likelihood of a mixture of Gaussians with unit covariance, but for a constant.
#[differentiate(wrt(weights, means))]
fn log_likelihood<const K: usize>(weights: &[f64; K], means: &[[f64; 2]; K], points: &[[f64; 2]]) -> f64 {
    let mut total = 0.0;
    for point in points {
        let mut exponent = [0.0; K];
        for k in 0..K {
            exponent[k] = weights[k];
            for j in 0..2 {
                exponent[k] -= 0.5 * (point[j] - means[k][j]).powi(2);
            }
        }
        let mut largest = exponent[0];
        for k in 1..K {
            largest = largest.max(exponent[k]);
        }
        let mut sum = 0.0;
        for k in 0..K {
            sum += (exponent[k] - largest).exp();
        }
        total += largest + sum.ln();
    }
    total
}

// What is emitted:

/// The value of `log_likelihood`; its gradient with respect to `weights` and `means` overwrites the buffers. Allocates nothing but a tape, if there has to be one.
fn log_likelihood_value_and_gradient_into<const K: usize>(
    weights: &[f64; K],
    means: &[[f64; 2]; K],
    points: &[[f64; 2]],
    dweights: &mut [f64; K],
    dmeans: &mut [[f64; 2]; K],
) -> f64 {
    dweights.fill(0.0);
    dmeans.fill([0.0; 2]);
    let mut total: f64 = 0.0;
    for i in 0..points.len() {
        let mut exponent: [f64; K] = [0.0; K];
        let mut dexponent: [f64; K] = [0.0; K];
        for k in 0..K {
            exponent[k] = weights[k];
            for j in 0..2 {
                exponent[k] -= 0.5 * (points[i][j] - means[k][j]).powi(2);
            }
        }
        let largest = exponent[0];
        let mut largest_1: f64 = largest;
        for k in 1..K {
            largest_1 = largest_1.max(exponent[k]);
        }
        let mut sum: f64 = 0.0;
        for k in 0..K {
            sum += (exponent[k] - largest_1).exp();
        }
        let t1 = largest_1;
        let mut dsum: f64 = 1.0 / sum;
        for k in (0..K).rev() {
            let t2 = exponent[k];
            let t3 = t2 - t1;
            let t4 = t3.exp();
            dexponent[k]
                += dsum
                    * ({
                        let b = t3 - t2;
                        let r = (t2 - (t3 - b)) - (t1 + b);
                        let c = t4 * r;
                        if c.abs() < t4.abs() { t4 + c } else { t4 }
                    });
        }
        for k in (0..K).rev() {
            for j in (0..2).rev() {
                dmeans[k][j]
                    += 2.0 * (dexponent[k] * 0.5) * (points[i][j] - means[k][j]);
            }
            let t2 = dexponent[k];
            dexponent[k] = 0.0;
            dweights[k] += t2;
        }
        total += t1 + sum.ln();
    }
    total
}

/// The value of `log_likelihood` and its gradient with respect to `weights` and `means`.
#[must_use]
fn log_likelihood_value_and_gradient<const K: usize>(
    weights: &[f64; K],
    means: &[[f64; 2]; K],
    points: &[[f64; 2]],
) -> (f64, ([f64; K], [[f64; 2]; K])) {
    let mut dweights: [f64; K] = [0.0; K];
    let mut dmeans: [[f64; 2]; K] = [[0.0; 2]; K];
    let value = log_likelihood_value_and_gradient_into(
        weights,
        means,
        points,
        &mut dweights,
        &mut dmeans,
    );
    (value, (dweights, dmeans))
}

/// The gradient of `log_likelihood` with respect to `weights` and `means`.
#[must_use]
fn log_likelihood_gradient<const K: usize>(
    weights: &[f64; K],
    means: &[[f64; 2]; K],
    points: &[[f64; 2]],
) -> ([f64; K], [[f64; 2]; K]) {
    log_likelihood_value_and_gradient(weights, means, points).1
}
