from odoo import fields, models
from odoo.exceptions import ValidationError

from ..calc.identity import CHECKS, check, clean


class ResPartnerIdCategory(models.Model):
    _inherit = "res.partner.id_category"

    # code that runs with the number in its hands is for those who administer the system
    validation_code = fields.Text(groups="base.group_system")
    pm_check = fields.Selection(
        [
            ("resident_id", "Resident identity card (18 characters, check character)"),
            ("passport", "Passport (letters and digits)"),
            ("hk_macao_permit", "Hong Kong or Macao permit (H or M and digits)"),
            ("credit_code", "Unified social credit code (18 characters, check character)"),
            ("organisation_code", "Organisation code (9 characters, check character)"),
        ],
        string="Form of the Number",
        help="What a number of this kind must look like; a mistyped one is refused.",
    )

    def validate_id_number(self, id_number):
        """Refuse a number that has not the form of its kind; the message never repeats it."""
        result = super().validate_id_number(id_number)
        fault = self.pm_check and check(self.pm_check, id_number.name)
        if fault:
            raise ValidationError(self._fault_sentence(fault, id_number))
        return result

    def _fault_sentence(self, fault, id_number):
        assert self.pm_check in CHECKS
        names = {"kind": self.name, "party": id_number.partner_id.display_name}
        lengths = {
            "resident_id": "18",
            "passport": "5–17",
            "hk_macao_permit": "9, 11",
            "credit_code": "18",
            "organisation_code": "9",
        }
        if fault == "length":
            return self.env._(
                "The number of the %(kind)s of %(party)s has %(found)s characters instead of"
                " %(wanted)s. Compare it with the paper.",
                found=len(clean(id_number.name)),
                wanted=lengths[self.pm_check],
                **names,
            )
        if fault == "characters":
            return self.env._(
                "The number of the %(kind)s of %(party)s has a letter or digit where there can be"
                " none. Compare it with the paper.",
                **names,
            )
        if fault == "region":
            return self.env._(
                "The first two digits of the %(kind)s of %(party)s name no province. Compare them"
                " with the paper.",
                **names,
            )
        if fault == "date":
            return self.env._(
                "Digits 7 to 14 of the %(kind)s of %(party)s are no date of birth. Compare them"
                " with the paper.",
                **names,
            )
        return self.env._(
            "The last character of the %(kind)s of %(party)s does not fit the others, so one of"
            " them is mistyped. Compare the number with the paper.",
            **names,
        )
