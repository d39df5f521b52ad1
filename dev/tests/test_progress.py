"""The part that a person sees of programs with much output, such as pip."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .. import progress
from ..console import Failure

ROOT = Path(__file__).resolve().parents[2]


def talk(lines, seconds=0.0, code=0):
    """Return a command that says many lines on both streams, works for a while and ends."""
    script = f"import sys, time; [print(s.name, n, file=s) for n in range({lines}) for s in (sys.stdout, sys.stderr)]"
    return [sys.executable, "-c", f"{script}; time.sleep({seconds}); sys.exit({code})"]


def test_its_words_are_in_the_log_and_dots_on_the_screen(tmp_path, capfd, monkeypatch):
    monkeypatch.setattr(progress, "BEAT", 0.05)
    assert progress.run_logged(talk(3, seconds=1, code=7), tmp_path / "log") == 7
    shown = capfd.readouterr()
    assert set(shown.out.strip()) == {"."}
    assert (shown.out[-1], shown.err) == ("\n", "")
    assert sorted((tmp_path / "log").read_text().splitlines()) == sorted(
        f"<{stream}> {number}" for stream in ("stdout", "stderr") for number in range(3)
    )


def test_a_failure_names_the_log_and_shows_its_end(tmp_path):
    log = tmp_path / "log"
    with pytest.raises(Failure) as failure:
        progress.check_logged(talk(40, code=1), log, "Ask for help.")
    first, *others = str(failure.value).splitlines()
    assert first.endswith(f"failed. Ask for help. The whole log: {log}")
    assert others == ["Its end:", *(f"  {line}" for line in log.read_text().splitlines()[-progress.LAST_LINES :])]


def test_it_ends_with_the_command(tmp_path, monkeypatch):
    """Ctrl-C, or a kill, while a dot is due."""
    monkeypatch.setattr(progress, "_wait", interrupt)
    with pytest.raises(KeyboardInterrupt):
        progress.run_logged(talk(1, seconds=60), tmp_path / "log")
    assert interrupt.process.poll() is not None


def interrupt(process):
    """Do as Ctrl-C does."""
    interrupt.process = process
    raise KeyboardInterrupt


def test_a_command_whose_packages_cannot_be_had(tmp_path):
    """Real pip, with an unusual configuration and nothing to install from."""
    pytest.importorskip("ensurepip")
    pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "file:///nowhere", "PIP_CONFIG_FILE": os.devnull}
    variables = {**pip, "MCR_STATE": str(tmp_path), "PATH": str(tmp_path)}
    command = [sys.executable, "-m", "dev", "lint"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | variables, capture_output=True, text=True)
    [log] = (tmp_path / "logs").glob("lint-*.log")
    assert done.returncode == 1
    assert "nowhere" in log.read_text()
    assert all(line.startswith("--") or not line.strip(".") for line in done.stdout.splitlines()), done.stdout
    assert f"The whole log: {log}" in done.stderr
    assert "No matching distribution found" in done.stderr
