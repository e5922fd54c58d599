"""Benchmarks: this program and what people use today, side by side in one process.

    python -m tests.bench [--json FILE] [--only methods|quiz|packs] [--repeat N] [--pack DIR]

or ``tox -e bench``, which installs the wheel and writes ``bench.json``. Each row is work that is
done two ways, in turns, with the results asserted to be equal; it tells the median ratio of the
times, the least and the largest, and the ratio that is wanted. The exit code is 1 where one was
missed. The parts are:

- ``methods``: SmoothGrad, LIME and integrated gradients against the notebook's loops, the ``lime``
  package and Captum at its best batch size, and against the floor: the bare passes that a result
  needs, of the folded network, at the best batch size found;
- ``quiz``: all thirty questions cold, against the notebook's settings (see ``quiz`` for what is
  counted); the same with nothing changed; sentences in batches against a call each;
- ``packs``: many packs on two workers against one, and memory against a tenth of the work.

What they are measured on should do nothing else meanwhile: the ratios are medians, yet a neighbour
that takes the memory's bandwidth slows large batches more than single pictures.
"""
