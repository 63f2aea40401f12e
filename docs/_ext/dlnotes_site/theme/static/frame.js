// The frame around every page: brightness, the two menus, the place in view. early.js set the theme before paint.

// --- brightness --------------------------------------------------------------------------------------

const dlModes = { auto: "자동", light: "밝게", dark: "어둡게" };

function setUpBrightness(button) {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = (mode) => {
    const dark = mode === "auto" ? system.matches : mode === "dark";
    root.dataset.mode = mode;
    root.dataset.theme = dark ? "dark" : "light";
    button.setAttribute("aria-label", `화면 밝기: ${dlModes[mode]}`);
    button.title = `화면 밝기: ${dlModes[mode]}`;
  };
  button.addEventListener("click", () => {
    const modes = Object.keys(dlModes);
    const mode = modes[(modes.indexOf(root.dataset.mode) + 1) % modes.length];
    try {
      localStorage.setItem("mode", mode);
    } catch {} // nothing may be stored: it then holds for this page
    apply(mode);
  });
  system.addEventListener("change", () => apply(root.dataset.mode));
  addEventListener("storage", (event) => {
    if (event.key === "mode" && event.newValue in dlModes) apply(event.newValue); // chosen in another tab
  });
  apply(root.dataset.mode);
}

// --- menus -------------------------------------------------------------------------------------------

function setUpMenus() {
  for (const menu of document.querySelectorAll("[popover].dl-menu")) {
    menu.addEventListener("toggle", () => {
      document.documentElement.classList.toggle("dl-menu-open", menu.matches(":popover-open"));
    });
    // A place on the same page is behind the menu that led to it.
    menu.addEventListener("click", (event) => {
      if (event.target.closest("a") && menu.matches(":popover-open")) menu.hidePopover();
    });
  }
  const here = document.querySelector("#dl-site-menu a.current");
  const menu = document.getElementById("dl-site-menu");
  const wide = matchMedia("(min-width: 992px)");
  const show = () => {
    if (!wide.matches && !menu.matches(":popover-open")) return; // not there: asking its size would cost a layout
    if (here && here.offsetTop + 2 * here.offsetHeight > menu.clientHeight) {
      menu.scrollTop = here.offsetTop - menu.clientHeight / 2;
    }
  };
  menu.addEventListener("toggle", show);
  requestAnimationFrame(show);
}

// --- the place in view -------------------------------------------------------------------------------

function setUpContents(contents) {
  const links = new Map();
  for (const link of contents.querySelectorAll("a[href^='#']")) {
    const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (section) links.set(section, link);
  }
  const seen = new Set();
  const mark = () => {
    const here = [...links.keys()].filter((section) => seen.has(section)).at(-1);
    for (const [section, link] of links) {
      const current = section === here;
      link.classList.toggle("active", current);
      if (current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
      link.closest("li").classList.toggle("active", current || (here !== undefined && section.contains(here)));
    }
  };
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) seen[entry.isIntersecting ? "add" : "delete"](entry.target);
      mark();
    },
    { rootMargin: "-72px 0px -75% 0px" },
  );
  for (const section of links.keys()) observer.observe(section);
}

// --- paper -------------------------------------------------------------------------------------------

function setUpPrinting() {
  for (const button of document.querySelectorAll(".dl-print")) button.addEventListener("click", () => print());
  const root = document.documentElement;
  const opened = [];
  let theme = null;
  addEventListener("beforeprint", () => {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
    for (const fold of document.querySelectorAll("article details:not([open], .dl-deeper, .dl-hidden)")) {
      fold.open = true;
      opened.push(fold);
    }
  });
  addEventListener("afterprint", () => {
    if (theme !== null) root.dataset.theme = theme;
    for (const fold of opened.splice(0)) fold.open = false;
  });
}

document.querySelectorAll(".theme-switch-button").forEach(setUpBrightness);
setUpMenus();
setUpPrinting();
document.querySelectorAll("#dl-page-menu nav").forEach(setUpContents);
