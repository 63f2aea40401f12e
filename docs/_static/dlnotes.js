// What the theme's own scripts leave undone. Loaded with `defer`: before DOMContentLoaded, when theirs start.

// --- the page --------------------------------------------------------------------------------------

// The theme takes "" for a mistake and writes an error. (Its own setting for this costs the page without scripts its colours.)
document.documentElement.dataset.mode ||= "auto";

document.addEventListener("DOMContentLoaded", () => {
  document.documentElement.classList.add("dl-js");
});
