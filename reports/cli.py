"""The command line: each command is a report that people ask for.

Nothing heavy is imported before a command needs it: ``--help`` and ``lint`` load no torch.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version

from quizproof.questions.problems import QuizproofError, one_line
from quizproof.reports import exit_codes
from quizproof.reports.commands import (
    baseline,
    check,
    evidence,
    export,
    grade,
    import_,
    lint,
    pack,
    regress,
    verify,
)

_COMMANDS = (verify, check, grade, lint, pack, evidence, export, import_, baseline, regress)
_EPILOG = """\
QUIZ is the name of a bundled quiz (hw09) or a folder with a quiz.yaml.

exit codes: 0 nothing to complain of; 1 an expected answer is contradicted or invalid, or an
answer changed; 2 the command or a file is wrong; 3 with --strict, something stayed undecided,
missing or stand-in, moved or was not compared; 4 the program, or a probe, failed; 130, 143, 129
interrupted, ended, hung up
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. Errors are one line each on standard error."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
        return code
    except QuizproofError as error:
        _complain(error, options.debug)
        return exit_codes.WRONG_INPUT
    except KeyboardInterrupt:
        return exit_codes.INTERRUPTED
    except BrokenPipeError:
        return exit_codes.NOTHING_TO_COMPLAIN_OF
    except OSError as error:
        if options.debug:
            raise
        print(f"{error.filename or 'file'}: {error.strerror}; check the path", file=sys.stderr)
        return exit_codes.WRONG_INPUT
    except Exception as error:
        if options.debug:
            raise
        what = one_line(f"{type(error).__name__}: {error}")
        print(f"quizproof failed: {what}; run it again with --debug", file=sys.stderr)
        return exit_codes.PROGRAM_FAILED


def _complain(error: QuizproofError, debug: bool) -> None:
    if debug:
        raise error
    print(error, file=sys.stderr)


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
