"""What a benchmark prints: a table that shows itself line by line."""


class Table:
    def __init__(self):
        self.rows, self.broken = [], False

    def add(self, what, value, bound=None, unit="", strict=True):
        """`bound` is the largest good value; one that is not strict is only marked."""
        good = bound is None or value <= bound
        self.broken |= strict and not good
        number = f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
        mark = "" if bound is None else ("ok" if good else "BEYOND")
        self.rows.append((what, f"{number} {unit}".strip(), "" if bound is None else f"{bound} {unit}".strip(), mark))
        print("  " + self.line(self.rows[-1]), flush=True)

    @staticmethod
    def line(row):
        return f"| {row[0]:<72} | {row[1]:>12} | {row[2]:>8} | {row[3]:<6} |"

    def head(self):
        print("  " + self.line(("measure", "value", "bound", "")))
        print("  " + self.line(("-" * 72, "-" * 11 + ":", "-" * 7 + ":", "------")), flush=True)
