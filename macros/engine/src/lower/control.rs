//! Sequences of statements and the exits among them.
//!
//! What follows a statement with an exit is moved into the arm that goes on, so that every region has its exits at the
//! end. Where both arms may go on, and in a loop that is left for somewhere further out, a flag carries the exit to the
//! point where it can be taken.

use super::Lowerer;
use super::ending::{Yielded, may_end, visibly_ends};
use super::exits::{self, Exit, Scan};
use super::late;
use super::opaque::Fate;
use super::pattern;
use super::scope::{State, VarId};
use crate::diagnostics::{Site, message};
use crate::ir::{End, OpKind, Region, Ty, Val};
use proc_macro2::{Ident, Span};
use syn::spanned::Spanned as _;
use syn::visit::Visit as _;
use syn::{Block, Expr, ExprBlock, ExprIf, Stmt};

/// What encloses the statements being lowered, up to where an exit can go.
#[derive(Debug)]
pub(super) enum Context {
    /// The function.
    Function,
    /// A loop.
    Loop {
        /// Its label.
        label: Option<String>,
        /// What it carries.
        carried: Vec<VarId>,
        /// Exits that go further out, each with its flag.
        exits: Vec<(Exit, VarId)>,
        /// Where the value of a `return` is kept.
        value: Option<VarId>,
    },
    /// An `if` whose arms may exit or go on, or a labelled block.
    Arm {
        /// The block's label.
        label: Option<String>,
        /// What its arms yield.
        merged: Vec<VarId>,
        /// Exits in it, each with its flag.
        exits: Vec<(Exit, VarId)>,
        /// Where the value of a `return` is kept.
        value: Option<VarId>,
    },
}

/// What comes after a list of statements.
pub(super) enum Cont<'a> {
    /// The end of the context's region.
    End,
    /// More statements, in a block that is open at `depth`.
    Then { stmts: &'a [Stmt], depth: usize, next: &'a Cont<'a> },
}

impl Lowerer<'_> {
    /// Lowers statements and what comes after them. Returns how the region ends.
    pub(super) fn run(&mut self, stmts: &[Stmt], cont: &Cont<'_>) -> End {
        for (k, stmt) in stmts.iter().enumerate() {
            let rest = &stmts[k + 1..];
            if let Stmt::Expr(expr, None) = stmt
                && rest.is_empty()
                && matches!(cont, Cont::End)
                && matches!(self.contexts.last(), Some(Context::Function))
            {
                return self.tail(expr);
            }
            if Scan::stmt(stmt).exits.is_empty() {
                self.statement(stmt);
                // What comes after a panic is never reached, in whichever arms it would have to be repeated.
                if exits::diverges_stmt(stmt) {
                    return self.fall_off();
                }
            } else if let Some(end) = self.exiting(stmt, rest, cont) {
                return end;
            }
        }
        match cont {
            Cont::Then { stmts, depth, next } => {
                self.scopes.pop_to(*depth);
                self.run(stmts, next)
            }
            Cont::End => self.fall_off(),
        }
    }

    /// The end of a context's region, reached without an exit.
    pub(super) fn fall_off(&mut self) -> End {
        match self.contexts.last() {
            Some(Context::Loop { carried, .. }) => {
                let carried = carried.clone();
                End::Continue(self.current(&carried))
            }
            Some(Context::Arm { merged, .. }) => {
                let merged = merged.clone();
                End::Yield(self.current(&merged))
            }
            // A function that ends without a value: it diverges, or rustc has an error of its own to report.
            _ => self.end_of_function(None, Span::call_site()),
        }
    }

    /// The value of the function.
    fn tail(&mut self, expr: &Expr) -> End {
        if let Some(stmts) = self.operand_first_of(expr) {
            return self.run(&stmts, &Cont::End);
        }
        match expr {
            Expr::Return(r) => match &r.expr {
                Some(value) => self.tail(value),
                None => self.fall_off(),
            },
            Expr::Paren(p) => self.tail(&p.expr),
            Expr::If(e) if !pattern::contains_let(&e.cond) && e.else_branch.is_some() => {
                self.branch(e, &[], &Cont::End)
            }
            Expr::Block(b) if b.label.is_none() => {
                self.scopes.push();
                self.run(&b.block.stmts, &Cont::End)
            }
            e if Self::is_match(e) && self.concerns(e) => {
                let e = self.as_if(e);
                self.tail(&e)
            }
            Expr::Macro(m) if exits::diverges_expr(expr) => {
                self.opaque_macro(&m.mac);
                self.fall_off()
            }
            // An endless loop that returns.
            Expr::Loop(_) if late::is_endless(expr) => {
                let (exits, value) = self.any_loop(expr);
                self.dispatch(&exits, value, &[], &Cont::End)
            }
            Expr::Loop(_) | Expr::Block(_) => {
                let stmts = self.late_result(expr);
                self.run(&stmts, &Cont::End)
            }
            other => {
                let value = self.returned(other);
                self.end_of_function(value, other.span())
            }
        }
    }

    /// A statement that may leave the region; `None` if it was an error and the next statement is to be lowered.
    fn exiting(&mut self, stmt: &Stmt, rest: &[Stmt], cont: &Cont<'_>) -> Option<End> {
        self.nesting += 1;
        if self.nesting > super::NESTING {
            self.nesting -= 1;
            self.error(stmt.span(), message::too_deep());
            return Some(self.fall_off());
        }
        let end = self.exiting_statement(stmt, rest, cont);
        self.nesting -= 1;
        end
    }

    fn exiting_statement(&mut self, stmt: &Stmt, rest: &[Stmt], cont: &Cont<'_>) -> Option<End> {
        if let Some(stmts) = self.late_statement(stmt).or_else(|| self.operand_first(stmt)) {
            let depth = self.scopes.depth();
            return Some(self.run(&stmts, &Cont::Then { stmts: rest, depth, next: cont }));
        }
        match stmt {
            Stmt::Expr(Expr::Return(r), _) => {
                let value = r.expr.as_ref().and_then(|value| self.returned(value));
                Some(self.leave(&Exit::Return, value, r.return_token.span))
            }
            Stmt::Expr(Expr::Break(b), _) => {
                if let Some(value) = &b.expr {
                    self.error(Site::of(value), message::exit_in_expression("break"));
                }
                let label = b.label.as_ref().map(|l| l.ident.to_string());
                Some(self.leave(&Exit::Break(label), None, b.break_token.span))
            }
            Stmt::Expr(Expr::Continue(c), _) => {
                let label = c.label.as_ref().map(|l| l.ident.to_string());
                Some(self.leave(&Exit::Continue(label), None, c.continue_token.span))
            }
            Stmt::Expr(Expr::If(e), _) if !pattern::contains_let(&e.cond) => Some(self.branch(e, rest, cont)),
            Stmt::Expr(e, semi) if Self::is_match(e) => {
                let e = self.as_if(e);
                self.exiting_statement(&Stmt::Expr(e, *semi), rest, cont)
            }
            Stmt::Local(local) if Scan::exits_in_else(local) => self.let_else(local, rest, cont),
            Stmt::Expr(Expr::Block(b), _) if b.label.is_none() && !visibly_ends(&b.block) => {
                let depth = self.scopes.depth();
                self.scopes.push();
                Some(self.run(&b.block.stmts, &Cont::Then { stmts: rest, depth, next: cont }))
            }
            Stmt::Expr(Expr::Block(b), _) => {
                let (exits, value) = self.labelled_block(b);
                Some(self.dispatch(&exits, value, rest, cont))
            }
            Stmt::Expr(e @ (Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_)), _) => {
                let (exits, value) = self.any_loop(e);
                Some(self.dispatch(&exits, value, rest, cont))
            }
            other => {
                let scan = Scan::stmt(other);
                if let Some((span, message)) = scan.in_expression() {
                    self.error(span, message);
                }
                // A `let` still binds its names.
                if let Stmt::Local(local) = other {
                    self.broken_let(local);
                }
                None
            }
        }
    }

    /// An `if` that may exit, and what follows it.
    pub(super) fn branch(&mut self, e: &ExprIf, rest: &[Stmt], cont: &Cont<'_>) -> End {
        let goes_on = !rest.is_empty() || !matches!(cont, Cont::End);
        let both = !exits::diverges(&e.then_branch)
            && !e.else_branch.as_ref().is_some_and(|(_, other)| exits::diverges_expr(other));
        // What is declared in an arm that goes on ends with the arm.
        let ends = || goes_on_and_ends(&e.then_branch) || e.else_branch.iter().any(|(_, other)| arm_ends(other));
        if goes_on && (both || ends()) {
            return self.flagged(e, rest, cont);
        }
        let cond = self.condition(&e.cond);
        let depth = self.scopes.depth();
        let next = Cont::Then { stmts: rest, depth, next: cont };
        let next = if goes_on { &next } else { &Cont::End };
        self.in_cases(cond, |l, holds| match &e.else_branch {
            _ if holds => {
                l.scopes.push();
                l.run(&e.then_branch.stmts, next)
            }
            Some((_, other)) => l.arm(other, next),
            None => l.run(&[], next),
        })
    }

    /// A branch at the end of a region: `f` lowers the arm where the condition holds, and the other one.
    pub(super) fn in_cases(&mut self, cond: Val, f: impl FnMut(&mut Self, bool) -> End) -> End {
        let [then, other] = self.arms(f);
        End::Branch(cond, Box::new(then), Box::new(other))
    }

    /// Both arms of a branch, each from what there was before it.
    fn arms(&mut self, mut f: impl FnMut(&mut Self, bool) -> End) -> [Region; 2] {
        let before = self.scopes.snapshot();
        [true, false].map(|holds| {
            let arm = self.region(|l| f(l, holds));
            self.scopes.restore(&before);
            arm
        })
    }

    /// The `else` arm: a block or another `if`.
    fn arm(&mut self, other: &Expr, next: &Cont<'_>) -> End {
        match other {
            Expr::If(e) if !pattern::contains_let(&e.cond) && !Scan::expr(other).exits.is_empty() => {
                let (stmts, depth, next) = match next {
                    Cont::Then { stmts, depth, next } => (*stmts, *depth, *next),
                    Cont::End => (&[][..], self.scopes.depth(), next),
                };
                self.scopes.pop_to(depth);
                self.branch(e, stmts, next)
            }
            Expr::If(e) if matches!(next, Cont::End) && matches!(self.contexts.last(), Some(Context::Function)) => {
                self.branch(e, &[], next)
            }
            Expr::Block(b) => {
                self.scopes.push();
                self.run(&b.block.stmts, next)
            }
            other if Self::is_match(other) => self.run(&[Stmt::Expr(other.clone(), None)], next),
            other => {
                self.expression_statement(other);
                self.run(&[], next)
            }
        }
    }

    /// An `if` that exits in some cases and goes on in others, in both arms.
    fn flagged(&mut self, e: &ExprIf, rest: &[Stmt], cont: &Cont<'_>) -> End {
        self.settle(&Scan::expr(&Expr::If(e.clone())), |l| drop(l.flagged_if(e)));
        let (exits, value) = self.flagged_if(e);
        self.dispatch(&exits, value, rest, cont)
    }

    /// Finds out by a trial what the variables are that are declared without a type and first assigned in a construct.
    /// They must be known before it, because they may be among what it yields.
    pub(super) fn settle(&mut self, scan: &Scan, lower: impl FnOnce(&mut Self)) {
        let unknown =
            |name: &Ident| self.scopes.find(&name.to_string()).is_some_and(|id| self.undeclared.contains_key(&id));
        // A trial finds them wherever they are inside; what it reports will be reported once more.
        if !scan.assigned.iter().any(unknown) || self.trials > 0 {
            return;
        }
        self.trial(lower);
    }

    /// The `if` itself. Returns its exits, each with its flag, and where a returned value is.
    fn flagged_if(&mut self, e: &ExprIf) -> (Vec<(Exit, VarId)>, Option<VarId>) {
        let cond = self.condition(&e.cond);
        let span = e.if_token.span;
        let whole = Expr::If(e.clone());
        let scan = Scan::expr(&whole);
        let (mut merged, exits, value) = self.exit_variables(&scan, span);
        merged.extend(self.assigned(&scan));
        self.contexts.push(Context::Arm { label: None, merged: merged.clone(), exits: exits.clone(), value });
        self.enter(&scan);
        let [then, other] = self.arms(|l, holds| match &e.else_branch {
            _ if holds => {
                l.scopes.push();
                l.run(&e.then_branch.stmts, &Cont::End)
            }
            Some((_, other)) => l.arm(other, &Cont::End),
            None => l.fall_off(),
        });
        self.contexts.pop();
        self.exit_construct();
        let results = self.merged_results(&merged, span);
        self.push(OpKind::If(cond, then, other), span);
        self.set_results(&merged, &results);
        (exits, value)
    }

    /// A labelled block: a branch that is always taken, so that `break` ends its region.
    pub(super) fn labelled_block(&mut self, e: &ExprBlock) -> (Vec<(Exit, VarId)>, Option<VarId>) {
        let scan = Scan::expr(&Expr::Block(e.clone()));
        self.settle(&scan, |l| drop(l.labelled_once(e, &scan)));
        self.labelled_once(e, &scan)
    }

    fn labelled_once(&mut self, e: &ExprBlock, scan: &Scan) -> (Vec<(Exit, VarId)>, Option<VarId>) {
        let span = e.block.brace_token.span.open();
        let cond = self.flag(true, span);
        let (mut merged, exits, value) = self.exit_variables(scan, span);
        merged.extend(self.assigned(scan));
        let label = e.label.as_ref().map(|l| l.name.ident.to_string());
        self.contexts.push(Context::Arm { label, merged: merged.clone(), exits: exits.clone(), value });
        self.enter(scan);
        let [body, never] = self.arms(|l, holds| {
            if !holds {
                return l.fall_off();
            }
            l.scopes.push();
            l.run(&e.block.stmts, &Cont::End)
        });
        self.contexts.pop();
        self.exit_construct();
        let results = self.merged_results(&merged, span);
        self.push(OpKind::If(cond, body, never), span);
        self.set_results(&merged, &results);
        (exits, value)
    }

    /// After a construct with exits: takes the one whose flag is set, or goes on.
    pub(super) fn dispatch(
        &mut self,
        exits: &[(Exit, VarId)],
        value: Option<VarId>,
        rest: &[Stmt],
        cont: &Cont<'_>,
    ) -> End {
        let Some(((exit, flag), more)) = exits.split_first() else { return self.run(rest, cont) };
        let State::Flag(cond) = self.scopes.vars[*flag].state else { return self.run(rest, cont) };
        self.in_cases(cond, |l, holds| {
            if !holds {
                return l.dispatch(more, value, rest, cont);
            }
            let value = value.map(|id| l.current(&[id])[0]);
            l.leave(exit, value, Span::call_site())
        })
    }

    /// An exit: ends the region, for good if the exit goes no further than the context, else with a flag set.
    pub(super) fn leave(&mut self, exit: &Exit, value: Option<Val>, span: Span) -> End {
        let known = self.contexts.iter().any(|c| targets(c, exit));
        if !known {
            // A label that does not exist, or an exit from no loop: rustc reports it.
            return self.fall_off();
        }
        let (carried, exits, store, is_loop) = match self.contexts.last() {
            None | Some(Context::Function) => return self.end_of_function(value, span),
            Some(context @ Context::Loop { carried, exits, value, .. }) => {
                if targets(context, exit) {
                    let carried = carried.clone();
                    let vals = self.current(&carried);
                    return if matches!(exit, Exit::Break(_)) { End::Break(vals) } else { End::Continue(vals) };
                }
                (carried.clone(), exits.clone(), *value, true)
            }
            Some(context @ Context::Arm { .. }) if targets(context, exit) => return self.fall_off(),
            Some(Context::Arm { merged, exits, value, .. }) => (merged.clone(), exits.clone(), *value, false),
        };
        self.stand_ins(span);
        let flag = self.flag(true, span);
        if let Some((_, id)) = exits.iter().find(|(e, _)| e == exit) {
            self.scopes.vars[*id].state = State::Flag(flag);
        }
        if let (Some(id), Some(value)) = (store, value) {
            self.scopes.vars[id].state = State::Float(value);
        }
        let vals = self.current(&carried);
        if is_loop { End::Break(vals) } else { End::Yield(vals) }
    }

    /// A condition: it decides, so no derivative is lost in it.
    pub(super) fn condition(&mut self, cond: &Expr) -> Val {
        if let Expr::Path(p) = cond
            && let Some(ident) = p.path.get_ident()
            && let Some(State::Other { val, .. }) = self.scopes.state(&ident.to_string())
            && self.func.info(*val).ty == Ty::Bool
        {
            return *val;
        }
        match self.followed_condition(cond) {
            Some(val) => val,
            None => self.template(cond, Ty::Bool, &Fate::Consumed),
        }
    }

    /// A block without exits, among other statements.
    pub(super) fn plain_block<T: Yielded>(&mut self, block: &Block, f: impl FnOnce(&mut Self, &Block) -> T) -> T {
        self.enclosed(may_end(block), block.brace_token.span.open(), |l| l.block_of_region(block, f))
    }

    /// The same as all that a region has.
    pub(super) fn block_of_region<T>(&mut self, block: &Block, f: impl FnOnce(&mut Self, &Block) -> T) -> T {
        let (depth, first) = (self.scopes.depth(), self.scopes.vars.len());
        self.scopes.push();
        let value = f(self, block);
        self.close(depth, first, &|uses| uses.visit_block(block));
        value
    }
}

/// Whether an arm that may come to its end declares what may do something there.
fn goes_on_and_ends(arm: &Block) -> bool {
    !exits::diverges(arm) && visibly_ends(arm)
}

/// The same of the `else` of a branch; another `if` there is looked at for itself.
fn arm_ends(other: &Expr) -> bool {
    matches!(other, Expr::Block(b) if goes_on_and_ends(&b.block))
}

fn targets(context: &Context, exit: &Exit) -> bool {
    match (context, exit) {
        (Context::Loop { label, .. }, Exit::Break(to) | Exit::Continue(to)) => to.is_none() || label == to,
        (Context::Function, Exit::Return) => true,
        (Context::Arm { label: Some(label), .. }, Exit::Break(Some(to))) => label == to,
        _ => false,
    }
}

/// A region that yields nothing but the given values.
pub(super) fn yielding(ops: Vec<crate::ir::Op>, vals: Vec<Val>) -> Region {
    Region { ops, end: End::Yield(vals) }
}
