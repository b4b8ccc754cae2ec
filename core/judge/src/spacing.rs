//! Letters set apart: 全ж场ж五ж折, read again without what stands between them.
//!
//! Whoever puts something between single letters means eyes to read them and filters not to. Texts so written are
//! few, and nobody writes so by chance, but lists of single letters (米、油、盐) look alike: hence such a text is read
//! both ways, and the reading that is more commercial counts.

use crate::normal::is_han;

/// Finds characters that set letters apart. Buffers are reused.
#[derive(Debug, Default)]
pub(crate) struct Spacing {
    /// Characters that are no blanks: which, and where in what was given.
    seen: Vec<(char, usize)>,
    /// Han characters before each of them, and one more at the end.
    han: Vec<u32>,
    /// For each of them, the chain of the same kind that ends there.
    chains: Vec<Chain>,
    /// Stretches found.
    found: Vec<Chain>,
    /// Where in what was given the characters to leave out stand; sorted. One same character that stands between letters
    /// again and again, and letters of another script between Han.
    same: Vec<usize>,
    /// The same, and whatever stands between letters and is neither Han nor a letter or digit of ASCII.
    any: Vec<usize>,
}

/// Characters of one kind, each close behind the one before.
#[derive(Clone, Copy, Debug)]
struct Chain {
    /// First and last of them among those seen.
    first: usize,
    last: usize,
    /// How many, and how many if those side by side count once.
    all: u32,
    runs: u32,
}

/// Fewest separators that set letters apart.
const RUNS_MIN: u32 = 6;
/// Their share of a stretch, in hundredths, side by side counted once.
const SHARE_MIN: u32 = 35;
/// Most characters between two of them.
const BETWEEN_MAX: usize = 3;
/// Fewest letters of another script, each between two Han characters, that are not believed to be words.
const FOREIGN_MIN: usize = 3;
/// Texts with fewer Han characters are not looked through.
const HAN_MIN: u32 = 3;
/// Most stretches of one character that are told apart in a text.
const STRETCHES_MAX: usize = 16;

impl Spacing {
    /// Finds characters to leave out of `text`. Each answer is where they stand, in order: of the same kind, of any kind;
    /// empty if letters are not set apart so, or if the second were like the first.
    pub(crate) fn find(&mut self, text: &[(char, u32)]) -> [&[usize]; 2] {
        self.same.clear();
        self.any.clear();
        if !may_be_apart(text) {
            return [&[], &[]];
        }
        self.seen.clear();
        self.han.clear();
        let mut han = 0;
        for (at, c) in unblank(text) {
            self.seen.push((c, at));
            self.han.push(han);
            han += u32::from(is_han(c));
        }
        self.han.push(han);
        self.same();
        self.foreign();
        self.same.sort_unstable();
        self.same.dedup();
        self.any();
        [&self.same, &self.any]
    }

    /// The same character, again and again.
    fn same(&mut self) {
        self.chain(Some);
        // The longest first; of two that take turns the one that is no Han character.
        let seen = &self.seen;
        let is_letter = |chain: &Chain| seen.get(chain.last).is_some_and(|&(c, _)| is_han(c));
        self.found.sort_by_key(|chain| (core::cmp::Reverse(chain.runs), is_letter(chain), chain.first));
        let mut taken: Vec<(usize, usize)> = Vec::new();
        for chain in &self.found {
            let overlaps = |&(first, last): &(usize, usize)| chain.first <= last && first <= chain.last;
            if taken.len() >= STRETCHES_MAX || taken.iter().any(overlaps) {
                continue;
            }
            taken.push((chain.first, chain.last));
            let Some(&(separator, _)) = self.seen.get(chain.last) else { continue };
            let stretch = self.seen.get(chain.first..=chain.last).unwrap_or_default();
            self.same.extend(stretch.iter().filter(|&&(c, _)| c == separator).map(|&(_, at)| at));
        }
    }

    /// Any that is neither Han nor of ASCII, changing as it likes.
    fn any(&mut self) {
        self.chain(|c| is_mark(c).then_some('\0'));
        for chain in &self.found {
            let stretch = self.seen.get(chain.first..=chain.last).unwrap_or_default();
            self.any.extend(stretch.iter().filter(|&&(c, _)| is_mark(c)).map(|&(_, at)| at));
        }
        if self.any.is_empty() {
            return;
        }
        self.any.extend(&self.same);
        self.any.sort_unstable();
        self.any.dedup();
        if self.any == self.same {
            self.any.clear();
        }
    }

    /// Letters of another script, each alone between two Han characters.
    fn foreign(&mut self) {
        let before = self.same.len();
        for three in self.seen.windows(3) {
            if let &[(a, _), (b, at), (c, _)] = three
                && is_han(a)
                && is_han(c)
                && is_mark(b)
                && b.is_alphabetic()
            {
                self.same.push(at);
            }
        }
        if self.same.len() - before < FOREIGN_MIN {
            self.same.truncate(before);
        }
    }

    /// Chains of characters of the same kind, as `kind` sorts them; those that set letters apart go to `found`.
    fn chain(&mut self, kind: impl Fn(char) -> Option<char>) {
        self.chains.clear();
        self.found.clear();
        for (at, &(c, _)) in self.seen.iter().enumerate() {
            let alone = Chain { first: at, last: at, all: 1, runs: 1 };
            let Some(own) = kind(c) else {
                self.chains.push(alone);
                continue;
            };
            let close = (at.saturating_sub(BETWEEN_MAX + 1)..at).rev();
            let mut same = close.filter(|&b| self.seen.get(b).is_some_and(|&(c, _)| kind(c) == Some(own)));
            let previous = same.next().and_then(|b| self.chains.get(b)).copied();
            let chain = previous.map_or(alone, |chain| Chain {
                last: at,
                all: chain.all + 1,
                runs: chain.runs + u32::from(chain.last + 1 < at),
                ..chain
            });
            self.chains.push(chain);
            if chain.runs < RUNS_MIN || !self.sets_apart(chain, is_han(c) && own == c) {
                continue;
            }
            match self.found.last_mut().filter(|found| found.first == chain.first) {
                Some(longer) => *longer = chain,
                None => self.found.push(chain),
            }
        }
    }

    /// Are the others in its stretch few, and mostly Han?
    fn sets_apart(&self, chain: Chain, is_han: bool) -> bool {
        let han = |at: usize| self.han.get(at).copied().unwrap_or(0);
        let length = u32::try_from(chain.last + 1 - chain.first).unwrap_or(u32::MAX);
        let others = length.saturating_sub(chain.all);
        let own = if is_han { chain.all } else { 0 };
        let letters = (han(chain.last + 1) - han(chain.first)).saturating_sub(own);
        u64::from(chain.runs) * 100 >= u64::from(SHARE_MIN) * (u64::from(chain.runs) + u64::from(others))
            && u64::from(letters) * 2 >= u64::from(others)
    }
}

/// What is no blank, and where it stands.
fn unblank(text: &[(char, u32)]) -> impl Iterator<Item = (usize, char)> + '_ {
    text.iter().map(|&(c, _)| c).enumerate().filter(|(_, c)| !matches!(c, ' ' | '\t' | '\r'))
}

/// In one pass without memory: are there too few repetitions, marks and letters of other scripts to set letters apart?
/// Nearly every text ends here.
fn may_be_apart(text: &[(char, u32)]) -> bool {
    let (mut han, mut foreign, mut repeated, mut marks, mut marks_max, mut since) = (0, 0, 0, 0, 0, 0);
    let mut last = ['\0'; BETWEEN_MAX + 1];
    for (_, c) in unblank(text) {
        let [one, two, three, four] = last;
        repeated += u32::from(c == two || c == three || c == four);
        last = [c, one, two, three];
        if is_mark(c) {
            marks = if since > BETWEEN_MAX { 1 } else { marks + u32::from(since > 0 || marks == 0) };
            marks_max = marks_max.max(marks);
            since = 0;
            foreign += usize::from(c.is_alphabetic());
        } else {
            since += 1;
            han += u32::from(is_han(c));
        }
    }
    // The first of a chain repeats nothing.
    han >= HAN_MIN && (repeated + 1 >= RUNS_MIN || marks_max >= RUNS_MIN || foreign >= FOREIGN_MIN)
}

/// Neither Han nor a letter or digit of ASCII.
const fn is_mark(c: char) -> bool {
    !is_han(c) && !c.is_ascii_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::Spacing;

    fn check(text: &str, same: &str, any: &str) {
        let folded: Vec<(char, u32)> = text.chars().map(|c| (c, 0)).collect();
        let mut spacing = Spacing::default();
        let [one, other] = spacing.find(&folded);
        let other = if other.is_empty() { one } else { other };
        for (apart, wanted) in [(one, same), (other, any)] {
            let left = folded.iter().enumerate().filter(|(at, _)| !apart.contains(at)).map(|(_, (c, _))| c);
            assert_eq!(left.collect::<String>(), wanted, "{text}");
        }
    }

    #[test]
    fn letters_set_apart() {
        for c in ["ж", "。", "；", "˙", "|", "*", "丨", "a", "7", "\n", "。。"] {
            let text: Vec<String> = "双全场五折满减速来抢购".chars().map(String::from).collect();
            let plain = text.concat();
            check(&text.join(c), &plain, &plain);
        }
        check("全 ж 场 ж 五 ж 折 ж 满 ж 减 ж 抢", "全  场  五  折  满  减  抢", "全  场  五  折  满  减  抢");
        check("全。场；五ж折|满/减-速", "全。场；五ж折|满/减-速", "全场五折满减速");
        check("双11全ж场五折，满й减50，速ж来", "双11全场五折，满减50，速来", "双11全场五折，满减50，速来");
    }

    #[test]
    fn ordinary_texts_are_left_alone() {
        for text in [
            "【某商城】您的验证码是123456，请勿告诉他人",
            "2026-11-27 12:30，尾号1234，支出1000.00元，余额2,000.00元",
            "满1000减100，满2000减200，满3000减300，满4000减400",
            "1,2,3,4,5,6,7,8,9,10",
            "哈哈哈哈哈哈哈哈",
            "看看书、听听歌、写写字、跑跑步、做做饭、睡睡觉、发发呆",
            "Your order 1-2-3-4-5-6-7 has been shipped: a, b, c, d, e, f",
            "β波和α波",
            "",
        ] {
            check(text, text, text);
        }
    }
}
