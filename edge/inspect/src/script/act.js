// Where to click, what to type, what a document says.
function elementOf(key) {
  const el = byKey.get(key.split('^')[0]);
  return el && el.isConnected ? el : null;
}

// Brings an element into the window and says where a person would press, in the top window.
function point(key) {
  const el = elementOf(key);
  if (!el) return null;
  const press = last.get(key) && last.get(key).isConnected ? last.get(key) : el;
  styles = new WeakMap();
  looks = new WeakMap();
  let r = press.getBoundingClientRect();
  const win = windowOf(press);
  if (r.top < 0 || r.bottom > win.innerHeight || press.ownerDocument !== document) {
    press.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
    r = press.getBoundingClientRect();
  }
  const rects = press.getClientRects();
  if (rects.length > 1) r = rects[0];
  let x = r.left + r.width / 2, y = r.top + r.height / 2;
  const label = press.localName === 'label';
  if (label) x = r.left + Math.min(r.width / 2, 8);
  const free = !label && seenOf(press, r, true) === 'shown';
  for (let frame = win.frameElement; frame; frame = windowOf(frame).frameElement) {
    const outer = frame.getBoundingClientRect();
    x += outer.left + frame.clientLeft;
    y += outer.top + frame.clientTop;
  }
  return { x, y, free: free || label, gone: r.width < 0.5 };
}

// Presses without a pointer: for what lies under something else or has no area.
function press(key) {
  const el = elementOf(key);
  if (el) el.click();
  return !!el;
}

// Types as a person's browser would: value, then the events that frameworks listen to.
function fill(entries) {
  let done = 0;
  for (const { key, value } of entries) {
    const el = elementOf(key);
    if (!el || el.disabled || el.readOnly) continue;
    el.focus();
    if (el.localName === 'select') {
      const at = [...el.options].findIndex((o, i) => i > 0 && !o.disabled && o.value);
      if (at < 0 || el.selectedIndex > 0) continue;
      el.selectedIndex = at;
    } else if (el.isContentEditable) el.textContent = value;
    else {
      const proto = el.localName === 'textarea' ? windowOf(el).HTMLTextAreaElement.prototype : windowOf(el).HTMLInputElement.prototype;
      const room = el.maxLength > 0 ? value.slice(0, el.maxLength) : value;
      Object.getOwnPropertyDescriptor(proto, 'value').set.call(el, room);
    }
    const options = { bubbles: true, composed: true };
    el.dispatchEvent(new InputEvent('input', { ...options, data: value, inputType: 'insertText' }));
    el.dispatchEvent(new KeyboardEvent('keyup', options));
    el.dispatchEvent(new Event('change', options));
    el.blur();
    done++;
  }
  return done;
}

// The element and those it stands in, nearest first, for asking who listens.
function chain(key) {
  const out = [];
  for (let el = elementOf(key); el && out.length < 4 && el !== document.body; el = outside(el)) out.push(el);
  return out;
}

// The paragraphs of a document, with the innermost part that scrolls. Within one element when a key is given.
function document_(key) {
  forget();
  styles = new WeakMap();
  looks = new WeakMap();
  links = new WeakMap();
  cuts = [];
  const root = key && elementOf(key);
  offsets.delete(document);
  const all = walk();
  let scroller = null;
  for (const el of all) {
    if (root && !holds(root, el)) continue;
    if (/auto|scroll/.test(css(el).overflowY) && el.scrollHeight > el.clientHeight + 8 && el.clientHeight > 80) scroller = el;
  }
  const page = document.scrollingElement || document.documentElement;
  const box = scroller ? scroller.getBoundingClientRect() : null;
  const zero = box ? box.top - scroller.scrollTop : root ? root.getBoundingClientRect().top : -scrollY;
  const words = texts(collect()).filter((w) => w.text.seen !== 'not_rendered' && (!root || holds(root, w.el)));
  const sizes = words.map((w) => w.text.runs[0].style.size).sort((a, b) => a - b);
  const usual = sizes[Math.floor(sizes.length / 2)] || 0;
  let total = 0, over = false;
  const paragraphs = [];
  for (const w of words) {
    if (total + w.text.text.length > DOCUMENT_MAX || paragraphs.length >= PARAGRAPHS_MAX) { over = true; break; }
    total += w.text.text.length;
    const style = w.text.runs.reduce((a, b) => (b.text.length > a.text.length ? b : a)).style;
    const hue = Math.max(...style.colour.slice(0, 3)) - Math.min(...style.colour.slice(0, 3));
    paragraphs.push({
      text: w.text.text, top: round(w.rect.top - zero), heading: w.text.heading, size: style.size,
      set_off: !w.text.heading && (style.weight >= 600 || style.size > usual + 1 || hue > 0.35),
    });
  }
  const anchors = all.filter((el) => el.localName === 'a' && el.getAttribute('href') && (!root || holds(root, el))).slice(0, 200);
  const form = all.some((el) => el.localName === 'input' && el.type === 'password' && seenOf(el, el.getBoundingClientRect(), false) === 'shown');
  return JSON.stringify({
    title: document.title, language: document.documentElement.lang || '', paragraphs, cut: over, form, address: location.href,
    height: round(scroller ? scroller.scrollHeight : root ? root.scrollHeight : page.scrollHeight), window: round(scroller ? scroller.clientHeight : root ? root.clientHeight : innerHeight),
    links: anchors.map((el) => ({ text: short(el.textContent), target: el.getAttribute('href'), url: el.href })),
    media: document.querySelectorAll('img,canvas,embed,object,iframe').length,
  });
}

const resolve = (key) => { const el = elementOf(key); return el && el.href ? String(el.href.baseVal ?? el.href) : ''; };
const anchorOf = (id) => { forget(); const at = id && (document.getElementById(id) || document.getElementsByName(id)[0]); return at ? keyOf(at) : ''; };

const DOCUMENT_MAX = 300000;
const PARAGRAPHS_MAX = 5000;

globalThis.anning = { snapshot, point, press, fill, chain, document: document_, resolve, anchorOf, element: elementOf };
