// A displayed formula wider than the page scrolls within itself: then the keyboard reaches it too.

{
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const box = target.closest(".dl-math");
      const scrolls = box.scrollWidth > box.clientWidth + 1;
      if (scrolls === box.hasAttribute("tabindex")) continue;
      if (scrolls) {
        box.tabIndex = 0;
        box.role = "group";
        box.ariaLabel = "옆으로 미는 수식";
      } else {
        for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
      }
    }
  });
  for (const box of document.querySelectorAll(".dl-math")) {
    watch.observe(box);
    watch.observe(box.firstElementChild); // it grows when its font comes
  }
}
