"""``quizproof evidence ls|gc|verify``: looking after the evidence that is kept."""

from __future__ import annotations

from quizproof.probes.engine.evidence.store import Entry, Store
from quizproof.reports import exit_codes
from quizproof.reports.telling import complain, tell

_DAY = 86_400  # seconds


def evidence_command(verb: str, place: str, days: float) -> int:
    """Run one of the three; returns the exit code. Raises StoreError."""
    store = Store(place)
    if verb == "ls":
        return _list(store)
    return _clear(store, days) if verb == "gc" else _verify(store)


def _list(store: Store) -> int:
    """A line for each entry: the key's beginning, its size, when it was last used, what it is."""
    entries = list(store.entries())
    for entry in entries:
        found = store.peek(entry.key)
        what = found.of if found else "damaged, or of another version"
        tell(f"{entry.key[:12]}  {entry.size / 1024:8.1f} KiB  {_age(entry):>10}  {what}")
    total = sum(entry.size for entry in entries)
    tell(f"{len(entries)} entries, {total / 1024**2:.1f} MiB in {store.place}")
    return exit_codes.NOTHING_TO_COMPLAIN_OF


def _clear(store: Store, days: float) -> int:
    """Take away what is damaged, of another version, or was not used for ``days``."""
    gone, freed = 0, 0
    for entry in list(store.entries()):
        unused = entry.age is not None and entry.age > days * _DAY
        if unused or store.damage(entry.key) is not None:
            store.remove(entry.key)
            gone, freed = gone + 1, freed + entry.size
    freed += store.sweep()
    tell(f"{gone} entries taken away, {freed / 1024**2:.1f} MiB freed in {store.place}")
    return exit_codes.NOTHING_TO_COMPLAIN_OF


def _verify(store: Store) -> int:
    """Read every entry; a line on standard error for each that is not whole."""
    entries, damaged = list(store.entries()), 0
    for entry in entries:
        if problem := store.damage(entry.key):
            damaged += 1
            complain(f"{store.place}: {entry.key[:12]}: {problem}; run evidence gc")
    tell(f"{len(entries)} entries, {damaged} damaged in {store.place}")
    return exit_codes.KEY_WRONG if damaged else exit_codes.NOTHING_TO_COMPLAIN_OF


def _age(entry: Entry) -> str:
    return "" if entry.age is None else f"{entry.age / _DAY:.1f} days"
