from odoo import api, models

from ..calc.cells import fold
from ..calc.columns import Column


class PropertyImportKindItem(models.AbstractModel):
    """Keys, cards and whatever else is lent: by number, or by quantity and unit."""

    _name = "property.import.kind.item"
    _inherit = "property.import.kind"
    _description = "Import of Things Lent"

    _kind = "item"
    _kind_sequence = 40
    _kind_model = "property.item"
    _kind_group = "property_tenant.group_officer"
    _kind_key = ("estate", "kind", "serial")
    # pieces without a number are not unique in the database
    _kind_guard = True

    @api.model
    def _kind_label(self):
        return self.env._("Things Lent")

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
                "kind",
                _("Kind of Thing"),
                required=True,
                max_length=200,
                aliases=("Kind", "种类", "类型", "物品", "物品种类", "名称"),
                help=_("As it is called under Kinds, in any language."),
                sample="Door key",
            ),
            Column(
                "serial",
                _("Serial Number"),
                max_length=64,
                aliases=("Number", "Serial", "编号", "卡号", "钥匙号", "序列号"),
                help=_("For kinds that are told apart by numbers."),
            ),
            Column(
                "unit",
                _("Unit Code"),
                max_length=64,
                aliases=("Unit", "Room", "单元", "单元编号", "房号", "房间号"),
                help=_("The unit whose door, mailbox or parking space it opens."),
                sample="A-1203",
            ),
            Column(
                "name",
                _("Label"),
                max_length=200,
                aliases=("标签", "说明", "用途"),
                help=_("Which one it is: front door, balcony, gate 2."),
            ),
            Column(
                "location",
                _("Place"),
                max_length=200,
                aliases=("Box", "存放位置", "位置", "钥匙箱"),
                help=_("Box and hook, drawer, shelf."),
            ),
            Column(
                "quantity",
                _("Quantity"),
                "integer",
                aliases=("Pieces", "数量", "件数", "把数"),
                help=_("How many are in the box; empty: one."),
                sample="3",
            ),
        ]

    def _prepare(self, rows, options):
        estates = self._find_estates(rows)
        units = self._find_units(rows, estates)
        kinds = self._find_kinds()
        for row in rows:
            estate = estates.get(row.values["estate"])
            kind = kinds.get(fold(row.values["kind"]))
            if not kind:
                row.fail(
                    self.env._(
                        "There is no kind of thing called %(kind)s. Correct it, or ask a"
                        " supervisor to add the kind.",
                        kind=row.values["kind"],
                    )
                )
            if not (estate and kind):
                continue
            row.extra["place"] = (estate, kind, units.get((estate, row.values.get("unit"))))
            self._check_row(row, kind)
        good = [row for row in rows if row.extra.get("place") and not row.reasons]
        existing = self._find_existing(good)
        for row in good:
            self._set_values(row, existing)

    def _find_kinds(self):
        """Kinds by their names in every language: a handful."""
        kinds = self.env["property.item.kind"].search([])
        found = {}
        for lang, _name in self.env["res.lang"].get_installed():
            for kind in kinds.with_context(lang=lang):
                found[fold(kind.name)] = kind.with_env(self.env)
        return found

    def _check_row(self, row, kind):
        serial, quantity = row.values.get("serial"), row.values.get("quantity")
        if kind.counting == "serial" and not serial:
            row.fail(
                self.env._(
                    "%(kind)s are told apart by numbers. Fill in the number.", kind=kind.name
                )
            )
        if quantity is not None and (quantity < 0 or (serial and quantity > 1)):
            row.fail(
                self.env._(
                    "%(kind)s cannot be in the box %(quantity)s times. Correct the quantity.",
                    kind=kind.name,
                    quantity=quantity,
                )
            )

    @staticmethod
    def _key_of(estate, kind, unit, serial, name):
        """What tells a thing apart: its number, or else its unit and label."""
        if serial:
            return (estate, kind, serial)
        return (estate, kind, unit, fold(name or ""))

    def _find_existing(self, rows):
        """Things on record by what tells them apart; one query."""
        places = [row.extra["place"] for row in rows]
        items = self.env["property.item"].search(
            [
                ("estate_id", "in", list({estate.id for estate, _kind, _unit in places})),
                ("kind_id", "in", list({kind.id for _estate, kind, _unit in places})),
            ]
        )
        empty = self.env["property.unit"]
        return {
            self._key_of(
                item.estate_id, item.kind_id, item.unit_id or empty, item.serial, item.name
            ): item
            for item in items
        }

    def _set_values(self, row, existing):
        estate, kind, unit = row.extra["place"]
        unit = unit or self.env["property.unit"]
        values = row.values
        key = self._key_of(estate, kind, unit, values.get("serial"), values.get("name"))
        row.record = existing.get(key)
        details = {
            "unit_id": unit.id or None,
            "name": values.get("name"),
            "location": values.get("location"),
        }
        quantity = values.get("quantity")
        if not row.record:
            row.vals = {
                "estate_id": estate.id,
                "kind_id": kind.id,
                "serial": values.get("serial"),
                "quantity": 1 if quantity is None else quantity,
                **details,
            }
            return
        there = row.record.quantity + row.record.quantity_out
        if quantity is not None and quantity != there:
            row.fail(
                self.env._(
                    "%(item)s is on record with %(there)s pieces, not %(quantity)s. Count it"
                    " instead, so that the difference is explained.",
                    item=row.record.display_name,
                    there=there,
                    quantity=quantity,
                )
            )
        row.vals = self._changes(row.record, details)
