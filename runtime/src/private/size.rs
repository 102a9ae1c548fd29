//! What symgrad takes for a number of elements, by the name of the method that tells it.

/// An integer.
#[diagnostic::on_unimplemented(
    message = "by its name, this method is taken for one that counts elements, and it returns `{Self}`",
    label = "no number of elements",
    note = "call it by its path, `Type::len(&value)`, or give it another name: then its own derivative is used"
)]
pub trait Size {}

macro_rules! sizes {
    ($($integer:ty)*) => {
        $(
            #[diagnostic::do_not_recommend]
            impl Size for $integer {}
        )*
    };
}

sizes!(usize u8 u16 u32 u64 u128 isize i8 i16 i32 i64 i128);

/// The number of elements that a method called `len` returns.
#[inline]
#[must_use]
pub const fn size<T: Size + Copy>(len: T) -> T {
    len
}
