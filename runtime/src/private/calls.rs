//! Whether the function that is called is the one whose derivatives are used, may be called once more, and returns what it is
//! taken for.

use core::any::{TypeId, type_name};

/// Two names of one function, each of which has a type of its own.
#[inline]
pub fn same_function<F>(_: F, _: F) {}

/// That the function which is called is the one whose derivatives were found under its name.
///
/// # Panics
///
/// If it is another one.
#[inline]
#[track_caller]
pub fn is<F: 'static, G: 'static>(_: &F, _: &G) {
    if TypeId::of::<F>() != TypeId::of::<G>() {
        another_function(type_name::<F>(), type_name::<G>());
    }
}

/// The same of a function of which only its name is known: its type is made of others, which may not outlive everything.
///
/// # Panics
///
/// If it has another name.
#[inline]
#[track_caller]
pub fn is_named<F, G>(_: &F, _: &G) {
    if type_name::<F>() != type_name::<G>() {
        another_function(type_name::<F>(), type_name::<G>());
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn another_function(called: &str, differentiated: &str) -> ! {
    panic!(
        "`{called}` is called, which has no derivatives, and those of `{differentiated}` are found under its name: the module's \
         own function hides one that a glob imports; put `#[differentiate]` on it, or import the other one by name"
    )
}

/// What a call takes that is repeated for its derivative.
#[diagnostic::on_unimplemented(
    message = "the derivative of this call is computed by calling it again, and this argument cannot be given twice",
    label = "`{Self}` may have changed, or is gone",
    note = "pass a `&` to it, or a number"
)]
pub trait Again: Copy {}

impl<T: Copy> Again for T {}

/// An argument once more: no `&mut` to what the first call has changed.
#[inline]
pub fn again<T: Again>(value: &T) -> T {
    *value
}

/// What is taken for an array of some length, where nothing says what a function returns, or what data are that are copied.
#[diagnostic::on_unimplemented(
    message = "this is no array of a fixed length, and is taken for one",
    label = "this is a `{Self}`",
    note = "bind it to a variable with a type: `let v: Vec<f64> = f(x);`",
    note = "or say in the attribute what it returns: `#[differentiate(returns(f = Vec<f64>))]`"
)]
pub trait IsArray {
    /// The array.
    type Itself;
    /// The same value.
    fn itself(self) -> Self::Itself;
}

impl<T, const N: usize> IsArray for [T; N] {
    type Itself = Self;
    #[inline]
    fn itself(self) -> Self {
        self
    }
}
