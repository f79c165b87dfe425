from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list

from ..calc.dossier_file import safe_name
from ..calc.work import split

#: the report that says what the paper of forms is like
PAPER = "property_tenant.action_report_form_issue"
FORM_PAGE = "property_tenant.report_form_issue_page"
MAIL = "property_tenant.mail_template_papers_enclosed"


class PropertyOccupancy(models.Model):
    """Papers of one or of hundreds of occupancies: printed as one file, or mailed to each party.

    The papers are forms whose text the managers edit (issued when they are not yet), and
    reports of the occupancy that name the template of their page.
    """

    _inherit = "property.occupancy"

    def action_open_print(self):
        """Choose papers of the occupancies to preview, print or mail them."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Print Papers"),
            "res_model": "property.paper.print",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_occupancy_ids": self.ids, "dialog_size": "large"},
        }

    # --- pages ----------------------------------------------------------------

    def _get_paper_pages(self, forms, reports, issues=None):
        """{id of the lead: its pages}, in the order of the units.

        :param issues: {id of the lead: issued papers}; without, forms are shown as they would
            be issued, and nothing is issued
        """
        leads = self._get_papers()
        # how the steps of all of them stand, asked once and not sheet by sheet
        self.browse(lead.id for lead in leads).step_ids.mapped("status")
        if issues is None:
            drafts = self.browse(lead.id for lead in leads)._get_forms([("id", "in", forms.ids)])
            issues = {lead.id: lead._draft_issues(drafts[lead.id]) for lead in leads}
        pages = {}
        for lead in leads:
            pages[lead.id] = [
                {
                    "template": FORM_PAGE,
                    "lang": paper.lang,
                    "doc": paper.with_context(lang=paper.lang),
                }
                for paper in issues[lead.id]
            ] + [lead._get_sheet_page(report, self.env.lang) for report in reports]
        return pages

    def _get_sheet_page(self, report, reader_lang):
        self.ensure_one()
        lang = report.pm_for_staff and reader_lang or self.env.lang
        return {
            "template": report.pm_page_template,
            "lang": lang,
            "doc": self.with_context(lang=lang),
        }

    def _draft_issues(self, forms):
        """The papers of ``forms`` as they would be issued."""
        self.ensure_one()
        issue = self.env["property.form.issue"]
        return [issue.new(issue._prepare_issue(self, form)) for form in forms]

    def _issue_missing(self, forms, anew=False):
        """{id of the lead: papers of ``forms`` in force}; those that are missing are issued.

        :param anew: issue again what nobody signs, with the data of today
        """
        leads = self.browse(lead.id for lead in self._get_papers())
        wanted = leads._get_forms([("id", "in", forms.ids)])
        papers = self.env["property.form.issue"]
        current = papers.search(
            [
                ("occupancy_id", "in", leads.ids),
                ("form_id", "in", forms.ids),
                ("state", "!=", "void"),
            ]
        ).grouped("occupancy_id")
        found = {}
        for lead in leads:
            have = current.get(lead, papers)
            if anew:
                have = have.filtered("is_signed")
            missing = wanted[lead.id] - have.form_id
            if missing:
                lead.check_access("write")
                have |= papers._issue(lead, missing)
            order = wanted[lead.id].ids
            found[lead.id] = have.filtered(lambda row, ids=order: row.form_id.id in ids).sorted(
                lambda row, ids=order: ids.index(row.form_id.id)
            )
        return found

    def _make_pdf(self, pages):
        """One PDF of pages; bytes."""
        return self.env.ref(PAPER)._print_pages(pages)

    # --- printing -------------------------------------------------------------

    def _start_papers(self, method, forms, reports, anew, name, end):
        """Begin to print or mail; few at once, many in the background."""
        company = self.company_id[:1]
        leads = self.browse(lead.id for lead in self._get_papers())
        each = max(len(forms) + len(reports), 1)
        return self.env["property.work"]._start(
            leads,
            method,
            split(leads.ids, company.pm_paper_part // each),
            name=name,
            end=end,
            arguments={"form_ids": forms.ids, "report_ids": reports.ids, "anew": anew},
            inline=len(leads) * each <= company.pm_paper_inline,
        )

    def _print_papers(self, forms, reports, anew=False):
        """All papers as one PDF, in the order of the units; returns what the client does next."""
        return self._start_papers(
            "_print_papers_part",
            forms,
            reports,
            anew,
            self.env._("Print the papers of %s occupancies", len(self))
            if len(self) > 1
            else self.env._("Print the papers of %s", self.display_name),
            "_print_papers_end",
        )._get_action()

    def _get_chosen(self, form_ids, report_ids):
        forms = self.env["property.form"].browse(form_ids).exists()
        # which papers there are is no secret; who may print them was asked at the start
        reports = self.env["ir.actions.report"].sudo().browse(report_ids).exists()
        return forms, reports

    def _print_papers_part(self, items, part, form_ids, report_ids, anew):
        """Issue and print the papers of some occupancies, as a part of long work."""
        some = self.browse(items).exists()
        forms, reports = self._get_chosen(form_ids, report_ids)
        issues = some._issue_missing(forms, anew)
        pages = [
            page for own in some._get_paper_pages(forms, reports, issues).values() for page in own
        ]
        if pages:
            part._keep_file(f"{part.sequence}.pdf", some._make_pdf(pages))
        return len(pages)

    def _print_papers_end(self, work):
        count = sum(part.result or 0 for part in work.sudo().part_ids)
        if not count:
            raise UserError(
                self.env._(
                    "None of the papers is for the occupancies that you chose. Choose other papers."
                )
            )
        work._set_merged_pdf(
            f"{safe_name(work.name)}.pdf",
            self.env._("%s papers, in the order of the units", count),
        )

    # --- mailing --------------------------------------------------------------

    def _mail_papers(self, forms, reports, anew=False):
        """Mail its papers to each party, in the background; what the client does next."""
        return self._start_papers(
            "_mail_papers_part",
            forms,
            reports,
            anew,
            self.env._("Mail papers to %s parties", len(self)),
            "_mail_papers_end",
        )._get_action()

    def _mail_papers_part(self, items, _part, form_ids, report_ids, anew):
        """Mail the papers of some occupancies; who has no e-mail address is named at the end."""
        some = self.browse(items).exists()
        forms, reports = self._get_chosen(form_ids, report_ids)
        without = some.filtered(lambda row: not row.partner_id.email)
        to_mail = some - without
        issues = to_mail._issue_missing(forms, anew)
        mailed = 0
        for lead_id, pages in to_mail._get_paper_pages(forms, reports, issues).items():
            if pages:
                lead = self.browse(lead_id)
                lead.message_post(**lead._prepare_paper_mail(pages))
                mailed += 1
        return [mailed, without.mapped("display_name")]

    def _mail_papers_end(self, work):
        results = [part.result or [0, []] for part in work.sudo().part_ids]
        without = [name for __, names in results for name in names]
        message = self.env._("%s parties were sent their papers.", sum(row[0] for row in results))
        if without:
            message += "\n" + self.env._(
                "Not mailed, because there is no e-mail address: %s. Print these.",
                format_list(self.env, without),
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_occupancy_action"
        )
        action["domain"] = [("id", "in", self.ids)]
        action["context"] = {}
        work._set_result(action=action, message=message)

    def _prepare_paper_mail(self, pages):
        """Values of the message to the party, in the party's language."""
        self.ensure_one()
        lang = self._get_form_lang()
        # whoever prints papers mails them; the text is the managers'
        template = self.env.ref(MAIL).sudo().with_context(lang=lang)
        texts = {
            name: template._render_field(name, self.ids, set_lang=lang)[self.id]
            for name in ("subject", "body_html")
        }
        name = safe_name(f"{self.unit_id.code} {texts['subject']}")
        return {
            "subject": texts["subject"],
            "body": texts["body_html"],
            "partner_ids": self.partner_id.ids,
            "attachments": [(f"{name}.pdf", self._make_pdf(pages))],
            "message_type": "comment",
            "subtype_xmlid": "mail.mt_comment",
            "email_layout_xmlid": "mail.mail_notification_light",
        }

    def _compose_paper_mail(self, pages):
        """Open the message to the party with the papers enclosed; it can be changed before."""
        self.ensure_one()
        if not self.partner_id.email:
            raise UserError(
                self.env._(
                    "%(party)s has no e-mail address. Enter one in the contact, or print the"
                    " papers.",
                    party=self.partner_id.display_name,
                )
            )
        values = self._prepare_paper_mail(pages)
        files = self.env["ir.attachment"].create(
            [
                {"name": name, "raw": content, "res_model": "mail.compose.message", "res_id": 0}
                for name, content in values["attachments"]
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send by E-Mail"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_subject": values["subject"],
                "default_body": values["body"],
                "default_partner_ids": values["partner_ids"],
                "default_attachment_ids": files.ids,
                "default_email_layout_xmlid": values["email_layout_xmlid"],
            },
        }

    def _get_paper_appointment(self):
        """(when, where) of the move-in, for the mail; empty when there is none or it is over."""
        self.ensure_one()
        appointment = self.appointment_id
        if appointment.state not in ("offered", "agreed"):
            return ()
        if appointment.date < fields.Datetime.now():
            return ()
        return (appointment._get_local_text(), appointment.place)
