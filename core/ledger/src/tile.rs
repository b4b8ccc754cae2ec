//! Tiles: the tree and its entries as static files (C2SP tlog-tiles). Names, which change, and what is in an entry bundle.

/// A tile: 256 neighbouring hashes, or the entries under them.
///
/// ```
/// use anning_ledger::{Shelf, Tile};
/// let tile = Tile { shelf: Shelf::Hashes { level: 0 }, index: 1_234_067, width: 112 };
/// assert_eq!(tile.path(), "tile/0/x001/x234/067.p/112");
/// assert_eq!(Tile::parse("tile/0/x001/x234/067.p/112"), Ok(tile));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// Hashes of a level, or entries.
    pub shelf: Shelf,
    /// Index among the tiles of its shelf.
    pub index: u64,
    /// Hashes or entries in it, 1 to 256; fewer than 256 only at the right edge.
    pub width: u16,
}

/// A row of tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shelf {
    /// Hashes; level 0 holds the leaf hashes, each level above the roots of the full tiles below.
    Hashes {
        /// 0 to 63 in a path, 0 to 7 in any tree that can be.
        level: u8,
    },
    /// The entries themselves.
    Entries,
}

/// Why bytes or a path are no tile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TileError {
    /// Not a path of a tile.
    Path {
        /// What was read.
        path: String,
    },
    /// An entry that fits in no bundle.
    EntryTooLong {
        /// Its bytes.
        bytes: usize,
    },
    /// Not as many hashes or entries as the width says, or bytes left over.
    Width {
        /// What the name says.
        expected: u16,
        /// Bytes there are.
        bytes: usize,
    },
}

impl std::fmt::Display for TileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Path { path } => write!(f, "not the path of a tile: {path:?}"),
            Self::EntryTooLong { bytes } => {
                write!(f, "an entry may have {ENTRY_MAX} bytes, has: {bytes}")
            }
            Self::Width { expected, bytes } => {
                write!(f, "a tile of width {expected} can't have this many bytes: {bytes}")
            }
        }
    }
}

impl std::error::Error for TileError {}

impl Tile {
    /// Its path below the log's prefix.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = match self.shelf {
            Shelf::Hashes { level } => format!("tile/{level}/"),
            Shelf::Entries => "tile/entries/".to_owned(),
        };
        let mut groups = vec![format!("{:03}", self.index % 1_000)];
        let mut rest = self.index / 1_000;
        while rest > 0 {
            groups.push(format!("x{:03}", rest % 1_000));
            rest /= 1_000;
        }
        groups.reverse();
        path.push_str(&groups.join("/"));
        if self.width < WIDTH {
            path.push_str(&format!(".p/{}", self.width));
        }
        path
    }

    /// Reads a path. Every tile has exactly one.
    ///
    /// # Errors
    /// [`TileError::Path`].
    pub fn parse(path: &str) -> Result<Self, TileError> {
        // Rather than one rule a digit: what would not be written like this was not ours.
        let tile = loosely(path).filter(|tile| tile.path() == path);
        tile.ok_or_else(|| TileError::Path { path: path.chars().take(PATH_SHOWN).collect() })
    }

    /// The hashes in a tile of hashes.
    ///
    /// # Errors
    /// When there are not `width` of them.
    pub fn hashes(&self, bytes: &[u8]) -> Result<Vec<crate::Hash>, TileError> {
        let (hashes, odd) = bytes.as_chunks::<32>();
        if odd.is_empty() && hashes.len() == usize::from(self.width) {
            return Ok(hashes.to_vec());
        }
        Err(TileError::Width { expected: self.width, bytes: bytes.len() })
    }

    /// The entries in a bundle.
    ///
    /// # Errors
    /// When there are not `width` of them, or bytes are left over.
    pub fn entries<'b>(&self, bytes: &'b [u8]) -> Result<Vec<&'b [u8]>, TileError> {
        let wrong = || TileError::Width { expected: self.width, bytes: bytes.len() };
        let mut entries = Vec::new();
        let mut rest = bytes;
        while let Some((length, after)) = rest.split_first_chunk::<2>() {
            let length = usize::from(u16::from_be_bytes(*length));
            let (entry, after) = after.split_at_checked(length).ok_or_else(wrong)?;
            entries.push(entry);
            rest = after;
        }
        if rest.is_empty() && entries.len() == usize::from(self.width) { Ok(entries) } else { Err(wrong()) }
    }
}

/// Adds an entry to a bundle: its length in two bytes, big-endian, then itself.
///
/// # Errors
/// When it is longer than a length can say.
pub fn push_entry(bundle: &mut Vec<u8>, entry: &[u8]) -> Result<(), TileError> {
    let length = u16::try_from(entry.len()).map_err(|_| TileError::EntryTooLong { bytes: entry.len() })?;
    bundle.extend(length.to_be_bytes());
    bundle.extend(entry);
    Ok(())
}

/// The tiles that a log of `new` entries has and one of `old` had not, or had narrower: level 0 first, entries last.
pub fn changed_tiles(old: u64, new: u64) -> impl Iterator<Item = Tile> {
    let shelves = (0..LEVELS).map(|level| (Shelf::Hashes { level }, 8 * u32::from(level)));
    shelves.chain([(Shelf::Entries, 0)]).flat_map(move |(shelf, bits)| {
        let (before, after) = (old >> bits, new >> bits);
        let first = before / u64::from(WIDTH);
        let beyond = if before < after { after.div_ceil(u64::from(WIDTH)) } else { first };
        (first..beyond).map(move |index| Tile { shelf, index, width: width(index, after) })
    })
}

/// Width of the tile at `index` when its shelf holds `count` in all; 0 if it is beyond.
pub(crate) fn width(index: u64, count: u64) -> u16 {
    let rest = index.checked_mul(u64::from(WIDTH)).map_or(0, |start| count.saturating_sub(start));
    u16::try_from(rest).map_or(WIDTH, |rest| rest.min(WIDTH))
}

/// What stands where in a path, with other spellings let through.
fn loosely(path: &str) -> Option<Tile> {
    let (shelf, rest) = path.strip_prefix("tile/")?.split_once('/')?;
    let shelf = match shelf {
        "entries" => Shelf::Entries,
        level => Shelf::Hashes { level: level.parse().ok().filter(|level| *level <= LEVEL_MAX)? },
    };
    let (groups, width) = match rest.split_once(".p/") {
        Some((groups, width)) => (groups, width.parse().ok().filter(|width| (1..WIDTH).contains(width))?),
        None => (rest, WIDTH),
    };
    let index = groups.split('/').try_fold(0_u64, |index, group| {
        let digits: u64 = group.strip_prefix('x').unwrap_or(group).parse().ok()?;
        index.checked_mul(1_000)?.checked_add(digits)
    })?;
    Some(Tile { shelf, index, width })
}

/// Hashes in a full tile.
pub(crate) const WIDTH: u16 = 256;
/// Levels of tiles in a tree of 2^64 leaves.
pub(crate) const LEVELS: u8 = 8;
/// The highest level a path may name.
const LEVEL_MAX: u8 = 63;
/// The longest entry.
pub const ENTRY_MAX: usize = 65_535;
/// Characters of a bad path kept for the message.
const PATH_SHOWN: usize = 80;

#[cfg(test)]
mod tests {
    use super::{ENTRY_MAX, Shelf, Tile, TileError, changed_tiles, push_entry};
    use std::collections::BTreeMap;

    fn tile(level: u8, index: u64, width: u16) -> Tile {
        Tile { shelf: Shelf::Hashes { level }, index, width }
    }

    #[test]
    fn paths() {
        let check = |tile: Tile, path: &str| {
            assert_eq!(tile.path(), path);
            assert_eq!(Tile::parse(path), Ok(tile));
        };
        check(tile(0, 0, 256), "tile/0/000");
        check(tile(0, 273, 112), "tile/0/273.p/112");
        check(tile(63, 1_234_067, 256), "tile/63/x001/x234/067");
        check(tile(1, 1_000, 1), "tile/1/x001/000.p/1");
        check(tile(0, u64::MAX, 256), "tile/0/x018/x446/x744/x073/x709/x551/615");
        check(Tile { shelf: Shelf::Entries, index: 7, width: 255 }, "tile/entries/007.p/255");
    }

    #[test]
    fn other_spellings_are_refused() {
        for path in [
            "",
            "tile",
            "tile/0",
            "tile/0/",
            "/tile/0/000",
            "tile/00/000",
            "tile/+1/000",
            "tile/64/000",
            "tile/0/0",
            "tile/0/0000",
            "tile/0/x000/000",
            "tile/0/x001",
            "tile/0/001/000",
            "tile/0/x001/x000",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/0/000.p/",
            "tile/0/000.p/1/",
            "tile/0/-01",
            "tile/0/x018/x446/x744/x073/x709/x551/616",
            "tile/Entries/000",
            "tile/0/../000",
            "tile/8/0/x001/000",
        ] {
            assert!(matches!(Tile::parse(path), Err(TileError::Path { .. })), "{path}");
        }
    }

    /// The two examples of tlog-tiles.
    #[test]
    fn tiles_of_a_size() {
        let of = |size| -> Vec<String> {
            let hashes = changed_tiles(0, size).filter(|tile| tile.shelf != Shelf::Entries);
            hashes.map(|tile| tile.path()).collect()
        };
        let many = of(70_000);
        assert_eq!(many.len(), 273 + 1 + 1 + 1 + 1);
        assert_eq!(
            many[272..],
            ["tile/0/272", "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]
        );
        assert_eq!(of(256), ["tile/0/000", "tile/1/000.p/1"]);
        assert!(of(0).is_empty());
    }

    #[test]
    fn changes_add_up() {
        let all = |size| -> BTreeMap<(Shelf, u64), u16> {
            changed_tiles(0, size).map(|tile| ((tile.shelf, tile.index), tile.width)).collect()
        };
        let sizes = [0, 1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 70_000];
        for (nth, old) in sizes.iter().enumerate() {
            for new in &sizes[nth..] {
                let mut tiles = all(*old);
                for changed in changed_tiles(*old, *new) {
                    let before = tiles.insert((changed.shelf, changed.index), changed.width);
                    assert!(before.is_none_or(|before| before < changed.width), "{old} to {new}");
                }
                assert_eq!(tiles, all(*new), "{old} to {new}");
            }
        }
        let end = u64::MAX;
        assert!(changed_tiles(end - 1, end).count() >= 2, "no overflow at the end");
        assert_eq!(changed_tiles(9, 5).count(), 0, "a log does not shrink");
    }

    #[test]
    fn bundles() {
        let bundle = Tile { shelf: Shelf::Entries, index: 0, width: 3 };
        let mut bytes = Vec::new();
        let longest = vec![7; ENTRY_MAX];
        for entry in [&b"one"[..], b"", &longest] {
            push_entry(&mut bytes, entry).unwrap();
        }
        assert_eq!(bundle.entries(&bytes), Ok(vec![&b"one"[..], b"", &longest]));
        assert_eq!(bytes[..7], [0, 3, b'o', b'n', b'e', 0, 0]);
        let wrong = |bytes: &[u8]| Err(TileError::Width { expected: 3, bytes: bytes.len() });
        for cut in [0, 1, 4, 5, 6, 7, 8, bytes.len() - 1] {
            assert_eq!(bundle.entries(&bytes[..cut]), wrong(&bytes[..cut]), "cut at {cut}");
        }
        bytes.push(0);
        assert_eq!(bundle.entries(&bytes), wrong(&bytes));
        bytes.push(0);
        assert_eq!(bundle.entries(&bytes), wrong(&bytes), "a fourth entry");
        let mut untouched = vec![1];
        let too_long = push_entry(&mut untouched, &vec![0; ENTRY_MAX + 1]);
        assert_eq!(too_long, Err(TileError::EntryTooLong { bytes: ENTRY_MAX + 1 }));
        assert_eq!(untouched, [1]);
    }

    #[test]
    fn hashes() {
        let bytes = [5; 64];
        assert_eq!(tile(0, 0, 2).hashes(&bytes), Ok(vec![[5; 32]; 2]));
        for (width, length) in [(2, 63), (2, 32), (1, 64), (256, 64), (2, 0)] {
            let refused = tile(0, 0, width).hashes(&bytes[..length]);
            assert_eq!(refused, Err(TileError::Width { expected: width, bytes: length }));
        }
    }
}
