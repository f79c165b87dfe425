"""Papers whose text the managers edit: agreements, undertakings, notices, manuals.

A text has places such as ``{{unit}}`` that are filled in when it is issued for an
occupancy. Places are names out of a list; nothing in a text is run.
"""

from lxml import etree

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import file_path, format_list
from odoo.tools.convert import xml_import

from ..calc.form_text import fill, mend, unknown_places

#: what an issued paper says; a change makes a new version of the form
TEXT_FIELDS = {"name", "body"}
#: where the texts are that come with the addon
SHIPPED = "property_tenant/data/property_form_data.xml"


class PropertyForm(models.Model):
    _name = "property.form"
    _description = "Form"
    _inherit = ["property.tracked.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(string="Title", required=True, translate=True)
    body = fields.Html(
        string="Text",
        translate=True,
        sanitize_attributes=True,
        help="Places such as {{unit}} are filled in when the paper is issued.",
    )
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    version = fields.Integer(
        default=1, readonly=True, copy=False, help="Goes up whenever the text changes."
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for the estates of all companies."
    )
    estate_ids = fields.Many2many(
        "property.estate", string="Only in Estates", help="Empty: in all estates."
    )
    kind = fields.Selection(
        [("owner", "Owners"), ("tenant", "Tenants")],
        string="Only For",
        help="Empty: for owners and tenants.",
    )
    usage = fields.Selection(
        selection=lambda self: self.env["property.unit"]._fields["usage"].selection,
        string="Only Units Used as",
        help="Empty: for all units.",
    )
    with_parking = fields.Boolean(
        string="Only With a Parking Space",
        help="Only for parties that hold a parking space in the estate.",
    )
    at_move_in = fields.Boolean(
        string="Issued at Move-In", default=True, help="Issued together with the others at move-in."
    )
    needed_to_move_in = fields.Boolean(
        string="Signed at Move-In",
        help="The agreements of a move-in are complete only when this paper is signed.",
    )
    sign_party = fields.Boolean(string="Signed by the Party", default=True)
    sign_company = fields.Boolean(string="Signed by the Company")
    sign_developer = fields.Boolean(string="Signed by the Developer")
    document_type_id = fields.Many2one(
        "property.document.type",
        string="Filed as",
        index="btree_not_null",
        ondelete="restrict",
        help="The signed paper is filed in the dossier as a document of this type.",
    )
    issue_count = fields.Integer(compute="_compute_issue_count")
    places_text = fields.Html(string="What Can Be Filled In", compute="_compute_places_text")

    is_shipped = fields.Boolean(
        string="Comes With the Program",
        compute="_compute_is_shipped",
        help="Its text can be set back to the one it came with.",
    )

    _signed_by_somebody = models.Constraint(
        "CHECK (needed_to_move_in IS NOT TRUE OR sign_party OR sign_company OR sign_developer)",
        "A paper that is signed at move-in needs somebody who signs it.",
    )

    def _compute_issue_count(self):
        counts = dict(
            self.env["property.form.issue"]._read_group(
                [("form_id", "in", self.ids)], ["form_id"], ["__count"]
            )
        )
        for form in self:
            form.issue_count = counts.get(form._origin, 0)

    def _compute_is_shipped(self):
        names = self.get_external_id()
        for form in self:
            form.is_shipped = names.get(form._origin.id, "").startswith("property_tenant.form_")

    @api.depends_context("lang", "uid")
    def _compute_places_text(self):
        occupancies = self.env["property.occupancy"]
        # what it would say of a party that the reader may see
        example = occupancies.search([("state", "in", ("moving_in", "active"))], limit=1)
        values = example._get_form_values() if example else {}
        table = self.env["ir.qweb"]._render(
            "property_tenant.form_places",
            {
                "places": [
                    (name, text, values.get(name) or "")
                    for name, text in occupancies._get_form_places().items()
                ],
                "example": example,
            },
        )
        for form in self:
            form.places_text = table

    @api.constrains("body")
    def _check_places(self):
        known = self.env["property.occupancy"]._get_form_places()
        for form in self:
            if unknown := unknown_places(form.body, known):
                raise ValidationError(
                    self.env._(
                        "Nothing is known to fill in at %(places)s in %(form)s. The list under the"
                        " text shows what can be used.",
                        places=format_list(self.env, ["{{" + name + "}}" for name in unknown]),
                        form=form.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("body"):
                vals["body"] = mend(vals["body"])
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("body"):
            vals = {**vals, "body": mend(vals["body"])}
        if not vals.keys() & TEXT_FIELDS:
            return super().write(vals)
        before = {form: [form[name] for name in TEXT_FIELDS] for form in self}
        result = super().write(vals)
        for form in self:
            if [form[name] for name in TEXT_FIELDS] != before[form]:
                super(PropertyForm, form).write({"version": form.version + 1})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unissued(self):
        for form in self.filtered("issue_count"):
            raise UserError(
                self.env._(
                    "%(form)s was issued %(count)s times and stays on record. Archive it instead.",
                    form=form.name,
                    count=form.issue_count,
                )
            )

    # --- the text that it came with ---------------------------------------------

    def action_reset_text(self):
        """Set title and text back to what they were when the program was installed."""
        self.check_access("write")
        for form in self:
            if not form.is_shipped:
                raise UserError(
                    self.env._(
                        "%(form)s was written here; there is no other text to go back to.",
                        form=form.name,
                    )
                )
            # whoever may write the text may set it back; the names of records are the system's
            form.sudo()._reset_text()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _reset_text(self):
        self.ensure_one()
        before = self._get_texts()
        version = self.version
        module, name = self.get_external_id()[self.id].split(".")
        path = file_path(SHIPPED)
        root = etree.parse(path).getroot()
        for record in root.xpath("record[@id!=$name]", name=name):
            root.remove(record)
        for field in root.xpath("record/field[not(@name='name' or @name='body')]"):
            field.getparent().remove(field)
        xml_import(self.env, module, {}, mode="init", xml_filename=path).parse(root)
        self.env["template.reset.mixin"]._override_translation_term(
            module, [name, f"{module}.{name}"]
        )
        self.invalidate_recordset()
        # one new version, whichever languages have changed
        return super().write({"version": version + (self._get_texts() != before)})

    def _get_texts(self):
        """Title and text in all languages."""
        self.ensure_one()
        return [
            [form.name, str(form.body or "")]
            for form in (
                self.with_context(lang=code) for code, __ in self.env["res.lang"].get_installed()
            )
        ]

    def _applies_to(self, occupancy, with_parking):
        """Whether the paper is for ``occupancy``, whose party holds a parking space or not."""
        self.ensure_one()
        return (
            self.company_id in (occupancy.company_id, self.env["res.company"])
            and (not self.estate_ids or occupancy.estate_id in self.estate_ids)
            and self.kind in (False, occupancy.kind)
            and self.usage in (False, occupancy.unit_id.usage)
            and (not self.with_parking or with_parking)
        )

    def _is_signed(self):
        """Whether anybody signs the paper."""
        self.ensure_one()
        return self.sign_party or self.sign_company or self.sign_developer

    def _fill(self, occupancy, number=""):
        """(title, html) of the paper for ``occupancy``, in the language of the context."""
        self.ensure_one()
        values = occupancy.with_context(lang=self.env.lang)._get_form_values(number)
        return self.name, fill(self.body or "", values)

    def action_view_issues(self):
        """Open the papers that were issued of the form."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_form_issue_action"
        )
        action["domain"] = [("form_id", "=", self.id)]
        action["context"] = {}
        return action

    def action_preview(self):
        """Show the paper as it would be issued for an occupancy."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview"),
            "res_model": "property.form.preview",
            "view_mode": "form",
            "target": "new",
            "context": {"default_form_id": self.id, "dialog_size": "large"},
        }
