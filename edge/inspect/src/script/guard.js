(() => {
  // Runs in every window and worker before its own first line. What it stands in front of looks and answers as before.
  const dressed = new WeakSet();
  const dress = (g) => {
    if (dressed.has(g)) return;
    dressed.add(g);
    const names = new WeakMap();
    const { apply, construct } = g.Reflect;
    const stand = (of, name, handler) => {
      const own = Object.getOwnPropertyDescriptor(of, name);
      if (!own || typeof own.value !== 'function' || !own.configurable) return;
      const made = new Proxy(own.value, handler(own.value));
      names.set(made, own.value);
      try { if (own.value.prototype && own.value.prototype.constructor === own.value) own.value.prototype.constructor = made; } catch { }
      Object.defineProperty(of, name, { ...own, value: made });
    };
    stand(g.Function.prototype, 'toString', () => ({ apply: (real, self, args) => apply(real, names.get(self) || self, args) }));
    // A socket to nowhere: it fails as on a closed network, and says the address it was given.
    const told = new WeakMap();
    for (const name of ['WebSocket']) {
      stand(g, name, () => ({
        construct: (real, args, to) => {
          let url = null;
          try { url = new URL(String(args[0]), g.document ? g.document.baseURI : undefined); } catch { }
          // What is no address of a socket fails at once, and by itself.
          if (!url || !/^(http|ws)s?:$/.test(url.protocol) || url.href.includes('#')) return construct(real, args, to);
          const made = construct(real, ['wss://nowhere.invalid/', ...args.slice(1)], to);
          told.set(made, url.href.replace(/^http/, 'ws'));
          return made;
        },
      }));
      const proto = g[name] && g[name].prototype;
      const url = proto && Object.getOwnPropertyDescriptor(proto, 'url');
      if (url && url.get) {
        const get = new Proxy(url.get, { apply: (real, self, args) => told.has(self) ? told.get(self) : apply(real, self, args) });
        names.set(get, url.get);
        Object.defineProperty(proto, 'url', { ...url, get });
      }
    }
    // A connection that may use only relays, and has none.
    const alone = (config) => ({ ...Object(config), iceServers: [], iceTransportPolicy: 'relay' });
    for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection']) {
      stand(g, name, () => ({ construct: (real, args, to) => construct(real, [alone(args[0])], to) }));
    }
    const peer = g.RTCPeerConnection && g.RTCPeerConnection.prototype;
    if (peer) stand(peer, 'setConfiguration', () => ({ apply: (real, self, args) => apply(real, self, [alone(args[0])]) }));
    const refused = (message) => g.Promise.reject(new g.DOMException(message, 'NetworkError'));
    for (const name of ['WebSocketStream', 'WebTransport']) {
      stand(g, name, () => ({
        construct: () => {
          const ended = refused('Opening handshake failed.');
          ended.catch(() => 0);
          return { opened: ended, ready: ended, closed: ended, close() { } };
        },
      }));
    }
    stand(g, 'fetchLater', () => ({ apply: () => ({ activated: false }) }));
    // A window opened within this one is reached before any other guard is in it.
    if (g.open) {
      stand(g, 'open', () => ({
        apply: (real, self, args) => {
          const made = apply(real, self, args);
          try { if (made && made.document) dress(made); } catch { }
          return made;
        },
      }));
    }
  };
  try { dress(globalThis); } catch { }
})();
