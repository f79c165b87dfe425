"""./run: the demo database and the web client, until somebody stops it."""

import argparse
import os
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

from . import databases, manifests
from .mailbox import Mailbox
from .places import BOLD, PLAIN, SETUP, STATE, Clock, Failure, complain, say, warn

#: what the demo has beside the addons and their dependencies: China's chart of accounts
DEMO_ADDONS = ["l10n_cn"]
STARTED = re.compile(r"HTTP service \(werkzeug\) running on")


def arguments():
    parser = argparse.ArgumentParser(
        prog="./run",
        description="Prepares this machine, makes the demo database and serves it.",
    )
    parser.add_argument("--port", type=int, default=int(os.environ.get("PROPERTY_PORT") or 8069))
    parser.add_argument("--database", default="property_demo")
    parser.add_argument("--fresh", action="store_true", help="throw the demo database away first")
    return parser.parse_args()


def prepare(name, fresh, log):
    """Makes the demo database, or brings it up to date with the addons."""
    addons = list(manifests.product_addons())
    if not addons:
        raise Failure("There is no addon in the folder addons yet, so there is nothing to show.")
    state = f"{databases.versions_hash()} {manifests.tree_hash(addons)}"
    if fresh:
        databases.drop(name)
    with databases.lock(name):
        made = databases.note(name) if databases.exists(name) else None
        if made is None:
            create(name, addons, state, log)
        elif made != state:
            update(name, addons, made, state, log)
        else:
            say(f"the database {name} is up to date")


def create(name, addons, state, log):
    template = databases.ensure_template(log)
    say(f"making the database {name} with {', '.join(addons)} and their demo data")
    draft = f"property_draft_{os.getpid()}"
    with Clock("demo database"):
        databases.drop(draft)
        databases.drop(name)
        try:
            databases.copy(template, draft)
            databases.make_distinct(draft)
            show(
                databases.odoo(["-d", draft, "-i", ",".join(DEMO_ADDONS)], log, "chart of accounts")
            )
            databases.allow_demo(draft)
            show(databases.odoo(["-d", draft, "-i", ",".join(addons)], log, "demo database"))
            databases.rename(draft, name)
        except BaseException:
            databases.drop(draft)
            raise
        databases.note(name, state)


def update(name, addons, made, state, log):
    libraries_changed = made.split()[0] != state.split()[0]
    if libraries_changed:
        say(f"Odoo or its libraries changed since {name} was made: updating everything in it")
    else:
        say(f"the addons changed since {name} was made: updating it (./run --fresh makes it anew)")
    chosen = "base" if libraries_changed else ",".join(addons)
    with Clock("update"):
        try:
            # An addon that is new since then is installed, with its demo data.
            databases.allow_demo(name)
            show(databases.odoo(["-d", name, "-i", ",".join(addons), "-u", chosen], log, "update"))
        except Failure as failure:
            raise Failure(f"{failure}\nTo make the demo database anew: ./run --fresh") from failure
        databases.note(name, state)


def show(problems):
    for line in problems:
        warn(line)


def serve(name, port, log):
    url = f"http://127.0.0.1:{port}"
    with databases.inside(name) as cursor:
        # Where links in letters lead, and where PDFs get their style sheets from.
        for key in ("web.base.url", "report.url"):
            cursor.execute(
                "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [key, url],
            )
    mailbox = Mailbox(STATE / "mail", say)
    environ = os.environ | {
        "ODOO_SMTP_SERVER": "127.0.0.1",
        "ODOO_SMTP_PORT": str(mailbox.start()),
    }
    command = [databases.VENV / "bin" / "odoo", "-d", name]
    command += ["--http-interface", "127.0.0.1", "--http-port", str(port)]
    with (
        open(log, "a") as file,
        databases.child(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environ,
        ) as server,
    ):
        reader = threading.Thread(target=follow, args=[server, file], daemon=True)
        reader.start()
        wait_until_ready(server, url, log)
        announce(url, name, log)
        # Not one long wait: a signal that another thread receives is handled between two.
        while server.poll() is None:
            time.sleep(0.2)
    raise Failure(f"Odoo has stopped by itself (exit code {server.returncode}); see {log}.")


def follow(server, file):
    """Everything goes to the log, what is worse than information to the screen, too."""
    for line in server.stdout:
        file.write(line)
        file.flush()
        if databases.PROBLEM.match(line):
            warn(line.rstrip())


def wait_until_ready(server, url, log):
    say("starting Odoo…")
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if server.poll() is not None:
            tail = "".join(log.read_text(errors="replace").splitlines(keepends=True)[-5:])
            raise Failure(f"Odoo did not start; the end of {log}:\n{tail}")
        try:
            # Loads the registry as well, so that the first visitor does not wait for it.
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                url + "/web/login", timeout=60
            ).read()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise Failure(f"Odoo does not answer on {url} after two minutes; see {log}.")


def announce(url, name, log):
    rows = [
        line.split("\t")
        for line in (SETUP / "logins.txt").read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    ]
    widths = [max(len(row[i]) for row in rows) for i in (0, 1)]
    print(f"\n  {BOLD}{url}{PLAIN}   (database {name})\n", flush=True)
    print(f"  {'login':{widths[0]}}  {'password':{max(widths[1], 8)}}  who")
    for login, password, *who in rows:
        print(f"  {login:{widths[0]}}  {password:{max(widths[1], 8)}}  {' '.join(who)}")
    print(f"\n  Odoo's log: {log}\n  Mails are kept, not sent: {STATE / 'mail'}")
    print("  Ctrl-C stops everything.\n", flush=True)


def main():
    databases.stop_on_signals()
    options = arguments()
    start = time.monotonic()
    log = STATE / "log" / f"{options.database}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("")
    try:
        prepare(options.database, options.fresh, log)
        serve(options.database, options.port, log)
    except Failure as failure:
        complain(str(failure))
        return 1
    except KeyboardInterrupt:
        say(f"stopped after {time.monotonic() - start:.0f} s")
        return 0


if __name__ == "__main__":
    sys.exit(main())
