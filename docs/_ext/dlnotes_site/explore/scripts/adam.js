// Two memories of Adam: the gradient was one number for long, then it is another; how far is each average, and the step?
// Or there was none for long: one spike, the gradients that make the step largest; or these are the first updates.
(() => {
  const LAST = 1000;
  // What the gradient was, and what it is now.
  const STORIES = { turn: [1, -3], grow: [1, 10], stop: [1, 0], burst: [0, 1] };
  const after = (beta, t, was, now) => was * beta ** t + now * (1 - beta ** t);
  const QUIET = ["burst", "spike", "worst"];
  // 1 + ρ + … of so many terms, in between too.
  const series = (rho, t) => (rho === 1 ? t : Math.expm1(t * Math.log(rho)) / (rho - 1));
  const averages = ({ beta1, beta2, gradients, corrected }, t) => {
    const first = [1 - beta1, 1 - beta2];
    if (gradients === "spike") return [first[0] * beta1 ** (t - 1), Math.sqrt(first[1] * beta2 ** (t - 1))];
    if (gradients === "worst") {
      const [sum, latest] = [series(beta1 ** 2 / beta2, t), Math.max(1, beta1 / beta2) ** (1 - t)];
      return [first[0] * sum * latest, Math.sqrt(first[1] * sum) * latest];
    }
    if (gradients === "start" && corrected) return [1, 1];
    const [was, now] = STORIES[gradients] || STORIES.burst;
    return [after(beta1, t, was, now), Math.sqrt(after(beta2, t, was * was, now * now))];
  };
  const at = (settings, t) => {
    const [m, root_v] = averages(settings, t);
    return { m, root_v, step: m / root_v };
  };
  const box = ({ width, height, size }) => ({ x: 36, y: 3.8 * size, w: width - 58, h: height - 6.9 * size });
  const moved = (t) => ({ t: Math.max(1, Math.min(t, LAST)) });

  dlExplore("adam", {
    hint: "왼쪽과 오른쪽 화살표로 갱신을 하나씩, 위아래 화살표로 열씩 옮깁니다.",
    compute(settings) {
      const { beta1, beta2, t } = settings;
      const rho = beta1 ** 2 / beta2;
      return {
        ...at(settings, t),
        recent_weight: [1 - beta1 ** t, 1 - beta2 ** t],
        first: (1 - beta1) / Math.sqrt(1 - beta2),
        step_bound: rho < 1 ? ((1 - beta1) / Math.sqrt(1 - beta2)) * Math.sqrt(1 / (1 - rho)) : null,
      };
    },
    call({ beta1, beta2, gradients, corrected, t }) {
      const step = `uncorrected_step(${beta1}, ${beta2}, ${t})`;
      if (gradients === "start" && corrected) return `${step} * correction(${beta1}, ${t}) / correction(${beta2}, ${t}) ** 0.5`;
      if (gradients === "burst" || gradients === "start") return step;
      const of = (given, squared) =>
        `exponential_average(${given}, ${beta1})[-1] / exponential_average(${squared}, ${beta2})[-1] ** 0.5`;
      if (gradients === "spike") return of(`[1] + [0] * ${t - 1}`, `[1] + [0] * ${t - 1}`);
      if (gradients === "worst") return of(`g := worst_gradients(${beta1}, ${beta2}, ${t})`, "g**2");
      const [was, now] = STORIES[gradients];
      const average = (beta, power) =>
        `exponential_average([${now ** power}] * ${t}, ${beta}, initial=${was ** power})[-1]`;
      return `${average(beta1, 1)} / ${average(beta2, 2)} ** 0.5`;
    },
    say({ beta1, beta2, gradients, corrected, t }, { step, recent_weight, first, step_bound }) {
      const { number } = dlExplore;
      const alike = corrected ? "" : " 오래 배운 뒤에는 보정을 꺼도 같습니다.";
      const told = Math.abs(step) < 1000 ? `이동 폭은 α의 ${number(step, 2)}배` : "이동 폭은 α의 1,000배가 넘는 크기";
      if (gradients === "stop") {
        const rate = beta1 / Math.sqrt(beta2);
        const grows = Math.abs(rate - 1) < 1e-9 ? "줄지도 늘지도 않습니다" : rate < 1 ? "잦아듭니다" : "자랍니다";
        return `${t}번째에 ${told}입니다. 갱신마다 ${number(rate, 3)}배가 되어 ${grows}.${alike}`;
      }
      const gap = step - first;
      const where = Math.abs(gap) < 1e-9 ? "에 꼭 닿습니다" : gap > 0 ? "를 넘습니다" : "보다 작습니다";
      const limit = `논문이 적은 한계 ${number(first, 2)}배${where}.`;
      if (gradients === "burst") return `1이 ${t}번 이어지면 ${told}입니다. ${limit}${alike}`;
      if (gradients === "spike") return `한 번 튄 지 ${t}번째에 ${told}입니다. ${limit}${alike}`;
      if (gradients === "worst") {
        const most = step_bound ? `, 아무리 이어도 ${number(step_bound, 2)}배까지입니다` : "이고, 이을수록 끝없이 커집니다";
        return `가장 나쁜 기울기를 ${t}번 이으면 ${told}${most}.${alike}`;
      }
      if (gradients === "start") {
        const why = corrected ? "편향을 보정하면 처음부터 한결같습니다" : "0에서 시작한 두 평균이 다르게 차오르기 때문입니다";
        return `${t}번째에 ${told}입니다. ${why}.`;
      }
      const [fast, slow] = recent_weight.map((weight) => number(100 * weight, 1));
      const turned = gradients === "turn" ? (step < 0 ? ", 이미 돌아섰습니다" : ", 아직 돌아서지 않았습니다") : "입니다";
      return `${t}번째에 ${told}${turned}. 새 기울기가 m의 ${fast} %를, v의 ${slow} %를 차지합니다.${alike}`;
    },
    tasks: [
      ({ gradients, t }, { step }) => gradients === "turn" && t === 1 && step < 0,
      ({ beta1, beta2, gradients }, { step }) => gradients === "burst" && beta1 === 0.9 && beta2 === 0.999 && step > 6.568,
      ({ gradients }, { step }) => gradients === "stop" && step > 1.01,
    ],
    point({ x }, _, __, pen) {
      const { x: left, w } = box(pen);
      return moved(Math.round(LAST ** ((x - left) / w)));
    },
    key(key, { t }) {
      const step = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -10, ArrowUp: 10 }[key];
      return step && moved(t + step);
    },
    draw(pen, settings, { m, root_v, step, first, step_bound }) {
      const { gradients, t } = settings;
      const { size } = pen;
      const inside = box(pen);
      const times = Array.from({ length: 91 }, (_, i) => LAST ** (i / 90));
      const found = times.map((one) => at(settings, one));
      const quiet = QUIET.includes(gradients);
      const bound = quiet && step_bound < 100 ? step_bound : 0;
      const peak = Math.max(bound, ...found.map((one) => Math.max(one.m, one.root_v, one.step)));
      const top = Math.max(1.25, Math.min(1.15 * peak, 110));
      const low = gradients === "turn" ? -3.5 : 0;
      const x = `${gradients === "start" ? "" : "바뀐 뒤의 "}갱신 (로그 눈금)`;
      const place = pen.axes(inside, [0, 3], [low, top], { x, across: (power) => `${10 ** power}` });
      const spot = (one, value) => place(Math.log10(one), Math.min(value, top));
      if (low) pen.line([spot(1, 0), spot(LAST, 0)], "quiet", "dl-x-thin");
      if (bound) {
        pen.line([spot(1, bound), spot(LAST, bound)], "target", "dl-x-thin");
        pen.write(inside.x + 6, spot(1, bound)[1] - size * 0.8, `가장 커도 ${dlExplore.number(bound, 2)}배`, "quiet", "start");
      }
      const dashed = quiet || gradients === "start";
      if (dashed) {
        pen.line([spot(1, first), spot(LAST, first)], "reference", "dl-x-dashed");
        pen.write(pen.width - 4, 2.6 * size, `점선: 논문의 한계 ${dlExplore.number(first, 2)}`, "quiet", "end");
      }
      const line = (role, name, more) =>
        pen.line(times.map((one, i) => spot(one, found[i][name])), role, more);
      line("kernel", "root_v");
      line("output", "m");
      line("ink", "step", "dl-x-strong");
      pen.line([spot(t, low), spot(t, bound || top)], "quiet", "dl-x-thin"); // up to the words
      pen.mark(...spot(t, root_v), "kernel");
      pen.mark(...spot(t, m), "output");
      const [cx, cy] = spot(t, step);
      pen.add("circle", { cx, cy, r: 5 }, "dl-x-mark dl-x-ink");
      const key = [["output", "m 방향"], ["kernel", "√v 크기"]];
      key.forEach(([role, name], i) => {
        pen.mark(8 + i * 6.4 * size, size, role);
        pen.write(18 + i * 6.4 * size, size, name, "ink", "start");
      });
      const left = 8 + 12.8 * size;
      pen.line([[left - 6, size], [left + 12, size]], "ink", "dl-x-strong");
      pen.write(left + 18, size, "이동 폭 m/√v", "ink", "start");
      const far = Math.abs(step) < 1000 ? `α의 ${dlExplore.number(step, 2)}배` : "α의 1,000배를 넘음";
      pen.write(8, 2.6 * size, dashed ? far : `${t}번째: ${far}`, "ink", "start"); // the words say which, too
    },
  });
})();
