// The tiny detector, as it was trained: the hand picks a cell and sees what that cell answers, and how sure each is.
(() => {
  const [SIZE, GRID, SIDE] = [32, 4, 8];
  const KINDS = ["네모", "타원"];
  const [CY, W, H] = [17, 22, 26]; // of the box; the hand moves it sideways alone
  const place = (number) => [Math.floor((number - 1) / GRID), (number - 1) % GRID];
  const same = ([row, column], [r, c]) => row === r && column === c;
  const python = ([row, column]) => `(${row}, ${column})`;
  const layout = ({ width, height, size }) => {
    const side = Math.min(width - 20, height - 4.2 * size);
    return { side, unit: side / SIZE, left: (width - side) / 2, top: 2 * size + (height - 4.2 * size - side) / 2 };
  };

  dlExplore("yolo-answers", {
    hint: "화살표로 칸을 고릅니다.",
    compute({ kind, x, alone, cell }, frames) {
      const answers = frames.answers[kind][+alone][x - frames.x[0]];
      const [cx, cy, w, h, best, score] = answers[cell - 1];
      const scores = answers.map((one) => one[5]);
      return {
        cell: place(cell),
        responsible_cell: [CY, x].map((at) => Math.floor(at / SIDE)),
        surest: place(1 + scores.indexOf(Math.max(...scores))),
        box: { cx, cy, w, h },
        kind: KINDS[best],
        score,
        scores,
      };
    },
    call({ kind, x, alone, cell }) {
      const scenes = `draw([Box(${x}, ${CY}, ${W}, ${H})] * 2, CLASSES, rng(0))`;
      const seen = alone ? `blind, only_view(${scenes}, ${SIDE})` : `theta, ${scenes}.images`;
      return `answers(${seen}, [${python(place(cell))}] * 2)[${KINDS.indexOf(kind)}]`;
    },
    say({ alone }, { cell, responsible_cell, surest, box, kind, score }) {
      const { number } = dlExplore;
      const told = `${kind} ${number(box.w, 1)}×${number(box.h, 1)}픽셀, 점수는 ${number(score, 2)}입니다`;
      const where = `${cell[0]}행 ${cell[1]}열의 답은 ${told}.`;
      if (same(cell, responsible_cell)) return `${where} 중심이 든 칸${alone ? "인데, 저만 보고 답했습니다" : "입니다"}.`;
      return `${where} 중심은 다른 칸에 있고, 점수가 가장 높은 칸은 ${surest[0]}행 ${surest[1]}열입니다.`;
    },
    tasks: [
      ({ alone }, { surest }) => !alone && surest[1] === 2,
      ({ alone }, { cell, responsible_cell }) => alone && same(cell, responsible_cell),
    ],
    point(at, { x }, _, pen, frames) {
      const { unit, left, top } = layout(pen);
      const [u, v] = [(at.x - left) / unit, (at.y - top) / unit];
      if (at.down && Math.hypot(u - x, v - CY) * unit < 24) at.held = true;
      if (at.held) return { x: Math.max(frames.x[0], Math.min(Math.round(u), frames.x.at(-1))) };
      const [column, row] = [u, v].map((one) => Math.floor(one / SIDE));
      return [row, column].every((one) => one >= 0 && one < GRID) ? { cell: row * GRID + column + 1 } : undefined;
    },
    key(key, { cell }) {
      const [down, right] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key] || [0, 0];
      const [row, column] = place(cell);
      const [r, c] = [row + down, column + right];
      if (!down && !right) return undefined;
      return r >= 0 && c >= 0 && r < GRID && c < GRID ? { cell: r * GRID + c + 1 } : {};
    },
    draw(pen, { kind, x, alone }, { cell, responsible_cell, box, scores, ...told }) {
      const { side, unit, left, top } = layout(pen);
      const { size } = pen;
      const { number } = dlExplore;
      const inside = (value) => Math.max(0, Math.min(value, SIZE));
      const around = ({ cx, cy, w, h }) => {
        const [x0, y0, x1, y1] = [cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2].map(inside);
        return [left + x0 * unit, top + y0 * unit, (x1 - x0) * unit, (y1 - y0) * unit];
      };
      const of = ([row, column]) => [left + column * SIDE * unit, top + row * SIDE * unit, SIDE * unit, SIDE * unit];
      const real = { cx: x, cy: CY, w: W, h: H };
      pen.cell(left, top, side, side, alone ? "reference" : "input", "", alone ? "" : "dl-x-empty");
      if (alone) pen.cell(...of(responsible_cell), "input", "", "dl-x-full");
      else if (kind === KINDS[0]) pen.cell(...around(real), "input");
      else pen.add("ellipse", { cx: left + x * unit, cy: top + CY * unit, rx: (W / 2) * unit, ry: (H / 2) * unit }, "dl-x-cell dl-x-input");
      pen.lines(pen.parted(left, top, side, GRID), "quiet", "dl-x-thin");
      pen.cell(...of(cell), "output", "", "dl-x-strong");
      const [u, v, wide, high] = around(real);
      pen.line([[u, v], [u + wide, v], [u + wide, v + high], [u, v + high], [u, v]], "target", "dl-x-dashed");
      pen.cell(...around(box), "output", "", "dl-x-empty dl-x-strong");
      scores.forEach((score, i) => {
        const [cx, cy] = of(place(i + 1));
        const middle = (SIDE / 2) * unit;
        pen.mark(cx + middle, cy + middle, "output", Math.sqrt(Math.max(score, 0)) * middle * 0.6);
      });
      pen.mark(left + x * unit, top + CY * unit, "target", 7);
      const key = [["output", "칸마다의 점수"], ["target", "끌 수 있는 중심"]];
      key.forEach(([role, name], i) => {
        pen.mark(left + 6 + i * 9 * size, top - size * 1.1, role);
        pen.write(left + 16 + i * 9 * size, top - size * 1.1, name, "ink", "start");
      });
      pen.write(pen.width / 2, top + side + size * 1.2, `${told.kind} ${number(box.w, 1)}×${number(box.h, 1)}, 점수 ${number(told.score, 2)}`);
    },
  });
})();
