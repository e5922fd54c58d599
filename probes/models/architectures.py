"""From the architecture that a manifest names to an untrained network."""

from __future__ import annotations

import difflib
import importlib
import inspect
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast, get_type_hints

import torch
from torch import nn

from quizproof.probes.packs.course import course_network
from quizproof.probes.packs.installed import NotInstalledError, pip_command, shipped
from quizproof.probes.packs.network import Architecture
from quizproof.probes.packs.pack import MissingError
from quizproof.questions.problems import QuizproofError, one_line

T = TypeVar("T")


class ClassifierError(QuizproofError):
    """An architecture that cannot be built, or weights that are not its own."""


def build_network(
    architecture: Architecture, classes: int, seed: int, pack_folder: Path
) -> nn.Module:
    """The untrained network on the CPU, the same for the same ``seed``.

    Nothing in ``pack_folder`` or in another pack is ever imported, and nothing that is not
    installed. Raises ClassifierError, and MissingError where a callable's module is not here.
    """
    try:
        if architecture.course is not None:
            width = architecture.course.width
            return _seeded(lambda: course_network(width, classes), seed)
        if architecture.torchvision is not None:
            return _seeded(_torchvision(architecture.torchvision, classes), seed)
        assert architecture.callable is not None
        return _installed(architecture.callable, architecture.arguments, seed, pack_folder)
    except QuizproofError:
        raise
    except ModuleNotFoundError as error:
        top = str(architecture.callable).partition(":")[0].partition(".")[0]
        if error.name != top:
            raise _unbuilt(architecture, error) from error
        raise MissingError(
            f"architecture {architecture.callable} cannot be built ({error}); {pip_command(top)}"
        ) from None
    except Exception as error:  # another's code: whatever it raises is about this role only
        raise _unbuilt(architecture, error) from error


def _unbuilt(architecture: Architecture, error: Exception) -> ClassifierError:
    name = architecture.torchvision or architecture.callable
    reason = one_line(str(error), 200)
    return ClassifierError(
        f"architecture {name} cannot be built ({reason}); name one that is installed"
    )


def _seeded(build: Callable[[], T], seed: int) -> T:
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)  # the CPU's alone: the rest is not forked
        return build()


def _torchvision(name: str, classes: int) -> Callable[[], nn.Module]:
    from quizproof.probes.models.torchvision_import import torchvision_models

    models = torchvision_models()
    # not those for detection and such, which would fetch weights for a part of themselves
    known = models.list_models(module=models)
    if name not in known:
        close = difflib.get_close_matches(name, known, n=1)
        mend = f"did you mean {close[0]}?" if close else "name one for classification"
        raise ClassifierError(f"torchvision classifies with no {name}; {mend}")
    return lambda: cast(nn.Module, models.get_model(name, weights=None, num_classes=classes))


def _installed(
    name: str, arguments: Mapping[str, object], seed: int, pack_folder: Path
) -> nn.Module:
    """The network that ``module:callable`` gives when called with ``arguments``."""
    module, _, path = name.partition(":")
    top = module.partition(".")[0]
    private = any(part.startswith("_") for part in re.split("[.:]", name))
    if private or top in sys.stdlib_module_names:
        raise ClassifierError(f"{name} gives no network; name a callable of a package that does")
    if "pretrained" in path:
        raise ClassifierError(
            f"{name} brings weights that no digest is known of; name what builds the network alone"
        )
    try:
        file = shipped(module, pack_folder).file
    except NotInstalledError as error:
        raise ClassifierError(str(error)) from None
    found: Any = importlib.import_module(module)
    if found.__file__ is None or not Path(found.__file__).samefile(file):
        raise ClassifierError(f"{module} is at {found.__file__}, not at {file}; install it anew")
    for part in path.split("."):
        found = getattr(found, part)
    if not _says_network(found):
        raise ClassifierError(
            f"{name} does not say that it gives a network; "
            "name a torch module's class, a method of the class, or a function annotated to return "
            "one"
        )
    _refuse_arguments(found, name, arguments)
    network, other = (_seeded(lambda: found(**arguments), s) for s in (seed, seed + 1))
    if not isinstance(network, nn.Module):
        kind = type(network).__name__
        raise ClassifierError(f"{name} gives no network but {kind}; name one that does")
    if _same(network, other):
        raise ClassifierError(
            f"{name} gives the same weights whatever the seed; name one that is not trained yet"
        )
    return network


def _refuse_arguments(found: Any, name: str, arguments: Mapping[str, object]) -> None:
    for argument, value in arguments.items():
        if isinstance(value, str) and Path(value).exists():
            raise ClassifierError(
                f"{name} is given {argument}={value}, which is a file here: no digest is known of "
                "what it would read; name no file"
            )
    try:
        inspect.signature(found).bind(**arguments)
    except TypeError as error:
        raise ClassifierError(
            f"{name} cannot be called with these arguments ({one_line(str(error))}); "
            "mend 'arguments' in the pack"
        ) from None
    except ValueError:  # no signature that Python can tell: calling it says what is wrong
        return


def _says_network(found: Any) -> bool:
    """Only such a callable is called: the manifest may come from anyone."""
    if inspect.ismethod(found) and inspect.isclass(found.__self__):
        return issubclass(found.__self__, nn.Module)  # which makes one of its class
    given = found if inspect.isclass(found) else get_type_hints(found).get("return")
    return inspect.isclass(given) and issubclass(given, nn.Module)


def _same(network: nn.Module, other: nn.Module) -> bool:
    mine, theirs = network.state_dict(), other.state_dict()
    return all(torch.equal(mine[name], theirs[name]) for name in mine)
