#!/usr/bin/env python3
"""Draws how full connectivity grows, from what the benchmark prints: ReachabilityBenchmark | plot.py docs/images/reachability.svg

The best of several lines about one size counts: what the machine's other work adds is no property of the code.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from plot import panel, svg, write  # noqa: E402


def main():
    best = {}
    for line in sys.stdin:
        cells = line.split()
        if not cells or not cells[0].isdigit():
            continue
        pods, seconds, memory = int(cells[0]), float(cells[7]), int(cells[8])
        if pods not in best or seconds < best[pods][0]:
            best[pods] = (seconds, memory)
    sizes = sorted(best)
    parts = panel([(size, best[size][0]) for size in sizes], 60, "model and every flow, seconds", "s", "one", axis="Pods")
    parts += panel([(size, best[size][1]) for size in sizes], 440, "peak memory, MiB", "MiB", "two", axis="Pods")
    write(sys.argv[1], svg(780, 310, "demarc reach: full connectivity by number of Pods (dashed: proportion)", parts))


if __name__ == "__main__":
    main()
