// The element that a person named: by a selector as in `place`, parts within frames and shadow roots after `>>>`.
// Empty when there is none, null when that is no selector.
function find(path) {
  let root = document;
  let el = null;
  for (const part of path.split('>>>')) {
    if (!root) return '';
    try { el = root.querySelector(part.trim()); } catch { return null; }
    if (!el) return '';
    root = frameDocument(el) || shadowOf(el);
  }
  return keyOf(el);
}

globalThis.anning.find = find;
globalThis.anning.absolute = ([address, base]) => { try { return new URL(address, base).href; } catch { return address; } };
