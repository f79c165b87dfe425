from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..calc.dossier import Requirement
from .property_unit import UNIT_USAGES

CATEGORIES = [
    ("move_in", "Move-In Papers"),
    ("fitout", "Fit-Out Papers"),
    ("correspondence", "Correspondence and Daily Records"),
    ("payment", "Payment Notices"),
    ("legal", "Legal Letters"),
    ("contractor", "Contracts with Outside Contractors"),
]

#: belong to the estate, not to an occupancy
ESTATE_CATEGORIES = ("contractor",)

FORMS = [("original", "Original"), ("copy", "Copy"), ("file", "File Only")]

#: a change of these changes what dossiers must contain
REQUIREMENT_FIELDS = {
    "active",
    "required",
    "required_kind",
    "required_party",
    "required_usage",
    "required_domain",
    "expires",
    "warn_days",
    "company_id",
}


class PropertyDocumentType(models.Model):
    """A kind of paper in a dossier: of whom it is asked, how long it is valid and kept."""

    _name = "property.document.type"
    _description = "Document Type"
    _inherit = ["property.tracked.mixin"]
    _order = "sequence, code, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short code, unique in the company.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: for all companies."
    )
    category = fields.Selection(
        CATEGORIES, string="Content", required=True, default="move_in", index=True
    )
    form = fields.Selection(
        FORMS,
        string="Kept as",
        required=True,
        default="copy",
        help="What is usually put into the dossier.",
    )
    required = fields.Boolean(help="Every dossier that meets the conditions must contain it.")
    required_kind = fields.Selection(
        [("owner", "Owners"), ("tenant", "Tenants")],
        string="Asked of",
        help="Empty: of owners and tenants.",
    )
    required_party = fields.Selection(
        [("person", "Persons"), ("company", "Companies")],
        string="Where the Party Is",
        help="Empty: of persons and companies.",
    )
    required_usage = fields.Selection(
        UNIT_USAGES, string="For Units Used as", help="Empty: for all units."
    )
    required_domain = fields.Char(
        string="Special Case", default="[]", help="Only occupancies that meet these conditions."
    )
    expires = fields.Boolean(help="The paper is valid until a day that is written on it.")
    warn_days = fields.Integer(
        string="Warn before (Days)",
        default=30,
        help="So many days before it expires a new one is asked for.",
    )
    retention_months = fields.Integer(
        string="Kept for (Months)",
        default=60,
        help="So many months after the occupancy ended; then it is put on a list for destruction."
        " Zero: it is kept for ever.",
    )
    confidential = fields.Boolean(
        help="Seen only by roles that see private data, such as copies of identity papers."
    )
    group_ids = fields.Many2many(
        "res.groups",
        string="Only for Roles",
        help="Empty: for everybody who may see the dossier and, where it is confidential, private"
        " data.",
    )
    portal_visible = fields.Boolean(
        string="Shown to the Party", default=True, help="The party sees it in the portal."
    )
    department_id = fields.Many2one(
        "property.department",
        company_dependent=True,
        help="Chases the paper when it is missing, and keeps it. Empty: the department of the"
        " settings.",
    )
    note = fields.Text(
        string="Instructions", translate=True, help="What to look at when it is received."
    )
    document_count = fields.Integer(compute="_compute_document_count")

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "Another document type has this code."
    )
    _not_negative = models.Constraint(
        "CHECK (warn_days >= 0 AND retention_months >= 0)",
        "Numbers of days and months cannot be negative.",
    )
    _estate_not_required = models.Constraint(
        "CHECK (category <> 'contractor' OR required IS NOT TRUE)",
        "Contracts with contractors belong to the estate and cannot be asked of a party.",
    )

    def _compute_document_count(self):
        counts = dict(
            self.env["property.document"]._read_group(
                [("type_id", "in", self.ids)], ["type_id"], ["__count"]
            )
        )
        for kind in self:
            kind.document_count = counts.get(kind, 0)

    @api.constrains("required_domain")
    def _check_required_domain(self):
        for kind in self:
            if not (domain := kind._get_domain()):
                continue
            try:
                # constraints run with the rights of the system; the conditions must not tell
                # their author what he may not read
                self.env["property.occupancy"].sudo(False).search_count(domain, limit=1)
            except (ValueError, KeyError, TypeError, AccessError) as error:
                raise ValidationError(
                    self.env._(
                        "The special case of %(type)s cannot be used: %(error)s Set it again.",
                        type=kind.name,
                        error=error,
                    )
                ) from error

    def _get_domain(self):
        """The special case as a list; plain values only, nothing is executed."""
        self.ensure_one()
        try:
            domain = literal_eval(self.required_domain or "[]")
            return list(Domain(domain)) if domain else []
        except (ValueError, SyntaxError, TypeError) as error:
            raise ValidationError(
                self.env._(
                    "The special case of %s is not a list of conditions with fixed values."
                    " Set it again.",
                    self.name,
                )
            ) from error

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unused(self):
        used = self.env["property.document"].sudo().search([("type_id", "in", self.ids)], limit=1)
        if used:
            raise UserError(
                self.env._(
                    "There are papers of the type %s, so it stays on record. Archive it instead.",
                    used.type_id.name,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        kinds = super().create(vals_list)
        if any(kind.required for kind in kinds):
            self.env["property.dossier.paper"]._refresh_soon()
        return kinds

    def write(self, vals):
        result = super().write(vals)
        if REQUIREMENT_FIELDS & vals.keys():
            self.env["property.dossier.paper"]._refresh_soon()
        return result

    def _get_requirement(self):
        """The plain conditions of the type, for calc.dossier."""
        self.ensure_one()
        return Requirement(
            self.required_kind or "", self.required_party or "", self.required_usage or ""
        )

    def _get_department(self, company):
        """The department that chases and keeps the paper in ``company``; may be empty."""
        self.ensure_one()
        # the name of a department is no secret; the type is shared by companies
        own = self.sudo().with_company(company).department_id
        return (own or company.sudo().pm_dossier_department_id).sudo(False)

    def action_view_documents(self):
        """Open the papers of the type."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_document_action"
        )
        action["domain"] = [("type_id", "in", self.ids)]
        action["context"] = {"default_type_id": self.id}
        return action
