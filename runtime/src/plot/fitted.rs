//! A fit over its data, and the residuals below.

use super::{Error, around, blank, colour, titled};
use plotters::prelude::*;

/// Data, a fitted curve, and what remains.
#[derive(Debug, Clone)]
pub struct Fitted {
    title: String,
    x: Vec<f64>,
    y: Vec<f64>,
}

const SIZE: (u32, u32) = (760, 600);
const UPPER: i32 = 400;
/// Points of the curve.
const STEPS: u32 = 400;

impl Fitted {
    /// Of data; where lists differ in length, the shorter one counts.
    #[must_use]
    pub fn new(x: &[f64], y: &[f64]) -> Self {
        Self { title: String::new(), x: x.to_vec(), y: y.to_vec() }
    }

    /// The title above.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Draws the data with a curve, and their distances from it.
    ///
    /// # Errors
    ///
    /// If there are no two different finite points.
    pub fn svg(&self, curve: impl Fn(f64) -> f64) -> Result<String, Error> {
        let data: Vec<(f64, f64)> = self.x.iter().copied().zip(self.y.iter().copied()).collect();
        let residuals: Vec<(f64, f64)> = data.iter().map(|&(x, y)| (x, y - curve(x))).collect();
        let x_range = around(data.iter().map(|p| p.0)).ok_or(Error::Empty)?;
        let step = (x_range.end - x_range.start) / f64::from(STEPS);
        let line: Vec<(f64, f64)> =
            (0..=STEPS).map(|k| x_range.start + f64::from(k) * step).map(|x| (x, curve(x))).collect();
        // The curve may leave the picture beyond the data: these alone decide.
        let y_range = around(data.iter().map(|p| p.1)).ok_or(Error::Empty)?;
        let largest = residuals.iter().map(|p| p.1.abs()).filter(|r| r.is_finite()).fold(0.0, f64::max);
        let largest = if largest > 0.0 { 1.15 * largest } else { 1.0 };
        let finite = |p: &&(f64, f64)| p.0.is_finite() && p.1.is_finite();
        let mut svg = String::new();
        {
            let area = blank(&mut svg, SIZE)?;
            let (upper, lower) = area.split_vertically(UPPER);
            let mut chart =
                titled(&upper, &self.title, (24, 64)).build_cartesian_2d(x_range.clone(), y_range.clone())?;
            chart.configure_mesh().light_line_style(TRANSPARENT).draw()?;
            let visible = line.iter().copied().filter(|p| y_range.contains(&p.1));
            chart.draw_series(LineSeries::new(visible, colour(0).stroke_width(2)))?;
            chart.draw_series(data.iter().filter(finite).map(|p| Circle::new(*p, 3, colour(1).filled())))?;
            let mut chart = ChartBuilder::on(&lower)
                .margin(12)
                .x_label_area_size(30)
                .y_label_area_size(64)
                .build_cartesian_2d(x_range.clone(), -largest..largest)?;
            chart.configure_mesh().light_line_style(TRANSPARENT).y_labels(5).y_desc("residual").draw()?;
            chart.draw_series(LineSeries::new([(x_range.start, 0.0), (x_range.end, 0.0)], colour(0)))?;
            let stems = residuals.iter().filter(finite).map(|p| PathElement::new(vec![(p.0, 0.0), *p], colour(1)));
            chart.draw_series(stems)?;
            chart.draw_series(residuals.iter().filter(finite).map(|p| Circle::new(*p, 3, colour(1).filled())))?;
            area.present()?;
        }
        Ok(svg)
    }
}

#[cfg(test)]
mod tests {
    use super::Fitted;
    use crate::plot::Error;

    #[test]
    fn data_without_extent_have_no_picture() {
        assert_eq!(Fitted::new(&[], &[]).svg(|x| x), Err(Error::Empty));
        assert_eq!(Fitted::new(&[1.0, 1.0], &[0.0, 1.0]).svg(|x| x), Err(Error::Empty));
        assert!(Fitted::new(&[1.0, 2.0], &[0.0, 1.0]).svg(|_| f64::NAN).is_ok());
    }
}
