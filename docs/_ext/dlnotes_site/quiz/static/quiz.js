// What a reader answers: a guess before a short answer, an exercise, and the page that asks all. Right values and words stand in
// the page; here they are only shown. What was chosen on the page that asks all stays in this browser.
{
  const find = (part, name) => part.querySelector(`.dl-${name}`);
  const tell = (part, ...words) => find(part, "verdict-said").replaceChildren(...words);
  const radios = (part) => [...part.querySelectorAll("input[type='radio']")];
  const chosen = (part) => radios(part).findIndex((one) => one.checked);
  const right = (part) => +find(part, "whys").dataset.right;
  const copied = (node) => [...node.cloneNode(true).childNodes];

  const say = (part, well, ...words) => {
    const verdict = document.createElement("b");
    verdict.textContent = well ? "맞습니다." : "아닙니다.";
    tell(part, verdict, " ", ...words);
  };

  // Mark the choices, and tell what came of the one that was made; of none, take the marks away.
  const judge = (part, choice) => {
    radios(part).forEach((one, number) => {
      one.disabled = choice >= 0;
      one.checked = number === choice;
      one.parentElement.classList.toggle("dl-is-right", choice >= 0 && number === right(part));
      one.parentElement.classList.toggle("dl-is-wrong", number === choice && number !== right(part));
    });
    const line = find(part, "whys").children[choice]?.lastElementChild;
    if (line) say(part, choice === right(part), ...copied(line));
    else tell(part);
  };
  const answers = (part, button) =>
    find(part, "choices").addEventListener("keydown", (event) => event.key === "Enter" && button.click());

  // --- a guess before a short answer ----------------------------------------------------------------

  for (const guess of document.querySelectorAll(".dl-guess")) {
    const box = guess.parentElement;
    const [start, answer, over] = ["guess-start", "answer", "give-up"].map((name) => find(guess, name));
    const show = (asked, covered) => {
      guess.classList.toggle("dl-asking-now", asked);
      box.classList.toggle("dl-covered", covered);
      start.ariaExpanded = `${asked}`;
      answer.textContent = asked && !covered ? "닫기" : "확인";
      over.hidden = !covered;
    };
    const close = () => {
      judge(guess, -1);
      show(false, false);
      start.focus();
    };
    start.addEventListener("click", () => {
      show(true, true);
      radios(guess)[0].focus();
    });
    answer.addEventListener("click", () => {
      if (over.hidden) return close();
      if (chosen(guess) < 0) return tell(guess, "먼저 하나를 고르세요.");
      judge(guess, chosen(guess));
      show(true, false);
    });
    over.addEventListener("click", close);
    answers(guess, answer);
  }

  // --- exercises ------------------------------------------------------------------------------------

  const numeral = (text) => {
    const plain = text.replace(/[\s,]/g, "").replace("−", "-").replace(/[^\d.eE]+$/, "");
    return plain ? Number(plain) : NaN;
  };
  // As exact as it was written there.
  const equals = (given, told) => Math.abs(given - told) <= 0.5000001 * 10 ** -(told.split(".")[1] ?? "").length * told.includes(".");

  for (const check of document.querySelectorAll("details.dl-check")) {
    const answer = find(check, "answer");
    const field = check.querySelector("input[type='text']");
    if (!field) {
      answer.addEventListener("click", () => {
        const again = radios(check)[0].disabled;
        if (again) judge(check, -1);
        else if (chosen(check) < 0) tell(check, "먼저 하나를 고르세요.");
        else judge(check, chosen(check));
        answer.textContent = radios(check)[0].disabled ? "다시" : "확인";
      });
      answers(check, answer);
      continue;
    }
    const cases = [...check.querySelectorAll(".dl-case")];
    let at = 0;
    answer.addEventListener("click", () => {
      const given = numeral(field.value);
      const { right: wanted, slips } = cases[at].dataset;
      if (Number.isNaN(given)) return tell(check, "답을 수로 적으세요.");
      if (equals(given, wanted)) return say(check, true);
      const slip = slips.split(" ").findIndex((one) => equals(given, one));
      const hint = find(check, "hints").children[slip];
      say(check, false, ...(hint ? copied(hint) : ["다시 계산해 보세요."]));
    });
    find(check, "other").addEventListener("click", () => {
      cases[at].hidden = true;
      at = (at + 1) % cases.length;
      cases[at].hidden = false;
      field.value = "";
      tell(check);
      field.focus();
    });
    field.addEventListener("keydown", (event) => event.key === "Enter" && answer.click());
  }

  // --- all of them, one after the other -------------------------------------------------------------

  const test = document.querySelector(".dl-self-test");
  if (test) {
    const KEY = "dl-self-test";
    const items = [...test.querySelectorAll(".dl-test-list > li")];
    const orders = [...test.querySelectorAll(".dl-test-orders button")];
    const [answer, next, back, end] = ["answer", "test-next", "test-back", "test-end"].map((name) => find(test, name));
    let made = {}; // the number of the choice, by question
    try {
      made = JSON.parse(localStorage.getItem(KEY)) ?? {};
    } catch {} // storage may be refused, or hold something else
    let order = items;
    let at = 0;
    const choice = (item) => {
      const number = made[item.dataset.question];
      return Number.isInteger(number) && number < radios(item).length ? number : -1;
    };
    const remember = () => {
      try {
        if (Object.keys(made).length) localStorage.setItem(KEY, JSON.stringify(made));
        else localStorage.removeItem(KEY);
      } catch {} // it then holds till the page is left
    };
    const solved = (item) => choice(item) === right(item);
    const listed = (name, lines) =>
      find(test, name).replaceChildren(
        ...lines.map((line) => {
          const entry = document.createElement("li");
          entry.append(line);
          return entry;
        }),
      );

    const sum = () => {
      const missed = items.filter((item) => !solved(item));
      const skipped = missed.filter((item) => choice(item) < 0).length;
      const told = `${items.length}문제 가운데 ${items.length - missed.length}문제를 맞혔습니다.`;
      find(test, "test-score").textContent = told + (skipped ? ` 답하지 않은 문제가 ${skipped}개 있습니다.` : "");
      const topics = Map.groupBy?.(items, (item) => item.dataset.topic) ?? new Map([["모두", items]]);
      listed(
        "test-topics",
        [...topics].map(([topic, own]) => `${topic} ${own.filter(solved).length} / ${own.length}`),
      );
      listed("test-missed", missed.map((item) => item.querySelector("details a").cloneNode(true)));
      find(test, "test-missed-head").hidden = find(test, "test-again").hidden = !missed.length;
    };
    const show = (focus) => {
      const item = order[at];
      for (const one of items) one.classList.toggle("dl-now", one === item);
      const over = !item;
      end.hidden = !over;
      answer.parentElement.hidden = over;
      find(test, "test-place").textContent = over ? "결과" : `${at + 1} / ${order.length} · ${item.dataset.topic}`;
      if (over) sum();
      else {
        judge(item, choice(item));
        const done = choice(item) >= 0;
        if (done) {
          const link = item.querySelector("details a").cloneNode(true);
          find(item, "verdict-said").append(" ", link);
        }
        answer.textContent = !done ? "확인" : at + 1 < order.length ? "다음 문제" : "결과 보기";
        next.hidden = done;
        back.hidden = at === 0;
      }
      if (focus) (over ? end : (radios(item).find((one) => !one.disabled) ?? answer)).focus();
    };
    const first = () => {
      const open = order.findIndex((item) => choice(item) < 0);
      return open < 0 ? order.length : open;
    };
    const move = (step) => {
      at += step;
      show(true);
    };
    const arrange = (mixed) => {
      order = [...items];
      for (let i = order.length - 1; mixed && i > 0; i--) {
        const j = Math.floor(Math.random() * (i + 1));
        [order[i], order[j]] = [order[j], order[i]];
      }
      for (const button of orders) button.ariaPressed = `${(button.value === "mixed") === mixed}`;
      at = first();
    };

    answer.addEventListener("click", () => {
      const item = order[at];
      if (choice(item) >= 0) return move(1);
      if (chosen(item) < 0) return tell(item, "먼저 하나를 고르세요.");
      made[item.dataset.question] = chosen(item);
      remember();
      show(false);
    });
    next.addEventListener("click", () => move(1));
    back.addEventListener("click", () => move(-1));
    for (const button of orders) {
      button.addEventListener("click", () => {
        arrange(button.value === "mixed");
        show(false);
      });
    }
    find(test, "test-again").addEventListener("click", () => {
      order = items.filter((item) => !solved(item));
      for (const item of order) delete made[item.dataset.question];
      remember();
      at = 0;
      show(true);
    });
    find(test, "test-clear").addEventListener("click", () => {
      made = {};
      remember();
      arrange(false);
      show(false);
    });
    for (const item of items) answers(item, answer);
    arrange(false);
    test.classList.add("dl-test-run");
    show(false);
  }
}
