//! Promises of `anning-vocab`.

use anning_vocab::{Date, Recipient};

/// A parsed date prints as it was written, and survives the way through days and through months.
pub(crate) fn date(bytes: &[u8]) {
    crate::text(bytes, |text| {
        if let Ok(date) = Date::parse(text) {
            assert_eq!(date.to_string(), text, "a date prints as it was written");
            let (year, month, day) = date.ymd();
            assert_eq!(Date::from_ymd(year, month, day), Some(date));
            assert_eq!(Date::from_days(date.days()), date);
            assert_eq!(date.start().date(), date, "a day begins on itself");
            assert_eq!(date.start().plus_millis(-1).date(), date.plus_days(-1));
            assert_eq!(date.plus_months(0), date);
            assert!(date.plus_months(1) >= date, "a month later is no earlier");
        }
    });
}

/// What was revealed parses to the same recipient; nothing printed shows a whole address.
pub(crate) fn recipient(bytes: &[u8]) {
    crate::text(bytes, |text| {
        if let Ok(recipient) = Recipient::parse(text) {
            let whole = recipient.reveal();
            assert_eq!(Recipient::parse(&whole).as_ref(), Ok(&recipient), "reveal and parse are inverse");
            assert_eq!(Recipient::parse(&whole).map(|again| again.kind()), Ok(recipient.kind()));
            let mut buffer = [0; 8];
            assert!(!recipient.canonical(&mut buffer).is_empty(), "something is there to be hashed");
            // A mailbox may itself look masked: `u***@example.cn`.
            let digits = |rest: &&str| rest.bytes().all(|byte| byte.is_ascii_digit());
            let bare = whole.strip_prefix('+').filter(digits).unwrap_or(&whole);
            assert!(whole.contains('*') || !recipient.to_string().contains(bare), "masked when printed");
        }
    });
}
