// Answers queries from the index. No page, no DOM: what shows the results is korean_search.js.

var koreanSearch = (() => {
  // --- letters and keys ------------------------------------------------------------------------------

  // Hangul is compared by the keys that type it on a Korean keyboard (두벌식): 패딩 is v o e l d. A syllable
  // half typed is then the beginning of a word, a slip of the finger one key off, and Hangul typed with
  // the keyboard still in English the very same keys.
  const FIRST = "r R s e E f a q Q t T d w W c z x v g".split(" ");
  const MIDDLE = "k o i O j p u P h hk ho hl y n nj np nl b m ml l".split(" ");
  const LAST = ["", ..."r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g".split(" ")];
  const LONE = "r R rt s sw sg e E f fr fa fq ft fx fv fg a q Q qt t T d w W c z x v g".split(" ").concat(MIDDLE);
  const SYLLABLES = 0xac00;

  function keys(word) {
    let typed = "";
    for (const letter of word) {
      const code = letter.codePointAt(0);
      if (code >= SYLLABLES && code < SYLLABLES + 11172) {
        const place = code - SYLLABLES;
        typed += FIRST[Math.floor(place / 588)] + MIDDLE[Math.floor(place / 28) % 21] + LAST[place % 28];
      } else if (code >= 0x3131 && code < 0x3131 + LONE.length) typed += LONE[code - 0x3131];
      else typed += letter;
    }
    return typed;
  }

  // The Hangul that these keys type, or nothing where they leave a letter alone (but the last may be half typed).
  function hangul(typed) {
    const syllable = new RegExp(`^(${alternatives(FIRST)})(${alternatives(MIDDLE)})(${alternatives(LAST.slice(1))})?`);
    let word = "";
    while (typed) {
      const found = syllable.exec(typed);
      if (!found) return word && FIRST.includes(typed) ? word + String.fromCharCode(0x3131 + LONE.indexOf(typed)) : "";
      let [, first, middle, last = ""] = found;
      // A consonant before a vowel begins the next syllable: of a pair, its second.
      const next = typed.slice(first.length + middle.length + last.length);
      if (last && VOWEL.test(next)) last = LAST.includes(last.slice(0, -1)) ? last.slice(0, -1) : "";
      word += String.fromCharCode(
        SYLLABLES + FIRST.indexOf(first) * 588 + MIDDLE.indexOf(middle) * 28 + LAST.indexOf(last),
      );
      typed = typed.slice(first.length + middle.length + last.length);
    }
    return word;
  }
  const VOWEL = /^[koiOjpuPhynbml]/;
  const alternatives = (list) => [...list].sort((a, b) => b.length - a.length).join("|");

  // --- slips of the finger ---------------------------------------------------------------------------

  const ROWS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
  const PLACE = new Map(ROWS.flatMap((row, y) => [...row].map((key, x) => [key, [x + y / 2, y]])));
  // Keys whose letters sound alike: ㅐ ㅔ, ㅗ ㅜ, ㄱ ㅋ, ㄷ ㅌ, ㅂ ㅍ, ㅈ ㅊ, ㅡ ㅜ, ㅓ ㅗ.
  const ALIKE = new Set("op po hn nh rz zr ex xe qv vq wc cw mn nm jh hj".split(" "));

  // How far two keys are apart; kept, for it is asked very often.
  const distances = new Map();
  function apart(a, b) {
    if (a === b) return 0;
    const pair = a.charCodeAt(0) * 0x10000 + b.charCodeAt(0);
    let distance = distances.get(pair);
    if (distance === undefined) distances.set(pair, (distance = measured(a, b)));
    return distance;
  }

  function measured(a, b) {
    const [x, y] = [a.toLowerCase(), b.toLowerCase()];
    if (x === y) return 0.4; // only Shift
    if (ALIKE.has(x + y)) return 0.5;
    const [p, q] = [PLACE.get(x), PLACE.get(y)];
    return p && q && Math.hypot(p[0] - q[0], p[1] - q[1]) < 1.2 ? 0.6 : 1;
  }

  const STRAY = 0.9; // a key too many, or one too few

  // The cost of typing `a` for `b`; past `most` any cost above it.
  function slips(a, b, most) {
    let before = [];
    let above = Array.from({ length: b.length + 1 }, (_, j) => j * STRAY);
    let leastBefore = 0;
    for (let i = 1; i <= a.length; i++) {
      const row = [i * STRAY];
      let least = row[0];
      for (let j = 1; j <= b.length; j++) {
        row[j] = Math.min(above[j - 1] + apart(a[i - 1], b[j - 1]), above[j] + STRAY, row[j - 1] + STRAY);
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
          row[j] = Math.min(row[j], before[j - 2] + 0.7);
        }
        least = Math.min(least, row[j]);
      }
      if (Math.min(least, leastBefore) > most) return least; // two keys that changed places are seen at the second
      leastBefore = least;
      before = above;
      above = row;
    }
    return above[b.length];
  }

  // How much may be wrong in what was typed.
  const slack = (typed) => (typed.length < 3 ? 0 : typed.length < 6 ? 1 : typed.length < 10 ? 1.5 : 2.2);
  // Two Latin words are soon alike: of a word that is no name of the synonyms, hardly anything may be wrong.
  const latinSlack = (typed, isName) => (typed.length < 4 ? 0 : typed.length < 6 || !isName ? 0.7 : typed.length < 10 ? 1 : 1.8);

  // --- words -----------------------------------------------------------------------------------------

  const LONGEST_NUMBER = 8;
  const NUMBER = String.raw`(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)`;
  const WHOLE = String.raw`(?<![a-z])${NUMBER}(?:x${NUMBER})+|(?<![a-z\d./])\d+\/\d+(?![a-z\d/])|(?<![a-z\d])(?:[a-z]|\d+)\^[a-z\d]{1,2}(?![a-z\d])|(?<![\d.])\d{1,3}[%°]`;
  const TOKEN = new RegExp(
    `(?<whole>${WHOLE})|(?<number>${NUMBER})|[가-힣ㄱ-ㅣ]+|` +
      String.raw`(?:(?![가-힣ㄱ-ㅣ\d_])[\p{L}\p{N}])(?:(?![가-힣ㄱ-ㅣ])[\p{L}\p{N}_])*|[∂∇⊙⊗⋆∑∏⌊⌈]`,
    "gu",
  );
  const isHangul = (word) => /^[가-힣ㄱ-ㅣ]/.test(word);
  const isNumber = (word) => /^[\d.]+$/.test(word);
  const ALL_WHOLE = new RegExp(`^(?:${WHOLE})$`);
  const ALL_NUMBERS = new RegExp(NUMBER, "g");
  const isWhole = (word) => /\d|\^/.test(word) && ALL_WHOLE.test(word);
  const numbers = (text) => (text.match(ALL_NUMBERS) ?? []).map(plainNumber);
  const plainNumber = (number) => number.replaceAll(",", "").slice(0, LONGEST_NUMBER);

  // Greek letters by their names, which are easier to type: 베타1 and \\beta_1 for β₁.
  const GREEK = Object.entries({
    α: "알파 alpha", β: "베타 beta", γ: "감마 gamma", δ: "델타 delta", ε: "엡실론 입실론 epsilon", η: "에타 eta",
    θ: "세타 쎄타 theta", κ: "카파 kappa", λ: "람다 lambda", μ: "뮤 mu", ρ: "로우 rho", σ: "시그마 sigma", τ: "타우 tau",
    φ: "파이 phi",
  }).map(([letter, names]) => [letter, ...names.split(" ")]);
  const letterOf = new Map(GREEK.flatMap(([letter, ...names]) => names.map((name) => [name, letter])));
  const NUMBERED = new RegExp(`(?<![\\p{L}])(${[...letterOf.keys()].join("|")})[\\s_{]*(\\d)(?![\\d.])\\}?`, "gu");

  // As in words.py, but letters of a half-typed syllable stay what they are.
  const ABOVE = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁱⁿᵏᵈᵀ";
  const PLAIN = "0123456789+-inkdt";
  const lowered = (letters) => [...letters].map((letter) => PLAIN[ABOVE.indexOf(letter)]).join("");
  const RAISED = new RegExp(`(?<=[\\p{L}\\p{N}_])[${ABOVE}]+`, "gu");
  const LETTER = String.raw`[\p{L}\p{N}]`;
  const ONE_LETTER = new RegExp(String.raw`(?<!\p{L})(\p{L})_\{?(${LETTER}{1,2})(?!${LETTER})\}?`, "gu");
  function normalize(text) {
    return text
      .normalize("NFC")
      .replace(RAISED, (letters) => `^${lowered(letters)}`)
      .replace(/[^ㄱ-ㅣ]+/g, (part) => part.normalize("NFKC"))
      .toLowerCase()
      .replace(NUMBERED, (_, name, digit) => letterOf.get(name) + digit)
      .replace(ONE_LETTER, "$1$2")
      .replace(/([0-9a-z]+)의\s*([0-9a-z]+)\s*제곱/g, "$1^$2")
      .replace(/([a-z])제곱/g, "$1^2")
      .replace(/(?<=[0-9a-z])\^\s*[({]?([\p{L}\p{N}_]+)[)}]?/gu, "^$1")
      .replace(/(?<=\d)(?:\s*[x×*]\s*|[·∙⋅])(?=\d)/g, "x")
      .replace(/(?<=\d)\s*퍼센트/g, "%")
      .replace(/(?<=\d)\s*\^?[∘°]/g, "°")
      .replaceAll("\u2044", "/");
  }

  // Endings of a sentence that asks or tells: what a word with one of them does is seldom what is looked for.
  const TELLING = /(?:[가-힣]{2}요|[가-힣]죠|니까|니다|는지|은지|을까|[는은인]가)$/;
  const LINKING = /(?:려면|면서|는데|하는|되는|하고|하면|되면|해서|돼서|된|한)$/; // unless the word itself is known

  // --- the index -------------------------------------------------------------------------------------

  let site = null;
  let loading = null; // what is left to do before the index can be asked

  // Load for so many milliseconds; tell whether something is left. Nobody's typing waits for the whole.
  function step(most) {
    const end = performance.now() + most;
    while (loading && performance.now() < end) if (loading.next().done) loading = null;
    return loading !== null;
  }

  const SLICE = 200; // words at a time

  function* inSlices(list, make) {
    const made = [];
    for (const [at, one] of list.entries()) {
      made.push(make(one));
      if (at % SLICE === SLICE - 1) yield;
    }
    return made;
  }

  function* load(data) {
    const pages = data.pages.map(([name, title, rank, digest, sections]) => ({ name, title, rank, digest, sections }));
    const sections = [];
    for (const [number, page] of pages.entries()) {
      page.first = sections.length;
      page.titleWords = tokens(page.title).length || 1;
      page.sections.split("\n").forEach((line, place) => {
        const [anchor, title = anchor.slice(anchor.lastIndexOf(".") + 1)] = line.slice(1).split("\t");
        sections.push({ page: number, place, depth: Number(line[0]), anchor, title });
      });
      page.sections = sections.slice(page.first);
      yield;
    }
    const [single, after, later] = data.endings.map((list) => list.split(" "));
    const endings = new Set([...single, ...after.flatMap((first) => later.map((then) => first + then))]);
    let last = "";
    const words = yield* inSlices(data.words.split("\n"), (coded) => (last = last.slice(0, parseInt(coded[0], 36)) + coded.slice(1)));
    const typed = yield* inSlices(words, keys);
    const ids = new Map(words.map((word, id) => [word, id]));
    yield;
    const joined = `\n${words.join("\n")}\n`;
    const joinedKeys = `\n${typed.join("\n")}\n`;
    const postings = yield* inSlices(data.postings.split("\n"), decoder(data.digits));
    site = {
      pages,
      sections,
      signs: new Set(data.signs.map((name) => pages.findIndex((page) => page.name === name))), // pages that explain signs
      words,
      typed,
      ids,
      asking: new Set(data.asking.split(" ")), // words that ask rather than name
      suffix: data.suffix,
      help: data.help,
      endings,
      longest: Math.max(...[...endings].map((ending) => ending.length)),
      byKeys: new Map(typed.map((key, id) => [key, id])),
      joined,
      joinedKeys,
      korean: Uint8Array.from(words, (word) => (word[0] >= "ㄱ" && word[0] <= "힣" ? 1 : 0)),
      postings,
      pageOf: Int32Array.from(sections, (section) => section.page),
      synonyms: new Map(),
      entries: new Map(), // names of which a glossary has an entry, with its section
    };
    yield;
    site.total = pages.reduce((sum, { rank }) => sum + Math.min(1, rank), 0);
    site.starts = starts(site.joined);
    yield;
    site.keyStarts = starts(site.joinedKeys);
    const entries = new Map(data.entries);
    for (const [number, group] of data.synonyms.entries()) {
      yield;
      const forms = group.map(wordsOf).filter((form) => form.length);
      for (const form of forms) {
        const name = form.join(" ");
        const others = forms.filter((other) => other.join(" ") !== name);
        site.synonyms.set(name, [...(site.synonyms.get(name) ?? []), ...others]);
        if (form.length > 1 && !site.synonyms.has(form.join(""))) site.synonyms.set(form.join(""), [form, ...others]);
      }
      const entry = entries.get(number);
      if (entry !== undefined) for (const form of forms) if (!site.entries.has(form.join(" "))) site.entries.set(form.join(" "), entry);
    }
    for (const [name, letter] of letterOf) if (ids.has(letter) && !site.synonyms.has(name)) site.synonyms.set(name, [[letter]]);
    site.absent = new Map();
    for (const [names, near] of data.absent) {
      yield;
      const places = near.map(([page, anchor]) => placeOf(page, anchor)).filter((place) => place >= 0);
      for (const written of names) {
        const form = wordsOf(written);
        for (const name of new Set([form.join(" "), form.join("")])) {
          if (site.synonyms.has(name)) continue; // the site's own word
          site.synonyms.set(name, []);
          site.absent.set(name, { name: written, near: places });
        }
      }
    }
    site.start = data.start.map(([page, anchor]) => placeOf(page, anchor)).filter((place) => place >= 0);
    site.entryPages = new Set([...site.entries.values()].map((place) => pages[sections[place].page]));
    site.names = yield* inSlices([...site.synonyms.keys()], (name) => {
      const typed = keys(name.replaceAll(" ", ""));
      return { name, typed, counts: counts(typed), struck: struck(typed), short: site.absent.has(name) && typed.length < 8 };
    });
    site.namesWith = new Map();
    for (const entry of site.names) {
      for (const word of entry.name.split(" ")) {
        if (!site.namesWith.has(word)) site.namesWith.set(word, []);
        site.namesWith.get(word).push(entry);
      }
    }
    yield;
    site.longestForm = Math.max(1, ...[...site.synonyms.keys()].map((name) => name.split(" ").length));
    site.dictionary = new Set([...site.synonyms.keys()].flatMap((name) => name.split(" ")));
  }

  // The section with this anchor.
  function placeOf(name, anchor) {
    const page = site.pages.findIndex((page) => page.name === name);
    return site.sections.findIndex((section) => section.page === page && section.anchor === anchor);
  }

  // The words of a name; most names need no reading.
  const SIMPLE = /^(?:[가-힣]+|[a-z]+)(?: (?:[가-힣]+|[a-z]+))*$/;
  function wordsOf(name) {
    const lower = name.toLowerCase();
    return SIMPLE.test(lower) ? lower.split(" ") : tokens(name).map(({ word }) => word);
  }

  // Where each line of a text begins.
  function starts(joined) {
    const found = [];
    for (let at = 0; (at = joined.indexOf("\n", at) + 1) && at < joined.length; ) found.push(at);
    return Int32Array.from(found);
  }

  // For each word, two typed arrays: its sections, and its step in each.
  function decoder(digits) {
    const value = new Map([...digits].map((digit, place) => [digit, place]));
    const half = digits.length >> 1;
    return (line) => {
      const places = [];
      const steps = [];
      let step = 0;
      let place = 0;
      let number = 0;
      for (const letter of line) {
        if (letter >= "0" && letter <= "9") {
          [step, place] = [Number(letter), 0];
          continue;
        }
        const digit = value.get(letter);
        if (digit >= half) number = number * half + (digit - half);
        else {
          place += number * half + digit;
          number = 0;
          places.push(place);
          steps.push(step);
        }
      }
      return { places: Int32Array.from(places), steps: Uint8Array.from(steps) };
    };
  }

  // The words that hold a text: `from` is its beginning in the joined list, "\n" before it or not.
  function* lines(joined, begins, needle) {
    for (let at = joined.indexOf(needle); at >= 0; ) {
      let low = 0;
      let high = begins.length;
      const inside = needle[0] === "\n" ? at + 1 : at;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (begins[middle] <= inside) low = middle;
        else high = middle;
      }
      yield low;
      if (low + 1 >= begins.length) return;
      at = joined.indexOf(needle, begins[low + 1] - 1);
    }
  }

  // --- a query's words -------------------------------------------------------------------------------

  // Each word with what reading it takes: whether it is the last, what numbers a whole like 3x3 has, whether
  // Hangul is written onto it (2면), and with 도, what sign that may stand for.
  function tokens(text) {
    const found = [];
    const normal = normalize(text);
    for (const match of normal.matchAll(TOKEN)) {
      let word = match[0];
      const { whole, number } = match.groups;
      if (number) word = plainNumber(word);
      if (whole) word = word.replaceAll(",", "");
      const attached = match.index > 0 && /\S/.test(normal[match.index - 1]);
      if (isHangul(word) && attached && site) {
        if (site.endings.has(word)) continue;
        if (found.length && !word.replace(/[ㄱ-ㅣ]+/g, "")) continue; // a letter too many
      }
      const end = match.index + match[0].length;
      const token = { word, last: end === normal.length };
      if (site && /[_\d]/.test(word) && /\p{L}/u.test(word) && !whole) {
        const parts = partsOf(word);
        if (!site.joined.includes(`\n${word}`)) {
          found.push(...parts.map((part, at) => ({ word: part, last: token.last && at === parts.length - 1 })));
          continue;
        }
        if (parts.length) token.within = parts.filter((part) => !isNumber(part));
      }
      if (whole) token.parts = numbers(word);
      if (number) {
        token.glued = /^[가-힣]/.test(normal.slice(end));
        if (/^도(?![가-힣])/.test(normal.slice(end))) token.degrees = `${word}°`;
      }
      found.push(token);
    }
    return found;
  }

  // A name joined to a digit or a line is still that name: lstm_cell, ReLU6, YOLOv3.
  function partsOf(word) {
    const parts = word.match(/\d+|[^\d_]+/g) ?? [];
    return parts.map((part) => (part.length > 2 && part.endsWith("v") && !site.ids.has(part) ? part.slice(0, -1) : part));
  }

  // What is left of a word without each ending it may have, the longest ending first, but known words before all.
  function cuts(word) {
    const left = [];
    for (let size = Math.min(site.longest, word.length - 1); size > 0; size--) {
      if (site.endings.has(word.slice(-size))) left.push(word.slice(0, -size));
    }
    return [...left.filter((stem) => site.dictionary.has(stem)), ...left.filter((stem) => !site.dictionary.has(stem))];
  }

  // A set of index words, each with how well it answers a word of the query.
  class Match {
    constructor() {
      this.words = new Map();
      this.best = 0;
    }
    add(id, quality) {
      if (id === undefined || quality <= (this.words.get(id) ?? 0)) return;
      this.words.set(id, quality);
      if (quality > this.best) this.best = quality;
    }
  }

  function beginning(match, prefix, quality) {
    for (const id of lines(site.joined, site.starts, `\n${prefix}`)) {
      match.add(id, quality * (0.6 + (0.4 * prefix.length) / site.words[id].length));
    }
  }

  function match(word, last) {
    const found = new Match();
    found.add(site.ids.get(word), 1);
    if (isWhole(word)) {
      // Of 608x608x3 also what begins or goes on: 608x608.
      if (!found.best) for (const id of lines(site.joined, site.starts, `\n${word}x`)) found.add(id, 0.8);
      for (let edge = word.length; !found.best && (edge = word.lastIndexOf("x", edge - 1)) > 0; ) {
        found.add(site.ids.get(word.slice(0, edge)), isWhole(word.slice(0, edge)) ? 0.8 : 0);
      }
      return found;
    }
    if (isNumber(word)) {
      if (!found.best) {
        // Digits still being typed: words of numbers that go on, never the middle of one.
        if (last && word.length > 1) {
          for (const id of lines(site.joined, site.starts, `\n${word}`)) if (isNumber(site.words[id])) found.add(id, 0.6);
        }
        // A number written with fewer digits than were asked for.
        for (let size = word.length - 1; !found.best && word.includes(".") && size > 3; size--) {
          found.add(site.ids.get(word.slice(0, size)), 0.6);
        }
      }
      return found;
    }
    const korean = isHangul(word);
    const bases = [word];
    if (korean) {
      for (const stem of cuts(word)) {
        if (site.ids.has(stem)) {
          found.add(site.ids.get(stem), stem.length > 1 ? 0.97 : 0.7);
          bases.push(stem);
          if (stem.length > 1 || found.best >= 0.9) break;
        }
      }
    } else if (word.endsWith("s")) found.add(site.ids.get(word.slice(0, -1)), 0.95);
    const base = found.words.has(site.ids.get(word)) ? word : bases.at(-1);
    beginning(found, base, base.length > 1 ? 0.8 : 0.3);
    if (base.length > 1 && (korean || base.length > 2)) {
      for (const id of lines(site.joined, site.starts, base)) found.add(id, 0.55);
    }
    if (korean && last && !site.ids.has(word)) {
      const typed = keys(word);
      for (const id of lines(site.joinedKeys, site.keyStarts, `\n${typed}`)) {
        if (isHangul(site.words[id])) found.add(id, 0.9 * (0.5 + (0.5 * typed.length) / site.typed[id].length));
      }
    }
    if (korean && !found.best) {
      const latin = site.byKeys.get(keys(word).toLowerCase()); // English typed with the keyboard in Korean
      if (latin !== undefined && !isHangul(site.words[latin])) found.add(latin, 0.9);
    }
    return found;
  }

  // Words a slip or two away. Of three parts of a word, two slips leave one as it was, and of two parts of a
  // short word one slip does: only words with such a part are compared.
  function near(word) {
    const found = new Match();
    const korean = isHangul(word) ? 1 : 0;
    const forms = korean ? [word, ...cuts(word)].slice(0, 2) : [word];
    for (const [order, form] of forms.entries()) {
      const typed = keys(form);
      if (typed.length < 4) continue;
      for (const id of /\d/.test(form) ? [] : sharing(typed)) {
        const most = korean ? slack(typed) : latinSlack(typed, site.dictionary.has(site.words[id]));
        if (site.korean[id] !== korean || Math.abs(site.typed[id].length - typed.length) > most) continue;
        const cost = slips(typed, site.typed[id], most);
        if (cost <= most) found.add(id, (0.85 - 0.05 * order) * (1 - cost / (typed.length * 0.8)));
      }
    }
    // Only the nearest.
    for (const [id, quality] of found.words) if (quality < found.best - 0.12) found.words.delete(id);
    return found;
  }

  function sharing(typed) {
    const found = new Set();
    const parts = typed.length < 6 ? 2 : 3;
    for (let part = 0; part < parts; part++) {
      const [from, to] = [part, part + 1].map((edge) => Math.round((edge * typed.length) / parts));
      const needle = (part ? "" : "\n") + typed.slice(from, to) + (part === parts - 1 ? "\n" : "");
      for (const id of lines(site.joinedKeys, site.keyStarts, needle)) {
        if (Math.abs(site.typed[id].length - typed.length) < 3) found.add(id);
      }
    }
    return found;
  }

  // What is written together, in words of the index: 깊이별분리합성곱, 골짜기를걷는네방법. Few pieces are better than
  // many, long ones than single syllables; what no word covers is passed over.
  function pieces(word) {
    if (word.length > LONGEST_RUN) return null;
    const known = (text) => site.ids.has(text) || site.dictionary.has(text);
    const best = [{ cost: 0, parts: [] }];
    for (let end = 1; end <= word.length; end++) {
      best[end] = { cost: best[end - 1].cost + 3, parts: best[end - 1].parts };
      for (let start = Math.max(0, end - LONGEST_PIECE); start < end; start++) {
        const piece = word.slice(start, end);
        if (piece === word) continue;
        const stem = known(piece) ? piece : cuts(piece).find(known);
        let cost = best[start].cost;
        let parts = best[start].parts;
        if (stem) {
          cost += (stem.length > 1 ? 1 : 2.5) + (stem === piece ? 0 : 0.3);
          parts = [...parts, stem];
        } else if (start > 0 && end === word.length && site.endings.has(piece)) cost += 0.5;
        else continue;
        if (cost < best[end].cost) best[end] = { cost, parts };
      }
    }
    const { cost, parts } = best[word.length];
    const long = parts.reduce((sum, part) => sum + (part.length > 1 ? part.length : 0), 0);
    const telling = long >= word.length * 0.6 || (parts.length === word.length && word.length < 4);
    return telling && cost < word.length * 1.1 ? parts : null;
  }
  const LONGEST_RUN = 40;
  const LONGEST_PIECE = 9;

  // The last resort: words that are nearly all of this one.
  function rest(word) {
    const found = new Match();
    if (isHangul(word)) {
      for (let size = word.length - 1; size > 1 && size > word.length / 2 && !found.best; size--) found.add(site.ids.get(word.slice(0, size)), 0.6);
    }
    const typed = keys(word);
    for (let size = typed.length - 1; size > Math.max(3, typed.length * 0.75) && !found.best; size--) {
      for (const id of lines(site.joinedKeys, site.keyStarts, `\n${typed.slice(0, size)}`)) found.add(id, 0.4);
    }
    return found;
  }

  // --- ranking ---------------------------------------------------------------------------------------

  const STEP_VALUES = [0.2, 0.35, 0.5, 0.7, 1, 1.15, 1.25];

  // What a match is worth in each section, and how telling it is.
  class Scored {
    constructor(found) {
      this.values = new Float32Array(site.sections.length);
      this.touched = [];
      const clear = new Float32Array(site.pages.length); // what the word says of each page
      for (const [id, quality] of found.words) {
        const { places, steps } = site.postings[id];
        for (let i = 0; i < places.length; i++) {
          const place = places[i];
          const value = quality * STEP_VALUES[steps[i]];
          if (!this.values[place]) this.touched.push(place);
          if (value > this.values[place]) this.values[place] = value;
          const page = site.pageOf[place];
          if (quality >= 0.85 * found.best && value > clear[page]) clear[page] = value;
        }
      }
      let told = 0;
      for (let page = 0; page < clear.length; page++) {
        if (clear[page]) told += Math.min(1, site.pages[page].rank) * (MENTIONED + (1 - MENTIONED) * Math.min(1, clear[page]));
      }
      this.idf = Math.log(1 + Math.max(0, site.total - told + 0.5) / (told + 0.5));
    }
  }

  // A word tells pages apart by how few are about it: a page that only mentions it counts for this.
  const MENTIONED = 0.4;

  // How surely a way of reading words of the query is meant, from 0 to 1.
  const certainty = ({ words, quality }) => (quality * words.reduce((sum, { best }) => sum + best, 0)) / words.length;

  const APART = 0.75;

  // One idea of the query: the ways to say it, each a list of words that belong together.
  function idea(ways, weight) {
    const scored = ways.map((way) => way.words.map((found) => new Scored(found)));
    const idfs = scored.map((way) => way.reduce((sum, { idf }) => sum + idf, 0));
    const own = idfs[0] || Math.max(...idfs, 0.1);
    const values = new Float32Array(site.sections.length);
    const touched = new Set();
    scored.forEach((way, number) => {
      if (!idfs[number]) return;
      const sums = new Map();
      for (const word of way) {
        for (const place of word.touched) {
          sums.set(place, (sums.get(place) ?? 0) + (word.values[place] * word.idf) / idfs[number]);
        }
      }
      // Words of one name say it only together.
      if (way.length > 1) for (const [place, sum] of sums) if (!way.every(({ values }) => values[place])) sums.set(place, sum * APART);
      for (const [place, sum] of sums) {
        touched.add(place);
        values[place] = Math.max(values[place], sum * ways[number].quality);
      }
    });
    const sure = Math.max(...ways.map(certainty));
    return { values, touched, idf: own * weight * sure, sure, ways };
  }

  // A page is worth what its best section says of each idea, more where its title or many sections say it,
  // and more than all where one section says everything.
  const TITLE = 0.3;
  const HEAD = 0.2; // the headings right below the title: the questions of a page
  const HEADED = 1.1; // a section that says a word in its heading is worth this for it
  const BREADTH = 0.5;

  // Pages that rank low come first when they are asked for by their whole title, or by a name that only code has.
  function rank(ideas, query) {
    const name = /^\w*[_\d]\w*$/.test(query) && /[a-z]/i.test(query) ? query : "";
    const total = ideas.reduce((sum, { idf }) => sum + idf, 0) || 1;
    const together = new Float32Array(site.sections.length);
    const byPage = new Map();
    ideas.forEach((idea, number) => {
      for (const place of idea.touched) {
        const value = idea.values[place];
        together[place] += value * idea.idf;
        const page = site.pageOf[place];
        let seen = byPage.get(page);
        if (!seen) byPage.set(page, (seen = ideas.map(() => ({ best: 0, sum: 0, title: 0, head: 0 }))));
        const here = seen[number];
        here.best = Math.max(here.best, value);
        here.sum += value;
        const { depth } = site.sections[place];
        if (depth === 1) here.title = Math.max(here.title, value);
        if (depth === 2 && value > HEADED * idea.sure) here.head = Math.max(here.head, value);
      }
    });
    const hits = [];
    for (const [number, seen] of byPage) {
      const page = site.pages[number];
      let whole = 0;
      let covered = 0;
      ideas.forEach(({ idf }, i) => {
        const { best, sum, title, head } = seen[i];
        whole += (best + TITLE * title + HEAD * head + (BREADTH * sum) / (sum + page.sections.length)) * idf;
        covered += Math.min(1, best * 2.5) * idf;
      });
      let place = page.first;
      for (let i = page.first; i < page.first + page.sections.length; i++) if (together[i] > together[place]) place = i;
      const share = covered / total;
      const named = name && site.sections.findIndex((section) => section.page === number && section.title === name);
      if (named >= 0 && name) place = named;
      const asked = (name && named >= 0) || seen.filter(({ title }) => title > 0.65).length >= page.titleWords;
      const explains = site.signs.has(number) && !named && ideas.length > 1 ? 0.5 : 1; // a sign beside words names what they ask
      const score =
        explains *
        ((0.5 * whole + 0.5 * together[place]) / total) * (0.25 + 0.75 * share * share) * (asked ? 1.2 : page.rank);
      hits.push({ page, section: site.sections[place], above: above(place), score, asked });
    }
    return { hits: hits.sort((a, b) => b.score - a.score || a.page.first - b.page.first), together };
  }

  // The section that holds this one, under the page's own heading.
  function above(place) {
    const { page, depth } = site.sections[place];
    for (let i = place - 1; i > site.pages[page].first; i--) {
      if (site.sections[i].depth < depth && site.sections[i].depth > 1) return site.sections[i];
    }
    return null;
  }

  // --- the query -------------------------------------------------------------------------------------

  const BARE_NUMBER = 0.3; // what a single figure says beside words
  const GLUED = 0.1; // and one that only carries an ending: 2면, 0이에요

  function read(query) {
    const asked = settled(tokens(query));
    const ideas = [];
    const absent = []; // what the site is known not to treat
    const unknown = []; // words that it does not have
    for (let at = 0; at < asked.length; ) {
      const { word, last } = asked[at];
      // The longest run of words that the glossary knows, with or without an ending on the last.
      const known = named(asked, at);
      const taken = known?.size ?? 1;
      const group = asked.slice(at, at + taken);
      at += taken;
      let ways = [];
      if (site.absent.has(known?.name)) {
        absent.push(site.absent.get(known.name));
        continue;
      }
      if (known) {
        const { name, quality, slip } = known;
        const forms = [...(slip ? [name.split(" ")] : []), ...site.synonyms.get(name)];
        ways = forms.map((form) => ({ words: form.map((part) => match(part, false)), quality: 0.97 * quality }));
        ways = ways.filter((way) => way.words.every((found) => found.best > 0.5));
      }
      const asking = taken === 1 && (site.asking.has(word) || (isHangul(word) && cuts(word).some((stem) => site.asking.has(stem))));
      const own = asking ? [{ words: [match(word, last)], quality: 1 }] : spell(group, ways.length > 0 && !known.slip);
      const all = [...own, ...ways].filter((way) => way.words.some((found) => found.words.size));
      const telling = taken === 1 && (TELLING.test(word) || (LINKING.test(word) && !site.ids.has(word)));
      const sure = Math.max(0, ...all.map(certainty));
      if (sure < UNSURE && !asking && !telling && !isNumber(word)) unknown.push({ name: group.map((token) => token.word).join(" "), near: [] });
      if (!sure) continue;
      let weight = asking ? ASKED : telling ? TOLD : 1;
      if (/^\d$/.test(word) && taken === 1 && asked.length > 1) weight = group[0].glued ? GLUED : BARE_NUMBER;
      ideas.push({ ...idea(all, weight), weight, name: known?.name });
    }
    return { ideas, absent, unknown };
  }

  const UNSURE = 0.5; // a word of which the site has only parts, or nothing
  const ASKED = 0.1;
  const TOLD = 0.3;

  // A run of words at a place that is a name of the glossary, as written or a slip away.
  function named(asked, at) {
    const most = Math.min(site.longestForm, asked.length - at);
    for (let size = most; size > 0; size--) {
      const run = asked.slice(at, at + size).map((token) => token.word);
      const forms = [run.join(" "), run.join("")];
      if (isHangul(run.at(-1))) for (const stem of cuts(run.at(-1))) forms.push([...run.slice(0, -1), stem].join(" "));
      const name = forms.find((form) => site.synonyms.has(form));
      if (name !== undefined) return { name, size, quality: 1 };
      if (run.every(isKnown) || run.some(isNumber)) continue;
      const found = begunName(run.join("")) ?? nearName(run);
      if (found) return { ...found, size, slip: true };
    }
    return null;
  }

  const isKnown = (word) =>
    site.asking.has(word) ||
    site.ids.has(word) ||
    site.dictionary.has(word) ||
    (isHangul(word) && cuts(word).some((stem) => site.asking.has(stem) || (stem.length > 1 && site.ids.has(stem))));

  // The name of which this is most: 경사하강 of 경사 하강법.
  function begunName(word) {
    if (!isHangul(word) || word.length < 3) return null;
    const typed = keys(word);
    const whole = site.names.find(({ typed: meant }) => meant.startsWith(typed) && typed.length > 0.7 * meant.length);
    return whole ? { name: whole.name, quality: 0.9 } : null;
  }

  // The name nearest to a run of words with a slip in it; of several words, one is as it should be.
  function nearName(run) {
    const word = run.join("");
    const last = run.at(-1);
    const stems = isHangul(last) ? cuts(last).slice(0, 2) : [];
    const among = run.length > 1 ? [...run, ...stems].flatMap((known) => site.namesWith.get(known) ?? []) : site.names;
    let best = null;
    for (const [order, form] of [word, ...stems.map((stem) => run.slice(0, -1).join("") + stem)].entries()) {
      const typed = keys(form);
      if (form.length < 2) continue;
      const most = isHangul(form) ? slack(typed) : /\d/.test(form) ? 0 : latinSlack(typed, true);
      const wanted = counts(typed);
      const keysOf = struck(typed);
      for (const { name, typed: meant, counts: had, struck: other, short } of among) {
        if (short || Math.abs(meant.length - typed.length) * STRAY > most) continue;
        if (bits(keysOf ^ other) > most * UNLIKE || unlike(wanted, had) > most * UNLIKE) continue;
        const cost = slips(typed, meant, most);
        const quality = 1 - cost / (typed.length * 0.8) - 0.05 * order;
        if (cost <= most && quality > (best?.quality ?? 0.4)) best = { name, quality, cost };
      }
    }
    return best;
  }

  // How often each key is struck: a slip changes two of these figures by one at most, and costs half a point.
  const UNLIKE = 4;

  function counts(typed) {
    const found = new Uint8Array(27);
    for (const key of typed.toLowerCase()) found[Math.max(0, Math.min(26, key.charCodeAt(0) - 96))]++;
    return found;
  }

  // Which keys are struck at all, one bit for each: told apart faster than by how often.
  function struck(typed) {
    let found = 0;
    for (const key of typed.toLowerCase()) found |= 1 << Math.max(0, Math.min(26, key.charCodeAt(0) - 96));
    return found;
  }

  function bits(number) {
    let count = 0;
    for (; number; number &= number - 1) count++;
    return count;
  }

  function unlike(some, others) {
    let sum = 0;
    for (let i = 0; i < 27; i++) sum += Math.abs(some[i] - others[i]);
    return sum;
  }

  // Letters of syllables never finished: at the end of the query a syllable is still being typed; anywhere else
  // the letter is one too many, if the word is known without it.
  function settled(asked) {
    const kept = [];
    for (const [place, token] of asked.entries()) {
      const { word, last } = token;
      const bare = word.replace(/[ㄱ-ㅣ]+/g, "");
      if (bare === word || site.byKeys.has(keys(word).toLowerCase())) kept.push(token);
      else if (!bare) {
        if (last || nearName([word, asked[place + 1].word])) kept.push(token);
      } else if (last && word.startsWith(bare) && site.joinedKeys.includes(`\n${keys(word)}`)) kept.push(token);
      else {
        // The letter may also be what is left of a syllable: ㅅ드 for 시드.
        const cost = (keys(word).length - keys(bare).length) * STRAY;
        const known = bare.length > 1 && isKnown(bare) && !(nearName([word])?.cost < cost);
        kept.push(known ? { ...token, word: bare } : { ...token, bare });
      }
    }
    return kept;
  }

  // The ways to read words of the query as they are written; of a name that is known, not what else it may be a slip of.
  function spell(group, isName = false) {
    const words = group.map(({ word, last }) => ({ word, last, found: match(word, last) }));
    const ways = [{ words: words.map(({ found }) => found), quality: 1 }];
    if (group.length > 1) {
      const joined = match(group.map(({ word }) => word).join(""), false);
      if (joined.best >= 0.9) ways.push({ words: [joined], quality: 1 });
      return ways;
    }
    const [{ word, last, found }] = words;
    const [{ parts, degrees, bare, within }] = group;
    if (within?.length) ways.push({ words: within.map((part) => match(part, false)), quality: 0.6 });
    if (degrees && site.ids.has(degrees)) {
      ways[0].quality = 0.4;
      ways.unshift({ words: [match(degrees, false)], quality: 1 });
    }
    if (parts?.length) ways.push({ words: parts.map((part) => match(part, false)), quality: found.best ? 0.15 : 0.9 });
    if (isNumber(word) || isWhole(word)) return ways;
    if (bare) ways.push(...spell([{ word: bare, last }]).map((way) => ({ ...way, quality: way.quality * 0.9 })));
    if (isHangul(word) && word.length > 1 && found.best < 0.97) {
      const parts = pieces(word);
      if (parts) {
        const read = parts.map((part) => {
          const other = match(part, false);
          for (const form of site.synonyms.get(part) ?? []) {
            if (form.length === 1) other.add(site.ids.get(form[0]), 0.95);
          }
          return other;
        });
        ways.push({ words: read, quality: 0.95 });
      }
    }
    const sure = () => Math.max(...ways.map(certainty));
    if (sure() < 0.6 && /^[a-z]+$/i.test(word)) {
      const korean = hangul(word);
      if (korean) ways.push(...spell([{ word: korean, last }]).map((way) => ({ ...way, quality: way.quality * 0.95 })));
    }
    if (isName) return ways;
    if (sure() < 0.72) {
      const other = near(word);
      if (other.best > found.best * 0.75) {
        ways.push({ words: [other], quality: 1 });
        for (const [id, quality] of other.words) {
          if (quality < other.best) continue;
          for (const form of site.synonyms.get(site.words[id]) ?? []) {
            ways.push({ words: form.map((part) => match(part, false)), quality: quality * 0.97 });
          }
        }
      }
    }
    if (ways.every((way) => way.words.every(({ best }) => !best))) ways.push({ words: [rest(word)], quality: 1 });
    return ways;
  }

  const WEAK = 0.12; // of the best score: what is below says nothing of the query

  const TELLS = 0.3; // a score below says little: the words that the site does not have were what was asked

  // What a query finds: `hits`, what to mark in their lines, and what the site is known to say nothing about.
  function search(query, most = 10) {
    step(Infinity);
    const { ideas, absent, unknown } = read(query);
    const { hits: all, together } = rank(ideas, query.trim());
    const floor = (all[0]?.score ?? 0) * WEAK;
    let hits = all.filter(({ score }) => score >= floor).slice(0, most);
    lead(hits);
    const meant = ideas.filter(({ weight }) => weight > ASKED);
    if (meant.length === 1 && !absent.length) {
      define(hits, meant[0].name, all);
      explain(hits, query, all);
    }
    if (!absent.length && !((hits[0]?.score ?? 0) > TELLS)) absent.push(...unknown);
    const lacking = !meant.some(({ weight }) => weight > TOLD);
    if (absent.length) {
      const near = [...new Set(absent.flatMap(({ near }) => near))].map(hitAt);
      hits = unique(lacking ? near : [...hits, ...near]).slice(0, most);
    }
    if (hits.length) answer(hits[0], together);
    return { hits, marks: marks(ideas), absent: [...new Set(absent.map(({ name }) => name))] };
  }

  const hitAt = (place) => ({ page: site.pages[site.pageOf[place]], section: site.sections[place], above: above(place), score: 0 });
  const unique = (hits) => hits.filter(({ page }, at) => hits.findIndex((other) => other.page === page) === at);

  // Where to begin, for a field that is empty.
  function start() {
    step(Infinity);
    return site.start.map(hitAt);
  }

  // --- what is said in the list itself ---------------------------------------------------------------

  const leads = new Map(); // of each page, what answers in short, by the section's place on the page

  // Give a hit the answer in short of its section, or of the one on its page that says most of what was asked.
  function answer(hit, together) {
    const { page, section } = hit;
    const said = leads.get(page.name);
    if (!said || hit.said) return;
    let place = section.place;
    if (!said[place]) {
      if (site.entryPages.has(page)) return;
      const worth = (place) => together[page.first + Number(place)];
      place = Object.keys(said).reduce((a, b) => (worth(b) > worth(a) ? b : a));
      hit.answers = page.sections[place].title; // whose answer it is
    }
    hit.said = said[place];
  }

  const DEFINED = 2;
  const TREATED = 0.35;
  const TREATS = 0.5; // the rank of a page that answers

  // Before a page that ranks low comes one that treats what was asked, if any does; unless it was asked for by name.
  function lead(hits) {
    if (!hits.length || hits[0].asked || hits[0].page.rank >= TREATS) return;
    const at = hits.findIndex(({ page, score }) => page.rank >= TREATS && score > TREATED * hits[0].score);
    if (at > 0) hits.unshift(...hits.splice(at, 1));
  }

  // Move a page's hit to a place among the hits; return it.
  function move(hits, page, to, all) {
    const at = hits.findIndex((hit) => hit.page === page);
    const hit = at >= 0 ? hits.splice(at, 1)[0] : all.find((hit) => hit.page === page);
    if (hit) hits.splice(to, 0, hit);
    return hit;
  }

  // Who asks for a term of the glossary, and nothing else, finds its entry right after the page that treats it.
  function define(hits, name, all) {
    const place = site.entries.get(name);
    if (place === undefined) return;
    const section = site.sections[place];
    const page = site.pages[section.page];
    const at = hits.findIndex((hit) => hit.page === page);
    const hit = at >= 0 && at < DEFINED ? hits[at] : move(hits, page, DEFINED - 1, all);
    if (!hit) return;
    Object.assign(hit, { section, above: null, said: leads.get(page.name)?.[section.place] });
    if (at === 0) lead(hits);
  }

  const HEADED_STEP = 4; // the step of a word in a heading, and of a sign where it is explained

  // Who asks for a sign, and nothing else, finds where it is explained, after a page that has it in its heading.
  function explain(hits, query, all) {
    const [{ word }, ...others] = tokens(query);
    const sign = letterOf.get(word) ?? word;
    if (others.length || sign.length > 2 || isHangul(sign) || isNumber(sign)) return;
    const ids = site.ids.has(sign) ? [site.ids.get(sign)] : [];
    if (sign.length === 1) ids.push(...lines(site.joined, site.starts, `\n${sign}`)); // of φ, also φ_t
    const headed = ids.filter((id) => site.words[id].length < 4).flatMap((id) => {
      const { places, steps } = site.postings[id];
      return [...places].filter((_, i) => steps[i] >= HEADED_STEP).map((place) => ({ place, exact: site.words[id] === sign }));
    });
    const explained = headed.find(({ place }) => site.signs.has(site.pageOf[place]));
    const heading = headed.find(({ place, exact }) => (exact || sign > "~") && site.sections[place].depth < 3 && site.pages[site.pageOf[place]].rank >= 1);
    for (const { place } of [explained, heading].filter(Boolean)) {
      const hit = move(hits, site.pages[site.pageOf[place]], 0, all);
      if (hit) Object.assign(hit, { section: site.sections[place], above: above(place), score: Math.max(hit.score, 1) });
    }
  }

  // The index words found for a query, each with what it is worth, to be marked in a line.
  function marks(ideas) {
    const worth = new Map();
    for (const { ways, idf } of ideas) {
      const best = Math.max(...ways.map(certainty));
      for (const way of ways) {
        for (const found of way.words) {
          if (found.best * way.quality < 0.6 * best) continue;
          for (const [id, quality] of found.words) {
            if (quality >= 0.8 * found.best) worth.set(site.words[id], Math.max(worth.get(site.words[id]) ?? 0, idf * quality));
          }
        }
      }
    }
    return worth;
  }

  // --- the lines of pages ----------------------------------------------------------------------------

  const ROOM = 100; // characters of a line that are shown
  const BEFORE = 14;
  const pageLines = new Map();

  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

  // How a product or a power may be written: 3x3 as 3×3, 2^n as 2ⁿ; and a figure below, β1 as β₁.
  const writtenWhole = (word) =>
    escaped(word)
      .replace(/(?<=\d)x(?=\d)/g, " ?[x×*·∙⋅] ?")
      .replace(/\\\^(.+)$/, (_, power) => `(?:\\^\\(?${power}|${[...power].map((letter) => raisedLetter(letter)).join("")})`);
  const raisedLetter = (letter) => ABOVE[PLAIN.indexOf(letter)] ?? letter;
  const BELOW = new Map([..."0123456789aehijklmnoprstuvx"].map((letter, at) => [letter, [..."₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"][at]]));
  const lowerToo = (letter) => (BELOW.has(letter) ? `[${letter}${BELOW.get(letter)}]` : letter);
  const belowToo = (word) => {
    const [first, ...rest] = word;
    const name = rest.length && rest.length < 3; // f_t, W_in
    return name ? `${escaped(first)}_?${rest.map(lowerToo).join("")}` : escaped(word).replace(/\d/g, lowerToo);
  };

  // Words as they may be written in a line: 3216 as 3,216, names not inside other names.
  function pattern(marks) {
    const written = [...marks.keys()].sort((a, b) => b.length - a.length).map((word) => {
      if (/^\d+$/.test(word)) return `(?<![\\d.,])${[...word].join(",?")}${word.length < LONGEST_NUMBER ? "(?!\\d)" : ""}`;
      if (isNumber(word)) return `(?<![\\d.,])${escaped(word)}${word.length < LONGEST_NUMBER ? "(?!\\d)" : ""}`;
      if (isWhole(word)) return `(?<![a-z\\d.,])${writtenWhole(word)}(?!\\d)`;
      return isHangul(word) ? word : `(?<![a-z])${belowToo(word)}${word.length < 3 ? "(?![a-z])" : ""}`;
    });
    return written.length ? new RegExp(written.join("|"), "giu") : null;
  }

  // A text in parts: [text, whether it was found].
  function mark(text, marks) {
    const found = pattern(marks);
    const parts = [];
    let from = 0;
    for (const match of found ? text.matchAll(found) : []) {
      if (match.index > from) parts.push([text.slice(from, match.index), false]);
      parts.push([match[0], true]);
      from = match.index + match[0].length;
    }
    if (from < text.length) parts.push([text.slice(from), false]);
    return parts;
  }

  // The line of a section that says most of what was asked, cut to the room there is; and words of it that
  // stand on the page as they are, for a browser to scroll to.
  function excerpt({ page, section }, marks) {
    const lines = pageLines.get(page.name)?.[section.place] ?? [];
    const found = pattern(marks);
    let best = { text: lines[0] ?? "", worth: 0, at: 0 };
    if (found) {
      for (const text of lines) {
        const seen = new Set();
        let worth = 0;
        let at = -1;
        for (const match of text.matchAll(found)) {
          const word = normalize(match[0]).replaceAll(",", "");
          if (seen.has(word)) continue;
          seen.add(word);
          const value = marks.get(word) ?? 0.5;
          worth += value;
          if (at < 0) at = match.index;
        }
        if (worth > best.worth) best = { text, worth, at };
      }
    }
    let from = 0;
    if (best.text.length > ROOM && best.at > BEFORE) from = best.text.indexOf(" ", best.at - BEFORE) + 1 || best.at;
    if (from > best.at) from = best.at;
    let to = best.text.length;
    if (to - from > ROOM) to = best.text.lastIndexOf(" ", from + ROOM);
    if (to <= best.at) to = from + ROOM;
    const shown = best.text.slice(from, to);
    const parts = mark(shown.replaceAll("\u2063", ""), marks);
    if (from > 0) parts.unshift(["… ", false]);
    if (to < best.text.length) parts.push([" …", false]);
    return { parts, words: best.worth ? plain(shown, best.at - from) : "" };
  }

  // Whole words around a place in a line, free of formulas: at most six, since a page may break them.
  function plain(text, at) {
    const from = text.lastIndexOf("\u2063", at) + 1;
    const end = text.indexOf("\u2063", at);
    const run = text.slice(from, end < 0 ? text.length : end);
    const start = run.lastIndexOf(" ", at - from) + 1;
    const words = run.slice(start).split(" ");
    if (end >= 0 && words.length > 1) words.pop();
    return words.slice(0, 6).join(" ").trim();
  }

  return {
    index: (data) => {
      [site, loading] = [null, load(data)];
    },
    step,
    page: (name, lines) => pageLines.set(name, lines),
    say: (said) => Object.entries(said).forEach(([name, lead]) => leads.set(name, lead)),
    start,
    search,
    mark,
    excerpt,
    keys,
    hangul,
    get site() {
      return loading ? null : site;
    },
  };
})();
