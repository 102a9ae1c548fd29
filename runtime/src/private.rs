//! What generated code refers to. Not a public interface: it may change in any version.

use crate::Differentiable;
pub use crate::directions::{Along, Direction, MayRunAgain, OnePass, Passes, SeveralPasses};
#[cfg(feature = "ndarray")]
pub use crate::glue::ndarray::lent as ndarray;
pub use crate::labelled::{Labelled, put_nonzeros};
pub use crate::lanes::{Lanes, put_columns, symmetric, symmetric_rows};
pub use crate::rule::{all_but, coordinate, inner_product, scale, times};
pub use crate::size::{Size, size};
pub use crate::sparsity::{Dependence, Sets};
pub use crate::tensor::Tensor;
pub use crate::unit::{count, put_column, set_unit};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::sync::Arc;
pub use alloc::vec;
pub use alloc::vec::Vec;
use core::any::{TypeId, type_name};
use core::cell::{Ref, RefMut};
use core::marker::PhantomData;
use num_traits::ToPrimitive;
pub use num_traits::real::Real;
pub use num_traits::{Euclid, Float, NumCast};

#[path = "known.rs"]
pub mod known;
#[path = "series.rs"]
pub mod series;

/// What is taken for a float by its bounds.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is taken for a float by its bounds, and they do not imply `num_traits::Float`",
    label = "the methods of this type may be others than those of floats",
    note = "write `{Self}: num_traits::Float`"
)]
pub trait IsFloat {}

impl<T: num_traits::real::Real> IsFloat for T {}

/// Compiles for what is a float.
#[inline]
pub const fn is_float<T: IsFloat>() {}

/// A constant of derivative code in a function that is generic over its float type.
///
/// # Panics
///
/// If the type cannot hold it, as no type with the bounds of such a function does.
#[inline]
#[must_use]
pub fn constant<T: NumCast>(value: f64) -> T {
    match T::from(value) {
        Some(value) => value,
        None => panic!("the float type has no value for a constant of the derivative"),
    }
}

/// How many records room is made for at once: a range that says more may still be left by a panic.
const AT_ONCE: usize = 1 << 16;

/// Makes room on a tape for a record for each item.
#[inline]
pub fn reserve<R>(tape: &mut Vec<R>, items: &impl Iterator) {
    tape.reserve(items.size_hint().0.min(AT_ONCE));
}

/// What can stand in a module, or in an inherent `impl`, and nowhere else. A macro cannot see where it is, but rustc can, and
/// then it shows the name of this one.
#[doc(hidden)]
#[macro_export]
macro_rules! __the_attribute_must_go_on_the_impl_block {
    (enum $visibility:vis $name:ident [$($attributes:tt)*]) => {
        $($attributes)*
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code)]
        $visibility enum $name {}
    };
    (use $name:ident [$($attributes:tt)*]) => {
        $($attributes)*
        #[allow(unused_imports)]
        use super::$name::{self};
    };
    (fn [$($attributes:tt)*] $($method:tt)*) => {
        $($attributes)*
        pub(self) $($method)*
    };
}

/// The number of a field, by its name: what [`Follows`] and [`Skips`] are told apart by.
#[must_use]
pub const fn field(name: &str) -> u128 {
    // FNV-1a.
    let bytes = name.as_bytes();
    let mut hash = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128;
    let mut k = 0;
    while k < bytes.len() {
        hash = (hash ^ bytes[k] as u128).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        k += 1;
    }
    hash
}

/// What is called a field of a type that is indexed itself: all of its scalars, by their indices.
pub const ELEMENTS: u128 = field("[]");

/// A struct in whose gradient a field is a derivative.
#[diagnostic::on_unimplemented(
    message = "there is no derivative with respect to this field of `{Self}`",
    label = "used as a number that derivatives flow through",
    note = "a field with `#[differentiate(skip)]` is data, and so are those of a type without `#[derive(symgrad::Differentiable)]`; pass `symgrad::stop_gradient(…)` of it where no derivative shall flow; what a struct only keeps of another one is written as its rest: `State {{ x, ..s }}`"
)]
pub trait Follows<const FIELD: u128> {}

/// A struct in whose gradient a field is a clone.
#[diagnostic::on_unimplemented(
    message = "the derivative with respect to this field of `{Self}` is lost here",
    label = "goes into code that symgrad does not follow",
    note = "if the field is data, put `#[differentiate(skip)]` on it; otherwise take what is a float from it first: `let k: f64 = p.k;`"
)]
pub trait Skips<const FIELD: u128> {}

/// A type whose elements, by whatever index, are of type `F`.
#[diagnostic::on_unimplemented(
    message = "the elements of `{Self}` are taken for `{F}`",
    label = "its elements are of another type",
    note = "the function computes in the float type of its result: return the type of the elements"
)]
pub trait Elements<F> {}

macro_rules! fields_behind {
    ($($pointer:ty),*) => {$(
        impl<T: ?Sized + Elements<F>, F> Elements<F> for $pointer {}
        impl<T: ?Sized + Follows<FIELD>, const FIELD: u128> Follows<FIELD> for $pointer {}
        impl<T: ?Sized + Skips<FIELD>, const FIELD: u128> Skips<FIELD> for $pointer {}
    )*};
}

fields_behind!(&T, &mut T, Box<T>);

macro_rules! fields_of_tuples {
    ($($parts:tt $($index:literal)+;)+) => {
        $($(fields_of_tuples!(@ $parts $index);)+)+
    };
    (@ ($($part:ident),+) $index:literal) => {
        impl<$($part),+> Follows<{ field($index) }> for ($($part,)+) {}
    };
}

fields_of_tuples! {
    (A) "0";
    (A, B) "0" "1";
    (A, B, C) "0" "1" "2";
    (A, B, C, D) "0" "1" "2" "3";
    (A, B, C, D, E) "0" "1" "2" "3" "4";
    (A, B, C, D, E, F) "0" "1" "2" "3" "4" "5";
    (A, B, C, D, E, F, G) "0" "1" "2" "3" "4" "5" "6";
    (A, B, C, D, E, F, G, H) "0" "1" "2" "3" "4" "5" "6" "7";
}

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

/// What a method is called on: a value of type `T`, or something that dereferences to one by `I` known steps.
#[derive(Clone, Copy, Debug)]
pub struct Receiver<T: ?Sized, I>(PhantomData<(I, T)>);

/// The receiver of a call.
#[inline]
#[must_use]
pub fn receiver<T: ?Sized, I>(_: &T) -> Receiver<T, I> {
    Receiver(PhantomData)
}

/// A method of `S` that takes an `R`, called on a `T`. Method resolution tries other types of a receiver before `R`, where a
/// trait's method would be found first: `first` and `second` are values of those, of which a caller asks for a method of that
/// name.
#[derive(Clone, Copy, Debug)]
pub struct Resolved<T: ?Sized, R, S: ?Sized>(PhantomData<(R, *const T, *const S)>);

macro_rules! tried_before {
    ($(($T:ty, $R:ty): $first:ty $(, $second:ty)?;)*) => {
        $(impl<'s, S> Resolved<$T, $R, S> {
            /// What is tried first. Not to be called.
            pub fn first(&self) -> $first {
                unreachable!()
            }
            $(
                /// What is tried next. Not to be called.
                pub fn second(&self) -> $second {
                    unreachable!()
                }
            )?
        })*
    };
}

tried_before! {
    (S, &'s S): S;
    (S, &'s mut S): S, &'s S;
    (&'s S, S): &'s S;
    (&mut S, S): &'s mut S;
    (&mut S, &'s S): &'s mut S, S;
    (Box<S>, &'s S): S;
    (Box<S>, &'s mut S): S, &'s S;
    (Rc<S>, &'s S): S;
    (Arc<S>, &'s S): S;
    (Ref<'_, S>, &'s S): S;
    (RefMut<'_, S>, &'s S): S;
    (RefMut<'_, S>, &'s mut S): S, &'s S;
}

/// Of other receivers, no type is known that is tried before.
pub trait NothingBefore {
    /// Nothing.
    fn first(&self) {}
    /// Nothing.
    fn second(&self) {}
}

impl<T: ?Sized, R, S: ?Sized> NothingBefore for Resolved<T, R, S> {}

/// A receiver, and the type that the companions of a method belong to.
#[derive(Clone, Copy, Debug)]
pub struct Companions<R, S: ?Sized>(pub R, PhantomData<S>);

impl<R, S: ?Sized> Companions<R, S> {
    /// A receiver of a type.
    #[inline]
    pub fn new(receiver: R) -> Self {
        Companions(receiver, PhantomData)
    }

    /// That they belong to what a method is called on.
    #[inline]
    pub fn of<T: ?Sized + DereferencesTo<S, I>, I>(&self, _: Receiver<T, I>) -> Resolved<T, R, S> {
        Resolved(PhantomData)
    }
}

/// No step.
#[derive(Clone, Copy, Debug)]
pub struct Here;

/// A step, and some more.
#[derive(Clone, Copy, Debug)]
pub struct Behind<I>(I);

/// By steps that hide no method: a type with methods of its own may have one of the same name, which would be called instead.
#[diagnostic::on_unimplemented(
    message = "the companions of this method belong to `{S}`, and it is called on `{Self}`, which may have another method of this name",
    label = "called on `{Self}`",
    note = "call it on the `{S}` itself: `(*x).f(…)`, or on a field"
)]
pub trait DereferencesTo<S: ?Sized, I> {}

impl<S: ?Sized> DereferencesTo<S, Here> for S {}

macro_rules! dereferences {
    ($($pointer:ty),* $(,)?) => {
        $(
            impl<T: ?Sized + DereferencesTo<S, I>, S: ?Sized, I> DereferencesTo<S, Behind<I>> for $pointer {}

            impl<T: ?Sized + Number<F, I>, F, I> Number<F, Behind<I>> for $pointer {
                #[inline]
                fn number(&self) -> F {
                    T::number(self)
                }
            }
        )*
    };
}

dereferences!(&T, &mut T, Box<T>, Rc<T>, Arc<T>, Ref<'_, T>, RefMut<'_, T>);

#[cfg(feature = "std")]
dereferences!(std::sync::MutexGuard<'_, T>, std::sync::RwLockReadGuard<'_, T>, std::sync::RwLockWriteGuard<'_, T>);

impl<T, S: ?Sized, I> DereferencesTo<S, Behind<I>> for Vec<T> where [T]: DereferencesTo<S, I> {}

/// What is taken for a number since its method has the name of one of theirs: it is one, or a reference to one.
#[inline]
pub fn number<F, T: ?Sized + Number<F, I>, I>(value: &T) -> F {
    value.number()
}

/// A number, or a reference to one.
#[diagnostic::on_unimplemented(
    message = "this method is taken for one of floats by its name, and belongs to `{Self}`",
    label = "no number",
    note = "call it by its path, `{Self}::method(value, …)`, so that its own derivative is used"
)]
pub trait Number<F, I> {
    /// The number.
    fn number(&self) -> F;
}

impl<F: Copy> Number<F, Here> for F {
    #[inline]
    fn number(&self) -> F {
        *self
    }
}

/// In place of a slot: this derivative is not wanted, or not available.
#[derive(Clone, Copy, Debug)]
pub struct NoGradient;

/// The slot of a parameter of which the callee has no derivative: nothing can be wanted of it.
#[diagnostic::on_unimplemented(
    message = "this function is called with a number that depends on the differentiated parameters, where it has no derivative",
    label = "the parameter is not in `wrt(…)` of the called function",
    note = "name the parameter in `wrt(…)` of the called function, or pass `symgrad::stop_gradient(…)` of the number"
)]
pub trait NotInWrt {}

impl NotInWrt for NoGradient {}
impl NotInWrt for NoTangent {}

/// What the slots of a function without gradient companions implement: nothing.
#[diagnostic::on_unimplemented(
    message = "this function is called where its gradient is needed, and it has none",
    label = "the called function has no `gradient`",
    note = "add `gradient` to its `#[differentiate(…)]`"
)]
pub trait HasGradient {}

/// What the slots of a function that writes to its arguments implement, where its value is taken: nothing.
#[diagnostic::on_unimplemented(
    message = "this function writes to what it gets by `&mut`, and its value is used: symgrad follows one of both",
    label = "its value is taken here",
    note = "call it as a statement, and read what it has written: `m.step(x);`, then `m.state`"
)]
pub trait IsStatement {}

/// What the slots of a function that returns no number implement, where a number is taken from it: nothing.
#[diagnostic::on_unimplemented(
    message = "this function returns no number, and is taken for one that does",
    label = "what it returns is not followed here",
    note = "bind it to a variable with a type or a pattern: `let v: [f64; 3] = f(x);`, `let (a, b) = f(x);`",
    note = "or say in the attribute what it returns: `#[differentiate(returns(f = [f64; 3]))]`"
)]
pub trait ReturnsNumber {}

/// What is taken for an array of some length, where nothing says what a function returns.
#[diagnostic::on_unimplemented(
    message = "this function does not return an array of a fixed length, and is taken for one that does",
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

/// What the slots of a function without a `jvp` companion implement: nothing.
#[diagnostic::on_unimplemented(
    message = "this function is called where its directional derivative is needed, and it has none",
    label = "the called function has no `jvp`",
    note = "add `jvp` to its `#[differentiate(…)]`"
)]
pub trait HasJvp {}

/// What a function without third derivatives implements: nothing.
#[diagnostic::on_unimplemented(
    message = "this gradient is called where its second derivative is needed, and there are no third derivatives",
    label = "a gradient, differentiated twice more",
    note = "ask for first derivatives of the function that calls it, or write the gradient's own formula"
)]
pub trait HasThirdDerivatives {}

/// What stands in the place of the hidden protocol of companions that have no derivatives: all but gradients. Its name is what rustc shows
/// where one is called.
#[allow(non_camel_case_types, reason = "a sentence")]
#[derive(Clone, Copy, Debug)]
pub enum companion_without_derivatives__only_gradients_have_some {}

/// What a function implements through which no power series goes: nothing.
#[diagnostic::on_unimplemented(
    message = "this function is called where its derivatives of every order are needed, and it has those of low order only",
    label = "a gradient, or a function with a rule of its own",
    note = "write its formula in a function with `#[differentiate(derivatives)]`, or pass `symgrad::stop_gradient(…)` of the number"
)]
pub trait HasSeries {}

/// What a function implements that has a rule of its own and returns no number: nothing.
#[diagnostic::on_unimplemented(
    message = "this function is called where its second derivatives or its columns of a matrix are needed, and it has a rule of its own",
    label = "first derivatives in one direction are all that its rule says",
    note = "ask for `jvp` or `vjp` of the function that calls it; or return a number, of which the rule may be a differentiated function"
)]
pub trait HasNoRuleOfItsOwn {}

/// What a function returns in another float type than it computes in, where one of them is a type parameter.
///
/// # Panics
///
/// As the function does: if the type cannot hold the value.
#[inline]
#[must_use]
pub fn converted<T: ToPrimitive, U: NumCast>(value: T) -> U {
    U::from(value).unwrap()
}

/// An integer of derivative code, such as an exponent, in a function that is generic over its float type.
///
/// # Panics
///
/// As [`constant`].
#[inline]
#[must_use]
pub fn integer<T: NumCast>(value: i32) -> T {
    constant(value.into())
}

/// Where a callee puts its partial derivatives with respect to one parameter.
#[diagnostic::on_unimplemented(
    message = "the derivative of the called function with respect to this argument has another shape",
    label = "`{T}` in the called function"
)]
pub trait Slot<T: ?Sized> {
    /// Overwrites what is there.
    fn put(self, partials: &T);
}

impl<T: ?Sized> Slot<T> for NoGradient {
    fn put(self, _: &T) {}
}

/// In place of a tangent: it is zero. Not `Copy`, which tangents are.
#[derive(Debug)]
pub struct NoTangent;

/// The tangent of one argument.
#[diagnostic::on_unimplemented(
    message = "the derivative of the called function with respect to this argument has another shape",
    label = "`{T}` in the called function"
)]
pub trait Tangent<T: ?Sized> {
    /// The tangent, or `zero` if there is none.
    fn or_zero<'a>(&'a self, zero: &'a T) -> &'a T;
}

impl<T: ?Sized> Tangent<T> for NoTangent {
    fn or_zero<'a>(&'a self, zero: &'a T) -> &'a T {
        zero
    }
}

impl<T: Copy> Slot<T> for &mut T {
    fn put(self, partials: &T) {
        *self = *partials;
    }
}

impl<T: Copy> Tangent<T> for T {
    fn or_zero<'a>(&'a self, _: &'a T) -> &'a T {
        self
    }
}

impl<T: Clone, const N: usize> Slot<[T]> for &mut [T; N] {
    fn put(self, partials: &[T]) {
        self.clone_from_slice(partials);
    }
}

impl<T: Clone> Slot<[T]> for &mut [T] {
    fn put(self, partials: &[T]) {
        self.clone_from_slice(partials);
    }
}

impl<T: Clone> Slot<[T]> for &mut Vec<T> {
    fn put(self, partials: &[T]) {
        self.clone_from_slice(partials);
    }
}

impl<T> Tangent<T> for &T {
    fn or_zero<'a>(&'a self, _: &'a T) -> &'a T {
        self
    }
}

impl<T, const N: usize> Tangent<[T]> for &[T; N] {
    fn or_zero<'a>(&'a self, _: &'a [T]) -> &'a [T] {
        *self
    }
}

impl<T> Tangent<[T]> for &[T] {
    fn or_zero<'a>(&'a self, _: &'a [T]) -> &'a [T] {
        self
    }
}

impl<T> Tangent<[T]> for &Vec<T> {
    fn or_zero<'a>(&'a self, _: &'a [T]) -> &'a [T] {
        self
    }
}

/// The slot of a buffer that a callee reads and writes: it comes with what belongs to the contents at one end of the call, and
/// goes with what belongs to those at the other.
#[diagnostic::on_unimplemented(
    message = "the derivative of the called function with respect to this argument has another shape",
    label = "`{T}` in the called function"
)]
pub trait InOut<T: ?Sized> {
    /// It, or `zero` if the caller has no use for it.
    fn get<'a>(&'a mut self, zero: &'a mut T) -> &'a mut T;
}

impl<T: ?Sized> InOut<T> for NoGradient {
    fn get<'a>(&'a mut self, zero: &'a mut T) -> &'a mut T {
        zero
    }
}

impl<T: ?Sized> InOut<T> for NoTangent {
    fn get<'a>(&'a mut self, zero: &'a mut T) -> &'a mut T {
        zero
    }
}

impl<T: ?Sized> InOut<T> for &mut T {
    fn get<'a>(&'a mut self, _: &'a mut T) -> &'a mut T {
        self
    }
}

impl<T> InOut<[T]> for &mut Vec<T> {
    fn get<'a>(&'a mut self, _: &'a mut [T]) -> &'a mut [T] {
        self
    }
}

impl<T, const N: usize> InOut<[T]> for &mut [T; N] {
    fn get<'a>(&'a mut self, _: &'a mut [T]) -> &'a mut [T] {
        *self
    }
}

/// Where each of the numbers `after` is among those `before`, of which they are a rearrangement. They are told apart by
/// their bits; of equal ones the first stays the first.
#[must_use]
pub fn order<T: Float>(before: &[T], after: &[T]) -> Vec<usize> {
    let sorted = |numbers: &[T]| {
        let mut indices: Vec<usize> = (0..numbers.len()).collect();
        indices.sort_by_key(|&k| numbers[k].integer_decode());
        indices
    };
    let mut order = vec![0; after.len()];
    sorted(before).into_iter().zip(sorted(after)).for_each(|(from, to)| order[to] = from);
    order
}

/// What a method of `Differentiable` makes of each element.
pub fn each<T, U>(elements: &[T], f: impl Fn(&T) -> U) -> Vec<U> {
    elements.iter().map(f).collect()
}

/// Makes each element zeros in the shape of another.
pub fn reset_each<T: Differentiable>(elements: &mut [T], like: &[T]) {
    elements.iter_mut().zip(like).for_each(|(element, like)| element.reset_like(like));
}

/// `to += scale * from`
#[allow(clippy::needless_pass_by_value, reason = "a number")]
pub fn add_scaled<T: Differentiable>(to: &mut T, from: &T, scale: impl ToPrimitive) {
    let scale = scale.to_f64().unwrap_or(f64::NAN);
    to.combine_each(from, &mut |a, b| a + scale * b);
}

/// [`Slot`] of a struct, or of an array of structs.
#[diagnostic::on_unimplemented(
    message = "the derivative of the called function with respect to this argument has another shape",
    label = "`{T}` in the called function"
)]
pub trait StructSlot<T> {
    /// Overwrites what is there.
    fn set(self, partials: T);
}

impl<T> StructSlot<T> for NoGradient {
    fn set(self, _: T) {}
}

impl<T> StructSlot<T> for &mut T {
    fn set(self, partials: T) {
        *self = partials;
    }
}

/// Compiles where there is a derivative with respect to a field.
#[inline]
pub const fn follows<const FIELD: u128, T: Follows<FIELD> + ?Sized>(_: &T) {}

/// Compiles where the elements are of this type.
#[inline]
pub const fn elements<F, T: Elements<F> + ?Sized>(_: &T) {}

/// Compiles where a field is data.
#[inline]
pub const fn skips<const FIELD: u128, T: Skips<FIELD> + ?Sized>(_: &T) {}
