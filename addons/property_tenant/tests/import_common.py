"""What the tests of imports share: files, settings of Hypothesis, and the way through an import."""

import base64
import csv
import io
import os

from hypothesis import HealthCheck, settings

from ..calc.spreadsheet import open_sheet
from ..calc.spreadsheet_writer import Table, write_xlsx
from .common import PropertyCase

ALL = os.environ.get("PROPERTY_TEST_ALL") == "1"

#: the same examples every time, unless everything is tested
fuzzing = settings(
    max_examples=5000 if ALL else 150,
    derandomize=not ALL,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

UNIT_HEADER = ["Estate Code", "Building Code", "Unit Code", "Floor", "Usage", "Gross Area (m²)"]
PARTY_HEADER = ["Party Reference", "Party Name", "Person or Company", "Phone", "Email"]
OCCUPANCY_HEADER = [
    "Estate Code",
    "Unit Code",
    "Party Reference",
    "Owner or Tenant",
    "From",
    "Until",
]


def csv_bytes(rows, encoding="utf-8", delimiter=","):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def xlsx_bytes(rows):
    return write_xlsx([Table("Sheet", rows[0], rows[1:])])


def read_all(data, **arguments):
    """Heading and rows of a file as plain lists."""
    sheet = open_sheet(data, **arguments)
    return sheet.header, list(sheet.rows)


class ImportCase(PropertyCase):
    """A manager and an officer of the estate, and the way through an import."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.make_user("manager", cls.estate, login="imp_manager")
        cls.officer = cls.make_user("officer", cls.estate, login="imp_officer")
        cls.tenant.ref = "P-1"
        cls.owner.ref = "P-2"

    def new_import(self, kind, rows, user=None, **values):
        """An import of ``rows`` (heading first) or of bytes, in the draft."""
        data = rows if isinstance(rows, bytes) else xlsx_bytes(rows)
        return (
            self.env["property.import"]
            .with_user(user or self.manager)
            .create(
                {
                    "kind": kind,
                    "file": base64.b64encode(data),
                    "filename": "test.xlsx",
                    **values,
                }
            )
        )

    def check(self, kind, rows, user=None, **values):
        record = self.new_import(kind, rows, user, **values)
        record.action_check()
        self.assertEqual(record.state, "checked")
        return record

    def run_import(self, kind, rows, user=None, **values):
        record = self.check(kind, rows, user, **values)
        record.action_import()
        self.assertEqual(record.state, "done")
        return record

    def counts(self, record):
        """(new, changed, unchanged, bad)"""
        return (
            record.count_created,
            record.count_updated,
            record.count_unchanged,
            record.count_bad,
        )

    def reasons(self, record):
        """Mapping from the number of every bad row to its reasons."""
        bad = record.line_ids.filtered(lambda line: line.result == "bad")
        return {line.number: line.reason for line in bad}
