//! Pictures: each embedded once, shown in parts with the elements boxed over them.

use anning_page::finding::{Finding, Spot, Within};
use anning_page::record::{Box4, Record, State};
use base64ct::{Base64, Encoding as _};

use super::html::Html;
use crate::inspection::Judgement;
use crate::stored::{plain, sha256};

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
    /// Where words stand that a tag should not hide.
    words: Vec<Box4>,
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
                let Some(bytes) = judgement
                    .folder
                    .as_ref()
                    .and_then(|folder| plain(&folder.join(name), PICTURES_MAX, true).ok())
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
        let [_, _, width, height] = part;
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
        let boxes: Vec<Box4> = marks.iter().map(|mark| within(part, around_of(mark.area), unit)).collect();
        for (mark, [left, top, wide, high]) in marks.iter().zip(&boxes) {
            for class in ["halo", if mark.open { "box open" } else { "box" }] {
                out.raw("<rect").attr("class", class).at("x", *left).at("y", *top);
                out.at("width", *wide).at("height", *high).at("rx", 3.0 * unit).raw("/>");
            }
        }
        // After all boxes, so that none cuts through a number.
        let mut tags: Vec<Box4> = Vec::with_capacity(marks.len());
        for (at, mark) in marks.iter().enumerate().filter(|(_, mark)| !mark.tag.is_empty()) {
            let Some(own) = boxes.get(at) else { continue };
            #[expect(clippy::cast_precision_loss, reason = "a tag has a few digits")]
            let size = [(mark.tag.chars().count() as f32 * 8.5 + 10.0) * unit, 20.0 * unit];
            let area = tag_place(part, *own, size, &boxes, &tags, &self.words);
            tag(out, mark, area, unit);
            tags.push(area);
        }
        out.raw("</svg>");
    }
}

/// A box around an element.
fn around_of([x, y, width, height]: Box4) -> Box4 {
    [x - NEAR, y - NEAR, width + 2.0 * NEAR, height + 2.0 * NEAR]
}

/// As much of a box as lies within the part shown.
fn within(part: Box4, area: Box4, unit: f32) -> Box4 {
    let [x, y, width, height] = part;
    let (left, top) = (area[0].max(x + unit), area[1].max(y + unit));
    let right = (area[0] + area[2]).min(x + width - unit);
    let bottom = (area[1] + area[3]).min(y + height - unit);
    [left, top, (right - left).max(1.0), (bottom - top).max(1.0)]
}

fn tag(out: &mut Html, mark: &Mark, [x, y, width, height]: Box4, unit: f32) {
    out.raw("<rect").attr("class", if mark.open { "tag open" } else { "tag" }).at("x", x).at("y", y);
    out.at("width", width).at("height", height).at("rx", 3.0 * unit).raw("/>");
    out.raw("<text class=\"tagtext\"")
        .at("x", x + width / 2.0)
        .at("y", y + height * 0.74)
        .at("font-size", 14.0 * unit);
    out.raw(">").text(&mark.tag).raw("</text>");
}

/// Where a tag hides least: beside its box, off the words of the page, other boxes and other tags.
fn tag_place(
    part: Box4,
    own: Box4,
    [width, height]: [f32; 2],
    boxes: &[Box4],
    tags: &[Box4],
    words: &[Box4],
) -> Box4 {
    let [left, top, wide, high] = own;
    let (right, bottom, middle) = (left + wide, top + high, top + (high - height) / 2.0);
    let places = [
        [left, top - height],
        [right - width, top - height],
        [left - width, middle],
        [right, middle],
        [left, bottom],
        [right - width, bottom],
        [right - width, top],
    ];
    let inside = |[x, y]: &[f32; 2]| {
        *x >= part[0] && *y >= part[1] && x + width <= part[0] + part[2] && y + height <= part[1] + part[3]
    };
    let cost = |[x, y]: [f32; 2]| {
        let here = [x, y, width, height];
        let sum = |all: &[Box4]| all.iter().map(|other| shared(here, *other)).sum::<f32>();
        sum(words) + sum(boxes) + 8.0 * sum(tags)
    };
    let mut best: Option<([f32; 2], f32)> = None;
    for place in places.into_iter().filter(inside) {
        let cost = cost(place);
        if best.is_none_or(|(_, known)| cost < known) {
            best = Some((place, cost));
        }
    }
    let ([x, y], _) = best.unwrap_or(([left.max(part[0]), top.max(part[1])], 0.0));
    [x, y, width, height]
}

/// Square pixels that two boxes share.
fn shared(a: Box4, b: Box4) -> f32 {
    let side = |at: usize, size: usize| {
        let (from, to) =
            (a.get(at)?.max(*b.get(at)?), (a.get(at)? + a.get(size)?).min(b.get(at)? + b.get(size)?));
        Some((to - from).max(0.0))
    };
    side(0, 2).unwrap_or_default() * side(1, 3).unwrap_or_default()
}

/// Numbers on a tag, three or more in a row as `1–7`.
fn listed(numbers: &[usize]) -> String {
    let mut said: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match said.last_mut() {
            Some((_, to)) if *to + 1 == *number => *to = *number,
            _ => said.push((*number, *number)),
        }
    }
    let words: Vec<String> = said
        .into_iter()
        .map(|(from, to)| match to - from {
            0 => from.to_string(),
            1 => format!("{from} {to}"),
            _ => format!("{from}–{to}"),
        })
        .collect();
    words.join(" ")
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
        marks.push(Mark { tag: if said { String::new() } else { listed(&numbers) }, ..mark });
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

fn words(state: &State) -> Vec<Box4> {
    let texts = state.texts.iter().filter(|text| text.seen.is_shown());
    let lines = texts.flat_map(|text| {
        let runs = text.runs.iter().map(|run| run.area);
        if text.runs.is_empty() { vec![text.area] } else { runs.collect() }
    });
    let buttons = state.controls.iter().filter(|control| control.seen.is_shown()).map(|control| control.area);
    let fields = state.fields.iter().filter(|field| field.seen.is_shown()).map(|field| field.area);
    lines.chain(buttons).chain(fields).take(WORDS_MAX).collect()
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
    let height = high * width / wide.max(1.0);
    Some(Picture { judgement, state: state.id, width, height, words: words(state), data })
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
/// Places of words that a tag keeps clear of.
const WORDS_MAX: usize = 2_000;
/// CSS pixels between an element and its box.
const NEAR: f32 = 3.0;
/// CSS pixels within which a box is beside another.
const BESIDE: f32 = 40.0;
/// Width from which a picture is shown smaller than it is.
const WIDE: f32 = 560.0;

#[cfg(test)]
mod tests {
    use super::{listed, tag_place};

    #[test]
    fn numbers_in_a_row_are_said_short() {
        for (numbers, said) in [
            (&[1, 2, 3, 4, 5, 6, 7][..], "1–7"),
            (&[1, 2], "1 2"),
            (&[1, 3, 4, 5, 9], "1 3–5 9"),
            (&[12], "12"),
        ] {
            assert_eq!(listed(numbers), said);
        }
    }

    #[test]
    fn a_tag_hides_no_words_where_there_is_room() {
        let part = [0.0, 0.0, 400.0, 300.0];
        let own = [40.0, 100.0, 100.0, 20.0];
        let heading = [40.0, 75.0, 300.0, 24.0];
        let label = [140.0, 100.0, 200.0, 20.0];
        let size = [20.0, 20.0];
        let at = |words: &[[f32; 4]], tags: &[[f32; 4]]| tag_place(part, own, size, &[own], tags, words);
        assert_eq!(at(&[], &[]), [40.0, 80.0, 20.0, 20.0], "above, when nothing is there");
        assert_eq!(at(&[heading], &[]), [20.0, 100.0, 20.0, 20.0], "left of it, below a heading");
        let left = [0.0, 100.0, 40.0, 20.0];
        assert_eq!(at(&[heading, label, left], &[]), [40.0, 120.0, 20.0, 20.0], "below");
        assert_eq!(at(&[], &[[40.0, 80.0, 20.0, 20.0]]), [120.0, 80.0, 20.0, 20.0], "beside another tag");
    }
}
