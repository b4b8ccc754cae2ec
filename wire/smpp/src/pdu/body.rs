//! Which body belongs to which command.

use anning_link::{LoginMode, Reader, Writer};

use super::fields::{Alert, Bind, Cancel, Identified, Outbind, Query, QueryAnswer};
use super::message::{Data, Multi, MultiAnswer, Replace, Single};
use super::tail::Faults;
use super::wrong::Wrong;
use crate::command::{
    ALERT_NOTIFICATION, ANSWER, BIND_RECEIVER, BIND_RECEIVER_RESP, BIND_TRANSCEIVER, BIND_TRANSCEIVER_RESP,
    BIND_TRANSMITTER, BIND_TRANSMITTER_RESP, CANCEL_SM, CANCEL_SM_RESP, DATA_SM, DATA_SM_RESP, DELIVER_SM,
    DELIVER_SM_RESP, ENQUIRE_LINK, ENQUIRE_LINK_RESP, GENERIC_NACK, OUTBIND, QUERY_SM, QUERY_SM_RESP,
    REPLACE_SM, REPLACE_SM_RESP, SUBMIT_MULTI, SUBMIT_MULTI_RESP, SUBMIT_SM, SUBMIT_SM_RESP, UNBIND,
    UNBIND_RESP,
};

/// A command and its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// bind_receiver, bind_transmitter, bind_transceiver.
    Bind(LoginMode, Bind),
    /// Their answers: the server's system_id.
    BindAnswer(LoginMode, Identified),
    /// outbind.
    Outbind(Outbind),
    /// submit_sm.
    Submit(Single),
    /// deliver_sm.
    Deliver(Single),
    /// submit_multi.
    Multi(Multi),
    /// data_sm.
    Data(Data),
    /// submit_sm_resp, deliver_sm_resp, data_sm_resp: message_id.
    Answer(Taker, Identified),
    /// submit_multi_resp.
    MultiAnswer(MultiAnswer),
    /// query_sm.
    Query(Query),
    /// query_sm_resp.
    QueryAnswer(QueryAnswer),
    /// cancel_sm.
    Cancel(Cancel),
    /// replace_sm.
    Replace(Replace),
    /// alert_notification.
    Alert(Alert),
    /// Commands without fields, and answers whose fields are left out, by command_id.
    Plain(u32),
    /// What is not read any further (broadcasts, unknown commands): command_id and everything behind the header.
    Raw(u32, crate::Text),
}

/// What an answer with a message_id answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taker {
    /// submit_sm.
    Submit,
    /// deliver_sm.
    Deliver,
    /// data_sm.
    Data,
}

impl Body {
    // size: one table, a line a command.
    pub(super) fn read(command: u32, body: &mut Reader<'_>) -> Result<Self, Wrong> {
        let empty = body.rest().is_empty();
        Ok(match command {
            BIND_RECEIVER => Self::Bind(LoginMode::Receive, Bind::read(body)?),
            BIND_TRANSMITTER => Self::Bind(LoginMode::Send, Bind::read(body)?),
            BIND_TRANSCEIVER => Self::Bind(LoginMode::Both, Bind::read(body)?),
            BIND_RECEIVER_RESP => Self::bound(LoginMode::Receive, body)?,
            BIND_TRANSMITTER_RESP => Self::bound(LoginMode::Send, body)?,
            BIND_TRANSCEIVER_RESP => Self::bound(LoginMode::Both, body)?,
            OUTBIND => Self::Outbind(Outbind::read(body)?),
            SUBMIT_SM => Self::Submit(Single::read(body)?),
            DELIVER_SM => Self::Deliver(Single::read(body)?),
            SUBMIT_MULTI => Self::Multi(Multi::read(body)?),
            DATA_SM => Self::Data(Data::read(body)?),
            SUBMIT_SM_RESP => Self::taken(Taker::Submit, body)?,
            DELIVER_SM_RESP => Self::taken(Taker::Deliver, body)?,
            DATA_SM_RESP => Self::taken(Taker::Data, body)?,
            SUBMIT_MULTI_RESP | QUERY_SM_RESP if empty => Self::Plain(command),
            SUBMIT_MULTI_RESP => Self::MultiAnswer(MultiAnswer::read(body)?),
            QUERY_SM => Self::Query(Query::read(body)?),
            QUERY_SM_RESP => Self::QueryAnswer(QueryAnswer::read(body)?),
            CANCEL_SM => Self::Cancel(Cancel::read(body)?),
            REPLACE_SM => Self::Replace(Replace::read(body)?),
            ALERT_NOTIFICATION => Self::Alert(Alert::read(body)?),
            UNBIND | UNBIND_RESP | ENQUIRE_LINK | ENQUIRE_LINK_RESP | GENERIC_NACK | CANCEL_SM_RESP
            | REPLACE_SM_RESP => Self::Plain(command),
            _ => Self::Raw(command, crate::Text::of(body.bytes("body", body.rest().len())?)),
        })
    }

    fn bound(mode: LoginMode, body: &mut Reader<'_>) -> Result<Self, Wrong> {
        Ok(Self::BindAnswer(mode, Identified::read(body, "system_id")?))
    }

    fn taken(taker: Taker, body: &mut Reader<'_>) -> Result<Self, Wrong> {
        Ok(Self::Answer(taker, Identified::read(body, "message_id")?))
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        match self {
            Self::Bind(_, body) => body.write(out),
            Self::BindAnswer(_, body) | Self::Answer(_, body) => body.write(out),
            Self::Outbind(body) => body.write(out),
            Self::Submit(body) | Self::Deliver(body) => body.write(out),
            Self::Multi(body) => body.write(out),
            Self::Data(body) => body.write(out),
            Self::MultiAnswer(body) => body.write(out),
            Self::Query(body) => body.write(out),
            Self::QueryAnswer(body) => body.write(out),
            Self::Cancel(body) => body.write(out),
            Self::Replace(body) => body.write(out),
            Self::Alert(body) => body.write(out),
            Self::Plain(_) => {}
            Self::Raw(_, body) => {
                out.bytes(&body.0);
            }
        }
    }

    /// Its command_id.
    #[must_use]
    pub const fn command(&self) -> u32 {
        match self {
            Self::Bind(mode, _) => bind(*mode),
            Self::BindAnswer(mode, _) => ANSWER | bind(*mode),
            Self::Outbind(_) => OUTBIND,
            Self::Submit(_) => SUBMIT_SM,
            Self::Deliver(_) => DELIVER_SM,
            Self::Multi(_) => SUBMIT_MULTI,
            Self::Data(_) => DATA_SM,
            Self::Answer(Taker::Submit, _) => SUBMIT_SM_RESP,
            Self::Answer(Taker::Deliver, _) => DELIVER_SM_RESP,
            Self::Answer(Taker::Data, _) => DATA_SM_RESP,
            Self::MultiAnswer(_) => SUBMIT_MULTI_RESP,
            Self::Query(_) => QUERY_SM,
            Self::QueryAnswer(_) => QUERY_SM_RESP,
            Self::Cancel(_) => CANCEL_SM,
            Self::Replace(_) => REPLACE_SM,
            Self::Alert(_) => ALERT_NOTIFICATION,
            Self::Plain(command) | Self::Raw(command, _) => *command,
        }
    }

    /// What becomes of faults in what follows it.
    pub(super) const fn faults(&self) -> Faults {
        match self {
            Self::Bind(..)
            | Self::Outbind(_)
            | Self::Submit(_)
            | Self::Multi(_)
            | Self::Data(_)
            | Self::Query(_)
            | Self::Cancel(_)
            | Self::Replace(_)
            | Self::Alert(_) => Faults::Told,
            Self::Deliver(_)
            | Self::BindAnswer(..)
            | Self::Answer(..)
            | Self::MultiAnswer(_)
            | Self::QueryAnswer(_)
            | Self::Plain(_)
            | Self::Raw(..) => Faults::Kept,
        }
    }
}

const fn bind(mode: LoginMode) -> u32 {
    match mode {
        LoginMode::Receive => BIND_RECEIVER,
        LoginMode::Send => BIND_TRANSMITTER,
        LoginMode::Both => BIND_TRANSCEIVER,
    }
}
