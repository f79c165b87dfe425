from datetime import timedelta

from odoo import api, fields, models


class PropertyEstate(models.Model):
    """What is inspected in the estate without anybody planning it."""

    _inherit = "property.estate"

    vacant_round = fields.Boolean(
        string="Round of Vacant Units Every Day",
        default=True,
        help="A plan is made from the template for vacant units as soon as a unit is vacant. How"
        " often and by whom it is done you change on the plan.",
    )
    vacancy_check_day = fields.Selection(
        [
            ("0", "Monday"),
            ("1", "Tuesday"),
            ("2", "Wednesday"),
            ("3", "Thursday"),
            ("4", "Friday"),
            ("5", "Saturday"),
            ("6", "Sunday"),
        ],
        string="List of Vacant Units Compared on",
        default="0",
        help="On this day of each week the departments get the list of vacant units to compare and"
        " sign. Empty: only when somebody begins a comparison.",
    )

    warranty_partner_id = fields.Many2one(
        "res.partner",
        string="Answers for Warranty",
        ondelete="restrict",
        check_company=True,
        help="The developer or builder who mends what is under warranty.",
    )

    def _run_daily(self, today):
        result = super()._run_daily(today)
        self._plan_vacant_round(today)
        self.env["property.inspection.plan"]._generate_for(self, today)
        self._compare_vacant_units(today)
        return result

    def _get_vacant_domain(self):
        """Units that could be let and are not."""
        self.ensure_one()
        return [
            ("estate_id", "=", self.id),
            ("status", "=", "vacant"),
            ("usage", "not in", ("common", "parking")),
        ]

    def _has_vacant_units(self):
        return bool(self.env["property.unit"].search_count(self._get_vacant_domain(), limit=1))

    def _plan_vacant_round(self, today):
        """Plan the daily round once; a plan that was archived or changed stays as it is."""
        self.ensure_one()
        Plan = self.env["property.inspection.plan"]
        if not self.vacant_round or not self._has_vacant_units():
            return Plan
        planned = [("estate_id", "=", self.id), ("template_id.layout", "=", "vacant")]
        if Plan.with_context(active_test=False).search_count(planned, limit=1):
            return Plan
        template = self._get_vacant_template()
        if not template:
            return Plan
        return Plan.create(
            {
                "template_id": template.id,
                "estate_id": self.id,
                "date_from": today,
                # who is vacant tomorrow is known tomorrow
                "days_ahead": 0,
            }
        )

    def _get_vacant_template(self):
        """The template for rounds of vacant units; the one that comes with the suite first."""
        Template = self.env["property.inspection.template"]
        found = Template.search(
            [
                ("kind", "=", "vacant"),
                ("layout", "=", "vacant"),
                ("usage", "=", False),
                ("company_id", "in", (False, self.company_id.id)),
                ("estate_id", "in", (False, self.id)),
            ]
        )
        shipped = self.env.ref("property_tenant.inspection_template_vacant", False) or Template
        return (shipped & found) or found[:1]

    def _compare_vacant_units(self, today):
        """Ask the departments once a week; a day that was missed is made up for."""
        self.ensure_one()
        Check = self.env["property.vacancy.check"]
        if not self.vacancy_check_day:
            return Check
        due = today - timedelta(days=(today.weekday() - int(self.vacancy_check_day)) % 7)
        known = [("estate_id", "=", self.id), ("date", ">=", due)]
        if due < self._local_date(self.create_date) or Check.search_count(known, limit=1):
            return Check
        departments = self.env["property.department"].search(
            [("company_id", "=", self.company_id.id)]
        )
        asked = departments.filtered(lambda department: department._get_users(self))
        if not asked or not self._has_vacant_units():
            return Check
        check = Check.create(
            {"estate_id": self.id, "date": today, "department_ids": [(6, 0, asked.ids)]}
        )
        check.action_ask()
        return check

    @api.model
    def _load_demo(self):
        # needed once, when demo data is loaded
        from ..demo import inspections  # noqa: PLC0415

        result = super()._load_demo()
        # the inspectors of the demo read, and write down, what is wrong in their language
        lang = self.env.ref("property_tenant.demo_estate_hq")._get_customer_lang() or "en_US"
        context = {**self.env.context, "tracking_disable": True, "lang": lang}
        inspections.load(self.env(context=context))
        return result
