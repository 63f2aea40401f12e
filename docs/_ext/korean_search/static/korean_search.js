// The search as its reader meets it: a field with a list of results, in a dialog and on the search page.
// The index and what reads it are fetched when the field first has the focus.

(() => {
  const TEXT = {
    field: "검색",
    placeholder: "궁금한 것을 적어 보십시오",
    close: "닫기",
    list: "찾은 곳",
    loading: "검색을 준비하고 있습니다.",
    failed: "검색 자료를 불러오지 못했습니다. 연결을 확인하고 다시 적어 보십시오.",
    found: (count) => `${count}곳을 찾았습니다.`,
    nothing: (query) => `이 사이트에는 ‘${query}’ 이야기가 없습니다.`,
    near: (names, count) => `이 사이트에는 ${names.map((name) => `‘${name}’`).join(", ")} 이야기가 없습니다. 가까운 글 ${count}곳입니다.`,
    start: "이런 질문에 답합니다.",
    advice: ["낱말을 줄이거나 한 낱말만 적어 보십시오.", "영어로, 또는 다른 말로 적어 보십시오."],
    again: "다시 찾으려면",
    instead: "차례에서 찾아보기",
    keys: [["↑ ↓", "고르기"], ["Enter", "열기"], ["Esc", "닫기"]],
  };
  const MOST = 10;
  const SLICE = 5; // ms of loading between keys
  const WAIT = 100; // ms between a key and fetching lines of pages

  // Where the site's root is: said by Sphinx on every page, or by a page that may be shown at any address.
  const root = (form) =>
    new URL(form?.closest("[data-root]")?.dataset.root ?? document.documentElement.dataset.content_root ?? "./", location.href);

  // A page's name in an address: C# would end it.
  const encoded = (name) => name.split("/").map(encodeURIComponent).join("/");

  const scripts = new Map();
  function fetchScript(url) {
    if (!scripts.has(url)) {
      const loaded = new Promise((resolve, reject) => {
        const element = document.createElement("script");
        element.src = url;
        element.onload = resolve;
        element.onerror = () => {
          scripts.delete(url);
          element.remove();
          reject(new Error(url));
        };
        document.head.append(element);
      });
      scripts.set(url, loaded);
    }
    return scripts.get(url);
  }
  const prepare = async (base) => {
    await fetchScript(new URL("_search/engine.js", base).href);
    await Promise.all(["index", "said"].map((name) => fetchScript(new URL(`_search/${name}.js`, base).href)));
    while (koreanSearch.step(SLICE)) await new Promise((resolve) => setTimeout(resolve));
  };

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  const task = () => new Promise((next) => setTimeout(next));

  let count = 0;

  // --- a field and its results -------------------------------------------------------------------------

  class Field {
    // `begins`: whether the empty field offers questions to begin with.
    constructor(form, { hints = false, begins = false } = {}) {
      this.form = form;
      this.begins = begins;
      this.base = root(form);
      this.input = form.querySelector("input");
      this.name = `ks-${++count}`;
      this.hits = [];
      this.active = -1;
      this.query = null;

      this.status = make("p", { class: "ks-status", role: "status" });
      this.list = make("div", { class: "ks-list", role: "listbox", id: `${this.name}-list`, "aria-label": TEXT.list });
      this.list.hidden = true;
      this.advice = make("div", { class: "ks-advice" });
      this.advice.hidden = true;
      this.results = make("div", { class: "ks-results" }, this.status, this.list, this.advice);
      form.after(this.results);
      if (hints) {
        const keys = TEXT.keys.map(([key, does]) => make("span", {}, make("kbd", { class: "ks-kbd", translate: "no" }, key), ` ${does}`));
        this.results.after(make("p", { class: "ks-hints", "aria-hidden": "true" }, ...keys));
      }

      const attributes = {
        role: "combobox",
        "aria-autocomplete": "list",
        "aria-expanded": "false",
        "aria-controls": this.list.id,
      };
      for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);

      this.input.addEventListener("focus", () => (begins ? this.update() : prepare(this.base).catch(() => {})));
      this.input.addEventListener("input", () => this.update());
      this.input.addEventListener("keydown", (event) => this.press(event));
      this.input.addEventListener("compositionend", () => this.afterComposing());
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.enter();
      });
      // The option is the link itself: a click, a tap or a middle click does what it does to any link.
      this.list.addEventListener("click", () => this.form.closest("dialog")?.close());
    }

    // --- what is found ---

    async update() {
      const query = this.input.value.trim();
      if (query === this.query) return;
      this.query = query;
      await task(); // the letter itself is drawn first
      if (this.query !== query) return;
      if (typeof koreanSearch === "undefined" || !koreanSearch.site) {
        this.say(query ? TEXT.loading : "");
        try {
          await prepare(this.base);
        } catch {
          this.query = null;
          return this.say(TEXT.failed);
        }
        if (this.query !== query) return;
      }
      Object.assign(this, koreanSearch.search(query, MOST));
      if (!query && this.begins) this.hits = koreanSearch.start();
      this.show();
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.fill(), WAIT);
      this.form.dispatchEvent(new CustomEvent("korean-search", { bubbles: true, detail: { query } }));
    }

    show() {
      this.results.scrollTop = 0; // before anything changes, or all would be laid out here and now
      this.options = this.hits.map((hit, number) => this.option(hit, number));
      this.list.replaceChildren(...this.options);
      this.list.hidden = !this.hits.length;
      this.results.tabIndex = this.hits.length ? 0 : -1; // it scrolls, by the keyboard too
      this.input.setAttribute("aria-expanded", String(this.hits.length > 0));
      this.choose(-1);
      const lacking = this.query && !this.hits.length;
      this.advice.hidden = !lacking;
      if (lacking) this.advise();
      this.say(this.told());
    }

    told() {
      const { query, hits, absent } = this;
      if (!query) return hits.length ? TEXT.start : "";
      if (!hits.length) return TEXT.nothing(query);
      return absent.length ? TEXT.near(absent, hits.length) : TEXT.found(hits.length);
    }

    option(hit, number) {
      const { page, section, above } = hit;
      const where = [page.title, above?.title].filter((title) => title && title !== section.title);
      const option = make("a", { class: "ks-option", role: "option", id: `${this.name}-${number}`, tabindex: "-1", "aria-selected": "false" });
      option.href = this.address(hit);
      if (where.length) option.append(make("span", { class: "ks-where" }, where.join(" › ")), " ");
      const title = make("span", { class: "ks-title" });
      title.append(...marked(koreanSearch.mark(section.title || page.title, this.marks)));
      // What answers in short is said in the list itself; else the line that was found, once it is here.
      hit.line = make("span", { class: hit.said ? "ks-said" : "ks-line" });
      if (hit.answers) hit.line.append(make("span", { class: "ks-where" }, hit.answers), " ");
      if (hit.said) hit.line.append(...marked(koreanSearch.mark(hit.said, this.marks)));
      option.append(title, ...(this.query ? [" ", hit.line] : []));
      return option;
    }

    address({ page, section }, words = "") {
      const { suffix } = koreanSearch.site;
      const name = suffix === "/" ? `${page.name}/`.replace(/(^|\/)index\/$/, "$1") : page.name + suffix;
      // A browser that knows text fragments scrolls to the very words, and falls back on the anchor.
      const fragment = words && "fragmentDirective" in document ? `:~:text=${encodeURIComponent(words).replaceAll("-", "%2D")}` : "";
      const anchor = section.anchor || fragment ? `#${encodeURIComponent(section.anchor)}${fragment}` : "";
      return new URL(encoded(name) + anchor, this.base).href;
    }

    // Put the line that was found into each result, once its page's lines are here. Each is a task of its own.
    fill() {
      const { hits, options, marks } = this;
      if (!this.query) return;
      hits.forEach(async (hit, number) => {
        try {
          const lines = `_search/pages/${encoded(hit.page.name)}.js?v=${hit.page.digest}`;
          await fetchScript(new URL(lines, this.base).href);
        } catch {
          return; // the result stands without its line
        }
        await task();
        if (this.hits !== hits) return;
        const { parts, words } = koreanSearch.excerpt(hit, marks);
        if (!hit.said) hit.line.replaceChildren(...marked(parts));
        options[number].href = this.address(hit, words);
      });
    }

    advise() {
      const advice = TEXT.advice.map((line) => make("li", {}, line));
      const linked = (label, address) => {
        const link = make("a", {}, label);
        link.href = address;
        return make("li", {}, link);
      };
      const answered = koreanSearch.start().map((hit) => linked(hit.section.title, this.address(hit)));
      const links = koreanSearch.site.help.map(([label, address]) => linked(label, new URL(address, this.base).href));
      this.advice.replaceChildren();
      if (answered.length) this.advice.append(make("p", {}, TEXT.start), make("ul", {}, ...answered));
      this.advice.append(make("p", {}, TEXT.again), make("ul", {}, ...advice));
      if (links.length) this.advice.append(make("p", {}, TEXT.instead), make("ul", {}, ...links));
    }

    // Said at once to the eye; a screen reader hears it when the typing rests.
    say(text) {
      clearTimeout(this.saying);
      this.saying = setTimeout(() => (this.status.textContent = text), this.status.textContent && text ? 150 : 0);
    }

    // --- keys ---

    choose(number) {
      this.options?.[this.active]?.setAttribute("aria-selected", "false");
      this.active = number;
      const option = this.options?.[number];
      if (!option) return this.input.removeAttribute("aria-activedescendant");
      option.setAttribute("aria-selected", "true");
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }

    move(key) {
      const last = this.hits.length - 1;
      const to = {
        ArrowDown: this.active < last ? this.active + 1 : -1,
        ArrowUp: this.active < 0 ? last : this.active - 1,
        Home: 0,
        End: last,
      }[key];
      this.choose(to);
    }

    press(event) {
      const { key } = event;
      if (key === "Escape") {
        const dialog = this.form.closest("dialog");
        if (event.isComposing || (!dialog && !this.input.value)) return;
        event.preventDefault();
        if (dialog) dialog.close();
        else {
          this.input.value = "";
          this.update();
        }
        return;
      }
      const moves = key === "ArrowDown" || key === "ArrowUp" || ((key === "Home" || key === "End") && this.active >= 0);
      if (!(moves && this.hits.length) && key !== "Enter") return;
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      if (event.isComposing) {
        // The last syllable is still being put together: the key ends it first, and counts once it has.
        this.pending = key;
        return;
      }
      event.preventDefault();
      if (performance.now() - (this.composed ?? -Infinity) < 40) return; // some systems send the key again
      if (key === "Enter") this.enter();
      else this.move(key);
    }

    afterComposing() {
      const key = this.pending;
      this.pending = null;
      if (!key) return;
      this.composed = performance.now();
      this.update();
      if (key === "Enter") this.enter();
      else if (this.hits.length) this.move(key);
    }

    async enter() {
      await this.update();
      const option = this.options?.[this.active];
      if (option) return option.click();
      // A phone's search key puts the keyboard away, so that the results can be seen and tapped.
      if (matchMedia("(pointer: coarse)").matches) return this.input.blur();
      this.options?.[0]?.click();
    }
  }

  function marked(parts) {
    return parts.map(([text, found]) => (found ? make("mark", {}, text) : text));
  }

  // --- the dialog --------------------------------------------------------------------------------------

  let dialog = null;

  function open() {
    const onPage = document.querySelector("[data-korean-search] input");
    if (onPage && !dialog?.open) {
      onPage.focus();
      onPage.select();
      return;
    }
    if (!dialog) {
      const input = make("input", {
        class: "ks-input",
        type: "search",
        name: "q",
        "aria-label": TEXT.field,
        placeholder: TEXT.placeholder,
        autocomplete: "off",
        autocapitalize: "off",
        autocorrect: "off",
        spellcheck: "false",
        enterkeyhint: "search",
      });
      const form = make("form", { class: "ks-field", role: "search" }, input);
      const close = make("button", { class: "ks-close", type: "button" }, TEXT.close);
      form.append(close);
      dialog = make("dialog", { class: "ks-dialog", "aria-label": TEXT.field }, form);
      document.body.append(dialog);
      dialog.field = new Field(form, { hints: true, begins: true });
      close.addEventListener("click", () => dialog.close());
      dialog.addEventListener("click", (event) => {
        if (event.target === dialog) dialog.close(); // beside the box
      });
    }
    if (!dialog.open) dialog.showModal();
    dialog.field.input.focus();
    dialog.field.input.select();
  }

  document.addEventListener(
    "keydown",
    (event) => {
      const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
      const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
      const control = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && /^[kㅏ]$/i.test(event.key);
      if ((!slash && !control) || event.isComposing) return;
      event.preventDefault();
      event.stopImmediatePropagation(); // Sphinx and themes have shortcuts of their own
      if (control && dialog?.open) dialog.close();
      else open();
    },
    true,
  );

  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-korean-search-open]")) return;
    event.preventDefault();
    open();
  });

  // --- fields on the page ------------------------------------------------------------------------------

  function start() {
    for (const form of document.querySelectorAll("[data-korean-search]")) {
      const asked = new URLSearchParams(location.search).get("q");
      const here = new URL(form.action).pathname === location.pathname;
      const field = new Field(form, { begins: here });
      if (here) {
        form.addEventListener("korean-search", ({ detail }) => {
          const address = new URL(location.href);
          if (detail.query) address.searchParams.set("q", detail.query);
          else address.searchParams.delete("q");
          history.replaceState(null, "", address);
        });
        field.input.focus();
      }
      if (here && asked) {
        field.input.value = asked;
        field.update();
      }
    }
    if (/^Mac|^iP/.test(navigator.platform)) {
      for (const key of document.querySelectorAll("[data-korean-search-open] kbd")) key.textContent = "⌘K";
    }
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
