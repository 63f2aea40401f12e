// What can be copied with one click: a cell's code without its prompts and output, the address of a heading.
// Without this script the code can be selected and a heading's sign is a link to itself.
if (navigator.clipboard) {
  const CODE = "이 코드 복사";

  // Said to a screen reader and shown for a moment, without taking the focus.
  const status = document.createElement("div");
  status.className = "dl-status";
  status.role = "status";
  document.body.append(status);
  let fading = 0;
  const say = (words) => {
    clearTimeout(fading);
    status.textContent = words;
    fading = setTimeout(() => (status.textContent = ""), 2500);
  };
  document.addEventListener("dl-say", ({ detail }) => say(detail)); // what others have done
  const copy = (text, done) =>
    navigator.clipboard.writeText(text).then(
      () => say(done),
      () => say("복사하지 못했습니다"),
    );

  // Pygments marks prompts (gp) and output (go, gt, gr); what a reader pastes is the rest.
  const codeOf = (block) => {
    const prompts = block.querySelector(".gp");
    const lines = block.textContent.replace(/\n$/, "").split("\n");
    if (!prompts) return lines.join("\n");
    return lines
      .filter((line) => /^(>>>|\.\.\.)( |$)/.test(line))
      .map((line) => line.slice(4))
      .join("\n");
  };

  for (const block of document.querySelectorAll(".bd-article .highlight > pre")) {
    if (block.closest(".cell_output")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "dl-copy";
    button.ariaLabel = button.title = CODE;
    button.addEventListener("click", () => copy(codeOf(block), "코드를 복사했습니다"));
    block.after(button);
  }

  const NAMES = [
    ["section[id^='q'] > h2", "이 질문의 주소 복사"],
    ["figcaption, caption", "이 그림의 주소 복사"],
    ["dt", "이 항목의 주소 복사"],
    ["*", "이 절의 주소 복사"],
  ];
  for (const link of document.querySelectorAll("a.headerlink")) {
    const label = NAMES.find(([where]) => link.parentElement.matches(where))[1];
    link.ariaLabel = link.title = label;
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      copy(link.href, "주소를 복사했습니다");
    });
  }
}
