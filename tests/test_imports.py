"""No circle of imports, those inside functions and for types alone counted."""

from __future__ import annotations

from graphlib import TopologicalSorter

import grimp


def test_no_module_imports_itself_by_way_of_others() -> None:
    imports = grimp.build_graph("quizproof", cache_dir=None)
    graph = {m: imports.find_modules_directly_imported_by(m) for m in imports.modules}
    assert len(graph) > 200
    assert "quizproof.probes.declaration" in graph["quizproof.probes.catalogue"]
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle
