//! What emitted code asks of the types of data, where it runs again: that looking at them has no effect.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
#[cfg(feature = "std")]
use std::collections::{HashMap, HashSet};

/// Data of the standard library, and numbers.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is looked at by a method here, and symgrad knows of the collections of the standard library only that this has no effect",
    label = "the columns of a matrix over a slice are computed a few at a time, each time by running this",
    note = "if nothing that is called in this function has an effect, say so: `#[differentiate(repeatable)]`"
)]
pub trait Data {}

impl<T> Data for [T] {}
impl<T, const N: usize> Data for [T; N] {}
impl<T> Data for Vec<T> {}
impl<T> Data for VecDeque<T> {}
impl<K, V> Data for BTreeMap<K, V> {}
impl<T> Data for BTreeSet<T> {}
#[cfg(feature = "std")]
impl<K, V, S> Data for HashMap<K, V, S> {}
#[cfg(feature = "std")]
impl<T, S> Data for HashSet<T, S> {}
impl<T> Data for Option<T> {}
impl<T, E> Data for Result<T, E> {}
impl<T> Data for core::ops::Range<T> {}
impl<T> Data for core::ops::RangeInclusive<T> {}
impl Data for str {}
impl Data for String {}
impl<T: Data + ?Sized> Data for &T {}
impl<T: Data + ?Sized> Data for &mut T {}
impl<T: Data + ?Sized> Data for Box<T> {}
impl<T: Data + ?Sized> Data for Rc<T> {}
impl<T: Data + ?Sized> Data for Arc<T> {}

/// Compiles where it is data.
#[inline]
pub const fn looked_at<T: Data + ?Sized>(_: &T) {}
