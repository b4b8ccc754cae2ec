//! The page record: what a browser saw of a sign-up page or flow, and nothing that is a judgement.
//!
//! `spec/page-record.md` is its specification. Lengths are CSS pixels of the top page, measured from the top left
//! corner of its document (with the scrolled part), whatever frame an element stands in. Keys name an element in
//! every state of one record: the same key in two states is the same element.

use serde::{Deserialize, Serialize};

/// One visit of one page with one viewport.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Always [`FORMAT`].
    pub format: String,
    /// The address asked for: `https://…`, or a path below the folder of stored pages.
    pub address: String,
    /// When the recording began, RFC 3339 in UTC.
    pub recorded_at: String,
    /// Who recorded it.
    pub recorder: Recorder,
    /// The window it was shown in.
    pub viewport: Viewport,
    /// How the recording ended.
    pub outcome: Outcome,
    /// What was cut off, refused or not understood, in order.
    #[serde(default)]
    pub notes: Vec<Note>,
    /// States in the order in which they were taken; `id` is the index.
    pub states: Vec<State>,
    /// What was done between states; `id` is the index.
    #[serde(default)]
    pub events: Vec<Event>,
    /// What the page's links open, within two clicks.
    #[serde(default)]
    pub documents: Vec<Document>,
    /// Requests that would have sent the form. None of them left the machine.
    #[serde(default)]
    pub submits: Vec<Submit>,
    /// Pictures and the saved page, by name and hash.
    #[serde(default)]
    pub files: Vec<File>,
}

/// The program and browser that recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorder {
    /// Name of the program: `anning`, or the name of an app team's own.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Build of the browser, as it says itself.
    #[serde(default)]
    pub browser: String,
    /// The user agent that was sent.
    #[serde(default)]
    pub agent: String,
}

/// The window.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Viewport {
    /// CSS pixels.
    pub width: u32,
    /// CSS pixels.
    pub height: u32,
    /// Device pixels to a CSS pixel.
    pub scale: f32,
    /// A phone: touch, mobile layout.
    pub touch: bool,
}

/// How a recording ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// All planned steps were taken.
    Complete,
    /// Some were; `notes` says which not.
    Partial,
    /// The page asked for proof of a human being.
    Captcha,
    /// The page's process died.
    Crashed,
    /// Time ran out before a first state.
    TimedOut,
    /// No page: no connection, an error status, a certificate that does not hold, a loop of redirections.
    Unreachable,
    /// What came is not a page (a download, a picture, plain data).
    NotAPage,
    /// The page stayed blank: no text, field or control came while it was waited for.
    Blank,
}

/// Something the reader of the record must know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// A word of the specification: `bound_reached`, `request_refused`, `dialog_answered`, `download_refused`,
    /// `step_failed`, `unfinished`, `blank`, `asks_nothing` …
    pub kind: String,
    /// What happened, with its place.
    pub text: String,
}

/// What the page shows at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Index in `Record::states`.
    pub id: usize,
    /// States of one visit follow each other; another visit began with a fresh profile.
    pub visit: u32,
    /// Milliseconds since the recording began.
    pub at_ms: u32,
    /// Before any input of the visit.
    pub pristine: bool,
    /// Address then shown.
    pub address: String,
    /// Title then shown.
    #[serde(default)]
    pub title: String,
    /// Language the page declares, empty when none.
    #[serde(default)]
    pub language: String,
    /// Where the window stands in the document: x, y.
    pub scroll: [f32; 2],
    /// Size of the document: width, height.
    pub size: [f32; 2],
    /// A style sheet of the page's own is in force. Without one, sizes, colours and positions mean nothing.
    pub styled: bool,
    /// Blocks of text in reading order.
    #[serde(default)]
    pub texts: Vec<Text>,
    /// Links in reading order.
    #[serde(default)]
    pub links: Vec<Link>,
    /// Boxes, switches, radios, buttons.
    #[serde(default)]
    pub controls: Vec<Control>,
    /// Fields to be filled in.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// Dialogs on screen.
    #[serde(default)]
    pub dialogs: Vec<Dialog>,
    /// Name of the picture in `Record::files`.
    #[serde(default)]
    pub picture: Option<String>,
}

/// A rectangle: x, y, width, height.
pub type Box4 = [f32; 4];

/// Can a person see it?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// Yes, where its box lies.
    #[default]
    Shown,
    /// Not rendered: `display: none`, `visibility: hidden`, no area.
    NotRendered,
    /// Opacity below .1.
    Transparent,
    /// Cut off by an ancestor, or by `clip`.
    Clipped,
    /// Outside the document's reachable part.
    OffScreen,
    /// Something else answers at its centre.
    Covered,
    /// Inside a closed `details` or a closed fold.
    Folded,
}

impl Seen {
    /// Shown.
    #[must_use]
    pub const fn is_shown(self) -> bool {
        matches!(self, Self::Shown)
    }
}

/// How a piece of text looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Style {
    /// Font size.
    pub size: f32,
    /// Font weight, 100 to 900.
    pub weight: u16,
    /// Colour of the text: red, green, blue, alpha, each in 0 to 1; alpha with the opacity of its ancestors.
    pub colour: [f32; 4],
    /// Blended colour behind it: red, green, blue, each in 0 to 1; `None` over a picture.
    #[serde(default)]
    pub ground: Option<[f32; 3]>,
    /// WCAG 2.2 contrast, 1 to 21; `None` over a picture that was not measured.
    #[serde(default)]
    pub contrast: Option<f32>,
}

/// A block of text: what a person reads as one paragraph, line or cell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Key of the element.
    pub key: String,
    /// Frames, shadow roots and selector, for a person: `iframe#f >>> yf-form >>> #mkt`.
    pub place: String,
    /// Whole text, white space as a person sees it.
    pub text: String,
    /// Its parts of one style, in order; their texts make the whole.
    #[serde(default)]
    pub runs: Vec<Run>,
    /// Where.
    #[serde(rename = "box")]
    pub area: Box4,
    /// Can it be seen.
    #[serde(default)]
    pub seen: Seen,
    /// It stays while the page scrolls.
    #[serde(default)]
    pub fixed: bool,
    /// Level if it is a heading (1 to 6), else 0.
    #[serde(default)]
    pub heading: u8,
    /// It is announced as a message: `role=alert`, `aria-live`, a field's validation text.
    #[serde(default)]
    pub message: bool,
    /// Key of the dialog it stands in.
    #[serde(default)]
    pub dialog: Option<String>,
    /// Key of the form, tab panel or section it stands in.
    #[serde(default)]
    pub group: Option<String>,
    /// Key of the box that takes it out of the page it would stand in, `None` for the page itself: the innermost ancestor that is
    /// in the top layer, is placed `fixed`, `sticky` or `absolute` and holds more than this, or scrolls within itself.
    /// What lies in two of them may stand on one line and does not belong together.
    #[serde(default)]
    pub layer: Option<String>,
}

/// A part of a text in one style.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// The words.
    pub text: String,
    /// Where.
    #[serde(rename = "box")]
    pub area: Box4,
    /// How it looks.
    pub style: Style,
    /// Key of the link it belongs to.
    #[serde(default)]
    pub link: Option<String>,
}

/// A link.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Key of the element.
    pub key: String,
    /// For a person.
    pub place: String,
    /// The words.
    pub text: String,
    /// Where it points as written, empty when nowhere.
    #[serde(default)]
    pub target: String,
    /// Where.
    #[serde(rename = "box")]
    pub area: Box4,
    /// Can it be seen.
    #[serde(default)]
    pub seen: Seen,
    /// Key of the dialog it stands in.
    #[serde(default)]
    pub dialog: Option<String>,
    /// Index in `Record::documents` of what it opens, if it was tried.
    #[serde(default)]
    pub document: Option<usize>,
}

/// Kinds of control.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ControlKind {
    /// Box to tick.
    #[default]
    Checkbox,
    /// One of several.
    Radio,
    /// On or off.
    Switch,
    /// A list to choose from, when its options are yes and no.
    Select,
    /// A button that sends the form or leads on.
    Submit,
    /// Any other button.
    Button,
}

/// How the page makes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Made {
    /// An element of HTML.
    #[default]
    Native,
    /// An accessibility role.
    Role,
    /// Drawn: it looks like a tick box beside a consent text, and nothing says so.
    Drawn,
}

/// A control.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// Key of the element.
    pub key: String,
    /// For a person.
    pub place: String,
    /// Kind.
    pub kind: ControlKind,
    /// How made.
    pub made: Made,
    /// Name under which a form sends it, empty when none.
    #[serde(default)]
    pub name: String,
    /// On, off, or `None` when it cannot be told. For buttons always `None`.
    #[serde(default)]
    pub on: Option<bool>,
    /// The `checked` attribute stands in the document (whatever its value).
    #[serde(default)]
    pub attribute: bool,
    /// It takes no input.
    #[serde(default)]
    pub disabled: bool,
    /// The form cannot go without it.
    #[serde(default)]
    pub required: bool,
    /// Its label: `labels`, `aria-labelledby`, `aria-label`, its own text, else empty.
    #[serde(default)]
    pub label: String,
    /// Keys of the texts of its label and of the same visual line up to the end of the block, in reading order.
    #[serde(default)]
    pub texts: Vec<String>,
    /// Where; of the stand-in when that is what is seen.
    #[serde(rename = "box")]
    pub area: Box4,
    /// Can it be seen, itself or through its stand-in.
    #[serde(default)]
    pub seen: Seen,
    /// Place of the visible element drawn in its stead, when itself is not shown.
    #[serde(default)]
    pub stand_in: Option<String>,
    /// How its words look (buttons) or nothing.
    #[serde(default)]
    pub style: Option<Style>,
    /// Fill colour that differs from what is behind it (buttons).
    #[serde(default)]
    pub filled: bool,
    /// It can be reached and operated: focus, role, or something listens.
    #[serde(default)]
    pub operable: bool,
    /// It stays while the page scrolls.
    #[serde(default)]
    pub fixed: bool,
    /// Key of the dialog it stands in.
    #[serde(default)]
    pub dialog: Option<String>,
    /// Key of the form, tab panel or section it stands in.
    #[serde(default)]
    pub group: Option<String>,
    /// Key of the box that takes it out of the page it would stand in, `None` for the page itself: the innermost ancestor that is
    /// in the top layer, is placed `fixed`, `sticky` or `absolute` and holds more than this, or scrolls within itself.
    /// What lies in two of them may stand on one line and does not belong together.
    #[serde(default)]
    pub layer: Option<String>,
}

/// A field to fill in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Key of the element.
    pub key: String,
    /// For a person.
    pub place: String,
    /// `type` of the input; `select`, `textarea`, `contenteditable`.
    pub kind: String,
    /// Name under which a form sends it.
    #[serde(default)]
    pub name: String,
    /// Label, as for a control.
    #[serde(default)]
    pub label: String,
    /// Placeholder.
    #[serde(default)]
    pub placeholder: String,
    /// `autocomplete`.
    #[serde(default)]
    pub autocomplete: String,
    /// `pattern`.
    #[serde(default)]
    pub pattern: String,
    /// The form cannot go without it.
    #[serde(default)]
    pub required: bool,
    /// Where.
    #[serde(rename = "box")]
    pub area: Box4,
    /// Can it be seen.
    #[serde(default)]
    pub seen: Seen,
    /// Key of the dialog it stands in.
    #[serde(default)]
    pub dialog: Option<String>,
    /// Key of the form, tab panel or section it stands in.
    #[serde(default)]
    pub group: Option<String>,
}

/// A dialog, sheet or wall over the page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dialog {
    /// Key of the element.
    pub key: String,
    /// For a person.
    pub place: String,
    /// Whole text.
    pub text: String,
    /// Where.
    #[serde(rename = "box")]
    pub area: Box4,
    /// What lies behind takes no input.
    #[serde(default)]
    pub modal: bool,
    /// Of the browser: `alert`, `confirm`, `prompt`, `beforeunload`; empty for one of the page.
    #[serde(default)]
    pub native: String,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// The page was opened.
    Load,
    /// The page was opened again.
    Reload,
    /// Invented data were typed.
    Type,
    /// A control that is no consent was clicked: a code button, a tab, the next step.
    Click,
    /// A consent was switched on.
    Tick,
    /// A consent was switched off.
    Untick,
    /// The way on was pressed: submit, register, next.
    Submit,
    /// A dialog's way to agree was pressed.
    Agree,
    /// A dialog's way to decline was pressed.
    Decline,
    /// Escape was pressed.
    Escape,
    /// The ground behind a dialog was clicked.
    Backdrop,
    /// Nothing was done but wait.
    Wait,
    /// The browser's way back.
    Back,
}

/// One action and the states around it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Index in `Record::events`.
    pub id: usize,
    /// What was done.
    pub act: Act,
    /// Key of the element it was done to.
    #[serde(default)]
    pub target: Option<String>,
    /// Words on it.
    #[serde(default)]
    pub label: String,
    /// State before; `None` for the first load.
    #[serde(default)]
    pub before: Option<usize>,
    /// State after.
    pub after: usize,
    /// How often it was done without any effect, when it had none (a drawn tick is clicked three times).
    #[serde(default)]
    pub without_effect: u32,
}

/// What came of opening a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Opened {
    /// Another page.
    Page,
    /// A dialog or fold on the same page.
    Dialog,
    /// A place further down on the same page.
    Anchor,
    /// No target and no effect.
    Nothing,
    /// Connection, status or certificate failed.
    Failed,
    /// A page without text.
    Empty,
    /// A page that asks to log in first.
    LoginWall,
    /// A PDF, picture or other file.
    File,
    /// It leads out of what may be opened, and was not.
    Elsewhere,
    /// A bound was reached before.
    NotTried,
}

/// A document behind a link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Index in `Record::documents`.
    pub id: usize,
    /// Words of the first link to it.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Clicks from the sign-up surface: 1 or 2.
    pub clicks: u8,
    /// Index of the document that links to it, when `clicks` is 2.
    #[serde(default)]
    pub from: Option<usize>,
    /// What came of opening it.
    pub opened: Opened,
    /// Status or reason when it did not open.
    #[serde(default)]
    pub reason: String,
    /// Title shown.
    #[serde(default)]
    pub title: String,
    /// Language declared.
    #[serde(default)]
    pub language: String,
    /// Height of what scrolls, the innermost scrolling part.
    #[serde(default)]
    pub height: f32,
    /// Height of the window onto it.
    #[serde(default)]
    pub window: f32,
    /// Its paragraphs in order.
    #[serde(default)]
    pub texts: Vec<Paragraph>,
    /// Text was cut off at the bound.
    #[serde(default)]
    pub cut: bool,
    /// Documents it links to.
    #[serde(default)]
    pub links: Vec<usize>,
    /// Name of the picture in `Record::files`.
    #[serde(default)]
    pub picture: Option<String>,
}

/// A paragraph of a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paragraph {
    /// The words.
    pub text: String,
    /// Distance of its top from the top of what scrolls.
    pub top: f32,
    /// Level if it is a heading, else 0.
    #[serde(default)]
    pub heading: u8,
    /// Font size; 0 when not measured.
    #[serde(default)]
    pub size: f32,
    /// Bold, coloured or otherwise set off from the paragraphs around it.
    #[serde(default)]
    pub set_off: bool,
}

/// A request that would have sent the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submit {
    /// Index in `Record::events` of what caused it.
    pub event: usize,
    /// Address it would have gone to.
    pub address: String,
    /// Method.
    pub method: String,
    /// Names and values, cut to 200 characters each. Values typed by the recorder are invented.
    pub fields: Vec<(String, String)>,
}

/// A picture, or the saved page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Name in the evidence folder.
    pub name: String,
    /// `image/webp`, `multipart/related` …
    pub media: String,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// What `Record::format` says.
pub const FORMAT: &str = "anning/page-record/1";
