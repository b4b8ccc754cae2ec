// How an element looks, and whether a person can see it.
let styles = new WeakMap();
let looks = new WeakMap();

function css(el) {
  let known = styles.get(el);
  if (!known) styles.set(el, known = windowOf(el).getComputedStyle(el));
  return known;
}

const painter = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
const colours = new Map();

// A computed colour as red, green, blue, alpha from 0 to 1.
function colour(text) {
  const known = colours.get(text);
  if (known) return known;
  let value;
  const m = /^rgba?\(([\d.]+),? ?([\d.]+),? ?([\d.]+)(?:[,/ ]+([\d.]+%?))?\)$/.exec(text);
  if (m) value = [m[1] / 255, m[2] / 255, m[3] / 255, m[4] === undefined ? 1 : parseFloat(m[4])];
  else {
    painter.clearRect(0, 0, 1, 1);
    painter.fillStyle = 'rgba(0,0,0,0)';
    painter.fillStyle = text;
    painter.fillRect(0, 0, 1, 1);
    const p = painter.getImageData(0, 0, 1, 1).data;
    value = [p[0] / 255, p[1] / 255, p[2] / 255, p[3] / 255];
  }
  if (colours.size < 1000) colours.set(text, value);
  return value;
}

// What adds up along the ancestors: opacity, clipping, folds, fixed position, scale, what is behind.
function look(el) {
  const known = looks.get(el);
  if (known) return known;
  const style = css(el);
  const parent = outside(el);
  const up = parent ? look(parent) : { opacity: 1, none: false, clip: null, folded: false, fixed: false, scale: 1, ground: [1, 1, 1], pictured: false };
  const own = {};
  own.none = up.none || style.display === 'none';
  own.opacity = up.opacity * parseFloat(style.opacity || '1');
  own.fixed = up.fixed || style.position === 'fixed' || style.position === 'sticky';
  own.folded = up.folded || (parent && parent.localName === 'details' && !parent.open && el.localName !== 'summary');
  own.scale = up.scale;
  if (style.transform !== 'none' || (style.scale && style.scale !== 'none')) {
    const rect = el.getBoundingClientRect();
    if (el.offsetWidth > 0 && rect.width > 0) own.scale = Math.abs(rect.width / el.offsetWidth);
  }
  // An absolutely placed element escapes the clipping of ancestors that do not place it; a fixed one escapes all.
  own.clip = style.position === 'fixed' ? null : up.clip;
  const clips = /hidden|clip/;
  const hiddenClip = /inset\((50%|100%)|circle\(0/.test(style.clipPath) || /rect\((0px|1px)?,? ?(0px|1px),? ?(0px|1px)/.test(style.clip);
  if (frameDocument(el)) own.clip = null;
  else if (hiddenClip) own.clip = { left: 0, top: 0, right: 0, bottom: 0, width: 0 };
  else if ((clips.test(style.overflowX) || clips.test(style.overflowY)) && !own.none && el !== el.ownerDocument.body && el !== el.ownerDocument.documentElement && style.display !== 'inline' && style.display !== 'contents') {
    const r = el.getBoundingClientRect();
    const x = clips.test(style.overflowX), y = clips.test(style.overflowY);
    const c = own.clip || { left: -1e9, top: -1e9, right: 1e9, bottom: 1e9, width: 1e9 };
    own.clip = {
      left: x ? Math.max(c.left, r.left) : c.left, right: x ? Math.min(c.right, r.right) : c.right,
      top: y ? Math.max(c.top, r.top) : c.top, bottom: y ? Math.min(c.bottom, r.bottom) : c.bottom, width: r.width,
    };
  }
  const back = colour(style.backgroundColor);
  own.ground = back[3] > 0 ? mix(back, up.ground, back[3] * own.opacity) : up.ground;
  own.pictured = (back[3] * own.opacity > 0.99 ? false : up.pictured) || (style.backgroundImage !== 'none' && !tiny(el));
  if (style.position === 'fixed' || style.position === 'absolute') {
    const under = behind(el);
    if (under && back[3] < 0.99) own.pictured = own.pictured || under.pictured;
  }
  looks.set(el, own);
  return own;
}

function tiny(el) {
  const r = el.getBoundingClientRect();
  const style = css(el);
  // An icon painted as a background beside the words is not behind them.
  return /no-repeat/.test(style.backgroundRepeat) && /^(auto|\d{1,2}px)/.test(style.backgroundSize) && r.width > 60 && !/gradient/.test(style.backgroundImage) && style.backgroundSize !== 'auto';
}

// Pictures that lie under a placed element without being its ancestors.
function behind(el) {
  const r = el.getBoundingClientRect();
  if (r.width < 1 || r.height < 1) return null;
  const root = el.getRootNode();
  if (!root.elementsFromPoint) return null;
  const stack = root.elementsFromPoint(r.left + r.width / 2, r.top + r.height / 2);
  const at = stack.indexOf(el);
  for (const other of at < 0 ? [] : stack.slice(at + 1)) {
    if (holds(other, el)) { if (colour(css(other).backgroundColor)[3] > 0.9) return null; continue; }
    if (/^(img|canvas|video|picture|svg)$/.test(other.localName)) return { pictured: true };
  }
  return null;
}

function mix(over, under, alpha) {
  return [0, 1, 2].map((i) => over[i] * alpha + under[i] * (1 - alpha));
}

function light(c) {
  const l = [0, 1, 2].map((i) => (c[i] <= 0.04045 ? c[i] / 12.92 : Math.pow((c[i] + 0.055) / 1.055, 2.4)));
  return 0.2126 * l[0] + 0.7152 * l[1] + 0.0722 * l[2];
}

function contrast(a, b) {
  const x = light(a), y = light(b);
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function styleOf(el) {
  const style = css(el), own = look(el);
  const fill = style.webkitTextFillColor || style.color;
  const c = colour(fill);
  const alpha = c[3] * own.opacity;
  const through = style.webkitBackgroundClip === 'text' || style.backgroundClip === 'text';
  const ground = own.pictured || through ? null : own.ground.map((n) => round3(n));
  const zoom = el.currentCSSZoom || 1;
  return {
    size: round(parseFloat(style.fontSize) * zoom * own.scale),
    weight: Math.max(1, Math.min(1000, Math.round(parseFloat(style.fontWeight) || 400))),
    colour: [round3(c[0]), round3(c[1]), round3(c[2]), round3(alpha)],
    ground,
    contrast: ground ? round(contrast(mix(c, own.ground, alpha), own.ground)) : null,
  };
}

const round3 = (n) => (Number.isFinite(n) ? Math.round(n * 1000) / 1000 : 0);

// Can a rectangle of an element be seen? `hit` asks also what answers at its centre.
function seenOf(el, rect, hit) {
  const style = css(el), own = look(el);
  if (own.none) return 'not_rendered';
  if (own.folded) return 'folded';
  if (el.checkVisibility && !el.checkVisibility()) return 'not_rendered';
  if (style.visibility !== 'visible' || rect.width < 0.5 || rect.height < 0.5) return 'not_rendered';
  if (own.opacity < 0.1) return 'transparent';
  if (own.clip) {
    const c = own.clip;
    const w = Math.min(rect.right, c.right) - Math.max(rect.left, c.left);
    const h = Math.min(rect.bottom, c.bottom) - Math.max(rect.top, c.top);
    if (w < Math.min(4, rect.width / 2) || h < Math.min(4, rect.height / 2)) {
      return c.bottom - c.top <= 1.5 && c.width > 20 ? 'folded' : 'clipped';
    }
  }
  const doc = el.ownerDocument, at = offset(doc);
  const size = pageSize();
  if (rect.right + at[0] <= 0 || rect.bottom + at[1] <= 0 || rect.left + at[0] >= size[0] || rect.top + at[1] >= size[1]) return 'off_screen';
  return hit ? hitOf(el, rect) : 'shown';
}

function pageSize() {
  const root = document.scrollingElement || document.documentElement;
  return [Math.max(root.scrollWidth, innerWidth), Math.max(root.scrollHeight, innerHeight)];
}

// What answers at the centre: the element itself, its parts or surroundings, or something laid over it.
function hitOf(el, rect) {
  const doc = el.ownerDocument, win = doc.defaultView;
  const x = Math.max(rect.left, 0) + (Math.min(rect.right, win.innerWidth) - Math.max(rect.left, 0)) / 2;
  const y = rect.top + rect.height / 2;
  if (x < 0 || y < 0 || x >= win.innerWidth || y >= win.innerHeight) return 'shown';
  if (covers(el, doc, x, y)) return 'covered';
  for (let frame = win.frameElement, px = x, py = y; frame; frame = windowOf(frame).frameElement) {
    const r = frame.getBoundingClientRect();
    px += r.left + frame.clientLeft;
    py += r.top + frame.clientTop;
    const outer = windowOf(frame);
    if (px < 0 || py < 0 || px >= outer.innerWidth || py >= outer.innerHeight) break;
    if (covers(frame, frame.ownerDocument, px, py)) return 'covered';
  }
  return 'shown';
}

function covers(el, doc, x, y) {
  let stack = doc.elementsFromPoint(x, y);
  for (let n = 0; n < 10 && stack.length; n++) {
    const root = shadowOf(stack[0]);
    if (!root || !holds(stack[0], el)) break;
    const deeper = root.elementsFromPoint(x, y).filter((e) => e.getRootNode() === root);
    if (!deeper.length) break;
    stack = deeper.concat(stack);
    if (deeper[0] === stack[0] && !shadowOf(deeper[0])) break;
  }
  for (const other of stack) {
    if (other === el || holds(other, el) || holds(el, other)) return false;
    const label = other.closest && other.closest('label');
    if (label && holds(label, el)) return false;
    if (paints(other)) return true;
  }
  return false;
}

// It would hide or take what is under it.
function paints(el) {
  const style = css(el);
  if (look(el).opacity < 0.1) return false;
  return colour(style.backgroundColor)[3] > 0.15 || style.backgroundImage !== 'none' || /^(img|canvas|video|iframe)$/.test(el.localName);
}
