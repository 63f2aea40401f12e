import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from dlnotes.environments import MDP, chain, gridworld, maximization_bias
from dlnotes.maximization import double_estimate
from dlnotes.q_learning import (
    double_q_learning,
    double_q_learning_once,
    double_td_target,
    q_learning,
    q_learning_once,
    td_target,
)

learners = pytest.mark.parametrize("learn", [q_learning, double_q_learning])
beside = pytest.mark.parametrize(
    ("learn", "once"), [(q_learning, q_learning_once), (double_q_learning, double_q_learning_once)]
)
LEFT = 0


def generator(seed=0):
    return np.random.default_rng(seed)


# --- targets ---------------------------------------------------------------------------------------


def test_selecting_and_evaluating_with_one_network_gives_2_98_and_with_two_2_26():
    online, target = [1.0, 2.5, 2.0], [1.2, 1.4, 2.2]
    assert td_target(1.0, target, False, gamma=0.9) == pytest.approx(2.98)
    assert double_td_target(1.0, online, target, False, gamma=0.9) == pytest.approx(2.26)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(1, 4), st.floats(0, 1))
def test_the_targets_are_the_formulas_for_each_transition(seed, batch, actions, gamma):
    rng = generator(seed)
    reward, ended = rng.normal(size=(2, batch)), rng.random((2, batch)) < 0.3
    online, target = rng.normal(size=(2, 2, batch, actions))
    single = td_target(reward, target, ended, gamma=gamma)
    double = double_td_target(reward, online, target, ended, gamma=gamma)
    for i in np.ndindex(2, batch):
        best = max(target[i])
        read = target[i][list(online[i]).index(max(online[i]))]
        assert single[i] == pytest.approx(reward[i] + (0 if ended[i] else gamma * best))
        assert double[i] == pytest.approx(reward[i] + (0 if ended[i] else gamma * read))
    assert np.all(double <= single + 1e-12)


def test_a_terminal_transition_ignores_whatever_the_next_values_are():
    nan = [[np.nan, np.inf], [1.0, 2.0]]
    assert td_target([1.0, 1.0], nan, [True, False], gamma=0.5).tolist() == [1.0, 2.0]
    assert double_td_target([1.0, 1.0], nan, nan, [True, False], gamma=0.5).tolist() == [1.0, 2.0]


def test_an_unavailable_action_is_never_chosen():
    online, target = [-np.inf, -3.0, -4.0], [9.0, 2.0, 3.0]
    assert td_target(0.0, online, False, gamma=1.0) == -3.0
    assert double_td_target(0.0, online, target, False, gamma=1.0) == 2.0


def test_the_first_of_equal_actions_is_chosen_in_the_double_target():
    assert double_td_target(0.0, [1.0, 1.0], [5.0, 6.0], False, gamma=1.0) == 5.0


def test_the_targets_keep_the_floating_dtype():
    reward, q, ended = np.ones(3, np.float32), np.ones((3, 2), np.float32), np.zeros(3, bool)
    assert td_target(reward, q, ended, gamma=0.9).dtype == np.float32
    assert double_td_target(reward, q, q, ended, gamma=0.9).dtype == np.float32
    assert td_target(1, [1, 2], False, gamma=1).dtype == np.float64


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: td_target([1.0], [[1.0]], [0], gamma=1),
            TypeError,
            "terminated must be an array of True and False",
        ),
        (lambda: td_target([1.0], [[1.0]], False, gamma=1), ValueError, "terminated must have shape (1,)"),
        (
            lambda: td_target([1.0], [1.0], [False], gamma=1),
            ValueError,
            "next_q must have shape (1, A) with at least one action, got (1,)",
        ),
        (lambda: td_target([1.0], [[]], [False], gamma=1), ValueError, "next_q must have shape (1, A)"),
        (lambda: td_target(1.0, 2.0, False, gamma=1), ValueError, "next_q must have shape (A)"),
        (lambda: td_target(1.0, [2.0], False, gamma=1.5), ValueError, "gamma must be between 0 and 1, got 1"),
        (lambda: td_target("r", [2.0], False, gamma=1), TypeError, "reward must be an array of real"),
        (
            lambda: double_td_target(1.0, [2.0, 1.0], [2.0], False, gamma=1),
            ValueError,
            "target_next_q must have shape (2,) as online_next_q, got (1,)",
        ),
    ],
)
def test_bad_targets_are_named_with_their_value(call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()


# --- a plain scalar learner, one run, drawing the same random numbers in the same order --------------


def pick(candidates, uniform):
    return candidates[int(uniform * len(candidates))]


def best(q, allowed):
    return [a for a in allowed if q[a] == max(q[b] for b in allowed)]


def scalar_learner(mdp, episodes, rng, *, tables, alpha, gamma, epsilon, max_steps=None):
    q = [[[0.0] * mdp.actions for _ in range(mdp.states)] for _ in range(tables)]
    allowed = [np.flatnonzero(row).tolist() for row in mdp.available]
    noisy = mdp.reward_std.any()
    first_actions, starts = [], []
    for _ in range(episodes):
        s, t = mdp.start, 0
        while True:
            explore, tie, *more = rng.random(2 * tables)
            total = [sum(table[s][a] for table in q) for a in range(mdp.actions)]
            a = pick(allowed[s] if explore < epsilon else best(total, allowed[s]), tie)
            first_actions += [a] if t == 0 else []
            r = mdp.reward_mean[s, a] + (mdp.reward_std[s, a] * rng.standard_normal() if noisy else 0)
            after, t = mdp.next_state[s, a], t + 1
            select, evaluate = (0, 0) if tables == 1 else ((0, 1) if more[0] < 0.5 else (1, 0))
            if not mdp.terminal[after]:
                candidates = best(q[select][after], allowed[after])
                r += gamma * q[evaluate][after][pick(candidates, more[1] if more else 0)]
            q[select][s][a] += alpha * (r - q[select][s][a])
            s = after
            if mdp.terminal[after] or t == max_steps:
                break
        starts.append(start_value(q, mdp.start, allowed[mdp.start]))
    return q, first_actions, starts


def start_value(q, s, allowed):
    rows = [np.array([table[s][a] for a in allowed]) for table in q]
    return np.mean([y[x.argmax()] for x, y in ([rows * 2] if len(q) == 1 else [rows, rows[::-1]])])


SMALL = {
    "maximization bias": maximization_bias(4),
    "chain": chain(4, actions=2),
    "grid": gridworld(3, 3, start=(2, 0), walls=[(1, 1)], step_reward=-0.1),
}


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("tables", [1, 2])
@pytest.mark.parametrize(("max_steps", "epsilon"), [(None, 0.25), (3, 0.25), (None, 1.0)])
def test_one_run_is_a_plain_scalar_loop(name, tables, max_steps, epsilon):
    learn, mdp = [q_learning, double_q_learning][tables - 1], SMALL[name]
    setting = {"alpha": 0.3, "gamma": 0.9, "epsilon": epsilon, "max_steps": max_steps}
    runs = learn(mdp, 60, generator(7), watch=mdp.start, **setting)
    q, first_actions, starts = scalar_learner(mdp, 60, generator(7), tables=tables, **setting)
    learned = np.array(q).reshape(runs.q.shape)
    held = np.broadcast_to(mdp.available | mdp.terminal[:, None], runs.q.shape)
    np.testing.assert_allclose(runs.q[held], learned[held], atol=1e-12)
    assert np.all(runs.q[~held] == -np.inf)
    assert runs.first_actions[:, 0].tolist() == first_actions
    np.testing.assert_allclose(runs.values[:, 0], starts, atol=1e-12)


@beside
@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("epsilon", [0.0, 0.25, 1.0])
def test_one_run_learns_the_table_of_the_book_from_the_same_random_numbers(learn, once, name, epsilon):
    setting = {"alpha": 0.3, "gamma": 0.9, "epsilon": epsilon}
    for seed in range(5):
        learned = learn(SMALL[name], 40, generator(seed), **setting).q
        written = np.array(once(SMALL[name], 40, generator(seed), **setting))
        np.testing.assert_array_equal(learned, written.reshape(learned.shape))


@beside
def test_many_runs_are_distributed_as_runs_of_the_book(learn, once):
    mdp, setting = maximization_bias(3, mean=0.0), {"alpha": 0.2, "gamma": 1.0, "epsilon": 0.3}
    together = learn(mdp, 25, generator(1), runs=3000, **setting).q.reshape(-1, 3000, 3, 3)[0]
    apart = np.array([once(mdp, 25, generator(100 + i), **setting) for i in range(250)])
    apart = apart.reshape(250, -1, 3, 3)[:, 0]
    for cell in ((0, LEFT), (1, 0), (1, 2)):
        assert stats.ks_2samp(together[:, *cell], apart[:, *cell]).pvalue > 0.01


@learners
def test_runs_in_lockstep_are_distributed_as_single_runs(learn):
    mdp, setting = maximization_bias(3, mean=0.0), {"alpha": 0.2, "gamma": 1.0, "epsilon": 0.3}
    together = learn(mdp, 25, generator(1), runs=3000, watch=1, **setting)
    apart = [learn(mdp, 25, generator(100 + i), watch=1, **setting) for i in range(250)]
    values = np.array([run.values[-1, 0] for run in apart])
    assert stats.ks_2samp(together.values[-1], values).pvalue > 0.01
    left = np.array([run.first_actions[-1, 0] == LEFT for run in apart])
    assert (together.first_actions[-1] == LEFT).mean() == pytest.approx(left.mean(), abs=0.1)


@learners
def test_runs_are_independent_of_each_other(learn):
    runs = learn(maximization_bias(), 30, generator(), runs=4000, watch=1)
    x = runs.values[-1]
    assert abs(np.corrcoef(x[:-1], x[1:])[0, 1]) < 0.06
    assert len(np.unique(x)) > 0.99 * np.count_nonzero(x) > 2000


@learners
def test_the_same_seed_gives_the_same_runs(learn):
    first, second, other = (learn(maximization_bias(), 20, generator(s), runs=50) for s in (3, 3, 4))
    np.testing.assert_array_equal(first.q, second.q)
    np.testing.assert_array_equal(first.first_actions, second.first_actions)
    assert not np.array_equal(first.q, other.q)


def test_shapes_and_what_is_not_watched():
    mdp = maximization_bias(5)
    single, double = (learn(mdp, 4, generator(), runs=7) for learn in (q_learning, double_q_learning))
    assert single.q.shape == (7, 3, 5)
    assert double.q.shape == (2, 7, 3, 5)
    assert single.first_actions.shape == double.first_actions.shape == (4, 7)
    assert single.values is double.values is None
    assert np.all(single.q[:, 0, 2:] == -np.inf)
    assert np.all(single.q[:, 2] == 0)
    assert set(single.first_actions.ravel().tolist()) <= {0, 1}


# --- what is learned -----------------------------------------------------------------------------


def optimal_values(mdp, gamma):
    q = np.zeros((mdp.states, mdp.actions))
    for _ in range(500):
        v = np.where(mdp.terminal, 0, np.where(mdp.available, q, -np.inf).max(axis=1, initial=-np.inf))
        q = mdp.reward_mean + gamma * v[mdp.next_state]
    return q


@learners
@pytest.mark.parametrize("mdp", [chain(5), chain(3, actions=2), gridworld(3, 3, step_reward=-0.1)])
def test_a_deterministic_environment_is_learned_exactly(learn, mdp):
    runs = learn(mdp, 400, generator(), runs=3, alpha=0.5, gamma=0.9, epsilon=1.0)
    expected = optimal_values(mdp, 0.9)
    for q in runs.q.reshape(-1, mdp.states, mdp.actions):
        np.testing.assert_allclose(q[mdp.available], expected[mdp.available], atol=1e-6)


def test_a_state_that_is_its_own_successor_is_bootstrapped_from_itself():
    mdp = chain(2, reward=0.0, actions=2)
    stay = MDP(
        "stay", mdp.next_state, [[1.0, 0], [0, 0], [0, 0]], mdp.reward_std, mdp.terminal, mdp.available, 0
    )
    runs = q_learning(stay, 4000, generator(), alpha=0.3, gamma=0.5, epsilon=1.0)
    assert runs.q[0, 0, 0] == pytest.approx(2.0, abs=1e-9)  # 1 + 0.5 · 2


def test_one_step_moves_the_table_by_alpha_times_the_error():
    runs = q_learning(chain(1, reward=2.0), 3, generator(), alpha=0.25)
    assert runs.q[0, 0, 0] == pytest.approx(2 * (1 - 0.75**3))


def test_a_step_of_double_q_learning_changes_one_table_chosen_by_a_fair_coin():
    runs = double_q_learning(chain(1), 1, generator(), runs=4000)
    changed = runs.q[:, :, 0, 0] != 0
    assert np.all(changed.sum(axis=0) == 1)
    assert changed[0].mean() == pytest.approx(0.5, abs=0.03)


def test_a_cut_episode_is_not_a_terminal_one():
    mdp = chain(2)
    cut = q_learning(mdp, 3000, generator(), alpha=0.5, gamma=0.9, max_steps=1)
    assert cut.q[0, 0, 0] == 0.0  # state 1 is never reached as a state to act in
    whole = q_learning(mdp, 3000, generator(), alpha=0.5, gamma=0.9, max_steps=2)
    np.testing.assert_allclose(whole.q[0, :2, 0], [0.9, 1.0])


def test_a_greedy_run_that_never_ends_is_cut():
    loop = MDP(
        "loop",
        [[0, 1], [1, 1]],
        [[1.0, 0], [0, 0]],
        np.zeros((2, 2)),
        [False, True],
        [[True] * 2, [False] * 2],
        0,
    )
    runs = q_learning(loop, 5, generator(), epsilon=0.0, gamma=0.5, max_steps=20)
    assert runs.q[0, 0, 0] > 1.5


# --- behaviour -------------------------------------------------------------------------------------


def bandit(means):
    k = len(means)
    return MDP(
        "bandit",
        [[1] * k, [1] * k],
        [means, [0.0] * k],
        np.zeros((2, k)),
        [False, True],
        [[True] * k, [False] * k],
        0,
    )


@learners
@pytest.mark.parametrize("epsilon", [0.0, 0.1, 1.0])
def test_ties_are_broken_evenly_whatever_the_exploration(learn, epsilon):
    runs = learn(bandit([0.0] * 5), 1, generator(), runs=20_000, epsilon=epsilon)
    assert stats.chisquare(np.bincount(runs.first_actions[0], minlength=5)).pvalue > 0.001


@learners
def test_epsilon_is_the_chance_of_choosing_evenly(learn):
    runs = learn(bandit([0.0, 1.0, 0.5, 0.5]), 3000, generator(), runs=20, alpha=1.0, epsilon=0.2)
    shares = np.bincount(runs.first_actions[500:].ravel(), minlength=4) / runs.first_actions[500:].size
    np.testing.assert_allclose(shares, [0.05, 0.85, 0.05, 0.05], atol=0.005)


@learners
def test_epsilon_one_pays_no_heed_to_the_values(learn):
    runs = learn(bandit([0.0, 9.0, -9.0]), 1000, generator(), runs=20, epsilon=1.0)
    shares = np.bincount(runs.first_actions.ravel(), minlength=3) / runs.first_actions.size
    np.testing.assert_allclose(shares, 1 / 3, atol=0.012)


def test_the_double_learner_behaves_greedily_on_the_sum_of_its_tables():
    runs = double_q_learning(bandit([1.0, 0.4]), 400, generator(), runs=500, alpha=0.5, epsilon=0.0)
    late = runs.first_actions[200:]
    assert np.all((late == 0) == (runs.q[:, :, 0, 0].sum(axis=0) > runs.q[:, :, 0, 1].sum(axis=0)))


def test_the_selecting_table_breaks_its_ties_evenly():
    """State 1 has three actions of which the evaluating table knows one; a tie among zeros picks each."""
    rows = [[1] * 3, [2] * 3, [2] * 3]
    mdp = MDP("ties", rows, [[0.0] * 3, [3.0] * 3, [0.0] * 3], np.zeros((3, 3)), [False, False, True],
              [[True, False, False], [True] * 3, [False] * 3], 0)  # fmt: skip
    runs = double_q_learning(mdp, 2, generator(), runs=60_000, alpha=1.0, epsilon=1.0)
    q = runs.q[:, :, 0, 0]
    # the first episode fills one cell of one table, the second reads it with chance 1/2 · 1/3
    assert (q == 3.0).any(axis=0).mean() == pytest.approx(1 / 6, abs=0.006)


@learners
def test_the_watched_value_is_that_of_the_tables(learn):
    runs = learn(maximization_bias(), 50, generator(), runs=30, watch=1)
    if learn is q_learning:
        expected = runs.q[:, 1].max(axis=1)
    else:
        first, second = runs.q[:, :, 1]
        expected = (double_estimate(first, second) + double_estimate(second, first)) / 2
    np.testing.assert_allclose(runs.values[-1], expected)
    assert runs.values.shape == (50, 30)


@learners
def test_the_value_is_written_down_only_at_the_episodes_asked_for(learn):
    every = learn(maximization_bias(4), 40, generator(), runs=30, watch=1)
    some = learn(maximization_bias(4), 40, generator(), runs=30, watch=1, watch_at=[1, 7, 8, 39])
    np.testing.assert_array_equal(some.values, every.values[[0, 6, 7, 38]])
    np.testing.assert_array_equal(some.q, every.q)


# --- the numbers of the brief -----------------------------------------------------------------------


def test_the_example_of_sutton_and_barto_over_10000_runs():
    episodes = np.array([1, 5, 10, 20, 50, 100, 200, 300]) - 1
    shares = [
        100 * (learn(maximization_bias(), 300, generator(), runs=10_000).first_actions == LEFT).mean(axis=1)
        for learn in (q_learning, double_q_learning)
    ]
    np.testing.assert_allclose(
        shares[0][episodes], [49.7, 68.7, 86.9, 93.7, 82.6, 46.1, 15.3, 12.4], atol=1.5
    )
    np.testing.assert_allclose(shares[1][episodes], [49.7, 50.2, 46.0, 29.0, 13.8, 9.1, 7.15, 6.9], atol=1.5)
    assert shares[0].max() == pytest.approx(94.1, abs=0.5)
    assert shares[0][250:].mean() == pytest.approx(12.45, abs=0.5)
    assert shares[1][250:].mean() == pytest.approx(6.86, abs=0.5)


@pytest.mark.parametrize(
    ("learn", "epsilon", "expected"),
    [
        (q_learning, 1.0, 0.2531),
        (double_q_learning, 1.0, -0.1011),
        (q_learning, 0.1, -0.087),
        (double_q_learning, 0.1, -0.21),
    ],
)
def test_the_value_of_b_after_2000_episodes_with_and_without_sampling_bias(learn, epsilon, expected):
    setting = {"runs": 800, "epsilon": epsilon, "watch": 1, "watch_at": [2000]}
    (values,) = learn(maximization_bias(), 2000, generator(1), **setting).values
    assert values.mean() == pytest.approx(expected, abs=3.5 * values.std() / np.sqrt(800))
    assert values.std() / np.sqrt(800) < 0.008


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"mdp": "chain"}, TypeError, "mdp must be an MDP, got 'chain' (str)"),
        ({"episodes": 0}, ValueError, "episodes must be a positive integer, got 0"),
        ({"episodes": 1.5}, TypeError, "episodes must be a positive integer, got 1.5"),
        ({"rng": 0}, TypeError, "rng must be a numpy.random.Generator, got 0"),
        ({"runs": 0}, ValueError, "runs must be a positive integer, got 0"),
        ({"alpha": 0.0}, ValueError, "alpha must be positive, got 0.0"),
        ({"alpha": 1.1}, ValueError, "alpha must be between 0 and 1, got 1.1"),
        ({"gamma": -0.1}, ValueError, "gamma must be between 0 and 1, got -0.1"),
        ({"epsilon": 2}, ValueError, "epsilon must be between 0 and 1, got 2.0"),
        ({"watch": 3}, ValueError, "watch must be a state below 3, got 3"),
        ({"watch": -1}, ValueError, "watch must be a non-negative integer, got -1"),
        ({"watch_at": [1]}, ValueError, "watch_at needs watch, the state to watch, got watch_at=[1] alone"),
        ({"watch": 1, "watch_at": []}, ValueError, "watch_at must rise within 1 to 1, got []"),
        ({"watch": 1, "watch_at": [2]}, ValueError, "watch_at must rise within 1 to 1, got [2]"),
        ({"watch": 1, "watch_at": [1, 1]}, ValueError, "watch_at must rise within 1 to 1, got [1, 1]"),
        ({"watch": 1, "watch_at": [0]}, ValueError, "watch_at must be a positive integer, got 0"),
        ({"max_steps": 0}, ValueError, "max_steps must be a positive integer, got 0"),
    ],
)
@learners
def test_bad_arguments_of_the_learners_are_named_with_their_value(learn, arguments, error, message):
    good = {"mdp": maximization_bias(), "episodes": 1, "rng": generator()}
    with pytest.raises(error, match=re.escape(message)):
        learn(**{**good, **arguments})


@pytest.mark.parametrize("once", [q_learning_once, double_q_learning_once])
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"mdp": "chain"}, TypeError, "mdp must be an MDP, got 'chain' (str)"),
        ({"episodes": 0}, ValueError, "episodes must be a positive integer, got 0"),
        ({"rng": 0}, TypeError, "rng must be a numpy.random.Generator, got 0"),
        ({"alpha": 1.1}, ValueError, "alpha must be between 0 and 1, got 1.1"),
        ({"gamma": -0.1}, ValueError, "gamma must be between 0 and 1, got -0.1"),
        ({"epsilon": 2}, ValueError, "epsilon must be between 0 and 1, got 2.0"),
    ],
)
def test_bad_arguments_of_the_learners_of_the_book_are_named_with_their_value(
    once, arguments, error, message
):
    good = {"mdp": maximization_bias(), "episodes": 1, "rng": generator()}
    with pytest.raises(error, match=re.escape(message)):
        once(**{**good, **arguments})
