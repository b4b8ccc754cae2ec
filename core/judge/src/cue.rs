//! Cues: wordings that speak for or against an offer, each with its reason in Chinese and English.

/// The cue that decided a message: an entry of the cue table.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cue(&'static Entry);

#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Entry {
    pub(crate) id: &'static str,
    pub(crate) zh: &'static str,
    pub(crate) en: &'static str,
}

pub(crate) static WORDING: Entry = Entry { id: "wording", zh: "整体措辞", en: "overall wording" };

impl Cue {
    pub(crate) const fn of(entry: &'static Entry) -> Self {
        Self(entry)
    }

    /// Stable identifier, e.g. `discount`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.0.id
    }

    /// The reason in Chinese.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        self.0.zh
    }

    /// The reason in English.
    #[must_use]
    pub const fn en(self) -> &'static str {
        self.0.en
    }
}

impl core::fmt::Debug for Cue {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Cue({})", self.id())
    }
}
