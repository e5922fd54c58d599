"""A network as it is fastest in evaluation: the same numbers, in less time."""

from __future__ import annotations

import copy
from itertools import pairwise

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval


def folded(net: nn.Module) -> nn.Module:
    """A copy of ``net``, in evaluation mode, whose outputs are equal to 1e-4 relative.

    In every sequence of modules, a batch normalisation right after a convolution becomes part of
    that convolution's weights, and what stood in its place passes values on. A max pooling right
    after a ReLU changes places with it: the numbers are the very same, and one value of four is
    left to be rectified. Nothing else changes, so a network without such sequences is copied as it
    is.
    """
    net = copy.deepcopy(net)
    for sequence in [module for module in net.modules() if isinstance(module, nn.Sequential)]:
        for (place, convolution), (after, norm) in pairwise(list(sequence.named_children())):
            if isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                setattr(sequence, place, fuse_conv_bn_eval(convolution, norm))
                setattr(sequence, after, nn.Identity())
        for (place, relu), (after, pool) in pairwise(list(sequence.named_children())):
            if (
                isinstance(relu, nn.ReLU)
                and isinstance(pool, nn.MaxPool2d)
                and not pool.return_indices
            ):
                setattr(sequence, place, pool)
                setattr(sequence, after, relu)
    return net.requires_grad_(False)
