// Maximization bias: one set of estimates chooses, the same or another is read; drawn again and again.
(() => {
  const RANGE = 5; // of the estimates, at the largest standard deviation
  const told = (value) => dlExplore.number(value, 2).replace(/^−(0\.00)$/, "$1");
  const DRAWS = [...Array.from({ length: 20 }, (_, i) => i + 1), 30, 50, 100, 200, 500, 1000];
  const next = (draws, step = 1) => DRAWS[(DRAWS.indexOf(draws) + step + DRAWS.length) % DRAWS.length];

  dlExplore("double-q-learning", {
    hint: "오른쪽 화살표로 다시 뽑고, 왼쪽 화살표로 되돌립니다.",
    compute({ k, sigma, draws }, frames) {
      const number = DRAWS.indexOf(draws);
      const drawn = frames.drawn[number].map((one) => one * sigma);
      const [first, second] = [drawn.slice(0, k), drawn.slice(k, 2 * k)];
      const single_estimate = Math.max(...first);
      const chosen = first.indexOf(single_estimate);
      const [mean_single, mean_double] = frames.means[k - 1].map((means) => means[number] * sigma);
      const expected_maximum = frames.expected_maximum[k - 1];
      return {
        first,
        second,
        chosen,
        single_estimate,
        double_estimate: second[chosen],
        mean_single,
        mean_double,
        expected_maximum,
        expected_single: expected_maximum * sigma,
      };
    },
    call({ k, sigma, draws }) {
      return `mean_estimates(${k}, draws=${draws}, std=${sigma})`;
    },
    say({ draws }, { mean_single, mean_double, expected_single }) {
      const means = `그대로 읽은 값의 평균은 ${told(mean_single)}, 다른 벌에서 읽은 값의 평균은 ${told(mean_double)}입니다.`;
      return `${draws.toLocaleString("en")}번 뽑아 ${means} 끝없이 뽑으면 ${told(expected_single)}{과/와} 0으로 갑니다.`;
    },
    tasks: [
      (_, { single_estimate, double_estimate }) => double_estimate > single_estimate,
      ({ draws }, { mean_single }) => draws === 1000 && mean_single < 0.04,
      ({ draws }, { mean_single, mean_double }) => draws >= 20 && mean_single > 1.5 && mean_double < 1,
    ],
    point({ down }, { draws }) {
      return down ? { draws: next(draws) } : undefined;
    },
    key(key, { draws }) {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      return step && { draws: next(draws, step) };
    },
    draw(pen, { k, sigma, draws }, result, frames) {
      const { first, second, chosen, mean_single, mean_double, expected_single } = result;
      const { width, height, size, narrow } = pen;
      const top = 1.9 * size;
      const h = height - top - 4.6 * size;
      const split = width * 0.62;
      const [left, right] = [
        { x: 30, y: top, w: split - 46, h },
        { x: split + 6, y: top, w: width - split - 18 - 3 * size, h },
      ];
      const place = pen.axes(left, [0.3, k + 0.7], [-RANGE, RANGE], { ticks: Math.min(k, narrow ? 4 : 9) });
      const [, zero] = place(1, 0);
      pen.line([[left.x, zero], [left.x + left.w, zero]], "target");
      const reading = [place(chosen + 1, first[chosen]), place(chosen + 1, second[chosen])];
      pen.line(reading, "kernel", "dl-x-dashed");
      first.forEach((one, a) => pen.mark(...place(a + 1, one), "output", 4));
      second.forEach((one, a) => pen.mark(...place(a + 1, one), "input", a === chosen ? 4.5 : 2.5));
      const [x, y] = reading[0];
      pen.cell(x - 8, y - 8, 16, 16, "kernel", "", "dl-x-empty dl-x-strong");
      pen.write(left.x, size * 0.8, `${draws.toLocaleString("en")}번째`, "ink", "start");
      pen.write(left.x + left.w, size * 0.8, narrow ? "누르면 다시" : "누르면 다시 뽑기", "quiet", "end");

      const log = (n) => right.x + (Math.log10(n) / 3) * right.w;
      const up = (value) => place(1, value)[1];
      pen.line([[right.x, top], [right.x, top + h], [right.x + right.w, top + h]], "ink", "dl-x-axis");
      for (const n of [1, 1000]) pen.write(log(n), top + h + size, n.toLocaleString("en"), "quiet");
      pen.line([[right.x, zero], [right.x + right.w, zero]], "target");
      const highest = up(expected_single);
      pen.line([[right.x, highest], [right.x + right.w, highest]], "ink", "dl-x-dashed dl-x-thin");
      pen.write(right.x + right.w + 8, highest, told(expected_single), "ink", "start");
      const seen = DRAWS.filter((n) => n <= draws);
      frames.means[k - 1].forEach((means, which) => {
        const way = seen.map((n, i) => [log(n), up(means[i] * sigma)]);
        const role = which ? "input" : "output";
        if (way.length > 1) pen.line(way, role);
        pen.mark(...way[way.length - 1], role, 5);
      });
      pen.write(right.x, size * 0.8, `${draws.toLocaleString("en")}번의 평균`, "ink", "start");
      const below = top + h + 2.4 * size;
      pen.mark(left.x + 4, below, "output", 4);
      pen.write(left.x + 14, below, `고른 값 그대로, 평균 ${told(mean_single)}`, "ink", "start");
      pen.mark(left.x + 4, below + 1.5 * size, "input", 4);
      pen.write(left.x + 14, below + 1.5 * size, `다른 벌에서 읽기, 평균 ${told(mean_double)}`, "ink", "start");
    },
  });
})();
