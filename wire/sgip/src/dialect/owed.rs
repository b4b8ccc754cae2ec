//! Requests whose answers bear their names.

use std::collections::VecDeque;

use anning_link::Sequence;

use crate::pdu::{DELIVER, RESPONSE, SUBMIT, TRACE, USERRPT};

/// Requests beyond BIND, SUBMIT and DELIVER that were heard and not yet answered; the oldest is forgotten first.
#[derive(Clone, Debug, Default)]
pub(super) struct Owed(VecDeque<(Sequence, u32)>);

impl Owed {
    pub(super) const fn new() -> Self {
        Self(VecDeque::new())
    }

    /// Remembers a request, if its answer is none of the usual.
    pub(super) fn owe(&mut self, sequence: Sequence, command: u32) {
        let is_known = (DELIVER + 1..=USERRPT).contains(&command) || command == TRACE;
        if !is_known {
            // A number used anew for a usual request says what is asked now.
            if (SUBMIT..=DELIVER).contains(&command) && command & RESPONSE == 0 {
                self.settle(sequence);
            }
            return;
        }
        if self.0.len() == OWED_MAX {
            self.0.pop_front();
        }
        self.0.push_back((sequence, command));
    }

    /// Forgets what was asked with that number, because it is answered; what it was.
    pub(super) fn settle(&mut self, sequence: Sequence) -> Option<u32> {
        let place = self.0.iter().rposition(|(number, _)| *number == sequence)?;
        self.0.remove(place).map(|(_, command)| command)
    }
}

/// More than any window: what is forgotten has long been late.
const OWED_MAX: usize = 1_024;
const _: () = assert!(OWED_MAX >= 2 * super::WINDOW);

#[cfg(test)]
mod tests {
    use super::{OWED_MAX, Owed};
    use crate::pdu::{DELIVER, REPORT, RESPONSE, TRACE};
    use anning_link::Sequence;

    #[test]
    fn bounded_and_settled_once() {
        let mut owed = Owed::new();
        for number in 0..2 * u32::try_from(OWED_MAX).unwrap() {
            owed.owe(Sequence::of(number), REPORT);
        }
        assert_eq!(owed.0.len(), OWED_MAX);
        assert_eq!(owed.settle(Sequence::of(0)), None);
        assert_eq!(owed.settle(Sequence::of(1_300)), Some(REPORT));
        assert_eq!(owed.settle(Sequence::of(1_300)), None);
        owed.owe(Sequence::of(1_300), REPORT | RESPONSE);
        assert_eq!(owed.settle(Sequence::of(1_300)), None);
        owed.owe(Sequence::of(1_300), TRACE);
        owed.owe(Sequence::of(1_300), DELIVER);
        assert_eq!(owed.settle(Sequence::of(1_300)), None);
    }
}
