// A formula is copied as its TeX, as in $x_1$: the browser's own text of MathML is one sign a line, without scripts.
// What is copied as HTML keeps its MathML. Of a formula selected in part the whole is copied.
document.addEventListener("copy", (event) => {
  const selection = getSelection();
  if (!selection.rangeCount || event.target.closest?.("input, textarea")) return;
  const range = selection.getRangeAt(0);
  const formulas = [...document.querySelectorAll("math")];
  const first = formulas.findIndex((formula) => range.intersectsNode(formula));
  if (first < 0) return;
  const last = formulas.findLastIndex((formula) => range.intersectsNode(formula));
  // A long formula stands in pieces, and the first of them has the TeX.
  const head = formulas.findLastIndex((formula, place) => place <= first && formula.dataset.tex);
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
  if (head < first || formulas[first].contains(range.startContainer)) range.setStartBefore(formulas[head]);
  if (formulas[last].contains(range.endContainer)) range.setEndAfter(formulas[last]);

  const copied = document.createElement("div");
  copied.append(range.cloneContents());
  const unseen = ".dl-tip:not(.dl-open), button, .headerlink, [hidden], details:not([open]) > :not(summary)";
  for (const one of copied.querySelectorAll(unseen)) one.remove();

  const inserted = formulas.slice(head, last + 1).filter(({ dataset }) => dataset.tex).map((formula) => {
    const mark = formula.getAttribute("display") === "block" ? "$$" : "$";
    const tex = new Text(mark + formula.dataset.tex + mark);
    formula.before(tex);
    return tex;
  });
  document.documentElement.classList.add("dl-as-tex");
  event.clipboardData.setData("text/plain", selection.toString());
  event.clipboardData.setData("text/html", copied.innerHTML);
  event.preventDefault();
  document.documentElement.classList.remove("dl-as-tex");
  for (const tex of inserted) tex.remove();
  selection.setBaseAndExtent(anchorNode, anchorOffset, focusNode, focusOffset);
});
