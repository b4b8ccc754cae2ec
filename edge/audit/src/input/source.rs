//! Bytes of a file or of standard input, decompressed.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use super::error::Error;
use super::plan::Compression;

/// A stream of bytes.
pub type Stream = Box<dyn Read + Send>;

/// The first bytes of a stream, and the stream with them put back.
pub(crate) fn peek(mut stream: Stream, most: usize) -> std::io::Result<(Vec<u8>, Stream)> {
    let mut head = Vec::new();
    stream.by_ref().take(most as u64).read_to_end(&mut head)?;
    let again = std::io::Cursor::new(head.clone());
    Ok((head, Box::new(again.chain(stream))))
}

/// Opens a file for reading as it is.
pub(crate) fn open(path: &Path) -> Result<Stream, Error> {
    let file = File::open(path).map_err(|e| io_error("open", path, &e))?;
    Ok(Box::new(file))
}

/// The compression that the first bytes show, whatever the name says.
pub(crate) fn compression(head: &[u8]) -> Compression {
    match head {
        [0x1f, 0x8b, ..] => Compression::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Compression::Zstd,
        _ => Compression::None,
    }
}

/// The decompressed stream.
pub(crate) fn decompressed(stream: Stream, compression: Compression, name: &str) -> Result<Stream, Error> {
    match compression {
        Compression::None => Ok(stream),
        Compression::Gzip => {
            Ok(Box::new(flate2::bufread::MultiGzDecoder::new(BufReader::with_capacity(BUFFER, stream))))
        }
        Compression::Zstd => match zstd::stream::read::Decoder::new(stream) {
            Ok(decoder) => Ok(Box::new(decoder)),
            Err(error) => Err(Error::Io { doing: "read", path: name.to_owned(), what: error.to_string() }),
        },
    }
}

pub(crate) fn io_error(doing: &'static str, path: &Path, error: &std::io::Error) -> Error {
    Error::Io { doing, path: path.display().to_string(), what: error.to_string() }
}

const BUFFER: usize = 1 << 18;
