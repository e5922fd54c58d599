"""IEEE float32 on every device, while something is measured.

By default torch lets an accelerator's convolutions keep ten bits of a number's fraction of 23
(TensorFloat-32), and a caller may allow the same of matrix products, or seven bits (bfloat16), on a
processor as well. Three decimal digits are fewer than any tolerance here allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

PRECISION: Final = "IEEE float32"  # of what is measured, and of the evidence

_IEEE: Final = "ieee"
_INHERITED: Final = "none"
# what torch names a precision of, from version 2.9 on
_OPERATIONS = (
    ("cuda", "matmul"),
    ("cudnn", "conv"),
    ("cudnn", "rnn"),
    ("mkldnn", "matmul"),
    ("mkldnn", "conv"),
    ("mkldnn", "rnn"),
)


@contextmanager
def ieee_float32() -> Iterator[None]:
    """Within it, torch rounds as IEEE 754 has it, by algorithms that it does not race for.

    The caller's settings are back afterwards. It can decorate a function, too.
    """
    import torch

    cudnn: Any = torch.backends.cudnn
    chosen = cudnn.benchmark, cudnn.deterministic
    cudnn.benchmark, cudnn.deterministic = False, True
    # the two interfaces must not be mixed: what one wrote, the other refuses to read
    precise = _by_operation() if hasattr(cudnn, "conv") else _by_library()
    try:
        with precise:
            yield
    finally:
        cudnn.benchmark, cudnn.deterministic = chosen


@contextmanager
def _by_operation() -> Iterator[None]:
    import torch

    libraries: Any = torch.backends
    operations = [getattr(getattr(libraries, library), name) for library, name in _OPERATIONS]
    before = [operation.fp32_precision for operation in operations]
    try:
        for operation in operations:
            operation.fp32_precision = _IEEE
        yield
    finally:
        for operation, precision in zip(operations, before, strict=True):
            # what was inherited is to follow what it is inherited from
            operation.fp32_precision = _INHERITED
            if operation.fp32_precision != precision:
                operation.fp32_precision = precision


@contextmanager
def _by_library() -> Iterator[None]:
    """As torch had it before 2.9; matrix products on a processor are by the first as well."""
    import torch

    cudnn: Any = torch.backends.cudnn
    products, convolutions = torch.get_float32_matmul_precision(), cudnn.allow_tf32
    try:
        torch.set_float32_matmul_precision("highest")
        cudnn.allow_tf32 = False
        yield
    finally:
        torch.set_float32_matmul_precision(products)
        cudnn.allow_tf32 = convolutions
