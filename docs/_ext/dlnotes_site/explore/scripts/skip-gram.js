// Pairs of words: the window makes them, and each press of a button learns those of one side, or of both.
(() => {
  const TOKENS = "the quick brown fox jumps over the lazy dog".split(" ");
  const WORDS = [...new Set(TOKENS)];
  const IDS = TOKENS.map((token) => WORDS.indexOf(token));
  const SIDES = { b: [-1, 0], a: [0, 1], t: [-1, 1] };
  const python = (value) => (value ? "True" : "False");
  const ordered = ({ reverse }) => (reverse ? [...IDS].reverse() : IDS);
  const near = (i, j, c, [before, after]) => j !== i && j - i >= before * c && j - i <= after * c;
  const pairsOf = (settings, side) => {
    const ids = ordered(settings);
    return ids.flatMap((id, i) => ids.filter((_, j) => near(i, j, settings.c, side)).map((other) => [id, other]));
  };
  const counted = (pairs, center) => WORDS.map((_, o) => pairs.filter(([i, other]) => i === center && other === o).length);
  const softmax = (scores) => {
    const most = Math.max(...scores);
    const powers = scores.map((one) => Math.exp(one - most));
    const sum = powers.reduce((a, b) => a + b);
    return powers.map((one) => one / sum);
  };
  const layout = ({ width, size, narrow }) => {
    const letters = narrow ? 11 : size;
    const widths = TOKENS.map((token) => token.length + 1.6);
    const unit = width / widths.reduce((a, b) => a + b);
    return { letters, widths: widths.map((one) => one * unit), tall: narrow ? 26 : 32 };
  };
  const placed = (settings, pen) => {
    const { widths } = layout(pen);
    let left = 0;
    return (settings.reverse ? [...widths].reverse() : widths).map((wide) => [(left += wide) - wide, wide]);
  };

  dlExplore("skip-gram", {
    hint: "왼쪽과 오른쪽 화살표로 중심 단어를 고릅니다.",
    compute(settings) {
      const { at, steps, eta } = settings;
      const pairs = pairsOf(settings, SIDES.t);
      const cooccurrence = WORDS.map((_, i) => counted(pairs, i));
      const mine = cooccurrence[at];
      const total = mine.reduce((a, b) => a + b);
      let v = 1;
      let u = WORDS.map(() => 0);
      for (const step of steps) {
        const counts = counted(pairsOf(settings, SIDES[step]), at);
        const many = counts.reduce((a, b) => a + b);
        if (!many) return { refusal: "centers must have shape (P,) with P >= 1, got (0,)" };
        const error = softmax(u.map((one) => v * one)).map((p, o) => many * p - counts[o]);
        const dv = error.reduce((sum, one, o) => sum + one * u[o], 0);
        u = u.map((one, o) => one - eta * v * error[o]);
        v -= eta * dv;
      }
      return {
        skipgram_pairs: pairs,
        cooccurrence,
        conditional_probabilities: mine.map((one) => one / total),
        context_probabilities: softmax(u.map((one) => v * one)),
      };
    },
    call({ at, c, eta, steps, reverse }) {
      const more = reverse ? `, reverse=${python(reverse)}` : "";
      return `learned_probabilities("${WORDS[at]}", "${steps}", window=${c}, lr=${eta}${more})`;
    },
    say({ at, steps, reverse }, { refusal, cooccurrence, context_probabilities }) {
      const word = WORDS[at];
      if (refusal) return `${word}의 그쪽에는 단어가 없어 배울 쌍이 없습니다. 중심 단어를 바꾸어 보세요.`;
      const seen = WORDS.map((_, o) => o).filter((o) => cooccurrence[at][o]);
      const count = cooccurrence[at].reduce((a, b) => a + b);
      const turned = reverse ? "문장을 뒤집어도 " : "";
      const start = `${turned}${word}의 쌍은 ${count}개입니다.`;
      if (!steps) return `${start} 아직 배우지 않아 모든 단어의 확률이 ${1 / WORDS.length}입니다.`;
      const told = (value) => dlExplore.number(value, 2);
      const all = told(seen.reduce((sum, o) => sum + context_probabilities[o], 0));
      const each = seen.map((o) => `${WORDS[o]} ${told(context_probabilities[o])}`).join(", ");
      return `${start} ${steps.length}번 배워 확률은 ${seen.length > 3 ? `주변 단어를 더해서 ${all}` : each}입니다.`;
    },
    tasks: [
      ({ at }, { context_probabilities: p }) => at === 1 && p && p[0] > 0.8,
      ({ at }, { context_probabilities: p }) => at === 1 && p && p[0] > 0.4 && p[2] > 0.4,
      ({ steps, reverse }) => reverse && steps && [...steps].every((step) => step === "t"),
    ],
    point({ x, y, down }, settings, _, pen) {
      const boxes = placed(settings, pen);
      if (!down || y > layout(pen).tall + 8) return undefined;
      const found = boxes.findIndex(([left, wide]) => x >= left && x < left + wide);
      return found < 0 ? undefined : { at: ordered(settings)[found] };
    },
    key(key, { at, reverse }) {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
      return step && { at: (at + (reverse ? -step : step) + WORDS.length) % WORDS.length };
    },
    draw(pen, settings, { refusal, conditional_probabilities, context_probabilities }) {
      const { at, c, eta, steps } = settings;
      const { width, height, size } = pen;
      const { letters, tall } = layout(pen);
      const ids = ordered(settings);
      placed(settings, pen).forEach(([left, wide], j) => {
        const around = ids.some((id, i) => id === at && near(i, j, c, SIDES.t));
        const role = ids[j] === at ? "input" : around ? "target" : "quiet";
        pen.cell(left + 1, 2, wide - 2, tall, role, "", role === "quiet" ? "dl-x-empty dl-x-thin" : "");
        pen.write(left + wide / 2, 2 + tall / 2, WORDS[ids[j]], "ink", "middle", letters);
      });
      if (refusal) return;
      const top = tall + 3.6 * size;
      const row = (height - top - 2) / WORDS.length;
      const [x, w] = [4.4 * size, width - 8 * size];
      pen.write(0, tall + 2 * size, `p( · | ${WORDS[at]} ), 별은 나온 비율`, "ink", "start");
      pen.write(width, tall + 2 * size, `η = ${eta}로 ${steps.length}번 배움`, "quiet", "end");
      pen.line([[x, top - 2], [x, height]], "ink", "dl-x-axis");
      WORDS.forEach((word, o) => {
        const middle = top + (o + 0.5) * row;
        const p = context_probabilities[o];
        pen.write(x - 8, middle, word, "ink", "end");
        pen.cell(x, middle - row * 0.32, Math.max(w * p, 0.5), row * 0.64, "output");
        if (conditional_probabilities[o]) pen.mark(x + w * conditional_probabilities[o], middle, "target", 5);
        pen.write(width, middle, dlExplore.number(p, 3), "ink", "end");
      });
    },
  });
})();
