//! A stream cut into frames by the length that begins each of them.

/// Why a stream cannot be cut any further: what follows has no known beginning, so the connection must end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// A length below that of a header.
    TooShort(u32),
    /// A length above what this side takes.
    TooLong(u32),
}

impl core::fmt::Display for FrameError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooShort(length) => write!(f, "frame shorter than a header: {length}"),
            Self::TooLong(length) => write!(f, "frame longer than this side takes: {length}"),
        }
    }
}
impl core::error::Error for FrameError {}

/// Bytes received and not yet read. Holds at most one frame and one read: it is drained after every [`Frames::push`].
#[derive(Debug)]
pub struct Frames {
    buffer: Vec<u8>,
    read: usize,
    least: u32,
    most: u32,
}

impl Frames {
    /// For frames of `least` to `most` bytes, header included.
    #[must_use]
    pub const fn new(least: u32, most: u32) -> Self {
        Self { buffer: Vec::new(), read: 0, least, most }
    }

    /// Takes what was received.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.read == self.buffer.len() {
            self.buffer.clear();
            self.read = 0;
        } else if self.read > COMPACT {
            self.buffer.drain(..self.read);
            self.read = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole frame, header included; none until more arrives.
    ///
    /// # Errors
    /// [`FrameError`] for a length that cannot be: the stream has no known beginning any more.
    pub fn take(&mut self) -> Result<Option<&[u8]>, FrameError> {
        let rest = self.buffer.get(self.read..).unwrap_or(&[]);
        let Some(head) = rest.first_chunk::<4>() else { return Ok(None) };
        let length = u32::from_be_bytes(*head);
        if length < self.least {
            return Err(FrameError::TooShort(length));
        }
        if length > self.most {
            return Err(FrameError::TooLong(length));
        }
        let whole = usize::try_from(length).unwrap_or(usize::MAX);
        let Some(frame) = rest.get(..whole) else { return Ok(None) };
        self.read += whole;
        Ok(Some(frame))
    }

    /// Bytes that wait for the rest of their frame.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.buffer.len().saturating_sub(self.read)
    }
}

/// Bytes already read that are moved out of the way at once, rather than with every frame.
const COMPACT: usize = 16 * 1024;
