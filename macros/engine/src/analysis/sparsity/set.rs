//! Sets of columns, and columns that share no row.

/// A set of columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Set(Vec<u64>);

impl Set {
    /// One column.
    #[must_use]
    pub fn one(column: usize) -> Self {
        let mut words = vec![0; column / 64 + 1];
        words[column / 64] = 1 << (column % 64);
        Set(words)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds those of another.
    pub fn add(&mut self, other: &Set) {
        self.grow(other);
    }

    /// The same; whether some are new.
    pub fn grow(&mut self, other: &Set) -> bool {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        let mut new = false;
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            new |= *more & !*word != 0;
            *word |= more;
        }
        new
    }

    /// In order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        let bits = |(k, word): (usize, &u64)| {
            let word = *word;
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| k * 64 + bit)
        };
        self.0.iter().enumerate().flat_map(bits)
    }
}

/// A colour for each column, so that no row has two of one colour: each gets the first that is free. Columns of one colour are
/// computed in one direction, from which each is read again.
#[must_use]
pub fn colours(rows: &[Set], columns: usize) -> Vec<usize> {
    let mut rows_of = vec![Vec::new(); columns];
    for (i, row) in rows.iter().enumerate() {
        row.iter().for_each(|column| rows_of[column].push(i));
    }
    // The last column that has seen each colour in one of its rows.
    let (mut colours, mut seen) = (vec![usize::MAX; columns], vec![usize::MAX; columns + 1]);
    for column in 0..columns {
        for &row in &rows_of[column] {
            for other in rows[row].iter().filter(|&other| colours[other] != usize::MAX) {
                seen[colours[other]] = column;
            }
        }
        colours[column] = seen.iter().position(|&by| by != column).unwrap_or(columns);
    }
    colours
}

#[cfg(test)]
mod tests {
    use super::{Set, colours};

    #[test]
    fn columns_of_one_colour_share_no_row() {
        let row = |columns: &[usize]| {
            let mut row = Set::default();
            columns.iter().for_each(|&column| row.add(&Set::one(column)));
            row
        };
        let band: Vec<Set> = (0..100).map(|i: usize| row(&[i.saturating_sub(1), i, (i + 1).min(99)])).collect();
        let found = colours(&band, 100);
        assert_eq!(found.iter().max(), Some(&2));
        for row in &band {
            let mut of_row: Vec<usize> = row.iter().map(|column| found[column]).collect();
            let count = of_row.len();
            of_row.sort_unstable();
            of_row.dedup();
            assert_eq!(of_row.len(), count);
        }
        assert_eq!(colours(&[row(&[0, 1, 2])], 3), [0, 1, 2]);
    }
}
