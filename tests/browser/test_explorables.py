"""Explorables in Chromium: what hand and key set is what is drawn, said, called and computed."""

import gzip
import re

import pytest
from visiting import ROOT, SITE

# The states that meet the tasks of each, one after the other.
TASKS = {
    "same-padding": ["f=5&p=2", "f=1&p=8", "n=8&s=2&p=5"],
    "relu": ["moved=D", "k=5", "k=12&activation=identity"],
    "lenet-parameters": ["count=right", "count=right&n=64", "C_in=16&C_out=120&n=5&count=right"],
    "convolution-kinds": [
        "C_in=3&C_out=8&groups=3",
        "C_in=8&C_out=16&groups=8&f=5",
        "C_in=3&C_out=8&f=5&separable=true",
    ],
    "convolution-correlation": ["flip=true&x=1000000000001000000000000", "k=111101111", "k=100100111"],
    "q-table": ["x=1000", "n=30", "n=34&actions=1&entry_bytes=1"],
    "adam": ["beta1=0.7", "gradients=burst&t=12", "beta2=0.7&gradients=stop&t=20"],
    "lstm": ["b=0&n=1", "b=2.5", "b=5&o=0"],
    "bptt": ["tau=4&t=2", "w=-0.9&k=2", "partial=total"],
    "yolo-grid": ["cx=256", "m=14", "w=448"],
    "yolo-answers": ["x=18", "alone=true"],
    "reward-notation": [
        "written=SUTTON_BARTO",
        "reading=SUTTON_BARTO&gamma=1",
        "written=SUTTON_BARTO&reading=SUTTON_BARTO",
    ],
    "skip-gram": ["steps=bbbbbbbbbbbb&eta=0.3", "steps=tttttttttt", "steps=t&reverse=true"],
    "double-q-learning": ["k=5", "k=1&draws=1000", "k=15&draws=1000"],
}
# The page of each, as far as it was built.
ELEMENT = r'<dl-explore [^>]*\bname="{}"'
PAGES = {
    name: path for path in SITE.answers for name in re.findall(ELEMENT.format('([^"]+)'), SITE.text(path))
}
# What is most to draw, and a state that the widest numbers are written in.
HEAVY = {
    "same-padding": "n=16&f=7&p=8",
    "relu": "k=12",
    "lenet-parameters": "C_in=16&C_out=120&f=7&n=64",
    "convolution-kinds": "C_in=12&C_out=32&f=7",
    "convolution-correlation": "x=9999999999999999999999999&k=999999999",
    "q-table": "n=60&actions=18&entry_bytes=8",
    "adam": "gradients=worst&beta1=0.99&beta2=0.5&t=1000&corrected=false",
    "lstm": "b=-3&n=1000&g=-1",
    "bptt": "n=8&w=-1.5&k=8&partial=total",
    "yolo-grid": "w=448&h=448&cx=0&cy=447&m=14",
    "yolo-answers": "kind=타원&x=21&alone=true&cell=16",
    "reward-notation": "rewards=33333&gamma=1",
    "skip-gram": "c=4&at=0&reverse=true&steps=tttttttttttttttttttttttttttttt",
    "double-q-learning": "k=18&sigma=1.5&draws=1000",
}
# Where at first not every control matters.
BEGUN = {"skip-gram": "steps=tt", "bptt": "n=8", "lstm": "n=1"}
SHOWN = """(explore) => {
  const one = (name) => explore.querySelector(`.dl-explore-${name}`);
  return {
    state: explore.state,
    said: one("said").textContent,
    call: one("call").firstElementChild.textContent,
    refusal: one("refusal").hidden ? "" : one("refusal").textContent,
    drawing: one("drawing").innerHTML,
    status: one("status").textContent,
    solved: [...one("tasks").children].map((task) => task.matches(".dl-explore-solved")),
    result: JSON.stringify(explore.result) === JSON.stringify(explore.compute(explore.state)),
  };
}"""

SHIFTED = """() => new Promise((tell) => {
  let sum = 0;
  const seen = (list) => list.getEntries().forEach(({ value }) => (sum += value));
  new PerformanceObserver(seen).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => tell(sum), 500);
})"""


DRAWN = """
const { get, set } = Object.getOwnPropertyDescriptor(Element.prototype, "innerHTML");
window.drawn = 0;
Object.defineProperty(Element.prototype, "innerHTML", {
  get,
  set(words) {
    window.drawn += this.matches(".dl-explore-drawing");
    set.call(this, words);
  },
});
"""
# What is written beyond the picture; the box of a text has room above and below its letters.
BEYOND = """(explore) => {
  const room = explore.querySelector(".dl-picture").getBoundingClientRect();
  const beyond = ({ left, right, top, bottom }) =>
    Math.max(room.left - left, right - room.right) > 1 || Math.max(room.top - top, bottom - room.bottom) > 4;
  return [...explore.querySelectorAll(".dl-explore-drawing text")]
    .filter((one) => beyond(one.getBoundingClientRect()))
    .map((one) => one.textContent);
}"""
# Letters on letters: the boxes of two texts meet by more than their edges.
OVERPRINTED = """(explore) => {
  const all = [...explore.querySelectorAll(".dl-explore-drawing text")];
  const meet = (one, other) => {
    const [a, b] = [one, other].map((each) => each.getBoundingClientRect());
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    return wide > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 6;
  };
  const told = (one, other) => `${one.textContent} | ${other.textContent}`;
  return all.flatMap((one, i) =>
    all
      .slice(i + 1)
      .filter((other) => meet(one, other))
      .map((other) => told(one, other)),
  );
}"""


@pytest.fixture(params=TASKS)
def name(request):
    return request.param


def test_every_page_of_answers_has_its_explorable_and_each_is_tried_here():
    ledger = (ROOT / "docs" / "explorables.yml").read_text(encoding="utf-8")
    assert {*PAGES} == {*re.findall(r"^- name: (\S+)$", ledger, re.M)} == {*TASKS} == {*HEAVY}
    assert {*PAGES.values()} == {*SITE.answers}


def test_frames_are_small(name):
    frames = ELEMENT.format(name) + r".*?dl-explore-frames\">(.*?)</script>"
    found = re.search(frames, SITE.text(PAGES[name]), re.S)
    assert len(gzip.compress(found[1].encode(), 9)) <= 12 * 1024


def place(name, state=""):
    return f"{PAGES[name]}?{state}"


def live(page, name):
    explore = page.locator(f"dl-explore[name='{name}']")
    explore.locator(".dl-explore-drawing > *").first.wait_for(state="attached")
    return explore


def test_every_control_changes_what_is_drawn_said_and_called(visit, name):
    page = visit(place(name, BEGUN.get(name, "")))
    explore = live(page, name)
    for control in explore.locator("input[type=range], input[type=checkbox], select").all():
        before = explore.evaluate(SHOWN)
        setting = control.get_attribute("data-setting")
        if control.evaluate("(one) => one.localName") == "select":
            control.select_option(index=1)
        else:
            arrow = "ArrowLeft" if control.evaluate("(one) => one.value === one.max") else "ArrowRight"
            control.press("Space" if control.get_attribute("type") == "checkbox" else arrow)
        after = explore.evaluate(SHOWN)
        assert after["state"][setting] != before["state"][setting]
        assert (after["said"], after["drawing"]) != (before["said"], before["drawing"])
        assert after["result"]
        valued = control.get_attribute("aria-valuetext")
        assert valued is None or valued.startswith(str(after["state"][setting]))


def test_the_drawing_has_the_figures_place_and_nothing_moves(visit, name):
    page = visit(place(name), width=360)
    explore = live(page, name)
    room, drawn = (explore.locator(where).bounding_box() for where in (".dl-picture", ".dl-explore-drawing"))
    assert drawn["width"] == pytest.approx(room["width"], abs=1)
    assert drawn["height"] <= room["height"] + 1
    assert page.evaluate(SHIFTED) < 0.01


def test_the_tasks_tick_and_the_address_brings_the_state_back(visit, name):
    for number, state in enumerate(TASKS[name]):
        page = visit(place(name, state))
        explore = live(page, name)
        opened = explore.evaluate(SHOWN)
        assert not any(opened["solved"])
        for asked in state.split("&"):
            setting, value = asked.split("=")
            assert explore.evaluate("(one, name) => `${one.state[name]}`", setting) == value
        explore.evaluate("(one) => one.set({})")  # as if the hand had come here
        explore.locator(".dl-explore-solved").nth(0).wait_for()
        assert explore.evaluate(SHOWN)["solved"][number]
        assert "해냈습니다" in explore.evaluate(SHOWN)["status"]
        address = explore.locator(".dl-explore-address").get_attribute("href")
        assert sorted(address.split("?")[1].split("#")[0].split("&")) == sorted(state.split("&"))
        explore.locator(".dl-explore-reset").click()
        assert explore.evaluate("(one) => JSON.stringify(one.state) === JSON.stringify(one.first)")


def test_an_address_that_cannot_be_is_not_taken(visit, name):
    page = visit(place(name))
    explore = live(page, name)
    setting = next(iter(explore.evaluate("(one) => one.settings")))
    page = visit(place(name, f"{setting}=1e999&other=%E0%A4%A"))
    explore = live(page, name)
    assert explore.evaluate("(one) => JSON.stringify(one.state) === JSON.stringify(one.first)")


def test_fingers_find_every_control(visit, name):
    explore = live(visit(place(name), width=360, touch=True), name)
    small = (
        "(all) => all.filter((one) => one.offsetHeight < 43.5 && one.offsetWidth).map((one) => one.outerHTML)"
    )
    assert (
        explore.locator("input:not([type=checkbox]), button, select, a, label:has(input)").evaluate_all(small)
        == []
    )


def test_without_scripts_and_on_paper_the_figure_stands(visit, name):
    page = visit(place(name), scripts=False)
    explore = page.locator(f"dl-explore[name='{name}']")
    assert explore.locator(".dl-panels svg:visible").count()
    assert not explore.locator(".dl-explore-panel").is_visible()
    page = visit(place(name))
    explore = live(page, name)
    page.emulate_media(media="print")
    assert explore.locator(".dl-panels svg:visible").count()
    assert not explore.locator(".dl-explore-panel, .dl-explore-drawing").locator("visible=true").count()


@pytest.mark.full
def test_on_the_narrowest_phone_all_that_is_drawn_and_set_has_its_room(visit, name):
    page = visit(place(name, HEAVY[name]), width=320, touch=True)
    explore = live(page, name)
    assert explore.evaluate(BEYOND) == explore.evaluate(OVERPRINTED) == []
    for control in explore.locator("input[type=range]").all():
        for end in ("Home", "End"):
            control.press(end)
            assert explore.evaluate(BEYOND) == explore.evaluate(OVERPRINTED) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_finger_has_a_button_for_every_key_of_the_picture(visit, name):
    page = visit(place(name, BEGUN.get(name, "")), width=360, touch=True)
    explore = live(page, name)
    explore.evaluate("(one) => (one.spec = { ...one.spec, key: (key) => (window.pressed = key) && {} })")
    for button in explore.locator(".dl-explore-keys button").all():
        button.tap()
        assert page.evaluate("window.pressed") == button.get_attribute("data-key")
    page = visit(place(name))
    assert not live(page, name).locator(".dl-explore-keys button").locator("visible=true").count()


def test_a_hand_waits_for_one_drawing_of_few_parts(visit, name):
    page = visit(place(name, HEAVY[name]), before=DRAWN)
    explore = live(page, name)
    assert page.evaluate("window.drawn") == page.locator("dl-explore").count()
    explore.evaluate("(one) => one.set({})")
    assert page.evaluate("window.drawn") == page.locator("dl-explore").count() + 1
    assert explore.locator(".dl-explore-drawing > *").count() <= 300


def test_a_window_is_dragged_and_moved_by_key(visit):
    page = visit("same-padding.html?n=8")
    explore = live(page, "same-padding")
    picture = explore.locator(".dl-picture")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 20, box["y"] + box["height"] / 2)
    page.mouse.up()
    assert explore.evaluate("(one) => one.state.at") == 8
    picture.press("ArrowLeft")
    assert explore.evaluate("(one) => one.state.at") == 7


def test_a_knot_is_dragged_and_moved_by_key(visit):
    page = visit("relu.html?k=3")
    explore = live(page, "relu")
    picture = explore.locator(".dl-picture")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.52, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2, steps=3)
    page.mouse.up()
    moved = explore.evaluate("(one) => one.result.x")
    assert moved[2] > 0.05
    picture.press("ArrowLeft")
    assert explore.evaluate("(one) => one.result.x")[2] == pytest.approx(moved[2] - 0.04)


def test_an_image_is_dragged_and_resized_by_key(visit):
    page = visit("lenet-parameters.html", width=360)
    explore = live(page, "lenet-parameters")
    picture = explore.locator(".dl-picture")
    picture.scroll_into_view_if_needed()
    corner = explore.locator(".dl-explore-drawing .dl-x-mark").bounding_box()
    x, y = corner["x"] + corner["width"] / 2, corner["y"] + corner["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y, steps=3)
    page.mouse.up()
    dragged = explore.evaluate("(one) => one.state.n")
    assert dragged == 52
    picture.press("ArrowLeft")
    assert explore.evaluate("(one) => one.state.n") == dragged - 1


def test_an_output_is_tapped_and_a_kernel_is_dragged_and_both_move_by_key(visit):
    page = visit("convolution-kinds.html", width=360)
    explore = live(page, "convolution-kinds")
    state = "(one) => [one.state.o, one.state.f]"
    drawing = explore.locator(".dl-explore-drawing")
    picture = explore.locator(".dl-picture")
    picture.scroll_into_view_if_needed()
    first = drawing.locator(".dl-x-output").first.bounding_box()
    page.mouse.click(first["x"] + first["width"] / 2, first["y"] + first["height"] / 2)
    assert explore.evaluate(state) == [1, 3]
    corner = drawing.locator(".dl-x-mark").bounding_box()
    x, y = corner["x"] + corner["width"] / 2, corner["y"] + corner["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 16, y, steps=3)
    page.mouse.up()
    assert explore.evaluate(state) == [1, 5]
    picture.press("ArrowDown")
    picture.press("ArrowLeft")
    assert explore.evaluate(state) == [2, 4]


def test_cells_are_tapped_and_changed_by_key(visit):
    page = visit("convolution-correlation.html", width=360)
    explore = live(page, "convolution-correlation")
    drawing = explore.locator(".dl-explore-drawing")
    picture = explore.locator(".dl-picture")
    picture.scroll_into_view_if_needed()
    state = "(one) => [one.state.x, one.state.k, one.state.at]"
    dot, kernel = "0000000000001000000000000", "111001001"
    first = drawing.locator(".dl-x-input").first.bounding_box()
    page.mouse.click(first["x"] + first["width"] / 2, first["y"] + first["height"] / 2)
    assert explore.evaluate(state) == ["1" + dot[1:], kernel, 1]
    corner = drawing.locator(".dl-x-kernel").first.bounding_box()
    page.mouse.click(corner["x"] + corner["width"] / 2, corner["y"] + corner["height"] / 2)
    assert explore.evaluate(state) == ["1" + dot[1:], "211001001", 26]
    picture.press("ArrowRight")
    picture.press("0")
    assert explore.evaluate(state) == ["1" + dot[1:], "201001001", 27]


def test_pixels_are_tapped_and_switched_by_key(visit):
    page = visit("q-table.html", width=360)
    explore = live(page, "q-table")
    picture = explore.locator(".dl-picture")
    picture.scroll_into_view_if_needed()
    row = "(one) => one.result.image_index"
    pixels = explore.locator(".dl-explore-drawing .dl-x-input.dl-x-empty").first.bounding_box()
    page.mouse.click(pixels["x"] + pixels["width"] / 4, pixels["y"] + pixels["height"] / 4)
    assert explore.evaluate(row) == 0b1000
    picture.press("ArrowRight")
    picture.press("Space")
    assert explore.evaluate(row) == 0b1100


def test_what_the_library_refuses_is_told_in_both_tongues(visit):
    page = visit("same-padding.html?n=1&f=7&p=0")
    shown = live(page, "same-padding").evaluate(SHOWN)
    assert shown["refusal"].startswith("kernel_size must fit in the padded input")
    assert "설 자리가 없습니다" in shown["said"]


def test_a_cursor_is_dragged_along_the_updates_and_moved_by_key(visit):
    page = visit("adam.html?gradients=burst")
    explore = live(page, "adam")
    picture = explore.locator(".dl-picture")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 1.5, box["y"] + box["height"] / 2, steps=3)
    page.mouse.up()
    assert explore.evaluate("(one) => one.state.t") == 1000
    picture.press("ArrowDown")
    picture.press("ArrowLeft")
    assert explore.evaluate("(one) => one.state.t") == 989


def test_the_curve_of_a_memory_is_drawn_to_the_hand_and_moved_by_key(visit):
    page = visit("lstm.html")
    explore = live(page, "lstm")
    picture = explore.locator(".dl-picture")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.7)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.35, steps=3)
    page.mouse.up()
    dragged = explore.evaluate("(one) => one.state.b")
    assert 3.5 <= dragged <= 5
    picture.press("ArrowUp")
    picture.press("ArrowLeft")
    assert explore.evaluate("(one) => [one.state.b, one.state.n]") == [dragged + 0.25, 50]
    page.mouse.move(box["x"] + 40, box["y"] + box["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + box["height"] * 0.6, steps=3)
    page.mouse.up()
    written = explore.evaluate("(one) => one.state.g")
    assert written < 0
    picture.press("+")
    assert explore.evaluate("(one) => one.state.g") == pytest.approx(written + 0.1)


def test_a_term_of_the_double_sum_is_tapped_and_moved_by_key(visit):
    explore = live(visit("bptt.html"), "bptt")
    picture = explore.locator(".dl-picture")
    picture.get_by_text("0.25", exact=True).click()
    assert explore.evaluate("(one) => [one.state.tau, one.state.t]") == [4, 2]
    picture.press("ArrowRight")
    picture.press("ArrowUp")
    assert explore.evaluate("(one) => [one.state.tau, one.state.t]") == [3, 3]
    picture.press("ArrowRight")  # there is no later use of the weight in this row
    assert explore.evaluate("(one) => [one.state.tau, one.state.t]") == [3, 3]


def test_a_box_is_dragged_to_another_cell_and_moved_by_key(visit):
    page = visit("yolo-grid.html")
    explore = live(page, "yolo-grid")
    picture = explore.locator(".dl-picture")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] - 60, middle[1], steps=3)
    page.mouse.up()
    left = explore.evaluate("(one) => one.state.cx")
    assert left < 200
    assert explore.evaluate("(one) => one.result.cell[1]") == left // 64
    picture.press("ArrowRight")
    assert explore.evaluate("(one) => one.state.cx") == left + 1


def test_a_cell_is_asked_and_what_it_sees_is_dragged(visit):
    page = visit("yolo-grid.html", width=360)
    explore = live(page, "yolo-answers")
    picture = explore.locator(".dl-picture")
    picture.scroll_into_view_if_needed()
    state = "(one) => [one.state.cell, one.state.x, ...one.result.responsible_cell]"
    assert explore.evaluate(state) == [10, 13, 2, 1]
    picture.press("ArrowUp")
    assert explore.evaluate(state) == [6, 13, 2, 1]
    centre = explore.locator(".dl-explore-drawing .dl-x-mark.dl-x-target").first.bounding_box()
    x, y = centre["x"] + centre["width"] / 2, centre["y"] + centre["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 3 * 308 / 32, y, steps=3)
    page.mouse.up()
    assert explore.evaluate(state) == [6, 16, 2, 2]
    page.mouse.click(x, y - 2 * 308 / 4)
    assert explore.evaluate(state) == [2, 16, 2, 2]


def test_the_picture_is_pressed_or_keyed_to_draw_again(visit):
    explore = live(visit("double-q-learning.html?draws=20"), "double-q-learning")
    picture = explore.locator(".dl-picture")
    picture.click()
    assert explore.evaluate("(one) => one.state.draws") == 30
    picture.press("ArrowLeft")
    assert explore.evaluate("(one) => one.state.draws") == 20


def test_the_landing_page_has_one_alive(visit):
    page = visit("index.html?n=8")
    explore = live(page, "same-padding")
    shown = explore.evaluate(SHOWN)
    assert (shown["state"]["n"], shown["result"]) == (8, True)
    explore.locator("input[type=range]").first.press("ArrowRight")
    assert explore.evaluate(SHOWN)["call"] == "output_size(9, 3, stride=1, padding=1)"
    words, begin = (page.locator(where).bounding_box() for where in (".dl-words", ".dl-begin"))
    assert explore.bounding_box()["x"] > words["x"] + words["width"]
    assert explore.bounding_box()["y"] < begin["y"]
    assert page.evaluate(SHIFTED) < 0.01
    explore.get_by_role("link").click()
    page.wait_for_url("**/same-padding.html?n=9#fig-sliding")
    assert live(page, "same-padding").evaluate("(one) => one.state.n") == 9
    page = visit("index.html", scripts=False)
    assert page.locator(".dl-try .dl-panels svg:visible").count()
    assert not page.locator(".dl-explore-panel").is_visible()


def test_a_word_is_tapped_and_moved_by_key(visit):
    explore = live(visit("skip-gram.html"), "skip-gram")
    picture = explore.locator(".dl-picture")
    picture.click(position={"x": 12, "y": 12})
    assert explore.evaluate("(one) => one.state.at") == 0
    picture.press("ArrowRight")
    assert explore.evaluate("(one) => one.state.at") == 1
    explore.get_by_role("button", name="함께 배우기").click()
    assert explore.evaluate("(one) => one.state.steps") == "t"


def test_a_reward_is_tapped_and_changed_by_key(visit):
    explore = live(visit("reward-notation.html"), "reward-notation")
    picture = explore.locator(".dl-picture")
    picture.click(position={"x": 12, "y": 40})
    assert explore.evaluate("(one) => one.state.rewards") == "10001"
    picture.press("ArrowUp")
    assert explore.evaluate("(one) => one.state.rewards") == "20001"
