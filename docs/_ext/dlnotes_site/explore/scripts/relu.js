// Units of ReLU: each bends the line once. Least squares come as frames, knots that were dragged are interpolated.
(() => {
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvw";
  const SIGN = 25; // signs of 1/25 make a knot's place
  const even = (k) => Array.from({ length: k }, (_, i) => -1 + (2 * (i + 1)) / (k + 1));
  const written = (place) => LETTERS[Math.max(0, Math.min(Math.round(place * SIGN) + 24, 48))];
  const box = ({ width, height, size }) => ({ x: 34, y: 1.6 * size, w: width - 50, h: height - 4.4 * size });
  const isMoved = ({ k, activation, moved }) => activation === "relu" && k > 0 && moved.length === k;
  const places = (settings) =>
    isMoved(settings) ? [...settings.moved].map((sign) => (LETTERS.indexOf(sign) - 24) / SIGN) : even(settings.k);
  const python = (value) => (Number.isInteger(value) ? value.toFixed(1) : `${value}`);
  // The knots with one moved, never onto another.
  const move = (settings, j, place) => {
    const signs = places(settings).map(written);
    const sign = written(place);
    if (signs.some((other, i) => i !== j - 1 && other === sign)) return { j };
    signs[j - 1] = sign;
    return { j, moved: signs.join("") };
  };

  dlExplore("relu", {
    hint: "위아래 화살표로 점을 고르고, 왼쪽과 오른쪽 화살표로 옮깁니다.",
    compute(settings, frames) {
      const { k, activation } = settings;
      if (!isMoved(settings)) return frames[activation === "identity" ? 0 : k];
      const knots = places(settings).sort((a, b) => a - b);
      if (knots.some((knot, i) => knot === knots[i - 1])) {
        const got = `got [${knots.map(python).join(", ")}]`;
        return { refusal: `knots must increase strictly between low=-1.0 and high=1.0, ${got}` };
      }
      const x = [-1, ...knots, 1];
      const square = x.slice(1).reduce((sum, one, i) => sum + (one - x[i]) ** 5, 0) / 60;
      return { rms: Math.sqrt(square), x, y: x.map((one) => one * one) };
    },
    call(settings) {
      if (settings.activation === "identity") return "rms_error(np.square, least_squares(np.square, []))";
      if (!isMoved(settings)) return `rms_error(np.square, least_squares(np.square, equispaced_knots(${settings.k})))`;
      return `rms_error(np.square, interpolate(np.square, [${places(settings).sort((a, b) => a - b).map(python).join(", ")}]))`;
    },
    say(settings, { rms, refusal }) {
      if (refusal) return "두 점이 한자리에 있어, 그 사이의 기울기를 정할 수 없습니다.";
      const told = dlExplore.number(rms, 4);
      const { k } = settings;
      if (settings.activation === "identity") return `항등 함수는 유닛이 ${k}개여도 직선 하나입니다. RMS 오차는 ${told}에 머뭅니다.`;
      if (!k) return `유닛이 없으면 직선 하나이고, RMS 오차는 ${told}입니다.`;
      const how = isMoved(settings) ? "끌어 놓은 자리에서 포물선을 지나게 하면" : "고르게 놓고 가장 가깝게 맞추면";
      return `유닛 ${k}개가 선을 ${k}번 꺾습니다. ${how} RMS 오차는 ${told}입니다.`;
    },
    tasks: [
      isMoved,
      ({ activation }, { rms }) => activation === "relu" && rms < 0.01,
      ({ k, activation }) => activation === "identity" && k > 7,
    ],
    point(at, settings, _, pen) {
      if (settings.activation === "identity" || !settings.k) return undefined;
      const { x, w } = box(pen);
      const place = ((at.x - x) / w) * 2 - 1;
      if (at.down) {
        const gaps = places(settings).map((one) => Math.abs(one - place));
        at.held = gaps.indexOf(Math.min(...gaps)) + 1;
        return { j: at.held };
      }
      return at.held && move(settings, at.held, place);
    },
    key(key, settings) {
      const { k, activation } = settings;
      if (activation === "identity" || !k) return undefined;
      const j = Math.min(settings.j, k);
      const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
      if (step) return move(settings, j, places(settings)[j - 1] + step / SIGN);
      if (key === "ArrowUp") return { j: (j % k) + 1 };
      return key === "ArrowDown" ? { j: ((j + k - 2) % k) + 1 } : undefined;
    },
    draw(pen, settings, { rms, x = [], y }) {
      const place = pen.axes(box(pen), [-1, 1], [-0.25, 1], { x: "x", ticks: 4 });
      const curve = Array.from({ length: 61 }, (_, i) => i / 30 - 1);
      pen.line(curve.map((u) => place(u, u * u)), "target", "dl-x-dashed");
      if (!x.length) return;
      pen.line(x.map((u, i) => place(u, y[i])), "output");
      if (settings.activation === "relu") {
        const chosen = places(settings)[Math.min(settings.j, settings.k) - 1];
        x.forEach((u, i) => {
          if (i > 0 && i < x.length - 1) pen.mark(...place(u, y[i]), "kernel", Math.abs(u - chosen) < 1e-9 ? 8 : 6);
        });
      }
      pen.write(...place(0, 0.92), `RMS ${dlExplore.number(rms, 4)}`);
    },
  });
})();
