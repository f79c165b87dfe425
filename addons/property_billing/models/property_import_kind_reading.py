from odoo import api, models

from odoo.addons.property_tenant.calc.columns import Column

from ..calc.money import to_decimal
from ..calc.usage import UsageError, check_index
from .property_import_kind_meter import COMMODITY_SPELLINGS

READERS = ("collector", "steward", "engineer", "manager")


class PropertyImportKindReading(models.AbstractModel):
    """Readings by meter, register, day and kind; checked like those entered by hand."""

    _name = "property.import.kind.reading"
    _inherit = "property.import.kind"
    _description = "Import of Meter Readings"

    _kind = "reading"
    _kind_sequence = 51
    _kind_model = "property.meter.reading"
    _kind_group = "property_tenant.group_collector"
    _kind_key = ("number", "commodity", "register", "date", "kind")
    _kind_group_by = ("number",)

    @api.model
    def _kind_label(self):
        return self.env._("Meter Readings")

    def _is_allowed(self):
        return super()._is_allowed() or any(
            self.env.user.has_group(f"property_tenant.group_{role}") for role in READERS
        )

    @api.model
    def _columns(self):
        _ = self.env._
        return [
            Column(
                "number",
                _("Meter Number"),
                required=True,
                max_length=64,
                aliases=("Meter", "Number", "表号", "表具编号", "水表号", "电表号", "仪表编号"),
                sample="W-0101",
            ),
            Column(
                "commodity",
                _("Commodity"),
                "selection",
                aliases=("Kind of Meter", "能源类型", "表类型", "仪表类型"),
                selection=self._selection("property.meter", "commodity", COMMODITY_SPELLINGS),
                help=_("Needed only where two meters have the same number."),
            ),
            Column(
                "date",
                _("Date"),
                "date",
                required=True,
                aliases=("Reading Date", "抄表日期", "日期"),
            ),
            Column(
                "index",
                _("Index"),
                "decimal",
                required=True,
                aliases=("Reading", "读数", "示数", "表底数", "本期读数", "止码"),
                sample="1234",
            ),
            Column(
                "register",
                _("Register"),
                "selection",
                aliases=("费率", "时段"),
                selection=self._selection(
                    "property.meter.reading",
                    "register",
                    {"peak": ("峰",), "shoulder": ("平",), "valley": ("谷",)},
                ),
            ),
            Column(
                "kind",
                _("Kind"),
                "selection",
                aliases=("抄表类型",),
                selection=self._selection("property.meter.reading", "kind"),
            ),
            Column(
                "source",
                _("Source"),
                "selection",
                aliases=("来源",),
                selection=self._selection("property.meter.reading", "source"),
            ),
            Column(
                "reader",
                _("Read by"),
                max_length=128,
                aliases=("Reader", "抄表员"),
                help=_("Name or login."),
            ),
        ]

    def _prepare(self, rows, options):
        meters = self._find_meters(rows)
        readers = self._find_readers(rows)
        for row in rows:
            self._set_meter(row, meters)
            self._set_reader(row, readers)
        good = [row for row in rows if not row.reasons]
        existing = self._find_readings(good)
        for row in good:
            meter = row.extra["meter"]
            row.record = existing.get(self._key(row))
            if row.record:
                self._compare(row)
                continue
            row.vals = {
                "meter_id": meter.id,
                "register": row.values.get("register"),
                "date": row.values["date"],
                "kind": row.values.get("kind") or "regular",
                "source": row.values.get("source") or "import",
                "index_value": row.values["index"],
                "reader_id": row.extra.get("reader"),
            }

    def _find_meters(self, rows):
        numbers = {row.values["number"] for row in rows}
        meters = self.env["property.meter"].search(
            [("name", "in", list(numbers)), ("company_id", "=", self.env.company.id)]
        )
        return meters.grouped("name")

    def _find_readers(self, rows):
        names = {row.values.get("reader") for row in rows} - {None}
        if not names:
            return {}
        users = self.env["res.users"].search(
            ["|", ("login", "in", list(names)), ("name", "in", list(names))]
        )
        return {name: user.id for user in users for name in (user.name, user.login)}

    def _set_meter(self, row, meters):
        commodity = row.values.get("commodity")
        found = meters.get(row.values["number"], self.env["property.meter"])
        if commodity:
            found = found.filtered(lambda meter: meter.commodity == commodity)
        if not found:
            row.fail(
                self.env._(
                    "There is no meter %(meter)s among those you see. Correct the number, or import"
                    " the meter first.",
                    meter=row.values["number"],
                )
            )
            return
        if len(found) > 1:
            row.fail(
                self.env._(
                    "Several meters have the number %(meter)s. Fill in the commodity.",
                    meter=row.values["number"],
                )
            )
            return
        row.extra["meter"] = found
        index = row.values["index"]
        try:
            check_index(index, found.digits, found.decimals)
        except UsageError:
            row.fail(found._explain_impossible_index(index))
        if (row.values.get("register") or "") not in found._register_keys():
            row.fail(found._explain_wrong_register(row.values.get("register")))

    def _set_reader(self, row, readers):
        name = row.values.get("reader")
        if name and name not in readers:
            row.fail(
                self.env._(
                    "There is nobody named %(reader)s among the staff. Correct the name, or leave"
                    " it empty.",
                    reader=name,
                )
            )
        elif name:
            row.extra["reader"] = readers[name]

    def _key(self, row):
        return (
            row.extra["meter"].id,
            row.values.get("register") or "",
            row.values["date"],
            row.values.get("kind") or "regular",
        )

    def _find_readings(self, rows):
        days = [row.values["date"] for row in rows]
        if not days:
            return {}
        readings = self.env["property.meter.reading"].search(
            [
                ("meter_id", "in", list({row.extra["meter"].id for row in rows})),
                ("date", ">=", min(days)),
                ("date", "<=", max(days)),
                ("correction_of_id", "=", False),
            ]
        )
        return {
            (reading.meter_id.id, reading.register or "", reading.date, reading.kind): reading
            for reading in readings
        }

    def _compare(self, row):
        """The same reading again changes nothing; another index is a second reading."""
        reading, index = row.record, row.values["index"]
        row.vals = {}
        if index in (to_decimal(reading.raw_index), to_decimal(reading.index_value)):
            return
        if reading.state in ("accepted", "billed"):
            row.fail(
                self.env._(
                    "Meter %(meter)s was read at %(index)s on %(date)s, and that was accepted. Open"
                    " the reading to change it.",
                    meter=reading.meter_id.name,
                    index=reading.index_value,
                    date=reading.date,
                )
            )
        else:
            row.vals = {"index_value": index}

    def _write_rows(self, rows, options):
        Reading = self.env["property.meter.reading"]
        new = sorted((row for row in rows if row.record is None), key=lambda row: row.vals["date"])
        created = Reading._create_rows([self._to_orm(Reading, row.vals) for row in new])
        for row, record in zip(new, created, strict=True):
            row.record, row.result = record, "created"
        created._validate()
        for row in rows:
            if row.result == "created":
                continue
            row.result = "updated" if row.vals else "unchanged"
            if row.vals:
                row.record.action_reread(
                    float(row.vals["index_value"]), self.env._("Imported again.")
                )
