//! What stands in the log: never without bound.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use anning_cmpp::Version;
use anning_link::{MessageId, Spoken};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::line::taken;
use crate::world::{World, message};

/// Keeps the lines about one account; other tests of this binary write too.
struct Log {
    of: &'static str,
    lines: Arc<Mutex<Vec<String>>>,
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, "{field}={value:?} ").unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        if line.0.contains(self.of) {
            self.lines.lock().unwrap().push(line.0);
        }
    }
}

#[test]
fn what_is_odd_again_and_again_is_written_a_few_times() {
    let lines = Arc::default();
    tracing::subscriber::set_global_default(Log { of: "\"noisy\"", lines: Arc::clone(&lines) }).unwrap();
    let world = World::new(&[("name = \"mall\"", "name = \"noisy\"")]);
    let mut sender = world.cmpp(Version::V30).unwrap();
    sender.utter((0..1_000).map(|_| Spoken::DeliverAnswer(0, MessageId(vec![0; 8]))));
    // On the same line, so that all of that was heard before.
    taken(sender.one(message(&["13800000001"], "【云栖百货】您的订单已发货，预计明天送达")));
    let odd = lines.lock().unwrap().iter().filter(|line| line.contains("odd")).count();
    assert_eq!(odd, 5);
    let numbers = world.get("/metrics").1;
    assert!(numbers.contains("anning_troubles_total{what=\"odd\"} 1000\n"), "{numbers}");
}
