//! How one character is read: widths, variants, circled and styled forms, invisible characters.

use std::sync::OnceLock;

/// Tables for reading characters; built once from `model/variants.txt`.
#[derive(Debug)]
pub(crate) struct Fold {
    /// What a character of the basic plane is read as; [`DROP`] if it is not read at all.
    plane: Vec<u16>,
    /// Split characters: radical, part, whole; sorted.
    split: Vec<(char, char, char)>,
    /// Ranges beyond the basic plane that are not read at all: first, last; sorted.
    unseen: Vec<(u32, u32)>,
}

/// Marks a character that is not read at all.
const DROP: u16 = 0;
/// What every emoji and pictogram is read as.
pub(crate) const EMOJI: char = '\u{2606}';
/// Size of the basic plane.
const PLANE: u32 = 0x1_0000;
pub(crate) const VARIANTS: &str = include_str!("../model/variants.txt");
pub(crate) const UNSEEN: &str = include_str!("../model/unseen.txt");

impl Fold {
    /// The one table.
    pub(crate) fn shared() -> &'static Self {
        static FOLD: OnceLock<Fold> = OnceLock::new();
        FOLD.get_or_init(Self::build)
    }

    /// What this character is read as; `None` if it is not read at all.
    pub(crate) fn read(&self, c: char) -> Option<char> {
        let Some(&folded) = self.plane.get(c as usize) else {
            return if self.is_unseen(c as u32) { None } else { Some(read_beyond(c)) };
        };
        if folded == DROP { None } else { char::from_u32(u32::from(folded)) }
    }

    /// The whole character of which these are the radical and the other part, if it is listed.
    pub(crate) fn whole(&self, radical: char, part: char) -> Option<char> {
        let found = self.split.binary_search_by_key(&(radical, part), |&(r, p, _)| (r, p)).ok()?;
        self.split.get(found).map(|&(_, _, whole)| whole)
    }

    fn build() -> Self {
        let mut plane: Vec<u16> = (0..PLANE).map(|c| read_by_form(c) as u16).collect();
        let mut split = Vec::new();
        for line in VARIANTS.lines().filter(|l| !l.starts_with('#')) {
            let Some((left, right)) = line.split_once(' ') else { continue };
            if let Some((radical, part)) = left.split_once('+') {
                split.extend(chars(radical).zip(chars(part)).zip(chars(right)).map(|((r, p), w)| (r, p, w)));
                continue;
            }
            let Some(to) = left.chars().next().and_then(|c| u16::try_from(c as u32).ok()) else { continue };
            for from in right.chars() {
                if let Some(slot) = plane.get_mut(from as usize) {
                    *slot = to;
                }
            }
        }
        split.sort_unstable();
        let mut unseen = Vec::new();
        for (first, last) in unseen_ranges() {
            if first >= PLANE {
                unseen.push((first, last));
            } else if let Some(slots) = plane.get_mut(first as usize..=last as usize) {
                slots.fill(DROP);
            }
        }
        unseen.sort_unstable();
        Self { plane, split, unseen }
    }

    /// Is it beyond the basic plane, and without a form?
    fn is_unseen(&self, code: u32) -> bool {
        let after = self.unseen.partition_point(|&(first, _)| first <= code);
        let before = after.checked_sub(1).and_then(|at| self.unseen.get(at));
        before.is_some_and(|&(_, last)| code <= last)
    }
}

/// What the table of unseen characters lists: first, last.
fn unseen_ranges() -> impl Iterator<Item = (u32, u32)> {
    let items = UNSEEN.lines().filter(|l| !l.starts_with('#')).flat_map(str::split_whitespace);
    items.filter_map(|item| {
        let (first, last) = item.split_once('-').unwrap_or((item, item));
        Some((u32::from_str_radix(first, 16).ok()?, u32::from_str_radix(last, 16).ok()?))
    })
}

fn chars(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars()
}

/// Reading of a basic-plane character by its form alone.
fn read_by_form(c: u32) -> u32 {
    match c {
        // Controls but tab and line ends, and what is no character; the other unseen ones are in the table.
        0x00..=0x08 | 0x0b | 0x0c | 0x0e..=0x1f | 0x7f..=0x9f | 0xfff0..=0xffff | 0xd800..=0xdfff => 0,
        // Widths.
        0xff01..=0xff5e => c - 0xfee0,
        0xa0 | 0x1680 | 0x2000..=0x200a | 0x202f | 0x205f | 0x3000 => 0x20,
        // Blank though letters by name: Braille without a dot, fillers of Hangul.
        0x2800 | 0x3164 | 0xffa0 => 0x20,
        0x2028 | 0x2029 => 0x0a,
        0xffe5 => 0xa5,
        // Digits in circles, brackets, with a full stop, raised, lowered, of other scripts.
        0x2460..=0x2468 => c - 0x2460 + 0x31,
        0x2474..=0x247c => c - 0x2474 + 0x31,
        0x2488..=0x2490 => c - 0x2488 + 0x31,
        0x24f5..=0x24fd => c - 0x24f5 + 0x31,
        0x2776..=0x277e => c - 0x2776 + 0x31,
        0x2780..=0x2788 => c - 0x2780 + 0x31,
        0x278a..=0x2792 => c - 0x278a + 0x31,
        0x3220..=0x3228 => c - 0x3220 + 0x31,
        0x3280..=0x3288 => c - 0x3280 + 0x31,
        0x2469..=0x2473 | 0x247d..=0x2487 | 0x2491..=0x249b | 0x277f | 0x2789 | 0x2793 => 0x30,
        0x24ea | 0x24ff | 0x3007 => 0x30,
        0xb9 => 0x31,
        0xb2 | 0xb3 => c - 0x80,
        0x2070..=0x2079 => c - 0x2070 + 0x30,
        0x2080..=0x2089 => c - 0x2080 + 0x30,
        0x0660..=0x0669 => c - 0x0660 + 0x30,
        0x06f0..=0x06f9 => c - 0x06f0 + 0x30,
        // Letters in circles and brackets.
        0x249c..=0x24b5 => c - 0x249c + 0x61,
        0x24b6..=0x24cf => c - 0x24b6 + 0x61,
        0x24d0..=0x24e9 => c - 0x24d0 + 0x61,
        // Cyrillic and Greek twins of Latin letters.
        0x0430 | 0x0391 | 0x03b1 => 0x61,
        0x0435 | 0x0395 => 0x65,
        0x043e | 0x039f | 0x03bf => 0x6f,
        0x0440 | 0x03a1 => 0x70,
        0x0441 => 0x63,
        0x0445 | 0x03a7 => 0x78,
        // Punctuation of one use.
        0x2014 | 0x2013 | 0x2015 | 0x2500 | 0x2212 => 0x2d,
        0x2018 | 0x2019 => 0x27,
        0x201c | 0x201d | 0x300c..=0x300f | 0x300a | 0x300b => 0x22,
        0x3008 | 0x3009 => 0x22,
        0xff61 => 0x3002,
        0x2022 | 0x2027 | 0x30fb | 0xff65 => 0xb7,
        0x301c | 0x223c => 0x7e,
        0x3014 | 0x3016 => 0x3010,
        0x3015 | 0x3017 => 0x3011,
        0x2190..=0x21ff | 0x25a0..=0x27bf | 0x2b00..=0x2bff => EMOJI as u32,
        _ => c,
    }
}

/// Reading of a character beyond the basic plane.
fn read_beyond(c: char) -> char {
    let code = c as u32;
    let read = match code {
        0x1_d7ce..=0x1_d7ff => (code - 0x1_d7ce) % 10 + 0x30,
        0x1_d400..=0x1_d6a3 => (code - 0x1_d400) % 26 + 0x61,
        0x1_f130..=0x1_f149 => code - 0x1_f130 + 0x61,
        0x1_f150..=0x1_f169 => code - 0x1_f150 + 0x61,
        0x1_f170..=0x1_f189 => code - 0x1_f170 + 0x61,
        0x1_f100 => 0x30,
        0x1_f101..=0x1_f10a => code - 0x1_f101 + 0x30,
        0x1_f000..=0x1_faff => EMOJI as u32,
        _ => code,
    };
    char::from_u32(read).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::Fold;

    fn check(from: &str, to: &str) {
        assert_eq!(from.chars().filter_map(|c| Fold::shared().read(c)).collect::<String>(), to);
    }

    #[test]
    fn forms() {
        check("１２３ＡＢｃ", "123ABc");
        check("①②③⑴⒈❶➀㈠㊀", "123111111");
        check("\u{1d7ce}\u{1d7d9}\u{1d7ec}", "010");
        check("优\u{200b}惠\u{feff}券", "优惠券");
        check("優恵價", "优惠价");
        check("ⓦⓧ🅥🆇", "wxvx");
        check("😀🎁", "☆☆");
    }

    /// What has no form is not read; what is blank and takes room is a space.
    #[test]
    fn unseen() {
        for c in [
            '\u{115f}',
            '\u{1160}',
            '\u{061c}',
            '\u{17b4}',
            '\u{17b5}',
            '\u{1ab0}',
            '\u{1dc0}',
            '\u{3099}',
            '\u{0483}',
            '\u{e0100}',
            '\u{e01ef}',
            '\u{fe00}',
            '\u{fe0f}',
            '\u{e0000}',
            '\u{e007f}',
            '\u{1d173}',
            '\u{1d17a}',
            '\u{e000}',
            '\u{f8ff}',
            '\u{f0000}',
            '\u{10fffd}',
            '\u{10ffff}',
            '\u{fdd0}',
            '\u{0600}',
            '\u{070f}',
            '\u{110bd}',
            '\u{13430}',
            '\u{1bca0}',
            '\u{0488}',
            '\u{20dd}',
            '\u{034f}',
            '\u{180e}',
            '\u{200b}',
            '\u{2065}',
            '\u{20ff}',
            '\u{ad}',
        ] {
            check(&format!("优{c}惠"), "优惠");
        }
        for c in ['\u{3164}', '\u{ffa0}', '\u{2800}', '\u{1680}', '\u{3000}'] {
            check(&format!("优{c}惠"), "优 惠");
        }
        // Beside them stand characters that are seen.
        check("Жاक가ក𝄞𠀀", "Жاक가ក𝄞𠀀");
    }

    #[test]
    fn every_range_of_the_table_is_read() {
        let items = super::UNSEEN.lines().filter(|l| !l.starts_with('#')).flat_map(str::split_whitespace);
        assert_eq!(super::unseen_ranges().count(), items.count());
        assert!(super::unseen_ranges().all(|(first, last)| first <= last));
        assert!(super::unseen_ranges().all(|(first, last)| (first < super::PLANE) == (last < super::PLANE)));
    }

    #[test]
    fn split() {
        assert_eq!(Fold::shared().whole('氵', '去'), Some('法'));
        assert_eq!(Fold::shared().whole('亻', '言'), Some('信'));
        assert_eq!(Fold::shared().whole('法', '去'), None);
    }
}
