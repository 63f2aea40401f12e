// Code and solutions fold by themselves, as <details>. Here: all code at once, remembered from page to page; and
// a link into what is folded opens it.
{
  const KEY = "dl-code";
  const folds = [...document.querySelectorAll("details.dl-code")];
  const buttons = [...document.querySelectorAll(".dl-fold-all")];
  const before = new Map(folds.map((fold) => [fold, fold.open]));

  const remembered = () => {
    try {
      return localStorage.getItem(KEY) ?? "";
    } catch {
      return ""; // storage may be refused
    }
  };
  const remember = (choice) => {
    try {
      if (choice) localStorage.setItem(KEY, choice);
      else localStorage.removeItem(KEY);
    } catch {
      // the choice then holds for this page only
    }
  };
  // "open", "closed", or "": as the page's author meant it.
  const apply = (choice) => {
    document.documentElement.classList.toggle("dl-code-closed", choice === "closed");
    for (const fold of folds) fold.open = choice ? choice === "open" : before.get(fold);
    for (const button of buttons) button.ariaPressed = String(button.value === choice);
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const choice = button.ariaPressed === "true" ? "" : button.value;
      remember(choice);
      apply(choice);
    });
  }
  if (remembered()) apply(remembered());

  // --- sections that fold: all of them at once ----------------------------------------------------------

  const parts = [...document.querySelectorAll("details.dl-deeper")];
  // Below a page's title it would push what is being read: glossary and errata have none.
  const heading = parts[0]?.closest("section").parentElement.querySelector(":scope > h2");
  if (heading) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "dl-tool dl-deeper-all";
    const tell = () => {
      button.textContent = parts.every((part) => part.open) ? "모두 접기" : "모두 펼치기";
    };
    button.addEventListener("click", () => {
      const open = !parts.every((part) => part.open);
      for (const part of parts) part.open = open;
      tell();
    });
    for (const part of parts) part.addEventListener("toggle", tell);
    tell();
    heading.after(button);
  }

  // --- links into what is folded ------------------------------------------------------------------

  const named = () => {
    const name = location.hash.slice(1);
    try {
      return decodeURIComponent(name);
    } catch {
      return name; // no UTF-8: it names nothing
    }
  };
  const reveal = () => {
    const target = document.getElementById(named());
    let folded = false;
    const own = target?.querySelector(":scope > details.dl-deeper");
    for (let fold = own ?? target?.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      folded ||= !fold.open;
      fold.open = true;
    }
    if (folded) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();
}
