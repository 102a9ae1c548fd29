//! Prints a report: a headline, the values, and an aligned table with one line per row.

use super::{Report, Verdict};
use std::fmt;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.headline(f)?;
        self.values(f)?;
        write_aligned(f, &self.cells())?;
        self.footer(f)
    }
}

impl Report {
    fn headline(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = match (self.failed(), self.passed()) {
            (true, _) => "FAILED",
            (_, true) => "passed",
            _ => "not conclusive",
        };
        write!(f, "gradient check {outcome}: {} of {} derivatives confirmed", self.verified(), self.rows.len())?;
        for verdict in [Verdict::Inconclusive, Verdict::KinkSuspected, Verdict::NonFinite, Verdict::Fail] {
            let count = self.count(verdict);
            if count > 0 {
                write!(f, ", {count} {verdict}")?;
            }
        }
        writeln!(f)
    }

    fn values(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { value, companion_value, .. } = self;
        if self.value_is_bit_equal() {
            return writeln!(f, "value {value:?}, the same bits from every companion");
        }
        writeln!(f, "VALUE MISMATCH: the function gives {value:?}, its gradient companion {companion_value:?}")?;
        let forward = self.rows.iter().filter_map(|row| row.forward).find(|f| f.value.to_bits() != value.to_bits());
        match forward {
            Some(forward) => writeln!(f, "  its forward companion {:?}", forward.value),
            None => Ok(()),
        }
    }

    fn cells(&self) -> Vec<Vec<String>> {
        let forward = self.forward_agrees().is_some();
        let mut header = vec!["input", "derivative", "difference", "± estimate", "abs error", "rel error", "verdict"];
        if forward {
            header.insert(2, "forward");
        }
        let mut table = vec![header.into_iter().map(String::from).collect::<Vec<_>>()];
        for row in &self.rows {
            let mut line = vec![
                row.input.to_string(),
                format!("{:.9e}", row.derivative),
                format!("{:.9e}", row.difference),
                format!("{:.1e}", row.error_estimate),
                format!("{:.1e}", row.absolute_error()),
                format!("{:.1e}", row.relative_error()),
                row.verdict.to_string(),
            ];
            if forward {
                let cell = row.forward.map_or(String::new(), |f| {
                    format!("{:.9e}{}", f.derivative, if f.agrees { "" } else { " DIFFERS" })
                });
                line.insert(2, cell);
            }
            table.push(line);
        }
        table
    }

    fn footer(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.passed() {
            return Ok(());
        }
        let Some(worst) = self.worst().and_then(|i| self.rows.get(i)) else {
            return writeln!(f, "nothing was probed");
        };
        writeln!(
            f,
            "worst: {}, {}, off by {:.1e} where {:.1e} is allowed",
            worst.input,
            worst.verdict,
            worst.absolute_error(),
            worst.allowed
        )
    }
}

/// First and last column to the left, the others to the right.
fn write_aligned(f: &mut fmt::Formatter<'_>, table: &[Vec<String>]) -> fmt::Result {
    let columns = table.first().map_or(0, Vec::len);
    let width = |column: usize| table.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for line in table {
        write!(f, "  {:<1$}", line[0], widths[0])?;
        for (cell, width) in line.iter().zip(&widths).take(columns - 1).skip(1) {
            write!(f, "  {cell:>width$}")?;
        }
        writeln!(f, "  {}", line[columns - 1])?;
    }
    Ok(())
}
