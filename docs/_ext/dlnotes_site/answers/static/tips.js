// Small notes beside words: what a term means, what was printed before a correction.
//
// A note shows while its words are hovered or have the keyboard's focus, until Esc or until they are left
// (WCAG 1.4.13: it can be dismissed, hovered, and stays). A tap or a click on a mark pins it. The first tap on a
// term shows the note, whose own link leads to the glossary; a click of the mouse, Enter and a second tap go there.
// Notes are out of the flow: nothing on the page moves. What has a note is one stop for the keyboard: the link within
// the note is another only while it is pinned (Enter on a mark), since a term leads to the same place itself.
{
  const MARGIN = 8;
  const DELAY = 120; // for a pointer that only passes, and for one that crosses from the words to the note
  let pointer = ""; // the kind that was pressed last
  let shown = null;

  class Note {
    constructor(trigger, words, note) {
      Object.assign(this, { trigger, words, note, timer: 0 });
      this.pin(false);
      for (const part of new Set([words, note])) {
        part.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && this.soon(true));
        part.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && this.soon(false));
      }
      for (const part of new Set([trigger, note])) {
        part.addEventListener("focusin", () => part.matches(":focus-visible, :has(:focus-visible)") && this.show());
        part.addEventListener("focusout", (event) => !this.holds(event.relatedTarget) && !this.pinned && this.hide());
      }
    }

    pin(pinned) {
      this.pinned = pinned;
      for (const link of this.note.querySelectorAll("a")) link.tabIndex = pinned ? 0 : -1;
    }

    holds(node) {
      return this.words.contains(node) || this.note.contains(node);
    }

    soon(show) {
      clearTimeout(this.timer);
      const held = () => this.pinned || this.holds(document.activeElement);
      this.timer = setTimeout(() => (show ? this.show() : held() || this.hide()), DELAY);
    }

    show(pin = this.pinned) {
      clearTimeout(this.timer);
      if (shown !== this) shown?.hide();
      this.pin(pin);
      shown = this;
      if (this.trigger.nextElementSibling !== this.note) this.trigger.after(this.note); // next for Tab, too
      document.documentElement.classList.remove("dl-later"); // within what waits, the screen is not the measure
      this.note.classList.add("dl-open");
      this.lift(true);
      if (this.trigger.ariaExpanded) this.trigger.ariaExpanded = "true";
      this.place();
    }

    hide() {
      clearTimeout(this.timer);
      this.pin(false);
      if (shown === this) shown = null;
      this.note.classList.remove("dl-open");
      this.lift(false);
      if (this.trigger.ariaExpanded) this.trigger.ariaExpanded = "false";
    }

    // What holds the note is no layer of its own while it is open (explore.css).
    lift(over) {
      const held = (one) => one.closest("section > *");
      for (let one = held(this.trigger); one; one = held(one.parentElement)) one.classList.toggle("dl-over", over);
    }

    // Below the words, or above them where there is no room below; never past the edge of the screen, even if that
    // hides the words: on a window of 320 by 256 pixels there may be room on neither side.
    place() {
      const lines = [...this.trigger.getClientRects()];
      const [first, last] = [lines[0], lines.at(-1)];
      if (!first) return this.hide();
      const { offsetWidth: width, offsetHeight: height } = this.note;
      const below = last.bottom + 2;
      const above = first.top - 2 - height;
      const lowest = window.innerHeight - MARGIN - height;
      const inSight = last.bottom > 0 && first.top < window.innerHeight;
      const fits = below <= lowest || above < MARGIN;
      const line = fits ? last : first;
      const room = document.documentElement.clientWidth - MARGIN - width;
      const left = Math.max(MARGIN, Math.min(line.left + line.width / 2 - width / 2, room));
      this.note.style.left = `${left}px`;
      this.note.style.top = `${fits && inSight ? Math.min(below, lowest) : fits ? below : above}px`;
    }
  }

  for (const erratum of document.querySelectorAll(".dl-erratum")) {
    const mark = erratum.querySelector(".dl-mark");
    const note = new Note(mark, erratum, erratum.querySelector(".dl-tip"));
    mark.addEventListener("click", () => (note.pinned ? note.hide() : note.show(true)));
  }

  for (const link of document.querySelectorAll("a:has(> .dl-term)")) {
    const tip = document.getElementById(`tip-${link.hash.slice(1)}`);
    if (!tip) continue;
    const note = new Note(link, link, tip);
    link.setAttribute("aria-describedby", `${tip.id}-said`);
    link.addEventListener("click", (event) => {
      // Enter, and a screen reader's own tap, have no detail: they go where the link says.
      if (pointer === "mouse" || event.detail === 0 || note.pinned) return;
      event.preventDefault();
      note.show(true);
    });
  }

  document.addEventListener(
    "pointerdown",
    (event) => {
      pointer = event.pointerType;
      if (shown && !shown.holds(event.target)) shown.hide();
    },
    true,
  );
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !shown) return;
    if (shown.note.contains(document.activeElement)) shown.trigger.focus({ preventScroll: true });
    shown.hide();
  });
  addEventListener("scroll", () => shown?.place(), { capture: true, passive: true });
  addEventListener("resize", () => shown?.place());
}
