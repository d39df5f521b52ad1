"""The two Odoos of the proof, each with its Python, its settings and the steps that it runs."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from ..console import Failure
from ..progress import run_logged
from ..state import plain_folder, subfolder

# The strict server lets this account send as anybody.
OPEN = "anybody@example.info"
LAST_LINES = 30


@dataclass
class Odoo:
    """One Odoo.

    :param home: its source
    :param python: a Python that has what it needs
    :param folders: addons beside its own
    :param paths: what else its Python shall find
    """

    home: Path
    python: Path
    folders: list[Path] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)

    @property
    def options(self) -> list[str]:
        """Return its settings, as options of the command line."""
        folders = [self.home / "addons", self.home / "odoo" / "addons", *self.folders]
        path = ",".join(str(folder) for folder in folders)
        # an empty file: Odoo shall not find the settings of whoever runs this
        config = subfolder("config") / "empty.conf"
        config.write_text("[options]\n")
        return [f"--config={config}", f"--addons-path={path}", f"--data-dir={subfolder('data')}", "--no-http"]

    @property
    def environment(self) -> dict[str, str]:
        """Return its variables; the second lets OpenUpgrade leave the demo data alone."""
        paths = os.pathsep.join(str(path) for path in (self.home, *self.paths))
        return os.environ | {"PYTHONPATH": paths, "OPENUPGRADE_USE_DEMO": "yes"}

    def set_up(self, database: str, *options: str) -> None:
        """Install or upgrade modules; fail where Odoo does."""
        start = "import odoo.cli; odoo.cli.main()"
        log = subfolder("logs") / f"{database}.log"
        log.unlink(missing_ok=True)
        command = [str(self.python), "-W", "ignore", "-c", start, *self.options, "-d", database, "--stop-after-init"]
        if run_logged([*command, *options], log, cwd=subfolder("tmp"), env=self.environment):
            end = "\n".join(log.read_text(encoding="utf-8").splitlines()[-LAST_LINES:])
            raise Failure(f"Odoo at {self.home} could not set up {database}:\n{end}\nThe whole log: {log}")

    def step(self, name: str, database: str, smtp_port: int):
        """Run a step in a process of its own; return what it says."""
        options = [
            *self.options,
            "-d",
            database,
            "--log-level=critical",
            "--smtp=127.0.0.1",
            f"--smtp-port={smtp_port}",
        ]
        options += [f"--smtp-user={OPEN}", "--smtp-password=secret"]
        command = [str(self.python), "-W", "ignore", "-m", "dev.odoo_17.steps", name, json.dumps(options)]
        done = subprocess.run(command, cwd=plain_folder(), env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise Failure(f"the step {name} failed in {database}:\n{done.stderr[-3000:]}")
        return json.loads(done.stdout.splitlines()[-1])


def to_17(*arguments: str) -> list[str]:
    """Run `upgrade/to_17` as an administrator does; return what it says."""
    folder = Path(plain_folder() / "dev").resolve().parent / "upgrade"
    done = subprocess.run([sys.executable, "-m", "to_17", *arguments], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise Failure(f"to_17 {' '.join(arguments)} failed:\n{done.stderr[-3000:]}")
    return done.stdout.splitlines()
