//! Which text each provision is bound to, and when: the anchors of the pages, by rule name.

use anning_vocab::Mark;

use crate::Corpus;
use crate::in_force::{Binding, Law};
use crate::rule::ProvisionId;

impl Law {
    /// The law pack built into this program.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static LAW: std::sync::OnceLock<Law> = std::sync::OnceLock::new();
        LAW.get_or_init(|| Self::new(bindings(Corpus::embedded())))
    }
}

/// A name that no rule bears binds nothing: `cargo xtask law` and a test report it.
fn bindings(corpus: &'static Corpus) -> Vec<Binding> {
    corpus
        .anchors()
        .filter_map(|anchor| {
            Some(Binding {
                provision: ProvisionId::from_code(anchor.rule)?,
                article: anchor.article,
                interval: anchor.interval,
                // What is not loaded is vouched for by memory at most.
                mark: anchor.mark.unwrap_or(Mark::Memory),
                not_loaded: anchor.mark.is_none(),
            })
        })
        .collect()
}
