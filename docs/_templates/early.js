((root) => {
  let mode;
  try {
    mode = localStorage.getItem("mode");
  } catch {}
  if (mode !== "light" && mode !== "dark") mode = "auto";
  root.dataset.mode = mode;
  root.dataset.theme = mode !== "auto" ? mode : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!pen) return;
  const drawn = (letter) => {
    pen.clearRect(0, 0, 32, 32);
    pen.font = "24px system-ui, sans-serif";
    pen.fillText(letter, 2, 26);
    return pen.getImageData(0, 0, 32, 32).data.join();
  };
  if (drawn("한") !== drawn("글")) return;
  root.classList.add("dl-no-hangul");
  const blank = Uint8Array.from(atob("{{ dlnotes_blank }}"), (letter) => letter.charCodeAt(0));
  document.fonts.add(new FontFace("dlnotes blank", blank));
  const hangul = { unicodeRange: "U+1100-11FF, U+3000-303F, U+3130-318F, U+AC00-D7A3" };
  document.fonts.add(new FontFace("dlnotes blank hangul", blank, hangul));
})(document.documentElement);
