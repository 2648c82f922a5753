"""A flame graph as one self-contained SVG: each function a bar as wide as its share of the samples, above who called it.
The pointer's tooltip tells name, samples and share; a click fills the width with a bar and what is above it."""

import zlib
from xml.sax.saxutils import escape, quoteattr

WIDTH, ROW, FONT = 1600, 17, 11
LETTER = 6.3  # of the font, about
NARROWEST = 0.4  # what would be thinner is left out

STYLE = ("text{font:11px monospace;pointer-events:none;fill:#111}rect{stroke:#fff;stroke-width:.5}"
         "g.bar:hover rect{stroke:#000}.title{font-size:14px}")
# Bars are told by their share of the width (x, w in parts of one) and written anew for the part that is shown.
SCRIPT = """
const all = [...document.querySelectorAll('g.bar')], width = %d, letter = %s;
function show(from, span, row) {
  for (const bar of all) {
    const x = (bar.dataset.x - from) / span, w = bar.dataset.w / span;
    const out = x + w <= 1e-9 || x >= 1 - 1e-9;
    bar.style.display = out ? 'none' : '';
    const left = Math.max(0, x) * width, wide = Math.min(1, x + w) * width - left;
    const rect = bar.querySelector('rect'), text = bar.querySelector('text');
    rect.setAttribute('x', left); rect.setAttribute('width', Math.max(0, wide));
    text.setAttribute('x', left + 3);
    const fits = Math.floor((wide - 6) / letter), name = bar.dataset.name;
    text.textContent = fits < 3 ? '' : name.length <= fits ? name : name.slice(0, fits - 1) + '\\u2026';
  }
}
for (const bar of all) bar.addEventListener('click', () => show(+bar.dataset.x, +bar.dataset.w));
"""


class Node:
    def __init__(self):
        self.samples, self.callees = 0, {}


def tree_of(stacks):
    root = Node()
    for stack, samples in stacks.items():
        node = root
        node.samples += samples
        for name in stack:
            node = node.callees.setdefault(name, Node())
            node.samples += samples
    return root


def depth_of(node):
    return max((1 + depth_of(callee) for callee in node.callees.values()), default=0)


def colour(name):
    """One function has one colour: the kernel's are blue, ours red, others' yellow."""
    shade = zlib.crc32(name.encode()) % 40
    if name.endswith("(kernel)"):
        return f"rgb({120 + shade},{160 + shade},230)"
    if name.startswith("platformer"):
        return f"rgb(235,{100 + shade},{90 + shade})"
    return f"rgb(240,{195 + shade},{100 + shade})"


def flame_graph(stacks, title):
    """The SVG's text. Callers are below, callees above; siblings in the order of their names."""
    root = tree_of(stacks)
    rows = depth_of(root)
    height = ROW * (rows + 2) + 24
    bars = []

    def draw(name, node, x, row):
        w = node.samples / root.samples
        if w * WIDTH < NARROWEST:
            return
        bars.append(_bar(name, node.samples, root.samples, x, w, height - ROW * (row + 1) - 4))
        for callee, below in sorted(node.callees.items()):
            draw(callee, below, x, row + 1)
            x += below.samples / root.samples

    draw("all", root, 0.0, 0)
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">',
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text class="title" x="8" y="18">{escape(title)}</text>',
        *bars,
        f"<script><![CDATA[{SCRIPT % (WIDTH, LETTER)}]]></script>",
        "</svg>\n"])


def _bar(name, samples, total, x, w, y):
    fits = int((w * WIDTH - 6) / LETTER)
    label = "" if fits < 3 else name if len(name) <= fits else name[:fits - 1] + "…"
    return (f'<g class="bar" data-x="{x:.6f}" data-w="{w:.6f}" data-name={quoteattr(name)}>'
            f"<title>{escape(name)}: {samples} of {total} samples, {100 * samples / total:.1f} %</title>"
            f'<rect x="{x * WIDTH:.1f}" y="{y}" width="{w * WIDTH:.1f}" height="{ROW}" fill="{colour(name)}"/>'
            f'<text x="{x * WIDTH + 3:.1f}" y="{y + 12}">{escape(label)}</text></g>')
