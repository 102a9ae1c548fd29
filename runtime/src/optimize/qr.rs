//! The factorisation behind fits: QR of a tall matrix, with columns in units of their own and taken by their size.
//!
//! Input: a row-major m × n matrix and a right-hand side of m numbers. Output: R, the order of the columns, and the first
//! n numbers of Qᵀb; from these the least-squares solution, the damped one, and (AᵀA)⁻¹. The product `AᵀA` is never
//! formed, for its condition is the square of A's.
//! Invariant: |R₀₀| ≥ |R₁₁| ≥ …, so that the rank shows on the diagonal.
//!
//! Reference: P. Businger and G. H. Golub, "Linear least squares solutions by Householder transformations", Numerische
//! Mathematik 7, 1965; J. J. Moré, "The Levenberg–Marquardt algorithm: implementation and theory", 1978, section 3.

use super::vector::{dot, norm};

/// A = Q R Pᵀ S, with the columns' units S and their order P.
#[derive(Debug, Clone)]
pub(super) struct Qr {
    /// The number of columns.
    n: usize,
    /// The upper triangle, row-major, n × n.
    r: Vec<f64>,
    /// Which column of A stands at each place.
    order: Vec<usize>,
    /// The unit of each column of A.
    units: Vec<f64>,
    /// The first n numbers of Qᵀb.
    qtb: Vec<f64>,
    /// ‖b‖.
    size: f64,
    /// How many columns are independent, to the precision of the numbers.
    rank: usize,
}

impl Qr {
    /// Factors `a`, whose rows have as many numbers as `units`; column j is divided by `units[j]` first.
    pub fn new(a: &[f64], units: &[f64], b: &[f64]) -> Self {
        let n = units.len();
        // With fewer rows than columns, rows of zeros complete the triangle.
        let m = b.len().max(n);
        let mut columns: Vec<Vec<f64>> =
            (0..n).map(|j| (0..m).map(|i| if i < b.len() { a[i * n + j] / units[j] } else { 0.0 }).collect()).collect();
        let mut qtb: Vec<f64> = b.to_vec();
        qtb.resize(m, 0.0);
        let mut order: Vec<usize> = (0..n).collect();
        for k in 0..n {
            // Norms of what remains are taken anew: with a few parameters that is cheap, and no digit cancels.
            let sizes: Vec<f64> = columns.iter().map(|column| norm(&column[k..])).collect();
            let largest = (k..n).fold(k, |best, j| if sizes[j] > sizes[best] { j } else { best });
            columns.swap(k, largest);
            order.swap(k, largest);
            let alpha = sizes[largest];
            if alpha == 0.0 {
                continue;
            }
            let alpha = if columns[k][k] > 0.0 { -alpha } else { alpha };
            let mut v: Vec<f64> = columns[k][k..].iter().map(|x| x / alpha).collect();
            v[0] -= 1.0;
            let half = -v[0];
            let reflect = |x: &mut [f64]| {
                let factor = dot(&v, x) / half;
                x.iter_mut().zip(&v).for_each(|(x, v)| *x -= factor * v);
            };
            columns[k + 1..].iter_mut().for_each(|column| reflect(&mut column[k..]));
            reflect(&mut qtb[k..]);
            columns[k][k] = alpha;
        }
        let mut r = vec![0.0; n * n];
        for i in 0..n {
            for j in i..n {
                r[i * n + j] = columns[j][i];
            }
        }
        qtb.truncate(n);
        #[allow(clippy::cast_precision_loss, reason = "a count of rows")]
        let smallest = r.first().map_or(0.0, |first: &f64| first.abs() * f64::EPSILON * m as f64);
        let rank = (0..n).take_while(|&k| r[k * n + k].abs() > smallest).count();
        Self { n, r, order, units: units.to_vec(), qtb, size: norm(b), rank }
    }

    /// How many columns are independent, to the precision of the numbers.
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// ‖b‖.
    pub fn size(&self) -> f64 {
        self.size
    }

    /// ‖Q₁ᵀb‖ / ‖b‖: the part of the right-hand side that the columns can explain.
    pub fn offset(&self) -> f64 {
        if self.size > 0.0 { norm(&self.qtb[..self.rank]) / self.size } else { 0.0 }
    }

    /// The solution of least squares in units of the columns, x̃ = S x; among dependent columns, the later ones get zero.
    pub fn solve(&self) -> Vec<f64> {
        let mut solution = self.qtb.clone();
        back_substitute(&self.r, self.n, self.rank, &mut solution);
        self.in_order(&solution)
    }

    /// The x̃ that minimizes ‖A S⁻¹ x̃ − b‖² + λ‖x̃‖², for λ > 0, with the triangle of the damped system.
    pub fn solve_damped(&self, lambda: f64) -> Damped<'_> {
        let n = self.n;
        let (mut r, mut solution) = (self.r.clone(), self.qtb.clone());
        let damping = lambda.sqrt();
        // One row √λ eₖ after another is rotated into the triangle.
        let mut row = vec![0.0; n];
        for k in 0..n {
            row.fill(0.0);
            row[k] = damping;
            let mut rest = 0.0;
            for i in k..n {
                if row[i] == 0.0 {
                    continue;
                }
                let length = r[i * n + i].hypot(row[i]);
                let (cos, sin) = (r[i * n + i] / length, row[i] / length);
                for j in i..n {
                    let (upper, lower) = (r[i * n + j], row[j]);
                    r[i * n + j] = cos * upper + sin * lower;
                    row[j] = cos * lower - sin * upper;
                }
                let upper = solution[i];
                solution[i] = cos * upper + sin * rest;
                rest = cos * rest - sin * upper;
            }
        }
        back_substitute(&r, n, n, &mut solution);
        let solution = self.in_order(&solution);
        Damped { qr: self, r, solution }
    }

    /// ‖R Pᵀ x̃‖: the length of A S⁻¹ x̃.
    pub fn image(&self, x: &[f64]) -> f64 {
        let image: Vec<f64> =
            (0..self.n).map(|i| (i..self.n).map(|j| self.r[i * self.n + j] * x[self.order[j]]).sum()).collect();
        norm(&image)
    }

    /// ‖(A S⁻¹)ᵀ b‖, the gradient in units of the columns.
    pub fn gradient_norm(&self) -> f64 {
        let gradient: Vec<f64> =
            (0..self.n).map(|j| (0..=j).map(|i| self.r[i * self.n + j] * self.qtb[i]).sum()).collect();
        norm(&gradient)
    }

    /// ‖R⁻ᵀ Pᵀ x̃‖² for the triangle of this system: x̃ᵀ (AᵀA)⁻¹ x̃, scaled.
    pub fn inverse_form(&self, x: &[f64]) -> f64 {
        inverse_form(&self.r, &self.order, x)
    }

    /// (AᵀA)⁻¹, row-major, in the units of A; none if columns are dependent.
    pub fn inverse_of_normal(&self) -> Option<Vec<f64>> {
        let n = self.n;
        if self.rank < n {
            return None;
        }
        // Column k of R⁻¹ has zeros below place k; (AᵀA)⁻¹ = P R⁻¹ R⁻ᵀ Pᵀ.
        let columns: Vec<Vec<f64>> = (0..n)
            .map(|k| {
                let mut column = vec![0.0; n];
                column[k] = 1.0;
                back_substitute(&self.r, n, n, &mut column);
                column
            })
            .collect();
        let mut inverse = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..=i {
                let entry: f64 = columns.iter().map(|column| column[i] * column[j]).sum();
                let (a, b) = (self.order[i], self.order[j]);
                let entry = entry / self.units[a] / self.units[b];
                inverse[a * n + b] = entry;
                inverse[b * n + a] = entry;
            }
        }
        Some(inverse)
    }

    fn in_order(&self, solution: &[f64]) -> Vec<f64> {
        let mut x = vec![0.0; self.n];
        for (value, &place) in solution.iter().zip(&self.order) {
            x[place] = *value;
        }
        x
    }
}

/// The damped solution.
pub(super) struct Damped<'a> {
    qr: &'a Qr,
    r: Vec<f64>,
    /// x̃.
    pub solution: Vec<f64>,
}

impl Damped<'_> {
    /// x̃ᵀ (S⁻¹AᵀA S⁻¹ + λ I)⁻¹ x̃.
    pub fn inverse_form(&self, x: &[f64]) -> f64 {
        inverse_form(&self.r, &self.qr.order, x)
    }
}

/// ‖R⁻ᵀ Pᵀ x‖², by forward substitution.
fn inverse_form(r: &[f64], order: &[usize], x: &[f64]) -> f64 {
    let n = order.len();
    let mut y: Vec<f64> = order.iter().map(|&place| x[place]).collect();
    for i in 0..n {
        let known: f64 = (0..i).map(|k| r[k * n + i] * y[k]).sum();
        y[i] = (y[i] - known) / r[i * n + i];
    }
    dot(&y, &y)
}

/// Solves the leading `rank` × `rank` triangle for `b` in place; what is beyond becomes zero.
fn back_substitute(r: &[f64], n: usize, rank: usize, b: &mut [f64]) {
    b[rank..].fill(0.0);
    for i in (0..rank).rev() {
        let known: f64 = (i + 1..rank).map(|j| r[i * n + j] * b[j]).sum();
        b[i] = (b[i] - known) / r[i * n + i];
    }
}

#[cfg(test)]
mod tests {
    use super::Qr;

    /// An ill-scaled 5 × 3 matrix.
    const A: [f64; 15] = [1.0, 2e6, 3e-4, 4.0, 5e6, -6e-4, 7.0, -8e6, 9e-4, 1.0, 1e6, 1e-4, -2.0, 0.5e6, 3e-4];
    const B: [f64; 5] = [1.0, -2.0, 3.0, 0.5, 0.25];
    const UNITS: [f64; 3] = [1.0, 1e6, 1e-4];

    /// Aᵀ(Ax − b) + λS²x, each in units of its column.
    fn stationarity(x: &[f64], lambda: f64) -> [f64; 3] {
        let residual: Vec<f64> = (0..5).map(|i| (0..3).map(|j| A[3 * i + j] * x[j]).sum::<f64>() - B[i]).collect();
        std::array::from_fn(|j| {
            let gradient: f64 = (0..5).map(|i| A[3 * i + j] * residual[i]).sum();
            gradient / UNITS[j] + lambda * UNITS[j] * x[j]
        })
    }

    #[test]
    fn solutions_are_stationary() {
        let qr = Qr::new(&A, &UNITS, &B);
        assert_eq!(qr.rank(), 3);
        let unscaled = |x: Vec<f64>| x.iter().zip(UNITS).map(|(x, unit)| x / unit).collect::<Vec<_>>();
        for (x, lambda) in
            [(qr.solve(), 0.0), (qr.solve_damped(0.7).solution, 0.7), (qr.solve_damped(1e-20).solution, 0.0)]
        {
            assert!(stationarity(&unscaled(x), lambda).iter().all(|g| g.abs() < 1e-12), "λ = {lambda}");
        }
    }

    #[test]
    fn the_inverse_is_that_of_the_normal_matrix() {
        let inverse = Qr::new(&A, &UNITS, &B).inverse_of_normal().expect("of full rank");
        for i in 0..3 {
            for j in 0..3 {
                let product: f64 =
                    (0..3).map(|k| inverse[3 * i + k] * (0..5).map(|l| A[3 * l + k] * A[3 * l + j]).sum::<f64>()).sum();
                let expected = if i == j { 1.0 } else { 0.0 };
                assert!((product * UNITS[i] / UNITS[j] - expected).abs() < 1e-12, "{i}, {j}: {product}");
            }
        }
    }

    #[test]
    fn dependent_columns_are_left_out() {
        let a = [1.0, 2.0, 2.0, 4.0, 3.0, 6.0];
        let qr = Qr::new(&a, &[1.0, 1.0], &[1.0, 2.0, 3.0]);
        assert_eq!((qr.rank(), qr.inverse_of_normal()), (1, None));
        let x = qr.solve();
        assert!((x[0] + 2.0 * x[1] - 1.0).abs() < 1e-15, "{x:?}");
        let zero = Qr::new(&[0.0, 0.0], &[1.0, 1.0], &[1.0]);
        assert_eq!((zero.rank(), zero.solve()), (0, vec![0.0, 0.0]));
    }

    #[test]
    fn fewer_rows_than_columns_are_solved_too() {
        let qr = Qr::new(&[1.0, 0.0, 3.0, 0.0, 2.0, 0.0], &[1.0; 3], &[3.0, 4.0]);
        assert_eq!((qr.rank(), qr.solve()), (2, vec![0.0, 2.0, 1.0]));
    }
}
