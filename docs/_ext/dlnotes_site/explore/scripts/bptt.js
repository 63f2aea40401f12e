// The double sum of a recurrent network's gradient as a triangle: a row is a cost, a column a use of the one weight.
(() => {
  const TOP = 2.2; // of the triangle, in letters
  const python = (value) => (Number.isInteger(value) ? value.toFixed(1) : `${value}`);
  const sum = (values) => values.reduce((total, one) => total + one, 0);
  const layout = (pen, n) => {
    const left = 2.6 * pen.size;
    const side = Math.min((pen.width - left - 6) / n, 76);
    const tall = (pen.height - (TOP + 4.4) * pen.size) / (n + 1);
    return { left: left + (pen.width - left - 6 - side * n) / 2, side, tall: Math.min(tall, 44), top: TOP * pen.size };
  };
  const seen = ({ tau, t, n }) => ({ tau: Math.min(tau, n), t: Math.min(t, tau, n) });
  const short = (value, n) => {
    const digits = Math.abs(value) >= 9.95 ? 0 : n > 6 ? 1 : 2;
    return value === 0 ? "0" : dlExplore.number(+value.toFixed(digits) ? value : 0, digits);
  };

  dlExplore("bptt", {
    hint: "화살표로 칸을 고릅니다. 줄이 비용, 칸이 시점의 W입니다.",
    compute({ w, n, k, partial }) {
      const h = [0];
      const derivative = []; // of the state by the weight: immediate, or total
      for (let t = 1; t <= n; t++) {
        h.push(w * h[t - 1] + 1);
        derivative.push(h[t - 1] + (partial === "total" && t > 1 ? w * derivative[t - 2] : 0));
      }
      const path_contributions = h.slice(1).map((_, tau) => derivative.map(() => 0));
      for (let tau = 0; tau < n; tau++)
        for (let t = tau, arriving = 1; t >= 0; t--, arriving *= w) path_contributions[tau][t] = arriving * derivative[t];
      const within = (window) => sum(path_contributions.map((row, tau) => sum(row.filter((_, t) => t > tau - window))));
      const dw_hh = sum(h.slice(0, n).map((one, t) => one * sum(h.slice(1, n - t + 1).map((_, lag) => w ** lag))));
      return { h, path_contributions, kept: within(k), before: within(k - 1), dw_hh };
    },
    call({ w, n, k, partial }) {
      const net = `np.ones((${n}, 1)), [[1.0]], [[${python(w)}]], activation="identity"`;
      const ones = `np.ones((${n}, 1))`;
      if (partial === "immediate") return `rnn_vjp(${net})[1](${ones}${k < n ? `, window=${k}` : ""}).dw_hh.item()`;
      const terms = `path_contributions(${ones}, rnn(${net}), [[${python(w)}]], activation="identity", partial="total")`;
      return `${terms}[kept_terms(${n}, ${k})].sum()`;
    },
    say(settings, { h, path_contributions, kept, before, dw_hh }) {
      const { w, n, k, partial } = settings;
      const { number } = dlExplore;
      const [got, wanted] = [number(kept, 2), number(dw_hh, 2)];
      if (partial === "total") return `전미분을 넣어 더하면 ${got}입니다. 이미 센 길을 또 세어, 참값 ${wanted}{와/과} 다릅니다.`;
      const { tau, t } = seen(settings);
      const term = number(path_contributions[tau - 1][t - 1], 2);
      const path = `C${tau}에서 시점 ${t}의 W까지 간 길은 w를 ${tau - t}번 지나, 앞 상태 ${number(h[t - 1], 2)}에 곱해 ${term}{을/를} 보탭니다.`;
      if (k >= n) return `길을 모두 더한 dW는 ${got}입니다. ${path}`;
      const gap = Math.abs(kept - dw_hh);
      const worse = gap > Math.abs(before - dw_hh) + 1e-9 ? " 한 시점 덜 거슬러 갔을 때보다 오히려 멉니다." : "";
      return `${k}시점씩만 거슬러 간 합은 ${got}, 참값 ${wanted}{와/과} ${number(gap, 2)}만큼 다릅니다.${worse || ` ${t > tau - k ? path : "고른 길은 끊겼습니다."}`}`;
    },
    tasks: [
      (settings) => seen(settings).tau === 4 && seen(settings).t === 2,
      ({ n, k, partial }, { kept, before, dw_hh }) =>
        partial === "immediate" && k > 1 && k < n && Math.abs(kept - dw_hh) > Math.abs(before - dw_hh) + 1e-9,
      ({ n, k, partial }, { kept, dw_hh }) => partial === "total" && k >= n && Math.abs(kept - dw_hh) > 1e-9,
    ],
    point({ x, y }, { n }, _, pen) {
      const { left, side, top, tall } = layout(pen, n);
      const [tau, t] = [Math.floor((y - top) / tall) + 1, Math.floor((x - left) / side) + 1];
      return t >= 1 && t <= tau && tau <= n ? { tau, t } : undefined;
    },
    key(key, settings) {
      const { tau, t } = seen(settings);
      if (key === "ArrowLeft" || key === "ArrowRight") return { tau, t: Math.max(1, Math.min(t + (key === "ArrowLeft" ? -1 : 1), tau)) };
      if (key === "ArrowUp") return { tau: Math.max(tau - 1, t), t };
      return key === "ArrowDown" ? { tau: Math.min(tau + 1, settings.n), t } : undefined;
    },
    draw(pen, settings, { path_contributions, kept, dw_hh }) {
      const { n, k, partial } = settings;
      const { left, side, top, tall } = layout(pen, n);
      const { size } = pen;
      const at = seen(settings);
      const most = Math.max(...path_contributions.flat().map(Math.abs), 1e-9);
      const columns = Array(n).fill(0);
      for (let tau = 1; tau <= n; tau++) {
        const y = top + (tau - 1) * tall;
        pen.write(left - 8, y + tall / 2, `C${tau}`, "target", "end");
        pen.write(left + (tau - 0.5) * side, top - size, `W${tau}`);
        for (let t = 1; t <= tau; t++) {
          const value = path_contributions[tau - 1][t - 1];
          const x = left + (t - 1) * side;
          const cut = t <= tau - k;
          if (!cut) {
            columns[t - 1] += value;
            const warmth = Math.round((3 * Math.abs(value)) / most);
            for (let i = 0; i < warmth; i++)
              pen.add("rect", { x, y: y + 2, width: side - 2, height: tall - 4 }, "dl-x-area dl-x-gradient");
          }
          const strong = tau === at.tau && t === at.t ? "dl-x-strong" : "";
          pen.cell(x, y + 2, side - 2, tall - 4, cut ? "reference" : "gradient", cut ? "" : short(value, n), `dl-x-empty ${strong}`);
        }
      }
      if (at.t > at.tau - k && at.t < at.tau) {
        const y = top + at.tau * tall;
        pen.arrow([left + (at.tau - 0.5) * side, y], [left + (at.t - 0.5) * side, y], "gradient");
      }
      const y = top + n * tall + 0.4 * size;
      pen.write(left - 8, y + tall / 2, "합", "ink", "end");
      columns.forEach((value, i) => pen.cell(left + i * side, y + 2, side - 2, tall - 4, "kernel", short(value, n)));
      const { number } = dlExplore;
      pen.write(pen.width - 4, top + 0.9 * size, "새 h = w·앞 h + 1", "quiet", "end");
      pen.write(pen.width - 4, top + 2.3 * size, "비용 C = h", "quiet", "end");
      const exact = k >= n && partial === "immediate";
      const told = exact ? `모두 더한 dW = ${number(kept, 2)}` : `더한 값 ${number(kept, 2)}, 참값 dW = ${number(dw_hh, 2)}`;
      pen.write(pen.width / 2, y + tall + 1.1 * size, told);
    },
  });
})();
