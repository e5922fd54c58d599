"""Script that goes through pickles without building what they ask for, and says what they hold.

A pickle of some hundred bytes can take for ever, or all memory, in C code that nothing interrupts.
So ``unpickling.py`` runs this first, in a process that the system ends, without torch since that
takes seconds to import. What is called here is what torch's weights-only reader calls as well, so
that it takes no longer there; anything else is a name that nothing is done for.
"""

from __future__ import annotations

import json
import pickle
import sys
from _codecs import encode
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, BinaryIO, Final

SECONDS: Final = 4  # of a processor; a checkpoint of 10,000 tensors takes a tenth
NO_PICKLE: Final = 3  # exit code of what is damaged, or was not saved by torch
TOO_MUCH: Final = 4  # exit code of what takes too much memory
LONGEST: Final = 32 << 20  # bytes of a pickle, without the numbers of tensors
_MEMORY: Final = 1 << 30  # bytes
_MOST_PARTS: Final = 1000  # of all that a tensor is made from
_DEEPEST: Final = 3  # mappings in one another, where a model is looked for
_MAGIC: Final = 0x1950A86A20F9469CFC6C  # what a file in the format before torch 1.6 begins with
_WITH_IT: Final = 3  # pickles after that number: a version, the system, and what was saved

_CALLED: Final[dict[str, Callable[..., Any]]] = {
    "collections.OrderedDict": OrderedDict,
    "collections.Counter": Counter,
    "torch.Size": tuple,
    "_codecs.encode": encode,
    "builtins.bytearray": bytearray,
    "builtins.set": set,
    "builtins.complex": complex,
}
_OF_TENSORS: Final = ("torch._utils.", "torch._tensor.", "torch.nn.parameter.", "torch.Tensor")


class Named:
    """A stand-in for what a pickle names: a class, an object of it, or what a function gives."""

    name = ""
    state: Any = None

    def __new__(cls, *given: Any, **named: Any) -> Named:
        _refuse_long(given)
        return object.__new__(cls)

    def __init__(self, *given: Any, **named: Any) -> None:
        pass

    def __call__(self, *given: Any) -> Named:
        return type(self)(*given)

    def __setstate__(self, state: Any) -> None:
        _refuse_long(state)
        self.state = state

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def append(self, item: Any) -> None:
        """Take an item, as a list of another class does."""


def _refuse_long(given: Any) -> int:
    """The length of ``given`` spelled out, what it holds twice counted twice.

    Torch looks up or spells out what it is given, which takes as long.
    """
    length = 1
    if isinstance(given, tuple | list):
        for part in given:
            length += _refuse_long(part)
            if length > _MOST_PARTS:
                raise pickle.UnpicklingError("too long to be about a tensor")
    return length


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        full = f"{'builtins' if module == '__builtin__' else module}.{name}"
        return _CALLED.get(full) or type("Of", (Named,), {"name": full})

    def persistent_load(self, pid: Any) -> Any:
        if not isinstance(pid, tuple) or not pid or pid[0] not in ("storage", "module"):
            raise pickle.UnpicklingError("no storage")
        _refuse_long(pid)
        # the older format has a class's source beside its name
        return pid[1] if pid[0] == "module" and len(pid) > 1 else Named()


def outline(root: Any) -> dict[str, Any]:
    """``root`` by its kind, the name it asks for, and where a whole module is in it, if one is."""
    found: dict[str, Any] = {"kind": "other"}
    if isinstance(root, Mapping):
        found["kind"] = "mapping"
    elif isinstance(root, tuple | list):
        found["kind"] = "sequence"
    elif isinstance(root, Named) and not root.name.startswith(_OF_TENSORS):
        found["asks"] = root.name
    found["module"] = _module(root, [])
    return found


def _module(found: Any, keys: list[str]) -> dict[str, Any] | None:
    """The class of the first module that was saved whole, and the keys it lies under."""
    if isinstance(found, Named):
        if isinstance(found.state, Mapping) and "_modules" in found.state:
            return {"name": found.name, "keys": keys}
    elif isinstance(found, Mapping) and len(keys) < _DEEPEST:
        for key, value in found.items():
            if isinstance(key, str) and (inner := _module(value, [*keys, key])) is not None:
                return inner
    return None


def read(file: BinaryIO, *, alone: bool) -> Any:
    """What was saved in ``file``, which holds it alone or among the pickles of the older format.

    Raises nearly anything.
    """
    if alone:
        return _Reader(file, encoding="latin1").load()
    if _Reader(file).load() != _MAGIC:
        raise pickle.UnpicklingError("not torch's")
    [*_, saved] = [_Reader(file, encoding="latin1").load() for _ in range(_WITH_IT)]
    _Reader(file).load()  # the keys of the storages, whose numbers follow
    if file.tell() > LONGEST:
        raise MemoryError
    return saved


def limit() -> None:
    """Have the system end this process where it takes too much, as far as the platform can."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def main() -> int:
    """Print the outline of what standard input holds, as JSON; else the exit code says why not."""
    limit()
    try:
        print(json.dumps(outline(read(sys.stdin.buffer, alone=sys.argv[1:] == ["alone"]))))
    except MemoryError:
        return TOO_MUCH
    except Exception:  # a damaged pickle raises nearly anything
        return NO_PICKLE
    return 0


if __name__ == "__main__":
    sys.exit(main())
