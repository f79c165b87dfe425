"""What is looked at, point by point, on one kind of inspection."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .property_unit import UNIT_USAGES

KINDS = [
    ("handover", "Handover"),
    ("move_out", "Move-Out"),
    ("vacant", "Vacant Units"),
    ("equipment", "Equipment Check"),
    ("hygiene", "Hygiene"),
    ("patrol", "Patrol"),
    ("other", "Other"),
]

#: where the points are looked at
LAYOUTS = [
    ("place", "In One Place"),
    ("route", "Along a Route"),
    ("vacant", "In Each Vacant Unit"),
]

#: who mends what is found; other addons add theirs
RESPONSIBLE = [
    ("engineering", "Engineering"),
    ("developer", "Developer"),
    ("contractor", "Contractor"),
    ("occupant", "Occupant"),
    ("service", "Customer Service"),
]


class PropertyInspectionTemplate(models.Model):
    _name = "property.inspection.template"
    _description = "Inspection Template"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    kind = fields.Selection(KINDS, required=True, default="other", index=True, tracking=True)
    layout = fields.Selection(
        LAYOUTS, string="Points Are Looked at", required=True, default="place"
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Empty: for all companies.",
        ondelete="restrict",
    )
    estate_id = fields.Many2one(
        "property.estate",
        string="Only in",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Empty: in all estates.",
    )
    usage = fields.Selection(
        UNIT_USAGES, string="Only Units Used as", help="Empty: units of any use."
    )
    department_id = fields.Many2one(
        "property.department",
        string="Done by",
        ondelete="restrict",
        check_company=True,
        index="btree_not_null",
    )
    instruction = fields.Text(translate=True, help="Read before the inspection begins.")
    point_ids = fields.One2many(
        "property.inspection.point", "template_id", string="Points", copy=True
    )
    stop_ids = fields.One2many("property.inspection.stop", "template_id", string="Route", copy=True)
    signer_ids = fields.One2many(
        "property.inspection.signer", "template_id", string="Signed by", copy=True
    )
    defect_responsible = fields.Selection(
        RESPONSIBLE, string="Defects Are Mended by", required=True, default="engineering"
    )
    defect_days = fields.Integer(
        string="Days to Mend", default=7, help="A defect is due so many days after it was found."
    )
    point_count = fields.Integer(compute="_compute_counts")
    inspection_count = fields.Integer(compute="_compute_counts")

    _defect_days_not_negative = models.Constraint(
        "CHECK (defect_days >= 0)", "The days to mend a defect cannot be negative."
    )

    @api.depends("estate_id", "department_id")
    def _compute_company_id(self):
        """Estate and department are of one company; a template without them may be for all."""
        for template in self:
            template.company_id = (
                template.estate_id.company_id
                or template.department_id.company_id
                or template.company_id
            )

    @api.depends("point_ids")
    def _compute_counts(self):
        points = dict(
            self.env["property.inspection.point"]._read_group(
                [("template_id", "in", self.ids)], ["template_id"], ["__count"]
            )
        )
        inspections = dict(
            self.env["property.inspection"]._read_group(
                [("template_id", "in", self.ids)], ["template_id"], ["__count"]
            )
        )
        for template in self:
            template.point_count = points.get(template, 0)
            template.inspection_count = inspections.get(template, 0)

    @api.constrains("layout", "estate_id", "stop_ids")
    def _check_route(self):
        for template in self:
            if template.layout == "route" and not template.stop_ids:
                raise ValidationError(
                    self.env._(
                        "%(template)s goes along a route without places. Add the places of the"
                        " route, or choose another way to look at the points.",
                        template=template.name,
                    )
                )
            estates = template.stop_ids.unit_id.estate_id
            if len(estates) > 1 or (template.estate_id and estates - template.estate_id):
                raise ValidationError(
                    self.env._(
                        "The route of %(template)s leads through several estates. Make a template"
                        " for each.",
                        template=template.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        for template in self:
            # also those in estates that this person does not see
            if (
                self.env["property.inspection"]
                .sudo()
                .search_count([("template_id", "=", template.id)], limit=1)
            ):
                raise UserError(
                    self.env._(
                        "Inspections were made with %(template)s. Archive it instead.",
                        template=template.name,
                    )
                )

    def _is_for(self, estate, usage=False):
        """Whether the template fits a place of ``estate`` that is used as ``usage``."""
        self.ensure_one()
        return (
            (not self.estate_id or self.estate_id == estate)
            and (not self.company_id or self.company_id == estate.company_id)
            and (not self.usage or not usage or self.usage == usage)
        )

    @api.model
    def _find(self, kind, unit):
        """The template of a kind that fits a unit best: the estate's own first, then the use."""
        estate = unit.estate_id
        found = self.search(
            Domain("kind", "=", kind)
            & Domain("layout", "=", "place")
            & Domain("estate_id", "in", [False, estate.id])
            & Domain("company_id", "in", [False, estate.company_id.id])
            & Domain("usage", "in", [False, unit.usage])
        )
        return found.sorted(
            lambda template: (not template.estate_id, not template.usage, template.sequence)
        )[:1]

    def action_view_inspections(self):
        """Open the inspections made with the template."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_inspection_action"
        )
        action["domain"] = [("template_id", "in", self.ids)]
        action["context"] = {"default_template_id": self.id}
        return action
