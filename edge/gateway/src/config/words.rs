//! Small things that stand in a configuration: patterns, networks, hours, secrets.

use std::net::IpAddr;
use std::path::Path;

use anning_decide::QuietHours;
use anning_vocab::{Frequency, Window};

use super::section::Section;

/// A number or name, or all that begin alike: `10690001`, `1069*`, `*`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pattern {
    text: Box<str>,
    prefix: bool,
}

impl Pattern {
    /// Reads a pattern; a star stands at its end or not at all.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (text, prefix) = text.strip_suffix('*').map_or((text, false), |head| (head, true));
        (!text.contains('*') && (prefix || !text.is_empty())).then(|| Self { text: text.into(), prefix })
    }

    /// Everything.
    #[must_use]
    pub fn all() -> Self {
        Self { text: "".into(), prefix: true }
    }

    /// Does it speak of this one?
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        if self.prefix { name.starts_with(&*self.text) } else { name == &*self.text }
    }

    /// Is there anything that both speak of?
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.matches(&other.text)
            || other.matches(&self.text)
            || self.prefix && other.prefix && (self.text.starts_with(&*other.text))
    }

    /// How much it fixes: an exact one more than any prefix, a longer prefix more than a shorter.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.text.len() * 2 + usize::from(!self.prefix)
    }

    /// The fixed part.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl core::fmt::Display for Pattern {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}{}", self.text, if self.prefix { "*" } else { "" })
    }
}

/// Addresses that begin with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    bits: u8,
}

impl Network {
    /// Reads `10.0.0.0/8`, `::1` or `192.0.2.7`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
        let first: IpAddr = address.trim().parse().ok()?;
        let most = if first.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Some(most), |bits| bits.trim().parse().ok())?;
        (bits <= most).then_some(Self { first, bits })
    }

    /// Is this address one of them? An IPv4 address in IPv6 clothing is an IPv4 address.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        let width = |v: u128, most: u32| v.checked_shr(most - u32::from(self.bits)).unwrap_or(0);
        match (self.first.to_canonical(), address.to_canonical()) {
            (IpAddr::V4(a), IpAddr::V4(b)) => {
                width(u128::from(a.to_bits()), 32) == width(u128::from(b.to_bits()), 32)
            }
            (IpAddr::V6(a), IpAddr::V6(b)) => width(a.to_bits(), 128) == width(b.to_bits(), 128),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

/// A shared secret. Never printed.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl core::fmt::Debug for Secret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Secret")
    }
}

/// Where secrets come from: only the binary reads files and the environment.
pub struct Outside<'o> {
    /// A variable of the environment.
    pub variable: &'o dyn Fn(&str) -> Option<String>,
    /// A file, by its path as it stands in the configuration.
    pub file: &'o dyn Fn(&Path) -> std::io::Result<String>,
}

impl core::fmt::Debug for Outside<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Outside")
    }
}

/// The secret of a section: from a file, from the environment, or in plain with a warning.
pub(super) fn secret(section: &mut Section<'_>, outside: &Outside<'_>) -> Secret {
    secret_of(section, outside, ["secret_file", "secret_env", "secret"])
}

/// The same, under keys of these names: file, variable, plain.
pub(super) fn secret_of(section: &mut Section<'_>, outside: &Outside<'_>, keys: [&'static str; 3]) -> Secret {
    let [in_file, in_variable, in_plain] = keys;
    let (file, variable, plain) =
        (section.maybe_text(in_file), section.maybe_text(in_variable), section.maybe_text(in_plain));
    let given = [file.is_some(), variable.is_some(), plain.is_some()];
    if given.iter().filter(|given| **given).count() > 1 {
        section.fault(in_plain, format!("given more than once; keep one of {}", keys.join(", ")), "");
    }
    let found = match (file, variable, plain) {
        (Some(path), _, _) => match (outside.file)(Path::new(&path)) {
            Ok(text) => Some(text),
            Err(error) => {
                section.fault(in_file, format!("cannot be read ({error}); check path and rights"), path);
                None
            }
        },
        (None, Some(name), _) => {
            let value = (outside.variable)(&name);
            if value.is_none() {
                section.fault(
                    in_variable,
                    "no such variable in the environment; set it before starting",
                    name,
                );
            }
            value
        }
        (None, None, Some(plain)) => {
            let what = format!("stands in plain in the file; move it to {in_file} or {in_variable}");
            section.warn(in_plain, what, "");
            Some(plain)
        }
        (None, None, None) => {
            section.fault(in_plain, format!("missing; give {in_file} or {in_variable}"), "");
            None
        }
    };
    let secret = found.map(|text| text.trim_end_matches(['\r', '\n']).to_owned()).unwrap_or_default();
    if secret.is_empty() && given.contains(&true) {
        section.fault(in_plain, "is empty", "");
    }
    Secret(secret.into_bytes())
}

/// `21:00-08:00`.
pub(super) fn quiet_hours(text: &str) -> Option<QuietHours> {
    let minute = |clock: &str| {
        let (hour, minute) = clock.trim().split_once(':')?;
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        (hour < 24 && minute < 60).then_some(hour * 60 + minute)
    };
    let (from, to) = text.split_once('-')?;
    let quiet = QuietHours { from: minute(from)?, to: minute(to)? };
    (quiet.from != quiet.to).then_some(quiet)
}

/// `4/week`.
pub(crate) fn cap(text: &str) -> Option<Frequency> {
    let (count, per) = text.split_once('/')?;
    Some(Frequency { at_most: count.trim().parse().ok()?, per: Window::from_code(per.trim())? })
}

#[cfg(test)]
mod tests {
    use super::{Network, Pattern, cap, quiet_hours};

    #[test]
    fn patterns() {
        let check = |pattern: &str, name: &str, matches| {
            assert_eq!(Pattern::parse(pattern).unwrap().matches(name), matches, "{pattern} {name}");
        };
        check("1069*", "10690001", true);
        check("1069*", "1068", false);
        check("10690001", "10690001", true);
        check("10690001", "106900011", false);
        check("*", "", true);
        for wrong in ["", "10*69", "**"] {
            assert_eq!(Pattern::parse(wrong), None, "{wrong}");
        }
        let weight = |text: &str| Pattern::parse(text).unwrap().weight();
        assert!(weight("1069") > weight("1069*") && weight("1069*") > weight("106*"));
    }

    #[test]
    fn networks() {
        let check = |network: &str, address: &str, inside| {
            let network = Network::parse(network).unwrap();
            assert_eq!(network.contains(address.parse().unwrap()), inside, "{network:?} {address}");
        };
        check("10.0.0.0/8", "10.255.0.1", true);
        check("10.0.0.0/8", "11.0.0.1", false);
        check("10.0.0.0/8", "::ffff:10.1.2.3", true);
        check("192.0.2.7", "192.0.2.7", true);
        check("192.0.2.7", "192.0.2.8", false);
        check("0.0.0.0/0", "203.0.113.9", true);
        check("::1", "::1", true);
        check("2001:db8::/32", "2001:db8:7::1", true);
        check("2001:db8::/32", "10.0.0.1", false);
        for wrong in ["10.0.0.0/33", "10.0.0", "", "a/8", "::1/129"] {
            assert_eq!(Network::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn hours_and_caps() {
        assert_eq!(quiet_hours("21:00-08:30").map(|q| (q.from, q.to)), Some((1_260, 510)));
        for wrong in ["21-8", "24:00-08:00", "21:00", "08:00-08:00"] {
            assert_eq!(quiet_hours(wrong), None, "{wrong}");
        }
        assert_eq!(cap("4/week").map(|c| c.at_most), Some(4));
        assert_eq!(cap("4/fortnight"), None);
    }
}
