//! Level lines of a function of two variables, its gradient field, and paths over it.
//!
//! The lines are found by marching squares: on each side of a cell where the level is crossed, linearly; a cell that is
//! crossed twice is decided by the height of the saddle between the lines (G. M. Nielson and B. Hamann, "The asymptotic decider", 1991).

use super::{Error, blank, checked, colour, titled};
use plotters::prelude::*;
use std::collections::{HashMap, VecDeque};
use std::ops::Range;

/// Contours of f(x, y), with its gradient field, paths and minima.
#[derive(Debug, Clone)]
pub struct Contours {
    x: Range<f64>,
    y: Range<f64>,
    levels: usize,
    field: bool,
    title: String,
    paths: Vec<(String, Vec<[f64; 2]>)>,
    minima: Vec<[f64; 2]>,
}

/// Cells of the grid, along each side.
const CELLS: u32 = 400;
/// Arrows of the field, along each side.
const ARROWS: u32 = 18;
/// Paths up to this length have their points marked.
const MARKED: usize = 60;
const SIZE: (u32, u32) = (760, 640);

impl Contours {
    /// Over a rectangle, with 14 levels.
    #[must_use]
    pub fn new(x: Range<f64>, y: Range<f64>) -> Self {
        Self { x, y, levels: 14, field: false, title: String::new(), paths: Vec::new(), minima: Vec::new() }
    }

    /// The title above.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// How many levels; they lie close together where the function is low.
    #[must_use]
    pub fn levels(mut self, levels: usize) -> Self {
        self.levels = levels;
        self
    }

    /// Whether to draw the gradient as arrows, downhill. Their lengths show its size, compressed.
    #[must_use]
    pub fn field(mut self, field: bool) -> Self {
        self.field = field;
        self
    }

    /// Adds the path of an optimizer, point by point; what lies outside is cut off.
    #[must_use]
    pub fn path(mut self, name: impl Into<String>, points: &[[f64; 2]]) -> Self {
        self.paths.push((name.into(), points.to_vec()));
        self
    }

    /// Marks a minimum.
    #[must_use]
    pub fn minimum(mut self, point: [f64; 2]) -> Self {
        self.minima.push(point);
        self
    }

    /// Draws the function, which returns its value and gradient, as `f_value_and_gradient` of two numbers does. It is asked at
    /// 401 by 401 points, for the levels; where it is not finite there are no lines.
    ///
    /// # Errors
    ///
    /// If a range is empty or not finite, or no value is finite.
    pub fn svg(&self, function: impl Fn(f64, f64) -> (f64, [f64; 2])) -> Result<String, Error> {
        let (x_range, y_range) = (checked(&self.x)?, checked(&self.y)?);
        let grid = Grid::new(&x_range, &y_range, |x, y| function(x, y).0);
        let levels = grid.levels(self.levels).ok_or(Error::Empty)?;
        let mut svg = String::new();
        {
            let area = blank(&mut svg, SIZE)?;
            let mut chart =
                titled(&area, &self.title, (30, 44)).build_cartesian_2d(x_range.clone(), y_range.clone())?;
            chart.configure_mesh().disable_mesh().x_labels(8).y_labels(8).draw()?;
            for (k, level) in levels.iter().enumerate() {
                let style = shade(k, levels.len()).stroke_width(1);
                chart.draw_series(
                    chained(&grid.lines(*level)).iter().map(|line| PathElement::new(thinned(line), style)),
                )?;
            }
            if self.field {
                let arrows = arrows(&x_range, &y_range, |x, y| function(x, y).1);
                let grey = RGBColor(120, 120, 120).stroke_width(1);
                chart.draw_series(arrows.into_iter().map(|arrow| PathElement::new(arrow, grey)))?;
            }
            for (k, (name, points)) in self.paths.iter().enumerate() {
                let colour = colour(k);
                let points: Vec<(f64, f64)> =
                    points.iter().map(|p| (p[0], p[1])).filter(|p| p.0.is_finite() && p.1.is_finite()).collect();
                named_line!(chart, points.iter().copied(), name, colour);
                if points.len() > MARKED {
                    continue;
                }
                let inside = points.iter().filter(|p| x_range.contains(&p.0) && y_range.contains(&p.1));
                chart.draw_series(inside.map(|p| Circle::new(*p, 2, colour.filled())))?;
            }
            chart.draw_series(self.minima.iter().map(|p| Cross::new((p[0], p[1]), 6, BLACK.stroke_width(2))))?;
            if !self.paths.is_empty() {
                legend!(chart);
            }
            area.present()?;
        }
        Ok(svg)
    }
}

/// Every third point, and both ends. The picture has whole pixels, which would make stairs of points that are close together. A line
/// of few points keeps them: a small closed one would have no inside.
fn thinned(line: &[(f64, f64)]) -> Vec<(f64, f64)> {
    const FEW: usize = 12;
    let Some((last, before)) = line.split_last().filter(|_| line.len() > FEW) else { return line.to_vec() };
    before.iter().step_by(3).chain([last]).copied().collect()
}

/// From dark where the function is low to light.
fn shade(k: usize, of: usize) -> RGBColor {
    #[allow(clippy::cast_precision_loss, reason = "a few levels")]
    let t = k as f64 / of.max(2) as f64;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
    let mix = |low: f64, high: f64| (low + (high - low) * t) as u8;
    RGBColor(mix(30.0, 190.0), mix(70.0, 215.0), mix(130.0, 235.0))
}

/// Values at the corners of all cells.
struct Grid {
    x: Range<f64>,
    y: Range<f64>,
    values: Vec<f64>,
}

impl Grid {
    fn new(x: &Range<f64>, y: &Range<f64>, f: impl Fn(f64, f64) -> f64) -> Self {
        let mut grid = Self { x: x.clone(), y: y.clone(), values: Vec::new() };
        for j in 0..=CELLS {
            for i in 0..=CELLS {
                let (x, y) = grid.at(f64::from(i), f64::from(j));
                grid.values.push(f(x, y));
            }
        }
        grid
    }

    /// The place of grid coordinates.
    fn at(&self, i: f64, j: f64) -> (f64, f64) {
        let part = |range: &Range<f64>, k: f64| range.start + (range.end - range.start) * k / f64::from(CELLS);
        (part(&self.x, i), part(&self.y, j))
    }

    /// Levels that are evenly spread in the cube root of the height above the lowest value.
    fn levels(&self, count: usize) -> Option<Vec<f64>> {
        let finite = || self.values.iter().copied().filter(|v| v.is_finite());
        let (low, high) = (finite().reduce(f64::min)?, finite().reduce(f64::max)?);
        #[allow(clippy::cast_precision_loss, reason = "a few levels")]
        let level = |k: usize| low + (high - low) * ((k + 1) as f64 / (count + 1) as f64).powi(3);
        Some((0..count).map(level).collect())
    }

    /// The pieces of a level line, one or two for each cell that it crosses.
    fn lines(&self, level: f64) -> Vec<[(f64, f64); 2]> {
        let mut lines = Vec::new();
        let value = |i: u32, j: u32| self.values[(j * (CELLS + 1) + i) as usize] - level;
        for j in 0..CELLS {
            for i in 0..CELLS {
                // Corners counter-clockwise.
                let corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)];
                let heights = corners.map(|(i, j)| value(i, j));
                if heights.iter().any(|h| !h.is_finite()) {
                    continue;
                }
                let crossing = |side: usize| {
                    // In one order from both cells of a side, so that pieces meet to the last bit.
                    let (a, b) = (side, (side + 1) % 4);
                    let (a, b) = if corners[a] < corners[b] { (a, b) } else { (b, a) };
                    ((heights[a] < 0.0) != (heights[b] < 0.0)).then(|| {
                        let t = heights[a] / (heights[a] - heights[b]);
                        let mix = |p: u32, q: u32| f64::from(p) + t * (f64::from(q) - f64::from(p));
                        self.at(mix(corners[a].0, corners[b].0), mix(corners[a].1, corners[b].1))
                    })
                };
                let crossings: Vec<(f64, f64)> = (0..4).filter_map(crossing).collect();
                match crossings[..] {
                    [a, b] => lines.push([a, b]),
                    [a, b, c, d] => {
                        let [h0, h1, h2, h3] = heights;
                        let saddle = (h0 * h2 - h1 * h3) / (h0 + h2 - h1 - h3);
                        let joined = (saddle < 0.0) == (h0 < 0.0);
                        lines.extend(if joined { [[a, b], [c, d]] } else { [[d, a], [b, c]] });
                    }
                    _ => {}
                }
            }
        }
        lines
    }
}

/// Pieces that meet, as lines that are drawn in one go.
fn chained(pieces: &[[(f64, f64); 2]]) -> Vec<Vec<(f64, f64)>> {
    let key = |p: (f64, f64)| (p.0.to_bits(), p.1.to_bits());
    let mut at: HashMap<(u64, u64), Vec<usize>> = HashMap::new();
    for (k, piece) in pieces.iter().enumerate() {
        piece.iter().for_each(|p| at.entry(key(*p)).or_default().push(k));
    }
    let mut used = vec![false; pieces.len()];
    let mut lines = Vec::new();
    for first in 0..pieces.len() {
        if used[first] {
            continue;
        }
        used[first] = true;
        let mut line = VecDeque::from(pieces[first]);
        for forward in [true, false] {
            while let Some(&end) = if forward { line.back() } else { line.front() } {
                let Some(&next) = at[&key(end)].iter().find(|&&k| !used[k]) else { break };
                used[next] = true;
                let [a, b] = pieces[next];
                let other = if key(a) == key(end) { b } else { a };
                if forward { line.push_back(other) } else { line.push_front(other) }
            }
        }
        lines.push(line.into());
    }
    lines
}

/// Arrows against the gradient: a shaft and two barbs each.
fn arrows(x: &Range<f64>, y: &Range<f64>, gradient: impl Fn(f64, f64) -> [f64; 2]) -> Vec<Vec<(f64, f64)>> {
    let (width, height) = ((x.end - x.start) / f64::from(ARROWS), (y.end - y.start) / f64::from(ARROWS));
    let mut field = Vec::new();
    for j in 0..ARROWS {
        for i in 0..ARROWS {
            let place = (x.start + (f64::from(i) + 0.5) * width, y.start + (f64::from(j) + 0.5) * height);
            // In units of the cell, so that arrows look perpendicular to the lines where units are alike.
            let [dx, dy] = gradient(place.0, place.1);
            let size = dx.hypot(dy);
            if size.is_finite() && size > 0.0 {
                field.push((place, [-dx / size, -dy / size], size));
            }
        }
    }
    let largest = field.iter().map(|arrow| arrow.2).fold(0.0, f64::max);
    let unit = width.min(height);
    field
        .into_iter()
        .map(|((x, y), [u, v], size)| {
            let length = unit * (0.25 + 0.6 * (size / largest).powf(0.4));
            let (u, v) = (u * length, v * length);
            let tip = (x + 0.5 * u, y + 0.5 * v);
            let barb = |side: f64| (tip.0 - 0.3 * u - side * 0.15 * v, tip.1 - 0.3 * v + side * 0.15 * u);
            vec![(x - 0.5 * u, y - 0.5 * v), tip, barb(1.0), tip, barb(-1.0)]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Contours, Grid, chained, thinned};
    use crate::plot::Error;

    #[test]
    fn every_piece_of_a_level_line_lies_on_it() {
        let grid = Grid::new(&(-3.0..3.0), &(-2.0..2.0), |x, y| x * x + 2.0 * y * y);
        for level in [0.5, 2.0, 7.0] {
            let lines = grid.lines(level);
            assert!(lines.len() > 50);
            for (x, y) in lines.concat() {
                assert!((x * x + 2.0 * y * y - level).abs() < 2e-3 * level.max(1.0), "{x}, {y}");
            }
        }
        assert!(grid.lines(-1.0).is_empty() && grid.lines(100.0).is_empty());
    }

    #[test]
    fn a_closed_level_line_is_one() {
        let grid = Grid::new(&(-3.0..3.0), &(-2.0..2.0), |x, y| x * x + 2.0 * y * y);
        let pieces = grid.lines(2.0);
        let lines = chained(&pieces);
        assert_eq!((lines.len(), lines[0].len()), (1, pieces.len() + 1));
        assert_eq!(lines[0].first(), lines[0].last());
        assert_eq!(chained(&grid.lines(10.0)).len(), 4, "cut by the sides of the picture");
    }

    #[test]
    fn a_small_closed_level_line_keeps_its_inside() {
        let around = [(0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-1.0, 0.0), (0.0, 1.0)];
        assert_eq!(thinned(&around), around);
        let long: Vec<(f64, f64)> = (0..100).map(|k| (f64::from(k), 0.0)).collect();
        let found = thinned(&long);
        assert!(found.len() < 40 && found.first() == long.first() && found.last() == long.last());
    }

    #[test]
    fn a_saddle_is_not_crossed() {
        let grid = Grid::new(&(-1.0..1.01), &(-1.0..1.01), |x, y| x * y);
        for line in grid.lines(1e-7) {
            assert!(line[0].0 * line[1].0 >= 0.0, "no piece joins the two branches: {line:?}");
        }
    }

    #[test]
    fn unusable_pictures_are_errors() {
        let flat = |_: f64, _: f64| (f64::NAN, [0.0, 0.0]);
        assert_eq!(Contours::new(0.0..1.0, 0.0..1.0).svg(flat), Err(Error::Empty));
        assert!(matches!(Contours::new(1.0..1.0, 0.0..1.0).svg(flat), Err(Error::Range(_))));
        assert!(matches!(Contours::new(0.0..1.0, 0.0..f64::NAN).svg(flat), Err(Error::Range(_))));
    }
}
