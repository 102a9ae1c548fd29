//! The count. Input: what became of each function. Output: the tables in `README.md`, and `results.tsv` with every function.

use crate::annotate::{Message, Place};
use crate::choice::Function;
use crate::refused::Refused;
use crate::scratch::Outcome;
use crate::sources::Sources;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What became of a function.
pub struct Row<'f> {
    pub function: &'f Function,
    pub place: Place,
    /// Whether a message asked for more than the attribute on the function or its `impl`.
    pub asked: bool,
    /// Whether `self` is differentiated.
    pub of_self: bool,
    pub messages: Vec<Message>,
    /// If it is accepted by the engine and was compiled.
    pub outcome: Option<Outcome>,
}

impl Row<'_> {
    fn expanded(&self) -> bool {
        self.messages.is_empty()
    }

    pub fn accepted(&self) -> bool {
        self.expanded() && !matches!(self.outcome, Some(Outcome::DoesNotCompile(_)))
    }

    /// The reason in one line, if it is rejected, with `…` for what is between backquotes.
    fn reason(&self) -> Option<String> {
        match (&self.messages[..], &self.outcome) {
            ([first, ..], _) => Some(general(&first.text)),
            ([], Some(Outcome::DoesNotCompile(error))) => Some(format!("rustc: {}", general(error))),
            _ => None,
        }
    }

    /// Whether its message says what to write instead; if it is that a function is not there which it calls, that one's does.
    fn names_a_way_out(&self, rows: &[Row<'_>]) -> bool {
        let says = |text: &str| text.contains("\nhelp: ") || text.contains("\nnote: ");
        match (&self.messages[..], &self.outcome) {
            ([first, ..], _) => says(&first.text),
            ([], Some(Outcome::DoesNotCompile(error))) => {
                let missing = error.starts_with("cannot find").then(|| error.split('`').nth(1)).flatten();
                let callee = |row: &&Row<'_>| {
                    let name = row.function.name.rsplit("::").next();
                    row.function.package == self.function.package && !row.accepted() && name == missing
                };
                match rows.iter().find(callee).filter(|_| missing.is_some()) {
                    Some(callee) => callee.names_a_way_out(rows),
                    None => says(error),
                }
            }
            _ => false,
        }
    }

    fn verdict(&self) -> &'static str {
        match &self.outcome {
            _ if !self.expanded() => "rejected",
            None => "expanded",
            Some(Outcome::DoesNotCompile(_)) => "does not compile",
            Some(Outcome::Right(_)) => "right",
            Some(Outcome::Wrong(_)) => "WRONG",
            Some(Outcome::Unchecked(_)) => "unchecked",
        }
    }

    fn details(&self) -> String {
        let first_line = |text: &str| text.lines().next().unwrap_or_default().to_owned();
        match (&self.messages[..], &self.outcome) {
            ([first, ..], _) => first_line(&first.text),
            (_, Some(Outcome::DoesNotCompile(d) | Outcome::Right(d) | Outcome::Wrong(d) | Outcome::Unchecked(d))) => {
                first_line(d)
            }
            _ => String::new(),
        }
    }
}

/// The tables.
pub fn tables(rows: &[Row<'_>], refused: &Refused) -> String {
    let mut text = String::new();
    let count = |what: &dyn Fn(&&Row<'_>) -> bool| rows.iter().filter(what).count();
    let share = |n: usize, of: usize| 100.0 * n as f64 / of.max(1) as f64;
    let (chosen, accepted) = (count(&|row| !row.function.helper), count(&|row| row.accepted()));
    let chosen_accepted = count(&|row| !row.function.helper && row.accepted());
    let verdicts = |row: &&Row<'_>, verdict| row.verdict() == verdict;
    let packages: std::collections::BTreeSet<&str> = rows.iter().map(|row| &*row.function.package).collect();
    writeln!(
        text,
        "**{accepted} of {} functions of {} crates are accepted: {:.1} %** (of the {chosen} chosen ones, without the helpers \
         that they call, {chosen_accepted}: {:.1} %). Of the accepted, {} are checked and right, {} wrong, {} unchecked. On \
         the `impl` instead of the function stands the attribute of {}, and of {} with an argument that the message asked \
         for; {} are methods of which `self` is differentiated.\n",
        rows.len(),
        packages.len(),
        share(accepted, rows.len()),
        share(chosen_accepted, chosen),
        count(&|row| verdicts(row, "right")),
        count(&|row| verdicts(row, "WRONG")),
        count(&|row| row.accepted() && !verdicts(row, "right") && !verdicts(row, "WRONG")),
        count(&|row| row.accepted() && row.place == Place::Block),
        count(&|row| row.accepted() && row.asked),
        count(&|row| row.accepted() && row.of_self),
    )
    .expect("a string");
    let reason_of = |row: &Row<'_>| {
        let reason = refused.reason(&row.function.package, &row.function.name);
        reason.filter(|_| !row.accepted())
    };
    let possible = count(&|row| reason_of(row).is_none());
    writeln!(
        text,
        "**Of the {possible} that have a derivative to be had, {accepted} are accepted: {:.1} %.** Not among them are the {} in \
         [`refused.txt`](refused.txt), each of which, or what it calls:\n",
        share(accepted, possible),
        rows.len() - possible,
    )
    .expect("a string");
    let mut refusals: BTreeMap<&str, usize> = BTreeMap::new();
    rows.iter().filter_map(reason_of).for_each(|reason| *refusals.entry(reason).or_default() += 1);
    for (reason, times) in &refusals {
        writeln!(text, "- {reason}: {times}").expect("a string");
    }
    let rejected = rows.len() - accepted;
    let helped = count(&|row| !row.accepted() && row.names_a_way_out(rows));
    writeln!(text, "\nOf the {rejected} rejected, {helped} have a message that says what to write instead.\n")
        .expect("a string");
    text.push_str("| crate | version | functions | accepted | checked and right |\n|---|---|---|---|---|\n");
    for package in packages {
        let of: Vec<&Row<'_>> = rows.iter().filter(|row| row.function.package == package).collect();
        writeln!(
            text,
            "| {package} | {} | {} | {} | {} |",
            of[0].function.version,
            of.len(),
            of.iter().filter(|row| row.accepted()).count(),
            of.iter().filter(|row| row.verdict() == "right").count()
        )
        .expect("a string");
    }
    text.push_str(
        "\nThe others, by the first message that they get:\n\n| functions | message | such as |\n|---|---|---|\n",
    );
    let mut reasons: BTreeMap<String, Vec<&Row<'_>>> = BTreeMap::new();
    for row in rows {
        if let Some(reason) = row.reason() {
            reasons.entry(reason).or_default().push(row);
        }
    }
    let mut reasons: Vec<(String, Vec<&Row<'_>>)> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, rows)| std::cmp::Reverse(rows.len()));
    for (reason, of) in reasons {
        let examples: Vec<String> =
            of.iter().take(3).map(|row| format!("{} `{}`", row.function.package, row.function.name)).collect();
        writeln!(text, "| {} | {reason} | {} |", of.len(), examples.join(", ")).expect("a string");
    }
    text
}

/// Every function with what became of it.
pub fn list(rows: &[Row<'_>]) -> String {
    let mut text = String::from("crate\tversion\tfile\tfunction\trole\toutcome\tdetails\n");
    for row in rows {
        let Function { package, version, file, name, helper, .. } = row.function;
        let role = if *helper { "helper" } else { "chosen" };
        writeln!(text, "{package}\t{version}\t{file}\t{name}\t{role}\t{}\t{}", row.verdict(), row.details())
            .expect("a string");
    }
    text
}

/// For the terminal: the messages with the lines where they stand, and what is wrong.
pub fn details(rows: &[Row<'_>], sources: &Sources) -> String {
    let mut text = String::new();
    for row in rows {
        let Function { package, file, name, begin, .. } = row.function;
        for message in &row.messages {
            let source = sources.line(package, file, message.line);
            writeln!(text, "{package} {file}:{} {name}: {}\n    {source}", message.line, message.text)
                .expect("a string");
        }
        if let Some(Outcome::DoesNotCompile(what) | Outcome::Wrong(what) | Outcome::Unchecked(what)) = &row.outcome {
            let verdict = row.verdict();
            writeln!(text, "{package} {file}:{} {name}: {verdict}: {what}", begin.line).expect("a string");
        }
    }
    text
}

/// The first line of a message, without what is special of one function.
fn general(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    let parts = line.split('`').enumerate().map(|(index, part)| if index % 2 == 1 { "`…`" } else { part });
    parts.collect::<String>().replace('|', "\\|")
}
