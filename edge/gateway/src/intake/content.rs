//! What stands in a submit: its text, and how it goes on to a carrier of another kind.

use std::borrow::Cow;

use anning_link::{Segment, Submission, Tlv};
use anning_text::{
    Coding, Format, Header, HeaderFault, Marking, Numbering, Place, Reference, Room, SplitFault,
};

use crate::codes::Reason;
use crate::config::{Account, Charset, Protocol, Upstream};

/// Header and text of one submit. In SMPP the text may stand in `message_payload`.
pub(super) fn cut(submission: &Submission) -> Result<(Option<Header<'_>>, &[u8]), HeaderFault> {
    let payload =
        || submission.extra.iter().find(|tlv| tlv.tag == MESSAGE_PAYLOAD).map(|tlv| tlv.value.as_slice());
    let content = match submission.content.as_slice() {
        [] => payload().unwrap_or(&[]),
        content => content,
    };
    if !submission.udh {
        return Ok((None, content));
    }
    let (header, rest) = Header::cut(content)?;
    Ok((Some(header), rest))
}

/// The text of joined content, as the account's numbers of coding mean it.
pub(super) fn text(
    protocol: Protocol,
    account: &Account,
    coding: u8,
    content: &[u8],
) -> Result<String, Reason> {
    decode(numbering(protocol), coding, zero_of(protocol, account), content)
}

/// The text of a letter that waits, in its carrier's numbers of coding.
pub(crate) fn text_of(segments: &[Submission], protocol: Protocol, zero: Option<Coding>) -> Option<String> {
    let mut whole = Vec::new();
    for segment in segments {
        let (_, content) = cut(segment).ok()?;
        whole.extend_from_slice(content);
    }
    decode(numbering(protocol), segments.first()?.coding, zero, &whole).ok()
}

fn decode(numbering: Numbering, coding: u8, zero: Option<Coding>, content: &[u8]) -> Result<String, Reason> {
    let format = Format::of(numbering, coding, zero);
    if format.coding == Coding::Binary {
        // A text that cannot be read cannot be judged, and what cannot be judged must not pass for harmless.
        return Err(Reason::Unreadable);
    }
    let decoded = anning_text::decode(&in_order(content, format.coding), format.coding);
    // A character or two go wrong in many senders' texts; one in eight is another coding.
    let unread = decoded.replaced * 8 > decoded.text.chars().count();
    if unread { Err(Reason::Unreadable) } else { Ok(decoded.text) }
}

/// Content of UCS-2 whose mark says that its bytes are turned around, as the phone reads it: turned back.
pub(crate) fn in_order(content: &[u8], coding: Coding) -> Cow<'_, [u8]> {
    match content {
        [0xFF, 0xFE, rest @ ..] if coding == Coding::Ucs2 => {
            Cow::Owned(rest.chunks(2).flat_map(|pair| pair.iter().rev().copied()).collect())
        }
        _ => Cow::Borrowed(content),
    }
}

/// What an account means by coding 0: SMPP leaves it to the parties, the others say ASCII.
pub(crate) const fn zero_of(protocol: Protocol, account: &Account) -> Option<Coding> {
    match (protocol, account.charset) {
        (Protocol::Cmpp | Protocol::Smgp | Protocol::Sgip | Protocol::Http, _) => None,
        (Protocol::Smpp, Charset::Gsm7) => Some(Coding::Gsm),
        (Protocol::Smpp, Charset::Ascii) => Some(Coding::Ascii),
        (Protocol::Smpp, Charset::Latin1) => Some(Coding::Latin1),
        (Protocol::Smpp, Charset::Gbk) => Some(Coding::Gbk),
        (Protocol::Smpp, Charset::Ucs2) => Some(Coding::Ucs2),
    }
}

/// Whose numbers of coding a protocol uses.
pub(crate) const fn numbering(protocol: Protocol) -> Numbering {
    match protocol {
        Protocol::Cmpp => Numbering::Cmpp,
        Protocol::Smgp => Numbering::Smgp,
        Protocol::Sgip => Numbering::Sgip,
        // HTTP bodies are text; what is made of them is numbered as in SMPP.
        Protocol::Smpp | Protocol::Http => Numbering::Smpp,
    }
}

/// The segments as they go to a carrier. The same protocol: as they came. Another: its numbers of coding and its way of
/// marking segments, cut anew where the coding has no number there or a segment no room. What cannot be read is not cut.
pub(super) fn carry(
    segments: &[Submission],
    (from, account): (Protocol, &Account),
    upstream: &Upstream,
    text: Option<&str>,
) -> Result<Vec<Submission>, Reason> {
    let bare = |segment: &Submission| Submission { destinations: Vec::new(), ..segment.clone() };
    let mut out: Vec<Submission> = segments.iter().map(bare).collect();
    if from == upstream.protocol && upstream.fixed_signature.is_none() {
        return said(out, zero_of(from, account), upstream, text);
    }
    let Some(first) = out.first().cloned() else { return Err(Reason::Incomplete) };
    let format = Format::of(numbering(from), first.coding, zero_of(from, account));
    let number = format.coding.number(numbering(upstream.protocol));
    let number = number
        .filter(|_| format.class.is_none() && upstream.fixed_signature.is_none() && from != Protocol::Http);
    for segment in &mut out {
        segment.coding = number.unwrap_or(segment.coding);
        mark(segment, from, upstream.protocol);
    }
    // What SMPP takes whole in `message_payload` others take in segments.
    let room = Room::of(numbering(upstream.protocol), format.coding);
    let most = |segment: &Submission| if segment.udh { room.short + HEADER } else { room.single };
    if number.is_none() || out.iter().any(|segment| segment.content.len() > most(segment)) {
        out = anew(&first, upstream, text.ok_or(Reason::Unreadable)?)?;
    }
    for segment in &mut out {
        segment.mode = 0;
        segment.service = Vec::new();
        segment.fee = anning_link::Fee::default();
        segment.priority = 0;
        segment.link = Vec::new();
        segment.enterprise = upstream.enterprise.clone().into();
    }
    Ok(out)
}

/// Coding 0 of SMPP means what two parties agreed on: where the account's meaning has a number of its own it goes by that
/// number, so that the carrier reads what was judged.
fn said(
    mut segments: Vec<Submission>,
    zero: Option<Coding>,
    upstream: &Upstream,
    text: Option<&str>,
) -> Result<Vec<Submission>, Reason> {
    let Some(coding) = zero.filter(|coding| matches!(coding, Coding::Ucs2 | Coding::Latin1 | Coding::Gbk))
    else {
        return Ok(segments);
    };
    if segments.iter().all(|segment| segment.coding != 0) {
        return Ok(segments);
    }
    match (coding.number(Numbering::Smpp), segments.first().cloned()) {
        (Some(number), _) => {
            segments.iter_mut().filter(|s| s.coding == 0).for_each(|segment| segment.coding = number);
            Ok(segments)
        }
        (None, Some(first)) => anew(&first, upstream, text.ok_or(Reason::Unreadable)?),
        (None, None) => Err(Reason::Incomplete),
    }
}

/// Marks a segment as the carrier's protocol does: a header instead of SAR fields, and no fields of another protocol.
fn mark(segment: &mut Submission, from: Protocol, to: Protocol) {
    if let Some(payload) =
        segment.extra.iter().find(|tlv| tlv.tag == MESSAGE_PAYLOAD).filter(|_| segment.content.is_empty())
    {
        segment.content.clone_from(&payload.value);
    }
    segment.extra = Vec::new();
    let header = if segment.udh {
        Header::cut(&segment.content).ok().and_then(|(header, _)| header.place())
    } else {
        None
    };
    if let (None, Some(Segment { reference: Some(reference), total, number }), Protocol::Smpp) =
        (header, segment.segment, from)
    {
        let place = Place { reference: Reference::Long(reference), total, number };
        if let Some(mut content) = place.header() {
            content.append(&mut segment.content);
            (segment.content, segment.udh) = (content, true);
        }
    }
    let place = if segment.udh {
        Header::cut(&segment.content).ok().and_then(|(header, _)| header.place())
    } else {
        None
    };
    segment.segment = place.filter(|_| to != Protocol::Smpp).map(|place| Segment {
        reference: None,
        total: place.total,
        number: place.number,
    });
}

/// Cuts a text anew, in a coding that the carrier has a number for.
fn anew(like: &Submission, upstream: &Upstream, text: &str) -> Result<Vec<Submission>, Reason> {
    let numbering = numbering(upstream.protocol);
    let text = match &upstream.fixed_signature {
        // The carrier puts it there itself.
        Some(signature) => text.strip_prefix(&format!("【{signature}】")).unwrap_or(text),
        None => text,
    };
    let coding = if text.is_ascii() { Coding::Ascii } else { Coding::Ucs2 };
    let number = coding.number(numbering).ok_or(Reason::Unreadable)?;
    let reference = blake3::hash(text.as_bytes()).as_bytes().first().copied().unwrap_or(0);
    let cuts = split(text, coding, reference, upstream).map_err(|_| Reason::TooLong)?;
    let total = u8::try_from(cuts.len()).map_err(|_| Reason::TooLong)?;
    Ok((1..)
        .zip(cuts)
        .map(|(number_of, content)| Submission {
            coding: number,
            udh: total > 1,
            content,
            segment: (total > 1 && upstream.protocol != Protocol::Smpp).then_some(Segment {
                reference: None,
                total,
                number: number_of,
            }),
            extra: Vec::<Tlv>::new(),
            destinations: Vec::new(),
            ..like.clone()
        })
        .collect())
}

fn split(text: &str, coding: Coding, reference: u8, upstream: &Upstream) -> Result<Vec<Vec<u8>>, SplitFault> {
    let room = Room::of(numbering(upstream.protocol), coding);
    let name = upstream.fixed_signature.as_ref().map(|name| format!("【{name}】"));
    let signature = name.as_deref().map(anning_text::Signature::Before);
    let cuts = anning_text::split(text, coding, room, Marking::Short(reference), signature)?;
    Ok(cuts.into_iter().map(|cut| cut.content).collect())
}

/// Bytes of the header that most segments have.
const HEADER: usize = 6;
/// SMPP's field for texts of any length.
const MESSAGE_PAYLOAD: u16 = 0x0424;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Outside};

    fn carried(submission: Submission, text: &str) -> Vec<(u8, bool, usize)> {
        let outside = Outside { variable: &|_| None, file: &|_| Err(std::io::ErrorKind::NotFound.into()) };
        let (config, _) =
            Config::parse(include_str!("../../../../samples/gateway/demo.toml"), &outside).unwrap();
        let (account, upstream) =
            (config.accounts.values().next().unwrap(), config.upstreams.values().next().unwrap());
        let out = carry(&[submission], (Protocol::Smpp, account), upstream, Some(text)).unwrap();
        out.into_iter().map(|one| (one.coding, one.udh, one.content.len())).collect()
    }

    #[test]
    fn what_smpp_takes_whole_goes_to_cmpp_in_segments() {
        let payload = |text: &str| Submission {
            coding: 8,
            extra: vec![Tlv {
                tag: MESSAGE_PAYLOAD,
                value: text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            }],
            ..Submission::default()
        };
        let (short, long) = ("退".repeat(70), "退".repeat(71));
        assert_eq!(carried(payload(&short), &short), [(8, false, 140)]);
        assert_eq!(carried(payload(&long), &long), [(8, true, 140), (8, true, 14)]);
    }
}
