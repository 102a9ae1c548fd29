//! Functions with the name of a module, for which the documentation names the options. Input: what rustc says. Output: what is
//! written on the function, or on one that calls it.

use crate::choice::Function;
use crate::scratch::Candidate;
use std::collections::BTreeMap;

/// The options that are tried where a name is defined twice (E0255): `namesake` where it is that of the function's own module.
pub fn next(function: &Function, before: Option<&str>) -> &'static str {
    match before {
        None if module(function).is_some() => "namesake",
        None => "local",
        Some(_) => "standalone",
    }
}

/// The modules that have the name of a function of theirs, where that is said: by crate and name.
pub fn modules(candidates: &[Candidate<'_>]) -> BTreeMap<(String, String), String> {
    let said = candidates.iter().filter(|candidate| candidate.annotation.namesake == Some("namesake"));
    let found = said.filter_map(|candidate| {
        let key = (candidate.function.package.clone(), candidate.function.name.clone());
        module(candidate.function).map(|module| (key, module))
    });
    found.collect()
}

/// The module that a caller has to name, because only the function is in its scope (E0433).
pub fn missed(text: &str, caller: &Candidate<'_>, modules: &BTreeMap<(String, String), String>) -> Option<String> {
    let name = text.strip_prefix("cannot find module or crate `")?.split('`').next()?;
    let module = modules.get(&(caller.function.package.clone(), name.to_owned()))?;
    (!caller.annotation.namesakes.contains(module)).then(|| module.clone())
}

/// The module of a function, if it has its name.
fn module(function: &Function) -> Option<String> {
    let path = function.file.strip_prefix("src/")?.strip_suffix(".rs")?;
    let path = path.strip_suffix("/mod").unwrap_or(path);
    let own = function.block.is_none() && path.rsplit('/').next() == Some(&*function.name);
    own.then(|| format!("crate::{}", path.replace('/', "::")))
}
