//! What is on file with the carrier: signature, content provider and port together, by day.

use anning_vocab::{Date, Filing, Interval, Known, PartyId, SignatureId};

use crate::config::{FilingRow, Pattern};

/// The filings of a register.
#[derive(Clone, Debug, Default)]
pub struct Filings(Vec<Row>);

#[derive(Clone, Debug)]
struct Row {
    signature: SignatureId,
    content_provider: PartyId,
    port: Pattern,
    interval: Interval,
}

impl Filings {
    pub(crate) fn new(
        rows: &[FilingRow],
        signature: impl Fn(&str) -> SignatureId,
        party: impl Fn(&str) -> PartyId,
    ) -> Self {
        let rows = rows.iter().map(|row| Row {
            signature: signature(&row.signature),
            content_provider: party(&row.content_provider),
            port: row.port.clone(),
            interval: row.interval,
        });
        Self(rows.collect())
    }

    /// What is known of a message from this number on a day. A number of which no filing speaks at all is one that the
    /// register does not cover: unknown, not missing. The three go together: a content provider is on file where it is
    /// on file with this signature.
    #[must_use]
    pub fn of(
        &self,
        signature: Option<SignatureId>,
        content_provider: Option<PartyId>,
        number: &str,
        day: Date,
    ) -> Filing {
        let of_port = || self.0.iter().filter(|row| row.port.matches(number));
        if of_port().next().is_none() {
            return Filing {
                signature: Known::Unknown,
                content_provider: Known::Unknown,
                port: Known::Unknown,
            };
        }
        let any = |found: &dyn Fn(&Row) -> bool| {
            Known::from_option(Some(of_port().any(|row| row.interval.contains(day) && found(row))))
        };
        let signed = |row: &Row| signature.is_none_or(|signature| row.signature == signature);
        Filing {
            signature: signature.map_or(Known::Unknown, |_| any(&signed)),
            content_provider: content_provider
                .map_or(Known::Unknown, |party| any(&|row| signed(row) && row.content_provider == party)),
            port: any(&|_| true),
        }
    }
}

#[cfg(test)]
mod tests {
    use anning_vocab::{Date, Interval, Known, PartyId, SignatureId};

    use super::{Filings, Row};
    use crate::config::Pattern;

    #[test]
    fn the_three_go_together() {
        let day = |text: &str| Date::parse(text).unwrap();
        let row = |signature, party, port: &str, until: Option<&str>| Row {
            signature: SignatureId(signature),
            content_provider: PartyId(party),
            port: Pattern::parse(port).unwrap(),
            interval: Interval { from: day("2024-01-01"), until: until.map(day) },
        };
        let filings = Filings(vec![
            row(1, 10, "1069*", None),
            row(2, 20, "10690002", None),
            row(3, 30, "10690003", Some("2024-06-30")),
        ]);
        let check = |signature: Option<u32>, party, number, on, expected: [Known; 3]| {
            let found = filings.of(signature.map(SignatureId), Some(PartyId(party)), number, day(on));
            assert_eq!(
                [found.signature, found.content_provider, found.port],
                expected,
                "{signature:?} {party} {number}"
            );
        };
        let (yes, no, unknown) = (Known::Yes, Known::No, Known::Unknown);
        check(Some(1), 10, "10690009", "2024-05-01", [yes, yes, yes]);
        check(Some(2), 20, "10690002", "2024-05-01", [yes, yes, yes]);
        // On file, but each with another.
        check(Some(2), 10, "10690002", "2024-05-01", [yes, no, yes]);
        check(Some(7), 10, "10690009", "2024-05-01", [no, no, yes]);
        check(None, 10, "10690009", "2024-05-01", [unknown, yes, yes]);
        // The register says nothing of this number.
        check(Some(1), 10, "955", "2024-05-01", [unknown, unknown, unknown]);
        check(Some(1), 10, "10690009", "2023-12-31", [no, no, no]);
        check(Some(3), 30, "10690003", "2024-06-30", [yes, yes, yes]);
        check(Some(3), 30, "10690003", "2024-07-01", [no, no, yes]);
    }
}
