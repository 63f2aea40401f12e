"""The replay memory, the cost and the two learners of Catch."""

import itertools
import re
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnotes import dqn as module
from dlnotes.dqn import (
    Transitions,
    dqn,
    evaluate_catch,
    optimal_catch,
    remember,
    replay_memory,
    sample,
    squared_td_error,
)
from dlnotes.environments import Catch
from dlnotes.mlp import mlp, mlp_vjp, parameter_count
from dlnotes.optimizers import adam
from dlnotes.q_learning import double_td_target, td_target

SIZES = (25, 16, 3)


def numbered(runs, time, features=2):
    """A transition of each run whose numbers tell the run and the time."""
    tag = 100.0 * np.arange(runs) + time
    screens = np.repeat(tag[:, None], features, axis=1)
    return Transitions(screens, np.full(runs, time), tag, screens + 0.5, np.full(runs, time % 2 == 0))


def filled(runs, capacity, times):
    memory, count = replay_memory(runs, capacity, 2), 0
    for time in range(times):
        count = remember(memory, count, numbered(runs, time))
    return memory, count


@pytest.mark.parametrize("times", [1, 4, 5, 6, 13])
def test_the_memory_keeps_the_newest_transitions_of_each_run(times):
    memory, count = filled(3, 5, times)
    assert count == times
    kept = sorted(range(times))[-5:]
    for run in range(3):
        assert sorted(memory.rewards[run, : min(times, 5)]) == [100 * run + time for time in kept]
        assert set(memory.rewards[run, times:]) <= {0.0}


def test_a_sample_holds_whole_transitions_of_its_own_run():
    memory, count = filled(3, 50, 20)
    batch = sample(memory, count, 400, np.random.default_rng(0))
    time = batch.actions
    np.testing.assert_array_equal(batch.rewards, 100 * np.arange(3)[:, None] + time)
    np.testing.assert_array_equal(batch.observations, np.stack([batch.rewards] * 2, axis=-1))
    np.testing.assert_array_equal(batch.next_observations, batch.observations + 0.5)
    np.testing.assert_array_equal(batch.terminated, time % 2 == 0)


def test_every_stored_transition_is_drawn_equally_often_and_no_empty_slot():
    memory, count = filled(2, 50, 20)
    batch = sample(memory, count, 20_000, np.random.default_rng(0))
    for run in range(2):
        times, counts = np.unique(batch.actions[run], return_counts=True)
        assert times.tolist() == list(range(20))
        assert abs(counts - 1000).max() < 5 * np.sqrt(1000)
    assert (batch.actions[0] != batch.actions[1]).mean() > 0.9


def test_a_full_memory_is_drawn_to_its_last_slot():
    memory, count = filled(1, 5, 23)
    assert np.unique(sample(memory, count, 500, np.random.default_rng(0)).actions).tolist() == [
        18,
        19,
        20,
        21,
        22,
    ]


@given(st.integers(1, 6), st.integers(1, 5), st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_only_the_taken_action_has_a_gradient_and_it_is_the_central_difference(n, actions, seed):
    rng = np.random.default_rng(seed)
    q, y = rng.normal(size=(2, n, actions)), rng.normal(size=(2, n))
    a = rng.integers(actions, size=(2, n))
    cost, dq = squared_td_error(q, a, y)
    for run in range(2):
        taken = [q[run, i, a[run, i]] for i in range(n)]
        assert cost[run] == pytest.approx(np.mean((taken - y[run]) ** 2) / 2)
    for run, i, action in np.ndindex(q.shape):
        step = np.zeros_like(q)
        step[run, i, action] = 1e-5
        slope = (squared_td_error(q + step, a, y)[0] - squared_td_error(q - step, a, y)[0])[run] / 2e-5
        assert dq[run, i, action] == pytest.approx(slope, abs=1e-9)
        if action != a[run, i]:
            assert dq[run, i, action] == 0


def test_the_example_of_the_brief_has_one_gradient_of_minus_one():
    cost, dq = squared_td_error(np.zeros((1, 4)), [2], [1.0])
    assert (float(cost), dq.tolist()) == (0.5, [[0, 0, -1, 0]])


def test_the_cost_keeps_single_precision():
    cost, dq = squared_td_error(np.zeros((3, 2), np.float32), [0, 1, 0], np.zeros(3))
    assert (cost.dtype, dq.dtype) == (np.float32, np.float32)


def batch_of(rng, runs=2, n=6):
    """A minibatch whose first transition of each run ends the game."""
    ended = np.zeros((runs, n), bool)
    ended[:, 0] = True
    screens = rng.normal(size=(2, runs, n, 25))
    return Transitions(
        screens[0], rng.integers(3, size=(runs, n)), rng.normal(size=(runs, n)), screens[1], ended
    )


@pytest.mark.parametrize("double", [False, True])
def test_one_step_of_learning_is_adam_along_the_gradient_of_the_cost(double):
    rng = np.random.default_rng(0)
    theta, target = rng.normal(size=(2, 2, parameter_count(SIZES)))
    batch = batch_of(rng)
    next_q, online_q = mlp(batch.next_observations, target, SIZES), mlp(batch.next_observations, theta, SIZES)
    y = np.empty((2, 6))
    for place in np.ndindex(2, 6):
        best = (online_q if double else next_q)[place].argmax()
        y[place] = batch.rewards[place] + (0 if batch.terminated[place] else 0.7 * next_q[place][best])
    q, pullback = mlp_vjp(batch.observations, theta, SIZES)
    dq = np.zeros_like(q)
    for run, i in np.ndindex(2, 6):
        a = batch.actions[run, i]
        dq[run, i, a] = (q[run, i, a] - y[run, i]) / 6
    expected, _ = adam(theta, pullback(dq)[1], None, lr=0.01)
    got, state = module._learn(
        theta, target, None, batch, SIZES, double=np.full(2, double), gamma=0.7, lr=0.01
    )
    np.testing.assert_allclose(got, expected, atol=1e-12)
    assert state.step == 1


def test_the_target_of_a_transition_that_ends_is_its_reward():
    """What the next state is worth changes nothing, so neither does the target network."""
    rng = np.random.default_rng(1)
    batch = batch_of(rng, n=1)
    theta, target, other = rng.normal(size=(3, 2, parameter_count(SIZES)))
    for double in (False, True):
        steps = [
            module._learn(theta, t, None, batch, SIZES, double=np.full(2, double), gamma=0.9, lr=0.1)[0]
            for t in (target, other)
        ]
        np.testing.assert_array_equal(*steps)


def test_each_run_has_the_target_that_was_asked_for():
    rng = np.random.default_rng(2)
    batch, (theta, target) = batch_of(rng), rng.normal(size=(2, 2, parameter_count(SIZES)))

    def learned(double):
        return module._learn(theta, target, None, batch, SIZES, double=np.array(double), gamma=0.9, lr=0.1)[0]

    plain, doubled, mixed = learned([False, False]), learned([True, True]), learned([False, True])
    np.testing.assert_array_equal(mixed[0], plain[0])
    np.testing.assert_array_equal(mixed[1], doubled[1])
    assert (plain != doubled).any(axis=1).all()


def test_exploring_always_is_uniform_and_never_is_greedy():
    q, rng = np.tile([0.0, 2.0, 1.0], (30_000, 1)), np.random.default_rng(0)
    assert (module._explore(q, 0.0, rng) == 1).all()
    shares = np.bincount(module._explore(q, 0.3, rng)) / len(q)
    np.testing.assert_allclose(shares, [0.1, 0.8, 0.1], atol=0.01)


@pytest.mark.parametrize("size", [3, 5])
def test_the_greedy_policy_is_worth_what_the_environment_pays(size):
    rng, sizes, gamma = np.random.default_rng(0), (size * size, 8, 3), 0.8
    theta = rng.normal(size=(2, parameter_count(sizes)))
    estimates, values, caught = evaluate_catch(theta, sizes, size=size, gamma=gamma)
    for run in range(2):
        first = {}
        for seed in range(40 * size * size):  # seeds until every start has been met
            env = Catch(size)
            screen, _ = env.reset(seed=seed)
            start = screen.tobytes()
            if start in first:
                continue
            believed, gain, k, over = mlp(screen.reshape(1, -1), theta[run], sizes).max(), 0.0, 0, False
            while not over:
                action = int(mlp(screen.reshape(1, -1), theta[run], sizes).argmax())
                screen, reward, over, _, _ = env.step(action)
                gain, k = gain + gamma**k * reward, k + 1
            first[start] = (believed, gain, reward > 0)
        assert len(first) == size * size
        believed, gain, hits = np.mean(list(first.values()), axis=0)
        assert estimates[run] == pytest.approx(believed)
        assert values[run] == pytest.approx(gain)
        assert caught[run] == pytest.approx(hits)


@pytest.mark.parametrize("size", [2, 3, 4])
def test_the_optimum_is_the_best_of_all_sequences_of_moves(size):
    gamma, first = 0.8, {}
    for seed in range(40 * size * size):  # seeds until every start has been met
        env = Catch(size)
        start = env.reset(seed=seed)[0].tobytes()
        if start in first:
            continue
        gains = []
        for moves in itertools.product(range(3), repeat=size - 1):
            env.reset(seed=seed)
            gains.append(sum(gamma**k * env.step(a)[1] for k, a in enumerate(moves)))
        first[start] = max(gains)
    assert len(first) == size * size
    assert optimal_catch(size, gamma=gamma) == pytest.approx(np.mean(list(first.values())))


def test_keys_beyond_three_repeat_the_moves():
    """A network whose every key of a move has the same value plays as that with one key a move."""
    rng, sizes = np.random.default_rng(0), (9, 8, 3)
    theta = rng.normal(size=(2, parameter_count(sizes)))
    body, w, b = theta[:, :80], theta[:, 80:104].reshape(2, 8, 3), theta[:, 104:]
    wide = np.hstack([body, np.tile(w, 2).reshape(2, -1), b, b + 1])
    narrow = evaluate_catch(theta, sizes, size=3, gamma=0.8)
    doubled = evaluate_catch(wide, (9, 8, 6), size=3, gamma=0.8)
    np.testing.assert_allclose(doubled[0], narrow[0] + 1)
    np.testing.assert_array_equal(doubled[1:], narrow[1:])


@pytest.fixture(scope="module")
def decisive():
    """The page's setting: eighteen keys, noise, and a memory as long as the target network stays."""
    options = {"size": 4, "keys": 18, "hidden": (32,), "reward_std": 0.5, "sync": 500, "check_every": 500}
    double = np.repeat([False, True], 4)
    return dqn(4000, np.random.default_rng(0), runs=8, double=double, capacity=500, **options)


def test_dqn_overestimates_the_optimum_and_double_dqn_does_not(decisive):
    late = decisive.estimates[:, -4:].mean(axis=1)
    optimum = optimal_catch(4, gamma=0.9)
    assert (late[:4] > optimum + 0.2).all()
    assert abs(late[4:].mean() - optimum) < 0.1
    assert (decisive.values <= optimum + 1e-9).all()


@pytest.fixture(scope="module")
def both():
    """Four runs of each learner with noise in the rewards."""
    return dqn(1800, np.random.default_rng(0), runs=8, double=np.repeat([False, True], 4), reward_std=0.5)


def test_both_learners_catch_far_more_than_chance(both):
    assert both.caught[:, :20].mean() < 0.5
    assert (both.greedy_caught[:, -3:].mean(axis=1) > 0.75).all()
    assert both.caught[:, -50:].mean() > 0.6  # ε = 0.1 still spoils some


def test_the_record_has_an_entry_for_each_episode_and_each_check(both):
    assert both.caught.shape == (8, 1800 // 4)
    assert both.steps.tolist() == list(range(100, 1801, 100))
    assert both.estimates.shape == both.values.shape == both.greedy_caught.shape == (8, 18)
    np.testing.assert_array_equal(both.overestimates, both.estimates - both.values)
    estimates, values, caught = evaluate_catch(both.theta, (25, 64, 3), size=5, gamma=0.9)
    np.testing.assert_allclose(both.estimates[:, -1], estimates, rtol=1e-6)
    np.testing.assert_allclose(both.values[:, -1], values)
    np.testing.assert_allclose(both.greedy_caught[:, -1], caught)


def test_noise_makes_dqn_overestimate_and_double_dqn_less(both):
    late = both.overestimates[:, 9:].mean(axis=1)
    assert late[:4].mean() > 0.1
    assert late[:4].mean() > late[4:].mean() + 0.05


def test_the_same_seed_gives_the_same_runs():
    first, second = (dqn(150, np.random.default_rng(3), runs=2, hidden=(8,), warmup=8) for _ in range(2))
    for field in fields(first):
        np.testing.assert_array_equal(getattr(first, field.name), getattr(second, field.name))
    assert (first.theta[0] != first.theta[1]).any()
    assert first.theta.dtype == np.float32


def test_before_the_memory_is_warm_nothing_is_learned():
    still = dqn(60, np.random.default_rng(0), hidden=(8,), warmup=61, check_every=20)
    assert np.ptp(still.estimates, axis=1) == 0
    moved = dqn(60, np.random.default_rng(0), hidden=(8,), warmup=60, check_every=20)
    assert moved.estimates[0, 1] == still.estimates[0, 1]
    assert moved.estimates[0, 2] != still.estimates[0, 2]


@pytest.mark.parametrize(("sync", "copies"), [(10, 4), (40, 1), (41, 0)])
def test_the_target_network_is_copied_every_sync_steps(monkeypatch, sync, copies):
    seen = []
    learn = module._learn

    def watched(theta, target, *rest, **options):
        seen.append((theta, target))
        return learn(theta, target, *rest, **options)

    monkeypatch.setattr(module, "_learn", watched)
    dqn(41, np.random.default_rng(0), hidden=(4,), warmup=1, sync=sync)
    changed = [i for i in range(1, len(seen)) if seen[i][1] is not seen[i - 1][1]]
    assert changed == [sync * k for k in range(1, copies + 1)]
    assert seen[0][0] is seen[0][1]
    assert all(seen[i][1] is seen[i][0] for i in changed)


def test_noise_is_learned_from_but_not_scored(monkeypatch):
    stored = []

    def watched(memory, count, transitions):
        stored.append(transitions.rewards)
        return remember(memory, count, transitions)

    monkeypatch.setattr(module, "remember", watched)
    dqn(40, np.random.default_rng(0), runs=50, hidden=(4,), warmup=1000, reward_std=2.0)
    early = np.array(stored).reshape(10, 4, 50)[:, :3]  # these rewards are 0 but for the noise
    assert early.std() == pytest.approx(2, rel=0.1)
    assert early.mean() == pytest.approx(0, abs=0.2)
    quiet, noisy = (
        dqn(40, np.random.default_rng(0), runs=50, hidden=(4,), warmup=1000, reward_std=std)
        for std in (0.0, 2.0)
    )
    np.testing.assert_array_equal(quiet.caught, noisy.caught)


def test_a_transition_pairs_a_screen_with_the_one_that_follows_it(monkeypatch):
    stored = []

    def watched(memory, count, transitions):
        stored.append(transitions)
        return remember(memory, count, transitions)

    monkeypatch.setattr(module, "remember", watched)
    dqn(12, np.random.default_rng(0), runs=3, hidden=(4,), warmup=1000)
    for i, one in enumerate(stored):
        row = one.observations.reshape(3, 5, 5)[:, :4].any(axis=2).argmax(axis=1)
        assert (row == i % 4).all()  # the ball falls a row each step and starts again at the top
        assert one.terminated.tolist() == [i % 4 == 3] * 3
        if i % 4:
            np.testing.assert_array_equal(one.observations, stored[i - 1].next_observations)


def test_exploration_falls_in_a_line_from_one_to_epsilon(monkeypatch):
    seen = []

    def watched(q, epsilon, rng):
        seen.append(epsilon)
        return np.zeros(len(q), np.int64)

    monkeypatch.setattr(module, "_explore", watched)
    dqn(30, np.random.default_rng(0), hidden=(4,), epsilon=0.2, exploration=20, warmup=1000)
    np.testing.assert_allclose(seen[:20], np.linspace(1, 0.2, 21)[1:])
    assert set(np.round(seen[20:], 12)) == {0.2}


RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"steps": 0}, ValueError, "steps must be a positive integer, got 0"),
        ({"rng": 0}, TypeError, "rng must be a numpy.random.Generator, got 0 (int)"),
        ({"runs": 0}, ValueError, "runs must be a positive integer, got 0"),
        ({"size": 1}, ValueError, "size must be an integer >= 2, got 1"),
        ({"keys": 2}, ValueError, "keys must be an integer >= 3, got 2"),
        ({"hidden": (0,)}, ValueError, "hidden[0] must be a positive integer, got 0"),
        ({"gamma": 1.1}, ValueError, "gamma must be between 0 and 1, got 1.1"),
        ({"lr": 0}, ValueError, "lr must be positive, got 0.0"),
        ({"batch_size": 0}, ValueError, "batch_size must be a positive integer, got 0"),
        ({"capacity": 0}, ValueError, "capacity must be a positive integer, got 0"),
        ({"warmup": 0}, ValueError, "warmup must be a positive integer, got 0"),
        ({"sync": 0}, ValueError, "sync must be a positive integer, got 0"),
        ({"epsilon": -0.1}, ValueError, "epsilon must be between 0 and 1, got -0.1"),
        ({"exploration": 0}, ValueError, "exploration must be a positive integer, got 0"),
        ({"reward_std": -1}, ValueError, "reward_std must be non-negative, got -1.0"),
        ({"check_every": 0}, ValueError, "check_every must be a positive integer, got 0"),
        ({"double": 1}, TypeError, "double must be True, False or an array of them, got dtype int64"),
        ({"double": [True, False]}, ValueError, "double must have shape () or (1,), got (2,)"),
    ],
)
def test_bad_settings_are_refused_by_name_and_value(options, error, message):
    settings_ = {"steps": 1, "rng": RNG, **options}
    with pytest.raises(error, match=re.escape(message)):
        dqn(settings_.pop("steps"), settings_.pop("rng"), **settings_)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: optimal_catch(1, gamma=0.9), ValueError, "size must be an integer >= 2, got 1"),
        (lambda: optimal_catch(4, gamma=2), ValueError, "gamma must be between 0 and 1, got 2.0"),
        (
            lambda: remember(replay_memory(1, 2, 2), -1, numbered(1, 0)),
            ValueError,
            "count must be a non-negative",
        ),
        (
            lambda: remember(replay_memory(1, 2, 3), 0, numbered(1, 0)),
            ValueError,
            "observations must have shape (1, 3), got (1, 2)",
        ),
        (
            lambda: sample(replay_memory(1, 2, 2), 0, 3, RNG),
            ValueError,
            "count must be a positive integer, got 0",
        ),
        (
            lambda: sample(replay_memory(1, 2, 2), 1, 0, RNG),
            ValueError,
            "batch_size must be a positive integer",
        ),
        (
            lambda: sample(replay_memory(1, 2, 2), 1, 1, 7),
            TypeError,
            "rng must be a numpy.random.Generator, got 7",
        ),
        (lambda: replay_memory(1, 1, 0), ValueError, "features must be a positive integer, got 0"),
        (lambda: squared_td_error([[0.0, 1]], [2], [0.0]), ValueError, "actions must be below 2, got 2"),
        (lambda: squared_td_error([[0.0, 1]], [-1], [0.0]), ValueError, "actions must be below 2, got -1"),
        (
            lambda: squared_td_error([[0.0, 1]], [0.5], [0.0]),
            TypeError,
            "actions must be an array of integers",
        ),
        (lambda: squared_td_error([[0.0, 1]], [0, 1], [0.0]), ValueError, "actions must have shape (…, N)"),
        (lambda: squared_td_error([0.0, 1], 0, 0.0), ValueError, "actions must have shape (…, N)"),
        (
            lambda: squared_td_error([[0.0, 1]], [0], [0.0, 1]),
            ValueError,
            "targets must have shape (1,), got (2,)",
        ),
        (
            lambda: evaluate_catch(np.zeros(78), (25, 3), size=5, gamma=0.9),
            ValueError,
            "theta must have 2 dimensions, got 1",
        ),
        (
            lambda: evaluate_catch(np.zeros((1, 78)), (25, 3), size=5, gamma=2),
            ValueError,
            "gamma must be between 0 and 1, got 2.0",
        ),
    ],
)
def test_bad_input_is_refused_by_name_and_value(call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()


def test_the_two_targets_of_the_brief_differ():
    online, target = [1.0, 2.5, 2.0], [1.2, 1.4, 2.2]
    assert td_target(1.0, target, False, gamma=0.9) == pytest.approx(2.98)
    assert double_td_target(1.0, online, target, False, gamma=0.9) == pytest.approx(2.26)
