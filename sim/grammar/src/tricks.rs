//! What happens to texts on their way: marks stripped by collectors, and tricks against filters.

use core::ops::Range;

use crate::random::Stream;
use crate::{Label, Row};

/// Plays on a row what real rows suffer; the answer stays what it was.
pub(crate) fn play(row: &mut Row, stream: &mut Stream) {
    // Collectors strip marks from any sort of message: their absence must not speak for offers.
    if stream.chance(30) && !row.english {
        rewrite(row, stream, |c, _, out| {
            if c.is_alphanumeric() || c == '\n' {
                out.push(c);
            }
        });
    }
    if row.label == Label::Marketing && !row.english && stream.chance(9) {
        obfuscate(row, stream);
    }
}

/// Hides words of a row from filters, as senders do.
pub(crate) fn obfuscate(row: &mut Row, stream: &mut Stream) {
    let trick = stream.below(6);
    let strength = stream.between(15, 60);
    let separator =
        stream.one(&['.', '*', ' ', '-', '_', '·', '/', '^', '\u{200b}', '~']).copied().unwrap_or('.');
    let digits = stream.below(4);
    rewrite(row, stream, |c, stream, out| {
        if c.is_ascii_digit() && digits > 0 {
            out.push(digit(c, digits));
            return;
        }
        let hit = stream.chance(strength);
        match trick {
            0 | 1 if hit && is_han(c) => {
                out.push(c);
                out.push(separator);
            }
            2 | 3 if hit => match VARIANTS.iter().find(|(plain, _)| *plain == c) {
                Some((_, other)) => out.push(*other),
                None => out.push(c),
            },
            4 if hit => match SPLIT.iter().find(|(plain, _)| *plain == c) {
                Some((_, parts)) => out.push_str(parts),
                None => out.push(c),
            },
            5 if hit && c.is_ascii_graphic() => out.push(char::from_u32(c as u32 + 0xfee0).unwrap_or(c)),
            _ => out.push(c),
        }
    });
    if trick == 2 {
        for (plain, other) in WORDS {
            if row.offer.is_none() {
                row.text = row.text.replace(plain, other);
            }
        }
    }
}

/// Rewrites a row character by character, keeping track of where its offer stands.
fn rewrite(row: &mut Row, stream: &mut Stream, mut write: impl FnMut(char, &mut Stream, &mut String)) {
    let mut out = String::with_capacity(row.text.len() + 16);
    let offer = row.offer.clone();
    let (mut from, mut to) = (0, 0);
    for (at, c) in row.text.char_indices() {
        if offer.as_ref().is_some_and(|o| o.start == at) {
            from = out.len();
        }
        write(c, stream, &mut out);
        if offer.as_ref().is_some_and(|o: &Range<usize>| at < o.end) {
            to = out.len();
        }
    }
    row.offer = offer.map(|_| from..to);
    row.text = out;
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

fn digit(c: char, way: usize) -> char {
    let value = c as u32 - 0x30;
    let other = match (way, value) {
        (1, 1..) => 0x2460 + value - 1,
        (1, _) => 0x24ea,
        (2, _) => 0xff10 + value,
        _ => return "零一二三四五六七八九".chars().nth(value as usize).unwrap_or(c),
    };
    char::from_u32(other).unwrap_or(c)
}

const VARIANTS: [(char, char); 40] = [
    ('优', '優'),
    ('惠', '恵'),
    ('贷', '貸'),
    ('款', '歀'),
    ('额', '額'),
    ('银', '銀'),
    ('钱', '錢'),
    ('买', '買'),
    ('卖', '賣'),
    ('价', '價'),
    ('现', '現'),
    ('金', '唫'),
    ('彩', '綵'),
    ('赌', '賭'),
    ('场', '場'),
    ('发', '發'),
    ('票', '嘌'),
    ('办', '辦'),
    ('证', '證'),
    ('微', '薇'),
    ('加', '咖'),
    ('群', '羣'),
    ('免', '凂'),
    ('费', '費'),
    ('领', '領'),
    ('红', '紅'),
    ('送', '鎹'),
    ('元', '沅'),
    ('开', '開'),
    ('户', '戶'),
    ('员', '員'),
    ('网', '網'),
    ('电', '電'),
    ('话', '話'),
    ('秒', '仯'),
    ('到', '菿'),
    ('赚', '賺'),
    ('联', '聯'),
    ('系', '系'),
    ('楼', '樓'),
];
const SPLIT: [(char, &str); 12] = [
    ('法', "氵去"),
    ('信', "亻言"),
    ('优', "亻尤"),
    ('打', "扌丁"),
    ('钱', "钅戋"),
    ('银', "钅艮"),
    ('红', "纟工"),
    ('注', "氵主"),
    ('活', "氵舌"),
    ('价', "亻介"),
    ('话', "讠舌"),
    ('福', "礻畐"),
];
const WORDS: [(&str, &str); 4] = [("微信", "薇❤信"), ("加微", "+薇"), ("QQ", "扣扣"), ("电话", "電·話")];
