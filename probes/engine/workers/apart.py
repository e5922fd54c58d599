"""A process for each request to probes of others: what one changes there is gone with it.

The process that is asked imports nothing of theirs. It forks one for each request, and imports
beforehand the libraries that those before had needed: to read torch anew takes seconds.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import sys
import warnings
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from threading import Thread
from typing import IO, TYPE_CHECKING, Final, NoReturn, TypeAlias

from quizproof.probes.engine.workers.descendants import end_with_parent

if TYPE_CHECKING:
    from collections.abc import Callable

    from quizproof.probes.engine.workers.request import Request

FORKS: Final = sys.platform == "linux"  # elsewhere a process that was forked may lack what it needs
# that take long, and start no thread when they are imported: a process with threads is not forked
_LIBRARIES: Final = (
    "torch",
    "transformers",
    "quizproof.probes.models.classifiers",
    "quizproof.probes.models.language_loading",
)


# answers a request, and calls what it is given before the last answer to it
Make: TypeAlias = "Callable[[Request, Callable[[], None]], None]"


def answer_apart(requests: IO[bytes], make: Make) -> None:
    """Have each of ``requests`` made by a process of its own, until there is none more.

    Where one ends without having answered, this one ends as it did. Returns never.
    """
    plan = None
    while True:
        try:
            request: Request = pickle.load(requests)  # noqa: S301 (it comes from this program)
        except (EOFError, OSError, pickle.UnpicklingError):
            os._exit(0)  # nobody waits for an answer any more
        plan = request.plan or plan
        needed = _made(requests, replace(request, plan=plan), make)
        for number, library in enumerate(_LIBRARIES):
            if needed & 1 << number:
                with suppress(Exception):  # then it is told of where it is needed
                    import_module(library)


def _made(requests: IO[bytes], request: Request, make: Make) -> int:
    """Have ``request`` made, and return which libraries it needed, as a sum of powers of two."""
    told, tell = os.pipe()
    this = os.getpid()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads, by later versions
        child = os.fork()
    if child == 0:
        end_with_parent(this)  # or it would hold the answers' channel, as if it still measured
        os.close(told)

        def tell_libraries() -> None:
            loaded = [name in sys.modules for name in _LIBRARIES]
            os.write(tell, bytes([sum(1 << n for n, needed in enumerate(loaded) if needed)]))

        try:
            Thread(target=_end_with, args=(requests,), daemon=True).start()
            make(request, tell_libraries)
        except BaseException as error:  # of its channels, which a probe may have closed
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
            os._exit(1)
        os._exit(0)
    os.close(tell)
    while (ended := os.wait())[0] != child:  # what a probe left has nobody else
        pass
    os.set_blocking(told, False)  # what the probe forked may have the other end
    with os.fdopen(told, "rb", buffering=0) as answer:
        said = answer.read(1)  # None: nothing yet, b"": nothing any more
    code = os.waitstatus_to_exitcode(ended[1])
    if not said or code not in (0, -signal.SIGKILL):  # it is killed once it has answered
        _end_as(code)
    return said[0]


def _end_as(code: int) -> NoReturn:
    if code < 0:
        with suppress(OSError):  # of a signal that nobody may handle
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


def _end_with(requests: IO[bytes]) -> None:
    """End this process when nobody is there any more who would ask."""
    asked = select.poll()
    asked.register(requests, 0)  # the end is told anyway, and what is asked is not for this one
    asked.poll()
    os._exit(0)
