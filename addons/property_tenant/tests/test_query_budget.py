from lxml import etree

from odoo.tests import tagged

from .common import PropertyCase

FEW, MANY = 10, 100
#: what a list of a hundred may ask more than one of ten, for caches that fill on the way
ALLOWED = 3


@tagged("post_install", "-at_install")
class TestQueryBudget(PropertyCase):
    """The client's lists, cards and forms ask the database as often for 100 rows as for 10."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.units = cls.env["property.unit"].create(
            [
                {"code": f"Q-{n:03}", "building_id": cls.building.id, "area_gross": n}
                for n in range(MANY)
            ]
        )
        parties = cls.env["res.partner"].create([{"name": f"Party {n}"} for n in range(MANY)])
        cls.occupancies = cls.env["property.occupancy"].create(
            [
                {
                    "unit_id": unit.id,
                    "partner_id": party.id,
                    "kind": kind,
                    "self_use": kind == "owner",
                    "date_start": "2024-01-01",
                    "state": "active" if kind == "owner" else "moving_in",
                }
                for unit, party in zip(cls.units, parties, strict=True)
                for kind in ("owner", "tenant")
            ]
        )
        desk = cls.make_user("front_desk", cls.estate, login="budget_desk")
        cls.manager = cls.make_user("manager", cls.estate, login="budget_manager")
        asked = cls.occupancies.filtered(lambda occupancy: occupancy.kind == "tenant")
        cls.env.company.pm_require_identity = True
        for occupancy in asked.with_user(desk):
            occupancy.action_request_override("They bring the paper on Monday.")
        cls.approvals = cls.env["property.approval"].search([("res_id", "in", asked.ids)])
        cls.env.flush_all()

    def specification(self, model, view_type):
        """What the client reads for a view of ``model``; rows within a form with all columns."""

        def of(model, nodes):
            found = {}
            for node in nodes:
                field = model._fields[node.get("name")]
                inner = node.xpath("./list|./kanban")
                found[field.name] = {}
                if field.type in ("one2many", "many2many") and inner:
                    rows = self.env[field.comodel_name].with_user(self.manager)
                    found[field.name] = {"fields": of(rows, outermost(inner[0]))}
                elif field.relational:
                    found[field.name] = {"fields": {"display_name": {}}}
            return found

        def outermost(arch):
            nodes = arch.xpath(".//field")
            return [
                node
                for node in nodes
                if not any(above in nodes for above in node.iterancestors("field"))
            ]

        arch = etree.fromstring(model.get_view(view_type=view_type)["arch"])
        return of(model, outermost(arch))

    def queries(self, work):
        self.env.invalidate_all()
        work()  # what is cached once for the registry is no matter of rows
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        return self.env.cr.sql_log_count - before

    def assertFlat(self, what, work):
        few, many = (self.queries(lambda n=n: work(n)) for n in (FEW, MANY))
        self.assertGreater(few, 0, what)
        self.assertLessEqual(many, few + ALLOWED, f"{what}: {few} queries for {FEW} rows")

    def read_list(self, model, records, wanted):
        def read(n):
            found = model.web_search_read([("id", "in", records.ids)], wanted, limit=n)
            self.assertEqual(len(found["records"]), n)

        return read

    def read_groups(self, model, records, wanted, group):
        def read(n):
            model.web_read_group(
                [("id", "in", records[:n].ids)],
                [group],
                auto_unfold=True,
                unfold_read_specification=wanted,
                unfold_read_default_limit=MANY,
            )

        return read

    def test_lists_and_cards(self):
        for name, records in (
            ("property.unit", self.units),
            ("property.occupancy", self.occupancies),
            ("property.approval", self.approvals),
        ):
            model = self.env[name].with_user(self.manager)
            seen = records.with_user(self.manager)._filtered_access("read")
            self.assertGreaterEqual(len(seen), MANY)
            for view_type in ("list", "kanban"):
                wanted = self.specification(model, view_type)
                self.assertFlat(f"{view_type} of {name}", self.read_list(model, records, wanted))

    def test_groups(self):
        for name, records, group in (
            ("property.unit", self.units, "floor"),
            ("property.unit", self.units, "status"),
            ("property.occupancy", self.occupancies, "state"),
        ):
            model = self.env[name].with_user(self.manager)
            wanted = self.specification(model, "kanban")
            self.assertFlat(f"{name} by {group}", self.read_groups(model, records, wanted, group))

    def test_form_of_a_unit_with_a_long_history(self):
        parties = self.env["res.partner"].create([{"name": f"Owner {n}"} for n in range(MANY)])
        self.env["property.occupancy"].create(
            [
                {
                    "unit_id": unit.id,
                    "partner_id": party.id,
                    "kind": "owner",
                    "date_start": f"{1900 + n}-01-01",
                    "date_end": f"{1900 + n}-12-31",
                    "state": "ended",
                }
                for unit, size in ((self.unit, FEW), (self.unit_2, MANY))
                for n, party in enumerate(parties[:size])
            ]
        )
        model = self.env["property.unit"].with_user(self.manager)
        wanted = self.specification(model, "form")
        self.assertIn("state", wanted["occupancy_ids"]["fields"])
        of_size = {FEW: self.unit, MANY: self.unit_2}

        def read(n):
            [row] = of_size[n].with_user(self.manager).web_read(wanted)
            self.assertEqual(len(row["occupancy_ids"]), n)

        self.assertFlat("form of a unit", read)
