"""The walls of the rooms stand, and each check sees what it is there for."""

import ast
from pathlib import Path

import pytest

from .walls import KEYS, NAME, NEVER, ROOMS, spelled_keys, tree, trespasses

ADDON = Path(__file__).resolve().parents[2]


def test_nobody_goes_through_a_wall():
    assert not trespasses(ADDON)


def test_each_room_has_its_place():
    for folder, rooms in ROOMS.items():
        found = {path.parent.name for path in (ADDON / folder).glob("*/__init__.py")} - NEVER
        assert found <= set(rooms), f"Say in ROOMS which rooms of {folder}/ a new one may use"


def test_context_keys_are_spelled_in_one_file():
    assert not spelled_keys(ADDON)


def test_context_keys_carry_the_name_of_the_addon_and_differ():
    nodes = [node.value for node in tree(ADDON, KEYS).body if isinstance(node, ast.Assign)]
    keys = [node.value for node in nodes]
    assert all(key.startswith(f"{NAME}_") for key in keys)
    assert len(set(keys)) == len(keys) > 3


def plant(root, path, text):
    """Write the only file of an addon."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("routing/table.py", "import odoo.tools"),
        ("routing/incoming/place.py", "def late():\n    from odoo import tools"),
        ("routing/incoming/place.py", "from ...models.context import DOMAIN_KEY"),
        ("routing/outgoing/wire.py", "from ..incoming import reader"),
        ("routing/delivery/refusal.py", "from .. import address, mailbox"),
        ("routing/table.py", "from .outgoing.wire import apply_route"),
        ("models/setup/res_company.py", "from ..outgoing.sending import Sending"),
        ("models/context.py", "from . import setup"),
        ("models/outgoing/base.py", "from odoo.addons.mail_company_routing.models.incoming import mail_thread"),
        ("models/outgoing/base.py", "from ...wizard import mail_compose_message"),
        ("models/outgoing/base.py", "from ...dev.strict_server import StrictServer"),
        ("wizard/mail_compose_message.py", "from .. import dev"),
        ("hooks.py", "from .tests.common import CUSTOMER"),
    ],
)
def test_a_trespass_is_seen(tmp_path, path, line):
    plant(tmp_path, path, line)
    [complaint] = trespasses(tmp_path)
    assert complaint.startswith(f"{path} imports ")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("models/outgoing/a.py", "self.with_context(mail_company_routing_quiet=True)"),
        ("models/outgoing/a.py", 'self.with_context(**{"mail_company_routing_quiet": True})'),
        ("models/outgoing/a.py", 'self.env.context.get("mail_company_routing_quiet")'),
        ("wizard/a.py", 'self.env.context[f"mail_company_routing_{name}"]'),
        ("views/a.xml", """<field name="a" context="{'mail_company_routing_quiet': True}"/>"""),
    ],
)
def test_a_key_spelled_elsewhere_is_seen(tmp_path, path, line):
    plant(tmp_path, path, line)
    assert spelled_keys(tmp_path)


@pytest.mark.parametrize(
    "line",
    [
        "from ..setup.mail_routing import CONFIG_SERVER_ID",
        "from ..context import DOMAIN_KEY",
        "from ...routing.mailbox import raw_mail",
        'getattr(session, "mail_company_routing_server", None)',
        'env.ref("mail_company_routing.action")',
    ],
)
def test_what_is_allowed(tmp_path, line):
    plant(tmp_path, "models/outgoing/a.py", line)
    assert not trespasses(tmp_path)
    assert not spelled_keys(tmp_path)
