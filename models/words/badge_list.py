"""What a page found, one thing under the other; it fits a telephone."""

from markupsafe import Markup

_ROW = Markup(
    '<div class="mb-2"><span class="badge rounded-pill text-bg-%s">%s</span> <b>%s</b> '
    '<span class="text-break">%s</span><div class="text-muted text-break">%s</div></div>'
)


def badge_list(rows):
    """Return HTML of rows: a colour of Bootstrap, the word on it, what it is about, an address or name, a sentence.

    False where there are none.
    """
    return Markup("").join(_ROW % row for row in rows) or False
