//! What a piece of syntax does to its surroundings: which names it assigns, and which exits leave it.

use crate::diagnostics::message;
use proc_macro2::{Ident, Span};
use std::collections::BTreeSet;
use syn::visit::{self, Visit};
use syn::{Block, Expr, Stmt};

/// A way out of a piece of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exit {
    /// `return`, or `?`.
    Return,
    /// `break`, with its label.
    Break(Option<String>),
    /// `continue`, with its label.
    Continue(Option<String>),
}

/// What was found.
#[derive(Clone, Default, Debug)]
pub struct Scan {
    /// Names that are assigned as a whole, in order of first occurrence.
    pub assigned: Vec<Ident>,
    /// Names of what is called or given to a call: closures among them may assign as well.
    pub called: BTreeSet<String>,
    /// Names of what methods are called on.
    pub receivers: BTreeSet<String>,
    /// Members that are assigned: `t.0 = …`.
    pub members: Vec<Expr>,
    /// Exits that leave the scanned code, each once.
    pub exits: Vec<Exit>,
    /// Where the first of them stands, and its keyword.
    first: Option<(Span, &'static str)>,
    loops: Vec<Option<String>>,
    /// Labels of blocks.
    blocks: Vec<String>,
}

impl Scan {
    /// Code of which nothing is known but its exits.
    pub fn leaving(exits: Vec<Exit>) -> Self {
        Scan { exits, ..Scan::default() }
    }

    /// Scans a block.
    pub fn block(block: &Block) -> Self {
        let mut scan = Scan::default();
        scan.visit_block(block);
        scan
    }

    /// Scans an expression.
    pub fn expr(expr: &Expr) -> Self {
        let mut scan = Scan::default();
        scan.visit_expr(expr);
        scan
    }

    /// Scans a statement.
    pub fn stmt(stmt: &Stmt) -> Self {
        let mut scan = Scan::default();
        scan.visit_stmt(stmt);
        scan
    }

    /// Whether the only exits of a `let` are in its `else`.
    pub fn exits_in_else(local: &syn::Local) -> bool {
        let Some(init) = &local.init else { return false };
        let Some((_, diverge)) = &init.diverge else { return false };
        Scan::expr(&init.expr).exits.is_empty() && !Scan::expr(diverge).exits.is_empty()
    }

    /// Where the first exit stands, and what is wrong with it in the middle of an expression.
    pub fn in_expression(&self) -> Option<(Span, String)> {
        self.first.map(|(span, keyword)| match keyword {
            "?" => (span, message::question_mark()),
            keyword => (span, message::exit_in_expression(keyword)),
        })
    }

    /// Where the first exit stands, and what is wrong with it in code that is carried along.
    pub fn in_opaque(&self) -> Option<(Span, String)> {
        self.first.map(|(span, keyword)| match keyword {
            "?" => (span, message::question_mark()),
            keyword => (span, message::exit_in_opaque(keyword)),
        })
    }

    fn assign(&mut self, target: &Expr) {
        match target {
            Expr::Path(p) => {
                if let Some(ident) = p.path.get_ident()
                    && !self.assigned.contains(ident)
                {
                    self.assigned.push(ident.clone());
                }
            }
            Expr::Tuple(t) => t.elems.iter().for_each(|e| self.assign(e)),
            Expr::Array(a) => a.elems.iter().for_each(|e| self.assign(e)),
            Expr::Paren(p) => self.assign(&p.expr),
            // Behind a reference.
            Expr::Unary(e) if matches!(e.op, syn::UnOp::Deref(_)) => self.assign(&e.expr),
            Expr::Field(_) => self.members.push(target.clone()),
            Expr::Struct(s) => s.fields.iter().for_each(|f| self.assign(&f.expr)),
            _ => {}
        }
    }

    fn calls<'e>(&mut self, named: impl IntoIterator<Item = &'e Expr>) {
        for expr in named {
            let mut expr = expr;
            while let Expr::Reference(syn::ExprReference { expr: inner, .. })
            | Expr::Paren(syn::ExprParen { expr: inner, .. }) = expr
            {
                expr = inner;
            }
            if let Expr::Path(p) = expr
                && let Some(ident) = p.path.get_ident()
            {
                self.called.insert(ident.to_string());
            }
        }
    }

    fn exit(&mut self, exit: Exit, span: Span, keyword: &'static str) {
        let inside = match &exit {
            Exit::Return => false,
            Exit::Break(None) | Exit::Continue(None) => !self.loops.is_empty(),
            Exit::Break(Some(label)) if self.blocks.contains(label) => true,
            Exit::Break(label) | Exit::Continue(label) => self.loops.contains(label),
        };
        if !inside {
            self.first.get_or_insert((span, keyword));
            if !self.exits.contains(&exit) {
                self.exits.push(exit);
            }
        }
    }

    fn in_loop(&mut self, label: Option<&syn::Label>, body: &Block) {
        self.loops.push(label.map(|l| l.name.ident.to_string()));
        self.visit_block(body);
        self.loops.pop();
    }
}

impl<'ast> Visit<'ast> for Scan {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        let label = |l: &Option<syn::Lifetime>| l.as_ref().map(|l| l.ident.to_string());
        match expr {
            Expr::Assign(a) => self.assign(&a.left),
            Expr::Reference(r) if r.mutability.is_some() => self.assign(&r.expr),
            Expr::Call(c) => self.calls(std::iter::once(&*c.func).chain(&c.args)),
            Expr::MethodCall(c) => {
                self.calls(&c.args);
                if let Expr::Path(p) = &*c.receiver {
                    self.receivers.extend(p.path.get_ident().map(ToString::to_string));
                }
            }
            Expr::Binary(b) if is_compound(&b.op) => self.assign(&b.left),
            Expr::Return(r) => self.exit(Exit::Return, r.return_token.span, "return"),
            Expr::Try(t) => self.exit(Exit::Return, t.question_token.span, "?"),
            Expr::Break(b) => self.exit(Exit::Break(label(&b.label)), b.break_token.span, "break"),
            Expr::Continue(c) => self.exit(Exit::Continue(label(&c.label)), c.continue_token.span, "continue"),
            Expr::Closure(_) | Expr::Async(_) => {
                // Exits stay inside; assignments to captured variables do not.
                let (exits, first) = (self.exits.clone(), self.first);
                visit::visit_expr(self, expr);
                (self.exits, self.first) = (exits, first);
                return;
            }
            Expr::ForLoop(l) => {
                self.visit_expr(&l.expr);
                return self.in_loop(l.label.as_ref(), &l.body);
            }
            Expr::While(l) => {
                self.visit_expr(&l.cond);
                return self.in_loop(l.label.as_ref(), &l.body);
            }
            Expr::Loop(l) => return self.in_loop(l.label.as_ref(), &l.body),
            Expr::Block(syn::ExprBlock { label: Some(label), block, .. }) => {
                self.blocks.push(label.name.ident.to_string());
                self.visit_block(block);
                self.blocks.pop();
                return;
            }
            _ => {}
        }
        visit::visit_expr(self, expr);
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// `+=` and its kin.
pub fn is_compound(op: &syn::BinOp) -> bool {
    use syn::BinOp as B;
    matches!(
        op,
        B::AddAssign(_)
            | B::SubAssign(_)
            | B::MulAssign(_)
            | B::DivAssign(_)
            | B::RemAssign(_)
            | B::BitXorAssign(_)
            | B::BitAndAssign(_)
            | B::BitOrAssign(_)
            | B::ShlAssign(_)
            | B::ShrAssign(_)
    )
}

/// Whether control never comes out at the end of a block.
pub fn diverges(block: &Block) -> bool {
    block.stmts.iter().any(diverges_stmt)
}

/// Whether control never comes out at the end of a statement.
pub fn diverges_stmt(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Expr(expr, _) => diverges_expr(expr),
        Stmt::Macro(m) => is_panic(&m.mac),
        _ => false,
    }
}

/// Whether control never comes out at the end of an expression.
pub fn diverges_expr(expr: &Expr) -> bool {
    match expr {
        Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => true,
        Expr::Block(b) => b.label.is_none() && diverges(&b.block),
        Expr::If(i) => {
            diverges(&i.then_branch) && i.else_branch.as_ref().is_some_and(|(_, other)| diverges_expr(other))
        }
        Expr::Match(m) => m.arms.iter().all(|arm| diverges_expr(&arm.body)),
        Expr::Macro(m) => is_panic(&m.mac),
        Expr::Paren(p) => diverges_expr(&p.expr),
        _ => false,
    }
}

fn is_panic(mac: &syn::Macro) -> bool {
    let name = mac.path.segments.last().map(|s| s.ident.to_string());
    matches!(name.as_deref(), Some("panic" | "unreachable" | "todo" | "unimplemented" | super::fallible::LEAVE))
}

/// The names that patterns in a block bind, and its labels.
pub fn declared(block: &Block) -> Vec<String> {
    struct Names(Vec<String>);
    impl<'ast> Visit<'ast> for Names {
        fn visit_pat_ident(&mut self, pat: &'ast syn::PatIdent) {
            let name = pat.ident.to_string();
            if !self.0.contains(&name) {
                self.0.push(name);
            }
            visit::visit_pat_ident(self, pat);
        }

        fn visit_label(&mut self, label: &'ast syn::Label) {
            self.0.push(label.name.ident.to_string());
        }
    }
    let mut names = Names(Vec::new());
    names.visit_block(block);
    names.0
}
