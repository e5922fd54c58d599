"use strict";
// What is handy and no more: without this script the page can be read whole.

// a table as a file; no cell of it begins a formula, but for numbers below zero
const saveTable = (name, lines) => {
  const quoted = (text) => `"${(/^[=+\-@\t\r]/.test(text) && !/^-[\d.]+$/.test(text) ? "'" : "") + text.replaceAll('"', '""').replace(/\s+/g, " ")}"`;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\ufeff", lines.map((line) => line.map(quoted).join(",")).join("\r\n"), "\r\n"], { type: "text/csv" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
};

(() => {
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector, within = document) => within.querySelector(selector);
  const asked = new URLSearchParams(location.search);

  // a page opened from disk may be refused a memory; what is in its address is enough then
  const remembered = (name) => {
    try { return asked.get(name) || localStorage.getItem(`quizproof.${name}`) || ""; } catch { return asked.get(name) || ""; }
  };
  const remember = (name, value) => {
    asked.set(name, value);
    try { localStorage.setItem(`quizproof.${name}`, value); } catch { /* the address has it */ }
  };

  // language and theme: chosen once, taken along in links to other pages
  const choose = (language) => {
    const button = document.getElementById(`language-${language}`);
    if (button) { button.checked = true; root.lang = language; }
  };
  choose(remembered("language"));
  all("input[name=language]").forEach((button) => button.addEventListener("change", () => {
    const language = button.id.replace("language-", "");
    root.lang = language;
    remember("language", language);
  }));
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const theme = remembered("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  all("[data-do=theme]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const isDark = root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;
      root.dataset.theme = isDark ? "light" : "dark";
      remember("theme", root.dataset.theme);
    });
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[href]");
    const address = link && link.getAttribute("href");
    if (!address || address.startsWith("#") || /^[a-z]+:/i.test(address)) return;
    const [path, place] = address.split("#");
    const carried = new URLSearchParams(path.split("?")[1] || "");
    for (const name of ["language", "theme"]) if (remembered(name)) carried.set(name, remembered(name));
    link.setAttribute("href", path.split("?")[0] + (`${carried}` ? `?${carried}` : "") + (place ? `#${place}` : ""));
  });

  // an address with #q11 opens question 11, and so does a link to it
  const reveal = (jump) => {
    const name = decodeURIComponent(location.hash.slice(1));
    const place = document.getElementById(name) || document.getElementById(`question-${name}`);
    if (!place) return;
    for (let outer = place.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true;
    const row = place.closest(".entry");
    if (row) row.hidden = false;
    if (jump) (row || place).scrollIntoView();
  };
  addEventListener("hashchange", () => reveal(true));
  if (location.hash) reveal(true);

  const rows = one(".rows");
  if (!rows) return;
  const questions = () => all(".entry", rows);
  const sought = { state: "", topic: "", evidence: "", words: "" };
  const found = new Map(questions().map((row) => [row, `${row.dataset.id} ${row.dataset.topic} ${one(".c-q", row).textContent}`.toLowerCase()]));
  const filter = () => {
    let count = 0;
    for (const row of questions()) {
      const fits = ["state", "topic", "evidence"].every((name) => !sought[name] || row.dataset[name] === sought[name])
        && found.get(row).includes(sought.words);
      row.hidden = !fits;
      count += fits ? 1 : 0;
    }
    one("[data-count]").textContent = count;
  };
  all(".tools, .keys").forEach((part) => { part.hidden = false; });
  for (const name of ["state", "evidence"]) {
    const buttons = all(`.tools button[data-${name}]`);
    buttons.forEach((button) => button.addEventListener("click", () => {
      const again = sought[name] === button.dataset[name];
      sought[name] = again ? "" : button.dataset[name];
      buttons.forEach((other) => other.setAttribute("aria-pressed", String(other.dataset[name] === sought[name])));
      filter();
    }));
  }
  all(".tools select").forEach((list) => list.addEventListener("change", () => { sought[list.dataset.filter] = list.value; filter(); }));
  const search = one(".tools input[type=search]");
  search.addEventListener("input", () => { sought.words = search.value.trim().toLowerCase(); filter(); });

  // sorting: a second time turns the order round
  const words = (row, column) => { const cell = one(`.c-${column}`, row); return cell ? cell.innerText.replace(one(".cell-name", cell).innerText, "").trim() : ""; };
  let order = "";
  const first = questions();
  all(".row-head [data-sort]").forEach((head) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const column = head.dataset.sort;
      const back = order === column;
      order = back ? "" : column;
      all(".row-head button").forEach((other) => { delete other.dataset.order; other.removeAttribute("aria-pressed"); });
      button.dataset.order = back ? "descending" : "ascending";
      button.setAttribute("aria-pressed", "true");
      const sorted = column === "state"
        ? [...first]
        : questions().sort((a, b) => words(a, column).localeCompare(words(b, column), undefined, { numeric: true }));
      if (back) sorted.reverse();
      rows.append(...sorted);
    });
  });
  one(".row-head").removeAttribute("aria-hidden");

  one("[data-do=csv]").addEventListener("click", () => {
    const columns = all(".row-head [data-sort]").map((head) => head.dataset.sort);
    const lines = [all(".row-head [data-sort]").map((head) => head.innerText)];
    for (const row of questions()) if (!row.hidden) lines.push(columns.map((column) => words(row, column)));
    saveTable("questions.csv", lines);
  });
  one("[data-do=open]").addEventListener("click", () => {
    const shown = questions().filter((row) => !row.hidden);
    const open = shown.some((row) => !row.open);
    shown.forEach((row) => { row.open = open; });
  });

  // on paper the evidence of what is wrong, and whatever is open, follows its row
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = questions().filter((row) => "wrong" in row.dataset && !row.open);
    opened.forEach((row) => { row.open = true; row.dataset.opened = ""; });
  });
  addEventListener("afterprint", () => opened.forEach((row) => { row.open = false; delete row.dataset.opened; }));

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    const shown = questions().filter((row) => !row.hidden);
    const at = shown.findIndex((row) => row.contains(document.activeElement));
    if (event.key === "j" || event.key === "k") {
      const next = shown[event.key === "j" ? Math.min(at + 1, shown.length - 1) : Math.max(at - 1, 0)];
      if (next) { one("summary", next).focus(); next.scrollIntoView({ block: "nearest" }); }
    } else if (event.key === "/") {
      search.focus();
    } else if (event.key === "?") {
      const help = one("footer .reading");
      help.open = true;
      one("summary", help).focus();
    } else return;
    event.preventDefault();
  });
})();
{% include "viewer.js" %}

{% include "tables.js" %}

{% include "finder.js" %}

{% include "paper.js" %}
