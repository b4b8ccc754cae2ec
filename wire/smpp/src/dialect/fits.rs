//! What the protocol can carry as it is.

use anning_link::{
    Address, Answer, Delivery, Findings, Query, Reply, Report, Segment, Spoken, Submission, Tlv,
};

use crate::pdu::TLVS_MOST;
use crate::receipt;

/// The field that is in the way, if one is. What has no word here (fees, an enterprise code) is in nobody's way: it does
/// not reach the recipient.
pub(super) fn fits(spoken: &Spoken) -> Result<(), &'static str> {
    match spoken {
        Spoken::Login(asked) => {
            within("system_id", &asked.account, SYSTEM_ID)?;
            within("password", &asked.proof, PASSWORD)
        }
        Spoken::Submit(submission) => submit(submission),
        Spoken::SubmitAnswer(Answer::Taken(id)) | Spoken::DeliverAnswer(_, id) | Spoken::Cancel(id) => {
            within("message_id", &id.0, ID)
        }
        Spoken::SubmitAnswer(Answer::TakenExcept(id, refused)) => {
            within("message_id", &id.0, ID)?;
            refused.iter().try_for_each(|(one, _)| address("unsuccess_sme", one))?;
            counted("no_unsuccess", refused.len(), DESTINATIONS)
        }
        Spoken::Deliver(delivery) => match delivery.as_ref() {
            Delivery::Reply(reply) => self::reply(reply),
            Delivery::Report(report) => self::report(report),
        },
        Spoken::Query(Query::State(id)) => within("message_id", &id.0, ID),
        Spoken::Query(Query::Counts(..)) | Spoken::QueryAnswer(Ok(Findings::Counts(..))) => Err("query_sm"),
        Spoken::QueryAnswer(Ok(Findings::State(id, _, ended, _))) => {
            within("message_id", &id.0, ID)?;
            within("final_date", ended, TIME)
        }
        Spoken::LoginAnswer(..)
        | Spoken::SubmitAnswer(Answer::Refused(_))
        | Spoken::Alive
        | Spoken::AliveAnswer
        | Spoken::Leave
        | Spoken::LeaveAnswer
        | Spoken::QueryAnswer(Err(_))
        | Spoken::CancelAnswer(_)
        | Spoken::Foreign(_)
        | Spoken::NotUnderstood(_) => Ok(()),
    }
}

fn submit(submission: &Submission) -> Result<(), &'static str> {
    address("source_addr", &submission.source)?;
    submission.destinations.iter().try_for_each(|one| address("destination_addr", one))?;
    counted("number_of_dests", submission.destinations.len(), DESTINATIONS)?;
    if submission.destinations.is_empty() {
        return Err("number_of_dests");
    }
    within("service_type", &submission.service, SERVICE_TYPE)?;
    within("validity_period", &submission.valid_until, TIME)?;
    within("schedule_delivery_time", &submission.not_before, TIME)?;
    segment(submission.segment, submission.udh)?;
    counted("message_payload", submission.content.len(), PAYLOAD)?;
    optional(&submission.extra)
}

fn reply(reply: &Reply) -> Result<(), &'static str> {
    address("source_addr", &reply.source)?;
    address("destination_addr", &reply.destination)?;
    within("service_type", &reply.service, SERVICE_TYPE)?;
    segment(reply.segment, reply.udh)?;
    counted("message_payload", reply.content.len(), PAYLOAD)?;
    optional(&reply.extra)
}

fn report(report: &Report) -> Result<(), &'static str> {
    address("source_addr", &report.recipient)?;
    address("destination_addr", &report.source)?;
    within("service_type", &report.service, SERVICE_TYPE)?;
    within("receipted_message_id", &report.id.0, ID)?;
    // A space ends a value of the text.
    if report.id.0.contains(&b' ') || report.error.contains(&b' ') {
        return Err("receipted_message_id");
    }
    counted("text", report.text.len(), receipt::TEXT_MOST)?;
    counted("err", report.error.len(), ERROR)?;
    optional(&report.extra)
}

/// A text and its zero within their room, and no zero inside.
fn within(field: &'static str, text: &[u8], room: usize) -> Result<(), &'static str> {
    if text.len() < room && !text.contains(&0) { Ok(()) } else { Err(field) }
}

fn address(field: &'static str, address: &Address) -> Result<(), &'static str> {
    within(field, &address.text, ADDRESS)
}

fn counted(field: &'static str, count: usize, most: usize) -> Result<(), &'static str> {
    if count <= most { Ok(()) } else { Err(field) }
}

/// A place in a longer message needs a reference, unless a user data header says it.
fn segment(segment: Option<Segment>, udh: bool) -> Result<(), &'static str> {
    match segment {
        Some(Segment { reference: None, total: 2.., .. }) if !udh => Err("sar_msg_ref_num"),
        Some(_) | None => Ok(()),
    }
}

fn optional(tlvs: &[Tlv]) -> Result<(), &'static str> {
    // Eight more may be added: segments, payload, what a receipt tells.
    counted("tlv_count", tlvs.len() + 8, TLVS_MOST)?;
    tlvs.iter().try_for_each(|tlv| counted("tlv_value", tlv.value.len(), PAYLOAD))
}

/// Rooms of the fields, the zero at their end included.
pub(super) const SYSTEM_ID: usize = 16;
/// The protocol says 9; carriers hand out longer ones, and take them.
pub(super) const PASSWORD: usize = 65;
pub(super) const SYSTEM_TYPE: usize = 13;
pub(super) const RANGE: usize = 41;
pub(super) const SERVICE_TYPE: usize = 6;
pub(super) const ADDRESS: usize = 21;
pub(super) const ID: usize = 65;
pub(super) const TIME: usize = 17;
/// Longest short_message of 3.4.
pub(super) const SHORT_MESSAGE: usize = 254;
/// Most destinations of a submit_multi of 3.4.
const DESTINATIONS: usize = 254;
const PAYLOAD: usize = 65_535;
/// A number in decimal.
const ERROR: usize = 10;
