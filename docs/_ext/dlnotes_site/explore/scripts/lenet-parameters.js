// Parameters of a layer: a row of kernels for each filter, and its bias. What a printed table left out stays empty.
(() => {
  const { commas } = dlExplore;
  const layout = ({ width, height, narrow }) => {
    const scale = narrow ? 1.5 : 1.9;
    const image = narrow ? { x: 28, y: height - 42 } : { x: width * 0.58, y: height / 2 + 74 };
    const grid = narrow
      ? { x: 66, y: 62, w: width - 74, h: height - 228 }
      : { x: 76, y: 62, w: width * 0.58 - 110, h: height - 72 };
    return { scale, image, grid };
  };

  dlExplore("lenet-parameters", {
    hint: "왼쪽과 오른쪽 화살표로 이미지의 크기를 바꿉니다.",
    compute({ C_in, C_out, f, n, count }) {
      if (f > n) {
        const got = `kernel_size ${f} with dilation 1 (span ${f}) on n ${n} with padding 0 (padded ${n})`;
        return { refusal: `input_shape: kernel_size must fit in the padded input, got ${got}` };
      }
      const weights = f * f * C_in * C_out;
      const counted = { right: weights + C_out, channels: (f * f + 1) * C_out, biases: weights + 1 }[count];
      const output_size = n - f + 1;
      return { counted, parameters: weights + C_out, output_size, macs: weights * output_size ** 2 };
    },
    call({ C_in, C_out, f, n, count }) {
      const layer = `Conv2d(${C_in}, ${C_out}, ${f})`;
      if (f > n) return `macs(${layer}, (${C_in}, ${n}, ${n}))`;
      if (count === "channels") return `printed_parameters(${layer})`;
      if (f === n) return `${count === "biases" ? "printed_" : ""}parameters(Linear(${C_in * n * n}, ${C_out}))`;
      return count === "right" ? `parameters(${layer})` : `parameters(Conv2d(${C_in}, ${C_out}, ${f}, bias=False)) + 1`;
    },
    say({ C_in, C_out, f, n, count }, { refusal, counted, parameters }) {
      if (refusal) return `필터는 한 변이 ${f}칸인데 이미지는 ${n}칸뿐이라, 필터가 설 자리가 없습니다.`;
      const lack = commas(parameters - counted);
      if (parameters > counted) {
        const what = { channels: "입력 채널을 곱하지 않아", biases: "편향을 하나만 세어" }[count];
        return `${commas(counted)}개라고 셌습니다. ${what} ${lack}개가 빠졌습니다.`;
      }
      const whole = `창이 설 자리가 하나뿐이라, 입력 ${commas(C_in * n * n)}칸을 모두 보는 완전 연결층과 같습니다.`;
      const where = f === n ? whole : "이미지의 크기는 이 식에 없습니다.";
      return `배우는 매개변수는 ${commas(counted)}개입니다. ${where}`;
    },
    tasks: [
      ({ count }, { counted }) => count === "right" && counted === 608,
      (_, { counted, macs }) => counted === 608 && macs > 1e6,
      ({ f, n, count }, { counted }) => f === n && count === "right" && counted === 48120,
    ],
    point(at, { n }, _, pen) {
      const { image, scale } = layout(pen);
      const right = image.x + 64 * scale;
      if (at.down) at.held = Math.abs(at.y - image.y + 32 * scale) < 32 * scale + 20 && at.x > image.x - 20 && at.x < right + 20;
      const size = Math.max(1, Math.min(Math.round((at.x - image.x) / scale), 64));
      return at.held && size !== n && { n: size };
    },
    key(key, { n }) {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
      return step && { n: Math.max(1, Math.min(n + step, 64)) };
    },
    draw(pen, { C_in, C_out, f, n, count }, { refusal, counted, output_size, macs }) {
      const { scale, image, grid } = layout(pen);
      const { size } = pen;
      const gap = 3 * size; // before the biases
      const [w, h] = [(grid.w - gap) / (C_in + 1), grid.h / C_out].map((one) => Math.min(one, 44));
      const square = Math.min(w, h) > 9;
      const [wide, tall] = square ? [Math.min(w, h), Math.min(w, h)] : [w, h];
      const left = grid.x + (grid.w - gap - wide * (C_in + 1)) / 2;
      const bias = left + wide * C_in + gap;
      const sheets = count === "channels" ? 1 : C_in;
      const biases = count === "biases" ? 1 : C_out;
      const middle = grid.y + (tall * C_out) / 2;

      if (!refusal) {
        const shown = count === "channels" ? `${f}·${f}·${C_out}` : `${f}·${f}·${C_in}·${C_out}`;
        pen.write(grid.x + (grid.w - 40) / 2, size, `${shown} + ${biases} = ${commas(counted)}개`, "ink", "middle", size + 2);
      }
      pen.write(left + (wide * C_in) / 2, grid.y - size, `입력 채널 ${C_in}개`);
      pen.write(bias + wide / 2, grid.y - size, "편향");
      pen.write(left - 8, middle - size * 0.6, "필터", "ink", "end");
      pen.write(left - 8, middle + size * 0.6, `${C_out}개`, "ink", "end");
      const block = (x, y, columns, rows, role) => columns && rows && pen.cell(x, y, columns * wide, rows * tall, role);
      if (square) {
        const side = wide - 3;
        const [kernels, lost, grids, kept, gone] = [[], [], [], [], []];
        for (let row = 0; row < C_out; row++) {
          const y = grid.y + row * tall;
          for (let i = 0; i < C_in; i++) {
            const x = left + i * wide;
            (i < sheets ? kernels : lost).push([x, y, side, side]);
            if (i < sheets && side > 3 * f) grids.push(...pen.parted(x, y, side, f));
          }
          (row < biases ? kept : gone).push([bias + wide / 2 - 5, y + side / 2 - 5, 10, 10]);
        }
        pen.cells(lost.concat(gone), "reference");
        pen.cells(kernels, "kernel");
        pen.lines(grids, "kernel", "dl-x-thin");
        pen.cells(kept, "kernel", "dl-x-full");
      } else {
        block(left, grid.y, sheets, C_out, "kernel");
        block(left + sheets * wide, grid.y, C_in - sheets, C_out, "reference");
        block(bias, grid.y, 1, biases, "kernel");
        block(bias, grid.y + biases * tall, 1, C_out - biases, "reference");
        for (let i = 1; i < sheets; i++) {
          const x = left + i * wide;
          if (wide > 4) pen.line([[x, grid.y], [x, grid.y + C_out * tall]], "kernel", "dl-x-thin");
        }
      }

      // The image and what comes out, on one ground: its upper corner is what the hand holds.
      const far = image.x + 64 * scale + 36;
      const stand = (x, cells, role, more) => pen.cell(x, image.y - cells * scale, cells * scale, cells * scale, role, "", more);
      stand(image.x, n, "input");
      stand(image.x, f, "kernel", refusal ? "dl-x-empty" : "");
      pen.mark(image.x + n * scale, image.y - n * scale, "input", 6);
      pen.write(image.x, image.y + size, `이미지 ${n}×${n}`, "ink", "start");
      if (refusal) return;
      pen.arrow([far - 26, image.y - 12], [far - 6, image.y - 12]);
      stand(far, output_size, "output");
      pen.write(far, image.y + size, `출력 ${output_size}×${output_size}`, "ink", "start");
      pen.write(image.x, image.y + size * 2.4, `곱셈-누산 ${commas(macs)}번`, "ink", "start");
    },
  });
})();
