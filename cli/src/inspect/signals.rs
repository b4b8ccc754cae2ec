//! A run that is told to end leaves no browser and no folder behind.

use tokio::signal::unix::{SignalKind, signal};

/// Listens for an interrupt, an end and a closed terminal; ends browsers, removes what is passing, and exits.
pub(super) fn clear_away_on_end() {
    std::thread::spawn(|| {
        // Without it the signals end the program as they always do.
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        if let Some(number) = runtime.block_on(told()) {
            anning_inspect::clear_away();
            std::process::exit(128 + number);
        }
    });
}

/// The number of the signal that came.
async fn told() -> Option<i32> {
    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
    let [interrupt, end, hangup] = kinds.map(|kind| signal(kind).ok());
    let (mut interrupt, mut end, mut hangup) = (interrupt?, end?, hangup?);
    let kind = tokio::select! {
        _ = interrupt.recv() => SignalKind::interrupt(),
        _ = end.recv() => SignalKind::terminate(),
        _ = hangup.recv() => SignalKind::hangup(),
    };
    Some(kind.as_raw_value())
}
