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
  if (drawn("한") === drawn("글")) root.classList.add("dl-no-hangul");
})(document.documentElement);
