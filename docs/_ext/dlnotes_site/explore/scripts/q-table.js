// The Q table: an image is a number in base two and so a row; a pixel more doubles the rows. Whole numbers are exact.
(() => {
  const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB"];
  const FULL = 16n * 10n ** 9n; // bytes of memory
  const MOST = 70; // powers of two along the bar
  const { commas } = dlExplore;
  const plain = (value) => (value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : `${value}`);
  const bits = ({ x, n }) => x.slice(0, n).padEnd(n, "0");
  const columns = (n) => Math.ceil(Math.sqrt(n));
  // As the library writes bytes: two digits if it does not come out even, halves to the even digit.
  const bytes_text = (count) => {
    const step = Math.floor((count.toString(2).length - 1) / 10);
    const unit = 1024n ** BigInt(step);
    if (count % unit === 0n) return `${count / unit} ${UNITS[step]}`;
    const [down, rest] = [(count * 100n) / unit, ((count * 100n) % unit) * 2n];
    const cents = `${down + (rest > unit || (rest === unit && down % 2n) ? 1n : 0n)}`;
    return `${cents.slice(0, -2)}.${cents.slice(-2)} ${UNITS[step]}`;
  };
  const layout = ({ width, height, narrow, size }, n) => {
    const foot = height - 4.6 * size;
    const room = narrow ? 150 : 230;
    const side = Math.min(room / columns(n), narrow ? 60 : 90);
    const image = { x: narrow ? (width - side * columns(n)) / 2 : 8, y: size * 1.6, side };
    const table = narrow
      ? { x: 0, y: image.y + room + size * 2.6, w: width }
      : { x: 280, y: size * 3, w: width - 280 };
    return { image, table: { ...table, h: foot - table.y - size * 0.8 }, foot };
  };
  const toggled = (settings, at) => {
    const signs = [...bits(settings)];
    signs[at - 1] = signs[at - 1] === "1" ? "0" : "1";
    return { at, x: signs.join("") };
  };

  dlExplore("q-table", {
    hint: "화살표로 픽셀을 고르고, 스페이스 바로 켜고 끕니다.",
    compute(settings) {
      const { n, actions, entry_bytes } = settings;
      const states = 2n ** BigInt(n);
      const entries = states * BigInt(actions);
      const bytes = entries * BigInt(entry_bytes);
      return {
        image_index: plain(BigInt(`0b${bits(settings)}`)),
        images: plain(states),
        entries: plain(entries),
        table_bytes: plain(bytes),
        bytes_text: bytes_text(bytes),
        fits: bytes <= FULL,
      };
    },
    call(settings) {
      const { n, actions, entry_bytes } = settings;
      const width = entry_bytes === 4 ? "" : `, ${entry_bytes}`;
      const size = `table_bytes(images(${n}), ${actions}${width})`;
      return `image_index([${[...bits(settings)].join(", ")}]), ${size}`;
    },
    say({ n, actions }, { image_index, images, entries, bytes_text, fits }) {
      const full = fits ? "입니다" : "여서, 메모리가 16 GB인 컴퓨터에 다 들어가지 않습니다";
      return (
        `이 이미지는 0부터 세어 ${commas(image_index)}번 줄입니다. 픽셀 ${n}개, 행동 ${actions}개인 큐 표는 ` +
        `${commas(images)}줄, ${commas(entries)}칸, ${bytes_text}${full}.`
      );
    },
    tasks: [
      ({ n }, { image_index }) => n > 1 && BigInt(image_index) === 2n ** BigInt(n - 1),
      (_, { fits }) => !fits,
      ({ actions, entry_bytes }, { fits }) => !fits && actions === 1 && entry_bytes === 1,
    ],
    point({ x, y, down }, settings, _, pen) {
      const { image } = layout(pen, settings.n);
      const [column, row] = [(x - image.x) / image.side, (y - image.y) / image.side].map(Math.floor);
      const at = row * columns(settings.n) + column + 1;
      if (!down || column < 0 || column >= columns(settings.n) || row < 0 || at > settings.n) return undefined;
      return toggled(settings, at);
    },
    key(key, settings) {
      const { n } = settings;
      const at = Math.min(settings.at, n);
      if (key === " ") return toggled(settings, at);
      const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns(n), ArrowDown: columns(n) }[key];
      return step && { at: at + step >= 1 && at + step <= n ? at + step : at };
    },
    draw(pen, settings, { image_index, images, table_bytes, bytes_text, fits }) {
      const { n, actions } = settings;
      const { image, table, foot } = layout(pen, n);
      const { size, width } = pen;
      const middle = image.x + (image.side * columns(n)) / 2;
      pen.write(middle, size * 0.7, `픽셀 ${n}개`);
      const pixels = [...bits(settings)].map((sign, i) => {
        const [u, v] = [image.x + (i % columns(n)) * image.side, image.y + Math.floor(i / columns(n)) * image.side];
        return { on: sign === "1", box: [u + 1, v + 1, image.side - 2, image.side - 2] };
      });
      for (const lit of [true, false])
        pen.cells(pixels.filter(({ on }) => on === lit).map(({ box }) => box), "input", lit ? "dl-x-full" : "dl-x-empty");
      pen.cell(...pixels[Math.min(settings.at, n) - 1].box, "input", "", "dl-x-empty dl-x-strong");

      // the rows around the image's, and where they are in the whole table
      const [all, now] = [BigInt(images), BigInt(image_index)];
      const shown = Math.min(Math.floor(table.h / (size * 1.7)), Number(all < 99n ? all : 99n));
      const [last, half] = [all - BigInt(shown), BigInt(Math.floor(shown / 2))];
      const first = now < half ? 0n : now - half > last ? last : now - half;
      const tall = Math.min(table.h / shown, size * 1.9);
      const label = `${commas(all - 1n)}`.length * size * 0.62 + 8;
      const wide = Math.min((table.w - label - 34) / actions, 40);
      pen.write(table.x + table.w / 2, table.y - size, `큐 표 ${commas(images)}줄`);
      for (let i = 0; i < shown; i++) {
        const [y, row] = [table.y + i * tall, first + BigInt(i)];
        const chosen = row === now;
        pen.write(table.x + label, y + tall / 2, commas(row), chosen ? "ink" : "quiet", "end");
        const entries = Array.from({ length: actions }, (_, j) => [table.x + label + 6 + j * wide, y + 1, wide, tall - 2]);
        pen.cells(entries, "output", chosen ? "dl-x-strong" : "dl-x-empty");
      }
      const [rail, whole] = [table.x + table.w - 10, shown * tall];
      pen.line([[rail, table.y], [rail, table.y + whole]], "quiet", "dl-x-thin");
      pen.mark(rail, table.y + (all > 1n ? Number((now * 10000n) / (all - 1n)) / 10000 : 0) * whole, "input", 5);

      // memory: a step to the right is twice as much
      const at = (power) => 8 + (power / MOST) * (width - 16);
      const y = foot + size * 1.5;
      pen.write(8, foot, `메모리 ${bytes_text}`, "ink", "start");
      pen.cell(8, y, at(Math.log2(Number(table_bytes))) - 8, size, fits ? "output" : "target");
      for (let i = 0; i * 10 < MOST; i++) {
        pen.line([[at(i * 10), y], [at(i * 10), y + size + 4]], "quiet", "dl-x-thin");
        pen.write(at(i * 10) + 2, y + size * 2, UNITS[i], "quiet", "start", pen.narrow ? 11 : size);
      }
      const limit = at(Math.log2(16e9));
      pen.line([[limit, y - 6], [limit, y + size + 6]], "target");
      pen.write(limit + 6, foot, "16 GB", "target", "start");
    },
  });
})();
