// Tables that are sorted by a click on a column, and that are had as a file.
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const button = (words, pressed) => {
    const made = document.createElement("button");
    made.type = "button";
    made.append(words);
    made.addEventListener("click", pressed);
    return made;
  };
  const said = (cell) => cell.dataset.value ?? cell.innerText.trim();

  for (const table of all("table.sortable")) {
    const rows = () => all(":scope > tbody > tr", table);
    let by = -1, back = false;
    all("thead th", table).forEach((head, column) => {
      const words = document.createElement("span");
      words.append(...head.childNodes);
      head.append(button(words, () => {
        back = by === column && !back;
        by = column;
        all("thead th", table).forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", back ? "descending" : "ascending");
        const plain = (row) => said(row.cells[column]).replace("−", "-").replace(/^[<>≈] /, "");
        const sorted = rows().sort((a, b) => {
          const [one, other] = [plain(a), plain(b)], numbers = [Number(one), Number(other)];
          return numbers.every(Number.isFinite) && one && other ? numbers[0] - numbers[1] : one.localeCompare(other, undefined, { numeric: true });
        });
        if (back) sorted.reverse();
        table.tBodies[0].append(...sorted);
      }));
    });
  }
  for (const table of all("table[data-csv], .behind table")) {
    const row = document.createElement("p");
    row.className = "take";
    row.append(button("CSV", () => {
      saveTable(`${table.dataset.csv || "numbers"}.csv`, all("tr", table).map((line) => [...line.cells].map(said)));
    }));
    (table.closest(".scroll") || table).after(row);
  }
})();
