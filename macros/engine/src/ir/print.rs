//! Shows a function as text, for tests and for people. Input: a function. Output: one operation a line.

use super::{
    Call, Content, End, Func, Header, Inactive, Init, Loop, Op, OpKind, ParamKind, Part, Range, Region, Step, Val,
};
use std::fmt::{self, Display, Formatter, Write as _};

impl Display for Val {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "%{}", self.0)
    }
}

impl Display for Func {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for param in &self.params {
            let wrt = if param.wrt { " wrt" } else { "" };
            match param.kind {
                ParamKind::Float(val) => writeln!(f, "param {} = {val}{wrt}", param.name)?,
                ParamKind::Place(place) => writeln!(f, "param {} = @{}{wrt}", param.name, place.0)?,
                ParamKind::Other => writeln!(f, "param {}", param.name)?,
            }
        }
        let mut text = String::new();
        region(&self.body, 0, &mut text)?;
        f.write_str(&text)
    }
}

fn list(vals: &[Val]) -> String {
    vals.iter().map(Val::to_string).collect::<Vec<_>>().join(", ")
}

fn part(p: &Part) -> String {
    p.path.iter().fold(format!("@{}", p.place.0), |text, step| match step {
        Step::At(i) => format!("{text}[{i}]"),
        Step::Range(lo, hi) => format!("{text}[{lo}..{hi}]"),
        Step::From(lo) => format!("{text}[{lo}..]"),
        Step::Field(field) => format!("{text}.{}", field.member),
    })
}

fn code(c: &Inactive) -> String {
    let mut reads = Vec::new();
    c.each_read(&mut |v| reads.push(v));
    let pure = if c.pure { "pure " } else { "" };
    format!("{pure}`{}` ({})", c.tokens, list(&reads))
}

fn region(region: &Region, depth: usize, out: &mut String) -> fmt::Result {
    for op in &region.ops {
        line(op, depth, out)?;
    }
    let pad = "  ".repeat(depth);
    match &region.end {
        End::Yield(v) => writeln!(out, "{pad}yield {}", list(v)),
        End::Continue(v) => writeln!(out, "{pad}continue {}", list(v)),
        End::Break(v) => writeln!(out, "{pad}break {}", list(v)),
        End::Branch(cond, then, other) => arms("", *cond, then, other, depth, out),
    }
}

fn arms(results: &str, cond: Val, then: &Region, other: &Region, depth: usize, out: &mut String) -> fmt::Result {
    let pad = "  ".repeat(depth);
    writeln!(out, "{pad}{results}if {cond}:")?;
    region(then, depth + 1, out)?;
    writeln!(out, "{pad}else:")?;
    region(other, depth + 1, out)
}

fn line(op: &Op, depth: usize, out: &mut String) -> fmt::Result {
    let pad = "  ".repeat(depth);
    let results = if op.results.is_empty() { String::new() } else { format!("{} = ", list(&op.results)) };
    let text = match &op.kind {
        OpKind::Const(value, _) => format!("const {value:?}"),
        OpKind::Prim(prim, args) => format!("{} {}", prim.name, list(args)),
        OpKind::Inactive(c) => code(c),
        OpKind::All(conds) => {
            let one = |(cond, is): &(Val, bool)| if *is { cond.to_string() } else { format!("!{cond}") };
            format!("all {}", conds.iter().map(one).collect::<Vec<_>>().join(", "))
        }
        OpKind::Load(p) => format!("load {}", part(p)),
        OpKind::Store(p, v) => format!("store {} {v}", part(p)),
        OpKind::Accumulate(p, v) => format!("accumulate {} {v}", part(p)),
        OpKind::Alloc(place, init) => match init {
            Init::Fill(v) => format!("alloc @{} fill {v}", place.0),
            Init::Repeat(v, n) => format!("alloc @{} fill {v} times {n}", place.0),
            Init::RepeatRow(p, n) => format!("alloc @{} rows {} times {n}", place.0, part(p)),
            Init::Like(p) => format!("alloc @{} zeros like {}", place.0, part(p)),
            Init::Empty => format!("alloc @{} empty", place.0),
            Init::Elements(v) => format!("alloc @{} [{}]", place.0, list(v)),
            Init::Rows(rows) => {
                format!("alloc @{} rows {}", place.0, rows.iter().map(part).collect::<Vec<_>>().join(", "))
            }
            Init::Copy(p) => format!("alloc @{} copy {}", place.0, part(p)),
            Init::Members(made) => {
                let members = made.members.iter().map(|(field, content)| match content {
                    Content::Number(v) | Content::Other(v) => format!("{}: {v}", field.member),
                    Content::Part(p) => format!("{}: {}", field.member, part(p)),
                });
                let path = made.path.as_ref().map(ToString::to_string).unwrap_or_default();
                format!("alloc @{} {path} {{ {} }}", place.0, members.collect::<Vec<_>>().join(", "))
            }
            Init::Returned(r) => format!("alloc @{} {}{:?}", place.0, r.from, r.member),
        },
        OpKind::Append(place, p) => format!("append @{} {}", place.0, part(p)),
        OpKind::Reshape(to, like) => format!("reshape {} like {}", part(to), part(like)),
        OpKind::Copy(to, from) => format!("copy {} {}", part(to), part(from)),
        OpKind::Fill(p, v) => format!("fill {} {v}", part(p)),
        OpKind::AddScaled(to, from, scale) => {
            format!("add {} {} {}", part(to), part(from), scale.map_or(String::new(), |v| v.to_string()))
        }
        OpKind::SumOf(p) => format!("sum {}", part(p)),
        OpKind::Dot(a, b) => format!("{} · {}", part(a), part(b)),
        OpKind::View(p, name) => format!("view {name} {}", part(p)),
        OpKind::Grow(place, v) => format!("grow @{} {v}", place.0),
        OpKind::Shrink(place) => format!("shrink @{}", place.0),
        OpKind::Resize(place, n) => format!("resize @{} {n}", place.0),
        OpKind::Call(Call { callee, args, companion, .. }) => format!("call {callee} {args:?} {companion:?}"),
        OpKind::TapeNew(tape, None) => format!("tape #{}", tape.0),
        OpKind::TapeNew(tape, Some(room)) => {
            let room: Vec<String> = room.iter().map(ToString::to_string).collect();
            format!("tape #{} of [{}]", tape.0, room.join(", "))
        }
        OpKind::Reserve(tape, r) => format!("reserve #{} {}", tape.0, range(r)),
        OpKind::Push(tape, vals, places) => format!("push #{} {} {places:?}", tape.0, list(vals)),
        OpKind::Pop(tape, places) => format!("pop #{} {places:?}", tape.0),
        OpKind::If(cond, then, other) => return arms(&results, *cond, then, other, depth, out),
        OpKind::Loop(l) => return a_loop(l, &results, depth, out),
    };
    writeln!(out, "{pad}{results}{text}")
}

fn range(r: &Range) -> String {
    let dots = if r.inclusive { "..=" } else { ".." };
    let step = r.step.map_or(String::new(), |s| format!(" step {s}"));
    let reversed = if r.reversed { " reversed" } else { "" };
    format!("{}{dots}{}{step}{reversed}", r.lo, r.hi)
}

fn a_loop(l: &Loop, results: &str, depth: usize, out: &mut String) -> fmt::Result {
    let pad = "  ".repeat(depth);
    let header = match &l.header {
        Header::Range(r) => range(r),
        Header::Iterator { code: c, pattern, .. } => format!("`{pattern}` in {}", code(c)),
        Header::Forever => "forever".into(),
    };
    let index = l.index.map_or(String::new(), |i| format!("{i} in "));
    let trips = l.trips.map_or(String::new(), |t| format!(" trips {t}"));
    writeln!(out, "{pad}{results}loop {index}{header} carried ({}) from ({}){trips}", list(&l.params), list(&l.init))?;
    region(&l.body, depth + 1, out)
}
