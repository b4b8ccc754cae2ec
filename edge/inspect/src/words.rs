//! Words for people, in both languages.

use anning_page::finding::{Finding, Outcome, Severity};
use anning_page::law::Judged;
use anning_page::record::{Act, Opened, Outcome as Ended, Viewport};
use serde::Serialize;

/// A language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// Simplified Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// The same in both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Words {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    pub(crate) fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// In one language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// How a finding stands: its answer, and for a violation whether any law of the day forbids it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The interface does it, and a provision in force forbids it.
    Violation,
    /// A person has to look.
    NeedsPerson,
    /// The interface does it, and no provision of that day forbids it.
    Remark,
    /// It does not.
    Passes,
    /// Nothing to apply the rule to.
    NotApplicable,
}

impl Standing {
    /// Of a finding.
    #[must_use]
    pub fn of(judged: &Judged) -> Self {
        match judged.finding.outcome {
            Outcome::Violation if judged.in_force => Self::Violation,
            Outcome::Violation => Self::Remark,
            Outcome::NeedsPerson => Self::NeedsPerson,
            Outcome::Passes => Self::Passes,
            Outcome::NotApplicable => Self::NotApplicable,
        }
    }

    pub(crate) fn words(self) -> Words {
        match self {
            Self::Violation => Words::new("违反", "violation"),
            Self::NeedsPerson => Words::new("需人工判断", "needs a person"),
            Self::Remark => Words::new("提示", "remark"),
            Self::Passes => Words::new("通过", "passes"),
            Self::NotApplicable => Words::new("不适用", "not applicable"),
        }
    }
}

pub(crate) fn severity(severity: Severity) -> Words {
    match severity {
        Severity::Critical => Words::new("重大", "critical"),
        Severity::Serious => Words::new("严重", "serious"),
        Severity::Moderate => Words::new("一般", "moderate"),
    }
}

pub(crate) const fn severity_code(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::Serious => "serious",
        Severity::Moderate => "moderate",
    }
}

pub(crate) fn title(finding: &Finding) -> Words {
    Words::new(finding.rule.title_zh(), finding.rule.title_en())
}

pub(crate) fn says(finding: &Finding) -> Words {
    Words::new(finding.zh.as_str(), finding.en.as_str())
}

pub(crate) fn ended(outcome: Ended) -> Words {
    match outcome {
        Ended::Complete => Words::new("全部步骤完成", "all steps taken"),
        Ended::Partial => Words::new("只完成部分步骤", "only some steps taken"),
        Ended::Captcha => {
            Words::new("页面要求人机验证，其后未查", "the page asked for proof of a human being")
        }
        Ended::Crashed => Words::new("页面崩溃", "the page crashed"),
        Ended::TimedOut => Words::new("超时，未打开", "no page in time"),
        Ended::Unreachable => Words::new("打不开", "unreachable"),
        Ended::NotAPage => Words::new("不是网页", "not a page"),
        Ended::Blank => Words::new("页面空白，无可检查", "a blank page, nothing to inspect"),
    }
}

pub(crate) fn window(viewport: Viewport) -> Words {
    let (width, height) = (viewport.width, viewport.height);
    if viewport.touch {
        Words::new(format!("手机 {width}×{height}"), format!("phone {width}×{height}"))
    } else {
        Words::new(format!("电脑 {width}×{height}"), format!("desktop {width}×{height}"))
    }
}

pub(crate) fn opened(opened: Opened) -> Words {
    match opened {
        Opened::Page => Words::new("网页", "page"),
        Opened::Dialog => Words::new("弹层", "dialog"),
        Opened::Anchor => Words::new("本页内", "on the same page"),
        Opened::Nothing => Words::new("点击没有反应", "nothing happens"),
        Opened::Failed => Words::new("打不开", "does not open"),
        Opened::Empty => Words::new("没有文字", "no text"),
        Opened::LoginWall => Words::new("要求先登录", "asks to log in first"),
        Opened::File => Words::new("文件，未读", "a file, not read"),
        Opened::Elsewhere => Words::new("在别的网站，未打开", "on another site, not opened"),
        Opened::NotTried => Words::new("未试", "not tried"),
    }
}

/// What was done, with the words on what it was done to.
pub(crate) fn deed(act: Act, label: &str) -> Words {
    let plain = |zh: &str, en: &str| Words::new(zh, en);
    let on = |zh: &str, en: &str| {
        if label.is_empty() {
            Words::new(zh, en)
        } else {
            Words::new(format!("{zh}“{label}”"), format!("{en} “{label}”"))
        }
    };
    match act {
        Act::Load => plain("打开页面", "open the page"),
        Act::Reload => plain("重新打开页面", "open the page again"),
        Act::Type => plain("在各栏填写虚构资料", "fill in the fields with invented data"),
        Act::Click => on("点击", "click"),
        Act::Tick => on("勾选", "tick"),
        Act::Untick => on("取消勾选", "untick"),
        Act::Submit => on("按", "press"),
        Act::Agree => on("在弹窗中同意：", "agree in the dialog:"),
        Act::Decline => on("在弹窗中拒绝：", "decline in the dialog:"),
        Act::Escape => plain("按 Esc 键", "press Escape"),
        Act::Backdrop => plain("点击弹窗外的空白处", "click beside the dialog"),
        Act::Wait => plain("等待几秒", "wait some seconds"),
        Act::Back => plain("按浏览器的返回", "press the browser's back"),
    }
}

/// What was measured; names that stand here have Chinese words, others are shown as they are.
pub(crate) fn measure(name: &str) -> Words {
    MEASURES
        .iter()
        .find(|(en, _)| *en == name)
        .map_or_else(|| Words::new(name, name), |(en, zh)| Words::new(*zh, *en))
}

const MEASURES: &[(&str, &str)] = &[
    ("font size", "字号（像素）"),
    ("contrast", "对比度"),
    ("clicks", "点击次数"),
    ("screens scrolled", "向下滚动（屏）"),
    ("per cent of document", "位于全文（%）"),
    ("documents", "文件份数"),
    ("channels", "渠道数"),
    ("clicks without effect", "点击无反应（次）"),
    ("actions to decline", "拒绝所需操作（次）"),
    ("actions to agree", "同意所需操作（次）"),
    ("page loads that ask again", "再次征求（次打开）"),
    ("seconds after refusal", "拒绝后（秒）"),
    ("top of text", "文字上缘位置（像素）"),
    ("area ratio", "面积之比"),
    ("font ratio", "字号之比"),
    ("contrast of refusal", "拒绝文字的对比度"),
    ("height of text only", "拒绝只有文字，高度（像素）"),
    ("top of refusal", "拒绝按钮上缘位置（像素）"),
];
