//! What a function returns that is called: rustc's message asks to say it. Input: the message. Output: the name of the function
//! and the type in its signature.

use crate::annotate::content;
use crate::scratch::Candidate;
use quote::ToTokens as _;
use serde_json::Value;
use syn::ReturnType;

/// What is to be said, if the message asks for it and it is not said yet.
pub fn missed(message: &Value, text: &str, caller: &Candidate<'_>, all: &[Candidate<'_>]) -> Option<String> {
    text.contains("`#[differentiate(returns(").then_some(())?;
    let spans = message["spans"].as_array()?;
    let name = spans.iter().filter(|span| span["is_primary"] == true).find_map(|span| innermost(span, caller))?;
    let same = |c: &&Candidate<'_>| c.function.package == caller.function.package && c.function.name == name;
    let ReturnType::Type(_, ty) = &all.iter().find(same)?.function.item.sig.output else { return None };
    let ty = content(ty).unwrap_or(ty).to_token_stream();
    let said = format!("{name} = {ty}");
    (!caller.annotation.returns.contains(&said)).then_some(said)
}

/// The name that a message stands on, in the caller's file.
fn innermost(span: &Value, caller: &Candidate<'_>) -> Option<String> {
    let mut span = span;
    loop {
        let file = span["file_name"].as_str().unwrap_or_default();
        let line = span["line_start"].as_u64().unwrap_or_default() as usize;
        if file.ends_with(&caller.function.file) && caller.function.has_line(line) {
            let text = &span["text"][0];
            let at = |key: &str| text[key].as_u64().map(|column| column as usize - 1);
            let (start, end) = (at("highlight_start")?, at("highlight_end")?);
            if span["text"].as_array().is_none_or(|lines| lines.len() != 1) {
                return None;
            }
            let marked: String = text["text"].as_str()?.chars().take(end).skip(start).collect();
            let name = marked.split('(').next()?.rsplit("::").next()?.trim().to_owned();
            return (!name.is_empty()).then_some(name);
        }
        span = span["expansion"].is_object().then(|| &span["expansion"]["span"])?;
    }
}
