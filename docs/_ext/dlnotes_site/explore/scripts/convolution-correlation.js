// Convolution stamps the kernel at every dot, correlation its half turn. Cells are digits, row after row in a text.
(() => {
  const [N, F] = [5, 3];
  const PARTS = [["input", N, "입력"], ["kernel", F, "커널"], ["output", N, "출력"]];
  const whole = ({ x, k }) => ({ x: x.padEnd(N * N, "0"), k: k.padEnd(F * F, "0") });
  const rows = (signs, width) =>
    Array.from({ length: width }, (_, i) => [...signs.slice(i * width, (i + 1) * width)].map(Number));
  const listed = (parts) => `[${parts.join(", ")}]`;
  const written = (lines) => listed(lines.map(listed));
  const turned = (signs) => [...signs].reverse().join("");
  const symmetric = (signs) => turned(signs) === signs;
  // The window in "same": its value times the kernel's, cell by cell; outside is 0.
  const products = (x, k, row, column) =>
    [...k].map((sign, i) => {
      const [r, c] = [row + Math.floor(i / F) - 1, column + (i % F) - 1];
      return [r >= 0 && c >= 0 && r < N && c < N ? +x[r * N + c] : 0, +sign];
    });
  const correlate = (x, k) =>
    rows("0".repeat(N * N), N).map((line, r) => line.map((_, c) => products(x, k, r, c).reduce((sum, [a, b]) => sum + a * b, 0)));
  // Where a place from 1 on is: the input's cells, then the kernel's, then the output's.
  const found = (at) => {
    let left = at - 1;
    const part = PARTS.findIndex(([, side]) => left < side * side || ((left -= side * side), false));
    const [name, side, word] = PARTS[part];
    return { part, name, side, word, row: Math.floor(left / side), column: left % side };
  };
  const placed = (part, row, column) =>
    1 + PARTS.slice(0, part).reduce((sum, [, side]) => sum + side * side, 0) + row * PARTS[part][1] + column;
  const put = (settings, value) => {
    const { name, side, row, column } = found(settings.at);
    if (name === "output") return undefined;
    const setting = name === "input" ? "x" : "k";
    const signs = [...whole(settings)[setting]];
    const place = row * side + column;
    signs[place] = value ?? (signs[place] >= 2 ? 0 : +signs[place] + 1);
    return { at: settings.at, [setting]: signs.join("") };
  };
  const layout = ({ width, height, narrow, size }) => {
    const head = size * 1.6;
    const c = narrow ? Math.min((width - 6) / 10.8, (height - 3.4 * head) / 12) : Math.min(width / 18, (height - 3 * head) / 7);
    const left = (width - (narrow ? 10.8 : 17.4) * c) / 2 + c;
    const top = head + c + (narrow ? 0 : (height - 7 * c - 2 * head) / 2);
    const output = narrow ? { x: left, y: top + 6 * c + head } : { x: left + 11.4 * c, y: top };
    return { c, head, input: { x: left, y: top }, kernel: { x: left + 6.8 * c, y: top + c }, output };
  };
  // What is multiplied for a cell of the output, as a sum.
  const told = (settings, { output }, { row, column }) => {
    const { x, k } = whole(settings);
    const parts = products(x, settings.flip ? turned(k) : k, row, column).filter(([a, b]) => a * b);
    const sum = parts.length > 3 ? `곱 ${parts.length}개의 합` : parts.map(([a, b]) => `${a}·${b}`).join(" + ");
    return sum && `${sum} = ${output[row][column]}`;
  };

  dlExplore("convolution-correlation", {
    hint: "화살표로 칸을 옮겨 가고, 스페이스 바나 숫자로 입력과 커널의 칸을 바꿉니다.",
    compute(settings) {
      const { x, k } = whole(settings);
      const [correlate2d, convolve2d] = [correlate(x, k), correlate(x, turned(k))];
      return { output: settings.flip ? convolve2d : correlate2d, correlate2d, convolve2d, flip: rows(turned(k), F) };
    },
    call(settings) {
      const { x, k } = whole(settings);
      const name = settings.flip ? "convolve2d" : "correlate2d";
      return `${name}(${written(rows(x, N))}, ${written(rows(k, F))}, "same")`;
    },
    say(settings, result) {
      const { x, k } = whole(settings);
      const { name, side, word, row, column } = found(settings.at);
      const value = name === "output" ? result.output[row][column] : +{ input: x, kernel: k }[name][row * side + column];
      const chosen = ` ${word} ${row + 1}행 ${column + 1}열은 ${value}입니다.`;
      if (!+x || !+k) return `곱할 것이 모두 0이라 출력도 모두 0입니다.${chosen}`;
      if (symmetric(k)) return `반 바퀴 돌려도 같은 커널이라, 뒤집든 뒤집지 않든 출력이 같습니다.${chosen}`;
      if (settings.flip) return `커널을 뒤집는 합성곱입니다. 점마다 커널이 그대로 찍힙니다.${chosen}`;
      return `뒤집지 않는 교차상관입니다. 점마다 커널이 반 바퀴 돌아 찍힙니다.${chosen}`;
    },
    tasks: [
      ({ x, flip }) => flip && [...x].filter(Number).length > 1,
      ({ k }) => [...k].filter(Number).length > 1 && symmetric(whole({ x: "", k }).k),
      ({ k, flip }) => !flip && [...whole({ x: "", k }).k].map((sign) => (+sign ? 1 : 0)).join("") === "100100111",
    ],
    point({ x, y, down }, settings, _, pen) {
      if (!down) return undefined;
      const places = layout(pen);
      for (const [part, [name, side]] of PARTS.entries()) {
        const [column, row] = [(x - places[name].x) / places.c, (y - places[name].y) / places.c].map(Math.floor);
        if (row < 0 || column < 0 || row >= side || column >= side) continue;
        const at = placed(part, row, column);
        return put({ ...settings, at }) || { at };
      }
      return undefined;
    },
    key(key, settings) {
      if (/^\d$/.test(key)) return put(settings, key);
      if (key === " ") return put(settings);
      const [down, right] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key] || [0, 0];
      if (!down && !right) return undefined;
      const { part, side, row, column } = found(settings.at);
      const [r, c] = [row + down, column + right];
      if (r >= 0 && c >= 0 && r < side && c < side) return { at: placed(part, r, c) };
      const next = part + down + right; // over the edge into the next part, as far as there is one
      return PARTS[next] && { at: placed(next, ...(next > part ? [0, 0] : [PARTS[next][1] - 1, PARTS[next][1] - 1])) };
    },
    draw(pen, settings, result) {
      const { x, k } = whole(settings);
      const places = layout(pen);
      const { c, head } = places;
      const cursor = found(settings.at);
      const values = { input: rows(x, N), kernel: rows(k, F), output: result.output };
      for (const [name, side, word] of PARTS) {
        const at = places[name];
        const what = name === "output" ? ` (${settings.flip ? "합성곱" : "교차상관"})` : "";
        pen.write(at.x + (side * c) / 2, at.y - head * 0.6 - (name === "input" && pen.narrow ? c : 0), word + what);
        values[name].forEach((line, row) =>
          line.forEach((value, column) => {
            const [u, v] = [at.x + column * c, at.y + row * c];
            pen.cell(u, v, c, c, name, "", value ? "" : "dl-x-empty");
            pen.write(u + c * (name === "input" ? 0.34 : 0.5), v + c * (name === "input" ? 0.62 : 0.5), value, value ? "ink" : "quiet");
          }),
        );
      }
      const { name, row, column } = cursor;
      pen.cell(places[name].x + column * c, places[name].y + row * c, c, c, name, "", "dl-x-empty dl-x-strong");
      if (name !== "output") return;
      const { x: left, y: top } = places.input;
      const [u, v] = [left + (column - 1) * c, top + (row - 1) * c];
      pen.cell(u, v, F * c, F * c, "kernel", "", "dl-x-empty dl-x-strong");
      [...(settings.flip ? turned(k) : k)].forEach((sign, i) => {
        const [a, b] = [u + ((i % F) + 0.76) * c, v + (Math.floor(i / F) + 0.24) * c];
        pen.cell(a - c * 0.22, b - c * 0.22, c * 0.44, c * 0.44, "kernel");
        pen.write(a, b, sign, "ink", "middle", 11);
      });
      pen.write(places.output.x + (N * c) / 2, places.output.y + N * c + head * 0.6, told(settings, result, cursor));
    },
  });
})();
