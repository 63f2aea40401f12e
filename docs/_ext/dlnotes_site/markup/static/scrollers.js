// What scrolls within itself is a stop for the keyboard, says what it is, and fades towards what is out of sight;
// what does not, is no stop.
{
  const NAMES = [
    [".dl-math, .bd-article dl.py p:has(> math)", "옆으로 미는 수식"],
    [".cell_output pre", "실행 결과"],
    [".cell_output .output.text_html, .pst-scrollable-table-container", "옆으로 미는 표"],
    [".bd-article pre", "옆으로 미는 코드"],
  ];
  const scrolls = (box) =>
    box.scrollWidth > box.clientWidth + 1 ||
    (box.scrollHeight > box.clientHeight + 1 && getComputedStyle(box).overflowY === "auto");
  const fade = (box) => {
    const hidden = box.scrollWidth - box.clientWidth;
    box.classList.toggle("dl-more-before", box.scrollLeft > 1);
    box.classList.toggle("dl-more-after", box.scrollLeft < hidden - 1);
  };
  const mark = (box) => {
    // Half a pixel too wide, rounded up: there is nothing to scroll to.
    const fits = box.scrollWidth === box.clientWidth + 1 && box.scrollHeight <= box.clientHeight;
    const unchanged = scrolls(box) === box.hasAttribute("tabindex");
    box.classList.toggle("dl-fits", fits);
    fade(box);
    if (unchanged) return;
    if (box.hasAttribute("tabindex")) {
      for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
    } else {
      box.tabIndex = 0;
      box.role = "group";
      box.ariaLabel = NAMES.find(([where]) => box.matches(where))[1];
    }
  };
  const where = NAMES.map(([selector]) => selector).join();
  const watch = new ResizeObserver((entries) => new Set(entries.map(({ target }) => target.closest(where))).forEach(mark));
  for (const box of document.querySelectorAll(where)) {
    if (box.querySelector("figure, .dl-picture")) continue; // a figure's panels wrap
    watch.observe(box);
    if (box.firstElementChild) watch.observe(box.firstElementChild); // a font that comes late widens what is inside
    box.addEventListener("scroll", () => fade(box), { passive: true });
  }
}
