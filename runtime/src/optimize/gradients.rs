//! Do gradients vanish or explode on the way? Told from the gradient at each iterate.
//!
//! Input: the gradients, in order. Output: [`Gradients`], which names iterations and coordinates.

use super::vector::norm;
use std::fmt;

/// The sizes of the gradients of a run. Prints a line for what is worth a note, and nothing else.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Gradients {
    /// The norm at the start.
    pub first_norm: f64,
    /// The largest norm at any iterate.
    pub largest_norm: f64,
    /// The iteration of the largest norm.
    pub largest_at: usize,
    /// The coordinate that was largest there.
    pub largest_coordinate: usize,
    /// For each coordinate, the largest size that its derivative had.
    pub largest_by_coordinate: Vec<f64>,
    seen: usize,
}

/// Growth of the norm that is called an explosion.
const EXPLOSION: f64 = 1e3;
/// The part of the largest derivative below which a coordinate is called dead.
const DEAD: f64 = 1e-12;

impl Gradients {
    /// Takes note of the gradient at the next iterate.
    pub(super) fn observe(&mut self, gradient: &[f64]) {
        let size = norm(gradient);
        self.largest_by_coordinate.resize(gradient.len(), 0.0);
        self.largest_by_coordinate.iter_mut().zip(gradient).for_each(|(largest, g)| *largest = largest.max(g.abs()));
        if self.seen == 0 {
            self.first_norm = size;
        }
        if self.seen == 0 || size > self.largest_norm {
            let larger = |best: usize, k: usize| if gradient[k].abs() > gradient[best].abs() { k } else { best };
            self.largest_norm = size;
            self.largest_at = self.seen;
            self.largest_coordinate = (0..gradient.len()).reduce(larger).unwrap_or(0);
        }
        self.seen += 1;
    }

    /// Whether the norm grew to more than a thousand times that of the start.
    #[must_use]
    pub fn exploded(&self) -> bool {
        self.largest_norm > EXPLOSION * self.first_norm
    }

    /// The coordinates whose derivative was always zero, or below 1e-12 of the largest that any coordinate had: the
    /// objective does not depend on them along the run, as it is with a unit that is never active.
    #[must_use]
    pub fn vanished(&self) -> Vec<usize> {
        let largest = self.largest_by_coordinate.iter().fold(0.0_f64, |m, g| m.max(*g));
        let dead = |k: &usize| largest > 0.0 && self.largest_by_coordinate[*k] <= DEAD * largest;
        (0..self.largest_by_coordinate.len()).filter(dead).collect()
    }
}

/// Coordinates that are named.
const SHOWN: usize = 6;

impl fmt::Display for Gradients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.exploded() {
            let Self { largest_norm, largest_at, largest_coordinate, first_norm, .. } = self;
            writeln!(
                f,
                "  note           gradients exploded: norm {largest_norm:.1e} at iteration {largest_at}, most of it in \
                 coordinate {largest_coordinate}, {first_norm:.1e} at the start"
            )?;
        }
        let vanished = self.vanished();
        if !vanished.is_empty() {
            let names: Vec<String> = vanished.iter().take(SHOWN).map(ToString::to_string).collect();
            let more = if vanished.len() > SHOWN { ", …" } else { "" };
            writeln!(
                f,
                "  note           gradients vanished: {} of {} coordinates had none all the way: {}{more}",
                vanished.len(),
                self.largest_by_coordinate.len(),
                names.join(", ")
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Gradients;

    fn watch(gradients: &[[f64; 3]]) -> Gradients {
        let mut watch = Gradients::default();
        gradients.iter().for_each(|gradient| watch.observe(gradient));
        watch
    }

    #[test]
    fn an_explosion_is_named_by_iteration_and_coordinate() {
        let watch = watch(&[[1.0, 0.5, 0.1], [1.0, -2e4, 3.0], [0.1, 1.0, 1.0]]);
        assert!(watch.exploded() && watch.vanished().is_empty());
        assert_eq!((watch.largest_at, watch.largest_coordinate), (1, 1));
        assert!(watch.to_string().contains("norm 2.0e4 at iteration 1, most of it in coordinate 1"), "{watch}");
    }

    #[test]
    fn a_coordinate_without_a_gradient_all_the_way_is_named() {
        let watch = watch(&[[1.0, 0.0, 0.0], [0.5, 0.0, 1e-3]]);
        assert_eq!((watch.exploded(), watch.vanished()), (false, vec![1]));
        assert!(watch.to_string().contains("1 of 3 coordinates had none all the way: 1\n"), "{watch}");
    }

    #[test]
    fn ordinary_gradients_are_not_worth_a_note() {
        assert_eq!(watch(&[[1.0, 2.0, 3.0], [0.1, 20.0, 0.3], [1e-9, 1e-9, 1e-9]]).to_string(), "");
        assert_eq!(Gradients::default().to_string(), "");
    }
}
