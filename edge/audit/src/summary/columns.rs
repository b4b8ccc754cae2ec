//! Text in columns: a Chinese character takes two.

/// Columns that a text takes on a terminal.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

const fn width(c: char) -> usize {
    match c as u32 {
        0x200b..=0x200f | 0x2028..=0x202e | 0xfeff | 0..=0x1f | 0x7f..=0x9f => 0,
        0x1100..=0x115f
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x2_0000..=0x3_fffd
        | 0x1_f300..=0x1_f9ff => 2,
        _ => 1,
    }
}

/// Filled with spaces on the right.
pub(crate) fn pad(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(columns(text))))
}

/// Filled with spaces on the left.
pub(crate) fn pad_left(text: &str, to: usize) -> String {
    format!("{}{text}", " ".repeat(to.saturating_sub(columns(text))))
}

/// Cut to a width, with an ellipsis if anything was cut. Control characters never reach the terminal.
pub(crate) fn clip(text: &str, to: usize) -> String {
    let text: String = text.chars().filter(|c| width(*c) > 0).collect();
    if columns(&text) <= to {
        return text;
    }
    let (mut out, mut used) = (String::new(), 0);
    for c in text.chars() {
        if used + width(c) + 1 > to {
            break;
        }
        used += width(c);
        out.push(c);
    }
    out + "…"
}

#[cfg(test)]
mod tests {
    use super::{clip, columns, pad};

    #[test]
    fn chinese_takes_two_columns() {
        assert_eq!(columns("违反 b"), 6);
        assert_eq!(pad("违反", 6), "违反  ");
        assert_eq!(clip("违反规定", 5), "违反…");
        assert_eq!(clip("违反", 4), "违反");
        assert_eq!(clip("a\u{1b}[31mb", 9), "a[31mb");
    }
}
