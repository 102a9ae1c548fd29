//! Other names for variables in the user's tokens, which are not parsed again: fields, methods, the modules of a path and
//! what a string says stay as they are, short forms of fields are written out, and format strings follow.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::quote;

/// What a variable is called from now on, if that is something else.
pub type NewName<'n> = &'n dyn Fn(&str) -> Option<Ident>;

/// Where tokens stand.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Code,
    /// In the braces of a struct.
    Fields,
    /// In a macro call; where a format string may stand.
    Macro {
        format_from: usize,
    },
}

/// Tokens as text. How they are spaced depends on where they come from, so there are no spaces.
#[must_use]
pub fn text(tokens: &TokenStream) -> String {
    tokens.to_string().split_whitespace().collect()
}

/// Whether a token is this punctuation mark.
#[must_use]
pub fn is_punct(token: Option<&TokenTree>, mark: char) -> bool {
    matches!(token, Some(TokenTree::Punct(p)) if p.as_char() == mark)
}

/// Whether a token is this word.
#[must_use]
pub fn is_word(token: Option<&TokenTree>, word: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident == word)
}

/// A group with other tokens, where another one was.
pub(crate) fn refilled(group: &Group, inner: TokenStream) -> Group {
    regrouped(group, group.delimiter(), inner)
}

/// A group with other delimiters, too.
pub(crate) fn regrouped(group: &Group, delimiter: Delimiter, inner: TokenStream) -> Group {
    let mut new = Group::new(delimiter, inner);
    new.set_span(group.span());
    new
}

/// The same tokens, all of them in one place.
#[must_use]
pub fn located(tokens: TokenStream, at: Span) -> TokenStream {
    let one = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            token = Group::new(group.delimiter(), located(group.stream(), at)).into();
        }
        token.set_span(at);
        token
    };
    tokens.into_iter().map(one).collect()
}

/// The names in tokens.
pub fn names(tokens: TokenStream) -> impl Iterator<Item = String> {
    each(tokens).filter_map(|token| match token {
        TokenTree::Ident(name) => Some(name.to_string()),
        _ => None,
    })
}

/// Whether two pieces of code are the same.
#[must_use]
pub fn same(a: &TokenStream, b: &TokenStream) -> bool {
    text(a) == text(b)
}

/// The number that an integer literal says.
#[must_use]
pub fn integer(tokens: &TokenStream) -> Option<usize> {
    let mut tokens = tokens.clone().into_iter();
    let (Some(TokenTree::Literal(literal)), None) = (tokens.next(), tokens.next()) else { return None };
    let digits: String = literal.to_string().chars().filter(|c| *c != '_').collect();
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let (digits, suffix) = digits.split_at(end);
    (suffix.is_empty() || suffix.starts_with(['u', 'i'])).then(|| digits.parse().ok()).flatten()
}

/// All tokens, behind each group those in it: without recursion, since groups may be nested deeply.
pub fn each(tokens: TokenStream) -> impl Iterator<Item = TokenTree> {
    let mut stack = vec![tokens.into_iter()];
    std::iter::from_fn(move || {
        loop {
            match stack.last_mut()?.next() {
                None => drop(stack.pop()),
                Some(token) => {
                    if let TokenTree::Group(group) = &token {
                        stack.push(group.stream().into_iter());
                    }
                    return Some(token);
                }
            }
        }
    })
}

/// Whether a word is among the tokens.
#[must_use]
pub fn has_word(tokens: TokenStream, word: &str) -> bool {
    each(tokens).any(|token| matches!(token, TokenTree::Ident(ident) if ident == word))
}

/// Whether a string among the tokens may name a variable as format strings do.
#[must_use]
pub fn in_string(tokens: &TokenStream, name: &str) -> bool {
    each(tokens.clone()).any(|token| match token {
        TokenTree::Literal(literal) => {
            let text = literal.to_string();
            text.contains('"') && text.contains('{') && text.contains(name)
        }
        _ => false,
    })
}

/// A type of a trait, as an `impl` defines it.
pub struct Associated {
    /// Its name.
    pub name: String,
    /// What it is, if it has no parameters.
    pub definition: Option<TokenStream>,
}

/// How deeply such definitions may be built on each other.
const DEFINITIONS: usize = 8;

/// What `Self` is in the `impl` of a trait.
pub struct SelfType<'s> {
    /// The trait.
    pub of: &'s TokenStream,
    /// Its types.
    pub types: &'s [Associated],
    /// The type, if it is to be written instead of `Self`.
    pub itself: Option<TokenStream>,
}

/// Replaces `Self::Name` by the definition of `Name`, or else by `<Self as Trait>::Name`.
#[must_use]
pub fn with_types(tokens: TokenStream, ty: &SelfType<'_>) -> TokenStream {
    typed(tokens, ty, DEFINITIONS)
}

fn typed(tokens: TokenStream, ty: &SelfType<'_>, depth: usize) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut result = TokenStream::new();
    let mut k = 0;
    while let Some(token) = tokens.get(k) {
        k += 1;
        match token {
            TokenTree::Ident(ident) if ident == "Self" => {
                let path = is_punct(tokens.get(k), ':') && is_punct(tokens.get(k + 1), ':');
                let name = tokens.get(k + 2).filter(|_| path).map(ToString::to_string).unwrap_or_default();
                let Some(known) = ty.types.iter().find(|ty| ty.name == name).filter(|_| depth > 0) else {
                    // Behind `[T; N]`, there is no `::`.
                    let array =
                        |tokens: &TokenStream| matches!(tokens.clone().into_iter().next(), Some(TokenTree::Group(_)));
                    let written = ty.itself.clone().filter(|tokens| !(path && array(tokens)));
                    result.extend(written.unwrap_or_else(|| token.clone().into()));
                    continue;
                };
                k += 3;
                let definition = known.definition.clone().map(|tokens| typed(tokens, ty, depth - 1));
                let name = tokens.get(k - 1);
                result.extend(match (definition, tokens.get(k)) {
                    (None, _) => {
                        let of = ty.of;
                        quote!(<Self as #of>::#name)
                    }
                    (Some(definition), Some(TokenTree::Punct(p)))
                        if p.as_char() == ':' && p.spacing() == Spacing::Joint =>
                    {
                        quote!(<#definition>)
                    }
                    (Some(definition), _) => definition,
                });
            }
            TokenTree::Group(group) => {
                let inner = typed(group.stream(), ty, depth);
                result.extend([TokenTree::Group(refilled(group, inner))]);
            }
            other => result.extend([other.clone()]),
        }
    }
    result
}

/// Replaces names. A variable that is declared in the tokens is renamed with its uses.
pub fn with_new_names(tokens: TokenStream, new: NewName<'_>) -> TokenStream {
    replace(tokens, Place::Code, new)
}

fn replace(tokens: TokenStream, place: Place, new: NewName<'_>) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut result: Vec<TokenTree> = Vec::with_capacity(tokens.len());
    let mut argument = 0;
    let mut formatted = false;
    // After `if`, `match` and the like, braces are those of a block.
    let mut block_follows = false;
    for (k, token) in tokens.iter().enumerate() {
        let before = |n: usize| k.checked_sub(n).and_then(|k| tokens.get(k));
        let after = tokens.get(k + 1);
        match token {
            TokenTree::Ident(ident) => {
                block_follows |= ["if", "while", "match", "for"].iter().any(|keyword| ident == keyword);
                let field = is_punct(before(1), '.') && !is_punct(before(2), '.');
                let module =
                    matches!(after, Some(TokenTree::Punct(p)) if p.as_char() == ':' && p.spacing() == Spacing::Joint);
                let label = place == Place::Fields && is_punct(after, ':') && starts_field(&tokens, k);
                let found = if field || module || label { None } else { new(&ident.to_string()) };
                let Some(mut found) = found else {
                    result.push(token.clone());
                    continue;
                };
                // Where it stands changes, not what it means.
                found.set_span(found.span().located_at(ident.span()));
                if place == Place::Fields && starts_field(&tokens, k) && (after.is_none() || is_punct(after, ',')) {
                    // `ref mut k` is short for `k: ref mut k`.
                    let words = (1..=2).take_while(|&n| is_binding_mode(before(n))).count();
                    let at = result.len() - words;
                    result.insert(at, TokenTree::Ident(ident.clone()));
                    result.insert(at + 1, TokenTree::Punct(Punct::new(':', Spacing::Alone)));
                }
                result.push(TokenTree::Ident(found));
            }
            TokenTree::Group(group) => {
                let braces = group.delimiter() == Delimiter::Brace;
                let inner = if is_punct(before(1), '!') && matches!(before(2), Some(TokenTree::Ident(_))) {
                    let compares = before(2).is_some_and(|name| {
                        let name = name.to_string();
                        name.ends_with("assert_eq") || name.ends_with("assert_ne")
                    });
                    Place::Macro { format_from: if compares { 2 } else { 0 } }
                } else if braces && !block_follows && is_type(before(1)) && has_fields(group) {
                    Place::Fields
                } else {
                    Place::Code
                };
                block_follows &= !braces;
                result.push(refilled(group, replace(group.stream(), inner, new)).into());
            }
            TokenTree::Literal(literal) => {
                let alone = (k == 0 || is_punct(before(1), ',')) && (after.is_none() || is_punct(after, ','));
                let format = match place {
                    Place::Macro { format_from } => alone && argument >= format_from && !formatted,
                    _ => false,
                };
                if format && literal.to_string().contains('"') {
                    formatted = true;
                    result.push(TokenTree::Literal(in_format(literal, new)));
                } else {
                    result.push(token.clone());
                }
            }
            TokenTree::Punct(p) => {
                argument += usize::from(p.as_char() == ',');
                block_follows &= p.as_char() != ';';
                result.push(token.clone());
            }
        }
    }
    result.into_iter().collect()
}

fn is_binding_mode(token: Option<&TokenTree>) -> bool {
    is_word(token, "ref") || is_word(token, "mut")
}

fn is_type(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Ident(i)) if i.to_string().starts_with(char::is_uppercase))
}

/// Whether the name at `k` is the first of a field, but for `ref` and `mut`.
fn starts_field(tokens: &[TokenTree], k: usize) -> bool {
    let start = tokens[..k].iter().rposition(|token| !is_binding_mode(Some(token)));
    start.is_none_or(|start| is_punct(tokens.get(start), ','))
}

/// Whether braces after a type's name can be those of a struct.
fn has_fields(group: &Group) -> bool {
    let mut tokens = group.stream().into_iter().skip_while(|token| is_binding_mode(Some(token)));
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Ident(_)), None) => true,
        (Some(TokenTree::Ident(_)), Some(TokenTree::Punct(p))) => {
            p.as_char() == ',' || (p.as_char() == ':' && p.spacing() == Spacing::Alone)
        }
        _ => false,
    }
}

/// Replaces the names in the braces of a format string: `{name:width$.precision$}`.
fn in_format(literal: &Literal, new: NewName<'_>) -> Literal {
    let text = literal.to_string();
    let mut result = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find('{') {
        let (before, piece) = rest.split_at(at);
        result.push_str(before);
        if let Some(after) = piece.strip_prefix("{{") {
            result.push_str("{{");
            rest = after;
            continue;
        }
        let end = piece.find('}').unwrap_or(piece.len());
        let (inside, after) = piece[1..].split_at(end - 1);
        result.push('{');
        let (name, format) = inside.split_once(':').map_or((inside, None), |(name, format)| (name, Some(format)));
        result.push_str(&new(name.trim()).map_or(name.to_string(), |new| new.to_string()));
        if let Some(format) = format {
            result.push(':');
            let counts: Vec<&str> = format.split('$').collect();
            for (k, count) in counts.iter().enumerate() {
                let start = count_name(count);
                let found = if k + 1 < counts.len() { new(count.get(start..).unwrap_or_default()) } else { None };
                match found {
                    Some(new) => {
                        result.push_str(&count[..start]);
                        result.push_str(&new.to_string());
                    }
                    None => result.push_str(count),
                }
                if k + 1 < counts.len() {
                    result.push('$');
                }
            }
        }
        rest = after;
    }
    result.push_str(rest);
    match result.parse::<Literal>() {
        Ok(mut changed) if result != text => {
            changed.set_span(literal.span());
            changed
        }
        _ => literal.clone(),
    }
}

/// Where the name of a width or a precision begins, in what stands before a `$`: `>08width$`.
#[must_use]
pub fn count_name(text: &str) -> usize {
    let start = text.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
    let name = text.get(start..).unwrap_or_default();
    start + name.find(|c: char| !c.is_ascii_digit()).unwrap_or(name.len())
}

#[cfg(test)]
mod tests {
    use super::with_new_names;
    use proc_macro2::{Ident, Span, TokenStream};

    fn renamed(text: &str) -> String {
        let new = |name: &str| (name == "k").then(|| Ident::new("k_2", Span::call_site()));
        let tokens: TokenStream = text.parse().expect("tokens");
        with_new_names(tokens, &new).to_string()
    }

    #[track_caller]
    fn becomes(text: &str, expected: &str) {
        let expected: TokenStream = expected.parse().expect("tokens");
        assert_eq!(renamed(text), expected.to_string());
    }

    #[test]
    fn variables_but_not_fields_methods_and_paths() {
        becomes("k + a.k + a.k(k) + k::k + 0..k", "k_2 + a.k + a.k(k_2) + k::k_2 + 0..k_2");
    }

    #[test]
    fn fields_of_a_struct() {
        becomes("P { k: k, m: [k] }", "P { k: k_2, m: [k_2] }");
        becomes("P { m, k, ..p }", "P { m, k: k_2, ..p }");
        becomes("let P { ref mut k, m } = p", "let P { k: ref mut k_2, m } = p");
        becomes("if m == MAX { k } else { k }", "if m == MAX { k_2 } else { k_2 }");
        becomes("|k: usize| { k }", "|k_2: usize| { k_2 }");
    }

    #[test]
    fn format_strings_but_no_others() {
        becomes(
            r#"println!("{k} {{k}} {k:?} {:k$.k$} {m:>k$} {m:08k$}", k)"#,
            r#"println!("{k_2} {{k}} {k_2:?} {:k_2$.k_2$} {m:>k_2$} {m:08k_2$}", k_2)"#,
        );
        becomes(r#"say("{k}")"#, r#"say("{k}")"#);
        becomes(r#"println!("{}", "{k}")"#, r#"println!("{}", "{k}")"#);
        becomes(r#"assert_eq!("{k}", m, "{k}")"#, r#"assert_eq!("{k}", m, "{k_2}")"#);
    }
}
