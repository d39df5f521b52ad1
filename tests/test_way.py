import sys
from contextlib import contextmanager
from pathlib import Path

from odoo.tests import tagged

from .common import StrictMailCase

ADDON = Path(__file__).resolve().parents[1]
# How many of our files one mail crosses on its way out today, and how many of our functions wait for each other.
# Wanted are 35 and 13.
FILES, FRAMES = 59, 17


class Way:
    """Which files of the addon a thread passes, and how deep its own functions call each other."""

    def __init__(self):
        self.files = set()
        self.deepest = []
        self._stack = []
        self._ours = {}

    def _is_ours(self, code):
        if code not in self._ours:
            parts = Path(code.co_filename).resolve().parts
            below = parts[len(ADDON.parts) :] if parts[: len(ADDON.parts)] == ADDON.parts else ()
            self._ours[code] = bool(below) and below[0] not in ("tests", "dev")
        return self._ours[code]

    def profile(self, frame, event, _arg):
        """Take down a call or its end; an import runs a module, which is no step of a mail."""
        code = frame.f_code
        if event not in ("call", "return") or code.co_name == "<module>" or not self._is_ours(code):
            return
        if event == "call":
            self._stack.append(f"{Path(code.co_filename).name}:{code.co_name}")
            self.files.add(str(Path(code.co_filename).resolve().relative_to(ADDON)))
            self.deepest = max(self.deepest, list(self._stack), key=len)
        elif self._stack:
            self._stack.pop()


@contextmanager
def way():
    """Watch the way that the block takes through the addon."""
    watched = Way()
    before = sys.getprofile()
    sys.setprofile(watched.profile)
    try:
        yield watched
    finally:
        sys.setprofile(before)


@tagged("post_install", "-at_install")
class TestWay(StrictMailCase):
    """Whoever follows one mail through the addon comes to an end."""

    def test_a_posted_mail(self):
        self.company.mail_restrict_username = True
        with self.strict_server("tencent"):
            # what is built once is no part of the way: classes, caches
            self.customer.message_post(body="First", partner_ids=self.customer.ids)
            with way() as watched:
                self.customer.message_post(body="Second", partner_ids=self.customer.ids)
            self.assertEqual(len(self.strict.mails), 2)
        found = len(watched.files), len(watched.deepest)
        passed = "\n".join([*sorted(watched.files), "", *watched.deepest])
        self.assertTrue(found[0] <= FILES and found[1] <= FRAMES, f"{found} files and frames:\n{passed}")
