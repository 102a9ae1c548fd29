//! The scratch workspace, inside of the build directory. Input: the accepted functions. Output: of each, whether the annotated
//! copy of its crate compiles, and what its check says.
//!
//! Each crate is copied, and a copy differs from the crate in attributes and in checks behind the functions, in the same
//! lines, so that an error of rustc is that of the function around its line. What does not compile loses its attribute, and
//! the rest is built again, until all that is left compiles. A check runs in a process of its own.

use crate::annotate::{Annotation, Place};
use crate::choice::Function;
use crate::sources::{Package, Sources};
use crate::structs::Struct;
use crate::{namesake, returns};
use proc_macro2::LineColumn;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How often it is built.
const BUILDS: usize = 24;
/// How long a check may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// What has become of a function that the engine accepts.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Its check passed: the details.
    Right(String),
    Wrong(String),
    /// Compiled, but not checked, or nothing was confirmed: why.
    Unchecked(String),
    /// What rustc says.
    DoesNotCompile(String),
}

/// One of the accepted.
pub struct Candidate<'f> {
    pub function: &'f Function,
    pub annotation: Annotation,
    pub subject: Result<String, String>,
    pub error: Option<String>,
}

impl Candidate<'_> {
    /// Whether the attribute is in a line, on the `impl`.
    fn is_at(&self, line: usize) -> bool {
        let block = self.function.block_begin().filter(|_| self.annotation.place == Place::Block);
        block.is_some_and(|begin| begin.line == line)
    }
}

/// What an error concerns.
struct Concerned {
    /// The candidates, and whether it is only their check.
    candidates: Vec<(usize, bool)>,
    /// Whether it stands at the attribute of the `impl` around them.
    by_block: bool,
}

/// The workspace.
pub struct Scratch<'s> {
    folder: PathBuf,
    sources: &'s Sources,
    /// The survey's own folder.
    survey: PathBuf,
}

impl<'s> Scratch<'s> {
    /// Copies the crates.
    pub fn new(sources: &'s Sources, survey: &Path) -> Self {
        let scratch = Scratch {
            folder: sources.target.join("survey"),
            sources,
            survey: survey.canonicalize().expect("a folder"),
        };
        for (name, package) in &sources.packages {
            let to = scratch.folder.join("crates").join(name);
            let _ = fs::remove_dir_all(&to);
            copy(&package.folder, &to);
            let manifest = cleaned(&fs::read_to_string(package.folder.join("Cargo.toml")).expect("a manifest"));
            let runtime = scratch.survey.join("../../runtime");
            let own = format!(
                "{manifest}\n[dependencies.symgrad]\npath = {runtime:?}\n[dependencies.symgrad-survey-support]\npath = {:?}\n",
                scratch.survey.join("support")
            );
            fs::write(to.join("Cargo.toml"), own).expect("written");
        }
        let members: Vec<String> = sources.packages.keys().map(|name| format!("\"crates/{name}\"")).collect();
        let workspace = format!(
            "[workspace]\nresolver = \"2\"\nmembers = [\"driver\", {}]\n[profile.dev]\ndebug = 0\n",
            members.join(", ")
        );
        fs::write(scratch.folder.join("Cargo.toml"), workspace).expect("written");
        fs::copy(scratch.survey.join("Cargo.lock"), scratch.folder.join("Cargo.lock")).expect("the lock file");
        let dependency = |(name, package): (&String, &Package)| {
            format!("{name} = {{ path = \"../crates/{name}\", {} }}\n", package.features)
        };
        let dependencies: String = sources.packages.iter().map(dependency).collect();
        let driver = scratch.folder.join("driver");
        fs::create_dir_all(driver.join("src")).expect("a folder");
        let manifest = format!(
            "[package]\nname = \"driver\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[dependencies]\n{dependencies}"
        );
        fs::write(driver.join("Cargo.toml"), manifest).expect("written");
        scratch
    }

    /// Builds what compiles, and runs the checks.
    pub fn run(&self, candidates: &mut [Candidate<'_>]) -> Vec<Outcome> {
        for build in 1..=BUILDS {
            self.write(candidates);
            let found = self.build(candidates);
            eprintln!("build {build}: {found} functions do not compile");
            if found == 0 {
                break;
            }
            assert!(build < BUILDS, "there is no end of what does not compile");
        }
        let outcomes =
            candidates.iter().enumerate().map(|(index, candidate)| match (&candidate.error, &candidate.subject) {
                (Some(error), _) => Outcome::DoesNotCompile(error.clone()),
                (None, Err(reason)) => Outcome::Unchecked(reason.clone()),
                (None, Ok(_)) => self.check(index),
            });
        outcomes.collect()
    }

    fn write(&self, candidates: &[Candidate<'_>]) {
        for (name, package) in &self.sources.packages {
            let here = |candidate: &&Candidate<'_>| candidate.function.package == *name;
            let mut files: BTreeSet<&str> = candidates.iter().filter(here).map(|c| c.function.file.as_str()).collect();
            let structs = candidates.iter().filter(here).flat_map(|c| c.annotation.derived());
            files.extend(structs.map(|item| item.file.as_str()));
            files.extend(package.macros.iter().map(|definition| definition.file.as_str()));
            for file in files {
                let text = fs::read_to_string(package.folder.join(file)).expect("a source");
                let annotated = insert(&text, &insertions(candidates, package, name, file));
                replace_if_changed(&self.folder.join("crates").join(name).join(file), &annotated);
            }
        }
        let run = candidates.iter().enumerate().filter(|(_, c)| c.error.is_none()).map(|(i, _)| i);
        let run: Vec<usize> = run.collect();
        let uses: String = self.sources.packages.values().map(|p| format!("use {} as _;\n", p.library)).collect();
        let declared: String = run.iter().map(|k| format!("    safe fn __symgrad_survey_{k}();\n")).collect();
        let arms: String = run.iter().map(|k| format!("        {k} => __symgrad_survey_{k}(),\n")).collect();
        let main = format!(
            "{uses}unsafe extern \"Rust\" {{\n{declared}}}\nfn main() {{\n    let argument = std::env::args().nth(1).unwrap();\n    \
             match argument.parse::<usize>().unwrap() {{\n{arms}        _ => panic!(),\n    }}\n}}\n"
        );
        replace_if_changed(&self.folder.join("driver/src/main.rs"), &main);
    }

    /// Builds, and notes what does not compile; how many functions that is.
    fn build(&self, candidates: &mut [Candidate<'_>]) -> usize {
        let output = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--package=driver", "--keep-going", "--message-format=json"])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .env("RUSTFLAGS", "--cap-lints allow")
            .output()
            .expect("cargo runs");
        let (mut found, mut stray) = (0, String::new());
        let (mut asked, namesakes) = (BTreeSet::new(), namesake::modules(candidates));
        let lines = String::from_utf8_lossy(&output.stdout);
        let messages = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let mut messages: Vec<Value> = messages.map(|mut line| line["message"].take()).collect();
        messages.retain(|message| message["level"] == "error");
        if messages.iter().any(defined_twice) {
            // Others may follow from that.
            messages.retain(defined_twice);
        }
        // Others may follow from what one asks for.
        messages.sort_by_key(|message| !text_of(message, "rendered").contains("`#[differentiate("));
        // An error at the attribute on an `impl` may be that of any function in it, and follow from another one.
        for (of_blocks, message) in [false, true].into_iter().flat_map(|last| messages.iter().map(move |m| (last, m))) {
            if of_blocks && found > 0 {
                break;
            }
            let rendered = message["rendered"].as_str().unwrap_or_default();
            for name in rendered.split("undefined symbol: __symgrad_survey_").skip(1) {
                let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
                let index: usize = digits.parse().expect("a number");
                candidates[index].error = Some("it is not compiled with these features".into());
                found += 1;
            }
            let Concerned { candidates: failed, by_block } = self.concerned(message, candidates);
            if by_block && !of_blocks {
                continue;
            }
            if failed.is_empty() {
                stray.push_str(message["rendered"].as_str().unwrap_or_default());
            }
            for (index, check) in failed {
                let text = message["message"].as_str().unwrap_or_default().to_owned();
                // What stands below it: notes, and what it says to write instead.
                let below = message["children"].as_array().into_iter().flatten();
                let below = below.map(|child| format!("\n{}: {}", text_of(child, "level"), text_of(child, "message")));
                let text = text + &below.collect::<String>();
                let said = returns::missed(message, &text, &candidates[index], candidates);
                let candidate = &mut candidates[index];
                found += 1;
                if defined_twice(message) && candidate.annotation.namesake != Some("standalone") {
                    candidate.annotation.namesake =
                        Some(namesake::next(candidate.function, candidate.annotation.namesake));
                } else if let Some(module) = namesake::missed(&text, candidate, &namesakes) {
                    candidate.annotation.namesakes.push(module);
                    (candidate.error, _) = (None, asked.insert(index));
                } else if let Some(said) = said {
                    candidate.annotation.returns.push(said);
                    (candidate.error, _) = (None, asked.insert(index));
                } else if candidate.annotation.take(&text, &self.sources.packages[&candidate.function.package]) {
                    // Its other messages may follow from this one.
                    (candidate.error, _) = (None, asked.insert(index));
                } else if check && !asked.contains(&index) {
                    candidate.subject = Err(format!("its check does not compile: {text}"));
                } else if !asked.contains(&index) {
                    candidate.error = Some(text);
                }
            }
        }
        assert!(found > 0 || output.status.success(), "{stray}\n{}", String::from_utf8_lossy(&output.stderr));
        found
    }

    /// What an error concerns.
    fn concerned(&self, message: &Value, candidates: &[Candidate<'_>]) -> Concerned {
        let (mut found, mut beside) = (BTreeMap::new(), BTreeMap::new());
        for span in message["spans"].as_array().into_iter().flatten().filter(|span| span["is_primary"] == true) {
            let mut span = span;
            loop {
                let file = self.folder.join(span["file_name"].as_str().unwrap_or_default());
                let line = span["line_start"].as_u64().unwrap_or_default() as usize;
                let column = span["column_start"].as_u64().unwrap_or_default() as usize;
                // A check stands behind the function, in its last line.
                let before: String =
                    span["text"][0]["text"].as_str().unwrap_or_default().chars().take(column).collect();
                let check =
                    before.rsplit_once("__symgrad_survey_").and_then(|(_, rest)| rest.split('(').next()?.parse().ok());
                for (index, candidate) in candidates.iter().enumerate().filter(|(_, c)| c.error.is_none()) {
                    let function = candidate.function;
                    let path = |of: &str| self.folder.join("crates").join(&function.package).join(of);
                    if candidate.annotation.derived().any(|item| path(&item.file) == file && item.has_line(line)) {
                        found.insert(index, false);
                    }
                    if self.folder.join("crates").join(&function.package).join(&function.file) != file {
                        continue;
                    }
                    if check == Some(index) {
                        found.entry(index).or_insert(true);
                    } else if check.is_none() && function.has_line(line) {
                        found.insert(index, false);
                    } else if check.is_none() && candidate.is_at(line) {
                        beside.insert(index, false);
                    }
                }
                // The innermost line that a function has is the one that is wrong: the attribute's own is that of all in an `impl`.
                if !found.is_empty() || !beside.is_empty() || !span["expansion"].is_object() {
                    break;
                }
                span = &span["expansion"]["span"];
            }
        }
        let by_block = found.is_empty() && !beside.is_empty();
        found.extend(if by_block { beside } else { BTreeMap::new() });
        if found.is_empty() {
            // `mod f; pub use f::f;` stands elsewhere.
            let text = message["message"].as_str().unwrap_or_default();
            let name = text.split('`').nth(1).filter(|_| text.contains("is defined multiple times"));
            let here = |c: &Candidate<'_>| {
                let file = message["spans"][0]["file_name"].as_str().unwrap_or_default();
                c.error.is_none()
                    && Some(&*c.function.name) == name
                    && file.contains(&format!("/{}/", c.function.package))
            };
            found.extend(candidates.iter().enumerate().filter(|(_, c)| here(c)).map(|(index, _)| (index, false)));
        }
        Concerned { candidates: found.into_iter().collect(), by_block }
    }

    fn check(&self, index: usize) -> Outcome {
        let mut child = Command::new(self.folder.join("target/debug/driver"))
            .arg(index.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the driver runs");
        let start = Instant::now();
        while child.try_wait().expect("a process").is_none() {
            if start.elapsed() > PATIENCE {
                child.kill().expect("a process");
                return Outcome::Unchecked("the check took too long".into());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        let output = child.wait_with_output().expect("output");
        let text = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
        match text.split_once('\t') {
            Some(("right", details)) => Outcome::Right(details.to_owned()),
            Some(("wrong", details)) => Outcome::Wrong(details.to_owned()),
            Some((_, details)) => Outcome::Unchecked(details.to_owned()),
            None => Outcome::Unchecked(format!("the check ended by {}", output.status)),
        }
    }
}

fn text_of<'m>(message: &'m Value, key: &str) -> &'m str {
    message[key].as_str().unwrap_or_default()
}

/// Whether a name is defined twice (E0255).
fn defined_twice(message: &Value) -> bool {
    text_of(message, "message").contains("is defined multiple times")
}

/// What is written into a file, and where.
fn insertions(candidates: &[Candidate<'_>], sources: &Package, package: &str, file: &str) -> Vec<(LineColumn, String)> {
    let mut list = Vec::new();
    let mut blocks: BTreeMap<(usize, usize), String> = BTreeMap::new();
    for (index, candidate) in candidates.iter().enumerate() {
        let function = candidate.function;
        if function.package != package || function.file != file || candidate.error.is_some() {
            continue;
        }
        let arguments = candidate.annotation.arguments();
        match (candidate.annotation.place, function.block_begin()) {
            (Place::Block, Some(begin)) => {
                let name = format!("companions = Derivatives{}", begin.line);
                let block = if candidate.annotation.companions { name } else { String::new() };
                let block = match candidate.annotation.macros.join(", ") {
                    macros if macros.is_empty() => block,
                    macros if block.is_empty() => format!("macros({macros})"),
                    macros => format!("{block}, macros({macros})"),
                };
                blocks.insert((begin.line, begin.column), block);
                list.push((function.begin, format!("#[differentiate({arguments})] ")));
            }
            _ => list.push((function.begin, format!("#[symgrad::differentiate({arguments})] "))),
        }
        // Without a check, it says that the function is compiled.
        let subject = candidate.subject.as_deref().unwrap_or_default();
        let check =
            format!(" #[allow(warnings)] #[unsafe(no_mangle)] pub fn __symgrad_survey_{index}() {{ {subject} }}");
        list.push((function.block_end, check));
    }
    let on_blocks = blocks.into_iter().map(|((line, column), arguments)| {
        (LineColumn { line, column }, format!("#[symgrad::differentiate({arguments})] "))
    });
    list.extend(on_blocks);
    list.extend(on_structs(candidates, package, file));
    let kept = candidates.iter().filter(|c| c.function.package == package && c.error.is_none());
    let named: BTreeSet<&String> = kept.flat_map(|candidate| &candidate.annotation.macros).collect();
    let seen_through = sources.macros.iter().filter(|found| found.file == file && named.contains(&found.name));
    list.extend(seen_through.map(|found| (found.begin, "#[symgrad::differentiate] ".to_owned())));
    list.sort_by_key(|(at, _)| *at);
    list
}

/// The derives, each once.
fn on_structs(candidates: &[Candidate<'_>], package: &str, file: &str) -> Vec<(LineColumn, String)> {
    let kept = candidates.iter().filter(|c| c.function.package == package && c.error.is_none());
    let derived: Vec<Struct> = kept.flat_map(|c| c.annotation.derived()).cloned().collect();
    let here = derived.iter().enumerate().filter(|(at, item)| item.file == file && !derived[..*at].contains(item));
    here.flat_map(|(_, item)| item.attributes(&derived)).collect()
}

fn insert(text: &str, insertions: &[(LineColumn, String)]) -> String {
    let mut lines: Vec<String> = text.split('\n').map(String::from).collect();
    for (at, what) in insertions.iter().rev() {
        let line = &mut lines[at.line - 1];
        let byte = line.char_indices().nth(at.column).map_or(line.len(), |(byte, _)| byte);
        line.insert_str(byte, what);
    }
    lines.join("\n")
}

/// A manifest without what a copy does not need.
fn cleaned(manifest: &str) -> String {
    let dropped =
        ["dev-dependencies", "bench", "test", "example", "bin", "profile", "lints", "badges", "package.metadata"];
    let development = manifest.lines().filter_map(|line| line.strip_prefix("[dev-dependencies."));
    let development: Vec<&str> = development.map(|name| name.trim_end_matches(']')).collect();
    let mut keep = true;
    let mut lines = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            let section = line.trim_matches(['[', ']']);
            let target = section.starts_with("target.") && section.contains("dev-dependencies");
            keep = !target && !dropped.iter().any(|start| section.starts_with(start));
        }
        // A feature may be one of a development dependency.
        let feature = line.trim().trim_start_matches('"').split(['/', '?']).next().unwrap_or_default();
        if keep && !(line.contains('/') && development.contains(&feature)) {
            lines.push(line);
        }
    }
    lines.join("\n")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name");
        let left_out = ["Cargo.lock", "rust-toolchain", "rust-toolchain.toml", ".cargo", ".git", "target"];
        if left_out.iter().any(|other| name == *other) {
            continue;
        }
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            fs::copy(&path, to.join(name)).expect("copied");
        }
    }
}

/// What is as it was is not built again.
fn replace_if_changed(path: &Path, text: &str) {
    if fs::read_to_string(path).ok().as_deref() != Some(text) {
        fs::write(path, text).expect("written");
    }
}
