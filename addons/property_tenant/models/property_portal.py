"""What occupants reach in the portal, whatever id they type.

Portal users have no right on any model of the suite: a right to read would open every
field, the chatter, the files and the public methods of the model over RPC. What a page
may show is said by the record rules for ``base.group_portal`` (Settings › Technical ›
Record Rules), which this applies: a row is found by its number *and* by the rule, in one
search, or it does not exist. A model without such a rule shows nothing.

Other addons add their pages so::

    class BillPortal(PropertyPortalPages):
        @http.route("/my/bill/<int:bill_id>", auth="user", website=True)
        def bill(self, bill_id, **kw):
            bill = self._get_row("account.move", bill_id)       # 404 when not the user's own

with a rule for their model in ``security/`` like those of ``property_portal_rules.xml``
(rules of contractors name their projects), a card in ``portal.portal_my_home`` and a
line in ``portal.portal_breadcrumbs``.
"""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

#: the largest number that a row can have
LARGEST_ID = 2**31 - 1

#: whom the rules ask for
LISTS = ["portal_partner_ids", "portal_past_partner_ids"]


class PropertyPortal(models.AbstractModel):
    _name = "property.portal"
    _description = "Portal of Occupants"

    @api.model
    def _get_rows_domain(self, model):
        """Rows of ``model`` that the current user sees in the portal."""
        # the rules are the same for everybody; staff who live here are asked by them, too
        rules = (
            self.env["ir.rule"]
            .sudo()
            .search(
                [
                    ("model_id.model", "=", model),
                    ("groups", "=", self.env.ref("base.group_portal").id),
                    ("perm_read", "=", True),
                ]
            )
        )
        # the rules read lists that may wait to be computed
        self.env["property.occupancy"].flush_model(
            ["portal_partner_ids", "portal_past_partner_ids"]
        )
        context = self.env["ir.rule"]._eval_context()
        domains = [Domain(safe_eval(rule.domain_force, context)) for rule in rules]
        return Domain.OR(domains) & self._get_company_domain(model)

    @api.model
    def _get_company_domain(self, model):
        if "company_id" not in self.env[model]._fields:
            return Domain.TRUE
        return Domain("company_id", "in", self.env.user.company_ids.ids)

    @api.model
    def _find_rows(self, model, domain=Domain.TRUE, **search):
        """The user's own rows that meet ``domain``, with the rights of the system to show them."""
        # the rule of the portal is part of the search: what is found is the user's own
        return (
            self.env[model].sudo().search(Domain(domain) & self._get_rows_domain(model), **search)
        )

    @api.model
    def _count_rows(self, model, domain=Domain.TRUE):
        # as above
        return self.env[model].sudo().search_count(Domain(domain) & self._get_rows_domain(model))

    @api.model
    def _get_row(self, model, row_id):
        """The user's own row of this number, or none."""
        if not 0 < row_id <= LARGEST_ID:
            return self.env[model].sudo().browse()
        return self._find_rows(model, [("id", "=", row_id)], limit=1)

    @api.model
    def _is_occupant(self):
        """Whether the user has anything to see here."""
        partner = self.env.user.partner_id.id
        domain = Domain("portal_partner_ids", "in", partner) | Domain(
            "portal_past_partner_ids", "in", partner
        )
        self.env["property.occupancy"].flush_model(
            ["portal_partner_ids", "portal_past_partner_ids"]
        )
        # only whether there is one is told
        return bool(self.env["property.occupancy"].sudo().search_count(domain, limit=1))
