from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from quizproof.probes.models.classifiers import load_classifier, random_classifier
from quizproof.probes.models.folding import folded
from quizproof.probes.packs.course import course_network
from quizproof.probes.packs.pack import EMBEDDED, Pack

CPU = torch.device("cpu")


def settled(net: nn.Module) -> nn.Module:
    """``net`` with statistics and scales in its normalisation that are not the neutral ones."""
    torch.manual_seed(0)
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            for tensor in (module.weight, module.running_var):
                assert tensor is not None
                nn.init.uniform_(tensor, 0.5, 2)
            for tensor in (module.bias, module.running_mean):
                assert tensor is not None
                nn.init.normal_(tensor)
    return net.eval().requires_grad_(False)


def test_outputs_are_equal() -> None:
    net = settled(course_network(4))
    torch.manual_seed(1)
    pictures = torch.rand(3, 3, 128, 128)
    assert torch.allclose(folded(net)(pictures), net(pictures), rtol=1e-4, atol=1e-4)


def test_gradients_are_equal() -> None:
    # in double precision: a rounding that moves a value over a ReLU's kink is no difference here
    net = settled(course_network(4)).double()
    torch.manual_seed(1)
    pictures = torch.rand(3, 3, 128, 128, dtype=torch.float64)
    gradients: list[Tensor] = []
    for model in (net, folded(net)):
        taken = pictures.clone().requires_grad_()
        gradients += torch.autograd.grad(model(taken).square().sum(), taken)
    assert torch.allclose(gradients[0], gradients[1], rtol=1e-8, atol=1e-12)


def test_the_net_itself_is_left_as_it_was() -> None:
    net = settled(course_network(2))
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    fast = folded(net)
    assert all(torch.equal(tensor, before[name]) for name, tensor in net.state_dict().items())
    assert not any(isinstance(module, nn.BatchNorm2d) for module in fast.modules())


def test_a_maximum_is_rectified_as_well_as_values_are() -> None:
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
    fast = folded(net)
    assert [type(module).__name__ for module in fast.children()] == [
        "Conv2d",
        "MaxPool2d",
        "ReLU",
        "Flatten",
    ]
    taken = torch.randn(2, 3, 9, 9).requires_grad_()
    assert torch.equal(fast(taken), net(taken))
    gradients = [
        torch.autograd.grad(model(taken).square().sum(), taken)[0] for model in (fast, net)
    ]
    assert torch.equal(*gradients)


def test_a_module_may_stand_in_several_places() -> None:
    bend, rectify = nn.Tanh(), nn.ReLU()
    between = nn.Sequential(bend, nn.Conv2d(3, 4, 3), rectify, bend, nn.MaxPool2d(2), bend, rectify)
    taken = torch.randn(2, 3, 9, 9).requires_grad_()
    assert torch.equal(folded(between)(taken), between(taken))
    # in place after tanh, which wants its output back, there would be no gradient
    torch.autograd.grad(folded(between)(taken).sum(), taken)


def test_what_is_no_sequence_stays() -> None:
    class Apart(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.norm = nn.BatchNorm2d(3)
            self.body = nn.Sequential(nn.BatchNorm2d(3), nn.Conv2d(3, 3, 3))

        def forward(self, pictures: Tensor) -> Tensor:
            found: Tensor = self.body(self.norm(pictures))
            return found

    net = settled(Apart())
    pictures = torch.rand(1, 3, 8, 8)
    assert torch.equal(folded(net)(pictures), net(pictures))


@pytest.mark.parametrize("random", [False, True])
def test_a_hook_sees_the_net_itself(random: bool) -> None:
    pack = Pack(EMBEDDED)
    classifier = (
        random_classifier(pack.part("classifier"), 1, CPU)
        if random
        else load_classifier(pack.part("classifier"), CPU)
    )
    picture = torch.rand(1, 3, 128, 128)
    seen: list[Tensor] = []
    fast = classifier(picture)
    handle = classifier.layer("cnn.1").register_forward_hook(lambda _, __, out: seen.append(out))
    whole = classifier(picture)
    handle.remove()
    assert len(seen) == 1
    assert torch.allclose(fast, whole, rtol=1e-3, atol=1e-4)
    classifier(picture)
    assert len(seen) == 1
