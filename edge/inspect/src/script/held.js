// What a page names and stores while nothing has been typed: where going tells nothing, and what to begin anew with.
function held() {
  const references = new Set([location.href]);
  for (const el of walk().concat([...document.querySelectorAll('head link,head script')])) {
    const url = /^(a|area|link)$/.test(el.localName) ? el.href : /^(img|script|iframe|frame|source|video|audio|embed)$/.test(el.localName) ? el.src : '';
    if (url && references.size < REFERENCES_MAX) references.add(String(url.baseVal ?? url));
  }
  let room = STORED_MAX, cut = false;
  const storage = {};
  for (const name of ['localStorage', 'sessionStorage']) {
    const pairs = [];
    try {
      for (const key of Object.keys(globalThis[name])) {
        const value = globalThis[name].getItem(key) || '';
        room -= key.length + value.length;
        if (room < 0) { cut = true; break; }
        pairs.push([key, value]);
      }
    } catch { }
    if (pairs.length) storage[name] = pairs;
  }
  if (Object.keys(storage).length) storage.origin = location.origin;
  return JSON.stringify({ references: [...references], storage, cut });
}

globalThis.anning.held = held;
const REFERENCES_MAX = 5000;
const STORED_MAX = 1 << 18;
