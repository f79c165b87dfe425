"""Folders and the way the commands speak."""

import contextlib
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETUP = ROOT / "setup"
CACHE = Path(os.environ["PROPERTY_CACHE_FOLDER"])
STATE = Path(os.environ["PROPERTY_STATE_FOLDER"])
ODOO_DATA = Path(os.environ["ODOO_DATA_DIR"])
VENV = Path(os.environ["PROPERTY_VENV"])
ODOO_LIB = Path(os.environ["PROPERTY_ODOO_LIB"])

_TTY = sys.stderr.isatty()
BOLD, RED, YELLOW, PLAIN = (
    ("\033[1m", "\033[31m", "\033[33m", "\033[0m") if _TTY else ("", "", "", "")
)


class Failure(Exception):
    """Ends the command; its text is shown to the user as it is."""


def speak(text):
    # Whoever listened may have gone (./run | head): that must not disturb the work.
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr, flush=True)


def say(text):
    speak(f"{BOLD}▸{PLAIN} {text}")


def warn(text):
    speak(f"{YELLOW}! {text}{PLAIN}")


def complain(text):
    speak(f"{RED}✗ {text}{PLAIN}")


class Clock:
    """How long a step took: ``with Clock("template"): …`` says so at its end."""

    times = []

    def __init__(self, name, quiet=False):
        self.name, self.quiet = name, quiet

    def __enter__(self):
        self.start = time.monotonic()
        return self

    @property
    def seconds(self):
        return time.monotonic() - self.start

    def __exit__(self, kind, error, trace):
        Clock.times.append((self.name, self.seconds))
        if not self.quiet and kind is None:
            say(f"{self.name}: {self.seconds:.0f} s")
