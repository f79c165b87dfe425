from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

PROCESSES = [("move_in", "Move-In"), ("move_out", "Move-Out")]

#: what can prove a step, in the order of the labels below
PROOFS = (
    "papers",
    "agreements",
    "inspection",
    "readings",
    "fees",
    "keys",
    "told",
    "out_inspection",
    "out_readings",
    "settled",
    "returned",
)


class PropertyOccupancyStepTemplate(models.Model):
    """What a department does when somebody moves in or out.

    Managers edit the list; every move-in takes its steps from it. A step is
    signed by the department, or, while none is named, by whoever has the role.
    A step with a proof is seen from the records; nobody ticks it.
    """

    _name = "property.occupancy.step.template"
    _description = "Step of Move-Ins and Move-Outs"
    _inherit = ["property.tracked.mixin"]
    _order = "process, sequence, id"
    _check_company_auto = True

    name = fields.Char(string="Step", required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    process = fields.Selection(PROCESSES, required=True, default="move_in", index=True)
    instruction = fields.Text(translate=True, help="What is to be done, and with what.")
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for the estates of all companies."
    )
    estate_ids = fields.Many2many(
        "property.estate", string="Only in Estates", help="Empty: in all estates."
    )
    department_id = fields.Many2one(
        "property.department",
        index="btree_not_null",
        ondelete="restrict",
        help="Whose step it is: its head, its members and its role sign, nobody else.",
    )
    group_id = fields.Many2one(
        "res.groups",
        string="Role",
        ondelete="restrict",
        help="Who signs the step as long as no department is named.",
    )
    kind = fields.Selection(
        [("owner", "Owners"), ("tenant", "Tenants")],
        string="Only For",
        help="Empty: for owners who use the unit and for tenants.",
    )
    usage = fields.Selection(
        selection=lambda self: self.env["property.unit"]._fields["usage"].selection,
        string="Only Units Used as",
        help="Empty: for all units but parking spaces, which have no handover unless a step is"
        " for them.",
    )
    needed_for_keys = fields.Boolean(
        help="Keys and cards are handed out only when this step is done.",
    )
    needed_to_finish = fields.Boolean(
        default=True,
        help="The move-in (move-out) is completed only when this step is done.",
    )
    proof = fields.Selection(
        "_selection_proof",
        help="What proves the step. Empty: somebody of the department signs it.",
    )
    has_steps = fields.Boolean(compute="_compute_has_steps")

    @api.model
    def _selection_proof(self):
        """Proofs that there are; the names of those whose addon is not installed count as
        signed by hand."""
        labels = [
            self.env._("Papers Complete"),
            self.env._("Agreements Signed"),
            self.env._("Handover Inspection Signed"),
            self.env._("Initial Readings Recorded"),
            self.env._("First Fees and Deposits Paid"),
            self.env._("Keys Handed Out"),
            self.env._("Departments Told"),
            self.env._("Move-Out Inspection Signed"),
            self.env._("Final Readings Recorded"),
            self.env._("Everything Paid"),
            self.env._("Things Lent Returned"),
        ]
        return list(zip(PROOFS, labels, strict=True))

    def _compute_has_steps(self):
        counts = dict(
            self.env["property.occupancy.step"]
            # whether there are any is no secret; they may be in estates that are not seen
            .sudo()
            ._read_group([("template_id", "in", self.ids)], ["template_id"], ["__count"])
        )
        for template in self:
            template.has_steps = bool(counts.get(template._origin.sudo()))

    @api.constrains("department_id", "group_id", "company_id")
    def _check_who_signs(self):
        for template in self:
            if not template.department_id and not template.group_id:
                raise ValidationError(
                    self.env._(
                        "Nobody could sign the step %(step)s. Choose its department or its role.",
                        step=template.name,
                    )
                )
            department = template.department_id
            if template.company_id and department and department.company_id != template.company_id:
                raise ValidationError(
                    self.env._(
                        "%(department)s belongs to another company than the step %(step)s. Choose"
                        " a department of %(company)s.",
                        department=department.name,
                        step=template.name,
                        company=template.company_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        for template in self.filtered("has_steps"):
            raise UserError(
                self.env._(
                    "The step %(step)s is on the checklist of occupancies and stays on record."
                    " Archive it instead: it is then left out of new move-ins.",
                    step=template.name,
                )
            )

    @api.model
    def _get_applicable(self, occupancies, process):
        """{occupancy: templates} that apply to each of ``occupancies``, in order."""
        found = self.search(
            Domain("process", "=", process)
            & Domain("company_id", "in", [False, *occupancies.company_id.ids])
        )
        return {
            occupancy: found.filtered(lambda template, occ=occupancy: template._applies_to(occ))
            for occupancy in occupancies
        }

    def _applies_to(self, occupancy):
        self.ensure_one()
        return (
            self.company_id in (occupancy.company_id, self.env["res.company"])
            and (not self.estate_ids or occupancy.estate_id in self.estate_ids)
            and self.kind in (False, occupancy.kind)
            and self._is_for_usage(occupancy)
        )

    def _is_for_usage(self, occupancy):
        """Whether one of the units of the lease is used so; a parking space must be named."""
        usages = set((occupancy | occupancy.member_ids).unit_id.mapped("usage"))
        return self.usage in usages if self.usage else bool(usages - {"parking"})

    def _prepare_step(self, occupancy):
        """Values of the step of ``occupancy`` that follows from this template."""
        self.ensure_one()
        department = self.department_id
        if department.company_id != occupancy.company_id:
            department = department.browse()
        return {
            "occupancy_id": occupancy.id,
            "template_id": self.id,
            "process": self.process,
            "sequence": self.sequence,
            "department_id": department.id,
            "group_id": self.group_id.id,
            "needed_for_keys": self.needed_for_keys,
            "needed_to_finish": self.needed_to_finish,
            "proof": self.proof,
        }
