//! The progress line: the only place of an audit that reads the clock.

use std::sync::Mutex;
use std::time::Duration;

use anning_audit::{Stage, Step};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A line on the terminal; silent where standard error is none.
pub struct Line {
    bar: ProgressBar,
    state: Mutex<State>,
}

struct State {
    stage: Option<Stage>,
    rows: u64,
}

impl Line {
    /// A line that says nothing yet.
    pub fn new() -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(4));
        let template = "{msg:>28} {bar:24} {percent:>3} %  {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar, state: Mutex::new(State { stage: None, rows: 0 }) }
    }

    /// Shows one step.
    pub fn show(&self, step: Step) {
        let Ok(mut state) = self.state.lock() else { return };
        if state.stage != Some(step.stage) {
            self.bar.reset();
            state.stage = Some(step.stage);
            state.rows = 0;
        }
        // Threads may report out of turn; the line never goes back.
        state.rows = state.rows.max(step.rows);
        let (rows, elapsed) = (state.rows, self.bar.elapsed());
        drop(state);
        let what = match step.stage {
            Stage::Acts => "acts read",
            Stage::Sends => "sends read",
            Stage::Deciding => "rows decided",
        };
        self.bar.set_message(format!("{rows} {what}{}", rate(rows, elapsed)));
        self.bar.set_length(step.of);
        if step.done >= self.bar.position() {
            self.bar.set_position(step.done.min(step.of));
        }
    }

    /// Takes the line away.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

fn rate(rows: u64, elapsed: Duration) -> String {
    let millis = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    if millis < 500 {
        return String::new();
    }
    format!(", {} k/s", rows / millis.max(1))
}
