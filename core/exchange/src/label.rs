//! Words for people, in two languages, that lead back to one term.

use crate::term;
use anning_vocab::{Category, Control, ProcessingPurpose};

/// A language of labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Chinese,
    English,
}

impl Language {
    /// Chinese unless another one is asked for.
    pub(crate) fn of(code: Option<&str>) -> Self {
        match code {
            Some(code) if !code.to_ascii_lowercase().starts_with("zh") => Self::English,
            Some(_) | None => Self::Chinese,
        }
    }

    /// The one of two texts that is in this language.
    pub(crate) const fn pick<'t>(self, (chinese, english): (&'t str, &'t str)) -> &'t str {
        match self {
            Self::Chinese => chinese,
            Self::English => english,
        }
    }
}

/// A purpose.
pub(crate) const fn purpose(purpose: ProcessingPurpose) -> (&'static str, &'static str) {
    match purpose {
        ProcessingPurpose::Marketing => ("营销", "marketing"),
        ProcessingPurpose::Service => ("履行合同", "performing the contract"),
        ProcessingPurpose::Personalisation => ("个性化推荐", "personalised recommendations"),
        ProcessingPurpose::Provision => ("向他人提供", "handing on to another party"),
        ProcessingPurpose::Analytics => ("统计分析", "statistics"),
    }
}

/// A category.
pub(crate) const fn category(category: Category) -> (&'static str, &'static str) {
    match category {
        Category::Contact => ("联系方式", "contact details"),
        Category::Identity => ("身份信息", "identity"),
        Category::Purchases => ("消费记录", "purchases"),
        Category::Behaviour => ("浏览及使用行为", "browsing and usage"),
        Category::Location => ("行踪轨迹", "location"),
        Category::Accounts => ("金融账户", "financial accounts"),
        Category::Health => ("医疗健康", "health"),
        Category::Religion => ("宗教信仰", "religion"),
        Category::Biometrics => ("生物识别", "biometrics"),
    }
}

/// How the person acted.
pub(crate) const fn control(control: Control) -> (&'static str, &'static str) {
    match control {
        Control::NotRecorded => ("未记录", "not recorded"),
        Control::TickedByRecipient => ("本人勾选", "box ticked by the person"),
        Control::TickedByDefault => ("默认勾选", "box ticked by default"),
        Control::Implied => ("以其他行为推定", "implied by another act"),
        Control::OwnWords => ("本人自行表示", "the person's own words"),
    }
}

/// The term behind a label in either language; the text itself where there is none.
pub(crate) fn purpose_term(text: &str) -> String {
    let is = |pair: (&str, &str)| pair.0 == text || pair.1 == text;
    let found = ProcessingPurpose::ALL.iter().copied().find(|one| is(purpose(*one)) || one.code() == text);
    let term = match found {
        Some(one) => term::purpose(one),
        None if is(RECEIVE) => term::RECEIVE,
        None if is(UNSAID) => term::UNSAID,
        None => text,
    };
    term.to_owned()
}

/// The term behind a label in either language; the text itself where there is none.
pub(crate) fn category_term(text: &str) -> String {
    let is = |pair: (&str, &str)| pair.0 == text || pair.1 == text;
    let found = Category::ALL.iter().copied().find(|one| is(category(*one)) || one.code() == text);
    match found {
        Some(one) => term::category(one).to_owned(),
        None => text.to_owned(),
    }
}

/// The term behind a label in either language, none for "not recorded"; the text itself where there is none.
pub(crate) fn method_term(text: &str) -> Option<String> {
    let is = |pair: (&str, &str)| pair.0 == text || pair.1 == text;
    let found = Control::ALL.iter().copied().find(|one| is(control(*one)));
    match found {
        Some(one) => term::method(one).map(str::to_owned),
        None => Some(text.to_owned()),
    }
}

/// To receive commercial messages.
pub(crate) const RECEIVE: (&str, &str) = ("接收商业性信息", "receiving commercial messages");
/// A purpose that nobody recorded.
pub(crate) const UNSAID: (&str, &str) = ("未记录", "not recorded");
/// A last day.
pub(crate) const UNTIL: (&str, &str) = ("至", "until ");
/// So many days.
pub(crate) const DAYS: (&str, &str) = ("日，自同意之日起", " days from the consent");
/// No period was named.
pub(crate) const OPEN: (&str, &str) = ("至撤回为止", "until withdrawn");
