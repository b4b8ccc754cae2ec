//! LOGIN and its answer.

use anning_link::{Fixed, Reader, Short, Writer};

/// Asks to be let in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Login {
    /// ClientID.
    pub client_id: Fixed<8>,
    /// AuthenticatorClient, a digest.
    pub authenticator: Fixed<16>,
    /// LoginMode: 0 send, 1 receive, 2 both.
    pub mode: u8,
    /// TimeStamp: the number MMDDHHMMSS.
    pub timestamp: u32,
    /// ClientVersion: 0x30, or 0x13 for the old dialect.
    pub version: u8,
}

impl Login {
    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Short> {
        Ok(Self {
            client_id: body.fixed("ClientID")?,
            authenticator: body.fixed("AuthenticatorClient")?,
            mode: body.u8("LoginMode")?,
            timestamp: body.u32("TimeStamp")?,
            version: body.u8("ClientVersion")?,
        })
    }

    pub(super) fn write(&self, w: &mut Writer<'_>) {
        w.bytes(self.client_id.wire()).bytes(self.authenticator.wire());
        w.u8(self.mode).u32(self.timestamp).u8(self.version);
    }
}

/// Whether it is let in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoginResp {
    /// Status.
    pub status: u32,
    /// AuthenticatorServer; rarely right in the field.
    pub authenticator: Fixed<16>,
    /// ServerVersion.
    pub version: u8,
}

impl LoginResp {
    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Short> {
        Ok(Self {
            status: body.u32("Status")?,
            authenticator: body.fixed("AuthenticatorServer")?,
            version: body.u8("ServerVersion")?,
        })
    }

    pub(super) fn write(&self, w: &mut Writer<'_>) {
        w.u32(self.status).bytes(self.authenticator.wire()).u8(self.version);
    }
}
