"use strict";
(function () {
  var root = document.documentElement;
  var all = function (selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); };
  // From disk some browsers refuse storage; the choice then lasts as long as the page.
  function keep(value) { try { localStorage.setItem("anning-lang", value); } catch (e) { return; } }
  function kept() { try { return localStorage.getItem("anning-lang"); } catch (e) { return null; } }
  function language(lang) {
    root.lang = lang;
    var zh = lang === "zh-CN";
    all("[data-zh]").forEach(function (node) {
      var text = zh ? node.dataset.zh : node.dataset.en;
      if (node.tagName === "TITLE") { node.textContent = text + (node.dataset.subject ? " · " + node.dataset.subject : ""); return; }
      node.setAttribute("aria-label", text);
    });
    all("[data-lang]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.lang === lang));
    });
  }
  all("[data-lang]").forEach(function (button) {
    button.addEventListener("click", function () { language(button.dataset.lang); keep(button.dataset.lang); });
  });
  // `#en` and `#zh` ask for a language; then what was chosen before; then what the report was written in.
  var wanted = { "#en": "en", "#zh": "zh-CN" }[location.hash] || kept();
  language(wanted === "en" || wanted === "zh-CN" ? wanted : root.lang);
  var expand = document.querySelector("[data-expand]");
  expand.addEventListener("click", function () {
    var open = expand.getAttribute("aria-pressed") !== "true";
    expand.setAttribute("aria-pressed", String(open));
    all("main details").forEach(function (node) { node.open = open; });
  });
  document.querySelector("[data-print]").addEventListener("click", function () { print(); });
  var before = [];
  addEventListener("beforeprint", function () {
    before = all("main details").filter(function (node) { return !node.open; });
    before.forEach(function (node) { node.open = true; });
  });
  addEventListener("afterprint", function () { before.forEach(function (node) { node.open = false; }); });
})();
