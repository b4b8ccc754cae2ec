//! Is it the same message? An id is an opaque text, and yet servers write it in two ways.

/// How a server writes the id of one message in its answer to the submit and in its receipts. Set for each upstream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Form {
    /// The same text in both.
    #[default]
    Exact,
    /// The same digits; leading zeros come and go, letters change their case.
    Digits,
    /// Hexadecimal in the answer, decimal in the receipt.
    HexThenDecimal,
    /// Decimal in the answer, hexadecimal in the receipt.
    DecimalThenHex,
}

impl Form {
    /// The id of an answer, as it is filed: equal for the answer and the receipts of one message.
    #[must_use]
    pub fn of_answer(self, id: &[u8]) -> Vec<u8> {
        match self {
            Self::Exact => id.to_vec(),
            Self::Digits => digits(id),
            Self::HexThenDecimal => number(id, 16),
            Self::DecimalThenHex => number(id, 10),
        }
    }

    /// The id of a receipt, as it is looked for.
    #[must_use]
    pub fn of_receipt(self, id: &[u8]) -> Vec<u8> {
        match self {
            Self::Exact => id.to_vec(),
            Self::Digits => digits(id),
            Self::HexThenDecimal => number(id, 10),
            Self::DecimalThenHex => number(id, 16),
        }
    }
}

/// Do the id of an answer and the id of a receipt name one message? The exact text always does.
#[must_use]
pub fn same_id(answer: &[u8], receipt: &[u8], form: Form) -> bool {
    answer == receipt || form.of_answer(answer) == form.of_receipt(receipt)
}

/// Without leading zeros, in lower case.
fn digits(id: &[u8]) -> Vec<u8> {
    let zeros = id.iter().take_while(|b| **b == b'0').count();
    id.get(zeros..).unwrap_or(&[]).to_ascii_lowercase()
}

/// In decimal; an id that is no such number, or too large for one, stays as it is.
fn number(id: &[u8], radix: u32) -> Vec<u8> {
    let mut number = Some(0_u128).filter(|_| !id.is_empty());
    for byte in id {
        let digit = char::from(*byte).to_digit(radix).map(u128::from);
        number = number.zip(digit).and_then(|(n, d)| n.checked_mul(u128::from(radix))?.checked_add(d));
    }
    number.map_or_else(|| id.to_vec(), |number| number.to_string().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pairs that each form takes for one message, of all pairs that the traps name.
    fn check(form: Form, same: &[(&str, &str)]) {
        for (answer, receipt) in PAIRS {
            let expected = answer == receipt || same.contains(&(answer, receipt));
            let found = same_id(answer.as_bytes(), receipt.as_bytes(), form);
            assert_eq!(found, expected, "{form:?}: {answer} {receipt}");
        }
    }

    const PAIRS: &[(&str, &str)] = &[
        ("BBD", "BBD"),
        ("BBD", "bbd"),
        ("BBD", "0BBD"),
        ("BBD", "0000003005"),
        ("0000003005", "BBD"),
        ("00000001", "1"),
        ("10", "16"),
        ("", "0"),
        ("x-1", "X-1"),
        ("ffffffffffffffffffffffffffffffffff", "0"),
    ];

    #[test]
    fn forms_of_an_id() {
        check(Form::Exact, &[]);
        check(Form::Digits, &[("BBD", "bbd"), ("BBD", "0BBD"), ("00000001", "1"), ("", "0"), ("x-1", "X-1")]);
        check(Form::HexThenDecimal, &[("BBD", "0000003005"), ("00000001", "1"), ("10", "16")]);
        check(Form::DecimalThenHex, &[("0000003005", "BBD"), ("00000001", "1")]);
    }

    #[test]
    fn two_ids_of_one_server_stay_two() {
        let ids = ["1a", "1b", "26", "27", "001a1"];
        for (place, a) in ids.iter().enumerate() {
            for b in ids.iter().skip(place + 1) {
                assert!(!same_id(a.as_bytes(), b.as_bytes(), Form::Digits), "{a} {b}");
            }
        }
    }
}
