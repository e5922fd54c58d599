// Pages whose questions are articles one below the other: found by words and by state.
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector, within = document) => within.querySelector(selector);
  const template = document.getElementById("finder");
  const articles = all("main article.question");
  if (!template || articles.length < 2) return;
  const tools = template.content.cloneNode(true).firstElementChild;
  const search = one("input", tools), chips = one(".chips", tools);
  const state = (article) => { const badge = one("header .badge, summary .badge", article); return badge ? badge.className : ""; };
  let chosen = "";
  const filter = () => {
    const words = search.value.trim().toLowerCase();
    let count = 0;
    for (const article of articles) {
      article.hidden = !((!chosen || state(article) === chosen) && article.textContent.toLowerCase().includes(words));
      count += article.hidden ? 0 : 1;
    }
    one("[data-count]", tools).textContent = `${count} ∕ ${articles.length}`;
    for (const chip of all("button", chips)) chip.setAttribute("aria-pressed", String(chip.dataset.of === chosen));
  };
  const states = new Map();
  for (const article of articles) if (state(article)) states.set(state(article), (states.get(state(article)) || 0) + 1);
  if (states.size > 1) for (const [name, count] of states) {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.dataset.of = name;
    chip.className = name.replace("badge", "chip");
    chip.append(...one(`.${CSS.escape(name.split(" ").pop())}.badge`).cloneNode(true).childNodes, ` ${count}`);
    chip.addEventListener("click", () => { chosen = chosen === name ? "" : name; filter(); });
    chips.append(chip);
  }
  search.addEventListener("input", filter);
  addEventListener("hashchange", () => {
    chosen = search.value = "";
    filter();
    const name = decodeURIComponent(location.hash.slice(1));
    const place = document.getElementById(name) || document.getElementById(`question-${name}`);
    if (place) place.scrollIntoView();
  });
  articles[0].before(tools);
  filter();
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    search.focus();
    event.preventDefault();
  });
})();
