//! The little linear algebra that the solvers share.

/// aᵀb.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The Euclidean norm, scaled so that it overflows only if the result does.
pub(super) fn norm(a: &[f64]) -> f64 {
    let largest = a.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest * a.iter().map(|x| (x / largest).powi(2)).sum::<f64>().sqrt()
}

/// y ← y + α·x.
pub(super) fn add_scaled(y: &mut [f64], alpha: f64, x: &[f64]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += alpha * x;
    }
}

/// The first coordinate that is NaN or infinite.
pub(super) fn first_non_finite(a: &[f64]) -> Option<usize> {
    a.iter().position(|x| !x.is_finite())
}

#[cfg(test)]
mod tests {
    use super::norm;

    #[test]
    fn the_norm_neither_overflows_nor_underflows() {
        assert!((norm(&[3e200, 4e200]) / 5e200 - 1.0).abs() < 1e-15);
        assert!((norm(&[3e-200, -4e-200]) / 5e-200 - 1.0).abs() < 1e-15);
        assert_eq!(norm(&[0.0, 0.0]).to_bits(), 0);
        assert!(norm(&[f64::INFINITY, 1.0]).is_infinite());
    }
}
