"""Texts with places that are filled in: ``{{unit}}`` becomes the unit's code.

Nothing in a text is ever run: a place is a name out of a fixed list, and what
is filled in is escaped. Whoever edits a text can do no harm with it.
"""

import re
from html import escape

PLACE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
#: an editor may have put marks into the middle of a place
BROKEN = re.compile(r"\{\{((?:[^{}<>]|<[^<>]*>)*)\}\}")
TAG = re.compile(r"<[^<>]*>")
#: what stands where nothing is known: a line to write on
BLANK = "________"


def mend(text):
    """``text`` with places that an editor has cut by marks made whole."""

    def whole(match):
        inner = TAG.sub("", match[1]).replace("&nbsp;", " ").replace("\xa0", " ").strip()
        return "{{" + inner + "}}"

    return BROKEN.sub(whole, text or "")


def places(text):
    """Names of the places in ``text``, each once, in order."""
    return list(dict.fromkeys(PLACE.findall(mend(text))))


def unknown_places(text, known):
    """Names in ``text`` that are not among ``known``."""
    return [name for name in places(text) if name not in known]


def fill(text, values, blank=BLANK):
    """``text`` (html) with its places filled from ``values`` ({name: plain text}).

    A value that is empty leaves a line to write on; lines of a value stay
    lines. A name that nobody knows stays as it is, so that it is seen.
    """

    def value_of(match):
        if match[1] not in values:
            return match[0]
        value = values[match[1]]
        if value is None or value is False or value == "":
            return blank
        return escape(str(value)).replace("\n", "<br/>")

    return PLACE.sub(value_of, mend(text))
