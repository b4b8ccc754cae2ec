//! Under which name the browser goes.

use serde_json::{Value, json};

/// The agent of the usual Chrome of this build, a phone's if it is one: a page must not see that it is looked at.
pub(crate) fn agent(own: &str, touch: bool) -> String {
    let own = own.replace("HeadlessChrome", "Chrome");
    match own.split_once("Chrome/") {
        Some((_, version)) if touch => {
            let version = version.split(' ').next().unwrap_or_default();
            format!(
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version} \
                 Mobile Safari/537.36"
            )
        }
        Some(_) | None => own,
    }
}

/// The same in the newer headers.
pub(crate) fn hints(version: &str, touch: bool) -> Value {
    let full = version.rsplit('/').next().unwrap_or_default();
    let major = full.split('.').next().unwrap_or_default();
    let brands = |own: &str, other: &str| {
        json!([
            {"brand": "Chromium", "version": own}, {"brand": "Google Chrome", "version": own},
            {"brand": "Not/A)Brand", "version": other},
        ])
    };
    json!({
        "brands": brands(major, "99"), "fullVersionList": brands(full, "99.0.0.0"), "fullVersion": full,
        "platform": if touch { "Android" } else { "Linux" }, "platformVersion": if touch { "10.0.0" } else { "" },
        "architecture": if touch { "" } else { "x86" }, "bitness": if touch { "" } else { "64" },
        "model": if touch { "K" } else { "" }, "mobile": touch, "wow64": false,
    })
}

/// What a script is told of the machine.
pub(crate) const fn platform(touch: bool) -> &'static str {
    if touch { "Linux armv81" } else { "Linux x86_64" }
}
