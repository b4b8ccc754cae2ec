//! Figures in templates: numbers, dates, codes, telephone numbers, links, none of them real.

use core::fmt::Write;

use crate::random::Stream;

/// A figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Figure {
    /// `{n:10-99}`: a number in a range.
    Number(u64, u64),
    /// `{r:100-900}`: a round number in a range.
    Round(u64, u64),
    /// `{d:6}`: so many digits.
    Digits(u64),
    /// `{a:5}`: so many letters and digits.
    Letters(u64),
    /// `{money}`: a sum with fen.
    Money,
    /// `{mobile}`: a mobile number of a range that is not handed out.
    Mobile,
    /// `{tel}`: a fixed line, service line or mobile.
    Telephone,
    /// `{url}`: a link.
    Link,
    /// `{date}`: a date in one of the usual forms.
    Date,
    /// `{time}`: a time of day.
    Time,
    /// `{discount}`: a discount such as 8.5.
    Discount,
}

impl Figure {
    /// Reads the inside of the braces.
    pub(crate) fn read(name: &str) -> Option<Self> {
        let (kind, argument) = name.split_once(':').unwrap_or((name, ""));
        let range = || {
            let (low, high) = argument.split_once('-')?;
            Some((low.parse().ok()?, high.parse().ok()?))
        };
        match kind {
            "n" => range().map(|(low, high)| Self::Number(low, high)),
            "r" => range().map(|(low, high)| Self::Round(low, high)),
            "d" => argument.parse().ok().map(Self::Digits),
            "a" => argument.parse().ok().map(Self::Letters),
            "money" => Some(Self::Money),
            "mobile" => Some(Self::Mobile),
            "tel" => Some(Self::Telephone),
            "url" => Some(Self::Link),
            "date" => Some(Self::Date),
            "time" => Some(Self::Time),
            "discount" => Some(Self::Discount),
            _ => None,
        }
    }

    /// Writes one.
    pub(crate) fn write(self, stream: &mut Stream, out: &mut String) {
        match self {
            Self::Number(low, high) => push(out, stream.between(low, high)),
            Self::Round(low, high) => {
                let number = stream.between(low, high);
                let step = [1, 5, 10, 50, 100, 500, 1000, 10_000];
                let unit = step.iter().rev().find(|&&u| u * 10 <= number).copied().unwrap_or(1);
                push(out, number / unit * unit);
            }
            Self::Digits(count) => digits(stream, out, count),
            Self::Letters(count) => {
                for _ in 0..count {
                    out.extend(stream.one(LETTERS.as_bytes()).map(|b| char::from(*b)));
                }
            }
            Self::Money => {
                push(out, stream.between(1, 9_999));
                if stream.chance(80) {
                    out.push('.');
                    digits(stream, out, 2);
                }
            }
            Self::Mobile => {
                // 10… is no range of mobile numbers: nobody is rung by a sample.
                out.push_str("10");
                digits(stream, out, 9);
            }
            Self::Telephone => telephone(stream, out),
            Self::Link => link(stream, out),
            Self::Date => date(stream, out),
            Self::Time => time(stream, out),
            Self::Discount => {
                push(out, stream.between(1, 9));
                if stream.chance(40) {
                    out.push('.');
                    push(out, stream.between(1, 9));
                }
            }
        }
    }
}

const LETTERS: &str = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

fn push(out: &mut String, number: u64) {
    out.push_str(&number.to_string());
}

fn digits(stream: &mut Stream, out: &mut String, count: u64) {
    for _ in 0..count {
        out.push(char::from(b'0' + (stream.next() % 10) as u8));
    }
}

fn telephone(stream: &mut Stream, out: &mut String) {
    match stream.below(5) {
        0 => {
            out.push_str("400-000-");
            digits(stream, out, 4);
        }
        1 => {
            out.push_str("4000");
            digits(stream, out, 6);
        }
        2 => {
            out.push_str("0000-");
            digits(stream, out, 8);
        }
        3 => {
            out.push('8');
            digits(stream, out, 7);
        }
        _ => Figure::Mobile.write(stream, out),
    }
}

fn link(stream: &mut Stream, out: &mut String) {
    let hosts =
        ["t.example.cn", "m.example.com", "dx.example.cn", "www.example.com", "s.example.net", "example.cn"];
    if stream.chance(45) {
        out.push_str("http://");
    } else if stream.chance(30) {
        out.push_str("https://");
    }
    out.push_str(stream.one(&hosts).copied().unwrap_or_default());
    if stream.chance(80) {
        out.push('/');
        let length = stream.between(3, 7);
        Figure::Letters(length).write(stream, out);
    }
}

fn date(stream: &mut Stream, out: &mut String) {
    let (year, month, day) = (stream.between(2012, 2026), stream.between(1, 12), stream.between(1, 28));
    // Writing to a String cannot fail.
    let _ = match stream.below(7) {
        0 => write!(out, "{year}年{month}月{day}日"),
        1 => write!(out, "{year}-{month:02}-{day:02}"),
        2 => write!(out, "{month}月{day}日"),
        3 => write!(out, "{month:02}月{day:02}日"),
        4 => write!(out, "{month}.{day}"),
        5 => write!(out, "{month}/{day}"),
        _ => write!(out, "{day}日"),
    };
}

fn time(stream: &mut Stream, out: &mut String) {
    let (hour, minute) = (stream.between(6, 22), stream.between(0, 59));
    let _ = match stream.below(4) {
        0 => write!(out, "{hour}:{minute:02}"),
        1 => write!(out, "{hour}点"),
        2 => write!(out, "{hour}时{minute:02}分"),
        _ => write!(out, "{hour:02}:{minute:02}"),
    };
}
