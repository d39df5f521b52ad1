import base64
import json
import time
from contextlib import contextmanager
from pathlib import Path

from odoo import tools
from odoo.tests import HttpCase
from odoo.tools.translate import load_language

from .optional import need

WIDTHS = (1366, 390)
LANGUAGES = ("en_US", "zh_CN")
_SECONDS = 30
# What a user sees that this selector finds, else that has these words, whose case a style may change: the innermost,
# in the dialog that opened last.
_FIND = """
    (what) => {
        const seen = (element) => element.getClientRects().length && getComputedStyle(element).visibility === "visible";
        const dialogs = [...document.querySelectorAll(".modal")].filter(seen);
        const root = dialogs.length ? dialogs[dialogs.length - 1] : document;
        const named = (element) =>
            [element.innerText, element.getAttribute("placeholder"), element.getAttribute("title")].some(
                (words) => words && words.replace(/\\s+/g, " ").trim().toLowerCase() === what.toLowerCase()
            );
        const css = () => { try { return [...root.querySelectorAll(what)]; } catch { return []; } };
        const candidates = [...root.querySelectorAll("button, a, label, [role], li, th, td, span, div, input")];
        return css().find(seen) || candidates.filter((element) => seen(element) && named(element)).pop();
    }
"""


class ScreenCase(HttpCase):
    """Drives Debian's Chromium as a user does, with real clicks, and keeps a picture of each screen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        need("websocket")
        cls.admin = cls.env.ref("base.user_admin")
        if cls.admin.lang != "zh_CN":
            load_language(cls.env.cr, "zh_CN")

    @contextmanager
    def screen(self, url, width=WIDTHS[0], language=LANGUAGES[0], login="admin"):
        """Open a page of Odoo, and close it again; an error on its console fails the test.

        :rtype: Screen
        """
        self.start_browser()
        # an earlier 16.0 lets requests of one test into another
        self.http_request_key = getattr(self, "canonical_tag", "") + "_screen"
        # a late request of another page uses the same cursor
        with self.registry.test_lock:
            user = self.env["res.users"].search([("login", "=", login)])
            # a change drops all that is cached
            if user.lang != language:
                user.lang = language
            self.authenticate(login, login)
            self.env.flush_all()
            self.env.clear()
        size = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": False}
        self.browser._websocket_request("Emulation.setDeviceMetricsOverride", params=size)
        screen = Screen(self, f"{width}_{language}")
        try:
            self.browser.navigate_to(self.base_url() + url)
            yield screen
            if self.browser._result.done():
                self.browser._result.result()
        except Exception:
            screen.shot("failed")
            raise
        finally:
            self.browser.clear()
            self._wait_remaining_requests()
            with self.registry.test_lock:
                self.env.invalidate_all()


class Screen:
    """One page as a user sees it; ``clicks`` counts what was clicked."""

    def __init__(self, case, suffix):
        self.case, self.suffix, self.clicks = case, suffix, 0

    def click(self, *words):
        """Click what has the first of these words or matches them as a selector, once it is there."""
        x, y = self._wait(f"({_FIND})", words, "found", _CENTER)
        self.clicks += 1
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            button = {} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}
            self._send("Input.dispatchMouseEvent", type=kind, x=x, y=y, **button)

    def press(self, button):
        """Click a button of a form's header; a telephone keeps several of them in a menu."""
        menu = ".o_statusbar_buttons > .dropdown > .dropdown-toggle"
        self.find(f"{button}, {menu}")
        if self._run(f"Boolean(document.querySelector('{menu}'))"):
            self.click(menu)
        self.click(button)

    def fill(self, name, value):
        """Write into a field as one does who reaches it by the Tab key."""
        field = f"[name='{name}'] input, [name='{name}'] textarea, input[name='{name}'], [name='{name}'] select"
        self._wait(f"({_FIND})", (field,), "found", "found.focus(); found.select && found.select(); return true")
        self._send("Input.insertText", text=value)
        self._run("document.activeElement.dispatchEvent(new Event('change', {bubbles: true}))")

    def choose(self, name, label):
        """Choose an option of a selection field, as the keyboard does it."""
        field = f"select[name='{name}'], [name='{name}'] select"
        pick = f"""
            const option = [...found.options].find((option) => option.text === {json.dumps(label)});
            if (!option) {{ return false; }}
            found.value = option.value;
            found.dispatchEvent(new Event("change", {{bubbles: true}}));
            return true;
        """
        self._wait(f"({_FIND})", (field,), "found", pick)

    def see(self, words):
        """Wait until the page shows these words anywhere; return all its text."""
        text = "document.body.innerText.replace(/\\s+/g, ' ')"
        fields = "[...document.querySelectorAll('input, textarea')].map((field) => field.value).join(' ')"
        look = f"() => ({text} + {fields}).toLowerCase().includes({json.dumps(words.lower())})"
        self._wait(f"({look})", (words,), "found", "return true")
        return self._run(text)

    def find(self, selector):
        """Wait until the page shows an element that the selector finds."""
        self._wait(f"({_FIND})", (selector,), "found", "return true")

    def shot(self, name):
        """Keep a picture, also of what is below the fold of an Odoo page; return its path."""
        png = self._send("Page.captureScreenshot")["data"]
        folder = Path(tools.config["screenshots"], "screens")
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{type(self.case).__name__}_{name}_{self.suffix}.png"
        path.write_bytes(base64.b64decode(png))
        return path

    def overflows(self):
        """Tell whether a reader has to scroll the page sideways."""
        return self._run("document.documentElement.scrollWidth > window.innerWidth")

    def _wait(self, function, words, name, code):
        """Wait until a function finds something for one of these words, and return what the code then makes of it."""
        call = f"""
            (() => {{
                for (const word of {json.dumps(words)}) {{
                    const {name} = {function}(word);
                    if ({name}) {{ {code}; }}
                }}
                return false;
            }})()
        """
        until = time.monotonic() + _SECONDS
        while time.monotonic() < until:
            # an element that moves is not clicked where it was
            value = self._run(call)
            if value:
                return value
            time.sleep(0.1)
        self.shot("missing")
        return self.case.fail(f"Not on the screen: {' / '.join(words)}\n{self._run('document.body.innerText')}")

    def _run(self, expression):
        """Return the value of an expression; nothing while another page is loading."""
        return self._send("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def _send(self, method, **params):
        return self.case.browser._websocket_request(method, params=params, timeout=_SECONDS)


# Its middle, once it is in view and nothing covers it.
_CENTER = """
    found.scrollIntoView({block: "center", inline: "nearest"});
    const box = found.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const top = document.elementFromPoint(x, y);
    if (!document.querySelector(".o_blockUI") && top && (found.contains(top) || top.contains(found))) { return [x, y]; }
    return false
"""
