//! Which type's method is called: by what steps a receiver dereferences to it, and what method resolution tries before.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cell::{Ref, RefMut};
use core::marker::PhantomData;

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

/// What has no method, as `()` has `clamp`.
#[derive(Debug)]
pub struct Nothing;

/// Of other receivers, no type is known that is tried before.
pub trait NothingBefore {
    /// Nothing.
    fn first(&self) -> Nothing {
        Nothing
    }
    /// Nothing.
    fn second(&self) -> Nothing {
        Nothing
    }
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
