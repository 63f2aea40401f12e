import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnotes.embeddings import (
    cooccurrence,
    cooccurrence_loss_vjp,
    encode,
    initialize,
    negative_sampling_loss_vjp,
    skipgram_loss_vjp,
    skipgram_pairs,
    vocabulary,
)
from dlnotes.skipgram_training import train_joint, train_sgd

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.oracle

SENTENCE = ["the", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "dog"]
PAIRS = skipgram_pairs(encode(SENTENCE, vocabulary(SENTENCE)), 1)
COUNTS = cooccurrence(PAIRS, 8)


def leaf(array):
    return torch.tensor(array, dtype=torch.float64, requires_grad=True)


def agree(got, leaves, atol=1e-12):
    for ours, theirs in zip(got, leaves, strict=True):
        np.testing.assert_allclose(ours, theirs.grad.numpy(), atol=atol)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 9), st.integers(1, 5), st.integers(1, 12))
def test_the_softmax_cost_is_cross_entropy_of_an_embedding_and_a_linear_layer(seed, size, dim, count):
    rng = np.random.default_rng(seed)
    w_in, w_out = initialize(size, dim, rng, std=1)
    c, o = rng.integers(0, size, (2, count))
    for reduction in ("mean", "sum", "none"):
        a, b = leaf(w_in), leaf(w_out)
        scores = torch.nn.functional.embedding(torch.tensor(c), a) @ b
        expected = torch.nn.functional.cross_entropy(scores, torch.tensor(o), reduction=reduction)
        cost, pullback = skipgram_loss_vjp(w_in, w_out, c, o, reduction=reduction)
        np.testing.assert_allclose(cost, expected.detach().numpy(), atol=1e-12)
        dcost = rng.normal(size=np.shape(cost))
        expected.backward(torch.tensor(dcost))
        agree(pullback(dcost), (a, b))


def test_pairs_and_joint_agree_with_autograd_to_the_last_place():
    w_in, w_out = initialize(8, 3, np.random.default_rng(0), std=0.5)
    a, b = leaf(w_in), leaf(w_out)
    scores = a[torch.tensor([1, 1])] @ b
    torch.nn.functional.cross_entropy(scores, torch.tensor([0, 2]), reduction="sum").backward()
    agree(skipgram_loss_vjp(w_in, w_out, [1, 1], [0, 2], reduction="sum")[1](1.0), (a, b), atol=1e-15)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 9), st.integers(1, 5), st.integers(1, 12), st.integers(1, 6))
def test_the_negative_sampling_cost_is_binary_cross_entropy(seed, size, dim, count, k):
    rng = np.random.default_rng(seed)
    w_in, w_out = initialize(size, dim, rng, std=1)
    c, o = rng.integers(0, size, (2, count))
    drawn = rng.integers(0, size, (count, k))
    a, b = leaf(w_in), leaf(w_out)
    columns = torch.tensor(np.concatenate([o[:, None], drawn], axis=1))
    scores = torch.einsum("pd,dpk->pk", a[torch.tensor(c)], b[:, columns])
    truth = torch.zeros_like(scores)
    truth[:, 0] = 1
    logistic = torch.nn.functional.binary_cross_entropy_with_logits
    expected = logistic(scores, truth, reduction="none").sum(dim=1)
    cost, pullback = negative_sampling_loss_vjp(w_in, w_out, c, o, drawn, reduction="none")
    np.testing.assert_allclose(cost, expected.detach().numpy(), atol=1e-12)
    dcost = rng.normal(size=count)
    expected.backward(torch.tensor(dcost))
    agree(pullback(dcost), (a, b))


@pytest.mark.parametrize("shape", [(), (2,), (3, 2)])
def test_the_cost_of_counts_is_cross_entropy_with_soft_targets(shape):
    rng = np.random.default_rng(0)
    w_in, w_out = rng.normal(size=(5, 3)), rng.normal(size=(*shape, 3, 5))
    counts = rng.integers(0, 4, (*shape, 5, 5)).astype(float)
    a, b = leaf(w_in), leaf(w_out)
    expected = -(torch.tensor(counts) * torch.log_softmax(a @ b, dim=-1)).sum() / counts.sum()
    cost, pullback = cooccurrence_loss_vjp(w_in, w_out, counts)
    np.testing.assert_allclose(cost, expected.item())
    expected.backward()
    agree(pullback(1.0), (a, b))


def test_full_batch_training_is_torch_sgd():
    w_in, w_out = initialize(8, 8, np.random.default_rng(0))
    a, b = leaf(w_in), leaf(w_out)
    optimizer = torch.optim.SGD([a, b], lr=1.0)
    c, o = torch.tensor(PAIRS.T)
    for _ in range(200):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(a[c] @ b, o).backward()
        optimizer.step()
    got = train_joint(w_in, w_out, COUNTS, steps=200, lr=1)
    np.testing.assert_allclose(got[0], a.detach().numpy(), atol=1e-10)
    np.testing.assert_allclose(got[1], b.detach().numpy(), atol=1e-10)


def test_pair_by_pair_training_is_torch_sgd_with_a_linear_schedule():
    w_in, w_out = initialize(8, 4, np.random.default_rng(0))
    a, b = leaf(w_in), leaf(w_out)
    optimizer = torch.optim.SGD([a, b], lr=0.2)
    rng, step = np.random.default_rng(3), 0
    for _ in range(5):
        for n in rng.permutation(16):
            optimizer.param_groups[0]["lr"] = 0.2 * (1 - step / 80)
            optimizer.zero_grad()
            c, o = torch.tensor(PAIRS[n])
            torch.nn.functional.cross_entropy((a[c] @ b)[None], o[None]).backward()
            optimizer.step()
            step += 1
    got = train_sgd(w_in, w_out, PAIRS, np.random.default_rng(3), epochs=5, lr=0.2, final_lr=0)
    np.testing.assert_allclose(got[0], a.detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(got[1], b.detach().numpy(), atol=1e-12)
