"""`python -m dev.bench_plot TARGET` draws the bars on stdin (see ``bench_page.bars``) into a PNG file."""

import json
import sys

# Inches, and dots an inch: it reads at the width of a README, and on a fine screen.
WIDTH, BAR_HEIGHT, MARGIN, DPI = 8.4, 0.34, 1.1, 150
BAR, GOAL, STOCK = "#714b67", "#e08e0b", "#555555"


def draw(bars: list[dict], target: str) -> None:
    """Draw one horizontal bar for each case, the first on top, with its spread and its goal."""
    # Nothing but the plot needs it, see requirements-bench.txt.
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(WIDTH, MARGIN + BAR_HEIGHT * len(bars)), layout="constrained")
    places = range(len(bars), 0, -1)
    speeds = [bar["speed"] for bar in bars]
    medians = [middle for middle, _least, _most in speeds]
    errors = [[middle - least for middle, least, _ in speeds], [most - middle for middle, _, most in speeds]]
    axes.barh(places, medians, xerr=errors, color=BAR, height=0.6, error_kw={"ecolor": STOCK, "capsize": 2, "lw": 1})
    for place, bar in zip(places, bars, strict=True):
        if bar["goal"]:
            axes.plot([bar["goal"]] * 2, [place - 0.42, place + 0.42], color=GOAL, lw=2)
        axes.annotate(
            f" {bar['speed'][0]:.2f}", (bar["speed"][2], place), xytext=(5, 0), textcoords="offset points", va="center"
        )
    axes.axvline(1, color=STOCK, lw=1, ls="--")
    axes.plot([], [], color=GOAL, lw=2, label="goal")
    axes.plot([], [], color=STOCK, lw=1, ls="--", label="stock Odoo")
    axes.set_yticks(list(places), [bar["what"] for bar in bars], fontsize=9)
    axes.set_xlim(0, max([2.0, *(most for _middle, _least, most in speeds)]) * 1.12)
    axes.set_xlabel("times as fast as stock Odoo (median, least and most of the rounds)", fontsize=9)
    axes.legend(loc="lower right", fontsize=9, frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(target, dpi=DPI)


if __name__ == "__main__":
    draw(json.load(sys.stdin), sys.argv[1])
