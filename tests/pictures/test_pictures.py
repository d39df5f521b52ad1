import base64
import io
import os
from pathlib import Path
from typing import NamedTuple
from unittest import SkipTest

from PIL import Image

from odoo.tests import tagged

from ..common_screens import LANGUAGES, ScreenCase

WIDTH = 1200
# Pixels of a banner in Odoo's Apps store.
BANNER = (560, 280)
# So many look like all, and the files are a quarter as large.
COLOURS = 128


class Picture(NamedTuple):
    """A screen of the demo data.

    :param str action: what to open, with the module's name where it is not ours
    :param str sees: what it shows when it is complete, in every language: words, or a selector
    :param str record: the record of our demo data that is shown, else a list
    :param str fill: the address of a mailbox that is typed first
    :param str click: what is clicked first
    """

    name: str
    action: str
    height: int
    sees: str
    record: str = ""
    fill: str = ""
    click: str = ""
    options: str = ""


PICTURES = (
    Picture("setup", "mail_routing_setup_action", 620, ".o_field_widget[name='provider_help'] a", fill="kevin@qq.com"),
    Picture("health", "mail_health_action", 1170, "535 5.7.8"),
    Picture("route", "mail.action_view_mail_mail", 880, "lin@jadeharbor.example", "mail_sent", click="a[name='route']"),
    Picture("failed", "mail.action_view_mail_mail", 480, "550 5.1.1", "mail_failed"),
    Picture("server", "base.action_ir_mail_server_list", 640, "501 mail from", "mail_server_jade"),
    Picture(
        "preview", "mail_routing_preview_action", 700, "<office@jadeharbor.example>", click="[name='action_preview']"
    ),
    Picture("unrouted", "mail_unrouted_message_action", 460, ".o_form_view", click="td[name='subject']"),
    Picture("statistics", "mail_delivery_count_action", 560, ".o_graph_renderer canvas", options="&view_type=graph"),
)


@tagged("-standard", "-at_install", "post_install", "mcr_pictures")
class TestPictures(ScreenCase):
    """Not a test, but what takes the pictures of static/description/, as ``make screenshots`` asks for them."""

    @classmethod
    def setUpClass(cls):
        if not os.environ.get("MCR_PICTURES"):
            raise SkipTest("The pictures are taken by: make screenshots")
        super().setUpClass()
        cls.folder = Path(os.environ["MCR_PICTURES"])
        names = ("company_jade", "company_nordwind", "company_mesa")
        cls.companies = ",".join(str(cls.ours(name).id) for name in names)
        cls.admin.tz = "UTC"

    @classmethod
    def ours(cls, name):
        """Return a record by its name, which is ours unless it tells."""
        return cls.env.ref(name if "." in name else f"mail_company_routing.{name}")

    def test_pictures(self):
        for language in LANGUAGES:
            for picture in PICTURES:
                with self.subTest(picture.name, language=language):
                    self.take(picture, language)

    def take(self, picture, language):
        """Take one picture in one language."""
        menu = self.env.ref("base.menu_administration").id
        url = f"/web#action={self.ours(picture.action).id}&cids={self.companies}&menu_id={menu}{picture.options}"
        if picture.record:
            url += f"&view_type=form&id={self.ours(picture.record).id}"
        with self.screen(url, WIDTH, language) as screen:
            self.resize(WIDTH, picture.height)
            if picture.fill:
                screen.fill("email", picture.fill)
            if picture.click:
                screen.click(picture.click)
            (screen.find if picture.sees.startswith(".") else screen.see)(picture.sees)
            self.keep(screen, f"{picture.name}_{language}.png")

    def test_banner(self):
        with self.screen("/mail_company_routing/static/description/banner.svg") as screen:
            self.resize(*BANNER)
            self.keep(screen, "banner.png")

    def resize(self, width, height):
        """Make the browser's window as large as the picture."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.browser._websocket_request("Emulation.setDeviceMetricsOverride", params=size)

    def keep(self, screen, name):
        """Store what the browser shows, once it has drawn it, as a small PNG."""
        ready = "new Promise((done) => setTimeout(() => document.fonts.ready.then(() => done(1)), 800))"
        screen._send("Runtime.evaluate", expression=ready, awaitPromise=True)
        png = base64.b64decode(screen._send("Page.captureScreenshot")["data"])
        image = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        image.save(self.folder / name, optimize=True)
