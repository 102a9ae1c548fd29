//! Expressions as text, with what has to be known to put them into others.

/// How tightly an expression binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// `if`, `match`, closures, blocks.
    Open,
    Cast,
    Sum,
    Product,
    Unary,
    Atom,
}

/// A float.
#[derive(Clone, Debug)]
pub struct Text {
    pub code: String,
    pub level: Level,
    /// Something in it says that it is an `f64`, so that it may be a receiver.
    pub typed: bool,
    /// Its absolute value is at most this.
    pub bound: f64,
}

impl Text {
    pub fn new(code: impl Into<String>, level: Level, bound: f64) -> Self {
        Text { code: code.into(), level, typed: true, bound }
    }

    pub fn atom(code: impl Into<String>, bound: f64) -> Self {
        Text::new(code, Level::Atom, bound)
    }

    /// As a part of an expression of this level.
    pub fn at(&self, level: Level) -> String {
        if self.level >= level { self.code.clone() } else { format!("({})", self.code) }
    }

    /// As the receiver of a method. A float of which nothing says that it is one says so.
    pub fn receiver(&self) -> String {
        if self.typed {
            return self.at(Level::Atom);
        }
        match self.code.strip_prefix('-') {
            Some(digits) if digits.parse::<f64>().is_ok() => format!("(-{digits}_f64)"),
            None if self.code.parse::<f64>().is_ok() => format!("{}_f64", self.code),
            _ => format!("f64::from({})", self.code),
        }
    }

    /// As an argument of another type than `f64`, or one of which nothing else says the type.
    pub fn sure(&self) -> String {
        if self.typed { self.code.clone() } else { self.receiver() }
    }

    /// As it stands behind `&`.
    pub fn borrowed(&self) -> String {
        if self.typed { self.at(Level::Unary) } else { self.receiver() }
    }

    /// `receiver.name(arguments)`.
    pub fn method(&self, name: &str, arguments: &[&Text], bound: f64) -> Text {
        let list: Vec<&str> = arguments.iter().map(|a| a.code.as_str()).collect();
        Text::atom(format!("{}.{name}({})", self.receiver(), list.join(", ")), bound)
    }
}
