//! Bodies that carry no message.

use anning_link::{Address, Reader, Writer};

use super::wrong::{TEXT_MOST, Wrong, address, text};
use crate::Text;

/// bind_receiver, bind_transmitter, bind_transceiver.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bind {
    /// system_id.
    pub system_id: Text,
    /// password, in clear.
    pub password: Text,
    /// system_type.
    pub system_type: Text,
    /// interface_version: 0x33, 0x34, 0x50.
    pub interface_version: u8,
    /// addr_ton, addr_npi, address_range.
    pub range: Address,
}

impl Bind {
    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Wrong> {
        Ok(Self {
            system_id: text(body, "system_id")?,
            password: text(body, "password")?,
            system_type: text(body, "system_type")?,
            interface_version: body.u8("interface_version")?,
            range: address(body, "address_range")?,
        })
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        out.c_string(&self.system_id.0).c_string(&self.password.0).c_string(&self.system_type.0);
        out.u8(self.interface_version);
        write_address(&self.range, out);
    }
}

/// outbind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outbind {
    /// system_id.
    pub system_id: Text,
    /// password, in clear.
    pub password: Text,
}

impl Outbind {
    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Wrong> {
        Ok(Self { system_id: text(body, "system_id")?, password: text(body, "password")? })
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        out.c_string(&self.system_id.0).c_string(&self.password.0);
    }
}

/// The one text of an answer: message_id, or the system_id of a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identified {
    /// The text.
    pub text: Text,
    /// It ends with a zero. Some peers leave the zero out, or the whole text with it.
    pub ended: bool,
}

impl Identified {
    /// A text with its zero.
    #[must_use]
    pub fn by(id: &[u8]) -> Self {
        Self { text: Text::of(id), ended: true }
    }

    pub(super) fn read(body: &mut Reader<'_>, field: &'static str) -> Result<Self, Wrong> {
        let rest = body.rest();
        if rest.contains(&0) || rest.len() >= TEXT_MOST {
            return Ok(Self { text: text(body, field)?, ended: true });
        }
        Ok(Self { text: Text::of(body.bytes(field, rest.len())?), ended: false })
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        if self.ended {
            out.c_string(&self.text.0);
        } else {
            out.bytes(&self.text.0);
        }
    }
}

/// query_sm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// message_id.
    pub message_id: Text,
    /// source_addr_ton, source_addr_npi, source_addr.
    pub source: Address,
}

impl Query {
    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Wrong> {
        Ok(Self { message_id: text(body, "message_id")?, source: address(body, "source_addr")? })
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        out.c_string(&self.message_id.0);
        write_address(&self.source, out);
    }
}

/// query_sm_resp.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryAnswer {
    /// message_id.
    pub message_id: Text,
    /// final_date: empty while the message is under way.
    pub final_date: Text,
    /// message_state.
    pub message_state: u8,
    /// error_code of the network.
    pub error_code: u8,
}

impl QueryAnswer {
    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Wrong> {
        Ok(Self {
            message_id: text(body, "message_id")?,
            final_date: text(body, "final_date")?,
            message_state: body.u8("message_state")?,
            error_code: body.u8("error_code")?,
        })
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        out.c_string(&self.message_id.0).c_string(&self.final_date.0);
        out.u8(self.message_state).u8(self.error_code);
    }
}

/// cancel_sm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cancel {
    /// service_type.
    pub service_type: Text,
    /// message_id; empty: all that fit the rest.
    pub message_id: Text,
    /// source_addr_ton, source_addr_npi, source_addr.
    pub source: Address,
    /// dest_addr_ton, dest_addr_npi, destination_addr.
    pub destination: Address,
}

impl Cancel {
    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Wrong> {
        Ok(Self {
            service_type: text(body, "service_type")?,
            message_id: text(body, "message_id")?,
            source: address(body, "source_addr")?,
            destination: address(body, "destination_addr")?,
        })
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        out.c_string(&self.service_type.0).c_string(&self.message_id.0);
        write_address(&self.source, out);
        write_address(&self.destination, out);
    }
}

/// alert_notification.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alert {
    /// source_addr_ton, source_addr_npi, source_addr: who can be reached again.
    pub source: Address,
    /// esme_addr_ton, esme_addr_npi, esme_addr.
    pub esme: Address,
}

impl Alert {
    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Wrong> {
        Ok(Self { source: address(body, "source_addr")?, esme: address(body, "esme_addr")? })
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        write_address(&self.source, out);
        write_address(&self.esme, out);
    }
}

pub(super) fn write_address(address: &Address, out: &mut Writer<'_>) {
    out.u8(address.ton).u8(address.npi).c_string(&address.text);
}
