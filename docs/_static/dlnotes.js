// What the theme's own scripts leave undone. Loaded with `defer`: before DOMContentLoaded, when theirs start.

// --- Korean in the scripts of others ---------------------------------------------------------------

if (typeof messages === "object" && messages.en?.copy_success) {
  // sphinx-copybutton's
  iconCheck = iconCheck.replace(messages.en.copy_success, "복사했습니다");
  messages.ko = {
    copy: "복사",
    copy_to_clipboard: "복사",
    copy_success: "복사했습니다",
    copy_failure: "복사하지 못했습니다",
  };
  locale = "ko";
}

// --- errata ----------------------------------------------------------------------------------------

// A tip is pinned by a click, and shows for as long as it is hovered or has the focus of the keyboard.
function setUpErratum(erratum) {
  const mark = erratum.querySelector(".dl-mark");
  const tip = erratum.querySelector(".dl-tip");
  let pinned = false;
  let leaving = 0;

  const place = () => {
    const margin = 8;
    const { left, top, bottom, width } = mark.getBoundingClientRect();
    const room = document.documentElement.clientWidth - margin - tip.offsetWidth;
    const below = bottom + 2;
    const above = top - 2 - tip.offsetHeight;
    const fitsBelow = below + tip.offsetHeight <= window.innerHeight - margin;
    tip.style.left = `${Math.max(margin, Math.min(left + width / 2 - tip.offsetWidth / 2, room))}px`;
    tip.style.top = `${fitsBelow || above < margin ? below : above}px`;
  };
  const show = (open, pin = false) => {
    clearTimeout(leaving);
    pinned = open && pin;
    erratum.classList.toggle("dl-open", open);
    mark.setAttribute("aria-expanded", String(open));
    for (const event of ["scroll", "resize"]) {
      window.removeEventListener(event, place, true);
      if (open) window.addEventListener(event, place, true);
    }
    if (open) place();
  };

  mark.addEventListener("click", () => show(!pinned, true));
  erratum.addEventListener("pointerenter", (event) => {
    if (event.pointerType === "mouse") show(true, pinned);
  });
  erratum.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "mouse" || pinned) return;
    leaving = setTimeout(() => show(false), 150); // time to cross from the mark to the tip
  });
  erratum.addEventListener("focusin", (event) => {
    if (event.target.matches(":focus-visible")) show(true, pinned);
  });
  erratum.addEventListener("focusout", (event) => {
    if (!erratum.contains(event.relatedTarget) && !pinned) show(false);
  });
  document.addEventListener("pointerdown", (event) => {
    if (!erratum.contains(event.target)) show(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !erratum.classList.contains("dl-open")) return;
    if (tip.contains(document.activeElement)) mark.focus();
    show(false);
  });
}

// --- the page --------------------------------------------------------------------------------------

// The theme takes "" for a mistake and writes an error. (Its own setting for this costs the page without scripts its colours.)
document.documentElement.dataset.mode ||= "auto";

document.addEventListener("DOMContentLoaded", () => {
  document.documentElement.classList.add("dl-js");
  document.querySelectorAll(".dl-erratum").forEach(setUpErratum);
  document.querySelectorAll("button.toggle-button").forEach((button) => button.setAttribute("aria-label", "풀이"));
});
