"use strict";
(function () {
  var root = document.documentElement;
  var all = function (selector, from) { return Array.prototype.slice.call((from || document).querySelectorAll(selector)); };
  var zh = function () { return root.lang === "zh-CN"; };
  // From disk some browsers refuse storage; the choice then lasts as long as the page.
  function keep(name, value) { try { localStorage.setItem("anning-" + name, value); } catch (e) { return; } }
  function kept(name) { try { return localStorage.getItem("anning-" + name); } catch (e) { return null; } }

  function language(lang) {
    root.lang = lang;
    all("[data-zh]").forEach(function (node) {
      var text = zh() ? node.dataset.zh : node.dataset.en;
      if (node.tagName === "TITLE") { node.textContent = text; return; }
      node.setAttribute("aria-label", text);
      if (node.hasAttribute("title")) { node.title = text; }
    });
    all("[data-lang]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.lang === lang));
    });
  }
  all("[data-lang]").forEach(function (button) {
    button.addEventListener("click", function () { language(button.dataset.lang); keep("lang", button.dataset.lang); });
  });
  var wanted = kept("lang");
  language(wanted === "en" || wanted === "zh-CN" ? wanted : root.lang);

  var themeButton = document.querySelector("[data-theme-toggle]");
  function theme(dark) {
    root.dataset.theme = dark ? "dark" : "light";
    themeButton.setAttribute("aria-pressed", String(dark));
  }
  var chosen = kept("theme");
  theme(chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
  themeButton.addEventListener("click", function () {
    var dark = root.dataset.theme !== "dark";
    theme(dark);
    keep("theme", dark ? "dark" : "light");
  });

  var expand = document.querySelector("[data-expand]");
  expand.addEventListener("click", function () {
    var open = expand.getAttribute("aria-pressed") !== "true";
    expand.setAttribute("aria-pressed", String(open));
    all("main details").forEach(function (node) { node.open = open; });
  });
  document.querySelector("[data-print]").addEventListener("click", function () { print(); });
  var before = [], wasDark = false;
  addEventListener("beforeprint", function () {
    wasDark = root.dataset.theme === "dark";
    theme(false);
    before = all("main details").filter(function (node) { return !node.open; });
    before.forEach(function (node) { node.open = true; });
  });
  addEventListener("afterprint", function () {
    theme(wasDark);
    before.forEach(function (node) { node.open = false; });
  });

  all(".tabs").forEach(function (tabs) {
    var buttons = all("[role=tab]", tabs);
    function choose(n, focus) {
      buttons.forEach(function (button, i) {
        button.setAttribute("aria-selected", String(i === n));
        button.tabIndex = i === n ? 0 : -1;
        document.getElementById(button.getAttribute("aria-controls")).hidden = i !== n;
      });
      if (focus) { buttons[n].focus(); }
    }
    buttons.forEach(function (button, i) {
      button.addEventListener("click", function () { choose(i, false); });
      button.addEventListener("keydown", function (event) {
        var step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (step) { choose((i + step + buttons.length) % buttons.length, true); event.preventDefault(); }
      });
    });
    choose(0, false);
  });

  var tip = document.getElementById("tip");
  all("svg.timeline").forEach(function (svg) {
    var panel = svg.parentElement;
    var columns = panel.querySelector("template.columns").content.textContent.split(";").filter(Boolean);
    var left = Number(svg.dataset.left), width = Number(svg.dataset.width);
    var cursor = svg.querySelector(".cursor"), at = -1;
    function show(i, x, y) {
      at = Math.max(0, Math.min(columns.length - 1, i));
      var part = columns[at].split(" ");
      var names = zh() ? ["发送", "违反", "未能证明", "存疑"] : ["sends", "breached", "unproved", "unclear"];
      var place = left + (at + 0.5) * (width - left) / columns.length;
      cursor.setAttribute("x1", place);
      cursor.setAttribute("x2", place);
      tip.textContent = [part[0]].concat(names.map(function (name, n) {
        return name + " " + Number(part[n + 1]).toLocaleString("en-US");
      })).join("\n");
      tip.hidden = false;
      var box = svg.getBoundingClientRect();
      var px = x === null ? box.left + place / width * box.width : x;
      var py = y === null ? box.top + 60 : y;
      tip.style.left = Math.max(4, Math.min(px + 14, innerWidth - tip.offsetWidth - 8)) + "px";
      tip.style.top = Math.max(4, Math.min(py + 14, innerHeight - tip.offsetHeight - 8)) + "px";
    }
    function hide() { tip.hidden = true; cursor.setAttribute("x1", -9); cursor.setAttribute("x2", -9); }
    svg.addEventListener("pointermove", function (event) {
      var box = svg.getBoundingClientRect();
      var x = (event.clientX - box.left) / box.width * width;
      if (x < left) { hide(); return; }
      show(Math.floor((x - left) / (width - left) * columns.length), event.clientX, event.clientY);
    });
    svg.addEventListener("pointerleave", hide);
    panel.addEventListener("keydown", function (event) {
      var step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) { show(at + step, null, null); event.preventDefault(); }
      if (event.key === "Escape") { hide(); }
    });
    panel.addEventListener("blur", hide);
  });

  // A cell that a spreadsheet would run as a formula is made text.
  function cell(text) {
    var safe = /^[=+\-@\t\r＝＋－＠]/.test(text) ? "'" + text : text;
    return /[",\n\r]/.test(safe) ? "\"" + safe.replace(/"/g, "\"\"") + "\"" : safe;
  }
  function shown(node) {
    var copy = node.cloneNode(true);
    all(zh() ? ".e" : ".z", copy).forEach(function (other) { other.remove(); });
    return copy.textContent.replace(/\s+/g, " ").trim();
  }
  all("table[data-csv]").forEach(function (table) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "csv";
    button.textContent = "CSV";
    button.addEventListener("click", function () {
      var lines = all("tr", table).map(function (row) {
        return all("th,td", row).map(function (node) {
          var text = shown(node);
          return cell(node.classList.contains("num") ? text.replace(/,/g, "") : text);
        }).join(",");
      });
      var link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob(["\ufeff" + lines.join("\r\n") + "\r\n"], { type: "text/csv" }));
      link.download = table.dataset.csv + ".csv";
      link.click();
      setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
    });
    table.parentElement.after(button);
  });

  if ("IntersectionObserver" in window) {
    var links = {};
    all(".toc a").forEach(function (link) { links[link.hash.slice(1)] = link; });
    var seen = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        var link = links[entry.target.id];
        if (!entry.isIntersecting || !link) { return; }
        all(".toc a[aria-current]").forEach(function (old) { old.removeAttribute("aria-current"); });
        link.setAttribute("aria-current", "true");
      });
    }, { rootMargin: "-20% 0px -70% 0px" });
    all("main section[id]").forEach(function (section) { seen.observe(section); });
  }
})();
