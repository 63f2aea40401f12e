((root) => {
  root.classList.add("dl-js");
  let mode;
  try {
    mode = localStorage.getItem("mode");
  } catch {}
  if (mode !== "light" && mode !== "dark") mode = "auto";
  root.dataset.mode = mode;
  root.dataset.theme = mode !== "auto" ? mode : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  // What stands deep in the page is laid out later (later.js), unless the page opens somewhere within.
  const [way] = performance.getEntriesByType("navigation");
  if (!location.hash && way?.type === "navigate") root.classList.add("dl-later");
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!pen) return;
  const drawn = (letter) => {
    pen.clearRect(0, 0, 32, 32);
    pen.font = "24px system-ui, sans-serif";
    pen.fillText(letter, 2, 26);
    return pen.getImageData(0, 0, 32, 32).data;
  };
  // Without a Hangul font Chromium draws the same box for every letter; Firefox a box with the letter's number.
  const rows = new Set();
  drawn("ㅡ").forEach((value, at) => value > 64 && rows.add(at >> 7));
  const flat = rows.size > 0 && rows.size < 12;
  if (flat && drawn("한").join() !== drawn("글").join()) return;
  root.classList.add("dl-no-hangul");
  const blank = Uint8Array.from(atob("{{ dlnotes_blank }}"), (letter) => letter.charCodeAt(0));
  document.fonts.add(new FontFace("dlnotes blank", blank));
  const hangul = { unicodeRange: "U+1100-11FF, U+3000-303F, U+3130-318F, U+AC00-D7A3" };
  document.fonts.add(new FontFace("dlnotes blank hangul", blank, hangul));
  // The letters are asked for now, but the page is shown without waiting for them.
  if (location.protocol === "file:") return; // there nothing can be asked for ahead
  for (const href of {{ fonts|tojson }}) {
    const link = document.createElement("link");
    Object.assign(link, { rel: "preload", as: "font", type: "font/woff2", crossOrigin: "", fetchPriority: "low", href });
    document.head.append(link);
  }
})(document.documentElement);
