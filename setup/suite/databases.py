"""Databases: the template with all dependencies, its copies, and what they are told."""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid

import psycopg2
from psycopg2 import sql

from . import manifests
from .places import CACHE, ODOO_DATA, ODOO_LIB, SETUP, STATE, VENV, Failure, say, warn

# The first one is everybody's default.
LANGUAGES = "en_US,zh_CN"
TEMPLATE_PREFIX = "property_template_"
KEPT_TEMPLATES = 3
#: a database is dropped again so many times while PostgreSQL is at work in it
DROP_ATTEMPTS = 30
LOADING = re.compile(r"odoo\.modules\.loading: Loading module (\S+) \((\d+)/(\d+)\)")
DEMO = re.compile(r"odoo\.modules\.loading: Module (\S+): loading demo")
PROBLEM = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (WARNING|ERROR|CRITICAL) ")


@contextlib.contextmanager
def maintenance():
    """An autocommitting cursor on the database ``postgres``."""
    connection = psycopg2.connect(dbname="postgres")
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


@contextlib.contextmanager
def inside(name):
    """A cursor on the database ``name``; committed at the end."""
    connection = psycopg2.connect(dbname=name)
    try:
        with connection, connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def names(prefix=""):
    with maintenance() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid",
            [prefix],
        )
        return [row[0] for row in cursor.fetchall()]


def is_private():
    """Whether the server is the one that setup/postgres.sh has started."""
    return os.environ.get("PGHOST", "").startswith(str(STATE))


def exists(name):
    return name in names(name)


def drop(name):
    statement = sql.SQL("DROP DATABASE IF EXISTS {} (FORCE)").format(sql.Identifier(name))
    for last in (False,) * DROP_ATTEMPTS + (True,):
        try:
            with maintenance() as cursor:
                cursor.execute(statement)
            break
        except psycopg2.errors.InsufficientPrivilege:
            # PostgreSQL itself is cleaning up in there, and may not be interrupted by us
            if last:
                raise
            time.sleep(1)
    shutil.rmtree(filestore(name), ignore_errors=True)


def filestore(name):
    return ODOO_DATA / "filestore" / name


def copy(source, target):
    """``source`` must have no connections. Files are linked: Odoo never writes into one."""
    with maintenance() as cursor:
        cursor.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(target), sql.Identifier(source)
            )
        )
    shutil.rmtree(filestore(target), ignore_errors=True)
    if filestore(source).exists():
        shutil.copytree(filestore(source), filestore(target), copy_function=_link)


def _link(source, target, **_kwargs):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def rename(source, target):
    with maintenance() as cursor:
        cursor.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(source), sql.Identifier(target)
            )
        )
    shutil.rmtree(filestore(target), ignore_errors=True)
    if filestore(source).exists():
        filestore(source).rename(filestore(target))


def note(name, text=None):
    """Reads or writes the database's comment: what it was made from."""
    with maintenance() as cursor:
        if text is not None:
            cursor.execute(
                sql.SQL("COMMENT ON DATABASE {} IS %s").format(sql.Identifier(name)),
                [text],
            )
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        )
        return (cursor.fetchone() or [None])[0]


@contextlib.contextmanager
def lock(name):
    """One process at a time makes or changes the shared database ``name``."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / f"{name}.lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another command that works on {name}…")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def versions_hash():
    """Fingerprint of Odoo and the libraries."""
    digest = hashlib.sha256(str(ODOO_LIB).encode())
    digest.update((SETUP / "requirements.lock").read_bytes())
    return digest.hexdigest()[:12]


def template_name(dependencies):
    digest = hashlib.sha256(versions_hash().encode())
    digest.update(" ".join([*dependencies, LANGUAGES]).encode())
    digest.update((SETUP / "new_database.py").read_bytes())
    return TEMPLATE_PREFIX + digest.hexdigest()[:12]


def ensure_template(log):
    """The database in which everything is installed that our addons depend on. Returns its name."""
    dependencies = manifests.dependencies()
    name = template_name(dependencies)
    with lock("template"):
        if exists(name):
            return name
        say(f"making the template database with {', '.join(dependencies)} (a minute or two, once)")
        draft = f"property_draft_{os.getpid()}"
        drop(draft)
        try:
            odoo(
                [
                    "-d",
                    draft,
                    "-i",
                    ",".join(dependencies),
                    "--load-language",
                    LANGUAGES,
                ],
                log,
                "template database",
            )
            shell(draft, SETUP / "new_database.py", log)
            rename(draft, name)
        except BaseException:
            drop(draft)
            raise
        for old in names(TEMPLATE_PREFIX)[:-KEPT_TEMPLATES]:
            # Another clone may be copying it just now.
            with contextlib.suppress(psycopg2.Error):
                drop(old)
    return name


def make_distinct(name):
    """A copy is a database of its own: it shares no secret with its template."""
    with inside(name) as cursor:
        for key in ("database.uuid", "database.secret"):
            cursor.execute(
                "UPDATE ir_config_parameter SET value = %s WHERE key = %s",
                [str(uuid.uuid4()), key],
            )


def allow_demo(name):
    """Lets our addons load their demo data in a database whose dependencies have none.

    Odoo loads an addon's demo data only where its dependencies have theirs; theirs (other
    companies, other people's invoices) would only be in the way.
    """
    with inside(name) as cursor:
        cursor.execute("UPDATE ir_module_module SET demo = TRUE WHERE state = 'installed'")


def odoo(arguments, log, what):
    """Runs Odoo until its databases are loaded, says how far it is, and returns its problems.

    The whole output is appended to ``log``. Raises Failure when Odoo fails.
    """
    command = [VENV / "bin" / "odoo", *arguments, "--stop-after-init", "--no-http"]
    # The job runner is for servers only.
    environ = os.environ | {"ODOO_QUEUE_JOB_CHANNELS": "root:0"}
    problems, last = [], []
    with (
        open(log, "a") as file,
        child(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environ,
        ) as process,
    ):
        progress = Progress(what)
        for line in process.stdout:
            file.write(line)
            last = [*last[-14:], line]
            if step := LOADING.search(line):
                progress.at(int(step[2]), int(step[3]), step[1])
            elif step := DEMO.search(line):
                progress.now(f"demo data of {step[1]}…")
            elif PROBLEM.match(line):
                problems.append(line.rstrip())
        progress.end()
    if process.returncode:
        raise Failure(
            f"Odoo failed while it worked on the {what}; the end of {log}:\n" + "".join(last)
        )
    return problems


def shell(name, script, log):
    """Runs ``script`` in ``odoo shell`` on the database ``name``."""
    with open(log, "a") as file, open(script) as source:
        environ = os.environ | {"ODOO_QUEUE_JOB_CHANNELS": "root:0"}
        with child(
            [VENV / "bin" / "odoo", "shell", "-d", name, "--no-http"],
            stdin=source,
            stdout=file,
            stderr=subprocess.STDOUT,
            env=environ,
        ) as process:
            process.wait()
    if process.returncode:
        raise Failure(f"{script.name} failed on the database {name}; see the end of {log}.")


class Progress:
    """Says how far a long step is: in place on a terminal, every few seconds elsewhere."""

    def __init__(self, what, every=10):
        self.what, self.every = what, every
        self.live = sys.stderr.isatty() and threading.current_thread() is threading.main_thread()
        self.said = time.monotonic()

    def at(self, done, total, text):
        if self.live or time.monotonic() - self.said > self.every:
            self.now(f"{done}/{total} {text}")

    def now(self, text):
        self.said = time.monotonic()
        if self.live:
            print(f"\r\033[K  {self.what}: {text}", end="", file=sys.stderr, flush=True)
        else:
            say(f"{self.what}: {text}")

    def end(self):
        if self.live:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


_children = set()


@contextlib.contextmanager
def child(command, **options):
    """A process that does not outlive this one, nor an interruption."""
    process = subprocess.Popen(command, start_new_session=True, **options)
    _children.add(process)
    try:
        yield process
        process.wait()
    finally:
        stop(process)
        _children.discard(process)


def stop(process, patience=10):
    """Ends ``process`` and what it has started."""
    if process.poll() is None:
        for number in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            try:
                process.wait(patience)
                break
            except subprocess.TimeoutExpired:
                warn(f"{process.args[0]} takes long to stop…")


def stop_children():
    for process in list(_children):
        stop(process)


def stop_on_signals():
    """Ctrl-C and SIGTERM end the command in an orderly way, whatever it is doing."""

    def interrupt(_number, _frame):
        # A second signal while things are being put in order must not disturb that.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda _number, _frame: None)
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)
