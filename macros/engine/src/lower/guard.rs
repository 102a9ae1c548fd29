//! What is refused before parsing: input on which a recursive parser or a later pass would run out of stack, and names
//! that hygiene makes ambiguous. Input: the function's tokens. Everything here is iterative.

use crate::diagnostics::{Errors, message};
use crate::tokens::each;
use proc_macro2::{Delimiter, Spacing, Span, TokenStream, TokenTree};
use std::collections::HashMap;

/// How deeply groups may be nested.
const DEPTH: usize = 96;
/// How many levels of syntax may be nested: groups, and what stands before them without parentheses.
const LEVELS: usize = 128;
/// How many tokens may stand between two separators.
const RUN: usize = 2_000;
/// How many operators may follow each other, or how many closures or types of functions.
const PREFIXES: usize = 32;
/// How many `<` may be open.
const ANGLES: usize = 24;
/// How many fields, indices, calls, casts and `?` may follow each other; a method is two of them.
const POSTFIXES: usize = 256;
/// How many `else` may follow each other.
const ELSES: usize = 128;

/// Reports what is too deep or too long; `true` if the tokens may be parsed.
pub fn check(tokens: &TokenStream, errors: &mut Errors) -> bool {
    let mut stack = vec![(tokens.clone().into_iter(), Run::default())];
    let mut levels = 0;
    while let Some((iter, run)) = stack.last_mut() {
        let Some(token) = iter.next() else {
            stack.pop();
            levels -= stack.last().map_or(0, |(_, run)| run.entered);
            continue;
        };
        if let Some(text) = run.count(&token) {
            errors.push(token.span(), text);
            return false;
        }
        if let TokenTree::Group(group) = token {
            run.entered = run.levels();
            levels += run.entered;
            if stack.len() > DEPTH || levels > LEVELS {
                errors.push(group.span_open(), message::too_deep());
                return false;
            }
            stack.push((group.stream().into_iter(), Run::default()));
        }
    }
    true
}

/// What stands between two separators, so far.
#[derive(Default)]
struct Run {
    tokens: usize,
    elses: usize,
    /// Operators and keywords in front of an operand that does not come.
    prefixes: usize,
    /// Closures, and types and items that hold functions.
    functions: usize,
    /// `<` without a `>`, be they brackets or not.
    angles: usize,
    /// Fields, indices, calls, casts and `?`, since the last operator.
    postfixes: usize,
    /// `=` and `@`, which associate to the right.
    assignments: usize,
    /// The last token, if it was one character.
    last: Option<char>,
    /// Between the bars of a closure.
    in_bars: bool,
    /// The last token was a block.
    after_block: bool,
    /// The levels of the group that was entered last.
    entered: usize,
}

impl Run {
    fn count(&mut self, token: &TokenTree) -> Option<String> {
        // A block that no `else` and no operator follows ends a statement.
        let goes_on = matches!(token, TokenTree::Punct(p) if p.as_char() != '#')
            || matches!(token, TokenTree::Ident(i) if i == "else");
        if std::mem::take(&mut self.after_block) && !goes_on {
            *self = Run { angles: self.angles, ..Run::default() };
        }
        self.after_block = matches!(token, TokenTree::Group(g) if g.delimiter() == Delimiter::Brace);
        self.tokens += 1;
        let mut operator = false;
        let after_operand = self.prefixes == 0;
        match token {
            TokenTree::Punct(p) if p.as_char() == ';' => *self = Run::default(),
            // A comma separates, but for what a `<` opens.
            TokenTree::Punct(p) if p.as_char() == ',' && !self.in_bars => {
                *self = Run { angles: self.angles, ..Run::default() };
            }
            TokenTree::Punct(p) if p.as_char() == '|' => {
                // In front of an operand it opens a closure; after one it closes the bars, or is an operator.
                let opens = !self.in_bars && (self.tokens == 1 || !after_operand);
                if !opens && !self.in_bars {
                    self.angles = 0;
                }
                self.functions += usize::from(opens);
                self.in_bars = opens;
                operator = true;
            }
            TokenTree::Punct(p) => {
                operator = p.as_char() != '?';
                match p.as_char() {
                    '.' | '?' => self.postfixes += 1,
                    ':' | '<' | '>' => {}
                    _ => self.postfixes = 0,
                }
                match (self.last, p.as_char()) {
                    (Some('-'), '>') | (Some('=' | '<' | '>' | '!'), '=') => {}
                    (_, '<') => self.angles += 1,
                    // Comparisons end here, and types do not go on.
                    (Some('='), '>') => self.angles = 0,
                    (_, '&') if after_operand => self.angles = 0,
                    (_, '>') => self.angles = self.angles.saturating_sub(1),
                    (_, '=') if p.spacing() == Spacing::Alone => self.assignments += 1,
                    (_, '@') => self.assignments += 1,
                    _ => {}
                }
            }
            TokenTree::Ident(i) if i == "fn" || i == "impl" || i == "dyn" || i == "mod" => self.functions += 1,
            TokenTree::Ident(i) if i == "else" => self.elses += 1,
            TokenTree::Ident(i) if i == "as" => self.postfixes += 1,
            TokenTree::Group(g) if g.delimiter() == Delimiter::Brace => {
                self.tokens = 0;
                if after_operand {
                    self.angles = 0;
                }
            }
            TokenTree::Group(_) if after_operand => self.postfixes += 1,
            _ => {}
        }
        let words = ["return", "break", "dyn", "mut", "move", "in", "if", "while", "match", "else", "async", "const"];
        let word = matches!(token, TokenTree::Ident(i) if words.iter().any(|word| i == word));
        // A label is no operand, and for a group it is the caller who counts.
        let label = self.last == Some('\'');
        self.last = if let TokenTree::Punct(p) = token { Some(p.as_char()) } else { None };
        if !matches!(token, TokenTree::Group(_)) && !label {
            self.prefixes = if operator || word { self.prefixes + 1 } else { 0 };
        }
        if self.elses > ELSES
            || self.prefixes > PREFIXES
            || self.functions > PREFIXES
            || self.assignments > PREFIXES
            || self.postfixes > POSTFIXES
            || self.angles > ANGLES
        {
            return Some(message::too_deep());
        }
        (self.tokens > RUN).then(message::too_long)
    }

    /// How many levels of syntax the group that comes now lies below the one around it: a binary operator before it is
    /// none.
    fn levels(&mut self) -> usize {
        let prefixes = std::mem::take(&mut self.prefixes);
        1 + 2 * self.functions + self.elses + prefixes.saturating_sub(2)
    }
}

/// Names that occur in more than one hygiene context: `macro_rules!` can put two variables of one name side by side.
///
/// On stable Rust a span shows its context only in its `Debug` form; where that has no `#`, everything is one context.
pub fn ambiguous_names(tokens: &TokenStream) -> HashMap<String, Span> {
    let mut contexts: HashMap<String, String> = HashMap::new();
    let mut ambiguous = HashMap::new();
    for token in each(tokens.clone()) {
        let TokenTree::Ident(ident) = token else { continue };
        let debug = format!("{:?}", ident.span());
        let context = debug.split_once(' ').map_or("", |(c, _)| c);
        let context = if context.starts_with('#') { context } else { "" };
        let known = contexts.entry(ident.to_string()).or_insert_with(|| context.to_string());
        if known != context {
            ambiguous.insert(ident.to_string(), ident.span());
        }
    }
    ambiguous
}

/// The first `cfg` attribute among the tokens.
pub fn inner_cfg(tokens: &TokenStream) -> Option<Span> {
    let mut after_hash = false;
    for token in each(tokens.clone()) {
        if let (true, TokenTree::Group(group)) = (after_hash, &token)
            && group.delimiter() == Delimiter::Bracket
            && let Some(TokenTree::Ident(i)) = group.stream().into_iter().next()
            && (i == "cfg" || i == "cfg_attr")
        {
            return Some(i.span());
        }
        after_hash = matches!(&token, TokenTree::Punct(p) if p.as_char() == '#' || (after_hash && p.as_char() == '!'));
    }
    None
}
