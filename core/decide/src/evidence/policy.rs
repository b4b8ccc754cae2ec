//! House policy in evidence.

use anning_ledger::sheet::code;
use anning_ledger::{FieldError, Fields, Item, Order, Value, write_list};
use anning_vocab::{Frequency, Window};

use super::codes::{ACCOUNTS, MODES, READINGS, code_of, word_of};
use crate::house::{Policy, QuietHours};

/// Appends the policy by name.
pub(super) fn write(policy: &Policy, out: &mut Vec<u8>) {
    static ORDER: Order<8> = Order::new();
    let minute = |minute: u16| Item::Int(i64::from(minute));
    let word = |code: &'static str| Item::Text(code.into());
    let pair = |[one, other]: [Item<'_>; 2]| {
        let mut bytes = Vec::new();
        write_list([one, other].into_iter(), &mut bytes);
        bytes
    };
    let hours = policy.quiet_hours.map(|quiet| pair([minute(quiet.from), minute(quiet.to)]));
    let cap = policy.cap.map(|cap| pair([minute(cap.at_most), word(cap.per.code())]));
    ORDER.write(
        &[
            ("mode", Some(word(code_of(&MODES, &policy.mode)))),
            ("reading", Some(word(code_of(&READINGS, &policy.reading)))),
            ("account", Some(word(code_of(&ACCOUNTS, &policy.account)))),
            ("quiet_hours", hours.as_deref().map(Item::Written)),
            ("cap", cap.as_deref().map(Item::Written)),
            ("brand_refusal", Some(Item::Flag(policy.brand_refusal))),
            ("require_filing", Some(Item::Flag(policy.require_filing))),
            ("refuse_codes_with_offer", Some(Item::Flag(policy.refuse_codes_with_offer))),
        ],
        out,
    );
}

/// Reads a policy.
pub(super) fn from_value(value: Value) -> Result<Policy, FieldError> {
    let mut fields = Fields::of("policy", value)?;
    let policy = Policy {
        mode: fields.must("mode", code(|text| word_of(&MODES, text)))?,
        reading: fields.must("reading", code(|text| word_of(&READINGS, text)))?,
        account: fields.must("account", code(|text| word_of(&ACCOUNTS, text)))?,
        quiet_hours: fields.maybe("quiet_hours", |value| {
            let [from, to] = pair(value)?;
            Some(QuietHours { from: from.into_int()?, to: to.into_int()? })
        })?,
        cap: fields.maybe("cap", |value| {
            let [at_most, per] = pair(value)?;
            Some(Frequency { at_most: at_most.into_int()?, per: Window::from_code(&per.into_text()?)? })
        })?,
        brand_refusal: fields.must("brand_refusal", Value::into_flag)?,
        require_filing: fields.must("require_filing", Value::into_flag)?,
        refuse_codes_with_offer: fields.must("refuse_codes_with_offer", Value::into_flag)?,
    };
    fields.end()?;
    Ok(policy)
}

fn pair(value: Value) -> Option<[Value; 2]> {
    value.into_list()?.try_into().ok()
}
