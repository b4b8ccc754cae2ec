//! Fields of a PDU: read and written without losing a byte.

/// A text of fixed room, padded with zeros. What follows the first zero is kept, because others write it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fixed<const N: usize>([u8; N]);

impl<const N: usize> Fixed<N> {
    /// A text in its room; none if it is longer.
    #[must_use]
    pub fn new(text: &[u8]) -> Option<Self> {
        let mut room = [0; N];
        room.get_mut(..text.len())?.copy_from_slice(text);
        Some(Self(room))
    }

    /// The room as it stands on the wire.
    #[must_use]
    pub const fn from_wire(room: [u8; N]) -> Self {
        Self(room)
    }

    /// As it stands on the wire.
    #[must_use]
    pub const fn wire(&self) -> &[u8; N] {
        &self.0
    }

    /// The text: up to the first zero.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        self.0.split(|b| *b == 0).next().unwrap_or(&[])
    }
}

impl<const N: usize> Default for Fixed<N> {
    fn default() -> Self {
        Self([0; N])
    }
}

impl<const N: usize> core::fmt::Debug for Fixed<N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        // Numbers and passwords stand in such fields: their length is all that may reach a log.
        write!(f, "Fixed<{N}>({} bytes)", self.text().len())
    }
}

/// A PDU that ends inside a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Short {
    /// The field.
    pub field: &'static str,
    /// Byte of the body where it should begin.
    pub at: usize,
}

/// Reads the body of a PDU, field by field, big-endian.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'b> {
    body: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    /// From its first byte.
    #[must_use]
    pub const fn new(body: &'b [u8]) -> Self {
        Self { body, at: 0 }
    }

    /// The next `count` bytes.
    ///
    /// # Errors
    /// [`Short`] when there are fewer.
    pub fn bytes(&mut self, field: &'static str, count: usize) -> Result<&'b [u8], Short> {
        let end = self.at.checked_add(count).ok_or(Short { field, at: self.at })?;
        let bytes = self.body.get(self.at..end).ok_or(Short { field, at: self.at })?;
        self.at = end;
        Ok(bytes)
    }

    /// The next bytes as an array.
    ///
    /// # Errors
    /// [`Short`] when there are fewer.
    pub fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], Short> {
        let at = self.at;
        self.bytes(field, N)?.try_into().map_err(|_| Short { field, at })
    }

    /// A text of fixed room.
    ///
    /// # Errors
    /// [`Short`] when the PDU ends before.
    pub fn fixed<const N: usize>(&mut self, field: &'static str) -> Result<Fixed<N>, Short> {
        self.array(field).map(Fixed::from_wire)
    }

    /// One byte.
    ///
    /// # Errors
    /// [`Short`] when the PDU ends before.
    pub fn u8(&mut self, field: &'static str) -> Result<u8, Short> {
        self.array(field).map(u8::from_be_bytes)
    }

    /// Two bytes.
    ///
    /// # Errors
    /// [`Short`] when the PDU ends before.
    pub fn u16(&mut self, field: &'static str) -> Result<u16, Short> {
        self.array(field).map(u16::from_be_bytes)
    }

    /// Four bytes.
    ///
    /// # Errors
    /// [`Short`] when the PDU ends before.
    pub fn u32(&mut self, field: &'static str) -> Result<u32, Short> {
        self.array(field).map(u32::from_be_bytes)
    }

    /// A text that ends with a zero, which is passed over; at most `most` bytes with it.
    ///
    /// # Errors
    /// [`Short`] when no zero follows within `most` bytes.
    pub fn c_string(&mut self, field: &'static str, most: usize) -> Result<&'b [u8], Short> {
        let rest = self.rest();
        let end = rest.iter().take(most).position(|b| *b == 0).ok_or(Short { field, at: self.at })?;
        self.at += end + 1;
        Ok(rest.get(..end).unwrap_or(&[]))
    }

    /// What has not been read.
    #[must_use]
    pub fn rest(&self) -> &'b [u8] {
        self.body.get(self.at..).unwrap_or(&[])
    }

    /// Where it stands in the body.
    #[must_use]
    pub const fn at(&self) -> usize {
        self.at
    }
}

/// Writes a PDU: a length that is filled in at the end, then fields, big-endian.
#[derive(Debug)]
pub struct Writer<'o> {
    out: &'o mut Vec<u8>,
    begins: usize,
}

impl<'o> Writer<'o> {
    /// Begins a PDU at the end of `out`, with room for its length.
    pub fn begin(out: &'o mut Vec<u8>) -> Self {
        let begins = out.len();
        out.extend_from_slice(&[0; 4]);
        Self { out, begins }
    }

    /// Bytes as they are.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.out.extend_from_slice(bytes);
        self
    }

    /// One byte.
    pub fn u8(&mut self, value: u8) -> &mut Self {
        self.bytes(&[value])
    }

    /// Two bytes.
    pub fn u16(&mut self, value: u16) -> &mut Self {
        self.bytes(&value.to_be_bytes())
    }

    /// Four bytes.
    pub fn u32(&mut self, value: u32) -> &mut Self {
        self.bytes(&value.to_be_bytes())
    }

    /// A text and the zero that ends it; what follows a zero inside it is left out.
    pub fn c_string(&mut self, text: &[u8]) -> &mut Self {
        let text = text.split(|b| *b == 0).next().unwrap_or(&[]);
        self.bytes(text).u8(0)
    }

    /// Fills in the length.
    pub fn end(self) {
        let length = u32::try_from(self.out.len() - self.begins).unwrap_or(u32::MAX);
        if let Some(room) = self.out.get_mut(self.begins..self.begins + 4) {
            room.copy_from_slice(&length.to_be_bytes());
        }
    }
}
