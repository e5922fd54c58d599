from __future__ import annotations

import pytest
import torch


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    """The networks here are small: threads only wait for one another, most of all under xdist."""
    torch.set_num_threads(1)
