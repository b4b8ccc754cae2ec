//! Delivery receipts: from text and optional fields to a report, and back.

use anning_link::{Address, MessageId, Report, ReportState, Tlv};

use crate::receipt::{self, NO_DATE, Receipt};
use crate::tag;

/// The receipt's text, without a user data header, and one byte a character where it came in UCS-2.
pub(super) fn readable(content: &[u8], coding: u8, udh: bool) -> Vec<u8> {
    let header = content.first().filter(|_| udh).map_or(0, |length| usize::from(*length) + 1);
    let text = content.get(header..).unwrap_or(&[]);
    let wide = coding == UCS2 && !text.is_empty() && text.iter().step_by(2).all(|high| *high == 0);
    if wide { text.iter().skip(1).step_by(2).copied().collect() } else { text.to_vec() }
}

/// What a receipt tells. Optional fields go before the text: they are of one form with every server.
pub(super) fn read(
    text: &[u8],
    recipient: Address,
    source: Address,
    service: Vec<u8>,
    mut extra: Vec<Tlv>,
) -> Report {
    let said = Receipt::parse(text);
    let id = take(&mut extra, tag::RECEIPTED_MESSAGE_ID, id_of).unwrap_or_else(|| said.id.clone());
    let number = take(&mut extra, tag::MESSAGE_STATE, state_of);
    let error = error(&mut extra).unwrap_or_else(|| said.err.clone());
    let own_word = !said.stat.is_empty() && !receipt::is_word(&said.stat);
    let state = match number {
        // There is no number for what only the carrier's word names.
        Some(ReportState::Undeliverable) if own_word => ReportState::Failed,
        Some(state) => state,
        None => receipt::state_of_word(&said.stat),
    };
    let word = match number {
        Some(state) if said.stat.is_empty() => receipt::word_of(state).as_bytes().to_vec(),
        Some(_) | None => said.stat.clone(),
    };
    let date = |written: &[u8]| if written == NO_DATE { Vec::new() } else { written.to_vec() };
    let (submitted, done) = (date(&said.submitted), date(&said.done));
    let text = if said.says_anything() { said.text } else { text.to_vec() };
    let carried_as = MessageId::default();
    Report {
        id: MessageId(id),
        carried_as,
        recipient,
        source,
        state,
        word,
        error,
        submitted,
        done,
        text,
        service,
        extra,
    }
}

/// The optional fields that tell a report, those first that it brought along.
pub(super) fn tlvs(report: &Report) -> Vec<Tlv> {
    let mut tlvs = report.extra.clone();
    let mut add = |tag: u16, value: Vec<u8>| {
        if !tlvs.iter().any(|tlv| tlv.tag == tag) {
            tlvs.push(Tlv { tag, value });
        }
    };
    if !report.id.0.is_empty() {
        add(tag::RECEIPTED_MESSAGE_ID, [report.id.0.as_slice(), &[0]].concat());
    }
    add(tag::MESSAGE_STATE, vec![receipt::number_of(report.state)]);
    if let Some([high, low]) = code(&report.error).map(u16::to_be_bytes) {
        add(tag::NETWORK_ERROR_CODE, vec![MESSAGE_CENTRE, high, low]);
    }
    if !report.word.is_empty() && !receipt::is_word(&report.word) {
        // Senders' parsers do not know it, so it does not stand in the text.
        add(tag::ADDITIONAL_STATUS_INFO_TEXT, [report.word.as_slice(), &[0]].concat());
    }
    tlvs
}

/// Takes the first field of that tag out, if it can be read.
fn take<T>(extra: &mut Vec<Tlv>, tag: u16, read: fn(&[u8]) -> Option<T>) -> Option<T> {
    let place = extra.iter().position(|tlv| tlv.tag == tag)?;
    let found = extra.get(place).and_then(|tlv| read(&tlv.value))?;
    extra.remove(place);
    Some(found)
}

/// Some servers leave the zero out.
fn id_of(value: &[u8]) -> Option<Vec<u8>> {
    let id = value.strip_suffix(&[0]).unwrap_or(value);
    (!id.is_empty() && !id.contains(&0)).then(|| id.to_vec())
}

fn state_of(value: &[u8]) -> Option<ReportState> {
    let [number] = value else { return None };
    receipt::state_of_number(*number)
}

/// network_error_code as text of at least three digits. It stays among the others where a network of another kind gave it.
fn error(extra: &mut Vec<Tlv>) -> Option<Vec<u8>> {
    let place = extra.iter().position(|tlv| tlv.tag == tag::NETWORK_ERROR_CODE)?;
    let &[kind, high, low] = extra.get(place)?.value.as_slice() else { return None };
    if kind == MESSAGE_CENTRE {
        extra.remove(place);
    }
    Some(format!("{:03}", u16::from_be_bytes([high, low])).into_bytes())
}

/// The error as a number, if there is one.
fn code(error: &[u8]) -> Option<u16> {
    let digits = core::str::from_utf8(error).ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit()))?;
    digits.parse().ok().filter(|code| *code != 0)
}

/// network_type of 5.0: the code is the message centre's own.
const MESSAGE_CENTRE: u8 = 8;
const UCS2: u8 = 8;
