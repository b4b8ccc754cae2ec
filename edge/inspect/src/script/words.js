// Blocks of text: what a person reads as one paragraph, line or cell.
const INLINE = /^(inline|contents|ruby|inline-block|inline-flex|inline-table|inline-grid)$/;
const BUTTON = 'button,[role=button],input,select,textarea,option';

// Starts of new blocks: everything that is not in line with the words around it.
function breaks(el) {
  if (el.localName === 'br') return false;
  const display = css(el).display;
  if (!INLINE.test(display)) return true;
  if (css(el).float !== 'none' || /absolute|fixed/.test(css(el).position)) return true;
  if (/^inline-/.test(display)) {
    // A box in line counts as part of the line only if it has nothing but words.
    for (const child of el.querySelectorAll('*')) if (!INLINE.test(css(child).display) && child.localName !== 'br') return true;
    if (el.matches('button,[role=button]')) return true;
  }
  return false;
}

function collect() {
  const blocks = [];
  const root = document.documentElement;
  let count = 0;
  const visit = (el, block, depth) => {
    if (count++ > ELEMENTS_MAX || depth > DEPTH_MAX || SKIPPED.has(el.localName)) return block;
    if (/^(select|textarea|svg|input|canvas|video|audio)$/.test(el.localName)) return block;
    if (el.matches('button,[role=button]') && !el.querySelector('input,button')) return null;
    for (const node of inside(el)) {
      if (node.nodeType === 3) {
        if (!node.data.trim() && (!block || !node.data)) continue;
        if (!block) { block = { el, pieces: [] }; blocks.push(block); }
        if (node.data.trim()) block.said = node.data;
        block.pieces.push({ node, el: node.parentElement || el });
      } else if (node.nodeType === 1) {
        if (node.localName === 'br') {
          if (block && block.tick && /[.。!！?？]\s*$/.test(block.said || '')) block = null;
          if (block) block.pieces.push({ br: true, el: node });
          continue;
        }
        const tick = tickOf(node);
        if (tick) {
          if (block && block.tick !== tick && block.said && (block.tick || (tick.labels || []).length)) block = null;
          if (!block) { block = { el, pieces: [] }; blocks.push(block); }
          block.tick = tick;
        }
        const own = breaks(node) || !!frameDocument(node) || SKIPPED.has(node.localName);
        if (own) { if (!SKIPPED.has(node.localName)) visit(node, null, depth + 1); if (!SKIPPED.has(node.localName) && css(node).position !== 'absolute' && css(node).display !== 'none') block = null; }
        else {
          const inner = block || { el, pieces: [] };
          const had = inner.pieces.length;
          if (!block) blocks.push(inner);
          const after = visit(node, inner, depth + 1);
          if (!block && inner.pieces.length === had && after === inner) { blocks.splice(blocks.indexOf(inner), 1); } else block = after;
        }
      }
    }
    return block;
  };
  visit(root, null, 0);
  return blocks.filter((b) => b.pieces.some((p) => p.node && p.node.data.trim()));
}

// The box or its label, whichever comes first, begins words of its own: labels in one line are still two questions.
function tickOf(el) {
  if (el.localName === 'input') return /^(checkbox|radio)$/.test(el.type) ? el : null;
  if (el.localName === 'label') return el.control && tickOf(el.control);
  return /^(checkbox|switch|radio)$/.test(el.getAttribute('role') || '') && !el.querySelector('input') ? el : null;
}

function rectOf(node) {
  const range = node.ownerDocument.createRange();
  range.selectNodeContents(node);
  return range.getBoundingClientRect();
}

function union(rects) {
  const real = rects.filter((r) => r.width > 0 || r.height > 0);
  if (!real.length) return { left: 0, top: 0, right: 0, bottom: 0, width: 0, height: 0 };
  const left = Math.min(...real.map((r) => r.left)), top = Math.min(...real.map((r) => r.top));
  const right = Math.max(...real.map((r) => r.right)), bottom = Math.max(...real.map((r) => r.bottom));
  return { left, top, right, bottom, width: right - left, height: bottom - top };
}

// The words of a block in runs of one style, spaces as a person sees them.
function runsOf(block) {
  const runs = [];
  let space = true, length = 0;
  for (const piece of block.pieces) {
    const last = runs[runs.length - 1];
    if (piece.br) {
      if (last) { last.text = last.text.replace(/ $/, '') + '\n'; space = true; }
      continue;
    }
    const keep = /pre/.test(css(piece.el).whiteSpaceCollapse || css(piece.el).whiteSpace);
    let words = keep ? piece.node.data : piece.node.data.replace(/[ \t\n\r\f]+/g, ' ');
    words = words.replace(/[\u200b\ufeff\u00ad]/g, '');
    if (space) words = words.replace(/^ /, '');
    if (!words) continue;
    const turn = css(piece.el).textTransform;
    if (turn === 'uppercase') words = words.toUpperCase();
    if (turn === 'lowercase') words = words.toLowerCase();
    if (length + words.length > TEXT_MAX) { words = words.slice(0, TEXT_MAX - length); cut('characters of a text', TEXT_MAX); }
    if (!words) continue;
    length += words.length;
    space = / $/.test(words);
    const style = styleOf(piece.el), rect = rectOf(piece.node);
    const link = nearest(piece.el, (e) => e === block.el || isLink(e));
    const key = link && isLink(link) ? keyOf(link) : null;
    if (last && !words.trim()) { last.text += words; continue; }
    if (last && last.link === key && JSON.stringify(last.style) === JSON.stringify(style)) {
      last.text += words;
      last.rects.push(rect);
    } else runs.push({ text: words, rects: [rect], style, link: key, el: piece.el });
  }
  const last = runs[runs.length - 1];
  if (last) last.text = last.text.replace(/\s+$/, '');
  return runs.filter((r) => r.text);
}

function texts(blocks) {
  const out = [], uses = new Map();
  for (const block of blocks) {
    const runs = runsOf(block);
    if (!runs.length) continue;
    if (out.length >= TEXTS_MAX) { cut('texts', TEXTS_MAX); break; }
    const el = block.el, doc = el.ownerDocument;
    const rect = union(runs.flatMap((r) => r.rects));
    const main = runs.reduce((a, b) => (b.text.length > a.text.length ? b : a)).el;
    const used = (uses.get(el) || 0) + 1;
    uses.set(el, used);
    const key = keyOf(el) + (used > 1 ? '^' + used : '');
    const heading = nearest(el, (e) => /^h[1-6]$/.test(e.localName) || e.getAttribute('role') === 'heading' || breaks(e) && e !== el);
    const level = heading && (/^h([1-6])$/.exec(heading.localName) || [0, heading.getAttribute('role') === 'heading' ? heading.getAttribute('aria-level') || 2 : 0])[1];
    const text = {
      key, place: placeOf(el), text: runs.map((r) => r.text).join(''),
      runs: runs.map((r) => ({ text: r.text, box: boxOf(union(r.rects), doc), style: r.style, link: r.link })),
      box: boxOf(rect, doc), seen: seenOf(main, rect, false), fixed: look(el).fixed, heading: Number(level) || 0,
      message: !!nearest(el, (e) => /^(alert|status)$/.test(e.getAttribute('role') || '') || /^(polite|assertive)$/.test(e.getAttribute('aria-live') || '') || ERROR.test(typeof e.className === 'string' ? e.className : '')),
      dialog: null, group: groupOf(el),
    };
    out.push({ text, el, main, rect, tick: block.tick || null, first: runs[0].rects[0], els: block.pieces.map((p) => p.el) });
  }
  return out;
}

function isLink(el) {
  if (el.localName === 'a' || el.getAttribute('role') === 'link') return true;
  return !!links.get(el);
}

// A word in line that the pointer changes over, with nothing in it that takes input.
function looksLink(el) {
  const style = css(el);
  if (style.display !== 'inline' && style.display !== 'inline-block') return false;
  const parent = outside(el);
  if (!parent || style.cursor !== 'pointer' || css(parent).cursor === 'pointer') {
    if (!el.hasAttribute('onclick')) return false;
  }
  if (el.closest('a,button') || el.querySelector('input,button,a,select') || el.localName === 'label' || el.localName === 'input') return false;
  const words = el.textContent.trim();
  return words.length > 1 && words.length <= 60;
}

let links = new WeakMap();
const ERROR = /(^|[\s_-])(error|err|invalid-feedback|help-block-error|form-item__error|tips?-error|warning)([\s_-]|$)/i;
const TEXT_MAX = 20000;
const TEXTS_MAX = 5000;
