//! Promises of `anning-exchange`.

use anning_exchange::{Error, Header, Read, Reading, Standing, receipt, record};
use anning_ledger::{Suite, sheet};
use anning_vocab::{Origin, Timestamp};

/// What is read of a record is a claim; written again it reads the same.
pub(crate) fn record(bytes: &[u8]) {
    let Some(read) = claims(|reading| record::read(bytes, reading)) else { return };
    for act in &read.acts {
        let header = Header { record_id: "again".to_owned(), ..Header::default() };
        let Ok(text) = record::write(&act.event, &act.sheet, SUITE, &header, None) else { continue };
        let again = record::read(text.as_bytes(), Reading { trust_origin: true, ..READING });
        let again = again.map(|read| read.acts.into_iter().map(|act| (act.event, act.sheet)).collect());
        assert_eq!(again, Ok(vec![(act.event.clone(), act.sheet.clone())]));
    }
}

/// What is read of a receipt is a claim, and a consent.
pub(crate) fn receipt(bytes: &[u8]) {
    let Some(read) = claims(|reading| receipt::read(bytes, reading)) else { return };
    assert!(read.acts.iter().all(|act| act.event.kind.agrees()), "a receipt is of a consent");
}

fn claims(read: impl Fn(Reading<'static>) -> Result<Read, Error>) -> Option<Read> {
    let read = read(READING).ok()?;
    for act in &read.acts {
        assert_eq!(act.standing, Standing::Claimed);
        assert_eq!((act.event.origin, act.event.recorded), (Origin::Imported, READING.now), "never promoted");
        assert_eq!(act.event.sheet, sheet::hash(SUITE, &act.sheet));
        assert!(sheet::decode(&act.sheet, &mut |_, _| 0).is_ok());
    }
    Some(read)
}

const SUITE: Suite = Suite::International;
const READING: Reading<'static> = Reading {
    now: Timestamp::from_millis(1_795_000_000_000),
    suite: SUITE,
    trust: None,
    trust_origin: false,
};
