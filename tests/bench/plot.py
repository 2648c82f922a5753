"""Figures of fleets as an SVG: bars of the subjects for each measure, and what grows over the number of accounts."""

import math
from xml.sax.saxutils import escape

COLOURS = {"ours": "#1f6fb4", "peer": "#d9822b", "bare": "#8a8f98"}
NAMES = {"ours": "platformer-operator", "peer": "controller-runtime operator", "bare": "the same requests, bare"}
BARS = [("create all: time", "create_seconds", "s"), ("create: CPU an account", "create_cpu_ms_per_account", "ms"),
        ("RSS with the fleet", "rss_fleet_mb", "MB"), ("cold start: CPU", "cold_start_cpu_s", "s"),
        ("cold start: peak RSS", "cold_start_peak_rss_mb", "MB"), ("fresh change: p50", "fresh_alone_p50_ms", "ms"),
        ("fresh change: p99", "fresh_alone_p99_ms", "ms")]
CURVES = [("RSS with the fleet, MB", "rss_fleet_mb"), ("CPU to create an account, ms", "create_cpu_ms_per_account")]
WIDTH, LEFT, BAR, ROW = 860, 200, 14, 18
CURVE_WIDTH, CURVE_HEIGHT = 330, 170


class Drawing:
    def __init__(self):
        self.parts = []

    def text(self, x, y, words, anchor="start", colour="#24292f", size=12, weight="normal"):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}" font-size="{size}" '
                          f'font-weight="{weight}">{escape(words)}</text>')

    def bar(self, x, y, width, colour):
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" height="{BAR}" rx="2" fill="{colour}"/>')

    def line(self, points, colour, width=2.0):
        where = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{where}" fill="none" stroke="{colour}" stroke-width="{width}"/>')

    def dot(self, x, y, colour):
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>')

    def finish(self, height):
        return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" '
                f'height="{height:.0f}" font-family="sans-serif">\n<rect width="100%" height="100%" fill="#ffffff"/>\n'
                + "\n".join(self.parts) + "\n</svg>\n")


def short(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def value_of(figures, subject, name):
    if subject == "bare":
        return figures.get("bare", {}).get("write_seconds") if name == "create_seconds" else None
    return figures.get(subject, {}).get(name)


def draw_legend(drawing, y):
    x = 20
    for subject, colour in COLOURS.items():
        drawing.bar(x, y - 11, 14, colour)
        drawing.text(x + 20, y, NAMES[subject])
        x += 60 + 7 * len(NAMES[subject])


def draw_bars(drawing, y, figures):
    """The longest bar of each measure is as long as any other's; where it ends."""
    for title, name, unit in BARS:
        values = {subject: value_of(figures, subject, name) for subject in COLOURS}
        values = {subject: value for subject, value in values.items() if value is not None}
        if not values:
            continue
        longest = max(values.values()) or 1
        drawing.text(LEFT - 12, y + 12, title, anchor="end")
        for subject, value in values.items():
            width = (WIDTH - LEFT - 110) * value / longest
            drawing.bar(LEFT, y, width, COLOURS[subject])
            drawing.text(LEFT + width + 6, y + 11, f"{short(value)} {unit}", size=11)
            y += ROW
        y += 10
    return y


def draw_curve(drawing, x, y, title, name, sizes):
    """Both axes begin at nothing but the horizontal one, which has the logarithm of the number of accounts."""
    lines = {subject: [(n, figures[subject][name]) for n, figures in sorted(sizes.items()) if name in figures.get(subject, {})]
             for subject in ("ours", "peer")}
    every = [point for line in lines.values() for point in line]
    if not every:
        return
    top, bottom = max(value for _, value in every) or 1, y + CURVE_HEIGHT
    low, high = math.log10(min(sizes)), math.log10(max(sizes))

    def at(n, value):
        share = (math.log10(n) - low) / (high - low) if high > low else 0.5
        return x + 15 + (CURVE_WIDTH - 50) * share, bottom - CURVE_HEIGHT * 0.85 * value / top

    drawing.text(x, y - 6, title, weight="bold")
    drawing.line([(x, y), (x, bottom), (x + CURVE_WIDTH, bottom)], "#8a8f98", 1)
    for n in sorted(sizes):
        drawing.text(at(n, 0)[0], bottom + 16, f"{n:,}", anchor="middle", size=11)
    for subject, line in lines.items():
        drawing.line([at(*point) for point in line], COLOURS[subject])
        for point in line:
            drawing.dot(*at(*point), COLOURS[subject])
            drawing.text(at(*point)[0], at(*point)[1] - 8, short(point[1]), anchor="middle", size=11)


def draw(sizes):
    """`sizes`: {accounts: figures by subject}. The bars are of the largest fleet that the peer had, too."""
    drawing, y = Drawing(), 30
    shown = max((n for n, figures in sizes.items() if figures.get("peer")), default=max(sizes))
    drawing.text(20, y, f"A fleet of {shown:,} accounts: shorter is better", size=15, weight="bold")
    draw_legend(drawing, y + 28)
    y = draw_bars(drawing, y + 48, sizes[shown]) + 40
    for number, (title, name) in enumerate(CURVES):
        draw_curve(drawing, 40 + number * (CURVE_WIDTH + 90), y, title, name, sizes)
    return drawing.finish(y + CURVE_HEIGHT + 40)
