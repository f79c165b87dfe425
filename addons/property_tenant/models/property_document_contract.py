from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..calc.dossier import may_be_chased
from .property_document_type import ESTATE_CATEGORIES

ACTIVITY = "property_tenant.activity_type_papers"


class PropertyDocument(models.Model):
    """Contracts with contractors that expire are chased: a to-do for who keeps them."""

    _inherit = "property.document"

    last_chased = fields.Date(string="Last Reminder", readonly=True, copy=False)

    @api.model
    def _chase_contracts(self, estate, today):
        """Remind of the contracts of ``estate`` that expire or have expired; returns them."""
        every = estate.company_id.pm_paper_chase_days
        contracts = self.search(
            Domain("estate_id", "=", estate.id)
            & Domain("category", "in", ESTATE_CATEGORIES)
            & Domain("state", "=", "filed")
            & Domain("date_expiry", "!=", False)
        )
        due = contracts.filtered(
            lambda contract: (
                contract.date_expiry <= fields.Date.add(today, days=contract.type_id.warn_days)
                and may_be_chased(contract.last_chased, every, today)
                and not contract.activity_ids
            )
        )
        by_keeper = defaultdict(self.browse)
        for contract in due:
            by_keeper[contract._get_keeper()] |= contract
        due.write({"last_chased": today})
        for user, of_user in by_keeper.items():
            for contract in of_user if user else ():
                words = self.with_context(lang=user.lang).env
                contract.activity_schedule(
                    ACTIVITY,
                    date_deadline=max(contract.date_expiry, today),
                    summary=words._("Renew the contract"),
                    note=words._(
                        "%(contract)s is valid until %(day)s. File the new contract as its new"
                        " version, or make it void when it is not renewed.",
                        contract=" ".join(filter(None, (contract.display_name, contract.name))),
                        day=format_date(words, contract.date_expiry),
                    ),
                    user_id=user.id,
                )
        gone = self.search(
            [
                ("estate_id", "=", estate.id),
                ("state", "!=", "filed"),
                ("activity_ids.activity_type_id", "=", self.env.ref(ACTIVITY).id),
            ]
        )
        gone.activity_unlink([ACTIVITY])
        return due

    def _get_keeper(self):
        """Who sees to a new contract: the department of the type, the archive, or a steward."""
        self.ensure_one()
        own = self.type_id.sudo().with_company(self.company_id).department_id
        # who has which role must be known to ask the right person
        users = [own.head_id, own._get_users(self.estate_id) if own else own.head_id]
        users += [
            self.env.ref(f"property_tenant.group_{role}").sudo().all_user_ids
            for role in ("archivist", "steward", "manager")
        ]
        for some in users:
            fit = some.sudo().filtered(
                lambda user: user.active and not user.share and user._sees_estate(self.estate_id)
            )
            if fit:
                return fit[:1].sudo(False)
        return self.env["res.users"]
