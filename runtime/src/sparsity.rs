//! Which entries of a matrix of derivatives may be other than zero, where lengths are known at run time.
//!
//! Input: the function in forward mode, in which a tangent is a set of columns. What is done to a tangent is linear, and for sets
//! it is nothing or a union: numbers do not matter. Output: the nonzeros, and a colour for each column, so that columns of one
//! colour share no row.

use alloc::collections::BTreeSet;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::ops::{Add, Div, Mul, Neg, Sub};

/// The structural nonzeros of a sparse Jacobian or Hessian, found by `f_sparse_jacobian_pattern` or `f_sparse_hessian_pattern`.
///
/// A pattern holds for the lengths, the integers and whatever else is no float among the arguments that it was found with; for floats of
/// any value. It serves any number of evaluations. What has nonzeros elsewhere panics, and never puts a number where it does not belong:
/// each is computed together with the columns that it is of, and these are compared with the pattern.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use symgrad::differentiate;
///
/// #[differentiate(sparse_hessian)]
/// fn energy(x: &[f64]) -> f64 {
///     x.windows(2).map(|pair| (pair[1] - pair[0]).powi(4)).sum()
/// }
///
/// let x = [0.0, 0.5, 0.7, 1.6];
/// let pattern = energy_sparse_hessian_pattern(&x);
/// assert_eq!(pattern.entries().len(), 4 + 2 * 3);
/// assert_eq!(pattern.directions(), 3);
/// let nonzeros: Vec<f64> = energy_sparse_hessian(&x, &pattern);
/// assert_eq!(nonzeros.len(), 10);
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sparsity {
    rows: usize,
    entries: Vec<(usize, usize)>,
    colours: Vec<usize>,
    directions: usize,
    /// Row and colour where each nonzero is read: of a Hessian, that of the lower triangle.
    sources: Vec<(u32, u32)>,
}

impl Sparsity {
    /// Row and column of each nonzero, in the order of rows.
    #[must_use]
    pub fn entries(&self) -> &[(usize, usize)] {
        &self.entries
    }

    /// How many rows the matrix has.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many columns the matrix has.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.colours.len()
    }

    /// In how many directions all nonzeros are found.
    #[must_use]
    pub fn directions(&self) -> usize {
        self.directions
    }

    /// The direction of each column: of those that have the same, no two have a nonzero in one row.
    #[must_use]
    pub fn colours(&self) -> &[usize] {
        &self.colours
    }

    /// Where each nonzero is read.
    pub(crate) fn sources(&self) -> &[(u32, u32)] {
        &self.sources
    }

    fn new(rows: &[Vec<usize>], columns: usize, symmetric: bool) -> Self {
        let entries: Vec<_> = rows.iter().enumerate().flat_map(|(i, row)| row.iter().map(move |&j| (i, j))).collect();
        let colours = colours(rows, columns);
        let directions = colours.iter().max().map_or(0, |last| last + 1);
        #[allow(clippy::cast_possible_truncation, reason = "no more rows fit into memory")]
        let read = |&(i, j): &(usize, usize)| {
            let (i, j) = if symmetric { (i.max(j), i.min(j)) } else { (i, j) };
            (i as u32, colours[j] as u32)
        };
        let sources = entries.iter().map(read).collect();
        Sparsity { rows: rows.len(), entries, colours, directions, sources }
    }
}

/// A colour for each column: the first that no column has with which it shares a row.
fn colours(rows: &[Vec<usize>], columns: usize) -> Vec<usize> {
    let mut rows_of = vec![Vec::new(); columns];
    for (i, row) in rows.iter().enumerate() {
        row.iter().for_each(|&column| rows_of[column].push(i));
    }
    // The last column that has seen each colour in one of its rows.
    let (mut colours, mut seen) = (vec![usize::MAX; columns], vec![usize::MAX; columns + 1]);
    for column in 0..columns {
        for &row in &rows_of[column] {
            for &other in rows[row].iter().filter(|&&other| colours[other] != usize::MAX) {
                seen[colours[other]] = column;
            }
        }
        colours[column] = seen.iter().position(|&by| by != column).unwrap_or(columns);
    }
    colours
}

/// Sets of columns as they were united, of which those of each row are collected at the end.
#[derive(Debug, Default)]
pub struct Sets(RefCell<Vec<Node>>);

#[derive(Clone, Copy, Debug)]
enum Node {
    One(usize),
    Union(usize, usize),
}

impl Sets {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Sets::default()
    }

    /// The set of one column.
    #[must_use]
    pub fn one(&self, column: usize) -> Dependence<'_> {
        self.make(Node::One(column))
    }

    fn make(&self, node: Node) -> Dependence<'_> {
        let mut nodes = self.0.borrow_mut();
        nodes.push(node);
        Dependence(Some((self, nodes.len() - 1)))
    }

    /// The columns of each row, in order.
    fn collect(&self, rows: &[Dependence<'_>]) -> Vec<Vec<usize>> {
        let nodes = self.0.borrow();
        let mut seen = vec![usize::MAX; nodes.len()];
        let mut left = Vec::new();
        let of_row = |(i, row): (usize, &Dependence<'_>)| {
            let mut columns = BTreeSet::new();
            left.extend(row.0.map(|(_, node)| node));
            while let Some(node) = left.pop() {
                if core::mem::replace(&mut seen[node], i) == i {
                    continue;
                }
                match nodes[node] {
                    Node::One(column) => {
                        columns.insert(column);
                    }
                    Node::Union(a, b) => left.extend([a, b]),
                }
            }
            columns.into_iter().collect()
        };
        rows.iter().enumerate().map(of_row).collect()
    }

    /// The pattern of a Jacobian.
    #[must_use]
    pub fn jacobian(&self, rows: &[Dependence<'_>], columns: usize) -> Sparsity {
        Sparsity::new(&self.collect(rows), columns, false)
    }

    /// The pattern of a Hessian: what is on one side of the diagonal is on the other.
    #[must_use]
    pub fn hessian(&self, rows: &[Dependence<'_>]) -> Sparsity {
        let found = self.collect(rows);
        let mut both: Vec<BTreeSet<usize>> = found.iter().map(|row| row.iter().copied().collect()).collect();
        for (i, row) in found.iter().enumerate() {
            for &j in row {
                both[j].insert(i);
            }
        }
        let both: Vec<Vec<usize>> = both.into_iter().map(|row| row.into_iter().collect()).collect();
        Sparsity::new(&both, both.len(), true)
    }
}

/// What a number depends on: a set of columns, in the place of a tangent.
#[derive(Clone, Copy, Debug)]
pub struct Dependence<'s>(Option<(&'s Sets, usize)>);

impl Dependence<'_> {
    /// On nothing.
    #[inline]
    #[must_use]
    pub fn zero() -> Self {
        Dependence(None)
    }
}

impl Add for Dependence<'_> {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        match (self.0, other.0) {
            (Some((sets, a)), Some((_, b))) if a != b => sets.make(Node::Union(a, b)),
            (Some(_), _) => self,
            (None, _) => other,
        }
    }
}

impl Sub for Dependence<'_> {
    type Output = Self;
    #[allow(clippy::suspicious_arithmetic_impl, reason = "a difference depends on what a sum does")]
    fn sub(self, other: Self) -> Self {
        self + other
    }
}

impl Neg for Dependence<'_> {
    type Output = Self;
    fn neg(self) -> Self {
        self
    }
}

impl<T> Mul<T> for Dependence<'_> {
    type Output = Self;
    fn mul(self, _: T) -> Self {
        self
    }
}

impl<T> Div<T> for Dependence<'_> {
    type Output = Self;
    fn div(self, _: T) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::{Dependence, Sets, Sparsity};
    use alloc::vec::Vec;

    #[test]
    fn sets_are_united() {
        let sets = Sets::new();
        let [a, b, c] = [0, 1, 2].map(|k| sets.one(k));
        let ab = a * 2.0 - b;
        let rows = [ab + ab / 3.0, Dependence::zero() + c, -(ab + c) + a, Dependence::zero()];
        let found = sets.jacobian(&rows, 3);
        assert_eq!(found.entries(), [(0, 0), (0, 1), (1, 2), (2, 0), (2, 1), (2, 2)]);
        assert_eq!((found.rows(), found.columns(), found.directions()), (4, 3, 3));
    }

    #[test]
    fn columns_of_one_colour_share_no_row() {
        let band: Vec<Vec<usize>> = (0..100_usize).map(|i| (i.saturating_sub(2)..(i + 3).min(100)).collect()).collect();
        let found = Sparsity::new(&band, 100, false);
        assert_eq!(found.directions(), 5);
        for row in &band {
            let mut of_row: Vec<usize> = row.iter().map(|&column| found.colours()[column]).collect();
            of_row.sort_unstable();
            of_row.dedup();
            assert_eq!(of_row.len(), row.len());
        }
    }

    #[test]
    fn a_hessian_is_symmetric() {
        let sets = Sets::new();
        let rows = [sets.one(1), Dependence::zero(), sets.one(2)];
        assert_eq!(sets.hessian(&rows).entries(), [(0, 1), (1, 0), (2, 2)]);
    }
}
