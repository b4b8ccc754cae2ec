// What the page shows now, in the form of a record's state.
let cuts = [];
function cut(what, bound) { if (!cuts.some((c) => c.startsWith(what))) cuts.push(what + ': ' + bound); }

// What the browser itself finds wrong with a form. Its bubble is a window of its own, which no state would show, and
// which holds up everything for a second: its words are taken and the bubble is not shown.
let complaints = [];
const listening = new WeakSet();
function listen(doc) {
  if (listening.has(doc)) return;
  listening.add(doc);
  doc.addEventListener('invalid', (e) => {
    const el = e.composedPath()[0] || e.target;
    if (complaints.length < 50 && !complaints.includes(el)) complaints.push(el);
    e.preventDefault();
  }, true);
}

function complaintTexts() {
  const out = complaints.filter((el) => el.isConnected && el.validationMessage).map((el) => {
    const box = boxOf(el.getBoundingClientRect(), el.ownerDocument), text = el.validationMessage;
    return {
      key: keyOf(el) + '^invalid', place: placeOf(el), text, runs: [{ text, box, style: styleOf(el), link: null }], box,
      seen: 'shown', fixed: false, heading: 0, message: true, dialog: null, group: groupOf(el),
    };
  });
  complaints = [];
  return out;
}

function dialogsOf(all) {
  const found = [];
  for (const el of all) {
    const role = el.getAttribute('role');
    const named = role === 'dialog' || role === 'alertdialog' || el.getAttribute('aria-modal') === 'true' || (el.localName === 'dialog' && el.open);
    const style = css(el);
    const placed = style.position === 'fixed' || (style.position === 'absolute' && DIALOG.test(classOf(el)));
    if (!named && !placed) continue;
    if (found.some((f) => holds(f.el, el))) continue;
    const r = el.getBoundingClientRect();
    if (seenOf(el, r, false) !== 'shown' || !plain(shownText(el))) continue;
    const panel = panelOf(el, r);
    const modal = el.getAttribute('aria-modal') === 'true' || takesInput(el);
    if (!named && !modal && el.querySelector('input:not([type=hidden]),select,textarea,[role=checkbox],[role=switch]')) continue;
    if (!named) {
      const words = shownText(el), buttons = el.querySelector('button,[role=button],a,[onclick],input[type=button],input[type=submit]');
      const edge = /^(header|nav|footer)$/.test(el.localName) || (r.height < 90 && words.length < 40);
      if (!modal && (edge || !buttons || words.length < 15 || r.height > innerHeight * 0.9)) continue;
      if (el.querySelector('input:not([type=checkbox]):not([type=radio]):not([type=hidden])') && !modal) continue;
    }
    found.push({ el, dialog: { key: keyOf(el), place: placeOf(el), text: shownText(el).slice(0, TEXT_MAX), box: boxOf(panel, el.ownerDocument), modal, native: '' } });
    if (found.length >= DIALOGS_MAX) { cut('dialogs', DIALOGS_MAX); break; }
  }
  return found;
}

// A mask that holds its dialog: what a person sees as the dialog is the largest part within.
function panelOf(el, r) {
  let at = el, rect = r;
  for (let n = 0; n < 4; n++) {
    if (rect.width * rect.height < innerWidth * innerHeight * 0.85) break;
    const parts = Array.prototype.map.call(at.children, (c) => [c, c.getBoundingClientRect()]).filter((p) => p[1].width > 40 && p[1].height > 40 && plain(p[0].textContent));
    if (parts.length !== 1) break;
    [at, rect] = parts[0];
  }
  return rect;
}

function takesInput(el) {
  const win = windowOf(el);
  const points = [[0.03, 0.03], [0.97, 0.03], [0.03, 0.97], [0.97, 0.97], [0.5, 0.03]];
  let taken = 0;
  for (const [x, y] of points) {
    const hit = el.ownerDocument.elementFromPoint(win.innerWidth * x, win.innerHeight * y);
    if (!hit) continue;
    if (holds(el, hit)) { taken++; continue; }
    const over = nearest(hit, (e) => css(e).position === 'fixed');
    const r = over && over.getBoundingClientRect();
    if (over && r.width >= win.innerWidth * 0.95 && r.height >= win.innerHeight * 0.95 && !plain(over.textContent)) taken++;
  }
  return taken >= 4;
}

function fieldOf(el) {
  const r = el.getBoundingClientRect();
  const kind = el.localName === 'input' ? el.type : el.localName === 'select' || el.localName === 'textarea' ? el.localName : 'contenteditable';
  return {
    key: keyOf(el), place: placeOf(el), kind, name: el.getAttribute('name') || '', label: labelText(el),
    placeholder: el.getAttribute('placeholder') || el.getAttribute('data-placeholder') || '', autocomplete: el.getAttribute('autocomplete') || '',
    pattern: el.getAttribute('pattern') || '', required: requiredOf(el), box: boxOf(r, el.ownerDocument),
    seen: seenOf(el, r, true), dialog: null, group: groupOf(el), _: { el },
  };
}

const isField = (el) => (el.localName === 'input' && !/^(checkbox|radio|submit|image|button|reset|hidden)$/.test(el.type)) || el.localName === 'select' || el.localName === 'textarea' || (el.isContentEditable && !(outside(el) && outside(el).isContentEditable));

// Keys of the texts of a control's label and of its line, up to the end of the block.
function joinTexts(control, words, controls) {
  const { el, rect } = control._;
  const labels = labelsOf(el);
  const own = words.filter((w) => labels.some((l) => holds(l, w.el) || (holds(w.el, l) && w.els.some((e) => holds(l, e)))));
  const button = control.kind === 'button' || control.kind === 'submit';
  if (button) return own.map((w) => w.text.key);
  const shown = words.filter((w) => w.text.seen === 'shown' && w.rect.width > 0 && w.el.ownerDocument === el.ownerDocument);
  const middle = rect.top + rect.height / 2;
  const level = (w) => { const f = w.first.height ? w.first : w.rect; return f.top - 4 <= middle && f.top + Math.max(f.height, 12) + 4 >= middle || (w.rect.top <= middle && w.rect.bottom >= middle && w.rect.height < 120); };
  const right = shown.filter((w) => w.rect.right > rect.right && level(w) && !own.includes(w) && !(own.length && w.tick && w.tick !== el && !holds(el, w.tick) && !holds(w.tick, el))).sort((a, b) => a.rect.left - b.rect.left);
  const others = controls.filter((c) => c !== control && /^(checkbox|radio|switch)$/.test(c.kind) && c.seen === 'shown' && c._.rect.left > rect.right && Math.abs(c._.rect.top - rect.top) < 12);
  const stop = others.length ? Math.min(...others.map((c) => c._.rect.left)) : Infinity;
  const line = [];
  let edge = own.length ? Math.max(rect.right, ...own.map((w) => w.rect.right)) : rect.right;
  for (const w of right) {
    const begins = Math.min(w.first.left, w.rect.left) < rect.right ? Math.max(rect.right, w.rect.left) : w.rect.left;
    if (begins >= stop || begins - edge > (own.length || line.length ? 40 : 120)) break;
    line.push(w);
    edge = Math.max(edge, w.rect.right);
  }
  if (!own.length && !line.length && !(control.made === 'drawn' && control.kind === 'checkbox')) {
    const left = shown.filter((w) => w.rect.right <= rect.left + 2 && level(w)).sort((a, b) => b.rect.right - a.rect.right);
    const row = outside(el);
    const near = left.filter((w) => row && (holds(row, w.el) || holds(outside(row) || row, w.el))).slice(0, 2);
    line.push(...near);
    const around = control.made !== 'drawn' && !near.length && words.filter((w) => Math.abs(w.rect.top - rect.top) < 60 && (holds(w.el, el) || (row && holds(row, w.el) && row.localName !== 'form' && row.localName !== 'body')));
    if (around) line.push(...around.slice(0, 6));
  }
  const asked = control.kind === 'radio' ? question(el, words) : [];
  const chosen = new Set([...asked, ...own, ...line]);
  return words.filter((w) => chosen.has(w)).map((w) => w.text.key);
}

// What a group of radios asks: the words of its surroundings before the first answer.
function question(el, words) {
  const group = nearest(el, (e) => e.localName === 'fieldset' || e.getAttribute('role') === 'radiogroup');
  if (!group) return [];
  const answers = [...group.querySelectorAll('label')];
  return words.filter((w) => holds(group, w.el) && !answers.some((l) => holds(l, w.el) || holds(w.el, l) && w.el !== group)).slice(0, 8);
}

function snapshot({ roots: opened }) {
  forget();
  styles = new WeakMap();
  looks = new WeakMap();
  links = new WeakMap();
  cuts = [];
  for (const root of opened || []) closed.set(root.host, root);
  offsets.delete(document);
  const all = walk();
  listen(document);
  for (const el of all) { const d = frameDocument(el); if (d) { offsets.delete(d); listen(d); } }
  const before = [scrollX, scrollY];
  for (const el of all) if (looksLink(el) && !looksButton(el)) links.set(el, true);
  const words = texts(collect());
  const dialogs = dialogsOf(all);
  const inDialog = (el) => { const d = dialogs.find((x) => holds(x.el, el)); return d ? d.dialog.key : null; };
  const found = [], fields = [], marks = [], anchors = [];
  for (const el of all) {
    const kind = kindOf(el);
    if (kind) found.push(controlOf(el, kind[0], kind[1]));
    else if (isField(el)) fields.push(fieldOf(el));
    else if (looksButton(el)) found.push(controlOf(el, 'button', el.localName === 'a' ? 'native' : 'drawn'));
    else if (looksMark(el)) marks.push(controlOf(el, 'checkbox', 'drawn'));
    if (isLink(el)) anchors.push(el);
    if (found.length + fields.length + marks.length > CONTROLS_MAX) { cut('controls', CONTROLS_MAX); break; }
  }
  const stands = new Set(found.map((c) => c._.clickAt));
  const real = marks.filter((m) => !stands.has(m._.el) && !found.some((c) => holds(c._.el, m._.el) || (c.stand_in && holds(c._.clickAt, m._.el)) || holds(m._.el, c._.el)));
  for (const m of real) { if (m.on === null) m.on = byPicture(m._.el.localName === 'img' ? m._.el : m._.el.querySelector('img') || m._.el); if (m.on === null) m.on = byRow(m._.el); }
  for (const c of found.concat(real)) { c.texts = joinTexts(c, words, found); c.dialog = inDialog(c._.el); }
  for (const f of fields) f.dialog = inDialog(f._.el);
  for (const w of words) w.text.dialog = inDialog(w.el);
  const selects = fields.filter((f) => f.kind === 'select').map((f) => ({ key: f.key, options: [...f._.el.options].slice(0, 6).map((o) => plain(o.text)), count: f._.el.options.length, chosen: f._.el.selectedIndex }));
  const order = new Map(all.map((el, i) => [el, i]));
  const state = {
    id: 0, visit: 0, at_ms: 0, pristine: false,
    address: location.href, title: document.title, language: document.documentElement.lang || '', scroll: [round(scrollX), round(scrollY)],
    size: pageSize().map(round), styled: styled(), texts: words.map((w) => w.text).concat(complaintTexts()),
    links: anchors.map((el) => linkOf(el, inDialog)), controls: found.concat(real).sort((a, b) => order.get(a._.el) - order.get(b._.el)),
    fields, dialogs: dialogs.map((d) => d.dialog),
  };
  last = new Map(state.controls.map((c) => [c.key, c._.clickAt]));
  const drawn = real.map((m) => ({ key: m.key, sign: signOf(m._.el) }));
  for (const x of state.controls.concat(fields)) delete x._;
  if (scrollX !== before[0] || scrollY !== before[1]) scrollTo(before[0], before[1]);
  return JSON.stringify({ state, selects, marks: drawn, cuts, tabs: tabs(all), captcha: captcha(all) });
}

function linkOf(el, inDialog) {
  const rects = el.getClientRects(), r = union([...rects]);
  const first = rects[0] || r;
  return {
    key: keyOf(el), place: placeOf(el), text: short(shownText(el)), target: el.getAttribute('href') || '', box: boxOf(r, el.ownerDocument),
    seen: seenOf(el, first, true), dialog: inDialog(el), document: null,
  };
}

// A style sheet of the page's own with at least one rule.
function styled() {
  const rules = (doc) => [...doc.styleSheets, ...(doc.adoptedStyleSheets || [])].reduce((n, sheet) => {
    if (sheet.disabled) return n;
    try { return n + sheet.cssRules.length; } catch { return n + 10; }
  }, 0);
  return rules(document) >= 1;
}

// What may switch between forms: tabs by role or by class, with their words.
function tabs(all) {
  const out = [];
  for (const el of all) {
    if (out.length >= 40) break;
    const words = plain(el.textContent);
    if (!words || words.length > 16) continue;
    const role = el.getAttribute('role') === 'tab';
    const list = nearest(el, (e) => e !== el && TABS.test(classOf(e)));
    if (!role && !chosenAmong(el) && !(list && (el.localName === 'li' || el.localName === 'a' || TAB.test(classOf(el)) || css(el).cursor === 'pointer'))) continue;
    if (!role && el.querySelector('[role=tab],li')) continue;
    if (out.some((t) => holds(elementOf(t.key), el))) continue;
    if (seenOf(el, el.getBoundingClientRect(), true) !== 'shown') continue;
    out.push({ key: keyOf(el), label: words, chosen: el.getAttribute('aria-selected') === 'true' || CHOSEN.test(classOf(el)) });
  }
  return out;
}

// One of a few short siblings of which exactly one is marked as chosen.
function chosenAmong(el) {
  const parent = el.parentElement;
  if (!parent || parent.children.length < 2 || parent.children.length > 6) return false;
  if (el.localName !== 'a' && el.localName !== 'li' && css(el).cursor !== 'pointer') return false;
  const like = Array.prototype.filter.call(parent.children, (c) => c.localName === el.localName && plain(c.textContent).length <= 12);
  return like.length >= 2 && like.filter((c) => CHOSEN.test(classOf(c))).length === 1;
}

// A puzzle that only a person can solve, when it is on screen.
function captcha(all) {
  const el = all.find((e) => CAPTCHA.test(classOf(e) + ' ' + e.id + ' ' + (e.localName === 'iframe' ? e.src : '')) && seenOf(e, e.getBoundingClientRect(), false) === 'shown' && e.getBoundingClientRect().height > 60);
  return el ? placeOf(el) : '';
}

let last = new Map();
const DIALOG = /(modal|dialog|popup|pop-?up|layer|mask|overlay|sheet|drawer)/i;
const TABS = /(^|[\s_-])(tabs?|tab-?(nav|header|bar|title|hd|list)|tabs-header|nav-tabs)([\s_-]|$)/i;
const TAB = /(^|[\s_-])(tab|tab-?item)([\s_-]|$)/i;
const CAPTCHA = /(geetest|hcaptcha|h-captcha|recaptcha\/api2\/bframe|cf-turnstile|challenges\.cloudflare|tcaptcha|nc_wrapper|yidun|slider-?captcha|slide-?verify|captcha-?(box|modal|dialog|popup))/i;
const CHOSEN = /(^|[\s_-])(active|current|selected|this|on|cur)([\s_-]|$)/i;
const DIALOGS_MAX = 20;
const CONTROLS_MAX = 3000;
