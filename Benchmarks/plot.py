#!/usr/bin/env python3
"""Draws the figures of a run as SVG by hand and writes its tables into docs/performance.md.

Two plots: how time and memory of `demarc scan` grow with the objects, and Demarc beside its peers on a logarithmic
scale. Colours follow the reader's light or dark mode. A page's tables stand between `<!-- bench:NAME -->` and
`<!-- /bench:NAME -->`; everything between is replaced.
"""

import argparse
import json
import math
import os
import re

STYLE = """<style>
  text { font: 12px system-ui, sans-serif; fill: #24292f }
  .title { font-weight: 600; font-size: 14px } .dim { fill: #57606a } .grid { stroke: #d0d7de }
  .one { stroke: #0969da } .two { stroke: #bc4c00 } .ideal { stroke: #8c959f; stroke-dasharray: 4 4 }
  .fill-one { fill: #0969da } .fill-two { fill: #bc4c00 } .peer { fill: #8c959f }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .dim { fill: #8d96a0 } .grid { stroke: #30363d }
    .one { stroke: #58a6ff } .two { stroke: #f0883e } .ideal { stroke: #6e7681 }
    .fill-one { fill: #58a6ff } .fill-two { fill: #f0883e } .peer { fill: #6e7681 }
  }
</style>"""


def svg(width, height, title, parts):
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{title}">'
    return "\n".join([head, STYLE, f'<text class="title" x="16" y="24">{title}</text>', *parts, "</svg>"]) + "\n"


def nice(top):
    """The next round number at or above, for the end of an axis."""
    step = 10 ** math.floor(math.log10(top))
    return next(step * factor for factor in (1, 2, 2.5, 5, 10) if step * factor >= top)


def short(number):
    return f"{number / 1000:g}k" if number >= 1000 else f"{number:g}"


def panel(points, left, label, unit, style, axis="objects"):
    """One line chart; the dashed line is exact proportion to the second point, since the first is mostly the start of the program."""
    width, height, top = 300, 190, 60
    last = points[-1][0]
    first = points[0]
    ceiling = nice(max(max(y for _, y in points), 1e-9) * 1.05)
    x = lambda value: left + width * value / last
    y = lambda value: top + height * (1 - min(value, ceiling) / ceiling)
    parts = [f'<text class="dim" x="{left}" y="{top - 12}">{label}</text>']
    for step in range(5):
        value = ceiling * step / 4
        parts.append(f'<line class="grid" x1="{left}" x2="{left + width}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>')
        parts.append(f'<text class="dim" x="{left - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{value:g}</text>')
    anchor = points[min(1, len(points) - 1)]
    slope = anchor[1] / anchor[0]
    end = min(last, ceiling / slope) if slope else last
    parts.append(f'<line class="ideal" x1="{x(0):.1f}" y1="{y(0):.1f}" x2="{x(end):.1f}" y2="{y(slope * end):.1f}"/>')
    path = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in points)
    parts.append(f'<polyline class="{style}" fill="none" stroke-width="2" points="{path}"/>')
    for a, b in points:
        parts.append(f'<circle class="fill-{style}" cx="{x(a):.1f}" cy="{y(b):.1f}" r="3.5"><title>{a} {axis}: {b:g} {unit}</title></circle>')
    for a, _ in points:
        if a == first[0] and last / a > 20:
            continue  # its label would lie on the axis
        parts.append(f'<text class="dim" x="{x(a):.1f}" y="{top + height + 18}" text-anchor="middle">{short(a)}</text>')
    parts.append(f'<text class="dim" x="{left + width / 2}" y="{top + height + 36}" text-anchor="middle">{axis}</text>')
    return parts


def growth_plot(growth):
    seconds = [(row["objects"], row["wallSeconds"]) for row in growth]
    memory = [(row["objects"], row["peakMiB"]) for row in growth]
    parts = panel(seconds, 60, "wall clock, seconds", "s", "one") + panel(memory, 440, "peak memory, MiB", "MiB", "two")
    return svg(780, 310, "demarc scan: time and memory by number of objects (dashed: proportion)", parts)


def peers_plot(rows, objects):
    """Bars on a logarithmic scale, from 1 ms or a decade below the fastest."""
    left, width, bar = 150, 500, 30
    low = 10 ** math.floor(math.log10(min(row["wallSeconds"] for row in rows)))
    high = 10 ** math.ceil(math.log10(max(row["wallSeconds"] for row in rows)))
    if low == high:
        low /= 10
    x = lambda value: left + width * math.log10(value / low) / math.log10(high / low)
    bottom = 50 + len(rows) * (bar + 12)
    parts = []
    for decade in range(round(math.log10(high / low)) + 1):
        value = low * 10**decade
        parts.append(f'<line class="grid" x1="{x(value):.1f}" x2="{x(value):.1f}" y1="44" y2="{bottom}"/>')
        parts.append(f'<text class="dim" x="{x(value):.1f}" y="{bottom + 18}" text-anchor="middle">{value:g} s</text>')
    for index, row in enumerate(rows):
        y = 50 + index * (bar + 12)
        fill = "fill-one" if row["name"] == "demarc scan" else "peer"
        parts.append(f'<text x="{left - 8}" y="{y + 19}" text-anchor="end">{row["name"]}</text>')
        parts.append(f'<rect class="{fill}" x="{left}" y="{y}" width="{max(2, x(row["wallSeconds"]) - left):.1f}" height="{bar}" rx="3"/>')
        label = f'{row["wallSeconds"]:.3g} s · {row["controls"] or "?"} controls'
        parts.append(f'<text x="{x(row["wallSeconds"]) + 8:.1f}" y="{y + 19}">{label}</text>')
    return svg(860, bottom + 34, f"The same {objects} objects, wall clock (logarithmic)", parts)


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def peer_rows(result):
    rows = []
    if result["demarc"] and "peerCorpus" in result["demarc"]:
        rows.append({"name": "demarc scan", "version": "", "controls": result["demarc"]["controls"], **result["demarc"]["peerCorpus"]})
    return rows + result["peers"]


def tables(result):
    """The Markdown of each marker."""
    machine = result["machine"]
    where = f"{machine['processor']}, {machine['cores']} cores, {machine['system']}"
    made = {"machine": f"Measured {result['measuredAt']} on {where}; load before the run: {machine['loadBefore']}."}
    if result["demarc"]:
        rows = []
        for row in result["demarc"]["growth"]:
            if "failed" in row:
                rows.append([f"{row['objects']:,}", row["megabytes"], "failed", "", "", ""])
                continue
            rate = row["megabytes"] / row["wallSeconds"]
            rows.append([f"{row['objects']:,}", row["megabytes"], f"{row['wallSeconds']:.3f}", f"{row['cpuSeconds']:.3f}", row["peakMiB"], f"{rate:.0f}"])
        made["growth"] = table(["objects", "MB of YAML", "wall s", "CPU s", "peak MiB", "MB/s"], rows)
        start = result["demarc"]["start"]
        value = "failed" if "failed" in start else f"{start['wallSeconds'] * 1000:.1f} ms (median of {start['runs']})"
        made["start"] = f"`demarc version`: {value}."
    rows = peer_rows(result)
    good = [row for row in rows if "failed" not in row]
    own = next((row["wallSeconds"] for row in good if row["name"] == "demarc scan"), None)
    cells = []
    for row in rows:
        if "failed" in row:
            cells.append([f"{row['name']} {row.get('version', '')}".strip(), row.get("controls") or "?", "failed", "", "", ""])
            continue
        times = f"{row['wallSeconds'] / own:.0f}×" if own else ""
        cells.append([f"{row['name']} {row.get('version', '')}".strip(), row.get("controls") or "?", f"{row['wallSeconds']:.3f}", f"{row['cpuSeconds']:.3f}", row["peakMiB"], times])
    made["peers"] = table(["tool", "controls", "wall s", "CPU s", "peak MiB", "time beside Demarc"], cells)
    return made


def write(path, text):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def main():
    parser = argparse.ArgumentParser(description="Draw the plots of a run and update the page's tables.")
    parser.add_argument("result")
    parser.add_argument("--out", default="docs/images")
    parser.add_argument("--page", help="Markdown page with bench markers")
    arguments = parser.parse_args()
    with open(arguments.result, encoding="utf-8") as file:
        result = json.load(file)
    if result["demarc"]:
        growth = [row for row in result["demarc"]["growth"] if "failed" not in row]
        if growth:
            write(os.path.join(arguments.out, "growth.svg"), growth_plot(growth))
    good = [row for row in peer_rows(result) if "failed" not in row]
    if good:
        write(os.path.join(arguments.out, "peers.svg"), peers_plot(good, good[0]["objects"]))
    made = tables(result)
    for name, text in made.items():
        print(text, end="\n\n")
    if arguments.page:
        with open(arguments.page, encoding="utf-8") as file:
            page = file.read()
        for name, text in made.items():
            page = re.sub(rf"(<!-- bench:{name} -->\n).*?(<!-- /bench:{name} -->)", lambda m: m[1] + text + "\n" + m[2], page, flags=re.S)
        write(arguments.page, page)


if __name__ == "__main__":
    main()
