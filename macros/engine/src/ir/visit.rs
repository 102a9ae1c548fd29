//! What an operation reads and writes, and the regions inside it: the one place that knows, for every kind.

use super::{Arg, Call, Given, Header, Init, OpKind, Part, Passing, PlaceId, Region, Val};

impl OpKind {
    /// Calls `f` for every value that the operation itself reads (not what its regions read).
    pub fn reads(&self, f: &mut impl FnMut(Val)) {
        let part = |p: &Part, f: &mut dyn FnMut(Val)| p.vals().for_each(f);
        match self {
            OpKind::Const(..) | OpKind::TapeNew(..) | OpKind::Pop(..) | OpKind::Shrink(_) => {}
            OpKind::Prim(_, args) => args.iter().for_each(|&v| f(v)),
            OpKind::All(conds) => conds.iter().for_each(|&(v, _)| f(v)),
            OpKind::Inactive(code) => code.each_read(f),
            OpKind::Load(p) | OpKind::SumOf(p) | OpKind::View(p, _) | OpKind::Append(_, p) => part(p, f),
            OpKind::Grow(_, v) | OpKind::Resize(_, v) => f(*v),
            OpKind::Store(p, v) | OpKind::Accumulate(p, v) | OpKind::Fill(p, v) => {
                part(p, f);
                f(*v);
            }
            OpKind::Alloc(_, init) => match init {
                Init::Empty => {}
                Init::Fill(v) => f(*v),
                Init::Returned(r) => f(r.from),
                Init::Repeat(v, n) => {
                    f(*v);
                    f(*n);
                }
                Init::RepeatRow(p, n) => {
                    part(p, f);
                    f(*n);
                }
                Init::Elements(vs) => vs.iter().for_each(|&v| f(v)),
                Init::Rows(rows) => rows.iter().for_each(|p| part(p, f)),
                Init::Members(made) => made.members.iter().flat_map(|(_, content)| content.vals()).for_each(f),
                Init::Copy(p) | Init::Like(p) => part(p, f),
            },
            OpKind::Copy(to, from) | OpKind::Dot(to, from) | OpKind::Reshape(to, from) => {
                part(to, f);
                part(from, f);
            }
            OpKind::AddScaled(to, from, scale) => {
                part(to, f);
                part(from, f);
                scale.iter().for_each(|&v| f(v));
            }
            OpKind::If(cond, ..) => f(*cond),
            OpKind::Loop(l) => {
                match &l.header {
                    Header::Range(r) => r.vals().for_each(&mut *f),
                    Header::Iterator { code, .. } => code.each_read(f),
                    Header::Forever => {}
                }
                l.init.iter().for_each(|&v| f(v));
            }
            OpKind::Call(call) => {
                for arg in &call.args {
                    match arg {
                        Arg::Float(v) | Arg::Inactive(v) => f(*v),
                        Arg::Part(p, _) => part(p, f),
                        Arg::Receiver(code) => code.each_read(f),
                    }
                }
                for given in call.companion.given() {
                    match given {
                        Given::Val(v) => f(*v),
                        Given::Part(p) => part(p, f),
                    }
                }
            }
            OpKind::Reserve(_, r) => r.vals().for_each(f),
            OpKind::Push(_, vals, _) => vals.iter().for_each(|&v| f(v)),
        }
    }

    /// Replaces every value that the operation itself reads.
    pub fn map_reads(&mut self, f: &mut impl FnMut(Val) -> Val) {
        fn part(p: &mut Part, f: &mut dyn FnMut(Val) -> Val) {
            for v in p.vals_mut() {
                *v = f(*v);
            }
        }
        fn all<'a>(vals: impl IntoIterator<Item = &'a mut Val>, f: &mut dyn FnMut(Val) -> Val) {
            for v in vals {
                *v = f(*v);
            }
        }
        match self {
            OpKind::Const(..) | OpKind::TapeNew(..) | OpKind::Pop(..) | OpKind::Shrink(_) => {}
            OpKind::Prim(_, args) => all(args, f),
            OpKind::All(conds) => all(conds.iter_mut().map(|(v, _)| v), f),
            OpKind::Inactive(code) => all(code.reads_mut(), f),
            OpKind::Load(p) | OpKind::SumOf(p) | OpKind::View(p, _) | OpKind::Append(_, p) => part(p, f),
            OpKind::Grow(_, v) | OpKind::Resize(_, v) => *v = f(*v),
            OpKind::Store(p, v) | OpKind::Accumulate(p, v) | OpKind::Fill(p, v) => {
                part(p, f);
                *v = f(*v);
            }
            OpKind::Alloc(_, init) => match init {
                Init::Empty => {}
                Init::Fill(v) => *v = f(*v),
                Init::Returned(r) => r.from = f(r.from),
                Init::Repeat(v, n) => {
                    *v = f(*v);
                    *n = f(*n);
                }
                Init::RepeatRow(p, n) => {
                    part(p, f);
                    *n = f(*n);
                }
                Init::Elements(vs) => all(vs, f),
                Init::Rows(rows) => rows.iter_mut().for_each(|p| part(p, f)),
                Init::Members(made) => made.members.iter_mut().for_each(|(_, content)| all(content.vals_mut(), f)),
                Init::Copy(p) | Init::Like(p) => part(p, f),
            },
            OpKind::Copy(to, from) | OpKind::Dot(to, from) | OpKind::Reshape(to, from) => {
                part(to, f);
                part(from, f);
            }
            OpKind::AddScaled(to, from, scale) => {
                part(to, f);
                part(from, f);
                all(scale.as_mut(), f);
            }
            OpKind::If(cond, ..) => *cond = f(*cond),
            OpKind::Loop(l) => {
                match &mut l.header {
                    Header::Range(r) => all(r.vals_mut(), f),
                    Header::Iterator { code, .. } => all(code.reads_mut(), f),
                    Header::Forever => {}
                }
                all(&mut l.init, f);
            }
            OpKind::Call(call) => {
                for arg in &mut call.args {
                    match arg {
                        Arg::Float(v) | Arg::Inactive(v) => *v = f(*v),
                        Arg::Part(p, _) => part(p, f),
                        Arg::Receiver(code) => all(code.reads_mut(), f),
                    }
                }
                for given in call.companion.given_mut() {
                    match given {
                        Given::Val(v) => *v = f(*v),
                        Given::Part(p) => part(p, f),
                    }
                }
            }
            OpKind::Reserve(_, r) => all(r.vals_mut(), f),
            OpKind::Push(_, vals, _) => all(vals, f),
        }
    }

    /// The regions inside the operation.
    #[must_use]
    pub fn regions(&self) -> Vec<&Region> {
        match self {
            OpKind::If(_, then, other) => vec![then, other],
            OpKind::Loop(l) => vec![&l.body],
            _ => Vec::new(),
        }
    }

    /// The regions inside the operation.
    pub fn regions_mut(&mut self) -> Vec<&mut Region> {
        match self {
            OpKind::If(_, then, other) => vec![then, other],
            OpKind::Loop(l) => vec![&mut l.body],
            _ => Vec::new(),
        }
    }

    /// Calls `f` for every part of a place that the operation itself names.
    pub fn parts<'p>(&'p self, f: &mut impl FnMut(&'p Part)) {
        match self {
            OpKind::Load(p)
            | OpKind::SumOf(p)
            | OpKind::View(p, _)
            | OpKind::Append(_, p)
            | OpKind::Store(p, _)
            | OpKind::Accumulate(p, _)
            | OpKind::Fill(p, _)
            | OpKind::Alloc(_, Init::Copy(p) | Init::Like(p) | Init::RepeatRow(p, _)) => f(p),
            OpKind::Alloc(_, Init::Rows(rows)) => rows.iter().for_each(f),
            OpKind::Alloc(_, Init::Members(made)) => made.parts().for_each(|(_, p)| f(p)),
            OpKind::Copy(to, from)
            | OpKind::AddScaled(to, from, _)
            | OpKind::Dot(to, from)
            | OpKind::Reshape(to, from) => {
                f(to);
                f(from);
            }
            OpKind::Call(call) => {
                for arg in &call.args {
                    if let Arg::Part(p, _) = arg {
                        f(p);
                    }
                }
            }
            _ => {}
        }
    }

    /// Calls `f` for every part that [`OpKind::parts`] has.
    pub fn parts_mut(&mut self, f: &mut impl FnMut(&mut Part)) {
        match self {
            OpKind::Load(p)
            | OpKind::SumOf(p)
            | OpKind::View(p, _)
            | OpKind::Append(_, p)
            | OpKind::Store(p, _)
            | OpKind::Accumulate(p, _)
            | OpKind::Fill(p, _)
            | OpKind::Alloc(_, Init::Copy(p) | Init::Like(p) | Init::RepeatRow(p, _)) => f(p),
            OpKind::Alloc(_, Init::Rows(rows)) => rows.iter_mut().for_each(f),
            OpKind::Alloc(_, Init::Members(made)) => made.parts_mut().for_each(f),
            OpKind::Copy(to, from)
            | OpKind::AddScaled(to, from, _)
            | OpKind::Dot(to, from)
            | OpKind::Reshape(to, from) => {
                f(to);
                f(from);
            }
            OpKind::Call(call) => {
                for arg in &mut call.args {
                    if let Arg::Part(p, _) = arg {
                        f(p);
                    }
                }
            }
            _ => {}
        }
    }

    /// Calls `f` for every place whose elements the operation itself reads.
    pub fn places_read(&self, f: &mut impl FnMut(PlaceId)) {
        match self {
            OpKind::Load(p)
            | OpKind::SumOf(p)
            | OpKind::Copy(_, p)
            | OpKind::Reshape(_, p)
            | OpKind::AddScaled(_, p, _)
            | OpKind::View(p, _)
            | OpKind::Append(_, p)
            | OpKind::Alloc(_, Init::Copy(p) | Init::Like(p) | Init::RepeatRow(p, _)) => f(p.place),
            OpKind::Dot(a, b) => {
                f(a.place);
                f(b.place);
            }
            OpKind::Shrink(place) => f(*place),
            OpKind::Alloc(_, Init::Rows(rows)) => rows.iter().for_each(|p| f(p.place)),
            OpKind::Alloc(_, Init::Members(made)) => made.parts().for_each(|(_, p)| f(p.place)),
            OpKind::Inactive(code) => code.places.iter().for_each(|(_, p)| f(p.place)),
            OpKind::Loop(l) => {
                if let Header::Iterator { code, .. } = &l.header {
                    code.places.iter().for_each(|(_, p)| f(p.place));
                }
            }
            OpKind::Call(call) => {
                for arg in &call.args {
                    match arg {
                        Arg::Part(p, _) => f(p.place),
                        Arg::Receiver(code) => code.places.iter().for_each(|(_, p)| f(p.place)),
                        Arg::Float(_) | Arg::Inactive(_) => {}
                    }
                }
                for given in call.companion.given() {
                    if let Given::Part(p) = given {
                        f(p.place);
                    }
                }
            }
            OpKind::Push(_, _, places) => places.iter().for_each(|&p| f(p)),
            _ => {}
        }
    }

    /// Calls `f` for every place that the operation itself may write, its beginning aside.
    pub fn places_written(&self, f: &mut impl FnMut(PlaceId)) {
        match self {
            OpKind::Store(p, _)
            | OpKind::Accumulate(p, _)
            | OpKind::Copy(p, _)
            | OpKind::Reshape(p, _)
            | OpKind::Fill(p, _)
            | OpKind::AddScaled(p, ..) => f(p.place),
            OpKind::Grow(place, _) | OpKind::Append(place, _) | OpKind::Shrink(place) | OpKind::Resize(place, _) => {
                f(*place);
            }
            OpKind::Inactive(code) if !code.pure => code.places.iter().for_each(|(_, p)| f(p.place)),
            OpKind::Loop(l) => {
                if let Header::Iterator { code, .. } = &l.header {
                    code.places.iter().for_each(|(_, p)| f(p.place));
                }
            }
            OpKind::Call(call) => call.places_written(f),
            _ => {}
        }
    }
}

impl Call {
    /// The arrays that the function may write: its arguments by `&mut`.
    pub fn buffers(&self) -> impl Iterator<Item = &Part> {
        self.args.iter().filter_map(|arg| match arg {
            Arg::Part(part, Passing::Mutable) => Some(part),
            _ => None,
        })
    }

    /// All places that it may write, or that are what it returns.
    #[must_use]
    pub fn all_written(&self) -> Vec<PlaceId> {
        let mut written = self.returned.clone();
        self.places_written(&mut |place| written.push(place));
        written
    }

    fn places_written(&self, f: &mut impl FnMut(PlaceId)) {
        self.buffers().for_each(|part| f(part.place));
        self.companion.written(&self.args, f);
    }
}
