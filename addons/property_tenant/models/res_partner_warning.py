from odoo import api, fields, models
from odoo.fields import Domain

from ..calc.phone import phone_digits

#: fewer digits are an extension, which many share
SHORTEST_PHONE = 7


class ResPartner(models.Model):
    """What staff must know of a party, how to reach it, and whether it is known already."""

    _inherit = "res.partner"

    estate_warning_ids = fields.One2many(
        "property.warning", "partner_id", string="Warnings", groups="property_tenant.group_user"
    )
    estate_warnings = fields.Json(
        string="Warnings Shown",
        compute="_compute_estate_warnings",
        groups="property_tenant.group_user",
        help="What to know, shown on top: [{level, text}].",
    )
    estate_channel = fields.Selection(
        [
            ("phone", "Phone"),
            ("sms", "Text Message"),
            ("email", "E-Mail"),
            ("wechat", "WeChat"),
            ("letter", "Letter"),
            ("visit", "Visit"),
        ],
        string="Preferred Channel",
        groups="property_tenant.group_user",
        help="How the party wants to be reached.",
    )
    estate_forwarding = fields.Text(
        string="Forwarding Address",
        groups="property_tenant.group_user",
        help="Where letters go after the party has left.",
    )
    estate_phone_digits = fields.Char(
        string="Phone Digits",
        compute="_compute_estate_phone_digits",
        store=True,
        index="btree_not_null",
        groups=fields.NO_ACCESS,
        help="By this two parties with the same business number are found.",
    )

    @api.depends("phone")
    def _compute_estate_phone_digits(self):
        for partner in self:
            digits = phone_digits(partner.phone or "")
            partner.estate_phone_digits = digits if len(digits or "") >= SHORTEST_PHONE else False

    @api.depends("estate_warning_ids.text", "estate_warning_ids.level", "estate_warning_ids.active")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_estate_warnings(self):
        found = self._get_estate_warnings()
        for partner in self:
            warnings = found.get(partner._origin.id, [])
            partner.estate_warnings = sorted(
                warnings, key=lambda warning: (-int(warning["level"]), warning["text"])
            )

    def _get_estate_warnings(self):
        """{partner id: [{"level": "1" … "3", "kind": label, "text": …}]}, in few queries.

        Other addons add what the books know to the result of super().
        """
        Warning_ = self.env["property.warning"]
        rows = Warning_.search(
            Domain("partner_id", "in", self._origin.ids) & Warning_._get_current_domain()
        )
        kinds = dict(Warning_._fields["kind"]._description_selection(self.env))
        result = {}
        for row in rows:
            result.setdefault(row.partner_id.id, []).append(
                {"level": row.level, "kind": kinds[row.kind], "text": row.text}
            )
        return result

    @api.onchange("phone", "name")
    def _onchange_known_party(self):
        """A party that is typed a second time is pointed out."""
        twins = self._find_twins()
        if not twins:
            return None
        return {
            "warning": {
                "title": self.env._("Perhaps Already Known"),
                "message": self.env._(
                    "%(others)s has the same phone number. Open that party instead of entering it"
                    " a second time, or go on if they are different.",
                    others=", ".join(twins.mapped("display_name")),
                ),
            }
        }

    def _find_twins(self):
        """Up to five other parties with the same business number."""
        self.ensure_one()
        if not self.env.user.has_group("property_tenant.group_user"):
            return self.browse()
        digits = phone_digits(self.phone or "")
        if len(digits or "") < SHORTEST_PHONE:
            return self.browse()
        # the digits are nobody's to read; which parties are found is decided by their own rules
        ids = self.sudo().search([("estate_phone_digits", "=", digits)], limit=50).ids
        me = self._origin | self._origin.commercial_partner_id
        family = Domain("id", "in", ids) & Domain("id", "not in", me.ids)
        return self.search(family & Domain("commercial_partner_id", "not in", me.ids), limit=5)
