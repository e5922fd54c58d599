// Pages that print what changed or is wrong alone print everything by a button.
(() => {
  const root = document.documentElement;
  let opened = [];
  for (const button of document.querySelectorAll("[data-do=paper]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      opened = [...document.querySelectorAll("article details:not([open])")];
      opened.forEach((part) => { part.open = true; });
      root.dataset.paper = "all";
      print();
    });
  }
  addEventListener("afterprint", () => {
    opened.forEach((part) => { part.open = false; });
    opened = [];
    delete root.dataset.paper;
  });
})();
