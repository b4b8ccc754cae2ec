//! BIND, and the answer that nearly all commands share.

use anning_link::{Fixed, Reader, Short, Writer};

use super::{read_reserve, write_reserve};

/// Asks to be let in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bind {
    /// Login_Type: 1 sender to gateway, 2 gateway to sender, 3 between gateways, 11 test.
    pub login_type: u8,
    /// Login_Name, assigned by the side that listens.
    pub login_name: Fixed<16>,
    /// Login_Password, in clear.
    pub login_password: Fixed<16>,
    /// Reserve.
    pub reserve: Option<Fixed<8>>,
}

impl Bind {
    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Short> {
        Ok(Self {
            login_type: body.u8("Login_Type")?,
            login_name: body.fixed("Login_Name")?,
            login_password: body.fixed("Login_Password")?,
            reserve: read_reserve(body),
        })
    }

    pub(super) fn write(&self, w: &mut Writer<'_>) {
        w.u8(self.login_type).bytes(self.login_name.wire()).bytes(self.login_password.wire());
        write_reserve(self.reserve.as_ref(), w);
    }
}

/// The answer to BIND, SUBMIT, DELIVER, REPORT and USERRPT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resp {
    /// Result.
    pub result: u8,
    /// Reserve.
    pub reserve: Option<Fixed<8>>,
}

impl Resp {
    /// With an empty Reserve.
    #[must_use]
    pub fn of(result: u8) -> Self {
        Self { result, reserve: Some(Fixed::default()) }
    }

    pub(super) fn read(body: &mut Reader<'_>) -> Result<Self, Short> {
        Ok(Self { result: body.u8("Result")?, reserve: read_reserve(body) })
    }

    pub(super) fn write(&self, w: &mut Writer<'_>) {
        w.u8(self.result);
        write_reserve(self.reserve.as_ref(), w);
    }
}
