// The page as one tree: frames and shadow roots stand where they are shown. Each element keeps one key for life.
const closed = new WeakMap();
const keys = new WeakMap();
const byKey = new Map();
const offsets = new WeakMap();

const windowOf = (el) => el.ownerDocument.defaultView;
const shadowOf = (el) => el.shadowRoot || closed.get(el) || null;

function frameDocument(el) {
  if (el.localName !== 'iframe' && el.localName !== 'frame') return null;
  try { return el.contentDocument && armDocument(el.contentDocument); } catch { return null; }
}

// What is shown inside an element, in order: nodes, with shadow roots in place of what they hide.
function inside(el) {
  const doc = frameDocument(el);
  if (doc) return doc.documentElement ? [doc.documentElement] : [];
  const root = shadowOf(el);
  if (root) return root.childNodes;
  if (el.localName === 'slot') {
    const given = el.assignedNodes();
    if (given.length) return given;
  }
  return el.childNodes;
}

// The element in which another is shown.
function outside(el) {
  if (el.assignedSlot) return el.assignedSlot;
  if (el.parentElement) return el.parentElement;
  const root = el.getRootNode();
  if (root.host) return root.host;
  const frame = el.ownerDocument.defaultView && el.ownerDocument.defaultView.frameElement;
  return frame || null;
}

function holds(outer, inner) {
  for (let el = inner; el; el = outside(el)) if (el === outer) return true;
  return false;
}

// Elements in reading order, what is never shown left out.
function walk() {
  const all = [];
  const stack = [[document.documentElement, 0]];
  while (stack.length) {
    const [el, depth] = stack.pop();
    if (!el || SKIPPED.has(el.localName)) continue;
    if (depth > DEPTH_MAX) { cut('elements within each other', DEPTH_MAX); continue; }
    all.push(el);
    if (all.length >= ELEMENTS_MAX) { cut('elements', ELEMENTS_MAX); break; }
    if (el.localName === 'select' || el.localName === 'svg') continue;
    const within = inside(el);
    for (let i = within.length - 1; i >= 0; i--) if (within[i].nodeType === 1) stack.push([within[i], depth + 1]);
  }
  return all;
}

// Where a frame's window begins, in the top page.
function offset(doc) {
  const known = offsets.get(doc);
  if (known) return known;
  let at = [0, 0];
  const win = doc.defaultView;
  const frame = win && win.frameElement;
  if (frame) {
    const outer = offset(frame.ownerDocument);
    const rect = frame.getBoundingClientRect();
    const style = windowOf(frame).getComputedStyle(frame);
    at = [
      outer[0] + rect.left + frame.clientLeft + parseFloat(style.paddingLeft),
      outer[1] + rect.top + frame.clientTop + parseFloat(style.paddingTop),
    ];
  } else if (win) at = [win.scrollX, win.scrollY];
  offsets.set(doc, at);
  return at;
}

function boxOf(rect, doc) {
  const at = offset(doc);
  return [round(rect.left + at[0]), round(rect.top + at[1]), round(rect.width), round(rect.height)];
}

// A number within what a record holds; one that is none is nothing.
const round = (n) => (Number.isFinite(n) ? Math.round(Math.max(-FAR, Math.min(FAR, n)) * 100) / 100 : 0);

// What one look at the page keeps in mind: each step among its like, how often an id is given, selectors.
let ranks = new WeakMap();
let given = new WeakMap();
let chosen = new WeakMap();
function forget() { ranks = new WeakMap(); given = new WeakMap(); chosen = new WeakMap(); }

// The place of an element among its parent's children of the same name, and how many these are.
function rankOf(el, parent) {
  let known = ranks.get(parent);
  if (!known) {
    known = { at: new Map(), counts: new Map() };
    for (let child = parent.firstElementChild; child; child = child.nextElementSibling) {
      const at = (known.counts.get(child.localName) || 0) + 1;
      known.counts.set(child.localName, at);
      known.at.set(child, at);
    }
    ranks.set(parent, known);
  }
  return [known.at.get(el) || 0, known.counts.get(el.localName) || 0];
}

function isOnlyId(root, id) {
  let known = given.get(root);
  if (!known) {
    known = new Map();
    for (const el of root.querySelectorAll('[id]')) { const own = el.getAttribute('id'); known.set(own, (known.get(own) || 0) + 1); }
    given.set(root, known);
  }
  return known.get(id) === 1;
}

// A selector within one root that states do not change: an id where there is one, else the place among like elements.
function selector(el) {
  const known = chosen.get(el);
  if (known) return known;
  const path = path_(el);
  chosen.set(el, path);
  return path;
}

function path_(el) {
  const root = el.getRootNode();
  const steps = [];
  for (let at = el; at && at !== root && at.localName; at = at.parentElement) {
    if (at.id && /^[A-Za-z_][\w-]*$/.test(at.id) && !/\d{4,}/.test(at.id) && isOnlyId(root, at.id)) {
      steps.unshift('#' + at.id);
      break;
    }
    const parent = at.parentNode;
    let step = at.localName;
    if (parent && parent.firstElementChild && step !== 'html' && step !== 'body') {
      const [place, like] = rankOf(at, parent);
      if (like > 1) step += ':nth-of-type(' + place + ')';
    }
    steps.unshift(step);
    if (steps.length > 30) break;
  }
  if (steps.length > 1 && steps[0] === 'html' && steps[1] === 'body') steps.shift();
  return steps.join('>');
}

function placeOf(el) {
  const parts = [selector(el)];
  for (let at = el, n = 0; at && n < 10; n++) {
    const root = at.getRootNode();
    at = root.host || (at.ownerDocument.defaultView && at.ownerDocument.defaultView.frameElement);
    if (at) parts.unshift(selector(at));
  }
  return parts.join(' >>> ');
}

function keyOf(el) {
  const known = keys.get(el);
  if (known) return known;
  const place = placeOf(el);
  let key = place;
  for (let n = 2; ; n++) {
    const holder = byKey.get(key);
    if (!holder || !holder.isConnected) break;
    key = place + '~' + n;
  }
  keys.set(el, key);
  byKey.set(key, el);
  return key;
}

function nearest(el, test) {
  for (let at = el, n = 0; at && n < 200; at = outside(at), n++) if (test(at)) return at;
  return null;
}

const SKIPPED = new Set(['script', 'style', 'template', 'noscript', 'head', 'meta', 'link', 'title', 'object', 'embed', 'datalist']);
const ELEMENTS_MAX = 30000;
const DEPTH_MAX = 600;
const FAR = 1e7;
