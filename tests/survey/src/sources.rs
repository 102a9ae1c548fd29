//! Where the crates are. Input: this package's `Cargo.toml`. Output: from `cargo metadata`, the folders of its development
//! dependencies with the features that are asked for, and the functions in their sources.

use crate::choice::{self, Function};
use crate::features::prune;
use crate::structs::{Struct, structs};
use proc_macro2::LineColumn;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use syn::Item;
use syn::spanned::Spanned as _;

/// A crate under survey.
pub struct Package {
    pub version: String,
    pub folder: PathBuf,
    /// How it is named in code.
    pub library: String,
    /// What is behind it in `[dependencies]`, but the version.
    pub features: String,
    functions: Vec<Function>,
    /// Its structs.
    pub structs: Vec<Struct>,
    /// Its macros by example.
    pub macros: Vec<Definition>,
    lines: BTreeMap<String, Vec<String>>,
}

/// A `macro_rules!`: its name, and where it stands.
pub struct Definition {
    pub file: String,
    pub name: String,
    pub begin: LineColumn,
}

/// All of them, by name.
pub struct Sources {
    pub packages: BTreeMap<String, Package>,
    /// The build directory.
    pub target: PathBuf,
}

impl Sources {
    /// Asks cargo.
    pub fn find(manifest: &Path, wanted: &dyn Fn(&str) -> bool) -> Self {
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version=1", "--locked", "--manifest-path"])
            .arg(manifest)
            .output()
            .expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
        let all = metadata["packages"].as_array().expect("packages");
        let this = all.iter().find(|package| package["name"] == env!("CARGO_PKG_NAME")).expect("this package");
        let nodes = metadata["resolve"]["nodes"].as_array().expect("resolved");
        let wanted = this["dependencies"]
            .as_array()
            .expect("dependencies")
            .iter()
            .filter(|d| d["kind"] == "dev" && wanted(string_of(&d["name"])));
        let packages = wanted.map(|dependency| {
            let version = string(&dependency["req"]).trim_start_matches('=').to_owned();
            let named = |package: &&Value| package["name"] == dependency["name"] && package["version"] == *version;
            let package = all.iter().find(named).expect("a locked dependency");
            let node = nodes.iter().find(|node| node["id"] == package["id"]).expect("a resolved dependency");
            let on = node["features"].as_array().expect("features").iter().map(string).collect::<Vec<_>>();
            (string(&package["name"]), Package::read(package, dependency, version, &on))
        });
        Sources { packages: packages.collect(), target: PathBuf::from(string(&metadata["target_directory"])) }
    }

    /// The functions of a package.
    pub fn functions(&self, package: &str, version: &str) -> &[Function] {
        let found = self.packages.get(package).filter(|found| found.version == version);
        &found.unwrap_or_else(|| panic!("{package} {version} is no development dependency")).functions
    }

    /// A line of a source.
    pub fn line(&self, package: &str, file: &str, line: usize) -> &str {
        let lines = self.packages[package].lines.get(file);
        lines.and_then(|lines| lines.get(line.wrapping_sub(1))).map_or("", |line| line.trim())
    }
}

impl Package {
    fn read(package: &Value, dependency: &Value, version: String, on: &[String]) -> Self {
        let folder = PathBuf::from(string(&package["manifest_path"]));
        let folder = folder.parent().expect("a folder").to_owned();
        let targets = package["targets"].as_array().expect("targets").iter();
        let library = targets.filter(|target| target["kind"][0] != "bin").map(|target| string(&target["name"])).next();
        let name = string(&package["name"]);
        let mut files = Vec::new();
        find(&folder.join("src"), &mut files);
        files.sort();
        let (mut functions, mut found, mut lines) = (Vec::new(), Vec::new(), BTreeMap::new());
        let mut macros = Vec::new();
        for file in files {
            let text = std::fs::read_to_string(&file).expect("a source");
            let relative = file.strip_prefix(&folder).expect("inside").to_string_lossy().into_owned();
            if let Ok(mut parsed) = syn::parse_file(&text) {
                prune(&mut parsed.items, on);
                functions.extend(choice::functions(&parsed, &name, &version, &relative));
                structs(&parsed.items, &relative, &mut found);
                definitions(&parsed.items, &relative, &mut macros);
            }
            lines.insert(relative, text.lines().map(String::from).collect());
        }
        let features = format!(
            "default-features = {}, features = {}",
            dependency["uses_default_features"], dependency["features"]
        );
        let library = library.unwrap_or(name).replace('-', "_");
        Package { version, folder, library, features, functions, structs: found, macros, lines }
    }
}

fn definitions(items: &[Item], file: &str, found: &mut Vec<Definition>) {
    for item in items {
        match item {
            Item::Macro(item) => found.extend(item.ident.as_ref().map(|name| Definition {
                file: file.to_owned(),
                name: name.to_string(),
                begin: item.mac.path.span().start(),
            })),
            Item::Mod(module) => {
                if let Some((_, items)) = &module.content {
                    definitions(items, file, found);
                }
            }
            _ => {}
        }
    }
}

fn string_of(value: &Value) -> &str {
    value.as_str().expect("a string")
}

fn string(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            find(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
