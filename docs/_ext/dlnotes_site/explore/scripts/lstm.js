// One memory of an LSTM: written once by the input gate, carried by the forget gate, shown by the output gate.
(() => {
  const DISTANCES = [1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000];
  const [LEAST, MOST, STEP] = [-3, 8, 0.25]; // of the bias
  const lost = (b) => Math.log1p(Math.exp(-Math.abs(b))) + Math.max(-b, 0); // ln(1 + exp(-b))
  const kept = (b, t) => Math.exp(-t * lost(b));
  const bias_to_keep = (t, share) => -Math.log(Math.expm1(-Math.log(share) / t));
  const held = (g) => ({ g: Math.max(-1, Math.min(Math.round(g * 10) / 10, 1)) });
  const near = (b) => ({ b: Math.max(LEAST, Math.min(Math.round(b / STEP) * STEP, MOST)) });
  const box = ({ width, height, size }) => ({ x: 44, y: 3.8 * size, w: width - 66, h: height - 6.9 * size });
  const small = (value) => {
    if (value === 0) return "0";
    if (value >= 0.001) return dlExplore.number(value, 3);
    const [digits, power] = value.toExponential(1).split("e-");
    return `${digits}×10⁻${[...power].map((sign) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign]).join("")}`;
  };

  const gate = (f) => dlExplore.number(f, f > 0.999 ? 5 : 3);

  dlExplore("lstm", {
    hint: "위아래 화살표로 편향을, 왼쪽과 오른쪽 화살표로 거리를, 더하기와 빼기로 새 값을 바꿉니다.",
    compute({ b, n, i, o, g }) {
      const retention = kept(b, n);
      const c = i * g * retention;
      return {
        f: kept(b, 1),
        retention,
        half_life: Math.LN2 / lost(b),
        bias_to_keep: bias_to_keep(n, 0.5),
        c,
        h: o * Math.tanh(c),
      };
    },
    call({ b, n }) {
      return `retention(${b}, ${n})`;
    },
    say({ n, i, o, g }, { f, retention, half_life, bias_to_keep }) {
      const { number } = dlExplore;
      if (!i) return "입력 게이트가 닫혀 처음부터 아무것도 쓰지 않았습니다. 남길 것이 없습니다.";
      if (!g) return "새 값이 0이라 입력 게이트가 열려 있어도 남길 것이 없습니다.";
      const told = `${n}시점 뒤에 ${small(retention)}배가 남습니다. 망각 게이트가 ${gate(f)}{이라/라} ${number(half_life, half_life < 10 ? 2 : 0)}시점마다 절반이 됩니다.`;
      if (!o) return `${told} 출력 게이트가 닫혀 쪽지는 0이지만 장부는 그대로입니다.`;
      return retention < 0.5 ? `${told} 절반을 남기려면 b_f가 ${number(bias_to_keep, 2)}{은/는} 되어야 합니다.` : told;
    },
    tasks: [
      ({ b, n }) => b === 0 && n === 1,
      ({ n }, { f, retention }) => n === 100 && f > 0.9 && retention < 0.001,
      ({ n }, { c, h }) => n === 100 && c > 0.5 && h === 0,
    ],
    point(at, { n, i, g }, _, pen) {
      const { x: left, y: top, w, h } = box(pen);
      const [across, value] = [at.x - left, 1 - (2 * (at.y - top)) / h];
      if (at.down) at.held = across < 24; // the beginning of the curve, which i and g write
      if (!i) return undefined;
      if (at.held) return held(value / i);
      if (across <= 0 || !g) return undefined;
      return near(bias_to_keep((across / w) * n, Math.max(1e-12, Math.min(value / (i * g), 1 - 1e-12))));
    },
    key(key, { b, n, g }) {
      const pull = { "+": 0.1, "=": 0.1, "-": -0.1 }[key];
      if (pull) return held(g + pull);
      const turn = { ArrowDown: -STEP, ArrowUp: STEP }[key];
      if (turn) return near(b + turn);
      const next = DISTANCES[DISTANCES.indexOf(n) + { ArrowLeft: -1, ArrowRight: 1 }[key]];
      return next && { n: next };
    },
    draw(pen, { b, n, i, g }, { f, c, h }) {
      const { size } = pen;
      const inside = box(pen);
      const place = pen.axes(inside, [0, n], [-1, 1], { x: "지난 시점", ticks: Math.min(n, 4) });
      const curve = Array.from({ length: 101 }, (_, j) => place((n * j) / 100, i * g * kept(b, (n * j) / 100)));
      const corners = [...curve, place(n, 0), place(0, 0)].map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`);
      pen.add("path", { d: `M${corners.join("L")}Z` }, "dl-x-area dl-x-input");
      pen.line(curve, "input");
      if (n <= 20) for (let t = 0; t < n; t++) pen.mark(...place(t, i * g * kept(b, t)), "input", 4);
      pen.mark(...place(n, c), "input", 6);
      pen.mark(...place(n, h), "output", 5);
      pen.mark(...place(n, (i * g) / 2), "target", 6);
      pen.mark(...place(0, i * g), "kernel", 6);
      const key = [["input", "장부 c"], ["output", "쪽지 h"], ["target", "절반"]];
      key.forEach(([role, name], j) => {
        pen.mark(inside.x + j * 6 * size, size, role);
        pen.write(inside.x + j * 6 * size + 10, size, name, "ink", "start");
      });
      pen.write(inside.x, 2.6 * size, `f = ${gate(f)}`, "ink", "start");
      pen.write(inside.x + 7.2 * size, 2.6 * size, `c = ${dlExplore.number(c, 3)}`, "ink", "start");
      pen.write(inside.x + 14.4 * size, 2.6 * size, `h = ${dlExplore.number(h, 3)}`, "ink", "start");
    },
  });
})();
