function (given) {
  if (location.origin !== given.origin) return;
  for (const name of ['localStorage', 'sessionStorage']) {
    try { for (const [key, value] of given[name] || []) globalThis[name].setItem(key, value); } catch { }
  }
}
