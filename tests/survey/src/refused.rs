//! `refused.txt`: the functions that have no derivative to be had, and why. Nothing but the reasons below counts as one, and a
//! function that is accepted may not be listed.

use crate::report::Row;
use std::collections::BTreeMap;

/// Why there is none.
const REASONS: [(&str, &str); 4] = [
    ("bits", "computes with the bits of a float"),
    ("integer", "makes a number of an integer that was made of a number"),
    ("constant", "does not depend on what is differentiated"),
    (
        "foreign",
        "gives the number to code that cannot be annotated: a function of another crate or of a trait, a closure",
    ),
];

/// The list: the reason of each function, by crate and name.
pub struct Refused {
    reasons: BTreeMap<(String, String), String>,
}

impl Refused {
    /// Reads the file: `crate function: reason`, or `crate function: calls other`, for one that is listed.
    pub fn read(text: &str) -> Self {
        let mut reasons = BTreeMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
            let wrong = || panic!("the refused: `{line}`");
            let (of, reason) = line.rsplit_once(": ").unwrap_or_else(wrong);
            let (package, name) = of.split_once(' ').unwrap_or_else(wrong);
            reasons.insert((package.to_owned(), name.to_owned()), reason.trim().to_owned());
        }
        Refused { reasons }
    }

    /// The reason of a function; that of what it calls, if that is the reason.
    pub fn reason(&self, package: &str, name: &str) -> Option<&'static str> {
        let mut name = name.to_owned();
        // A chain of calls is no longer than the list.
        for _ in 0..self.reasons.len() {
            let reason = self.reasons.get(&(package.to_owned(), name.clone()))?;
            match reason.strip_prefix("calls ") {
                Some(other) => name = other.to_owned(),
                None => return REASONS.iter().find(|(known, _)| known == reason).map(|(_, why)| *why),
            }
        }
        None
    }

    /// Panics if a function of the list is accepted, or unknown, or has no reason that counts.
    pub fn check(&self, rows: &[Row<'_>]) {
        for (package, name) in self.reasons.keys() {
            let mut found = rows.iter().filter(|row| row.function.package == *package && row.function.name == *name);
            let rejected = found.next().is_some_and(|row| !row.accepted());
            assert!(rejected, "`{package} {name}` is listed as refused, and is none of the rejected");
            assert!(
                self.reason(package, name).is_some(),
                "`{package} {name}` is refused for a reason that does not count"
            );
        }
    }
}
