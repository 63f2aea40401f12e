// Kinds of convolution: which inputs an output sees, and its kernels beside it, row by row.
(() => {
  const { commas } = dlExplore;
  const layout = ({ width, height, narrow, size }) => {
    const foot = height - 66;
    const top = size * 4.2;
    const wires = narrow ? { x: 16, w: 124 } : { x: 60, w: 220 };
    const left = wires.x + wires.w + (narrow ? 18 : 40);
    return { top, tall: foot - 16 - top, wires, grid: { x: left, w: width - left - 6 }, kernel: { x: 16, y: height - 6, scale: 8 } };
  };
  // Which group an output or input is in, or -1 for what is left when they cannot be dealt out evenly.
  const group = (number, count, groups) => {
    const each = Math.floor(count / groups);
    return number < each * groups ? Math.floor(number / each) : -1;
  };

  dlExplore("convolution-kinds", {
    hint: "위아래 화살표로 출력을 고르고, 왼쪽과 오른쪽 화살표로 필터의 한 변을 바꿉니다.",
    compute({ C_in, C_out, groups, separable, f }) {
      const separable_cost_ratio = 1 / C_out + 1 / (f * f);
      if (separable) {
        return { depth: C_in, parameters: C_in * (f * f + 1) + C_out * (C_in + 1), separable_cost_ratio };
      }
      if (C_in % groups) return { refusal: `in_channels must be divisible by groups=${groups}, got in_channels=${C_in}` };
      if (C_out % groups && groups === C_in) {
        const why = `each input channel owns the same number of kernels, got out_channels=${C_out}`;
        return { refusal: `out_channels must be a multiple of in_channels=${C_in} in a depthwise convolution (groups=${groups}): ${why}` };
      }
      if (C_out % groups) return { refusal: `out_channels must be divisible by groups=${groups}, got out_channels=${C_out}` };
      const depth = C_in / groups;
      return { depth, parameters: (f * f * depth + 1) * C_out, separable_cost_ratio };
    },
    call({ C_in, C_out, groups, separable, f }, { refusal }) {
      if (separable) return `sum(map(parameters, separable(${C_in}, ${C_out}, ${f})))`;
      if (groups === C_in && C_in > 1 && !refusal) {
        const times = C_out > C_in ? `, ${C_out / C_in}` : "";
        return `parameters(depthwise(${C_in}, ${f}${times}))`;
      }
      if (groups === 1 && f === 1) return `parameters(pointwise(${C_in}, ${C_out}))`;
      const dealt = groups > 1 ? `, groups=${groups}` : "";
      return `parameters(Conv2d(${C_in}, ${C_out}, ${f}${dealt}))`;
    },
    say({ C_in, C_out, groups, separable, f }, { refusal, depth, parameters, separable_cost_ratio }) {
      if (refusal && C_in % groups) return `입력 채널 ${C_in}개는 ${groups}묶음으로 똑같이 나눌 수 없습니다.`;
      if (refusal) {
        const what = groups === C_in ? `입력 채널마다 필터를 똑같이 두려면 ${C_in}의 배수여야 합니다.` : "그래서 만들 수 없습니다.";
        return `필터 ${C_out}개를 ${groups}묶음에 똑같이 나누면 ${C_out % groups}개가 남습니다. ${what}`;
      }
      if (separable) {
        const cost = dlExplore.number(separable_cost_ratio, 4);
        return `깊이별 다음에 점별을 이으면 매개변수는 ${commas(parameters)}개입니다. 곱셈-누산은 표준의 ${cost}배입니다.`;
      }
      const kinds = [
        [groups === C_in && C_in > 1, `깊이별(깊이 배수 ${C_out / C_in})`],
        [groups > 1, "그룹"],
        [f === 1, "점별"],
        [true, "표준"],
      ];
      const [, kind] = kinds.find(([met]) => met);
      return `${kind} 합성곱입니다. 출력마다 입력 채널 ${depth}개를 보고, 매개변수는 ${commas(parameters)}개입니다.`;
    },
    tasks: [
      ({ C_in, C_out, groups }, { refusal }) => Boolean(refusal) && C_in === 3 && C_out === 8 && groups === 3,
      ({ C_in, C_out, separable }, { parameters }) => !separable && C_in === 8 && C_out === 16 && parameters === 416,
      ({ C_in, C_out, separable }, { separable_cost_ratio }) =>
        separable && C_in === 3 && C_out === 8 && separable_cost_ratio < 0.2,
    ],
    point(at, { C_out, f, o }, _, pen) {
      const { top, tall, kernel } = layout(pen);
      if (at.down) at.held = at.y > top + tall + 6 ? "kernel" : "output";
      if (at.held === "kernel") {
        const side = Math.max(1, Math.min(Math.round((at.x - kernel.x) / kernel.scale), 7));
        return side !== f && { f: side };
      }
      const chosen = Math.max(1, Math.min(Math.ceil(((at.y - top) / tall) * C_out), C_out));
      return at.held && chosen !== o && { o: chosen };
    },
    key(key, { C_out, f, o }) {
      const [side, next] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key] || [0, 0];
      if (side) return { f: Math.max(1, Math.min(f + side, 7)) };
      return next && { o: Math.max(1, Math.min(Math.min(o, C_out) + next, C_out)) };
    },
    draw(pen, settings, { refusal, depth, parameters, separable_cost_ratio }) {
      const { C_in, C_out, groups, separable, f } = settings;
      const { top, tall, wires, grid, kernel } = layout(pen);
      const { size, narrow } = pen;
      const now = Math.min(settings.o, C_out) - 1;
      const pitch = tall / C_out;
      const row = (i) => top + (i + 0.5) * pitch;
      const level = (i) => top + (i + 0.5) * (tall / C_in);
      const far = wires.x + wires.w;
      const sized = (gap) => Math.max(2, Math.min(gap - 2, 20));
      const own = (i) => (separable ? 0 : group(i, C_in, groups));
      const sees = (o, i) => separable || (own(i) >= 0 && own(i) === group(o, C_out, groups));

      // wires, what is looked at above the rest
      const between = (wires.x + far) / 2;
      const start = separable ? between : wires.x;
      const wires_of = (wanted) => {
        const found = [];
        const [from, to] = [sized(tall / C_in) / 2, sized(pitch) / 2];
        for (let o = 0; o < C_out; o++) {
          for (let i = 0; i < C_in; i++) {
            if ((o === now) !== wanted || !sees(o, i)) continue;
            if (separable) found.push([[wires.x + from, level(i)], [between - from, level(i)]]);
            found.push([[start + from, level(i)], [far - to, row(o)]]);
          }
        }
        return found;
      };
      pen.lines(wires_of(false), "quiet", "dl-x-thin");
      pen.lines(wires_of(true), "kernel");
      const square = (x, y, gap, role, text, more) => {
        const side = sized(gap);
        pen.cell(x - side / 2, y - side / 2, side, side, role, side > 16 ? text : "", more);
      };
      for (let i = 0; i < C_in; i++) {
        square(wires.x, level(i), tall / C_in, own(i) < 0 ? "reference" : "input", own(i) < 0 ? "?" : i + 1);
        if (separable) square(between, level(i), tall / C_in, "kernel", "");
      }

      // each output, and its kernels
      const wide = grid.w / C_in;
      const side = Math.min(pitch, wide, 44) - 2;
      const across = side < 6 ? wide : side + 2;
      const left = grid.x + (grid.w - across * C_in) / 2;
      const [kernels, looked, empty, grids] = [[], [], [], []];
      const [w, h] = separable ? Array(2).fill(Math.max(side / f, 3)) : side < 6 ? [across, pitch] : [side, side];
      for (let o = 0; o < C_out; o++) {
        const lost = !separable && group(o, C_out, groups) < 0;
        square(far, row(o), pitch, lost ? "reference" : "output", lost ? "?" : o + 1, o === now ? "dl-x-strong" : "");
        for (let i = 0; i < C_in; i++) {
          const [u, v] = [left + (i + 0.5) * across - w / 2, row(o) - h / 2];
          (sees(o, i) ? (o === now ? looked : kernels) : empty).push([u, v, w, h]);
          if (sees(o, i) && !separable && side > 3 * f) grids.push(...pen.parted(u, v, side, f));
        }
      }
      pen.cells(empty, "reference", "dl-x-empty");
      pen.cells(kernels, "kernel");
      pen.lines(grids, "kernel", "dl-x-thin");
      pen.cells(looked, "kernel", "dl-x-strong");
      const head = top - size;
      pen.write(wires.x, head, `입력 ${C_in}`, "ink", narrow ? "start" : "middle");
      pen.write(far, head, `출력 ${C_out}`);
      pen.write(grid.x + grid.w / 2, head, "출력마다 필터");
      if (!refusal) {
        const parts = separable
          ? `${C_in}·(${f * f} + 1) + ${C_out}·(${C_in} + 1)`
          : `${f}·${f}·${depth}·${C_out} + ${C_out}`;
        pen.write(pen.width / 2, size, `${parts} = ${commas(parameters)}개`, "ink", "middle", size + 2);
      }

      // the kernel, and its corner to hold
      const { x, y, scale } = kernel;
      const whole = f * scale;
      pen.cell(x, y - whole, whole, whole, "kernel");
      if (f > 1) pen.parted(x, y - whole, whole, f).forEach((way) => pen.line(way, "kernel", "dl-x-thin"));
      pen.mark(x + whole, y - whole, "kernel", 6);
      const told = [`커널 한 장 ${f}×${f}`];
      const cost = separable ? `1/${C_out} + 1/${f * f} = ${dlExplore.number(separable_cost_ratio, 4)}` : `${groups > 1 ? "1/" : ""}${groups}`;
      if (!refusal) told.push("곱셈-누산은 표준의", `${cost}배`);
      if (!narrow) told.push(told.splice(1).join(" "));
      told.forEach((one, i) => pen.write(x + 7 * scale + 16, y - size * (narrow ? 3.2 - 1.4 * i : 2 - 1.4 * i), one, "ink", "start"));
    },
  });
})();
