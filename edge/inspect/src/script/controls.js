// Boxes, switches, radios, buttons and fields, and what is drawn in place of them.
const classOf = (el) => (typeof el.className === 'string' ? el.className : (el.getAttribute('class') || ''));
const plain = (text) => (text || '').replace(/\s+/g, ' ').trim();
const short = (text) => plain(text).slice(0, LABEL_MAX);

function groupOf(el) {
  const group = nearest(el, (e) => e.localName === 'form' || e.getAttribute('role') === 'tabpanel' || PANEL.test(classOf(e)))
    || nearest(el, (e) => e.localName === 'section' || e.localName === 'fieldset');
  return group ? keyOf(group) : null;
}

function labelsOf(el) {
  const found = [];
  for (const label of el.labels || []) found.push(label);
  const root = el.getRootNode();
  for (const id of (el.getAttribute('aria-labelledby') || '').split(/\s+/)) {
    const named = id && root.getElementById && root.getElementById(id);
    if (named) found.push(named);
  }
  if (!found.length) {
    const around = nearest(el, (e) => e.localName === 'label');
    if (around) found.push(around);
  }
  return found;
}

function labelText(el) {
  const seenWords = /^(button)$/.test(el.localName) || el.getAttribute('role') === 'button' ? shownText(el) : '';
  if (seenWords) return short(seenWords);
  const named = labelsOf(el).filter((l) => l !== el);
  const words = named.map((l) => shownText(l)).filter(Boolean).join(' ');
  if (words) return short(words);
  const own = el.getAttribute('aria-label');
  if (own) return short(own);
  if (/^(button|reset|submit)$/.test(el.type || '') && el.localName === 'input') return short(el.value || (el.type === 'submit' ? 'Submit' : ''));
  if (el.localName === 'input' && el.type === 'image') return short(el.alt);
  if (/^(input|select|textarea)$/.test(el.localName)) return short(el.title);
  return short(shownText(el) || el.title || (el.querySelector('img[alt]') || { alt: '' }).alt);
}

// The words of an element with its shadow roots, without what is never shown.
function shownText(el) {
  let text = '';
  const visit = (node) => {
    if (node.nodeType === 3) { text += node.data; return; }
    if (node.nodeType !== 1 || SKIPPED.has(node.localName) || /^(select|textarea|svg)$/.test(node.localName)) return;
    if (node !== el && css(node).display === 'none') return;
    const block = !INLINE.test(css(node).display);
    if (block) text += ' ';
    for (const child of inside(node)) visit(child);
    if (block || node.localName === 'br') text += ' ';
  };
  visit(el);
  return text.replace(/\s+/g, ' ').trim();
}

function kindOf(el) {
  const role = el.getAttribute('role');
  if (el.localName === 'input') {
    if (el.type === 'checkbox') return role === 'switch' ? ['switch', 'native'] : ['checkbox', 'native'];
    if (el.type === 'radio') return ['radio', 'native'];
    if (el.type === 'submit' || el.type === 'image') return ['submit', 'native'];
    if (el.type === 'button' || el.type === 'reset') return ['button', 'native'];
    return null;
  }
  if (role === 'checkbox' || role === 'menuitemcheckbox') return ['checkbox', 'role'];
  if (role === 'switch') return ['switch', 'role'];
  if (role === 'radio') return ['radio', 'role'];
  if (el.localName === 'button') return el.hasAttribute('aria-pressed') && !el.form ? ['switch', 'role'] : [el.form && el.type === 'submit' ? 'submit' : 'button', 'native'];
  if (role === 'button') return ['button', 'role'];
  return null;
}

// On or off: the live property, then what accessibility says, then the class.
function onOf(el) {
  if (el.localName === 'input' && (el.type === 'checkbox' || el.type === 'radio')) return el.checked;
  const said = el.getAttribute('aria-checked') || el.getAttribute('aria-pressed');
  if (said === 'true') return true;
  if (said === 'false') return false;
  const box = el.querySelector('input[type=checkbox],input[type=radio]');
  if (box) return box.checked;
  return byClass(el);
}

function byClass(el) {
  for (const e of [el, el.firstElementChild].filter(Boolean)) {
    const words = classOf(e).split(/\s+/).concat(/img|image/.test(e.localName) ? (e.getAttribute('src') || '').split(/[/?]/).slice(-2) : []);
    const picture = /url\("?([^")]+)/.exec(css(e).backgroundImage);
    if (picture && !/^data:/.test(picture[1])) words.push(picture[1].split('/').pop());
    if (words.some((w) => OFF.test(w))) return false;
    if (words.some((w) => ON.test(w))) return true;
    if (/^data-(checked|selected)$/.test([...e.getAttributeNames()].find((n) => /^data-(checked|selected)$/.test(n)) || '')) {
      return /^(true|1|)$/.test(e.dataset.checked ?? e.dataset.selected);
    }
  }
  const words = plain(el.textContent);
  if (/^[☑✓✔√●◉]$/.test(words)) return true;
  if (/^[☐□○◯]$/.test(words)) return false;
  return null;
}

// A mark without a word about its state: its row may say it, or what it paints.
function byRow(el) {
  const row = outside(el);
  if (row && row.querySelectorAll('i,img,svg,[role]').length <= 3 && shownText(row).length < 400) {
    const words = classOf(row).split(/\s+/);
    if (words.some((w) => OFF.test(w))) return false;
    if (words.some((w) => ON.test(w))) return true;
  }
  const s = css(el);
  if (s.backgroundImage !== 'none' || el.firstElementChild || /^(img|svg)$/.test(el.localName)) return null;
  const before = windowOf(el).getComputedStyle(el, '::before').content, after = windowOf(el).getComputedStyle(el, '::after').content;
  if ([before, after].some((c) => c && c !== 'none' && c !== 'normal')) return null;
  const back = colour(s.backgroundColor);
  if (back[3] > 0.5) { const up = row ? look(row).ground : [1, 1, 1]; return contrast(look(el).ground, up) > 1.6 ? true : false; }
  return parseFloat(s.borderTopWidth) > 0 ? false : null;
}

// All that would differ between on and off, as one text.
function signOf(el) {
  const parts = [];
  for (const e of [outside(el), el, el.firstElementChild]) {
    if (!e) continue;
    const s = css(e);
    parts.push(classOf(e), s.backgroundColor, s.backgroundImage.slice(0, 200), s.borderTopColor, s.color, e.getAttribute('src') || '', e.getAttribute('data-checked') || '');
    if (e === el) for (const p of ['::before', '::after']) { const q = windowOf(e).getComputedStyle(e, p); parts.push(q.content, q.backgroundColor, q.opacity, q.transform); }
  }
  return parts.join('|') + plain(el.textContent) + (el.innerHTML || '').slice(0, 300);
}

// The share of an element's picture that is painted: an empty box has a plain middle.
function byPicture(img) {
  if (img.localName !== 'img' || !img.complete || !img.naturalWidth) return null;
  try {
    painter.canvas.width = painter.canvas.height = 24;
    painter.clearRect(0, 0, 24, 24);
    painter.drawImage(img, 0, 0, 24, 24);
    const d = painter.getImageData(6, 6, 12, 12).data;
    let least = 255, most = 0, filled = 0;
    for (let i = 0; i < d.length; i += 4) {
      const a = d[i + 3] / 255;
      const v = [0, 1, 2].map((n) => d[i + n] * a + 255 * (1 - a));
      const l = 0.3 * v[0] + 0.59 * v[1] + 0.11 * v[2];
      least = Math.min(least, l);
      most = Math.max(most, l);
      if (Math.max(...v) - Math.min(...v) > 60 || l < 140) filled++;
    }
    if (most - least > 60) return true;
    return filled > 72 ? true : false;
  } catch { return null; }
}

function requiredOf(el) {
  return !!el.required || el.getAttribute('aria-required') === 'true' || /(^|\|)required/.test(el.getAttribute('lay-verify') || '') || el.hasAttribute('data-required') || el.hasAttribute('data-rule-required');
}

function disabledOf(el) {
  return !!nearest(el, (e) => (e.matches && e.matches(':disabled')) || e.getAttribute('aria-disabled') === 'true') || (/(^|[\s_-])(is-)?disabled?([\s_-]|$)/.test(classOf(el)) && !/^(input|select|textarea)$/.test(el.localName));
}

function small(r, max) { return r.width >= 6 && r.height >= 6 && r.height <= max && r.width <= max * 2; }

// The visible element drawn in place of a control that is not shown itself.
function standIn(el) {
  const labels = labelsOf(el);
  const candidates = [];
  const add = (e) => { if (e && e !== el && !candidates.includes(e)) candidates.push(e); };
  const parent = outside(el);
  for (let next = el.nextElementSibling, n = 0; next && n < 3; next = next.nextElementSibling, n++) { add(next); if (next.firstElementChild) add(next.firstElementChild); }
  for (let before = el.previousElementSibling, n = 0; before && n < 2; before = before.previousElementSibling, n++) add(before);
  for (const label of labels) for (const e of Array.prototype.slice.call(label.querySelectorAll('*'), 0, 20)) add(e);
  if (parent && parent.localName !== 'form' && parent.localName !== 'body') {
    add(parent);
    for (const e of Array.prototype.slice.call(parent.querySelectorAll('*'), 0, 20)) add(e);
    const above = outside(parent);
    if (above && small(above.getBoundingClientRect(), 64)) add(above);
  }
  for (const e of candidates) {
    if (e.matches('input,select,textarea,a') || e.localName === 'label') continue;
    const r = e.getBoundingClientRect();
    if (!small(r, 64) || plain(e.textContent).length > 2 || !drawsOf(e)) continue;
    if (seenOf(e, r, true) === 'shown') return { el: e, rect: r };
  }
  for (const e of labels.concat(candidates)) {
    for (const pseudo of ['::before', '::after']) {
      const s = windowOf(e).getComputedStyle(e, pseudo);
      if (!s.content || s.content === 'none' || s.content === 'normal') continue;
      const w = parseFloat(s.width) || parseFloat(s.fontSize), h = parseFloat(s.height) || parseFloat(s.fontSize);
      const icon = /^"[^"]{0,2}"$/.test(s.content) || /^url|^counter/.test(s.content);
      if (!icon || w > 80 || h > 64 || w < 6 || h < 6) continue;
      const r = e.getBoundingClientRect();
      if (seenOf(e, r, true) !== 'shown') continue;
      const left = r.left + (parseFloat(s.left) || 0);
      const y = r.top + Math.max(0, Math.min(r.height - h, parseFloat(s.top) || (Math.min(r.height, 30) - h) / 2));
      return { el: e, rect: { left, top: y, width: w, height: h, right: left + w, bottom: y + h } };
    }
  }
  for (const e of labels) {
    const r = e.getBoundingClientRect();
    if (r.width > 0 && seenOf(e, r, true) === 'shown' && (css(e).backgroundImage !== 'none' || (colour(css(e).backgroundColor)[3] > 0.5 && css(e).cursor === 'pointer') || parseFloat(css(e).borderTopWidth) > 0)) return { el: e, rect: r };
  }
  return null;
}

// It paints something: a border, a ground, a picture, a glyph.
function drawsOf(e) {
  if (/^(img|svg|canvas|i)$/.test(e.localName)) return true;
  const s = css(e);
  if (s.backgroundImage !== 'none' || colour(s.backgroundColor)[3] > 0.1 || parseFloat(s.borderTopWidth) > 0 || s.boxShadow !== 'none' || s.maskImage !== 'none') return true;
  if (e.firstElementChild && /^(svg|img|i)$/.test(e.firstElementChild.localName)) return true;
  return ['::before', '::after'].some((p) => { const c = windowOf(e).getComputedStyle(e, p).content; return c && c !== 'none' && c !== 'normal'; });
}

function filledOf(el) {
  const style = css(el);
  if (style.backgroundImage !== 'none') return true;
  const back = colour(style.backgroundColor);
  if (back[3] < 0.3) return false;
  const parent = outside(el);
  const under = parent ? look(parent).ground : [1, 1, 1];
  return Math.max(...[0, 1, 2].map((i) => Math.abs(look(el).ground[i] - under[i]))) > 0.06;
}

function focusable(el) {
  return el.tabIndex >= 0 && !disabledOf(el);
}

function controlOf(el, kind, made) {
  const button = kind === 'submit' || kind === 'button';
  let rect = el.getBoundingClientRect(), shown = seenOf(el, rect, true), stand = null;
  if (!button && shown !== 'shown') {
    stand = standIn(el);
    if (stand) { rect = stand.rect; shown = 'shown'; }
  }
  const main = button ? deepest(el) : null;
  return {
    key: keyOf(el), place: placeOf(el), kind, made, name: el.getAttribute('name') || '',
    on: button ? null : onOf(el), attribute: el.hasAttribute('checked'), disabled: disabledOf(el), required: requiredOf(el),
    label: labelText(el), texts: [], box: boxOf(rect, el.ownerDocument), seen: shown,
    stand_in: stand ? placeOf(stand.el) : null, style: button ? styleOf(main) : null, filled: button && filledOf(el),
    operable: made !== 'drawn' && (made === 'native' ? !disabledOf(el) : focusable(el) || css(el).cursor === 'pointer'),
    fixed: look(el).fixed, dialog: null, group: groupOf(el),
    _: { el, rect, clickAt: stand ? stand.el : el },
  };
}

// Where most of a button's words stand.
function deepest(el) {
  for (let at = el; ;) {
    const next = Array.prototype.find.call(at.children, (c) => plain(c.textContent).length * 2 > plain(at.textContent).length && plain(c.textContent));
    if (!next) return at;
    at = next;
  }
}

// A button that nothing names: words of their own that the pointer changes over.
function looksButton(el) {
  if (/^(label|input|select|textarea|option|html|body|form|iframe|li|ul|img)$/.test(el.localName) && !(el.localName === 'li' && el.hasAttribute('onclick'))) return false;
  const words = plain(el.textContent);
  if (!words || words.length > 24) return false;
  const style = css(el), parent = outside(el);
  const anchor = el.localName === 'a';
  const pointed = style.cursor === 'pointer' && (!parent || css(parent).cursor !== 'pointer' || anchor);
  if (!pointed && !el.hasAttribute('onclick') && !(anchor && BTN.test(classOf(el)))) return false;
  if (style.display === 'inline' && !(anchor && BTN.test(classOf(el)))) return false;
  if (el.closest('button,[role=button],label') || el.querySelector('input,select,textarea,button,[role=checkbox],[role=switch]')) return false;
  if (anchor) return BTN.test(classOf(el)) || (filledOf(el) && el.getBoundingClientRect().height >= 28);
  return true;
}

// A drawn tick: a small mark without words, left of words on the same line.
function looksMark(el) {
  if (!/^(img|svg|i|em|b|span|div|label|a|image|view|u|s)$/.test(el.localName)) return false;
  if (look(el).none) return false;
  const r = el.getBoundingClientRect();
  if (r.height < 8 || r.height > 32 || r.width < 8 || r.width > 64) return false;
  const words = plain(el.textContent);
  if (words.length > 1 || /[\w\u4e00-\u9fff,，.。:：*|·]/.test(words)) return false;
  if (!drawsOf(el) || el.querySelector('input')) return false;
  const parent = outside(el);
  if (parent && looksMarkSize(parent) && drawsOf(parent)) return false;
  return seenOf(el, r, false) === 'shown';
}

function looksMarkSize(el) {
  const r = el.getBoundingClientRect();
  return r.height <= 32 && r.width <= 64 && plain(el.textContent).length <= 1;
}

const PANEL = /(^|[\s_-])(tab-?(pane|panel|item|content)|tabs-item|tabpane)([\s_-]|$)/i;
const BTN = /(^|[\s_-])(btn|button|submit)([\s_-]|$)/i;
const ON = /(^|[\s_.-])(checked|check(ed)?[-_]?on|selected|select[-_]?on|active|actived|cur|on|is-?checked|ticked|agree[-_]?on|sel|yes|true)([\s_.-]|$)/i;
const OFF = /(^|[\s_.-])(un-?(check|checked|select|selected|tick|ticked|agree)|no(t|n)?[-_]?(check|checked|select|selected)|off|normal|nor|default|empty|false)([\s_.-]|$)/i;
const LABEL_MAX = 2000;
