//! Bodies that carry a message, or answer for several.

use anning_link::{Address, Reader, Writer};

use super::fields::write_address;
use super::wrong::{Wrong, address, text};
use crate::Text;

/// submit_sm and deliver_sm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Single {
    /// service_type.
    pub service_type: Text,
    /// source_addr_ton, source_addr_npi, source_addr.
    pub source: Address,
    /// dest_addr_ton, dest_addr_npi, destination_addr.
    pub destination: Address,
    /// The rest.
    pub terms: Terms,
}

impl Single {
    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Wrong> {
        Ok(Self {
            service_type: text(body, "service_type")?,
            source: address(body, "source_addr")?,
            destination: address(body, "destination_addr")?,
            terms: Terms::read(body)?,
        })
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        out.c_string(&self.service_type.0);
        write_address(&self.source, out);
        write_address(&self.destination, out);
        self.terms.write(out);
    }
}

/// submit_multi.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Multi {
    /// service_type.
    pub service_type: Text,
    /// source_addr_ton, source_addr_npi, source_addr.
    pub source: Address,
    /// dest_address(es); at most 255 are written.
    pub destinations: Vec<Destination>,
    /// The rest.
    pub terms: Terms,
}

impl Multi {
    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Wrong> {
        let service_type = text(body, "service_type")?;
        let source = address(body, "source_addr")?;
        let count = body.u8("number_of_dests")?;
        let destinations = (0..count).map(|_| Destination::read(body)).collect::<Result<_, _>>()?;
        Ok(Self { service_type, source, destinations, terms: Terms::read(body)? })
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        out.c_string(&self.service_type.0);
        write_address(&self.source, out);
        let count = u8::try_from(self.destinations.len()).unwrap_or(u8::MAX);
        out.u8(count);
        for destination in self.destinations.iter().take(usize::from(count)) {
            destination.write(out);
        }
        self.terms.write(out);
    }
}

/// One of several destinations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// dest_flag 1: a number.
    Address(Address),
    /// dest_flag 2: the name of a list that the server keeps.
    List(Text),
}

impl Destination {
    fn read(body: &mut Reader<'_>) -> Result<Self, Wrong> {
        let at = body.at();
        match body.u8("dest_flag")? {
            1 => Ok(Self::Address(address(body, "destination_addr")?)),
            2 => Ok(Self::List(text(body, "dl_name")?)),
            odd => Err(Wrong::value("dest_flag", at, u32::from(odd))),
        }
    }

    fn write(&self, out: &mut Writer<'_>) {
        match self {
            Self::Address(address) => write_address(address, out.u8(1)),
            Self::List(name) => {
                out.u8(2).c_string(&name.0);
            }
        }
    }
}

/// From esm_class to short_message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// esm_class.
    pub esm_class: u8,
    /// protocol_id.
    pub protocol_id: u8,
    /// priority_flag.
    pub priority_flag: u8,
    /// schedule_delivery_time, absolute or relative; empty: at once.
    pub schedule_delivery_time: Text,
    /// validity_period, absolute or relative; empty: the server's own.
    pub validity_period: Text,
    /// registered_delivery.
    pub registered_delivery: u8,
    /// replace_if_present_flag.
    pub replace_if_present_flag: u8,
    /// data_coding.
    pub data_coding: u8,
    /// sm_default_msg_id.
    pub sm_default_msg_id: u8,
    /// short_message, at most 255 bytes are written; sm_length is its length.
    pub short_message: Text,
}

impl Terms {
    fn read(body: &mut Reader<'_>) -> Result<Self, Wrong> {
        Ok(Self {
            esm_class: body.u8("esm_class")?,
            protocol_id: body.u8("protocol_id")?,
            priority_flag: body.u8("priority_flag")?,
            schedule_delivery_time: text(body, "schedule_delivery_time")?,
            validity_period: text(body, "validity_period")?,
            registered_delivery: body.u8("registered_delivery")?,
            replace_if_present_flag: body.u8("replace_if_present_flag")?,
            data_coding: body.u8("data_coding")?,
            sm_default_msg_id: body.u8("sm_default_msg_id")?,
            short_message: short_message(body)?,
        })
    }

    fn write(&self, out: &mut Writer<'_>) {
        out.u8(self.esm_class).u8(self.protocol_id).u8(self.priority_flag);
        out.c_string(&self.schedule_delivery_time.0).c_string(&self.validity_period.0);
        out.u8(self.registered_delivery).u8(self.replace_if_present_flag);
        out.u8(self.data_coding).u8(self.sm_default_msg_id);
        write_short_message(&self.short_message, out);
    }
}

/// submit_multi_resp.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MultiAnswer {
    /// message_id: one for all recipients.
    pub message_id: Text,
    /// unsuccess_sme(s), each with its error_status_code; at most 255 are written.
    pub unsuccess: Vec<(Address, u32)>,
}

impl MultiAnswer {
    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Wrong> {
        let message_id = text(body, "message_id")?;
        let mut unsuccess = Vec::new();
        for _ in 0..body.u8("no_unsuccess")? {
            unsuccess.push((address(body, "unsuccess_sme")?, body.u32("error_status_code")?));
        }
        Ok(Self { message_id, unsuccess })
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        let count = u8::try_from(self.unsuccess.len()).unwrap_or(u8::MAX);
        out.c_string(&self.message_id.0).u8(count);
        for (address, code) in self.unsuccess.iter().take(usize::from(count)) {
            write_address(address, out);
            out.u32(*code);
        }
    }
}

/// data_sm: its content is message_payload, among the optional fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Data {
    /// service_type.
    pub service_type: Text,
    /// source_addr_ton, source_addr_npi, source_addr.
    pub source: Address,
    /// dest_addr_ton, dest_addr_npi, destination_addr.
    pub destination: Address,
    /// esm_class.
    pub esm_class: u8,
    /// registered_delivery.
    pub registered_delivery: u8,
    /// data_coding.
    pub data_coding: u8,
}

impl Data {
    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Wrong> {
        Ok(Self {
            service_type: text(body, "service_type")?,
            source: address(body, "source_addr")?,
            destination: address(body, "destination_addr")?,
            esm_class: body.u8("esm_class")?,
            registered_delivery: body.u8("registered_delivery")?,
            data_coding: body.u8("data_coding")?,
        })
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        out.c_string(&self.service_type.0);
        write_address(&self.source, out);
        write_address(&self.destination, out);
        out.u8(self.esm_class).u8(self.registered_delivery).u8(self.data_coding);
    }
}

/// replace_sm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replace {
    /// message_id.
    pub message_id: Text,
    /// source_addr_ton, source_addr_npi, source_addr.
    pub source: Address,
    /// schedule_delivery_time.
    pub schedule_delivery_time: Text,
    /// validity_period.
    pub validity_period: Text,
    /// registered_delivery.
    pub registered_delivery: u8,
    /// sm_default_msg_id.
    pub sm_default_msg_id: u8,
    /// short_message; sm_length is its length.
    pub short_message: Text,
}

impl Replace {
    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Wrong> {
        Ok(Self {
            message_id: text(body, "message_id")?,
            source: address(body, "source_addr")?,
            schedule_delivery_time: text(body, "schedule_delivery_time")?,
            validity_period: text(body, "validity_period")?,
            registered_delivery: body.u8("registered_delivery")?,
            sm_default_msg_id: body.u8("sm_default_msg_id")?,
            short_message: short_message(body)?,
        })
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        out.c_string(&self.message_id.0);
        write_address(&self.source, out);
        out.c_string(&self.schedule_delivery_time.0).c_string(&self.validity_period.0);
        out.u8(self.registered_delivery).u8(self.sm_default_msg_id);
        write_short_message(&self.short_message, out);
    }
}

fn short_message(body: &mut Reader<'_>) -> Result<Text, Wrong> {
    let length = body.u8("sm_length")?;
    Ok(Text::of(body.bytes("short_message", usize::from(length))?))
}

fn write_short_message(text: &Text, out: &mut Writer<'_>) {
    let length = u8::try_from(text.0.len()).unwrap_or(u8::MAX);
    out.u8(length).bytes(text.0.get(..usize::from(length)).unwrap_or(&text.0));
}
