//! A small set of words as bits.

use core::marker::PhantomData;

/// A set of members of one of the closed word lists (at most 32 members).
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Set<T> {
    bits: u32,
    of: PhantomData<T>,
}

impl<T> Clone for Set<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Set<T> {}
impl<T> Default for Set<T> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<T> Set<T> {
    /// Nothing.
    pub const EMPTY: Self = Self { bits: 0, of: PhantomData };

    /// The raw bits, bit `n` for the member at position `n`.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.bits
    }

    /// A set from raw bits.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Self {
        Self { bits, of: PhantomData }
    }

    /// Is it empty?
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// Are all members of `other` in this set?
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        other.bits & !self.bits == 0
    }

    /// Members of either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self::from_bits(self.bits | other.bits)
    }
}

macro_rules! set_of {
    ($($word:ty),* $(,)?) => {$(
        impl Set<$word> {
            /// The set of these members.
            #[must_use]
            pub const fn of(members: &[$word]) -> Self {
                let (mut bits, mut rest) = (0, members);
                while let [first, tail @ ..] = rest {
                    bits |= 1 << *first as u32;
                    rest = tail;
                }
                Self::from_bits(bits)
            }

            /// Every member.
            #[must_use]
            pub const fn all() -> Self { Self::of(<$word>::ALL) }

            /// Is this member in the set?
            #[must_use]
            pub const fn has(self, member: $word) -> bool { self.bits & (1 << member as u32) != 0 }

            /// The members, in order.
            pub fn iter(self) -> impl Iterator<Item = $word> {
                <$word>::ALL.iter().copied().filter(move |m| self.has(*m))
            }
        }
        impl FromIterator<$word> for Set<$word> {
            fn from_iter<I: IntoIterator<Item = $word>>(members: I) -> Self {
                members.into_iter().fold(Self::EMPTY, |set, m| set.union(Self::of(&[m])))
            }
        }
    )*};
}
set_of!(
    crate::Channel,
    crate::Role,
    crate::ContentKind,
    crate::ProcessingPurpose,
    crate::Category,
    crate::Caveat,
    crate::Scope
);
