"""The lines of Odoo's log that count as complaints."""

import pytest

# odoo_command itself needs no odoo to be importable.
from ..odoo_command import log_complaints

START = "2024-01-01 10:00:00,000 12 "


@pytest.mark.parametrize(
    "lines",
    [
        [START + "INFO db odoo.modules.loading: 8 modules loaded"],
        [START + "WARNING db odoo.fields: something old"],
    ],
)
def test_harmless(lines):
    assert not log_complaints(lines)


@pytest.mark.parametrize(
    "lines",
    [
        [START + "ERROR db odoo.registry: Failed to load registry"],
        [START + "CRITICAL db odoo.modules.module: Couldn't load module"],
        [START + "WARNING db odoo.http: strange", "Traceback (most recent call last):", "  File x"],
    ],
)
def test_mistakes(lines):
    assert log_complaints([*lines, START + "INFO db odoo: on we go"])[-1] == lines[-1]
