//! Our script within a page, and how it keeps out of the way of names that the page gives.

/// The script with every access to a member of the document written so that no element named like it stands in its
/// place: `<input name=getAttribute>` hides `form.getAttribute` from everybody who asks for it by name.
pub(crate) fn own(source: &str) -> String {
    let mut out = String::with_capacity(source.len() * 2);
    out.push_str(&format!("const NAMES = new Set({});\n", serde_json::json!(NAMES)));
    out.push_str(include_str!("script/own.js"));
    out.push_str("\narm(globalThis);\n");
    let mut rest = source;
    while let Some(at) = rest.find('.') {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let after = after.get(1..).unwrap_or_default();
        let length =
            after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '$').unwrap_or(after.len());
        let (name, next) = after.split_at(length);
        if NAMES.contains(&name) && !before.ends_with('.') {
            let chain = if before.ends_with('?') { "." } else { "" };
            out.push_str(&format!("{chain}[OWN.{name}]"));
        } else {
            out.push('.');
            out.push_str(name);
        }
        rest = next;
    }
    out.push_str(rest);
    out
}

/// Members that the script asks forms and documents for. Objects of the script's own have none of these names.
const NAMES: &[&str] = &[
    "addEventListener",
    "adoptedStyleSheets",
    "assignedSlot",
    "body",
    "checkVisibility",
    "childNodes",
    "children",
    "className",
    "clientHeight",
    "clientLeft",
    "clientTop",
    "closest",
    "createElement",
    "createRange",
    "defaultView",
    "dispatchEvent",
    "documentElement",
    "elementFromPoint",
    "elementsFromPoint",
    "firstElementChild",
    "getAttribute",
    "getAttributeNames",
    "getBoundingClientRect",
    "getClientRects",
    "getElementById",
    "getElementsByName",
    "getRootNode",
    "hasAttribute",
    "host",
    "isConnected",
    "isContentEditable",
    "localName",
    "matches",
    "nextElementSibling",
    "nodeType",
    "offsetWidth",
    "ownerDocument",
    "parentElement",
    "parentNode",
    "previousElementSibling",
    "querySelector",
    "querySelectorAll",
    "scrollHeight",
    "scrollIntoView",
    "scrollTop",
    "scrollWidth",
    "scrollingElement",
    "shadowRoot",
    "styleSheets",
    "tabIndex",
    "textContent",
];

#[cfg(test)]
mod tests {
    use super::own;

    #[test]
    fn members_are_asked_for_by_what_nobody_can_name() {
        for (source, expected) in [
            ("el.getAttribute('a').b", "el[OWN.getAttribute]('a').b"),
            ("a?.localName", "a?.[OWN.localName]"),
            ("[...x].map", "[...x].map"),
            ("[...el.children]", "[...el[OWN.children]]"),
            ("el.childrenOf", "el.childrenOf"),
            ("1.5 + r.left", "1.5 + r.left"),
        ] {
            assert!(own(source).ends_with(&format!("arm(globalThis);\n{expected}")), "{}", own(source));
        }
    }
}
