//! Derivatives of high precision (`data/README.md`), and how far from them a number is.

/// A line of the reference.
#[derive(Clone)]
pub struct Record {
    pub function: &'static str,
    pub class: &'static str,
    pub args: Vec<f64>,
    pub first: Vec<f64>,
    /// What is missing from `first`.
    pub rest: Vec<f64>,
    /// The upper triangle of the Hessian, by rows.
    pub second: Vec<f64>,
}

impl Record {
    /// The tables, and one more of other points, if there is a path to it.
    pub fn all() -> Vec<Record> {
        let mut tables = vec![include_str!("../data/reference.tsv"), include_str!("../data/drawn.tsv")];
        if let Ok(path) = std::env::var("SYMGRAD_REFERENCES") {
            tables.push(std::fs::read_to_string(path).expect("a table of references").leak());
        }
        tables.iter().flat_map(|table| table.lines().skip(1)).map(Record::parse).collect()
    }

    fn parse(line: &'static str) -> Record {
        let column: Vec<&str> = line.split('\t').collect();
        let [function, class, _zone, _count, args, first, rest, second] = column[..] else { panic!("{line}") };
        let floats = |text: &str| -> Vec<f64> {
            let bits = |t| f64::from_bits(u64::from_str_radix(t, 16).expect("a bit pattern"));
            text.split(',').filter(|t| !t.is_empty()).map(bits).collect()
        };
        let [args, first, rest, second] = [args, first, rest, second].map(floats);
        Record { function, class, args, first, rest, second }
    }
}

/// The distance of `value` from `nearest + rest` in units in the last place of `nearest`; infinite for a bad result.
pub fn ulps(value: f64, nearest: f64, rest: f64) -> f64 {
    if nearest == 0.0 {
        return if value == 0.0 { 0.0 } else { f64::INFINITY };
    }
    if !value.is_finite() || value == 0.0 {
        return f64::INFINITY;
    }
    let ulp = f64::from_bits(nearest.abs().to_bits() + 1) - nearest.abs();
    ((value - nearest) - rest).abs() / ulp
}

/// Beyond the normal numbers only the direction is asked for: infinite where it overflows, tiny where it underflows.
pub fn is_sensible(value: f64, nearest: f64) -> bool {
    match nearest {
        d if d.is_nan() => value.is_nan(),
        d if d.is_infinite() => value == d,
        d => (value - d).abs() <= f64::MIN_POSITIVE,
    }
}
