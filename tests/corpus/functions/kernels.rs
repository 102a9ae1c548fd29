//! Numeric kernels as they are written in practice.

use symgrad_oracle::case;

#[case(([1.2, 1.0]), ([-0.5, 0.5, 2.0, 1.0]))]
fn rosenbrock(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        let a = 1.0 - x[i];
        let b = x[i + 1] - x[i] * x[i];
        sum += a * a + 100.0 * b * b;
    }
    sum
}

#[case(wrt(w, b), (0.5, 0.1, [1.0, 2.0, 3.0], [2.1, 3.9, 6.2]), (0.5, 0.1, [2.0], [1.0]))]
fn mean_squared_error(w: f64, b: f64, x: &[f64], t: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += (w * x[i] + b - t[i]).powi(2);
    }
    sum / x.len() as f64
}

#[case(wrt(w), ([0.5, -0.25, 0.1], [[1.0, 2.0], [0.5, -1.0], [-2.0, 0.25]], &[true, false, true], 0.1),
    ([0.0, 0.0, 0.0], [[1.0, 2.0]], &[false], 0.0))]
fn logistic_regression(w: &[f64; 3], x: &[[f64; 2]], label: &[bool], ridge: f64) -> f64 {
    let mut loss = 0.0;
    for (row, &positive) in x.iter().zip(label) {
        let z = w[0] * row[0] + w[1] * row[1] + w[2];
        let margin = if positive { z } else { -z };
        loss += if margin > 0.0 { (-margin).exp().ln_1p() } else { margin.exp().ln_1p() - margin };
    }
    let mut penalty = 0.0;
    for v in w {
        penalty += v * v;
    }
    loss / x.len() as f64 + 0.5 * ridge * penalty
}

#[case(wrt(w), ([[0.5, -0.25], [0.1, 0.2], [-0.3, 0.7]], [[1.0, 2.0], [0.5, -1.0], [-2.0, 0.25]], &[0, 2, 1]))]
fn softmax_cross_entropy(w: &[[f64; 2]; 3], x: &[[f64; 2]], class: &[usize]) -> f64 {
    let mut loss = 0.0;
    for (i, row) in x.iter().enumerate() {
        let mut score = [0.0; 3];
        for k in 0..3 {
            for j in 0..2 {
                score[k] += w[k][j] * row[j];
            }
        }
        let mut greatest = score[0];
        for &s in &score {
            greatest = greatest.max(s);
        }
        let mut total = 0.0;
        for s in score {
            total += (s - greatest).exp();
        }
        loss += total.ln() + greatest - score[class[i]];
    }
    loss / x.len() as f64
}

/// Log-likelihood of a Gaussian mixture: per cluster a weight, a mean and a factor of the inverse covariance.
#[case(wrt(alpha, mean, factor),
    ([0.3, -0.2], [[0.1, 0.2], [1.0, -1.0]], [[0.1, 0.2, 0.3], [-0.1, 0.4, 0.0]], [[0.5, 0.25], [1.5, -0.5], [-0.75, 1.0]]),
    ([0.3], [[0.1, 0.2]], [[0.1, 0.2, 0.3]], [[0.5, 0.25]]),
    ([0.3, -0.2, 0.5], [[0.1, 0.2], [1.0, -1.0], [0.0, 2.0]], [[0.1, 0.2, 0.3], [-0.1, 0.4, 0.0], [0.2, 0.0, -0.3]], [[0.5, 0.25], [1.5, -0.5]]),
    ([0.3, -0.2], [[0.1, 0.2], [1.0, -1.0]], [[0.1, 0.2, 0.3], [-0.1, 0.4, 0.0]], []))]
fn gaussian_mixture(alpha: &[f64], mean: &[[f64; 2]], factor: &[[f64; 3]], x: &[[f64; 2]]) -> f64 {
    let clusters = alpha.len();
    let mut likelihood = 0.0;
    let mut terms = [0.0; 8];
    for row in x {
        for k in 0..clusters {
            let mut centred = [0.0; 2];
            for d in 0..2 {
                centred[d] = row[d] - mean[k][d];
            }
            // The lower triangular factor has exponentials on its diagonal.
            let mut q = [0.0; 2];
            q[0] = factor[k][0].exp() * centred[0];
            q[1] = factor[k][2] * centred[0] + factor[k][1].exp() * centred[1];
            let mut square = 0.0;
            for d in 0..2 {
                square += q[d] * q[d];
            }
            terms[k] = alpha[k] + factor[k][0] + factor[k][1] - 0.5 * square;
        }
        let mut greatest = terms[0];
        for k in 1..clusters {
            if terms[k] > greatest {
                greatest = terms[k];
            }
        }
        let mut sum = 0.0;
        for k in 0..clusters {
            sum += (terms[k] - greatest).exp();
        }
        likelihood += greatest + sum.ln();
    }
    let mut total = 0.0;
    for a in alpha {
        total += a.exp();
    }
    likelihood - x.len() as f64 * total.ln()
}

/// The same with one array that is accumulated in nested loops and re-initialised for each row.
#[case(wrt(mean, precision), ([[0.1, 0.2], [1.0, -1.0]], [0.5, 2.0], [[0.5, 0.25], [1.5, -0.5], [-0.75, 1.0]]),
    ([[0.1, 0.2], [1.0, -1.0]], [0.5, 2.0], [[0.5, 0.25]]))]
fn spherical_mixture(mean: &[[f64; 2]; 2], precision: &[f64; 2], x: &[[f64; 2]]) -> f64 {
    let mut likelihood = 0.0;
    let mut terms = [0.0; 2];
    for row in x {
        terms = [0.0; 2];
        for k in 0..2 {
            for d in 0..2 {
                let e = row[d] - mean[k][d];
                terms[k] -= 0.5 * precision[k] * e * e;
            }
            terms[k] += precision[k].ln();
        }
        let m = terms[0].max(terms[1]);
        let mut sum = 0.0;
        for t in &terms {
            sum += (t - m).exp();
        }
        likelihood += m + sum.ln();
    }
    likelihood + terms[0] * 0.0
}

#[case(([[0.0, 0.0, 0.1], [1.1, 0.1, 0.0], [0.2, 1.2, -0.1]]), ([[0.0, 0.0, 0.0], [1.0, 0.5, 0.25]]), ([]))]
fn lennard_jones(x: &[[f64; 3]]) -> f64 {
    let mut energy = 0.0;
    for i in 0..x.len() {
        for j in i + 1..x.len() {
            let mut r2 = 0.0;
            for d in 0..3 {
                let e = x[i][d] - x[j][d];
                r2 += e * e;
            }
            let s6 = 1.0 / (r2 * r2 * r2);
            energy += 4.0 * (s6 * s6 - s6);
        }
    }
    energy
}

/// The same with a cut-off.
#[case(([[0.0, 0.0, 0.1], [1.1, 0.1, 0.0], [0.2, 1.2, -0.1], [3.0, 3.0, 3.0]], 2.0))]
fn lennard_jones_with_a_cutoff(x: &[[f64; 3]], cutoff: f64) -> f64 {
    let mut energy = 0.0;
    for (i, a) in x.iter().enumerate() {
        for (j, b) in x.iter().enumerate() {
            if j <= i {
                continue;
            }
            let r2 = (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2) + (a[2] - b[2]).powi(2);
            if r2 > cutoff * cutoff {
                continue;
            }
            let s6 = r2.powi(-3);
            energy += 4.0 * s6 * (s6 - 1.0) - cutoff.powi(-6);
        }
    }
    energy
}

#[case(([[0.1, 0.2], [-0.3, 0.4], [0.5, -0.6]], [0.1, 0.2, 0.3], [[0.7, -0.1, 0.3], [0.2, 0.4, -0.5]], [1.0, -2.0], [0.5, 1.0]))]
fn multilayer_perceptron(w: &[[f64; 2]; 3], b: &[f64; 3], v: &[[f64; 3]; 2], x: &[f64; 2], target: &[f64; 2]) -> f64 {
    let mut hidden = [0.0; 3];
    for i in 0..3 {
        hidden[i] = b[i];
        for j in 0..2 {
            hidden[i] += w[i][j] * x[j];
        }
        hidden[i] = hidden[i].tanh();
    }
    let mut loss = 0.0;
    for k in 0..2 {
        let mut out = 0.0;
        for i in 0..3 {
            out += v[k][i] * hidden[i];
        }
        loss += (out - target[k]).powi(2);
    }
    loss
}

#[case((0.7, [1.0, -2.0, 0.5, 3.0]), (-1.5, [2.0]), (0.3, []))]
fn horner(x: f64, c: &[f64]) -> f64 {
    let mut y = 0.0;
    for k in (0..c.len()).rev() {
        y = y * x + c[k];
    }
    y
}

#[case((2.0), (100.0), (0.01))]
fn newton_with_a_tolerance(a: f64) -> f64 {
    let mut x = if a > 1.0 { a } else { 1.0 };
    for _ in 0..50 {
        let next = 0.5 * (x + a / x);
        if (next - x).abs() < 1e-15 * next {
            return next;
        }
        x = next;
    }
    x
}

#[case((0.5, 0.1, 1.2, 10), (0.5, 0.1, 1.2, 0), (2.5, -1.0, 0.7, 25))]
fn pendulum_by_runge_kutta(angle: f64, speed: f64, length: f64, steps: usize) -> f64 {
    let h = 0.05;
    let g = 9.81;
    let mut q = angle;
    let mut p = speed;
    for _ in 0..steps {
        let k1q = p;
        let k1p = -g / length * q.sin();
        let k2q = p + 0.5 * h * k1p;
        let k2p = -g / length * (q + 0.5 * h * k1q).sin();
        let k3q = p + 0.5 * h * k2p;
        let k3p = -g / length * (q + 0.5 * h * k2q).sin();
        let k4q = p + h * k3p;
        let k4p = -g / length * (q + h * k3q).sin();
        q += h / 6.0 * (k1q + 2.0 * k2q + 2.0 * k3q + k4q);
        p += h / 6.0 * (k1p + 2.0 * k2p + 2.0 * k3p + k4p);
    }
    0.5 * p * p - g / length * q.cos()
}

/// With arrays for the state, as codes for systems have it.
#[case(([0.5, 0.1], [1.0, 0.5, 0.25], 8), ([0.5, 0.1], [1.0, 0.5, 0.25], 0))]
fn predator_and_prey(y0: &[f64; 2], k: &[f64; 3], steps: usize) -> f64 {
    let mut y = *y0;
    let h = 0.1;
    for _ in 0..steps {
        let mut slope = [0.0; 2];
        slope[0] = k[0] * y[0] - k[1] * y[0] * y[1];
        slope[1] = k[1] * y[0] * y[1] - k[2] * y[1];
        let mut middle = [0.0; 2];
        for i in 0..2 {
            middle[i] = y[i] + 0.5 * h * slope[i];
        }
        slope[0] = k[0] * middle[0] - k[1] * middle[0] * middle[1];
        slope[1] = k[1] * middle[0] * middle[1] - k[2] * middle[1];
        for i in 0..2 {
            y[i] += h * slope[i];
        }
    }
    y[0] * y[0] + y[1]
}

#[case(([0.5, 0.25, 0.25], [[0.7, 0.2, 0.1], [0.3, 0.5, 0.2], [0.2, 0.3, 0.5]], [[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]], &[0, 1, 1, 0]))]
fn hidden_markov_model(start: &[f64; 3], step: &[[f64; 3]; 3], emit: &[[f64; 2]; 3], seen: &[usize]) -> f64 {
    let mut forward = [0.0; 3];
    for i in 0..3 {
        forward[i] = start[i] * emit[i][seen[0]];
    }
    let mut log = 0.0;
    for t in 1..seen.len() {
        let mut next = [0.0; 3];
        let mut total = 0.0;
        for j in 0..3 {
            for i in 0..3 {
                next[j] += forward[i] * step[i][j];
            }
            next[j] *= emit[j][seen[t]];
            total += next[j];
        }
        for j in 0..3 {
            forward[j] = next[j] / total;
        }
        log += total.ln();
    }
    log + (forward[0] + forward[1] + forward[2]).ln()
}

#[case((100.0, 105.0, 0.02, 0.3, 0.5), (100.0, 80.0, 0.01, 0.2, 1.0))]
fn black_scholes(spot: f64, strike: f64, rate: f64, volatility: f64, time: f64) -> f64 {
    let deviation = volatility * time.sqrt();
    let d1 = ((spot / strike).ln() + (rate + 0.5 * volatility * volatility) * time) / deviation;
    let d2 = d1 - deviation;
    spot / (1.0 + (-1.702 * d1).exp()) - strike * (-rate * time).exp() / (1.0 + (-1.702 * d2).exp())
}

#[case((100.0, 0.3, 6), (100.0, 0.3, 1))]
fn american_put_by_binomial_tree(spot: f64, volatility: f64, steps: usize) -> f64 {
    let up = (volatility * 0.25).exp();
    let p = (1.001 - 1.0 / up) / (up - 1.0 / up);
    let mut value = [0.0; 8];
    for i in 0..=steps {
        let price = spot * up.powi(2 * i as i32 - steps as i32);
        value[i] = (101.3 - price).max(0.0);
    }
    for n in (0..steps).rev() {
        for i in 0..=n {
            let hold = (p * value[i + 1] + (1.0 - p) * value[i]) / 1.001;
            let price = spot * up.powi(2 * i as i32 - n as i32);
            value[i] = hold.max(101.3 - price);
        }
    }
    value[0]
}

#[case(([[1.0, 0.0], [0.5, 0.25], [0.25, 1.0]], [1.0, 0.5]))]
fn kernel_density(points: &[[f64; 2]], at: &[f64; 2]) -> f64 {
    let mut density = 0.0;
    for &[x, y] in points {
        let r2 = (x - at[0]) * (x - at[0]) + (y - at[1]) * (y - at[1]);
        density += (-0.5 * r2).exp();
    }
    (density / points.len() as f64).ln()
}

#[case(([[0.5, 0.1], [2.0, 1.0], [-1.0, 0.25]], [[0.4, 0.2], [1.5, 0.8]]))]
fn k_means_objective(points: &[[f64; 2]], centres: &[[f64; 2]]) -> f64 {
    let mut total = 0.0;
    for p in points {
        let mut least = f64::INFINITY;
        for c in centres {
            let mut d = 0.0;
            for (a, b) in p.iter().zip(c) {
                d += (a - b) * (a - b);
            }
            if d < least {
                least = d;
            }
        }
        total += least;
    }
    total
}

#[case(([1.0, 2.0, 0.5, 3.0, 0.25]), ([1.0]))]
fn variance_by_welford(x: &[f64]) -> f64 {
    let mut mean = 0.0;
    let mut m2 = 0.0;
    let mut n = 0;
    for &v in x {
        n += 1;
        let d = v - mean;
        mean += d / n as f64;
        m2 += d * (v - mean);
    }
    m2 / n as f64 + mean
}

#[case(([[2.0, 1.0], [1.0, 3.0]], [1.0, 0.5], 6))]
fn power_iteration(a: &[[f64; 2]; 2], start: &[f64; 2], steps: usize) -> f64 {
    let mut v = *start;
    let mut norm = 1.0;
    for _ in 0..steps {
        let mut w = [0.0; 2];
        for i in 0..2 {
            for j in 0..2 {
                w[i] += a[i][j] * v[j];
            }
        }
        norm = (w[0] * w[0] + w[1] * w[1]).sqrt();
        for i in 0..2 {
            v[i] = w[i] / norm;
        }
    }
    norm
}

#[case(([1.0, 0.5, 0.25, 0.75, 2.0], 0.3), ([1.0, 0.5], 0.3))]
fn total_variation(x: &[f64], smooth: f64) -> f64 {
    let mut sum = 0.0;
    for i in 1..x.len() {
        let d = x[i] - x[i - 1];
        sum += (d * d + smooth * smooth).sqrt();
    }
    sum
}

#[case(([0.4, 0.3, 0.2, 0.1]))]
fn entropy(p: &[f64; 4]) -> f64 {
    let mut total = 0.0;
    for v in p {
        total += v;
    }
    let mut h = 0.0;
    for v in p {
        let q = v / total;
        if q > 0.0 {
            h -= q * q.ln();
        }
    }
    h
}

#[case(([[0.5, 2.0, 0.1], [0.3, -0.5, 0.2], [0.25, 1.0, 2.0]]))]
fn determinant_of_three(m: &[[f64; 3]; 3]) -> f64 {
    let [[a, b, c], [d, e, f], [g, h, i]] = *m;
    a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
}

#[case((0.3, 0.2), (1.5, -0.5))]
fn mandelbrot_potential(cx: f64, cy: f64) -> f64 {
    let mut x = cx;
    let mut y = cy;
    let mut n = 0;
    while x * x + y * y < 100.0 && n < 30 {
        (x, y) = (x * x - y * y + cx, 2.0 * x * y + cy);
        n += 1;
    }
    (x * x + y * y).ln() / 2.0_f64.powi(n)
}
