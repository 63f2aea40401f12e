// Two memories of Adam: the gradient was one number for long, then it is another; how far is each average, and the step?
(() => {
  const LAST = 1000;
  const FAR = 1e6;
  // What the gradient was, and what it is now.
  const STORIES = { turn: [1, -3], grow: [1, 10], stop: [1, 0], burst: [0, 1] };
  const after = (beta, t, was, now) => was * beta ** t + now * (1 - beta ** t);
  const at = ({ beta1, beta2, gradients }, t) => {
    const [was, now] = STORIES[gradients];
    const m = after(beta1, t, was, now);
    const root_v = Math.sqrt(after(beta2, t, was * was, now * now));
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
    call({ beta1, beta2, gradients, t }) {
      if (gradients === "burst") return `uncorrected_step(${beta1}, ${beta2}, ${t})`;
      const [was, now] = STORIES[gradients];
      const average = (beta, power) =>
        `exponential_average([${now ** power}] * ${t}, ${beta}, initial=${was ** power})[-1]`;
      return `${average(beta1, 1)} / ${average(beta2, 2)} ** 0.5`;
    },
    say({ beta1, beta2, gradients, t }, { step, recent_weight, first }) {
      const { number } = dlExplore;
      const told = Math.abs(step) < 1000 ? `이동 폭은 α의 ${number(step, 2)}배` : "이동 폭은 α의 1,000배가 넘는 크기";
      if (gradients === "stop") {
        const rate = beta1 / Math.sqrt(beta2);
        const grows = Math.abs(rate - 1) < 1e-9 ? "줄지도 늘지도 않습니다" : rate < 1 ? "잦아듭니다" : "자랍니다";
        return `${t}번째에 ${told}입니다. 갱신마다 ${number(rate, 3)}배가 되어 ${grows}.`;
      }
      if (gradients === "burst") {
        const gap = step - first;
        const where = Math.abs(gap) < 1e-9 ? "에 꼭 닿습니다" : gap > 0 ? "를 넘습니다" : "보다 작습니다";
        return `1이 ${t}번 이어지면 ${told}입니다. 논문이 적은 한계 ${number(first, 2)}배${where}.`;
      }
      const [fast, slow] = recent_weight.map((weight) => number(100 * weight, 1));
      const turned = gradients === "turn" ? (step < 0 ? ", 이미 돌아섰습니다" : ", 아직 돌아서지 않았습니다") : "입니다";
      return `${t}번째에 ${told}${turned}. 새 기울기가 m의 ${fast} %를, v의 ${slow} %를 차지합니다.`;
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
    draw(pen, settings, { m, root_v, step, first }) {
      const { gradients, t } = settings;
      const { size } = pen;
      const inside = box(pen);
      const times = Array.from({ length: 91 }, (_, i) => LAST ** (i / 90));
      const found = times.map((one) => at(settings, one));
      const peak = Math.max(...found.map((one) => Math.max(one.m, one.root_v, one.step)));
      const top = Math.max(1.25, Math.min(1.15 * peak, 110));
      const low = gradients === "turn" ? -3.5 : 0;
      // The logarithms of x stand far from the values of y, so that a tick tells which it is.
      const told = (value) => `${value < FAR ? value : 10 ** (value - FAR)}`;
      const place = pen.axes(inside, [FAR, FAR + 3], [low, top], { x: "바뀐 뒤의 갱신 (로그 눈금)", told });
      const spot = (one, value) => place(FAR + Math.log10(one), Math.min(value, top));
      if (low) pen.line([spot(1, 0), spot(LAST, 0)], "quiet", "dl-x-thin");
      if (gradients === "burst") {
        pen.line([spot(1, first), spot(LAST, first)], "reference", "dl-x-dashed");
        pen.write(pen.width - 4, 2.6 * size, `점선: 논문의 한계 ${dlExplore.number(first, 2)}`, "quiet", "end");
      }
      const line = (role, name, more) =>
        pen.line(times.map((one, i) => spot(one, found[i][name])), role, more);
      line("kernel", "root_v");
      line("output", "m");
      line("ink", "step", "dl-x-strong");
      pen.line([spot(t, low), spot(t, top)], "quiet", "dl-x-thin");
      pen.mark(...spot(t, root_v), "kernel");
      pen.mark(...spot(t, m), "output");
      const [cx, cy] = spot(t, step);
      pen.add("circle", { cx, cy, r: 5 }, "dl-x-mark dl-x-ink");
      const key = [["output", "m 방향"], ["kernel", "√v 크기"]];
      key.forEach(([role, name], i) => {
        pen.mark(inside.x + i * 6.4 * size, size, role);
        pen.write(inside.x + i * 6.4 * size + 10, size, name, "ink", "start");
      });
      const left = inside.x + 12.8 * size;
      pen.line([[left - 6, size], [left + 12, size]], "ink", "dl-x-strong");
      pen.write(left + 18, size, "이동 폭 m/√v", "ink", "start");
      const far = Math.abs(step) < 1000 ? `α의 ${dlExplore.number(step, 2)}배` : "α의 1,000배를 넘음";
      pen.write(inside.x, 2.6 * size, `${t}번째: ${far}`, "ink", "start");
    },
  });
})();
