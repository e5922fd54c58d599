// One viewer of a figure's panels: a slider from the picture to a map, regions that light up.
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector, within = document) => within.querySelector(selector);
  const template = document.getElementById("viewer");

  // a row and the regions it speaks of light up together
  const light = (article, keys, on) => {
    for (const part of all("[data-region]", article)) if (keys.includes(part.dataset.region)) part.classList.toggle("lit", on);
    for (const row of all("[data-regions]", article)) if (keys.some((key) => row.dataset.regions.split(" ").includes(key))) row.classList.toggle("lit", on);
    article.classList.toggle("lights", on);
  };
  const lights = (part, article, keys) => {
    for (const [event, on] of [["pointerenter", true], ["pointerleave", false], ["focus", true], ["blur", false]])
      part.addEventListener(event, () => light(article, keys, on));
  };

  // the parts of a panel's drawing that a layer shows: its picture, or the outlines
  const layer = (panel, kind, names = "") => {
    const drawing = one("svg", panel).cloneNode(true);
    if (names) drawing.setAttribute("aria-labelledby", names);
    drawing.classList.add("layer", kind);
    for (const marks of all(".marks", drawing)) if (kind !== "outlines") marks.remove();
    if (kind === "outlines") {
      for (const child of [...drawing.children]) if (!child.matches(".marks")) child.remove();
      for (const name of ["role", "aria-labelledby"]) drawing.removeAttribute(name);
      drawing.setAttribute("aria-hidden", "true");
    }
    return drawing;
  };

  const labels = (drawn) => {
    const placed = [];
    return all(".outlines > .key[data-region]", drawn).map((key) => {
      const label = document.createElement("span");
      label.className = "label";
      label.dataset.region = key.dataset.region;
      label.append(one(".region", key).cloneNode(true));
      const value = one(".measured b", key);
      if (value) label.append(" ", value.cloneNode(true));
      const across = Number(key.dataset.across);
      let down = Math.min(0.94, Math.max(0.06, Number(key.dataset.down)));
      while (placed.some((other) => Math.abs(other - down) < 0.08) && down < 0.94) down += 0.02;
      placed.push(down);
      label.style.left = `${100 * across}%`;
      label.style.top = `${100 * down}%`;
      // as far along itself as along the picture, so that it ends where the picture does
      label.style.transform = `translate(${-100 * across}%, ${-100 * down}%)`;
      return label;
    });
  };

  let count = 0;
  const view = (figure) => {
    figure.dataset.seen = "";
    const draws = all(":scope > .drawn", figure);
    const made = template.content.cloneNode(true).firstElementChild;
    const stage = one(".stage", made), layers = one(".layers", made), slide = one(".slide input", made);
    const seen = one(".seen", made), chips = one(".chips", made), steps = one(".steps", made), zoom = one("[data-zoom]", made);
    const article = figure.closest("article") || document.body;
    let draw = 0, chosen = 1, over = null, divider = null;
    // what is hidden names nothing in one language alone, so that the drawings are named by copies
    const id = `view-${count += 1}`;
    one(".from", made).id = `${id}-map`;
    one(".to", made).id = `${id}-picture`;
    const uncover = () => {
      const share = Number(slide.value);
      if (over) over.style.clipPath = `inset(0 ${100 - share}% 0 0)`;
      if (divider) divider.style.left = `${share}%`;
    };
    const show = () => {
      const drawn = draws[draw], panels = all(".panel", drawn);
      chosen = Math.min(chosen, panels.length - 1);
      const base = panels[0], top = panels[chosen];
      const legend = one(":scope > .outlines", drawn);
      const named = (part) => `${id}-${part}${legend ? ` ${id}-legend` : ""}`;
      layers.replaceChildren(layer(base, "base", named("picture")));
      over = divider = null;
      if (top !== base) {
        over = layer(top, "over", named("map"));
        divider = document.createElement("span");
        divider.className = "divider";
        divider.setAttribute("aria-hidden", "true");
        layers.append(over);
      }
      if (one(".marks", base)) layers.append(layer(base, "outlines"));
      layers.append(...labels(drawn));
      if (divider) layers.append(divider);
      one(".slide input", made).hidden = one(".from", made).hidden = !over;
      one(".to", made).replaceChildren(...one(".caption", base).cloneNode(true).childNodes);
      one(".from", made).replaceChildren(...one(".caption", top).cloneNode(true).childNodes);
      const shown = top === base ? [top] : [base, top];
      seen.replaceChildren(...shown.flatMap((panel) => all(":scope > :not(svg, .caption)", panel)).map((part) => part.cloneNode(true)));
      if (legend) { const copy = legend.cloneNode(true); copy.id = `${id}-legend`; seen.append(copy); }
      chips.replaceChildren(...panels.slice(1).map((panel, k) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "chip";
        button.setAttribute("aria-pressed", String(k + 1 === chosen));
        button.append(...one(".caption", panel).cloneNode(true).childNodes);
        button.addEventListener("click", () => { chosen = k + 1; show(); chips.children[k].focus(); });
        return button;
      }));
      chips.hidden = panels.length < 3;
      one(".which", made).replaceChildren(...one(".which-draw", drawn).cloneNode(true).childNodes);
      for (const button of all("[data-step]", made)) button.setAttribute("aria-disabled", String(!draws[draw + Number(button.dataset.step)]));
      for (const part of all("[data-region]", made)) lights(part, article, [part.dataset.region]);
      uncover();
    };
    slide.addEventListener("input", uncover);
    const drag = (event) => {
      const frame = layers.getBoundingClientRect();
      slide.value = Math.round((100 * (event.clientX - frame.left)) / frame.width);
      uncover();
    };
    layers.addEventListener("pointerdown", (event) => {
      if (event.button || !over || zoom.getAttribute("aria-pressed") === "true") return;
      layers.setPointerCapture(event.pointerId);
      drag(event);
    });
    layers.addEventListener("pointermove", (event) => { if (layers.hasPointerCapture(event.pointerId)) drag(event); });
    steps.hidden = !one(".which-draw", draws[0]).textContent.trim();
    for (const button of all("[data-step]", made)) {
      button.hidden = draws.length < 2;
      button.addEventListener("click", () => {
        if (!draws[draw + Number(button.dataset.step)]) return;
        draw += Number(button.dataset.step);
        show();
      });
    }
    zoom.addEventListener("click", () => {
      const large = zoom.getAttribute("aria-pressed") !== "true";
      zoom.setAttribute("aria-pressed", String(large));
      stage.classList.toggle("large", large);
      if (large) stage.setAttribute("tabindex", "0"); else stage.removeAttribute("tabindex");
    });
    show();
    figure.prepend(made);
  };

  // what scrolls sideways is a stop of the keyboard's, and nothing else is
  const sized = new ResizeObserver((changes) => {
    for (const { target } of changes) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0; else target.removeAttribute("tabindex");
    }
  });
  all(".scroll").forEach((part) => sized.observe(part));

  // a figure is made ready when its question is opened, so that a page of thirty is there at once
  const ready = (within) => all("figure.maps:not([data-seen])", within).forEach(view);
  if (template) {
    for (const closed of all("details.entry, details.folded, article > details")) closed.addEventListener("toggle", () => { if (closed.open) ready(closed); });
    all("figure.maps").filter((figure) => !figure.closest("details:not([open])")).forEach(view);
  }
  for (const row of all("table [data-regions]")) {
    row.tabIndex = 0;
    lights(row, row.closest("article") || document.body, row.dataset.regions.split(" "));
  }
})();
