"""A process of its own on a database: a person at a desk, or a worker of the queue.

Started by ``tests/agents.py``; takes orders as lines of json on its standard input and answers
each with one line. It can be told to kill itself before its n-th statement, and it can be
killed from outside at any time: what it did not commit is then gone, as after a power cut.
"""

import functools
import json
import os
import signal
import sys
import time

from psycopg2 import errors

import odoo
from odoo import SUPERUSER_ID, api, sql_db
from odoo.exceptions import UserError, ValidationError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config

REFUSALS = (UserError, ValidationError)
LOCKED = "locked by another transaction"


class Pulse:
    """Counts statements and commits; the process dies before the one named by ``last``."""

    def __init__(self):
        self.count, self.last = 0, None
        for name in ("execute", "commit"):
            setattr(sql_db.Cursor, name, self.counted(getattr(sql_db.Cursor, name)))

    def counted(self, method):
        @functools.wraps(method)
        def call(*args, **kwargs):
            self.count += 1
            if self.count == self.last:
                os.kill(os.getpid(), signal.SIGKILL)
            return method(*args, **kwargs)

        return call


class Desk:
    """What the process can be told; each method is an order."""

    def __init__(self, database):
        self.registry = Registry(database)
        self.database = database
        self.cursor = self.patience = None
        self.pulse = Pulse()

    def env(self, login=None):
        if not self.cursor or self.cursor.closed:
            self.cursor = self.registry.cursor()
            if self.patience:
                self.cursor.execute("SET LOCAL lock_timeout = %s", [self.patience])
        env = api.Environment(self.cursor, SUPERUSER_ID, {})
        if login:
            user = env["res.users"].search([("login", "=", login)])
            env = api.Environment(self.cursor, user.id, {"lang": "en_US"})
        return env

    # --- a person -----------------------------------------------------------

    def build(self, **options):
        """Make the estate at size."""
        # this file is a program: it has no package to import from
        from odoo.addons.test_property.estate_at_size import (  # pylint: disable=odoo-addons-relative-import
            EstateAtSize,
        )

        EstateAtSize(self.env(), **options).build()
        self.commit()

    def call(self, model, method, domain=(), login=None, args=(), hold=False):
        """Call a method as its button does; the transaction stays open with ``hold``.

        Without ``hold``, conflicts with others are repeated as for any request.
        """
        self.rollback()
        env = self.env(login)

        def press():
            records = env[model].search(list(domain))
            if not records:
                raise LookupError(f"no {model} with {domain}")
            getattr(records, method)(*args)

        if hold:
            press()
            env.flush_all()
        else:
            retrying(press, env)
            self.rollback()

    def approve(self, login):
        self.rollback()
        env = self.env(login)
        env["property.approval"].search([("verdict", "=", "pending")]).action_approve("Right.")
        self.commit()

    def commit(self):
        self.cursor.commit()
        self.cursor.close()

    def rollback(self):
        if self.cursor and not self.cursor.closed:
            self.cursor.rollback()
            self.cursor.close()

    def wait_at_most(self, milliseconds):
        """From now on, give up where a lock is not had in time."""
        self.patience = milliseconds

    # --- a worker of the queue ------------------------------------------------

    def work(self, die_at=None, jobs=None, hold=False):
        """Do the waiting jobs one after the other, as the queue's runner has them done.

        :param die_at: kill this process before this statement
        :param jobs: stop after so many
        :param hold: stop before the commit of the last
        """
        start, before = time.monotonic(), self.pulse.count
        self.pulse.last = die_at and before + die_at
        done = 0
        while (jobs is None or done < jobs) and (uuid := self.next_job()):
            done += 1
            self.perform(uuid, hold and done == jobs)
        self.pulse.last = None
        return {
            "jobs": done,
            "statements": self.pulse.count - before,
            "seconds": time.monotonic() - start,
        }

    def next_job(self):
        with self.registry.cursor() as cr:
            # that a part may only be looked after later is for people's patience
            cr.execute(
                """UPDATE queue_job
                      SET state = 'enqueued', date_enqueued = now() AT TIME ZONE 'utc'
                    WHERE id = (SELECT id FROM queue_job WHERE state = 'pending'
                                 ORDER BY method_name = '_watch', priority, id
                                 LIMIT 1 FOR UPDATE SKIP LOCKED)
                RETURNING uuid"""
            )
            row = cr.fetchone()
        return row and row[0]

    def perform(self, uuid, hold):
        from odoo.addons.queue_job.controllers.main import RunJobController

        self.rollback()
        env = self.env()
        job = RunJobController._acquire_job(env, uuid)
        if job and hold:
            job.perform()
            job.set_done()
            job.store()
            env.flush_all()
        elif job:
            RunJobController._runjob(env, job)
            self.rollback()

    def find_dead(self, give_up=False):
        """What the queue's runner does ten seconds after a worker has died.

        :param give_up: the jobs have died too often and are not repeated
        """
        from odoo.addons.queue_job.jobrunner.runner import Database

        with self.registry.cursor() as cr:
            cr.execute(
                """UPDATE queue_job SET date_enqueued = date_enqueued - INTERVAL '11 seconds',
                          retry = CASE WHEN %s THEN max_retries + 1 ELSE retry END
                    WHERE state IN ('enqueued', 'started')""",
                [bool(give_up)],
            )
        runner = Database(self.database)
        try:
            runner.requeue_dead_jobs()
        finally:
            runner.close()


def answer(desk, line):
    order = json.loads(line)
    name = order.pop("order")
    try:
        return {"result": getattr(desk, name)(**order)}
    except REFUSALS as error:
        desk.rollback()
        return {"refused": str(error)}
    except errors.LockNotAvailable:
        desk.rollback()
        return {"refused": LOCKED}
    except Exception as error:
        desk.rollback()
        return {"failed": f"{type(error).__name__}: {error}"}


def say(value):
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def main(database):
    config.parse_config(["-d", database, "--no-http", "--max-cron-threads=0"], setup_logging=True)
    odoo.service.server.load_server_wide_modules()
    desk = Desk(database)
    say({"result": os.getpid()})
    for line in sys.stdin:
        say(answer(desk, line))
    desk.rollback()
    sql_db.close_all()


if __name__ == "__main__":
    main(sys.argv[1])
