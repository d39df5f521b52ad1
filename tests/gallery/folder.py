import base64
import html
from pathlib import Path


class Folder:
    """Where the pictures of one language are kept, with a page that shows them all."""

    def __init__(self, path):
        self.path = Path(path)

    def keep(self, screen, name, width):
        """Store what the browser shows."""
        path = self.path / str(width) / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(screen._send("Page.captureScreenshot")["data"]))

    def write_page(self):
        """Write the page: each screen in all widths, one below the other."""
        paths = {}
        for path in sorted(self.path.glob("*/*.png")):
            paths.setdefault(path.stem, []).append(path.relative_to(self.path))
        rows = [
            f"<h2>{html.escape(name)}</h2>" + "".join(f'<img src="{path}"> ' for path in found)
            for name, found in sorted(paths.items())
        ]
        style = "<style>body {font-family: sans-serif} img {border: 1px solid gray; vertical-align: top}</style>"
        page = f'<!DOCTYPE html><meta charset="utf-8"><title>{self.path.name}</title>{style}{"".join(rows)}'
        (self.path / "index.html").write_text(page)
