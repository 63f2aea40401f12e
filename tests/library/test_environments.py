"""Environments: the tables, the Gymnasium contract, and lockstep games against single ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnotes.environments import (
    DOWN,
    LEFT,
    MDP,
    RIGHT,
    UP,
    Catch,
    CatchGames,
    TabularEnvironment,
    catch_images,
    catch_restart,
    catch_start,
    catch_step,
    chain,
    gridworld,
    maximization_bias,
    mdp_step,
)

sizes = st.integers(2, 7)
seeds = st.integers(0, 2**32)


def fields(**changes):
    """A valid two-state process, and what a test changes in it."""
    valid = {
        "name": "two states",
        "next_state": [[1, 0], [1, 1]],
        "reward_mean": [[1.0, 2.0], [0.0, 0.0]],
        "reward_std": [[0.5, 0.0], [0.0, 0.0]],
        "terminal": [False, True],
        "available": [[True, True], [False, False]],
        "start": 0,
    }
    return valid | changes


# The process as a table.


def test_a_process_keeps_its_own_unwritable_copies():
    given = {name: np.array(value) for name, value in fields().items() if isinstance(value, list)}
    mdp = MDP(**fields(**given))
    for value in given.values():
        value[:] = 0
    assert mdp.next_state.tolist() == [[1, 0], [1, 1]]
    assert mdp.available.tolist() == [[True, True], [False, False]]
    assert mdp.reward_std.tolist() == [[0.5, 0.0], [0.0, 0.0]]
    assert (mdp.states, mdp.actions, mdp.start) == (2, 2, 0)
    for name in ("next_state", "reward_mean", "reward_std", "terminal", "available"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(mdp, name)[0] = 0


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"name": 3}, TypeError, r"name must be a string, got 3"),
        ({"next_state": [1, 1]}, ValueError, r"next_state must have shape \(S, A\).*got \(2,\)"),
        ({"next_state": np.zeros((0, 2), int)}, ValueError, r"next_state must have shape.*got \(0, 2\)"),
        ({"next_state": [[1.0, 0.0], [1.0, 1.0]]}, TypeError, "next_state must be an array of integers"),
        ({"next_state": [[2, 0], [1, 1]]}, ValueError, "next_state must be a state below 2, got 2"),
        ({"next_state": [[-1, 0], [1, 1]]}, ValueError, "next_state must be a state below 2, got -1"),
        ({"reward_mean": [[1.0, 2.0]]}, ValueError, r"reward_mean must have shape \(2, 2\), got \(1, 2\)"),
        ({"reward_mean": [["a", "b"]] * 2}, TypeError, "reward_mean must be an array of real numbers"),
        ({"reward_mean": [[np.nan, 0], [0, 0]]}, ValueError, "reward_mean must be finite, got .*nan"),
        ({"reward_std": [[np.inf, 0], [0, 0]]}, ValueError, "reward_std must be finite, got .*inf"),
        ({"reward_std": [[-0.5, 0], [0, 0]]}, ValueError, "reward_std must be non-negative, got -0.5"),
        ({"terminal": [0, 1]}, TypeError, "terminal must be an array of True and False, got dtype int"),
        ({"terminal": [True]}, ValueError, r"terminal must have shape \(2,\), got \(1,\)"),
        ({"available": [[True, True]]}, ValueError, r"available must have shape \(2, 2\), got \(1, 2\)"),
        ({"available": [[False] * 2] * 2}, ValueError, r"an action in every other state, got \[False, Fal"),
        ({"available": [[True] * 2] * 2}, ValueError, r"no action in a terminal state, got .* in state 1"),
        ({"start": 1}, ValueError, "start must be a state that is not terminal, got 1"),
        ({"start": 2}, ValueError, "start must be a state that is not terminal, got 2"),
        ({"start": -1}, ValueError, "start must be a non-negative integer, got -1"),
        ({"start": 0.5}, TypeError, "start must be a non-negative integer, got 0.5"),
    ],
)
def test_a_bad_table_is_refused(changes, error, message):
    with pytest.raises(error, match=message):
        MDP(**fields(**changes))


@given(st.integers(1, 12), st.floats(-2, 2), st.floats(0, 3))
def test_maximization_bias_offers_two_ways_and_then_noisy_ends(actions, mean, std):
    mdp = maximization_bias(actions, mean, std)
    assert mdp.start == 0
    assert mdp.terminal.tolist() == [False, False, True]
    assert mdp.next_state[0, :2].tolist() == [1, 2]
    assert np.flatnonzero(mdp.available[0]).tolist() == [0, 1]
    assert np.flatnonzero(mdp.available[1]).tolist() == list(range(actions))
    assert (mdp.next_state[1, :actions] == 2).all()
    assert (mdp.reward_mean[1, :actions] == mean).all()
    assert (mdp.reward_std[1, :actions] == std).all()
    assert not mdp.reward_mean[0].any()
    assert not mdp.reward_std[0].any()


@given(st.integers(1, 9), st.floats(-2, 2), st.sampled_from([1, 2]))
def test_a_chain_pays_only_on_its_last_step(length, reward, actions):
    environment = TabularEnvironment(chain(length, reward, actions=actions))
    state, _ = environment.reset(seed=0)
    trace = [environment.step(actions - 1) for _ in range(length)]
    assert state == 0
    assert [step[0] for step in trace] == list(range(1, length + 1))
    assert [step[1] for step in trace] == [0.0] * (length - 1) + [reward]
    assert [step[2] for step in trace] == [False] * (length - 1) + [True]


def test_left_in_a_chain_goes_back_and_stays_at_the_beginning():
    mdp = chain(4, actions=2)
    assert mdp.next_state[:4, 0].tolist() == [0, 0, 1, 2]
    assert mdp.reward_mean[:, 0].tolist() == [0.0] * 5


def test_grid_moves_change_the_cell_and_stop_at_edges_and_walls():
    mdp = gridworld(3, 4, walls=[(1, 1)], step_reward=-1.0, goal_reward=5.0)
    assert mdp.states == 12
    assert np.flatnonzero(mdp.terminal).tolist() == [11]
    assert mdp.start == 0
    assert mdp.next_state[6, [UP, RIGHT, DOWN, LEFT]].tolist() == [2, 7, 10, 6]  # the wall is on the left
    assert mdp.next_state[0, [UP, RIGHT, DOWN, LEFT]].tolist() == [0, 1, 4, 0]
    assert mdp.next_state[3, [UP, RIGHT, DOWN, LEFT]].tolist() == [3, 3, 7, 2]
    assert mdp.reward_mean[7].tolist() == [-1.0, -1.0, 5.0, -1.0]
    assert mdp.reward_mean[11].tolist() == [0.0] * 4
    assert not mdp.reward_std.any()


def test_a_grid_begins_and_ends_where_told():
    mdp = gridworld(2, 3, start=(1, 0), goal=(0, 1))
    assert mdp.start == 3
    assert np.flatnonzero(mdp.terminal).tolist() == [1]
    assert mdp.reward_mean.sum() == 3.0  # from the left, the right and below


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: maximization_bias(0), ValueError, "actions must be a positive integer, got 0"),
        (lambda: maximization_bias(3, std=-1), ValueError, "std must be non-negative, got -1"),
        (lambda: maximization_bias(3, mean=np.nan), ValueError, "mean must be finite, got nan"),
        (lambda: chain(0), ValueError, "length must be a positive integer, got 0"),
        (lambda: chain(3, "1"), TypeError, "reward must be a real number, got '1'"),
        (lambda: chain(3, actions=3), ValueError, "actions must be 1 .* or 2 .*, got 3"),
        (lambda: gridworld(0, 3), ValueError, "height must be a positive integer, got 0"),
        (lambda: gridworld(3, True), TypeError, "width must be a positive integer, got True"),
        (lambda: gridworld(2, 2, start=(2, 0)), ValueError, r"start must lie in the 2×2 grid, got \(2, 0\)"),
        (lambda: gridworld(2, 2, goal=(0, 2)), ValueError, r"goal must lie in the 2×2 grid, got \(0, 2\)"),
        (lambda: gridworld(2, 2, goal=3), TypeError, r"goal must be a \(row, column\) pair, got 3"),
        (lambda: gridworld(2, 2, goal=(0, 0)), ValueError, r"start and goal must differ, got \(0, 0\)"),
        (lambda: gridworld(2, 2, walls=[(1, 1)]), ValueError, r"goal must not be a wall, got \(1, 1\)"),
        (lambda: gridworld(2, 2, walls=[(0, 0)]), ValueError, r"start must not be a wall, got \(0, 0\)"),
        (lambda: gridworld(2, 2, step_reward=np.inf), ValueError, "step_reward must be finite, got inf"),
    ],
)
def test_bad_makers_are_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_rewards_have_the_mean_and_the_deviation_of_the_table():
    mdp = maximization_bias(4, mean=-0.3, std=2.0)
    n = 40_000
    rng = np.random.default_rng(0)
    next_states, rewards, terminated = mdp_step(mdp, np.ones(n, int), np.full(n, 3), rng)
    assert (next_states == 2).all()
    assert terminated.all()
    assert abs(rewards.mean() + 0.3) < 4 * 2 / np.sqrt(n)
    assert abs(rewards.std() - 2.0) < 4 * 2 / np.sqrt(2 * n)


@pytest.mark.parametrize(
    ("states", "actions", "error", "message"),
    [
        ([0, 1], [0], ValueError, r"actions must have the shape \(2,\) of states, got \(1,\)"),
        ([3], [0], ValueError, "states must be below 3, got 3"),
        ([-1], [0], ValueError, "states must be below 3, got -1"),
        ([0, 1, 0], [1, 9, 2], ValueError, "available in their states, got 2 in state 0"),
        ([1], [10], ValueError, "available in their states, got 10 in state 1"),
        ([1], [-1], ValueError, "available in their states, got -1 in state 1"),
        ([2], [0], ValueError, "available in their states, got 0 in state 2"),
        ([0.0], [0], TypeError, "states must be an array of integers"),
    ],
)
def test_bad_lockstep_steps_are_refused(states, actions, error, message):
    with pytest.raises(error, match=message):
        mdp_step(maximization_bias(), states, actions, np.random.default_rng(0))


def test_lockstep_needs_a_generator():
    with pytest.raises(TypeError, match=r"rng must be a numpy.random.Generator, got 0"):
        mdp_step(chain(2), [0], [0], 0)


# The contract of Gymnasium.

makers = {
    "bias": lambda: TabularEnvironment(maximization_bias()),
    "grid": lambda: TabularEnvironment(gridworld(3, 3)),
    "catch": lambda: Catch(4),
}


def play(environment, seed, steps=30):
    """Random play of some steps over as many episodes as it takes, written down."""
    choose = np.random.default_rng(7)
    observation, info = environment.reset(seed=seed)
    log = [np.copy(observation).tolist()]
    for _ in range(steps):
        legal = np.flatnonzero(info["action_mask"]) if info else np.arange(3)
        observation, reward, terminated, truncated, info = environment.step(int(choose.choice(legal)))
        log.append((np.copy(observation).tolist(), reward, terminated, truncated))
        if terminated or truncated:
            observation, info = environment.reset()
            log.append(np.copy(observation).tolist())
    return log


@pytest.mark.parametrize("name", makers)
def test_the_same_seed_is_the_same_play_and_another_is_not(name):
    first, again = play(makers[name](), 3), play(makers[name](), 3)
    reseeded = makers[name]()
    play(reseeded, 8)
    assert first == again == play(reseeded, 3) == play(makers[name](), np.random.default_rng(3))
    if name != "grid":  # nothing is random in the grid
        assert first != play(makers[name](), 4)


@pytest.mark.parametrize("name", makers)
def test_an_unseeded_reset_goes_on_with_the_same_generator(name):
    environment = makers[name]()
    environment.reset(seed=0)
    starts = [np.copy(environment.reset()[0]).tolist() for _ in range(40)]
    assert len({str(start) for start in starts}) > 1 or name != "catch"
    environment.reset(seed=0)
    assert starts == [np.copy(environment.reset()[0]).tolist() for _ in range(40)]


@pytest.mark.parametrize("name", makers)
def test_a_step_returns_what_gymnasium_returns(name):
    environment = makers[name]()
    observation, info = environment.reset(seed=0)
    next_observation, reward, terminated, truncated, next_info = environment.step(1)
    assert isinstance(info, dict)
    assert isinstance(next_info, dict)
    assert type(reward) is float
    assert type(terminated) is bool
    assert type(truncated) is bool
    for seen in (observation, next_observation):
        if name == "catch":
            assert seen.dtype == np.uint8
            assert seen.shape == (4, 4)
            assert set(seen.ravel().tolist()) <= {0, 1}
        else:
            assert type(seen) is int


@pytest.mark.parametrize("name", makers)
def test_an_episode_must_be_begun_and_ends_once(name):
    environment = makers[name]()
    with pytest.raises(RuntimeError, match=r"step\(\) was called before reset\(\)"):
        environment.step(0)
    environment.reset(seed=0)
    path = {"bias": [1], "grid": [RIGHT, RIGHT, DOWN, DOWN], "catch": [1, 1, 1]}[name]
    ends = [environment.step(action)[2] for action in path]
    assert ends == [False] * (len(path) - 1) + [True]
    for _ in range(2):
        with pytest.raises(RuntimeError, match=r"after the end of the episode: call reset\(\)"):
            environment.step(0)
    environment.reset()
    environment.step(path[0])


@pytest.mark.parametrize("name", makers)
def test_a_refused_action_changes_nothing(name):
    environment, untouched = makers[name](), makers[name]()
    environment.reset(seed=5)
    untouched.reset(seed=5)
    for action, error, shown in [(-1, ValueError, "-1"), (99, ValueError, "99"), (1.0, TypeError, "1.0")]:
        with pytest.raises(error, match=rf"action must be .*got {shown}"):
            environment.step(action)
    with pytest.raises(TypeError, match=r"action must be .*got True"):
        environment.step(True)
    mine, theirs = environment.step(np.int64(1)), untouched.step(1)
    assert np.array_equal(mine[0], theirs[0])
    assert mine[1:4] == theirs[1:4]


def test_an_action_must_be_available_in_this_state():
    environment = TabularEnvironment(maximization_bias())
    _, info = environment.reset(seed=0)
    assert info["action_mask"].tolist() == [1, 1] + [0] * 8
    with pytest.raises(ValueError, match=r"action must be one of \[0, 1\] in state 0, got 2"):
        environment.step(2)
    state, *_, info = environment.step(0)
    assert state == 1
    assert info["action_mask"].tolist() == [1] * 10
    assert info["action_mask"].dtype == np.int8


def test_too_long_an_episode_is_truncated_unless_it_ends_there():
    environment = TabularEnvironment(chain(3), max_steps=2)
    for _ in range(2):
        environment.reset(seed=0)
        assert [environment.step(0)[2:4] for _ in range(2)] == [(False, False), (False, True)]
        with pytest.raises(RuntimeError, match="after the end"):
            environment.step(0)
    environment = TabularEnvironment(chain(2), max_steps=2)
    environment.reset(seed=0)
    assert [environment.step(0)[2:4] for _ in range(2)] == [(False, False), (True, False)]


@pytest.mark.parametrize("name", makers)
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"seed": -1}, ValueError, "seed must be a non-negative integer, got -1"),
        ({"seed": 1.5}, TypeError, "seed must be a non-negative integer, got 1.5"),
        ({"seed": True}, TypeError, "seed must be a non-negative integer, got True"),
        ({"options": {"easy": 1}}, ValueError, "options must be None or empty, got {'easy': 1}"),
    ],
)
def test_a_bad_reset_is_refused(name, arguments, error, message):
    with pytest.raises(error, match=message):
        makers[name]().reset(**arguments)


def test_empty_options_are_no_options():
    image, info = Catch(3).reset(seed=1, options={})
    assert np.array_equal(image, Catch(3).reset(seed=1)[0])
    assert info == {}


def test_bad_environments_are_refused():
    with pytest.raises(TypeError, match="mdp must be an MDP, got 3"):
        TabularEnvironment(3)
    with pytest.raises(ValueError, match="max_steps must be a positive integer, got 0"):
        TabularEnvironment(chain(2), max_steps=0)
    with pytest.raises(ValueError, match="size must be an integer >= 2, got 1"):
        Catch(1)
    with pytest.raises(TypeError, match=r"size must be an integer >= 2, got 5.0"):
        Catch(5.0)


# Catch.


@given(sizes, seeds)
@settings(max_examples=30, deadline=None)
def test_the_ball_falls_one_row_a_step_and_stays_in_its_column(size, seed):
    game = Catch(size)
    image, _ = game.reset(seed=seed)
    column = int(image[0].argmax())
    choose = np.random.default_rng(seed)
    for row in range(1, size):
        assert image[0 : size - 1].sum() == 1
        assert image[-1].sum() == 1
        image, reward, terminated, truncated, _ = game.step(int(choose.integers(3)))
        assert image[row, column] == 1
        assert terminated == (row == size - 1)
        assert not truncated
        caught = image[-1].sum() == 1
        assert reward == (0.0 if not terminated else 1.0 if caught else -1.0)


@given(sizes, seeds)
@settings(max_examples=30, deadline=None)
def test_walking_towards_the_ball_always_catches_it(size, seed):
    game = Catch(size)
    image, _ = game.reset(seed=seed)
    ball = int(image[0].argmax())
    terminated = False
    while not terminated:
        paddle = int((image[-1] == 1).argmax())
        image, reward, terminated, _, _ = game.step(1 + int(np.sign(ball - paddle)))
    assert reward == 1.0


@given(sizes, seeds)
@settings(max_examples=30, deadline=None)
def test_games_in_lockstep_are_single_games(size, seed):
    rng, n = np.random.default_rng(seed), 5
    games = catch_start(n, size, np.random.default_rng(seed))
    singles = [CatchGames(size, games.row[i], games.ball[i], games.paddle[i]) for i in range(n)]
    for _ in range(size - 1):
        actions = rng.integers(3, size=n)
        games, rewards, over = catch_step(games, actions)
        for i in range(n):
            singles[i], reward, ended = catch_step(singles[i], actions[i])
            assert (reward, ended) == (rewards[i], over[i])
            assert np.array_equal(catch_images(singles[i]), catch_images(games)[i])
    assert games.over.all()


def test_the_paddle_moves_one_column_and_stops_at_the_walls():
    paddle = np.repeat(np.arange(3), 3)
    games = CatchGames(3, np.zeros(9, int), np.zeros(9, int), paddle)
    moved, rewards, over = catch_step(games, np.tile([0, 1, 2], 3))
    assert moved.paddle.tolist() == [0, 0, 1, 0, 1, 2, 1, 2, 2]
    assert not rewards.any()
    assert not over.any()


def test_a_game_starts_in_every_pair_of_columns_equally_often():
    games = catch_start((100, 90), 3, np.random.default_rng(0))
    assert games.row.shape == (100, 90)
    assert not games.row.any()
    counts = np.bincount((games.ball * 3 + games.paddle).ravel(), minlength=9)
    assert (abs(counts - 1000) < 4 * np.sqrt(1000)).all()


def test_a_screen_shows_the_ball_and_the_paddle_and_merges_them():
    games = CatchGames(3, np.array([1, 2]), np.array([0, 1]), np.array([2, 1]))
    assert catch_images(games).tolist() == [
        [[0, 0, 0], [1, 0, 0], [0, 0, 1]],
        [[0, 0, 0], [0, 0, 0], [0, 1, 0]],
    ]
    assert catch_images(games, np.float32).dtype == np.float32


def test_only_finished_games_restart():
    row = np.array([0, 1, 2, 2])
    games = CatchGames(3, row, np.array([2, 2, 2, 2]), np.array([1, 1, 1, 1]))
    again = catch_restart(games, np.random.default_rng(1))
    fresh = catch_start(4, 3, np.random.default_rng(1))
    assert again.row.tolist() == [0, 1, 0, 0]
    assert again.ball.tolist() == [2, 2, *fresh.ball[2:]]
    assert again.paddle.tolist() == [1, 1, *fresh.paddle[2:]]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda g: catch_step(g, [0]), ValueError, r"actions must have the shape \(2,\) of the games, got"),
        (lambda g: catch_step(g, [0, 3]), ValueError, r"actions must be 0 \(left\).*got 3"),
        (lambda g: catch_step(g, [-1, 0]), ValueError, r"actions must be 0 \(left\).*got -1"),
        (lambda g: catch_step(g, [0.0, 1.0]), TypeError, "actions must be an array of integers"),
        (
            lambda g: catch_step(CatchGames(3, np.array([2]), np.array([0]), np.array([0])), [0]),
            ValueError,
            "games must not be over, got 1 finished",
        ),
        (lambda g: CatchGames(1, g.row, g.ball, g.paddle), ValueError, "size must be .* 2, got 1"),
        (lambda g: CatchGames(3, g.row, g.ball[:1], g.paddle), ValueError, r"ball must have shape \(2,\)"),
        (
            lambda g: CatchGames(3, g.row, g.ball, g.paddle + 3),
            ValueError,
            "paddle must lie in the 3×3 .*got",
        ),
        (
            lambda g: CatchGames(3, g.row - 1, g.ball, g.paddle),
            ValueError,
            "row must lie in the 3×3 .*got -1",
        ),
        (
            lambda g: CatchGames(3, g.row, g.ball / 2, g.paddle),
            TypeError,
            "ball must be an array of integers",
        ),
        (lambda g: catch_start(-1, 3, np.random.default_rng(0)), ValueError, "games must be .*got -1"),
        (lambda g: catch_start(2, 1, np.random.default_rng(0)), ValueError, "size must be .*got 1"),
        (lambda g: catch_start(2, 3, None), TypeError, "rng must be a numpy.random.Generator, got None"),
    ],
)
def test_bad_games_are_refused(call, error, message):
    with pytest.raises(error, match=message):
        call(catch_start(2, 3, np.random.default_rng(0)))
