from odoo import api, models

from ..calc.columns import Column

VALUES = ("date_end", "self_use", "persons", "contract_number", "state")


class PropertyImportKindOccupancy(models.AbstractModel):
    """Who holds which unit, as what and from when."""

    _name = "property.import.kind.occupancy"
    _inherit = "property.import.kind"
    _description = "Import of Occupancies"

    _kind = "occupancy"
    _kind_sequence = 30
    _kind_model = "property.occupancy"
    _kind_group = "property_tenant.group_officer"
    _kind_key = ("estate", "unit", "kind", "date_start")
    # holders of one unit follow each other: those who left must go first
    _kind_group_by = ("estate", "unit")

    @api.model
    def _kind_label(self):
        return self.env._("Occupancies")

    @api.model
    def _columns(self):
        _ = self.env._
        return [
            Column(
                "estate",
                _("Estate Code"),
                required=True,
                max_length=64,
                aliases=("Estate", "项目", "项目编号", "项目代码", "小区", "小区编号"),
                sample="HP",
            ),
            Column(
                "unit",
                _("Unit Code"),
                required=True,
                max_length=64,
                aliases=("Unit", "Room", "单元", "单元编号", "房号", "房间号", "房屋编号"),
                sample="A-1203",
            ),
            Column(
                "party",
                _("Party Reference"),
                required=True,
                max_length=64,
                aliases=("Reference", "Ref", "编号", "客户编号", "业户编号"),
                sample="P-00017",
            ),
            Column(
                "kind",
                _("Owner or Tenant"),
                "selection",
                required=True,
                aliases=("Kind", "Type", "类型", "类别", "身份", "业户类型"),
                selection=self._selection(
                    "property.occupancy",
                    "kind",
                    {"owner": ("业主", "产权人"), "tenant": ("租户", "租客", "承租人")},
                ),
            ),
            Column(
                "date_start",
                _("From"),
                "date",
                required=True,
                aliases=("Start", "Start Date", "开始日期", "起始日期", "入住日期", "起租日"),
                sample="2024-03-01",
            ),
        ] + self._lease_columns()

    def _lease_columns(self):
        """The terms of an occupancy, as opposed to which it is."""
        _ = self.env._
        return [
            Column(
                "date_end",
                _("Until"),
                "date",
                aliases=("End", "End Date", "结束日期", "截止日期", "到期日期", "止租日"),
                help=_("The last day, included."),
            ),
            Column(
                "self_use",
                _("Used by Owner"),
                "boolean",
                aliases=("Self Use", "自用", "业主自用"),
                help=_("The owner uses the unit himself."),
            ),
            Column(
                "persons",
                _("Number of Persons"),
                "integer",
                aliases=("Persons", "人数", "居住人数"),
                sample="3",
            ),
            Column(
                "contract_number",
                _("Contract Number"),
                max_length=64,
                aliases=("Contract", "Lease", "合同号", "合同编号", "租约编号"),
            ),
            Column(
                "payer",
                _("Bills To"),
                max_length=64,
                aliases=("Payer", "付款人", "缴费人"),
                help=_("Reference of the party that gets the bills; empty: the party itself."),
            ),
            Column(
                "state",
                _("State"),
                "selection",
                aliases=("Status", "状态"),
                selection=self._selection("property.occupancy", "state"),
                help=_("Empty for a new occupancy: what follows from its dates."),
            ),
        ]

    def _prepare(self, rows, options):
        estates = self._find_estates(rows)
        units = self._find_units(rows, estates)
        parties = self._find_parties(rows)
        payers = self._find_parties(rows, "payer")
        on_record = self._find_on_record(units)
        existing = on_record.grouped(lambda occ: (occ.unit_id, occ.kind, occ.date_start))
        today = {estate: estate._today() for estate in estates.values()}
        for row in rows:
            if row.reasons:
                continue
            values = row.values
            estate = estates[values["estate"]]
            unit = units[estate, values["unit"]]
            party = parties[values["party"]]
            vals = {name: values[name] for name in VALUES if values.get(name) is not None}
            if values.get("payer"):
                vals["payer_id"] = payers[values["payer"]].id
            self._check_values(row)
            row.record = self._choose_existing(
                existing.get((unit, values["kind"], values["date_start"])), values
            )
            if row.record:
                self._check_party(row, party)
                row.vals = self._changes(row.record, vals)
            else:
                row.vals = {
                    "unit_id": unit.id,
                    "partner_id": party.id,
                    "kind": values["kind"],
                    "date_start": values["date_start"],
                    "state": self._state_by_dates(values, today[estate]),
                    **vals,
                }
            row.extra["hold"] = (unit, values["kind"])
        self._check_overlaps(rows, on_record)

    def _find_on_record(self, units):
        return self.env["property.occupancy"].search(
            [("unit_id", "in", [unit.id for unit in units.values()])]
        )

    def _choose_existing(self, found, values):
        """The occupancy that a row means: a cancelled one only if the row says so
        and no other begins on that day."""
        if not found:
            return None
        live = found.filtered(lambda occupancy: occupancy.state != "cancelled")
        if live or values.get("state") == "cancelled":
            return (live or found)[:1]
        return None

    def _check_values(self, row):
        values = row.values
        end = values.get("date_end")
        if end and end < values["date_start"]:
            row.fail(
                self.env._(
                    "The occupancy would end on %(end)s, before it begins on %(start)s. Correct one"
                    " of the dates.",
                    end=end,
                    start=values["date_start"],
                )
            )
        if values.get("self_use") and values["kind"] != "owner":
            row.fail(
                self.env._("Only an owner's occupancy can be used by the owner. Correct the row.")
            )
        if (values.get("persons") or 0) < 0:
            row.fail(
                self.env._(
                    "The number of persons %(count)s is negative. Correct it.",
                    count=values["persons"],
                )
            )

    def _check_party(self, row, party):
        if row.record.partner_id == party:
            return
        row.fail(
            self.env._(
                "%(unit)s is held by %(holder)s from %(start)s, not by %(party)s. Correct the row,"
                " or cancel or end that occupancy first.",
                unit=row.record.unit_id.display_name,
                holder=row.record.partner_id.display_name,
                start=row.record.date_start,
                party=party.display_name,
            )
        )

    def _check_overlaps(self, rows, on_record):
        """Refuse rows in whose days another party holds the unit, on record or
        by an earlier row. The database guards it; this names the other."""
        meant = {row.record.id for row in rows if row.record and not row.reasons}
        holds = {}
        for occupancy in on_record:
            if occupancy.state != "cancelled" and occupancy.id not in meant:
                holds.setdefault((occupancy.unit_id, occupancy.kind), []).append(
                    (occupancy.date_start, occupancy.date_end, occupancy.partner_id.display_name)
                )
        for row in rows:
            state = row.vals.get("state") or row.record and row.record.state
            if row.reasons or state == "cancelled":
                continue
            start = row.values["date_start"]
            end = row.values.get("date_end") or (row.record and row.record.date_end) or None
            others = holds.setdefault(row.extra["hold"], [])
            for other_start, other_end, holder in others:
                if (not end or other_start <= end) and (not other_end or start <= other_end):
                    row.fail(
                        self.env._(
                            "Unit %(unit)s is held by %(holder)s from %(start)s until %(end)s. End"
                            " that occupancy first, or begin the day after it.",
                            unit=row.values["unit"],
                            holder=holder,
                            start=other_start,
                            end=other_end or self.env._("further notice"),
                        )
                    )
                    break
            else:
                others.append((start, end, self.env._("the party of row %s", row.number)))

    def _state_by_dates(self, values, today):
        """State of a new occupancy for which the file names none."""
        if values["date_start"] > today:
            return "reserved"
        if values.get("date_end") and values["date_end"] < today:
            return "ended"
        return "active"
