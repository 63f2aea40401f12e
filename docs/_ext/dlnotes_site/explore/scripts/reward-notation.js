// The numbers of rewards: written in one way, read in one way, and the values that come of it.
(() => {
  const STEPS = 5;
  const MOST = 3; // of a reward
  const OFFSETS = { DQN: 0, SUTTON_BARTO: 1 };
  const BOOKS = { DQN: "DQN 논문", SUTTON_BARTO: "Sutton과 Barto의 책" };
  const low = (number) => [...`${number}`].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]).join("");
  const listed = (rewards) => [...rewards.padEnd(STEPS, "0")].map(Number);
  const told = (value) => dlExplore.number(value, 4).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
  const read = (numbered, gamma, offset) => {
    const values = Array(STEPS + 1).fill(0);
    for (let t = STEPS - 1; t >= 0; t--) values[t] = (numbered[t + offset] || 0) + gamma * values[t + 1];
    return values.slice(0, STEPS);
  };
  const raised = (rewards, t) => {
    const found = listed(rewards);
    found[t] = (found[t] + 1) % (MOST + 1);
    return found.join("");
  };
  const layout = ({ width }) => ({ left: 2, wide: (width - 4) / STEPS });

  dlExplore("reward-notation", {
    hint: "왼쪽과 오른쪽 화살표로 보상을 고르고, 위아래 화살표로 바꿉니다.",
    compute({ written, reading, gamma, rewards }) {
      const received = listed(rewards);
      const number_rewards = Object.fromEntries(received.map((reward, t) => [t + OFFSETS[written], reward]));
      const action_values = read(number_rewards, gamma, OFFSETS[reading]);
      const right = read(number_rewards, gamma, OFFSETS[written]);
      return { received, number_rewards, action_values, right };
    },
    call({ written, reading, gamma, rewards }) {
      const numbered = `number_rewards([${listed(rewards).join(", ")}], ${written})`;
      return `action_values(${numbered}, ${STEPS}, gamma=${gamma}, offset=${reading})`;
    },
    say({ written, reading }, { action_values, right }) {
      const [first] = action_values;
      if (written === reading) return `${BOOKS[written]}의 번호로 적고 그대로 읽어 값이 맞습니다. Q₀은 ${told(first)}입니다.`;
      const late = reading === "SUTTON_BARTO";
      const wrong = action_values.filter((one, t) => Math.abs(one - right[t]) > 1e-9).length;
      const lost = late ? "첫 보상은 쓰이지 않고, 나머지는 앞의 행동에" : "마지막 보상은 쓰이지 않고, 나머지는 뒤의 행동에";
      return `섞어 읽어 ${lost} 붙습니다. 다섯 값 가운데 ${wrong}개가 틀리고, Q₀은 ${told(right[0])} 대신 ${told(first)}입니다.`;
    },
    tasks: [
      ({ written, reading }, { received, action_values }) =>
        written !== reading && received.some(Boolean) && !action_values.some(Boolean),
      ({ written, reading }, { action_values: [first, ...rest], right: [same, ...others] }) =>
        written !== reading && first > 0 && Math.abs(first - same) < 1e-9 && rest.some((one, i) => one !== others[i]),
      ({ written, reading }) => written === "SUTTON_BARTO" && reading === "SUTTON_BARTO",
    ],
    point({ x, down }, { rewards }, _, pen) {
      const { left, wide } = layout(pen);
      const t = Math.max(0, Math.min(Math.floor((x - left) / wide), STEPS - 1));
      return down ? { at: t, rewards: raised(rewards, t) } : undefined;
    },
    key(key, { at, rewards }) {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
      if (step) return { at: Math.max(0, Math.min(at + step, STEPS - 1)) };
      const changed = listed(rewards);
      changed[at] += { ArrowUp: 1, ArrowDown: -1 }[key] || 0;
      return changed[at] >= 0 && changed[at] <= MOST && changed.join("") !== rewards ? { rewards: changed.join("") } : undefined;
    },
    draw(pen, { written, reading, at }, { received, action_values, right }) {
      const { size, height, narrow } = pen;
      const { left, wide } = layout(pen);
      const [from, to] = [OFFSETS[written], OFFSETS[reading]];
      const tall = narrow ? 28 : 34;
      const middle = (t) => left + (t + 0.5) * wide;
      const top = 2.6 * size;
      const below = height - 2.6 * size - tall;
      const letter = from ? "R" : "r";
      pen.write(left, size * 0.8, narrow ? "받은 보상" : "받은 보상 (누르면 바뀝니다)", "ink", "start");
      if (narrow) pen.write(pen.width, size * 0.8, "누르면 바뀝니다", "quiet", "end");
      received.forEach((reward, t) => {
        const target = t + from - to;
        const used = target >= 0 && target < STEPS;
        const strong = t === at ? "dl-x-strong" : "";
        pen.cell(left + t * wide + 3, top, wide - 6, tall, used ? "target" : "reference", reward, strong);
        pen.write(middle(t), top + tall + size * 0.9, letter + low(t + from));
        const ends = [[middle(t), top + tall + size * 1.9], [middle(target), below - size * 1.9]];
        if (used) pen.arrow(...ends, "target");
      });
      action_values.forEach((value, t) => {
        const wrong = Math.abs(value - right[t]) > 1e-9;
        pen.write(middle(t), below - size * 0.9, `Q${low(t)}`);
        pen.cell(left + t * wide + 3, below, wide - 6, tall, wrong ? "reference" : "output", told(value));
      });
      const same = from === to;
      const sum = same ? "읽은 값이 모두 맞습니다" : `맞는 값: ${right.map(told).join(", ")}`;
      pen.write(pen.width / 2, below + tall + size * 1.3, sum, same ? "ink" : "quiet");
    },
  });
})();
