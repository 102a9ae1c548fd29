//! How the value falls, iteration by iteration.

use super::{Error, blank, colour, titled};
use plotters::prelude::*;

/// Histories of several runs, in one picture with a logarithmic axis: value less the lowest that is known.
#[derive(Debug, Clone, Default)]
pub struct Convergence {
    title: String,
    lowest: Option<f64>,
    runs: Vec<(String, Vec<f64>)>,
}

const SIZE: (u32, u32) = (760, 480);
/// What is called zero on the logarithmic axis.
const FLOOR: f64 = 1e-20;

impl Convergence {
    /// An empty picture.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The title above.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// The value at the minimum, which is subtracted; 0 unless told.
    #[must_use]
    pub fn minimum(mut self, value: f64) -> Self {
        self.lowest = Some(value);
        self
    }

    /// Adds a run by its [`history`](crate::optimize::Report::history).
    #[must_use]
    pub fn run(mut self, name: impl Into<String>, history: &[f64]) -> Self {
        self.runs.push((name.into(), history.to_vec()));
        self
    }

    /// Draws the runs.
    ///
    /// # Errors
    ///
    /// If no value is finite and above the minimum.
    #[allow(clippy::cast_precision_loss, reason = "counts of iterations")]
    pub fn svg(&self) -> Result<String, Error> {
        let lowest = self.lowest.unwrap_or(0.0);
        let heights = |history: &[f64]| -> Vec<(f64, f64)> {
            let above = |(k, value): (usize, &f64)| (k as f64, value - lowest);
            history.iter().enumerate().map(above).filter(|(_, h)| h.is_finite() && *h > FLOOR).collect()
        };
        let all: Vec<(f64, f64)> = self.runs.iter().flat_map(|(_, history)| heights(history)).collect();
        let (low, high) = (all.iter().map(|p| p.1).reduce(f64::min), all.iter().map(|p| p.1).reduce(f64::max));
        let (Some(low), Some(high)) = (low, high) else { return Err(Error::Empty) };
        let last = self.runs.iter().map(|(_, history)| history.len()).max().unwrap_or(1).max(2) as f64;
        let mut svg = String::new();
        {
            let area = blank(&mut svg, SIZE)?;
            let mut chart = titled(&area, &self.title, (40, 64))
                .build_cartesian_2d(0.0..last, (0.5 * low..2.0 * high).log_scale())?;
            chart
                .configure_mesh()
                .x_desc("iteration")
                .y_desc(if self.lowest.is_some() { "value above the minimum" } else { "value" })
                .light_line_style(TRANSPARENT)
                .y_label_formatter(&|y| format!("{y:.0e}"))
                .x_label_formatter(&|x| format!("{x:.0}"))
                .draw()?;
            for (k, (name, history)) in self.runs.iter().enumerate() {
                let colour = colour(k);
                named_line!(chart, heights(history), name, colour);
            }
            legend!(chart);
            area.present()?;
        }
        Ok(svg)
    }
}

#[cfg(test)]
mod tests {
    use super::Convergence;
    use crate::plot::Error;

    #[test]
    fn a_run_without_a_height_has_no_picture() {
        assert_eq!(Convergence::new().svg(), Err(Error::Empty));
        assert_eq!(Convergence::new().run("none", &[0.0, f64::NAN]).svg(), Err(Error::Empty));
        assert!(Convergence::new().run("one", &[1.0, 0.5, 0.0]).svg().is_ok_and(|svg| svg.contains("one")));
    }
}
