// Members of the document as it is made, under names that no form field or image can take.
const OWN = {};
function arm(g) {
  for (const proto of [g.Node, g.Element, g.HTMLElement, g.SVGElement, g.HTMLFormElement, g.Document, g.DocumentFragment, g.ShadowRoot, g.Range, g.EventTarget].map((of) => of && of.prototype)) {
    for (const name of proto ? Object.getOwnPropertyNames(proto) : []) {
      if (!NAMES.has(name)) continue;
      if (!OWN[name]) OWN[name] = Symbol(name);
      const own = Object.getOwnPropertyDescriptor(proto, name);
      if (!Object.prototype.hasOwnProperty.call(proto, OWN[name])) Object.defineProperty(proto, OWN[name], own);
    }
  }
}
const armed = new WeakSet();
function armDocument(doc) {
  const own = Object.getPrototypeOf(doc);
  if (armed.has(own)) return doc;
  armed.add(own);
  const view = DEFAULT_VIEW.call(doc);
  if (view) arm(view);
  return doc;
}
const DEFAULT_VIEW = Object.getOwnPropertyDescriptor(Document.prototype, 'defaultView').get;
