// Padding and stride: where the window can stand, and which of its places see padding alone.
(() => {
  const layout = (pen, { n, p }) => {
    const side = Math.min((pen.width - 8) / (n + 2 * p), 40);
    return { side, left: (pen.width - side * n) / 2 };
  };

  dlExplore("same-padding", {
    hint: "왼쪽과 오른쪽 화살표로 창을 옮깁니다.",
    compute({ n, f, s, p }) {
      const padded = n + 2 * p;
      if (f > padded) {
        const got = `kernel_size ${f} with dilation 1 (span ${f}) on n ${n} with padding ${p} (padded ${padded})`;
        return { refusal: `kernel_size must fit in the padded input, got ${got}` };
      }
      const output_size = Math.floor((padded - f) / s) + 1;
      const window_starts = Array.from({ length: output_size }, (_, i) => i * s - p);
      const padding_only = window_starts.map((start) => start + f <= 0 || start >= n);
      const same_output_size = Math.ceil(n / s);
      const lack = Math.max((same_output_size - 1) * s + f - n, 0);
      const same_padding = [Math.floor(lack / 2), Math.ceil(lack / 2)];
      return { output_size, window_starts, padding_only, same_output_size, same_padding };
    },
    call({ n, f, s, p }) {
      return `output_size(${n}, ${f}, stride=${s}, padding=${p})`;
    },
    say({ n, f, s, p }, { refusal, output_size, padding_only, same_output_size }) {
      if (refusal) return `필터는 ${f}칸인데 패딩까지 더한 입력이 ${n + 2 * p}칸뿐이라, 필터가 설 자리가 없습니다.`;
      const blind = padding_only.filter(Boolean).length;
      const seen = blind ? `그 가운데 ${blind}칸은 패딩만 봅니다` : "모두 입력을 봅니다";
      const equal = output_size === n ? "입력과 똑같이 " : "";
      const same = s > 1 ? ` 프레임워크의 same이라면 ${same_output_size}칸입니다.` : "";
      return `n = ${n}, f = ${f}, s = ${s}, p = ${p}이면 출력은 ${equal}${output_size}칸이고, ${seen}.${same}`;
    },
    tasks: [
      ({ n, f, s }, { output_size }) => f === 5 && s === 1 && output_size === n,
      (_, { refusal, padding_only }) => !refusal && 2 * padding_only.filter(Boolean).length > padding_only.length,
      ({ n, s }, { output_size }) => s === 2 && n > 3 && output_size === n,
    ],
    point({ x }, settings, { refusal, output_size }, pen) {
      if (refusal) return undefined;
      const { f, s, p } = settings;
      const { side, left } = layout(pen, settings);
      const nearest = Math.round(((x - left) / side + p - f / 2) / s) + 1;
      return { at: Math.max(1, Math.min(nearest, output_size)) };
    },
    key(key, settings) {
      const { refusal, output_size } = this.compute(settings);
      const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
      if (refusal || !step) return undefined;
      return { at: Math.max(1, Math.min(Math.min(settings.at, output_size) + step, output_size)) };
    },
    draw(pen, settings, { refusal, output_size, window_starts, padding_only }) {
      const { n, f, s, p, at } = settings;
      const { side, left } = layout(pen, settings);
      const tall = Math.min(side, 28);
      const top = pen.height * 0.28;
      const below = pen.height * 0.68;
      const place = (i) => left + i * side;
      pen.write(place(n / 2), top - pen.size * 1.3, `입력 ${n}칸`);
      for (let i = -p; i < n + p; i++) {
        const inside = i >= 0 && i < n;
        const label = inside ? i + 1 : 0;
        pen.cell(place(i), top, side, tall, inside ? "input" : "reference", side >= 20 ? label : "");
      }
      if (refusal) {
        pen.cell(place(-p), below - tall, f * side, tall, "kernel", side * f > 80 ? `필터 ${f}칸` : "");
        return;
      }
      const now = Math.min(at, output_size) - 1;
      const wide = Math.min(side * s * 0.86, tall);
      window_starts.forEach((start, i) => {
        const middle = place(start + f / 2);
        const role = padding_only[i] ? "reference" : "output";
        pen.cell(middle - wide / 2, below, wide, tall, role, wide >= 20 ? i + 1 : "", i === now ? "dl-x-strong" : "");
      });
      const start = window_starts[now];
      const role = padding_only[now] ? "reference" : "kernel";
      pen.cell(place(start), top - 4, side * f, tall + 8, role, "", "dl-x-empty dl-x-strong");
      pen.arrow([place(start + f / 2), top + tall + 8], [place(start + f / 2), below - 4]);
      const blind = padding_only.filter(Boolean).length;
      const told = `출력 ${output_size}칸` + (blind ? `, 회색 ${blind}칸은 패딩만` : "");
      pen.write(pen.width / 2, below + tall + pen.size * 1.3, told);
    },
  });
})();
