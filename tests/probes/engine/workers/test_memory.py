from __future__ import annotations

import subprocess
import sys

import pytest

from quizproof.probes.engine.workers.memory import machine_memory, ran_out, share_of_memory


def test_all_workers_shares_fit_the_machine() -> None:
    have = machine_memory()
    if have is None:
        pytest.skip("the system does not say how much memory it has")
    each = share_of_memory(4)
    assert each is not None
    assert 0 < 4 * each < have


@pytest.mark.skipif(sys.platform != "linux", reason="the system limits no process's memory")
@pytest.mark.parametrize(("size", "has_room"), [(1 << 27, True), (1 << 29, False)])
def test_a_process_gets_no_more_than_its_limit(size: int, has_room: bool) -> None:
    script = (
        "from quizproof.probes.engine.workers.memory import limit_memory\n"
        f"limit_memory(1 << 28)\n"
        f"try:\n    bytes({size})\nexcept MemoryError:\n    print('no more')\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (ran.stdout == "") is has_room


def test_it_is_known_where_memory_ran_out() -> None:
    def raised(cause: Exception) -> Exception:
        try:
            try:
                raise cause
            except Exception as error:
                raise ValueError("something else") from error
        except ValueError as error:
            return error

    assert ran_out(MemoryError())
    assert ran_out(raised(MemoryError()))
    assert ran_out(raised(RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried")))
    assert not ran_out(raised(KeyError("memory")))
    assert not ran_out(None)
