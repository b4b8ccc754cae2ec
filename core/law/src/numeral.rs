//! Chinese numerals, as articles, paragraphs and items are counted.

/// Reads `十四`, `二百五十三`, `一百零六`; `None` when the text is no such numeral or exceeds 9,999.
#[must_use]
pub fn parse(text: &str) -> Option<u16> {
    let (mut total, mut digit) = (0_u16, None);
    if text.is_empty() {
        return None;
    }
    for c in text.chars() {
        let unit = match c {
            '千' => 1_000,
            '百' => 100,
            '十' => 10,
            '零' | '〇' if digit.is_none() && total > 0 => continue,
            _ => {
                let value = digit_of(c)?;
                if digit.replace(value).is_some() {
                    return None;
                }
                continue;
            }
        };
        // 十四 has no digit before the ten; any other unit needs one.
        let factor = match digit.take() {
            Some(d) => d,
            None if unit == 10 && total == 0 => 1,
            None => return None,
        };
        if total > 0 && total % (unit * 10) != 0 {
            return None;
        }
        total = total.checked_add(factor.checked_mul(unit)?)?;
    }
    total.checked_add(digit.unwrap_or(0)).filter(|n| *n > 0)
}

/// Writes a number from 1 to 9,999 as articles are counted: 14 is `十四`, 106 is `一百零六`.
#[must_use]
pub fn write(number: u16) -> String {
    let mut text = String::new();
    let mut rest = number;
    let mut gap = false;
    for (unit, name) in [(1_000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = rest / unit;
        rest %= unit;
        if digit == 0 {
            gap = !text.is_empty();
            continue;
        }
        if gap {
            text.push('零');
            gap = false;
        }
        if !(digit == 1 && unit == 10 && text.is_empty()) {
            text.extend(DIGITS.get(usize::from(digit - 1)));
        }
        text.push_str(name);
    }
    text
}

fn digit_of(c: char) -> Option<u16> {
    let at = DIGITS.iter().position(|d| *d == c)?;
    u16::try_from(at + 1).ok()
}

const DIGITS: [char; 9] = ['一', '二', '三', '四', '五', '六', '七', '八', '九'];

#[cfg(test)]
mod tests {
    use super::{parse, write};

    #[test]
    fn reads_back_what_it_writes() {
        for n in 1..=9_999 {
            assert_eq!(parse(&write(n)), Some(n), "{}", write(n));
        }
        let check = |text, n| assert_eq!(parse(text), Some(n), "{text}");
        check("十四", 14);
        check("一百零六", 106);
        check("二百五十三", 253);
        check("一千一百八十二", 1182);
        check("一千零三十三", 1033);
    }

    #[test]
    fn refuses_what_is_no_numeral() {
        for text in ["", "零", "十百", "一一", "百", "14", "一十百", "条", "九千九百九十九千"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
