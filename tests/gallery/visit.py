import json
import tempfile
from pathlib import Path

from ..common_screens import WIDTHS
from .hostile import ELEMENTS, WORDS
from .page import BELOW, QUIET, READ

HEIGHT, HIGHEST = 768, 9000
# The menus of a list: what finds it, what is picked.
LIST_MENUS = {
    "filters": ".o_filter_menu > button",
    "groups": ".o_group_by_menu > button",
    "columns": ".o_optional_columns_dropdown_toggle",
}
NOWHERE = "Nothing has these words"


class Visit:
    """One look at a screen: takes its steps, and keeps a picture and the complaints of each."""

    def __init__(self, screen, stage, words, folder, name, width, names):
        self.screen, self.stage, self.words = screen, stage, words
        self.folder, self.name, self.width, self.names = folder, name, width, names
        self.complaints = []

    def take(self, steps):
        """Take the first picture, and all steps."""
        self.resize(HEIGHT)
        self.find(".o_action .o_view_controller, .o_mail_health, .modal-body, .o_action")
        self.shot()
        for step, *arguments in steps:
            getattr(self, step)(*arguments)
        # a page with changes asks before it closes
        self.screen._run("(document.querySelector('.o_form_button_cancel') || document.body).click()")
        self.quiet()

    def quiet(self):
        """Wait until nothing moves."""
        self.screen._send("Runtime.evaluate", expression=QUIET, awaitPromise=True)

    def shot(self, suffix="", highest=HIGHEST):
        """Keep a picture of all there is to scroll to, and what is wrong with it."""
        name = "_".join(filter(None, (self.name, suffix)))
        # away from the last button, which would show a tooltip
        self.screen._send("Input.dispatchMouseEvent", type="mouseMoved", x=0, y=0)
        height = HEIGHT
        self.quiet()
        for _try in range(4):
            below = self.screen._run(BELOW) or 0
            if below <= 0 or height >= highest:
                break
            height = min(height + below, highest)
            self.resize(height)
            self.quiet()
        self.note(name)
        self.folder.keep(self.screen, name, self.width)
        if height > HEIGHT:
            self.resize(HEIGHT)
            self.quiet()

    def note(self, name):
        """Note the complaints about what is shown."""
        read = self.screen._run(READ)
        english = [f"In English: {text}" for text in dict.fromkeys(self.words.left(read["texts"]))]
        cut = [f"Cut: {label}" for label in dict.fromkeys(read["cut"]) if label in self.words.ours]
        self.complaints += [f"{name}: {complaint}" for complaint in (*read["complaints"], *cut, *english)]

    def resize(self, height):
        """Make the window this high."""
        size = {"width": self.width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.screen._send("Emulation.setDeviceMetricsOverride", **size)

    def click(self, selector):
        """Click what a selector finds."""
        self.screen.click(selector)
        self.quiet()

    def press(self, selector):
        """Press a button of the header, which a telephone keeps in a menu."""
        self.screen.press(selector)
        self.quiet()

    def fill(self, name, value):
        """Write into a field."""
        self.screen.fill(name, value)
        self.quiet()

    def find(self, selector):
        """Wait until the page shows something."""
        self.screen.find(selector)
        self.quiet()

    def see(self, words):
        """Wait until the page shows words."""
        self.screen.see(words)
        self.quiet()

    def tell(self):
        """Show what a sender is told about a mail that waits, as the server sends it to the browser."""
        # a late request of the page uses the same cursor
        with self.stage.env.registry.test_lock:
            news = json.dumps([{"type": "simple_notification", "payload": self.stage.tell_sender()}])
        self.screen._run(f"odoo.__WOWL_DEBUG__.root.env.services.bus_service.trigger('notification', {news})")
        self.find(".o_notification_content")

    def do(self, name):
        """Let the stage do something meanwhile."""
        getattr(self.stage, name)()

    def tabs(self):
        """Take a picture of each tab of a notebook but the first."""
        count = self.screen._run("document.querySelectorAll('.o_notebook .nav-item').length")
        for place in range(2, count + 1):
            tab = f".o_notebook .nav-item:nth-child({place}) .nav-link"
            self.click(tab)
            self.find(f"{tab}.active")
            self.shot(f"tab{place}")

    def menus(self):
        """Take a picture of each menu of a list, which is the same on a telephone."""
        if self.width < WIDTHS[0]:
            return
        for name, selector in LIST_MENUS.items():
            if self.screen._run(f"Boolean(document.querySelector('{selector}'))"):
                self.click(selector)
                self.shot(name, HEIGHT)
                self.click(selector)

    def nothing(self):
        """Search for what is not there, and see what the page says then."""
        self.open_search()
        self.click(".o_searchview_input")
        self.screen._send("Input.insertText", text=NOWHERE)
        self.key("Enter", 13)
        self.quiet()
        self.shot("nothing")

    def clear_filters(self):
        """Take away the filters that a list opens with."""
        self.open_search()
        self.click(".o_facet_remove")

    def open_search(self):
        """Show where one searches, which a telephone hides behind a lens."""
        if self.width < WIDTHS[0]:
            self.click(".o_enable_searchview")

    def key(self, key, code):
        """Press a key."""
        for kind in ("rawKeyDown", "keyUp"):
            self.screen._send("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    def provider(self, name):
        """Choose a mail provider in a form; a telephone shows all in a dialog."""
        label = self.names[name]
        self.click("[name='provider_id'] input")
        if not self.screen._run("Boolean(document.querySelector('.modal'))"):
            self.screen.fill("provider_id", label)
        self.screen.click(label)
        self.quiet()

    def upload(self, raw):
        """Give a file to the form."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "mail.eml"
            path.write_bytes(raw)
            root = self.screen._send("DOM.getDocument")["root"]["nodeId"]
            found = self.screen._send("DOM.querySelector", nodeId=root, selector=".modal input[type='file']")
            self.screen._send("DOM.setFileInputFiles", nodeId=found["nodeId"], files=[str(path)])
            self.quiet()


class HostileVisit(Visit):
    """A look at a screen where all that others say may look like HTML: is anything of it more than text?"""

    shows_words = False

    def shot(self, suffix="", highest=HIGHEST):
        """Take no picture."""
        self.quiet()
        self.note("_".join(filter(None, (self.name, suffix))))

    def note(self, name):
        """Note which words became an element."""
        read = self.screen._run(ELEMENTS)
        self.shows_words |= read["shown"]
        if read["elements"] or read["ran"]:
            ran = "it ran" if read["ran"] else "it was made"
            self.complaints.append(f"{name}: an element that a stranger wrote; {ran}: {read['elements'][:1]}")

    def upload(self, raw):
        """Give a hostile file to the form."""
        raw = raw.replace(b"Subject: ", f"Subject: {WORDS} ".encode())
        return super().upload(raw.replace(b"From: ", f'From: "{WORDS}" '.encode(), 1))
