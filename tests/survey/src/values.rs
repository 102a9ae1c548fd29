//! `values.txt`: what is known of the functions beyond their signatures.

use std::collections::BTreeMap;

/// Its lines.
#[derive(Default)]
pub struct Values {
    /// Expressions, by crate and type.
    expressions: BTreeMap<(String, String), String>,
    domains: BTreeMap<(String, String), Domain>,
}

/// Where the numbers of a function are from.
#[derive(Clone, Default)]
pub struct Domain {
    pub ranges: String,
    /// What is differentiated, if that is said.
    pub wrt: Vec<String>,
}

impl Values {
    /// Reads the file.
    pub fn read(text: &str) -> Self {
        let mut values = Values::default();
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
            let (key, what) = line.split_once(" = ").unwrap_or_else(|| panic!("the values: `{line}`"));
            let words: Vec<&str> = key.split_whitespace().collect();
            let [kind, package, of] = words[..] else { panic!("the values: `{line}`") };
            let key = (package.to_owned(), of.to_owned());
            if kind == "value" {
                values.expressions.insert(key, what.to_owned());
                continue;
            }
            let mut words = what.split_whitespace();
            let ranges = words.next().unwrap_or_default().to_owned();
            let wrt = words.filter_map(|word| word.strip_prefix("wrt=")).flat_map(|names| names.split(','));
            values.domains.insert(key, Domain { ranges, wrt: wrt.map(String::from).collect() });
        }
        values
    }

    /// A value of a type.
    pub fn expression(&self, package: &str, ty: &str) -> Option<&str> {
        self.expressions.get(&(package.to_owned(), ty.to_owned())).map(String::as_str)
    }

    /// Where the numbers of a function are from.
    pub fn domain(&self, package: &str, function: &str) -> Domain {
        self.domains.get(&(package.to_owned(), function.to_owned())).cloned().unwrap_or_default()
    }
}
