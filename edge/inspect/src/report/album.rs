//! Pictures: each embedded once, shown in parts with the elements boxed over them.

use std::fs;

use anning_page::finding::{Finding, Spot, Within};
use anning_page::record::{Box4, Record, State};
use base64ct::{Base64, Encoding as _};

use super::html::Html;
use crate::inspection::Judgement;
use crate::stored::sha256;

/// The pictures of all judgements that can be shown.
pub(super) struct Album {
    pictures: Vec<Picture>,
    /// Names of pictures that are not those of the record.
    pub(super) altered: Vec<String>,
    /// Some were left out, for the size of the report.
    pub(super) cut: bool,
}

/// A picture of a state.
pub(super) struct Picture {
    pub(super) judgement: usize,
    pub(super) state: usize,
    /// CSS pixels.
    pub(super) width: f32,
    /// CSS pixels.
    pub(super) height: f32,
    data: String,
}

/// A box over a picture, and what stands on its tag.
pub(super) struct Mark {
    pub(super) area: Box4,
    pub(super) tag: String,
    /// Broken line: a person decides.
    pub(super) open: bool,
}

impl Album {
    pub(super) fn of(judgements: &[Judgement]) -> Self {
        let mut album = Self { pictures: Vec::new(), altered: Vec::new(), cut: false };
        let mut total = 0;
        for (at, judgement) in judgements.iter().enumerate() {
            for state in &judgement.record.states {
                let Some(name) = &state.picture else { continue };
                let Some(bytes) =
                    judgement.folder.as_ref().and_then(|folder| fs::read(folder.join(name)).ok())
                else {
                    continue;
                };
                let known = judgement.record.files.iter().find(|file| file.name == *name);
                // A picture that is not the recorded one proves nothing.
                if known.is_none_or(|file| file.sha256 != sha256(&bytes)) {
                    album.altered.push(name.clone());
                    continue;
                }
                total += bytes.len();
                if total > PICTURES_MAX {
                    album.cut = true;
                    return album;
                }
                album.pictures.extend(picture(at, state, &bytes));
            }
        }
        album
    }

    /// Embeds all.
    pub(super) fn write(&self, out: &mut Html) {
        out.raw(
            "<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\" focusable=\"false\"><defs>",
        );
        for picture in &self.pictures {
            out.raw("<image")
                .attr("id", &picture.id())
                .at("width", picture.width)
                .at("height", picture.height);
            // Base64 of bytes that are a PNG: nothing in it that is markup.
            out.attr("href", &format!("data:image/png;base64,{}", picture.data)).raw("/>");
        }
        out.raw("</defs></svg>\n");
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Picture> {
        self.pictures.iter()
    }

    pub(super) fn of_state(&self, judgement: usize, state: usize) -> Option<&Picture> {
        self.pictures.iter().find(|picture| picture.judgement == judgement && picture.state == state)
    }

    /// The picture in which a spot can be seen, and where it lies there: of its own state, else of the nearest state
    /// that has a picture and the same element.
    pub(super) fn showing(&self, judgement: usize, record: &Record, spot: &Spot) -> Option<(&Picture, Box4)> {
        let Within::State(state) = spot.within else { return None };
        if let Some(own) = self.of_state(judgement, state) {
            return own.holds(spot.area).then_some((own, spot.area));
        }
        let mut others: Vec<&Picture> =
            self.pictures.iter().filter(|picture| picture.judgement == judgement).collect();
        others.sort_by_key(|picture| picture.state.abs_diff(state));
        others.into_iter().find_map(|picture| {
            let area = area_of(record.states.get(picture.state)?, &spot.key)?;
            picture.holds(area).then_some((picture, area))
        })
    }
}

impl Picture {
    fn id(&self) -> String {
        format!("p{}-{}", self.judgement, self.state)
    }

    fn holds(&self, [x, y, width, height]: Box4) -> bool {
        width > 0.0
            && height > 0.0
            && x < self.width
            && y < self.height
            && x + width > 0.0
            && y + height > 0.0
    }

    /// The part of the picture around some boxes.
    pub(super) fn around(&self, areas: &[Box4]) -> Box4 {
        let left = areas.iter().map(|a| a[0]).fold(f32::MAX, f32::min);
        let top = areas.iter().map(|a| a[1]).fold(f32::MAX, f32::min);
        let right = areas.iter().map(|a| a[0] + a[2]).fold(0.0, f32::max);
        let bottom = areas.iter().map(|a| a[1] + a[3]).fold(0.0, f32::max);
        let width = (right - left + 2.0 * MARGIN_X).max(CROP_WIDTH).min(self.width);
        let height = (bottom - top + 2.0 * MARGIN_Y).max(CROP_HEIGHT).min(self.height);
        let x = (left + (right - left) / 2.0 - width / 2.0).clamp(0.0, self.width - width);
        let y = (top + (bottom - top) / 2.0 - height / 2.0).clamp(0.0, self.height - height);
        [x, y, width, height]
    }

    /// The whole.
    pub(super) const fn whole(&self) -> Box4 {
        [0.0, 0.0, self.width, self.height]
    }

    /// Draws a part of it with boxes.
    pub(super) fn draw(
        &self,
        out: &mut Html,
        part: Box4,
        marks: &[Mark],
        class: &'static str,
        alt: (&str, &str),
    ) {
        let [x, y, width, height] = part;
        let view: Vec<String> = part.iter().map(|n| super::html::number(*n)).collect();
        out.raw("<svg")
            .attr("class", class)
            .attr("viewBox", &view.join(" "))
            .at("width", width)
            .at("height", height);
        out.raw(" role=\"img\"")
            .named(alt.0, alt.1)
            .raw("><use")
            .attr("href", &format!("#{}", self.id()))
            .raw("/>");
        // A tag is as large as words of 14 px wherever the picture is shown small.
        let unit = if width > WIDE { width / WIDE } else { 1.0 };
        for mark in marks {
            let [left, top, wide, high] = mark.area;
            let near = NEAR;
            let (left, top) = ((left - near).max(x + unit), (top - near).max(y + unit));
            let right = (mark.area[0] + wide + near).min(x + width - unit);
            let bottom = (mark.area[1] + high + near).min(y + height - unit);
            for class in ["halo", if mark.open { "box open" } else { "box" }] {
                out.raw("<rect").attr("class", class).at("x", left).at("y", top);
                out.at("width", (right - left).max(1.0))
                    .at("height", (bottom - top).max(1.0))
                    .at("rx", 3.0 * unit)
                    .raw("/>");
            }
            if mark.tag.is_empty() {
                continue;
            }
            #[expect(clippy::cast_precision_loss, reason = "a tag has a few digits")]
            let long = (mark.tag.chars().count() as f32 * 8.5 + 10.0) * unit;
            let tall = 20.0 * unit;
            let tag_y = if top - tall >= y { top - tall } else { (top + unit).min(y + height - tall) };
            let tag_x = left.min(x + width - long).max(x);
            out.raw("<rect")
                .attr("class", if mark.open { "tag open" } else { "tag" })
                .at("x", tag_x)
                .at("y", tag_y);
            out.at("width", long).at("height", tall).at("rx", 3.0 * unit).raw("/>");
            out.raw("<text class=\"tagtext\"")
                .at("x", tag_x + long / 2.0)
                .at("y", tag_y + tall * 0.74)
                .at("font-size", 14.0 * unit);
            out.raw(">").text(&mark.tag).raw("</text>");
        }
        out.raw("</svg>");
    }
}

/// Marks of several findings over one picture: those at the same place share a box.
pub(super) fn marks<'a>(
    album: &Album,
    picture: &Picture,
    record: &Record,
    numbered: impl Iterator<Item = (usize, &'a Finding, bool)>,
) -> Vec<Mark> {
    let mut all: Vec<(Mark, Vec<usize>)> = Vec::new();
    for (number, finding, open) in numbered {
        for spot in &finding.spots {
            let Some((found, area)) = album.showing(picture.judgement, record, spot) else { continue };
            if found.state != picture.state {
                continue;
            }
            match all.iter_mut().find(|(mark, _)| is_near(mark.area, area)) {
                Some((mark, numbers)) => {
                    mark.open &= open;
                    if !numbers.contains(&number) {
                        numbers.push(number);
                    }
                }
                None => all.push((Mark { area, tag: String::new(), open }, vec![number])),
            }
        }
    }
    let mut marks: Vec<Mark> = Vec::with_capacity(all.len());
    // The longest list first: a box beside it that says no more needs no tag of its own.
    all.sort_by_key(|(_, numbers)| std::cmp::Reverse(numbers.len()));
    let mut tagged: Vec<(Box4, Vec<usize>)> = Vec::new();
    for (mark, numbers) in all {
        let said = tagged.iter().any(|(area, known)| {
            (area[1] - mark.area[1]).abs() < BESIDE
                && (area[0] - mark.area[0]).abs() < BESIDE
                && numbers.iter().all(|number| known.contains(number))
        });
        let tag: Vec<String> = numbers.iter().map(usize::to_string).collect();
        marks.push(Mark { tag: if said { String::new() } else { tag.join(" ") }, ..mark });
        if !said {
            tagged.push((mark.area, numbers));
        }
    }
    marks
}

fn is_near(a: Box4, b: Box4) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() < 6.0)
}

fn area_of(state: &State, key: &str) -> Option<Box4> {
    let control = state.controls.iter().find(|control| control.key == key && control.seen.is_shown());
    let text = || state.texts.iter().find(|text| text.key == key && text.seen.is_shown());
    control.map(|control| control.area).or_else(|| text().map(|text| text.area))
}

/// A PNG's own size says how many of its pixels make one of the page's.
fn picture(judgement: usize, state: &State, bytes: &[u8]) -> Option<Picture> {
    let pixels = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
    if bytes.get(..8)? != b"\x89PNG\r\n\x1a\n" {
        return None;
    }
    let (wide, high) = (pixels(16)?, pixels(20)?);
    #[expect(clippy::cast_precision_loss, reason = "a picture has some thousand pixels")]
    let (wide, high) = (wide as f32, high as f32);
    let width = state.size[0].clamp(1.0, WIDTH_MAX);
    let data = Base64::encode_string(bytes);
    Some(Picture { judgement, state: state.id, width, height: high * width / wide.max(1.0), data })
}

/// Bytes of all pictures in one report.
const PICTURES_MAX: usize = 48 << 20;
/// As wide as the recorder's pictures are, in CSS pixels.
const WIDTH_MAX: f32 = 2_000.0;
/// CSS pixels beside a box.
const MARGIN_X: f32 = 40.0;
/// CSS pixels above and below.
const MARGIN_Y: f32 = 70.0;
/// Least width of a part.
const CROP_WIDTH: f32 = 560.0;
/// Least height of a part.
const CROP_HEIGHT: f32 = 120.0;
/// CSS pixels between an element and its box.
const NEAR: f32 = 3.0;
/// CSS pixels within which a box is beside another.
const BESIDE: f32 = 40.0;
/// Width from which a picture is shown smaller than it is.
const WIDE: f32 = 560.0;
