//! Pictures of what happens: contours with the gradient field and paths, convergence, fits with residuals. As SVG, without
//! fonts of the system. Behind the feature `plot`.
//!
//! ```
//! use symgrad::plot::Contours;
//!
//! let bowl = |x: f64, y: f64| (x * x + 2.0 * y * y, [2.0 * x, 4.0 * y]);
//! let svg = Contours::new(-3.0..3.0, -2.5..2.5).field(true).minimum([0.0, 0.0]).svg(bowl)?;
//! assert!(svg.starts_with("<svg"));
//! # Ok::<(), symgrad::plot::Error>(())
//! ```
//!
//! Each picture is a builder with a method that returns the text of the SVG, for `std::fs::write`.

/// Draws a line over a chart that the legend names.
macro_rules! named_line {
    ($chart:ident, $points:expr, $name:expr, $colour:expr) => {{
        let colour = $colour;
        $chart
            .draw_series(LineSeries::new($points, colour.stroke_width(2)))?
            // Spaces, for the width of letters is only estimated.
            .label(format!("{}    ", $name))
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
    }};
}

/// Draws the legend.
macro_rules! legend {
    ($chart:ident) => {
        $chart
            .configure_series_labels()
            .position(SeriesLabelPosition::LowerRight)
            .background_style(WHITE.mix(0.85))
            .border_style(RGBColor(180, 180, 180))
            .label_font(("sans-serif", 14))
            .draw()?
    };
}

mod contours;
mod convergence;
mod fitted;

pub use contours::Contours;
pub use convergence::Convergence;
pub use fitted::Fitted;

use plotters::coord::Shift;
use plotters::prelude::*;
use std::fmt;
use std::ops::Range;

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// A range is empty, or not finite.
    Range(Range<f64>),
    /// There is nothing finite to draw.
    Empty,
    /// What plotters says.
    Drawing(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Range(range) => write!(f, "the range {range:?} is empty or not finite"),
            Self::Empty => write!(f, "there is nothing finite to draw"),
            Self::Drawing(what) => write!(f, "plotters: {what}"),
        }
    }
}

impl std::error::Error for Error {}

impl<E: std::error::Error + Send + Sync> From<DrawingAreaErrorKind<E>> for Error {
    fn from(error: DrawingAreaErrorKind<E>) -> Self {
        Self::Drawing(error.to_string())
    }
}

/// A white picture that is written to `svg`.
fn blank(svg: &mut String, size: (u32, u32)) -> Result<DrawingArea<SVGBackend<'_>, Shift>, Error> {
    let area = SVGBackend::with_string(svg, size).into_drawing_area();
    area.fill(&WHITE)?;
    Ok(area)
}

/// A chart below a title, with room for labels below it and on its left.
fn titled<'area, 'svg>(
    area: &'area DrawingArea<SVGBackend<'svg>, Shift>,
    title: &str,
    (below, left): (u32, u32),
) -> ChartBuilder<'area, 'static, SVGBackend<'svg>> {
    let mut chart = ChartBuilder::on(area);
    chart.caption(title, ("sans-serif", 20)).margin(12).x_label_area_size(below).y_label_area_size(left);
    chart
}

/// Colours that stay apart for the colour-blind: M. Okabe and K. Ito, "Color universal design", 2008.
const COLOURS: [RGBColor; 6] = [
    RGBColor(213, 94, 0),
    RGBColor(0, 114, 178),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
];

fn colour(k: usize) -> RGBColor {
    COLOURS[k % COLOURS.len()]
}

fn checked(range: &Range<f64>) -> Result<Range<f64>, Error> {
    let fine = range.start.is_finite() && range.end.is_finite() && range.start < range.end;
    if fine { Ok(range.clone()) } else { Err(Error::Range(range.clone())) }
}

/// The range of what is finite, a little wider; none without two different numbers.
fn around(numbers: impl Iterator<Item = f64>) -> Option<Range<f64>> {
    let (low, high) = numbers
        .filter(|x| x.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    let margin = 0.05 * (high - low);
    let range = low - margin..high + margin;
    checked(&range).ok()
}
