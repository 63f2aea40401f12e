// A box on YOLO's grid: which cell answers for it, what is written there, and how far that cell sees.
(() => {
  const [SIZE, GRID, SIDE] = [448, 7, 64];
  // Tiny-YOLOv1's layers that slide a window, from the last back to the first: its width, stride and padding.
  const CONV = [3, 1, 1];
  const POOL = [2, 2, 0];
  const BACK = [CONV, CONV, ...Array(6).fill([POOL, CONV]).flat()];
  const inside = (value) => Math.max(0, Math.min(value, SIZE));
  const view = (index, m) => {
    let [u, v, scale] = [index, index, SIDE];
    for (const [k, s, p] of BACK.slice(0, m)) {
      scale /= s;
      [u, v] = [Math.max(u * s - p, 0), Math.min(v * s - p + k - 1, SIZE / scale - 1)];
    }
    return [u * scale, (v + 1) * scale - 1];
  };
  const corners = ({ cx, cy, w, h }) => [cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2];
  const layout = ({ width, height, size }) => {
    const side = Math.min(width - 20, height - 4.2 * size);
    return { side, left: (width - side) / 2, top: 2 * size };
  };
  const covers = (settings, { refusal, view_x, view_y }) => {
    if (refusal) return false;
    const [x0, y0, x1, y1] = corners(settings).map(inside);
    return view_x[0] <= x0 && x1 <= view_x[1] + 1 && view_y[0] <= y0 && y1 <= view_y[1] + 1;
  };

  dlExplore("yolo-grid", {
    hint: "화살표로 중심을 한 픽셀씩 옮깁니다.",
    compute({ cx, cy, w, h, m }) {
      for (const [name, value] of [["cy", cy], ["cx", cx]])
        if (value >= SIZE) return { refusal: `box, image_size and grid: ${name} must lie in the image, 0 <= ${name} < ${SIZE}, got ${value.toFixed(1)}` };
      const cell = [Math.floor(cy / SIDE), Math.floor(cx / SIDE)];
      const code = [(cx - SIDE * cell[1]) / SIDE, (cy - SIDE * cell[0]) / SIDE, w / SIZE, h / SIZE];
      return { cell, code, view_x: view(cell[1], m), view_y: view(cell[0], m) };
    },
    call({ cx, cy, w, h }) {
      return `encode_yolov1(Box(${cx}, ${cy}, ${w}, ${h}), ${SIZE}, ${GRID})`;
    },
    say(settings, result) {
      if (result.refusal) return "중심이 이미지의 끝에 닿아 어느 칸에도 들지 않습니다. 칸은 오른쪽과 아래쪽 끝을 품지 않습니다.";
      const { cell, view_x, view_y } = result;
      const [wide, high] = [view_x, view_y].map(([first, last]) => last - first + 1);
      const all = covers(settings, result) ? "상자가 통째로 들어옵니다" : "상자를 다 보지는 못합니다";
      const where = settings.m ? `${settings.m}층을 거슬러 가면` : "칸만으로는";
      return `${cell[0]}행 ${cell[1]}열의 칸이 맡습니다. ${where} 가로 ${wide}, 세로 ${high}픽셀을 보므로 ${all}.`;
    },
    tasks: [
      ({ cx, cy }, { refusal }) => !refusal && (cx % SIDE === 0 || cy % SIDE === 0),
      (settings, result) => settings.m > 0 && Math.min(settings.w, settings.h) > SIDE && covers(settings, result),
      ({ w }) => w === SIZE, // last: at most places no view covers a box as wide as that
    ],
    point({ x, y }, _, __, pen) {
      const { side, left, top } = layout(pen);
      const [cx, cy] = [x - left, y - top].map((one) => inside(Math.round((one / side) * SIZE)));
      return { cx, cy };
    },
    key(key, { cx, cy }) {
      const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key] || [];
      return x === undefined ? undefined : { cx: inside(cx + x), cy: inside(cy + y) };
    },
    draw(pen, settings, { refusal, cell, code, view_x, view_y }) {
      const { side, left, top } = layout(pen);
      const { size } = pen;
      const { number } = dlExplore;
      const [x, y] = [(value) => left + (value / SIZE) * side, (value) => top + (value / SIZE) * side];
      const span = (value) => (value / SIZE) * side;
      pen.cell(left, top, side, side, "input");
      for (let i = 1; i < GRID; i++) {
        pen.line([[x(i * SIDE), top], [x(i * SIDE), top + side]], "input", "dl-x-thin");
        pen.line([[left, y(i * SIDE)], [left + side, y(i * SIDE)]], "input", "dl-x-thin");
      }
      if (!refusal) {
        const [wide, high] = [view_x, view_y].map(([first, last]) => span(last - first + 1));
        pen.cell(x(view_x[0]), y(view_y[0]), wide, high, "kernel", "", "dl-x-strong");
        pen.cell(x(cell[1] * SIDE), y(cell[0] * SIDE), span(SIDE), span(SIDE), "output", "", "dl-x-full");
      }
      const [x0, y0, x1, y1] = corners(settings).map(inside);
      pen.cell(x(x0), y(y0), span(x1 - x0), span(y1 - y0), "target", "", "dl-x-empty dl-x-strong");
      pen.mark(x(settings.cx), y(settings.cy), "target", 7);
      const key = [["output", "맡는 칸"], ["kernel", "보는 범위"], ["target", "상자의 중심"]];
      key.forEach(([role, name], i) => {
        pen.mark(left + 6 + i * 6.8 * size, size * 0.9, role);
        pen.write(left + 16 + i * 6.8 * size, size * 0.9, name, "ink", "start");
      });
      const told = refusal ? [] : ["x", "y", "w", "h"].map((name, i) => `${name} = ${number(code[i], 2)}`);
      pen.write(pen.width / 2, top + side + size * 1.2, told.join(", "));
    },
  });
})();
