"""Steps of learning against autograd and torch.optim.Adam."""

import numpy as np
import pytest

from dlnotes import dqn
from dlnotes.dqn import Transitions
from dlnotes.mlp import parameter_count, unpack

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.oracle

SIZES = (9, 7, 5, 3)


def network(theta):
    modules = []
    for w, b in unpack(theta, SIZES):
        linear = torch.nn.Linear(*w.shape, dtype=torch.float64)
        linear.weight.data, linear.bias.data = torch.from_numpy(w.T.copy()), torch.from_numpy(b[0].copy())
        modules += [linear, torch.nn.ReLU()]
    return torch.nn.Sequential(*modules[:-1])


def flat(model):
    parts = [p.detach().numpy() for p in model.parameters()]
    return np.concatenate([part.T.ravel() for part in parts])


@pytest.mark.parametrize("double", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_learning_follows_autograd_and_adam_for_many_steps(double, seed):
    rng, gamma, lr = np.random.default_rng(seed), 0.8, 0.01
    theta, target = rng.normal(size=(2, 1, parameter_count(SIZES)))
    online, frozen, state = network(theta[0]), network(target[0]), None
    optimizer = torch.optim.Adam(online.parameters(), lr=lr)
    for _ in range(20):
        s, s_next = rng.normal(size=(2, 1, 11, 9))
        a, r, ended = rng.integers(3, size=(1, 11)), rng.normal(size=(1, 11)), rng.random((1, 11)) < 0.3
        theta, state = dqn._learn(
            theta,
            target,
            state,
            Transitions(s, a, r, s_next, ended),
            SIZES,
            double=np.array([double]),
            gamma=gamma,
            lr=lr,
        )
        with torch.no_grad():
            next_q = frozen(torch.from_numpy(s_next[0]))
            chooser = online(torch.from_numpy(s_next[0])) if double else next_q
            best = next_q.gather(1, chooser.argmax(1, keepdim=True))[:, 0]
            y = torch.from_numpy(r[0]) + gamma * best * torch.from_numpy(~ended[0])
        q = online(torch.from_numpy(s[0])).gather(1, torch.from_numpy(a[0])[:, None])[:, 0]
        optimizer.zero_grad()
        (torch.nn.functional.mse_loss(q, y) / 2).backward()
        optimizer.step()
    np.testing.assert_allclose(theta[0], flat(online), atol=1e-9)
