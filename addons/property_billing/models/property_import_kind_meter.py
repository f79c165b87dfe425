from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.property_tenant.calc.columns import Column

VALUES = (
    "multiplier",
    "digits",
    "decimals",
    "registers",
    "payer",
    "location",
    "route_sequence",
    "date_installed",
    "date_removed",
    "date_calibration_due",
)

COMMODITY_SPELLINGS = {
    "water_cold": ("冷水", "自来水", "水", "water", "cold water"),
    "water_hot": ("热水", "hot water"),
    "electricity": ("电", "电力", "用电", "power"),
    "gas": ("燃气", "天然气", "煤气"),
    "heat": ("供暖", "暖气", "热能", "heating"),
    "cooling": ("供冷", "空调", "冷量", "air conditioning"),
}


class PropertyImportKindMeter(models.AbstractModel):
    """Meters by estate, commodity and number; the parent meter may stand anywhere
    in the same file."""

    _name = "property.import.kind.meter"
    _inherit = "property.import.kind"
    _description = "Import of Meters"

    _kind = "meter"
    _kind_sequence = 50
    _kind_model = "property.meter"
    _kind_group = "property_tenant.group_billing_supervisor"
    _kind_key = ("estate", "commodity", "number")
    _kind_group_by = ("estate",)

    @api.model
    def _kind_label(self):
        return self.env._("Meters")

    def _is_allowed(self):
        return super()._is_allowed() or self.env.user.has_group("property_tenant.group_manager")

    @api.model
    def _columns(self):
        return self._place_columns() + self._dial_columns()

    def _place_columns(self):
        _ = self.env._
        return [
            Column(
                "estate",
                _("Estate Code"),
                required=True,
                max_length=64,
                aliases=("Estate", "项目", "项目编号", "项目代码", "小区编号"),
                sample="HP",
            ),
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
                required=True,
                aliases=("Kind of Meter", "能源类型", "表类型", "仪表类型", "类型"),
                selection=self._selection("property.meter", "commodity", COMMODITY_SPELLINGS),
            ),
            Column(
                "unit",
                _("Unit Code"),
                max_length=64,
                aliases=("Unit", "单元", "房号", "房间号", "单元编号"),
                help=_("Empty for a meter of the whole estate or building."),
                sample="A-1203",
            ),
            Column(
                "building",
                _("Building Code"),
                max_length=64,
                aliases=("Building", "楼栋", "楼号", "楼栋编号"),
                help=_("For meters without a unit."),
                sample="A",
            ),
            Column(
                "parent",
                _("Parent Meter Number"),
                max_length=64,
                aliases=("Parent", "Parent Meter", "上级表", "上级表号", "总表", "总表号"),
                sample="W-MAIN",
            ),
        ]

    def _dial_columns(self):
        _ = self.env._
        return [
            Column(
                "multiplier", _("Multiplier"), "decimal", aliases=("倍率", "CT Ratio"), sample="1"
            ),
            Column("digits", _("Digits"), "integer", aliases=("位数", "表盘位数"), sample="6"),
            Column("decimals", _("Decimals"), "integer", aliases=("小数位数",), sample="0"),
            Column(
                "registers",
                _("Registers"),
                "selection",
                aliases=("Register", "费率", "计度方式"),
                selection=self._selection(
                    "property.meter",
                    "registers",
                    {"single": ("单一", "单费率"), "peak_shoulder_valley": ("峰平谷", "分时")},
                ),
            ),
            Column(
                "payer",
                _("Payer"),
                "selection",
                aliases=("付费方",),
                selection=self._selection("property.meter", "payer"),
            ),
            Column("location", _("Location"), max_length=200, aliases=("位置", "安装位置")),
            Column(
                "route_sequence", _("Place in Route"), "integer", aliases=("抄表顺序",), sample="10"
            ),
            Column("date_installed", _("Installed on"), "date", aliases=("安装日期",)),
            Column("date_removed", _("Removed on"), "date", aliases=("拆除日期",)),
            Column(
                "date_calibration_due",
                _("Calibration Due"),
                "date",
                aliases=("检定到期", "校验到期日"),
            ),
        ]

    def _prepare(self, rows, options):
        estates = self._find_estates(rows)
        units = self._find_units(rows, estates)
        buildings = self._find_buildings(estates)
        meters = self._find_meters(rows)
        in_file = {(row.values["commodity"], row.values["number"]) for row in rows}
        for row in rows:
            estate = estates.get(row.values["estate"])
            if row.reasons or not estate:
                continue
            key = (row.values["commodity"], row.values["number"])
            row.record = meters.get(key)
            if row.record and row.record.estate_id != estate:
                row.fail(
                    self.env._(
                        "Meter %(meter)s belongs to the estate %(estate)s. Correct the number or"
                        " the estate.",
                        meter=row.values["number"],
                        estate=row.record.estate_id.code,
                    )
                )
                continue
            vals = {name: row.values[name] for name in VALUES if row.values.get(name) is not None}
            if row.values.get("unit"):
                vals["unit_id"] = units[estate, row.values["unit"]].id
            elif row.values.get("building"):
                self._set_building(row, vals, estate, buildings)
            self._set_parent(row, vals, meters, in_file)
            self._check_dial(row)
            if row.record:
                row.vals = self._changes(row.record, vals)
            else:
                row.vals = {
                    "name": row.values["number"],
                    "commodity": row.values["commodity"],
                    "estate_id": estate.id,
                    "date_installed": False,
                    **vals,
                }

    def _find_buildings(self, estates):
        buildings = self.env["property.building"].search(
            [("estate_id", "in", [estate.id for estate in estates.values()])]
        )
        return {(building.estate_id, building.code): building for building in buildings}

    def _find_meters(self, rows):
        """Meters of the company by (commodity, number), parents included."""
        numbers = {row.values.get(column) for row in rows for column in ("number", "parent")}
        meters = (
            self.env["property.meter"]
            .with_context(active_test=False)
            .search(
                [("name", "in", list(numbers - {None})), ("company_id", "=", self.env.company.id)]
            )
        )
        return {(meter.commodity, meter.name): meter for meter in meters.with_env(self.env)}

    def _set_building(self, row, vals, estate, buildings):
        building = buildings.get((estate, row.values["building"]))
        if building:
            vals["building_id"] = building.id
            return
        row.fail(
            self.env._(
                "The estate %(estate)s has no building %(building)s. Correct the code, or create"
                " the building.",
                estate=estate.code,
                building=row.values["building"],
            )
        )

    def _check_dial(self, row):
        """Before the database refuses it, which would take a query more for each half."""
        meter, values = row.values["number"], row.values
        if (values.get("multiplier") or 1) <= 0:
            row.fail(
                self.env._(
                    "The multiplier %(multiplier)s of meter %(meter)s is not above zero.",
                    multiplier=values["multiplier"],
                    meter=meter,
                )
            )
        if not (0 <= (values.get("digits") or 0) <= 12 and 0 <= (values.get("decimals") or 0) <= 3):
            row.fail(
                self.env._(
                    "The dial of meter %(meter)s cannot be: up to 12 digits before and up to 3"
                    " after the decimal point.",
                    meter=meter,
                )
            )

    def _set_parent(self, row, vals, meters, in_file):
        number = row.values.get("parent")
        if not number:
            return
        key = (row.values["commodity"], number)
        if key in meters:
            vals["parent_id"] = meters[key].id
        elif key in in_file:
            row.extra["parent"] = key
        else:
            row.fail(self._unknown_parent(row))

    def _unknown_parent(self, row):
        return self.env._(
            "The parent meter %(parent)s of meter %(meter)s does not exist, or its own row is"
            " refused. Correct the number, or import that meter too.",
            parent=row.values["parent"],
            meter=row.values["number"],
        )

    def _write_or_halve(self, rows, options):
        # Parents first: whatever part of the rows is written, theirs is written before.
        by_key = {(row.values["commodity"], row.values["number"]): row for row in rows}

        def depth(row):
            seen, key = 0, row.extra.get("parent")
            while key in by_key and seen <= len(rows):
                seen, key = seen + 1, by_key[key].extra.get("parent")
            return seen

        return super()._write_or_halve(sorted(rows, key=depth), options)

    def _after_write(self, rows, options):
        waiting = [row for row in rows if row.extra.get("parent")]
        if not waiting:
            return
        meters = self._find_meters(waiting)
        children = {}
        for row in waiting:
            parent = meters.get(row.extra["parent"])
            if not parent:
                raise UserError(self._unknown_parent(row))
            children.setdefault(parent, self.env["property.meter"])
            children[parent] |= row.record
        for parent, below in children.items():
            below.write({"parent_id": parent.id})
