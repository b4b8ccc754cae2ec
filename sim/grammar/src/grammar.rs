//! The grammar: templates with slots, drawn by seed and index.

use anning_vocab::{Class, ContentKind};

use crate::{Label, Row, Want};

/// Templates and slot fillers.
#[derive(Debug)]
pub struct Grammar {
    codes_only: bool,
}

impl Grammar {
    /// What we train on and draw samples from.
    #[must_use]
    pub fn authored() -> &'static Self {
        static AUTHORED: Grammar = Grammar { codes_only: false };
        &AUTHORED
    }

    /// Verification codes written apart from the rest, never trained on.
    #[must_use]
    pub fn heldout_codes() -> &'static Self {
        static CODES: Grammar = Grammar { codes_only: true };
        &CODES
    }

    /// Row number `index` of the stream `seed`.
    #[must_use]
    pub fn row(&self, seed: u64, index: u64) -> Row {
        let code = self.codes_only || (seed ^ index).is_multiple_of(2);
        self.text(seed, index, &Want { code: Some(code), ..Want::default() })
    }

    /// A row as wanted. Where no template meets every wish, `class` and `code` win over `kind`.
    #[must_use]
    pub fn text(&self, _seed: u64, index: u64, want: &Want<'_>) -> Row {
        let code = want.code == Some(true);
        let commercial = !code && want.class != Some(Class::NotCommercial);
        let signature = want.signature.unwrap_or("某商城");
        let body = if code {
            format!("验证码{:06}，请勿告诉他人", index % 1_000_000)
        } else {
            "全场优惠".to_owned()
        };
        Row {
            text: format!("【{signature}】{body}"),
            commercial: Some(commercial),
            label: if code { Label::Otp } else { Label::Marketing },
            mixed: false,
            code,
            refusal: false,
            kind: want.kind.unwrap_or(ContentKind::Retail),
            offer: None,
        }
    }
}
