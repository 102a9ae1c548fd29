//! Items inside the function: they are copied to the start of each companion, because the code that uses them may be
//! emitted outside of the block in which they were declared.

use super::Lowerer;
use super::lambda::Lambda;
use crate::diagnostics::{Site, message};
use crate::ir::{Inactive, Op, OpKind, Width};
use crate::tokens::each;
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Block, Item, Stmt, UseTree};

/// The function's items.
#[derive(Default)]
pub(super) struct Items {
    /// Those that are used, in order.
    pub ops: Vec<Op>,
    /// Their text.
    known: HashSet<String>,
    /// Functions among them that can be inlined.
    pub functions: HashMap<String, Rc<Lambda>>,
    /// Glob imports in inner blocks: what they bring in, and hide elsewhere, cannot be seen.
    globs: HashSet<String>,
    /// Names of items in inner blocks that occur outside of the blocks that declare the same, where they mean something else.
    ambiguous: HashSet<String>,
}

impl Items {
    pub(super) fn new(body: &Block, width: &Width) -> Self {
        let whole = names(body.to_token_stream());
        let (inner, globs) = (HashMap::new(), HashSet::new());
        let mut find = Find { width, depth: 0, inner, globs, functions: HashMap::new() };
        find.visit_block(body);
        // Blocks may declare the same: each constant of a formula in the branch that has the formula.
        let same = |blocks: &[(String, usize)]| blocks.windows(2).all(|pair| pair[0].0 == pair[1].0);
        let within = |blocks: &[(String, usize)]| blocks.iter().map(|(_, count)| count).sum::<usize>();
        let plain =
            |name: &String, blocks: &[(String, usize)]| same(blocks) && whole.get(name) == Some(&within(blocks));
        let ambiguous = find.inner.iter().filter(|(name, blocks)| !plain(name, blocks)).map(|(name, _)| name.clone());
        Items { ambiguous: ambiguous.collect(), globs: find.globs, functions: find.functions, ..Items::default() }
    }
}

impl Lowerer<'_> {
    /// Items are copied into each companion, where that is harmless.
    pub(super) fn item(&mut self, item: &Item) {
        let (what, site) = match item {
            Item::Const(_) | Item::Use(_) | Item::Fn(_) | Item::Type(_) => return self.moved_item(item),
            Item::Static(i) => ("a `static`", Site::between(i.static_token.span, i.ident.span())),
            Item::Impl(i) => ("an `impl`", Site::between(i.impl_token.span, i.self_ty.span())),
            Item::Macro(i) => ("a macro definition", Site::of(&i.mac.path)),
            other => ("an item like this", other.span().into()),
        };
        self.error(site, message::inner_item(what));
    }

    fn moved_item(&mut self, item: &Item) {
        let text = item.to_token_stream().to_string();
        if self.items.globs.contains(&text) && !self.items.known.contains(&text) {
            return self.error(Site::of(item), message::glob_in_block());
        }
        let declared = declared(item);
        if let Some(name) = declared.iter().find(|name| self.items.ambiguous.contains(&name.to_string())) {
            return self.error(name.span(), message::ambiguous_item(name));
        }
        let tokens = item.to_token_stream();
        if self.items.known.insert(tokens.to_string()) {
            let code = Inactive { pure: false, expression: false, ..Inactive::engine(tokens) };
            self.items.ops.push(Op { kind: OpKind::Inactive(code), results: Vec::new(), span: item.span() });
        }
    }
}

struct Find<'w> {
    width: &'w Width,
    depth: usize,
    /// For each name that inner blocks declare: as what, and how often it occurs in the block.
    inner: HashMap<String, Vec<(String, usize)>>,
    globs: HashSet<String>,
    functions: HashMap<String, Rc<Lambda>>,
}

impl<'ast> Visit<'ast> for Find<'_> {
    fn visit_block(&mut self, block: &'ast Block) {
        let items = block.stmts.iter().filter_map(|stmt| if let Stmt::Item(item) = stmt { Some(item) } else { None });
        let mut items = items.filter(|_| self.depth > 0).peekable();
        if items.peek().is_some() {
            let inside = names(block.to_token_stream());
            for item in items {
                let text = item.to_token_stream().to_string();
                for name in declared(item).iter().map(ToString::to_string) {
                    let count = inside.get(&name).copied().unwrap_or_default();
                    self.inner.entry(name).or_default().push((text.clone(), count));
                }
            }
        }
        let globs = block.stmts.iter().filter_map(|stmt| match stmt {
            Stmt::Item(Item::Use(item)) if self.depth > 0 && has_glob(&item.tree) => Some(item),
            _ => None,
        });
        self.globs.extend(globs.map(|item| item.to_token_stream().to_string()).collect::<Vec<_>>());
        self.depth += 1;
        visit::visit_block(self, block);
        self.depth -= 1;
    }

    fn visit_item(&mut self, item: &'ast Item) {
        if let Item::Fn(function) = item
            && let Some(lambda) = Lambda::function(function, self.width)
        {
            self.functions.insert(function.sig.ident.to_string(), Rc::new(lambda));
        }
    }
}

fn has_glob(tree: &UseTree) -> bool {
    match tree {
        UseTree::Path(path) => has_glob(&path.tree),
        UseTree::Group(group) => group.items.iter().any(has_glob),
        UseTree::Glob(_) => true,
        UseTree::Name(_) | UseTree::Rename(_) => false,
    }
}

/// How often each name occurs.
pub(super) fn names(tokens: TokenStream) -> HashMap<String, usize> {
    let mut count = HashMap::new();
    for token in each(tokens) {
        if let TokenTree::Ident(ident) = token {
            *count.entry(ident.to_string()).or_insert(0) += 1;
        }
    }
    count
}

/// The names that an item declares; of `use a::*`, the last segment.
fn declared(item: &Item) -> Vec<Ident> {
    fn leaves(tree: &UseTree, names: &mut Vec<Ident>) {
        match tree {
            UseTree::Path(path) => leaves(&path.tree, names),
            UseTree::Name(name) => names.push(name.ident.clone()),
            UseTree::Rename(rename) => names.push(rename.rename.clone()),
            UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, names)),
            UseTree::Glob(_) => {}
        }
    }
    match item {
        Item::Const(i) => vec![i.ident.clone()],
        Item::Fn(i) => vec![i.sig.ident.clone()],
        Item::Type(i) => vec![i.ident.clone()],
        Item::Use(i) => {
            let mut names = Vec::new();
            leaves(&i.tree, &mut names);
            names
        }
        _ => Vec::new(),
    }
}
