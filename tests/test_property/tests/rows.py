"""Makes a row of any model, so that who may see it can be tested.

What counts for access is whose the row is, not whether it makes sense: rows are
put into the table as they are, past the checks of their model. A model for which
this does not work is told how in ``VALUES``, or gets a builder in ``BUILDERS``.
"""

import json
from datetime import date, datetime

from odoo.fields import Command
from odoo.tools import SQL, mute_logger

#: what the checks in the database insist on
VALUES = {
    "account.move.line": {"display_type": "line_note"},
    "property.charge": {
        "kind": "event",
        "state": "draft",
        "source_model": "test",
        "source_id": 1,
        "source_key": "{code}",
    },
}

#: fields that say whose a row is, though they may be empty
PLACES = ("company_id", "estate_id", "building_id", "unit_id", "occupancy_id")


class RowMaker:
    """Rows that belong to one estate and its company."""

    def __init__(self, env, estate):
        self.env = env(su=True)
        self.estate = estate.sudo()
        self.code = estate.code
        self.made = {"property.estate": estate.id, "res.company": estate.company_id.id}
        self.pending = set()

    def remember(self, record):
        """Use ``record`` where a row of its model is needed."""
        self.made[record._name] = record.id

    def make(self, model):
        """Id of a row of ``model``."""
        if model not in self.made:
            if model in self.pending:
                raise ValueError(f"{model} needs a row of itself")
            self.pending.add(model)
            try:
                builder = BUILDERS.get(model)
                self.made[model] = builder(self) if builder else self.insert(model)
            finally:
                self.pending.discard(model)
        return self.made[model]

    def insert(self, model):
        Model = self.env[model]
        Model.flush_model()
        values = self.values_of(Model)
        columns = SQL(", ").join(SQL.identifier(name) for name in values)
        places = SQL(", ").join(SQL("%s", value) for value in values.values())
        [(row_id,)] = self.env.execute_query(
            SQL(
                "INSERT INTO %s (%s) VALUES (%s) RETURNING id",
                SQL.identifier(Model._table),
                columns,
                places,
            )
        )
        for field in Model._fields.values():
            if (
                field.type == "many2many"
                and field.store
                and field.comodel_name == "property.estate"
            ):
                with mute_logger("odoo.sql_db"):
                    self.env.execute_query(
                        SQL(
                            "INSERT INTO %s (%s, %s) VALUES (%s, %s)",
                            SQL.identifier(field.relation),
                            SQL.identifier(field.column1),
                            SQL.identifier(field.column2),
                            row_id,
                            self.estate.id,
                        )
                    )
        Model.invalidate_model()
        return row_id

    def values_of(self, Model):
        required = self.required_columns(Model._table)
        given = VALUES.get(Model._name, {})
        values = {}
        for name, field in Model._fields.items():
            if not field.store or not field.column_type or name == "id":
                continue
            if name in given:
                value = given[name]
                values[name] = value.format(code=self.code) if isinstance(value, str) else value
            elif name in ("create_uid", "write_uid"):
                values[name] = self.env.uid
            elif name in required or (name in PLACES and field.type == "many2one"):
                values[name] = self.value_of(Model, field)
        return {name: value for name, value in values.items() if value is not None}

    def required_columns(self, table):
        rows = self.env.execute_query(
            SQL(
                """SELECT column_name FROM information_schema.columns
                    WHERE table_schema = current_schema AND table_name = %s
                      AND is_nullable = 'NO' AND column_name <> 'id'""",
                table,
            )
        )
        return {name for (name,) in rows}

    def value_of(self, Model, field):
        if field.type == "many2one":
            return self.other_of(field.comodel_name)
        if field.type == "selection":
            default = Model.default_get([field.name]).get(field.name)
            return default or field.get_values(self.env)[0]
        if field.type in ("char", "text", "html"):
            text = self.text_of(Model)[: getattr(field, "size", None)]
            return json.dumps({"en_US": text}) if field.translate else text
        return {
            "boolean": False,
            "integer": 1,
            "many2one_reference": 1,
            "float": 1.0,
            "monetary": 1.0,
            "date": date(2024, 1, 1),
            "datetime": datetime(2024, 1, 1),
            "json": "{}",
        }.get(field.type)

    def text_of(self, Model):
        """What stands in the required texts of a row."""
        return f"{self.code} {Model._name}"

    def other_of(self, model):
        if model in self.made:
            return self.made[model]
        if model.startswith("property."):
            return None if model in self.pending else self.make(model)
        Model = self.env[model]
        domain = (
            Model._check_company_domain(self.estate.company_id)
            if ("company_id" in Model._fields)
            else []
        )
        return Model.search(domain, limit=1).id or self.make(model)


def _approval(maker):
    """A row about a record of the estate: who reads that one reads the row."""
    occupancy_id = maker.make("property.occupancy")
    row_id = maker.insert("property.approval")
    maker.env.execute_query(
        SQL(
            "UPDATE property_approval SET res_model = %s, res_id = %s, gate = %s WHERE id = %s"
            " RETURNING id",
            "property.occupancy",
            occupancy_id,
            "override",
            row_id,
        )
    )
    maker.env["property.approval"].invalidate_model()
    return row_id


def _about(model):
    """A row about a record of the estate, of the first kind that such rows are about."""

    def build(maker):
        Model = maker.env[model]
        kinds = Model._get_about_models()
        record_id = maker.make(kinds[0])
        row_id = maker.insert(model)
        maker.env.execute_query(
            SQL(
                "UPDATE %s SET res_model = %s, res_id = %s WHERE id = %s RETURNING id",
                SQL.identifier(Model._table),
                kinds[0],
                record_id,
                row_id,
            )
        )
        Model.invalidate_model()
        return row_id

    return build


def _deputy(maker):
    """Somebody else stands in."""
    users = maker.env["res.users"].search([("share", "=", False)], limit=2)
    deputy = maker.env["property.approval.deputy"].create(
        {
            "user_id": users[0].id,
            "deputy_id": users[1].id,
            "date_from": "2024-01-01",
            "date_to": "2024-01-31",
        }
    )
    return deputy.id


BUILDERS = {
    "property.approval": _approval,
    "property.approval.deputy": _deputy,
    "property.signature": _about("property.signature"),
}


def make_place(case, code, company=None):
    """An estate with a building, a unit and an occupancy, and its row maker."""
    values = {}
    if company:
        calendar = company.resource_calendar_id
        values = {"company_id": company.id, "calendar_id": calendar.id}
    estate = case.make_estate(code, **values)
    building = case.make_building(estate, f"{code}-1")
    unit = case.make_unit(building, f"{code}-101")
    partner = case.make_partner(f"Party of {code}")
    occupancy = case.make_occupancy(unit, partner, "owner", "2020-01-01")
    maker = RowMaker(case.env, estate)
    for record in (building, unit, partner, occupancy):
        maker.remember(record)
    return maker


def assign(user, estates):
    user.sudo().write({"estate_ids": [Command.set(estates.ids)], "estate_all": False})
