import base64

from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyPaperPrint(models.TransientModel):
    """Choose papers of one or many occupancies: look at them, print them as one file, mail them."""

    _name = "property.paper.print"
    _description = "Print Papers"

    occupancy_ids = fields.Many2many(
        "property.occupancy",
        string="Occupancies",
        required=True,
        default=lambda self: self._chosen(),
    )
    occupancy_count = fields.Integer(
        string="Occupancies Chosen", compute="_compute_occupancy_count"
    )
    choice = fields.Selection(
        [
            ("invitation", "Invitation to move in"),
            ("agreements", "Agreements and undertakings"),
            ("registration", "Registration forms"),
            ("own", "Own choice"),
        ],
        string="Papers",
        required=True,
        default="invitation",
    )
    known_form_ids = fields.Many2many("property.form", compute="_compute_known_form_ids")
    form_ids = fields.Many2many(
        "property.form",
        string="Forms",
        compute="_compute_papers",
        store=True,
        readonly=False,
        domain="[('id', 'in', known_form_ids)]",
    )
    report_ids = fields.Many2many(
        "ir.actions.report",
        string="Sheets",
        compute="_compute_papers",
        store=True,
        readonly=False,
        domain="[('model', '=', 'property.occupancy'), ('pm_page_template', '!=', False)]",
    )
    anew = fields.Boolean(
        string="Issue Notices Anew",
        help="Papers that nobody signs are issued again with the data of today; those issued"
        " before become void. What has to be signed stays as it is.",
    )
    preview = fields.Binary(attachment=False, readonly=True)
    preview_title = fields.Char(readonly=True)

    @api.model
    def _chosen(self):
        if self.env.context.get("active_model") != "property.occupancy":
            return self.env["property.occupancy"]
        return self.env["property.occupancy"].browse(self.env.context.get("active_ids") or [])

    @api.depends("occupancy_ids")
    def _compute_occupancy_count(self):
        for window in self:
            window.occupancy_count = len(window.occupancy_ids)

    @api.depends("occupancy_ids")
    def _compute_known_form_ids(self):
        for window in self:
            found = window.occupancy_ids._origin._get_forms([])
            window.known_form_ids = self.env["property.form"].union(*found.values())

    @api.depends("choice")
    def _compute_papers(self):
        for window in self:
            if window.choice != "own":
                window.form_ids, window.report_ids = window._get_choice()

    def _get_choice(self):
        """Forms and sheets of the choice."""
        self.ensure_one()
        forms = self.known_form_ids.filtered("at_move_in")
        sheets = {
            "invitation": ["movein_sheet"],
            "agreements": [],
            "registration": ["registration", "data_card", "emergency", "contacts"],
        }[self.choice]
        reports = self.env["ir.actions.report"].union(
            *(self.env.ref(f"property_tenant.action_report_occupancy_{name}") for name in sheets)
        )
        if self.choice == "registration":
            forms = forms.browse()
        else:
            is_signed = self.choice == "agreements"
            forms = forms.filtered(lambda form: form._is_signed() == is_signed)
        return forms, reports

    def _check(self):
        """What is to be printed, after a look at whether it can be."""
        self.ensure_one()
        occupancies = self.occupancy_ids
        occupancies.check_access("read")
        if not occupancies:
            raise UserError(self.env._("Choose the occupancies whose papers are to be printed."))
        reports = self.report_ids.filtered(
            lambda report: report.model == "property.occupancy" and report.pm_page_template
        )
        if not self.form_ids and not reports:
            raise UserError(self.env._("Choose the papers that are to be printed."))
        if self.form_ids:
            occupancies.check_access("write")
        return occupancies, self.form_ids, reports

    def action_preview(self):
        """Show the papers of the first occupancy; nothing is issued."""
        occupancies, forms, reports = self._check()
        for lead in occupancies._get_papers():
            # in the language of who looks, where a sheet is for the staff
            pages = occupancies.browse(lead.id)._get_paper_pages(forms, reports)
            lead_id, own = lead.id, pages[lead.id]
            if own:
                break
        else:
            self._raise_no_paper()
        self.write(
            {
                "preview": base64.b64encode(occupancies._make_pdf(own)),
                "preview_title": occupancies.browse(lead_id).display_name,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Print Papers"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _raise_no_paper(self):
        raise UserError(
            self.env._(
                "None of the papers is for the occupancies that you chose. Choose other papers."
            )
        )

    def action_print(self):
        """All papers as one PDF, in the order of the units."""
        occupancies, forms, reports = self._check()
        return occupancies._print_papers(forms, reports, self.anew)

    def action_send(self):
        """Mail the papers: to one party with a look at the message, to many in the background."""
        occupancies, forms, reports = self._check()
        occupancies.check_access("write")
        leads = occupancies.browse(lead.id for lead in occupancies._get_papers())
        if len(leads) > 1:
            return leads._mail_papers(forms, reports, self.anew)
        issues = leads._issue_missing(forms, self.anew)
        pages = leads._get_paper_pages(forms, reports, issues)[leads.id]
        if not pages:
            self._raise_no_paper()
        return leads._compose_paper_mail(pages)
