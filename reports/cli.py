"""The command line: each command is a report that people ask for.

Nothing heavy is imported before a command needs it: ``--help`` and ``lint`` load no torch.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version

from quizproof.questions.bundled import bundled_names
from quizproof.questions.problems import InputError, QuizproofError, one_line
from quizproof.reports import exit_codes
from quizproof.reports.commands import (
    baseline,
    check,
    copy,
    evidence,
    export,
    grade,
    import_,
    lint,
    new,
    pack,
    probes,
    regress,
    schema,
    settle,
    trust,
    verify,
)
from quizproof.reports.telling import complain
from quizproof.reports.written import NotWrittenError, cannot_write

_COMMANDS = (
    verify,
    check,
    grade,
    lint,
    probes,
    new,
    copy,
    trust,
    settle,
    schema,
    pack,
    evidence,
    export,
    import_,
    baseline,
    regress,
)
_EPILOG = f"""\
QUIZ is the name of a bundled quiz ({", ".join(bundled_names())}) or a folder with a quiz.yaml.

exit codes: 0 nothing to complain of; 1 an expected answer is contradicted or invalid, or an
answer changed; 2 the command or a file is wrong; 3 with --strict, something stayed undecided,
missing or stand-in, moved or was not compared; 4 the program, or a probe, failed; 130, 143, 129
interrupted, ended, hung up
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. Errors are one line each on standard error."""
    options = _parser().parse_args(arguments)
    try:
        if getattr(options, "trust", False):
            _trust_for_this_run(options.quiz)
        code: int = options.run(options)
        sys.stdout.flush()  # what does not arrive is told like any other file
        return code
    except QuizproofError as error:
        _complain(error, options.debug)
        return exit_codes.WRONG_INPUT
    except KeyboardInterrupt:
        return exit_codes.INTERRUPTED
    except BrokenPipeError:
        _give_up_output()
        return exit_codes.NOTHING_TO_COMPLAIN_OF
    except OSError as error:
        if options.debug:
            raise
        if error.filename is None:
            _give_up_output()
        complain(cannot_write(error))
        return exit_codes.WRONG_INPUT
    except Exception as error:
        if options.debug:
            raise
        what = one_line(f"{type(error).__name__}: {error}")
        complain(f"quizproof failed: {what}; run it again with --debug")
        return exit_codes.PROGRAM_FAILED


def _trust_for_this_run(quiz: str) -> None:
    from quizproof.probes.trust import trust_for_this_run
    from quizproof.questions.quiz import bundled_quiz

    trust_for_this_run(bundled_quiz(quiz))


def _complain(error: QuizproofError, debug: bool) -> None:
    if debug:
        raise error
    match error:
        case InputError():
            lines: Sequence[object] = error.problems
        case NotWrittenError():
            lines = error.lines
        case _:
            lines = [error]
    for line in lines:
        complain(line)


def _give_up_output() -> None:
    """Let what could not be written go: Python would try once more when it ends, and say so."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="quizproof",
        description="Prove the answer key of a quiz about neural networks by measuring.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"quizproof {version('quizproof')}")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--debug", action="store_true", help="show tracebacks")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in _COMMANDS:
        command.add(commands, common)
    return parser
