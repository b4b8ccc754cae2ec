//! Bodies of requests: bounded in size, time, and in memory over all connections.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http_body_util::BodyExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::reply::Problem;

/// Memory that bodies of all connections may take together.
pub(super) struct Room(Arc<Semaphore>);

/// A body, and the memory it takes until it is dropped.
pub(super) struct Whole {
    pub bytes: Vec<u8>,
    room: Held,
}

/// Memory that a body takes.
pub(super) type Held = Vec<OwnedSemaphorePermit>;

impl Whole {
    /// The bytes, and the memory that they take until this is dropped.
    pub fn into_parts(self) -> (Vec<u8>, Held) {
        (self.bytes, self.room)
    }
}

impl Default for Room {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(ROOM)))
    }
}

impl Room {
    /// Reads a whole body.
    pub async fn read(&self, mut body: Body) -> Result<Whole, Problem> {
        let mut whole = Whole { bytes: Vec::new(), room: Vec::new() };
        let reading = async {
            while let Some(frame) = body.frame().await {
                let frame = frame.map_err(|_| Problem::new(400, "body_broken", "the body broke off"))?;
                let Ok(data) = frame.into_data() else { continue };
                if whole.bytes.len() + data.len() > BODY_MAX {
                    return Err(Problem::new(413, "body_too_large", "the body is larger than 1 MiB")
                        .detail("send several requests, or a stream of lines as application/x-ndjson"));
                }
                let count = u32::try_from(data.len()).unwrap_or(u32::MAX);
                match Arc::clone(&self.0).try_acquire_many_owned(count) {
                    Ok(room) => whole.room.push(room),
                    Err(_) => return Err(full()),
                }
                whole.bytes.extend_from_slice(&data);
            }
            Ok(())
        };
        match tokio::time::timeout(BODY_TIME, reading).await {
            Ok(read) => read.map(|()| whole),
            Err(_) => Err(Problem::new(408, "body_too_slow", "the body did not come in time")),
        }
    }
}

/// Too much at one time.
pub(super) fn full() -> Problem {
    Problem::of(crate::codes::Reason::Full)
}

/// Bytes of one body.
pub(super) const BODY_MAX: usize = 1 << 20;
/// Bytes of all bodies that are being read or worked on.
const ROOM: usize = 64 * BODY_MAX;
/// How long a whole body may take.
const BODY_TIME: Duration = Duration::from_secs(20);
