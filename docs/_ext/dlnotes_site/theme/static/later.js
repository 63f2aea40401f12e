// A long page is shown before all of it is laid out: thousands of a formula's parts and of a picture's strokes would
// keep a phone busy. What stands deep in it waits (content-visibility, later.css) until it comes near, or until the
// browser is idle: then a little at a time. early.js says whether it may wait.
if (document.documentElement.classList.contains("dl-later")) {
  const { classList } = document.documentElement;
  const blocks = [...document.querySelectorAll("section section section > :not(section)")];
  const idle = window.requestIdleCallback ?? ((next) => setTimeout(next, 20));
  const lay = () => {
    const end = performance.now() + 5;
    while (blocks.length && classList.contains("dl-later")) {
      const block = blocks.shift();
      block.classList.add("dl-laid");
      block.getBoundingClientRect(); // laid out now, in this bit of idle time
      if (performance.now() > end) return idle(lay);
    }
  };
  addEventListener("load", () => idle(lay));
  // Whoever jumps, opens a note or prints needs the true places. Once all is laid out they are true, and to style
  // the whole page anew would only keep the first key waiting.
  for (const act of ["click", "keydown", "beforeprint"]) {
    addEventListener(act, () => blocks.length && classList.remove("dl-later"), { capture: true, once: true });
  }
}
