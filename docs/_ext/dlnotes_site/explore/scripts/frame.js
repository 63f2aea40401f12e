// The frame of explorables: controls, drawing, words, address. An explorable calls dlExplore(name, spec) with
//   compute(settings, frames)        pure; the numbers shown, by name, or {refusal: "the library's message"}
//   call(settings, result)           the library's call that gives them
//   say(settings, result)            the result as a sentence; "{이/가}" is the particle of what stands before it
//   draw(pen, settings, result, frames)
//   tasks: [(settings, result) => boolean, …]
//   point(at, settings, result, pen) what the hand on the picture sets, or nothing; at: {x, y, down, h: held}
//   key(key, settings)               what a key on the picture sets, or nothing
//   hint                             how the picture is used by keys
(() => {
  const specs = {};

  // --- words, for which no page is needed ---

  // The sound that ends a digit's Korean name: 영 일 삼 육 칠 팔 (0 where it ends in a vowel).
  const ENDS = { 0: 21, 1: 8, 3: 16, 6: 1, 7: 8, 8: 8 };
  const final = (sign) => {
    if (/[가-힣]/.test(sign)) return (sign.charCodeAt(0) - 0xac00) % 28;
    if (/\d/.test(sign)) return ENDS[sign] || 0;
    return /[lLmMnNrR]/.test(sign) ? 8 : 0;
  };
  const particles = (text) =>
    text.replace(/([^\s{)}])([)\x22’”]*)\{([^/}]*)\/([^}]*)\}/g, (_, sign, marks, closed, open) => {
      const end = final(sign);
      return sign + marks + (end && !(end === 8 && closed === "으로") ? closed : open);
    });
  const number = (value, digits = 0) => value.toFixed(digits).replace("-", "−");

  const commas = (value) => `${value}`.replace(/\B(?=(\d{3})+$)/g, ",");

  globalThis.dlExplore = (name, spec) => {
    specs[name] = spec;
    if (globalThis.document) for (const one of document.querySelectorAll(`dl-explore[name="${name}"]`)) one.start();
  };
  Object.assign(dlExplore, { specs, particles, number, commas });
  if (!globalThis.HTMLElement) return;

  // --- drawing ---

  const escaped = (text) => `${text}`.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  const fixed = (value) => Math.round(value * 10) / 10;
  const way = (points) => "M" + points.map(([x, y]) => `${fixed(x)} ${fixed(y)}`).join("L");
  const ROLES = {
    ink: "dl-x-ink",
    quiet: "dl-x-quiet",
    input: "dl-x-input",
    kernel: "dl-x-kernel",
    output: "dl-x-output",
    gradient: "dl-x-gradient",
    target: "dl-x-target",
    reference: "dl-x-reference",
  };
  const MARKS = {
    input: "M-1-1H1V1H-1Z",
    kernel: "M0-1.3 1.3 0 0 1.3-1.3 0Z",
    output: "M-1 0A1 1 0 1 1 1 0 1 1 0 1 1-1 0Z",
    gradient: "M0-1.2 1.2 1H-1.2Z",
    target: "M0-1.4.4-.4 1.4-.4.6.2.9 1.2 0 .6-.9 1.2-.6.2-1.4-.4-.4-.4Z",
    reference: "M-1-1 1 1M1-1-1 1",
  };

  class Pen {
    constructor(width, height) {
      Object.assign(this, { width, height, parts: [], narrow: width < 480, size: width < 480 ? 13 : 15 });
    }
    add(tag, attributes, classes, text = "") {
      const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`);
      this.parts.push(`<${tag} class="${classes}"${written.join("")}>${text}</${tag}>`);
    }
    cell(x, y, width, height, role, text = "", more = "") {
      const box = { x: fixed(x), y: fixed(y), width: fixed(width), height: fixed(height) };
      this.add("rect", box, `dl-x-cell ${ROLES[role]} ${more}`);
      if (text !== "") this.write(x + width / 2, y + height / 2, text);
    }
    write(x, y, text, role = "ink", anchor = "middle", size = this.size) {
      const place = { x: fixed(x), y: fixed(y), "text-anchor": anchor, "font-size": size };
      this.add("text", place, `dl-x-text ${ROLES[role]}`, escaped(text));
    }
    line(points, role, more) {
      this.lines([points], role, more);
    }
    // Many lines or cells as one path: a thousand elements would be slow under a hand.
    lines(all, role = "ink", more = "") {
      this.add("path", { d: all.map(way).join("") }, `dl-x-line ${ROLES[role]} ${more}`);
    }
    cells(all, role, more = "") {
      const around = ([x, y, w, h]) => way([[x, y], [x + w, y], [x + w, y + h], [x, y + h]]) + "Z";
      this.add("path", { d: all.map(around).join("") }, `dl-x-cell ${ROLES[role]} ${more}`);
    }
    // Two lines along its edges that part a square into so many a side.
    parted(x, y, side, parts) {
      const step = side / parts;
      const down = [[x, y]];
      const across = [[x, y]];
      for (let i = 1; i < parts; i++) {
        const [from, to] = i % 2 ? [0, side] : [side, 0];
        down.push([x + i * step, y + from], [x + i * step, y + to]);
        across.push([x + from, y + i * step], [x + to, y + i * step]);
      }
      return [down, across];
    }
    arrow([x, y], [x2, y2], role = "ink") {
      const [a, b] = [Math.atan2(y2 - y, x2 - x), 6];
      const side = (turn) => [x2 - b * Math.cos(a + turn), y2 - b * Math.sin(a + turn)];
      this.line([[x, y], [x2, y2]], role);
      this.line([side(0.5), [x2, y2], side(-0.5)], role);
    }
    mark(x, y, role, size = 5, more = "") {
      const move = `translate(${fixed(x)} ${fixed(y)}) scale(${size})`;
      this.add("path", { d: MARKS[role], transform: move }, `dl-x-mark ${ROLES[role]} ${more}`);
    }
    // Axes in a box {x, y, w, h} for two ranges, whose ticks `across` and `up` name; returns what turns values into places.
    axes(box, [x0, x1], [y0, y1], { x = "", y = "", ticks = 4, across = String, up = String } = {}) {
      const place = (u, v) => [box.x + ((u - x0) / (x1 - x0)) * box.w, box.y + box.h - ((v - y0) / (y1 - y0)) * box.h];
      const steps = (a, b) => {
        const rough = (b - a) / ticks;
        const ten = 10 ** Math.floor(Math.log10(rough));
        const step = [1, 2, 5, 10].find((one) => one * ten >= rough * 0.999) * ten;
        const found = [];
        for (let i = Math.ceil(a / step - 1e-9); i * step <= b + step * 1e-9; i++) found.push(+(i * step).toPrecision(12));
        return found;
      };
      const { size } = this;
      this.line([[box.x, box.y], [box.x, box.y + box.h], [box.x + box.w, box.y + box.h]], "ink", "dl-x-axis");
      const tick = (left, top, words, anchor) => this.write(left, top, words.replace("-", "−"), "quiet", anchor);
      for (const u of steps(x0, x1)) tick(place(u, y0)[0], box.y + box.h + size, across(u));
      for (const v of steps(y0, y1)) tick(box.x - 6, place(x0, v)[1], up(v), "end");
      if (x) this.write(box.x + box.w, box.y + box.h + 2.2 * size, x, "ink", "end");
      if (y) this.write(box.x, box.y - size * 0.8, y, "ink", "start");
      return place;
    }
  }

  // --- the element ---

  const read = (value, { min, max, step, values, letters, longest }) => {
    if (letters !== undefined) return value.length <= longest && [...value].every((sign) => letters.includes(sign)) ? value : null;
    if (values) return values.find((one) => `${one}` === `${value}`) ?? null;
    if (`${value}`.trim() === "" || !(value >= min && value <= max)) return null;
    return +(min + Math.round((value - min) / step) * step).toFixed(10);
  };

  customElements.define(
    "dl-explore",
    class extends HTMLElement {
      find(name) {
        return this.querySelector(`.dl-explore-${name}`);
      }
      data(name) {
        return JSON.parse(this.find(name).textContent);
      }
      start() {
        if (this.spec) return;
        this.spec = specs[this.getAttribute("name")];
        this.settings = this.data("ranges");
        this.frames = this.data("frames");
        this.picture = this.querySelector(".dl-picture");
        this.controls = [...this.querySelectorAll("[data-setting]")];
        this.done = new Set();
        this.svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
        this.svg.setAttribute("class", "dl-explore-drawing");
        this.svg.setAttribute("aria-hidden", "true");
        this.picture.append(this.svg);
        this.state = { ...this.first, ...this.addressed() };
        this.result = this.compute(this.state);
        this.listen();
        this.show();
        this.classList.add("dl-explore-live");
        new ResizeObserver(() => this.draw()).observe(this.picture); // at once, and when the size changes
      }
      get first() {
        return Object.fromEntries(Object.entries(this.settings).map(([name, one]) => [name, one.value]));
      }
      addressed() {
        const asked = new URLSearchParams(location.search);
        const found = {};
        for (const [name, one] of Object.entries(this.settings)) {
          const value = asked.has(name) ? read(asked.get(name), one) : null;
          if (value !== null) found[name] = value;
        }
        return found;
      }
      compute(settings = {}) {
        return this.spec.compute({ ...this.first, ...settings }, this.frames);
      }
      set(changes) {
        this.state = { ...this.state, ...changes };
        this.result = this.compute(this.state);
        this.draw(); // before the words are written, or the picture would have to be laid out for its size
        this.show();
        clearTimeout(this.resting);
        this.resting = setTimeout(() => this.rest(), 600);
      }
      listen() {
        for (const control of this.controls) {
          const name = control.dataset.setting;
          const one = this.settings[name];
          const change = () => {
            const given = control.type === "checkbox" ? control.checked : control.value;
            const value = one.values && control.type === "range" ? one.values[given] : read(given, one);
            if (value !== null) this.set({ [name]: value });
          };
          control.addEventListener("input", change);
          control.addEventListener("change", () => this.show()); // what cannot be set is not left standing
          control.addEventListener("click", ({ target }) => {
            const value = this.state[name] + (target.dataset.adds || "");
            if (target.dataset.adds && value.length <= one.longest) this.set({ [name]: value });
          });
        }
        this.find("reset").addEventListener("click", () => this.set(this.first));
        this.find("copy").addEventListener("click", () => this.copy(this.find("call").firstElementChild.textContent, "코드를"));
        this.find("address").addEventListener("click", (event) => {
          event.preventDefault();
          history.replaceState(null, "", event.target.href);
          this.copy(location.href, "주소를");
        });
        if (this.spec.point) this.hold();
        if (this.spec.key) {
          this.picture.tabIndex = 0;
          this.picture.addEventListener("keydown", (event) => {
            if (!event.ctrlKey && !event.metaKey && !event.altKey && this.press(event.key)) event.preventDefault();
          });
        }
        this.addEventListener("click", ({ target }) => target.dataset.key && this.press(target.dataset.key));
      }
      press(key) {
        const changes = this.spec.key(key, this.state);
        if (changes) this.set(changes);
        return changes;
      }
      hold() {
        const { picture, svg } = this;
        picture.classList.add("dl-explore-touched");
        const point = (event, down) => {
          const { left, top } = svg.getBoundingClientRect();
          const at = { x: event.clientX - left, y: event.clientY - top, down, held: this.held };
          const changes = this.spec.point(at, this.state, this.result, new Pen(svg.clientWidth, svg.clientHeight), this.frames);
          this.held = at.held;
          if (changes) this.set(changes);
        };
        picture.addEventListener("pointerdown", (event) => {
          if (event.button) return;
          picture.setPointerCapture(event.pointerId);
          this.held = undefined;
          point(event, true);
        });
        picture.addEventListener("pointermove", (event) => picture.hasPointerCapture(event.pointerId) && point(event, false));
      }
      show() {
        const { spec, state } = this;
        for (const control of this.controls) {
          const value = state[control.dataset.setting];
          const { values } = this.settings[control.dataset.setting];
          if (control.type === "checkbox") control.checked = value;
          else if (control.type === "range" && values) {
            control.value = values.indexOf(value);
            control.nextElementSibling.textContent = value;
          } else if ("value" in control) control.value = value;
          if (control.type === "range") {
            const unit = control.parentElement.querySelector(".dl-explore-unit").textContent;
            control.setAttribute("aria-valuetext", `${value}${unit}`);
          }
        }
        this.said = particles(spec.say(state, this.result, this.frames));
        this.find("said").textContent = this.said;
        const { refusal = "" } = this.result;
        this.find("refusal").hidden = !refusal;
        this.find("refusal").textContent = refusal;
        this.find("call").firstElementChild.textContent = spec.call(state, this.result);
        const asked = new URLSearchParams(location.search);
        for (const [name, value] of Object.entries(this.first)) {
          if (state[name] === value) asked.delete(name);
          else asked.set(name, state[name]);
        }
        this.find("address").href = `${location.pathname}${`${asked}` && `?${asked}`}#${this.getAttribute("figure")}`;
        const whole = this.find("whole");
        if (whole) whole.search = asked; // the page that has it whole begins with this state
      }
      draw() {
        const { clientWidth: width, clientHeight: height } = this.picture;
        if (!width) return;
        const pen = new Pen(width, height);
        this.spec.draw(pen, this.state, this.result, this.frames);
        this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
        this.svg.innerHTML = pen.parts.join("");
      }
      // Once the hand rests: said to a screen reader, kept in the address, and the tasks looked at.
      rest() {
        this.picture.setAttribute("aria-label", this.said + (this.spec.hint ? ` ${this.spec.hint}` : ""));
        const news = [this.said];
        [...this.find("tasks").children].forEach((task, number) => {
          if (this.done.has(number) || !this.spec.tasks[number](this.state, this.result)) return;
          this.done.add(number);
          task.classList.add("dl-explore-solved");
          task.lastElementChild.textContent = " 해냈습니다.";
          news.push(`해 보기 ${number + 1}번, 해냈습니다.`);
        });
        this.find("status").textContent = news.join(" ");
        try {
          history.replaceState(null, "", location.pathname + this.find("address").search + location.hash);
        } catch {} // too often, or not allowed here; the link below has it
      }
      copy(text, what) {
        const told = (words) => document.dispatchEvent(new CustomEvent("dl-say", { detail: `${what} ${words}` }));
        navigator.clipboard?.writeText(text).then(
          () => told("복사했습니다"),
          () => told("복사하지 못했습니다"),
        );
      }
    },
  );
})();
