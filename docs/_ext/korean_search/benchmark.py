"""Measure a query on an index of many pages: ``python benchmark.py SITE/_search [PAGES]``, with Playwright.

The pages of a built site are mixed into new ones, section by section and word by word, until there are
enough: as many words as a real site of that size has, in the same proportions. Every word of a heading is
asked for as it stands, with a slip, half typed and together with others.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent

MIX = r"""
([wanted, seed]) => {
  const { site } = koreanSearch;
  let state = seed;
  const random = (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
  const sizes = site.pages.map((page) => page.sections.length);
  const words = site.words.map((word) => word);
  const syllables = [...new Set(words.join("").match(/[가-힣]/g))];
  // A larger site has more words: half as many again for each doubling.
  const grown = Math.ceil(words.length * Math.pow(1.5, Math.log2(wanted / site.pages.length)));
  const known = new Set(words);
  while (words.length < grown) {
    const word = Array.from({ length: 2 + random(3) }, () => syllables[random(syllables.length)]).join("");
    if (!known.has(word)) known.add(word), words.push(word);
  }
  const bySection = site.sections.map(() => []);
  site.postings.forEach(({ places, steps }, id) => {
    places.forEach((place, i) => bySection[place].push([id, steps[i]]));
  });
  const found = new Map();
  const pages = [];
  let count = 0;
  for (let page = 0; page < wanted; page++) {
    const sections = [];
    for (let i = 0; i < sizes[page % sizes.length]; i++) {
      const source = bySection[random(bySection.length)];
      for (const [id, step] of source) {
        const other = random(10) < 3 ? random(words.length) : id;
        if (!found.has(other)) found.set(other, new Map());
        found.get(other).set(count, step);
      }
      sections.push(`${Math.min(i, 3)}s${i}\t${words[random(words.length)]} ${words[random(words.length)]}`);
      count++;
    }
    pages.push([`page${page}`, `${words[random(words.length)]}`, 1, "", sections.join("\n")]);
  }
  const { digits } = original;
  const half = digits.length >> 1;
  const number = (value) => {
    let text = digits[value % half];
    while ((value = Math.floor(value / half))) text = digits[half + (value % half)] + text;
    return text;
  };
  const postings = (places) => {
    const steps = new Map();
    for (const [place, step] of [...places].sort((a, b) => a[0] - b[0])) {
      const before = steps.get(step) ?? { text: String(step), last: 0 };
      steps.set(step, { text: before.text + number(place - before.last), last: place });
    }
    return [...steps.values()].map(({ text }) => text).join("");
  };
  const sorted = [...found].map(([id, places]) => [words[id], places]).sort((a, b) => (a[0] < b[0] ? -1 : 1));
  const mixed = {
    ...original,
    pages,
    words: sorted.map(([word]) => `0${word}`).join("\n"),
    postings: sorted.map(([, places]) => postings(places)).join("\n"),
  };
  const start = performance.now();
  koreanSearch.index(mixed);
  koreanSearch.step(Infinity);
  return [performance.now() - start, koreanSearch.site.sections.length, koreanSearch.site.words];
}
"""

KEEP = (
    "() => { const load = koreanSearch.index; koreanSearch.index = (data) => load((window.original = data)) }"
)

ASK = """
(queries) => queries.map((query) => {
  koreanSearch.search(query);
  const times = [];
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    koreanSearch.search(query);
    times.push(performance.now() - start);
  }
  return [query, Math.min(...times)]; // what else the machine does only adds to it
})
"""


def queries(words: list[str]) -> list[str]:
    """Ask for words as they stand, with an ending, half typed, with a slip, in pairs and as a question."""
    rng = random.Random(1)
    hangul = [word for word in words if "가" <= word[0] <= "힣" and len(word) > 1]
    some = rng.sample(hangul, 60)
    slips = [word[:-1] + chr(ord(word[-1]) ^ 1) for word in some]
    return [
        *some,
        *(f"{word}에서는" for word in some),
        *(word[:-1] + chr(0x3131 + rng.randrange(30)) for word in some),
        *slips,
        *("".join(rng.sample(hangul, 3)) for _ in range(40)),
        *(" ".join(rng.sample(hangul, 3)) + " 왜 다른가요" for _ in range(40)),
        *(" ".join(rng.sample(slips, 4)) for _ in range(20)),
    ]


def main() -> None:
    """Print the median and the worst time of a query."""
    folder = Path(sys.argv[1]).resolve()
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as temporary:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        home = Path(temporary) / "index.html"
        home.write_text("<!DOCTYPE html>", encoding="utf-8")
        page.goto(home.as_uri())
        page.add_script_tag(content=(folder / "engine.js").read_text(encoding="utf-8"))
        page.evaluate(KEEP)
        page.add_script_tag(content=(folder / "index.js").read_text(encoding="utf-8"))
        loading, sections, words = page.evaluate(MIX, [wanted, 7])
        times = sorted(page.evaluate(ASK, queries(words)), key=lambda pair: pair[1])
        browser.close()
    print(f"{wanted} pages, {sections} sections, {len(words)} words; loaded in {loading:.0f} ms")
    print(f"{len(times)} queries: median {times[len(times) // 2][1]:.2f} ms, worst {times[-1][1]:.2f} ms")
    print("slowest: " + ", ".join(f"{query} {time:.1f}" for query, time in times[-5:]))


if __name__ == "__main__":
    main()
