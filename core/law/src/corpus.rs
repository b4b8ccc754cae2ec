//! The law pack that this build carries, asked by article and by date.

use std::sync::OnceLock;

use anning_vocab::{Date, Interval, Mark};

use crate::example::{Example, Phrase};
use crate::files::FILES;
use crate::instrument::{Article, Change, Fate, FateKind, Instrument, Version};
use crate::limit::{Penalty, Term, Threshold};
use crate::obligation::{DecidedCase, Obligation};
use crate::pack::Pack;
use crate::{Error, near};

/// Texts, limits, examples and obligations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corpus {
    pack: Pack,
    hash: [u8; 32],
}

/// A rule name and the provision it is anchored at, for as long as that wording is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor<'c> {
    /// The rule function's name.
    pub rule: &'c str,
    /// The article, such as `cn/adlaw/43`.
    pub article: &'c str,
    /// The provision, such as `cn/adlaw/43/2`; the article itself when the whole of it is bound.
    pub provision: String,
    /// When.
    pub interval: Interval,
    /// The weakest mark of the words bound; `None` when no text is loaded.
    pub mark: Option<Mark>,
    /// The wording.
    pub version: &'c Version,
    /// The instrument.
    pub instrument: &'c Instrument,
}

impl Corpus {
    /// The pack embedded at build. Read once; `build.rs` has read the very same bytes before.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static CORPUS: OnceLock<Corpus> = OnceLock::new();
        #[expect(
            clippy::expect_used,
            reason = "the build stops when these bytes cannot be read: here it is a bug"
        )]
        CORPUS.get_or_init(|| Self::read(FILES).expect("build.rs has read the law pack"))
    }

    /// Reads a pack given as path below `law/` and content.
    ///
    /// # Errors
    /// Every flaw found, each with file and line.
    pub fn read(files: &[(&str, &str)]) -> Result<Self, Vec<Error>> {
        let pack = Pack::read(files)?;
        Ok(Self { pack, hash: hash(files) })
    }

    /// BLAKE3 over the names and words of all files; line ends and trailing blanks do not count.
    #[must_use]
    pub const fn hash(&self) -> [u8; 32] {
        self.hash
    }

    /// Instruments, earliest file first.
    #[must_use]
    pub fn instruments(&self) -> &[Instrument] {
        &self.pack.instruments
    }

    /// The instrument with this id, such as `cn/pipl`.
    #[must_use]
    pub fn instrument(&self, id: &str) -> Option<&Instrument> {
        self.pack.instruments.iter().find(|i| i.id == id)
    }

    /// The instrument that an article belongs to.
    #[must_use]
    pub fn instrument_of(&self, article: &str) -> Option<&Instrument> {
        let (id, _) = article.rsplit_once('/')?;
        self.instrument(id)
    }

    /// The article with this id, such as `cn/pipl/14`.
    #[must_use]
    pub fn article(&self, id: &str) -> Option<&Article> {
        self.instrument_of(id)?.articles.iter().find(|a| a.id == id)
    }

    /// All articles.
    pub fn articles(&self) -> impl Iterator<Item = &Article> {
        self.pack.instruments.iter().flat_map(|i| &i.articles)
    }

    /// All wordings with their article.
    pub fn versions(&self) -> impl Iterator<Item = (&Article, &Version)> {
        self.articles().flat_map(|a| a.versions.iter().map(move |v| (a, v)))
    }

    /// Wordings known to be in force on a day whose text is not loaded.
    pub fn not_loaded(&self, on: Date) -> impl Iterator<Item = (&Article, &Version)> {
        self.versions().filter(move |(_, v)| v.mark.is_none() && v.interval.contains(on))
    }

    /// Up to five article ids that look like the text given.
    #[must_use]
    pub fn near(&self, text: &str) -> Vec<&str> {
        near::nearest(text, self)
    }

    /// Every rule name with the provision it is anchored at, in the order of the pages; on one day a rule
    /// has one anchor at most.
    pub fn anchors(&self) -> impl Iterator<Item = Anchor<'_>> {
        self.pack.instruments.iter().flat_map(|instrument| {
            instrument.articles.iter().flat_map(move |article| {
                article.versions.iter().flat_map(move |version| {
                    version.fates.iter().filter_map(move |fate| bind(instrument, article, version, fate))
                })
            })
        })
    }

    /// Rows of all penalty provisions.
    pub fn penalties(&self) -> impl Iterator<Item = &Penalty> {
        self.versions().flat_map(|(_, v)| &v.penalties)
    }

    /// All clocks and retention terms.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        self.versions().flat_map(|(_, v)| &v.terms)
    }

    /// The term with this id in force on a day.
    #[must_use]
    pub fn term(&self, id: &str, on: Date) -> Option<&Term> {
        self.terms().find(|term| term.id == id && term.interval.contains(on))
    }

    /// All lines drawn by articles.
    pub fn thresholds(&self) -> impl Iterator<Item = &Threshold> {
        self.versions().flat_map(|(_, v)| &v.thresholds)
    }

    /// All worked examples.
    pub fn examples(&self) -> impl Iterator<Item = &Example> {
        self.versions().flat_map(|(_, v)| &v.examples)
    }

    /// The phrases of situations.
    #[must_use]
    pub fn phrases(&self) -> &[Phrase] {
        &self.pack.phrases
    }

    /// O01 to O53.
    #[must_use]
    pub fn obligations(&self) -> &[Obligation] {
        &self.pack.obligations
    }

    /// Decided cases.
    #[must_use]
    pub fn cases(&self) -> &[DecidedCase] {
        &self.pack.cases
    }

    /// What changed when, earliest first.
    #[must_use]
    pub fn timeline(&self) -> Vec<(&Instrument, &Change)> {
        let mut lines: Vec<_> =
            self.pack.instruments.iter().flat_map(|i| i.changes.iter().map(move |c| (i, c))).collect();
        lines.sort_by_key(|(instrument, change)| (change.on, &instrument.id));
        lines
    }
}

fn bind<'c>(
    instrument: &'c Instrument,
    article: &'c Article,
    version: &'c Version,
    fate: &'c Fate,
) -> Option<Anchor<'c>> {
    let FateKind::Rule(rule) = &fate.kind else { return None };
    let sentences = version.sentences();
    let bound =
        sentences.iter().filter(|s| fate.targets.is_empty() || fate.targets.iter().any(|t| t.holds(s)));
    let mark = version.mark.and_then(|whole| bound.map(|s| s.mark).max().or(Some(whole)));
    Some(Anchor {
        rule,
        article: &article.id,
        provision: provision(&article.id, version, fate),
        interval: version.interval,
        mark,
        version,
        instrument,
    })
}

/// Cites the paragraph only where the article has several, the item only where one alone is bound.
fn provision(article: &str, version: &Version, fate: &Fate) -> String {
    let several = version.paragraphs.last().is_some_and(|last| last.number > 1);
    let Some((first, rest)) = fate.targets.split_first() else { return article.to_owned() };
    if rest.iter().any(|t| t.paragraph != first.paragraph) {
        return article.to_owned();
    }
    match first.item.filter(|_| rest.iter().all(|t| t.item == first.item)) {
        Some(item) => format!("{article}/{}/{item}", first.paragraph),
        None if several => format!("{article}/{}", first.paragraph),
        None => article.to_owned(),
    }
}

fn hash(files: &[(&str, &str)]) -> [u8; 32] {
    let mut sorted = files.to_vec();
    sorted.sort_unstable();
    let mut hasher = blake3::Hasher::new();
    for (file, content) in sorted {
        hasher.update(file.as_bytes());
        hasher.update(&[0]);
        for line in content.lines() {
            hasher.update(line.trim_end().as_bytes());
            hasher.update(b"\n");
        }
        hasher.update(&[0]);
    }
    *hasher.finalize().as_bytes()
}
