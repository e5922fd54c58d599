"""The command line: each command is a report that people ask for.

Nothing heavy is imported before a command needs it: ``--help`` and ``lint`` load no torch.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from quizproof.questions.problems import InputError, QuizproofError, one_line
from quizproof.reports import exit_codes

_EPILOG = """\
QUIZ is the name of a bundled quiz (hw09) or a folder with a quiz.yaml.

exit codes: 0 nothing to complain of; 1 an expected answer is contradicted or invalid;
2 the command or a file is wrong; 3 with --strict, something stayed undecided, missing or
stand-in; 4 the program, or a probe, failed; 130 interrupted
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. Errors are one line each on standard error."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
        return code
    except InputError as error:
        _complain(error, options.debug)
        return exit_codes.WRONG_INPUT
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
        told = one_line(f"{type(error).__name__}: {error}")
        print(f"quizproof failed: {told}; run it again with --debug", file=sys.stderr)
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

    verify = commands.add_parser(
        "verify", parents=[common], help="measure every question and judge the key"
    )
    verify.add_argument("quiz", metavar="QUIZ")
    source = verify.add_mutually_exclusive_group()
    source.add_argument(
        "--pack",
        action="append",
        default=[],
        metavar="DIR",
        help="default: the embedded pack; several, or a quoted pattern 'models/*/', are checked "
        "in one run, with a file for each in the folders that --report, --json … name",
    )
    source.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FILE",
        help="judge from a file that --evidence wrote; no model is run",
    )
    verify.add_argument("--only", metavar="q01,q10", help="these questions alone")
    verify.add_argument("--report", type=Path, metavar="DIR", help="write DIR/index.html")
    verify.add_argument("--json", type=Path, metavar="FILE", help="write the results as JSON")
    verify.add_argument("--junit", type=Path, metavar="FILE", help="write them as JUnit XML")
    verify.add_argument(
        "--evidence", type=Path, metavar="FILE", help="write all that the verdicts rest on"
    )
    verify.add_argument("--strict", action="store_true", help="exit 3 for anything left open")
    verify.add_argument("--seed", type=int, default=16, metavar="N", help="of all draws (16)")
    verify.add_argument(
        "--store",
        metavar="PLACE",
        help="keep evidence in this folder or URL, 'none' for nowhere (the user's cache)",
    )
    by = verify.add_mutually_exclusive_group()
    by.add_argument(
        "--workers",
        type=_count,
        metavar="N",
        help="measure in N processes (one for one pack, else one for each core)",
    )
    by.add_argument(
        "--scheduler",
        metavar="tcp://HOST:PORT",
        help="measure on this Dask cluster (quizproof[dask])",
    )
    verify.add_argument(
        "--memory",
        type=_gibibytes,
        metavar="GIB",
        help="that a worker may take (its share of four fifths of this machine's)",
    )
    verify.set_defaults(run=_verify)

    lint = commands.add_parser(
        "lint", parents=[common], help="say what is wrong with a quiz before any model runs"
    )
    lint.add_argument("quiz", metavar="QUIZ")
    lint.set_defaults(run=_lint)

    pack = commands.add_parser("pack", help="build, check or show what is measured")
    verbs = pack.add_subparsers(title="commands", metavar="build|check|show", required=True)
    for name, text in (
        ("build", "write the manifest of a course folder: checkpoint.pth, food/*.jpg, hw9_bert/ …"),
        ("check", "say everything that is wrong with a pack, and what it takes to answer hw09"),
        ("show", "say what a pack holds, and its digests as quiz.yaml takes them"),
    ):
        verb = verbs.add_parser(name, parents=[common], help=text)
        verb.add_argument("folder", type=Path, metavar="DIR")
        verb.set_defaults(run=_pack, verb=name, hub=False)
        if name == "build":
            verb.add_argument(
                "--hub",
                action="store_true",
                help="name BERT on the Hugging Face hub where not here",
            )

    evidence = commands.add_parser("evidence", help="look after the evidence that is kept")
    verbs = evidence.add_subparsers(title="commands", metavar="ls|gc|verify", required=True)
    for name, text in (
        ("ls", "list it"),
        ("gc", "take away what is damaged or was not used for long"),
        ("verify", "read every entry and say which are not whole"),
    ):
        verb = verbs.add_parser(name, parents=[common], help=text)
        verb.add_argument("--store", metavar="PLACE", help="a folder or URL (the user's cache)")
        verb.set_defaults(run=_evidence, verb=name, days=math.inf)
        if name == "gc":
            verb.add_argument(
                "--days", type=float, default=90, metavar="N", help="unused for so long (90)"
            )
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)


def _gibibytes(text: str) -> int:
    try:
        size = float(text)
    except ValueError:
        size = math.nan
    if not 0 < size < 2**30:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of GiB")
    return int(size * 2**30)


def _verify(options: argparse.Namespace) -> int:
    from quizproof.probes.evidence_store import default_place
    from quizproof.reports.outputs import Outputs
    from quizproof.reports.verify import By, Source, verify

    store = options.store or default_place()
    return verify(
        options.quiz,
        Source(options.pack, options.source, options.seed, None if store == "none" else store),
        By(options.workers, options.memory, options.scheduler),
        only=options.only,
        outputs=Outputs(options.report, options.json, options.junit, options.evidence),
        strict=options.strict,
    )


def _evidence(options: argparse.Namespace) -> int:
    from quizproof.probes.evidence_store import default_place
    from quizproof.reports.evidence import evidence_command

    return evidence_command(options.verb, options.store or default_place(), options.days)


def _lint(options: argparse.Namespace) -> int:
    from quizproof.questions.lint import lint_quiz
    from quizproof.questions.quiz import bundled_quiz
    from quizproof.reports.known_probes import known_probes

    linted = lint_quiz(bundled_quiz(options.quiz), known_probes())
    for problem in linted.problems:
        print(problem)
    if not linted.problems:
        print(f"{linted.head.id}: {len(linted.questions)} questions, nothing to complain of")
    if any(question.broken for question in linted.questions) or linted.head_problems:
        return exit_codes.WRONG_INPUT
    return exit_codes.KEY_WRONG if linted.problems else exit_codes.NOTHING_TO_COMPLAIN_OF


def _pack(options: argparse.Namespace) -> int:
    from quizproof.reports.pack import pack_command

    return pack_command(options.verb, options.folder, hub=options.hub)
