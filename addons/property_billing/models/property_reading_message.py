from odoo import api, models
from odoo.tools import format_date


class PropertyReadingMessage(models.AbstractModel):
    """The sentences of findings, made when they are read: in the reader's language."""

    _name = "property.reading.message"
    _description = "Sentences about Readings"

    @api.model
    def _sentences(self, findings):
        """Sentences for the stored findings of a reading, the most serious first."""
        texts = self._texts()
        sentences = []
        for finding in findings or ():
            figures = self._localised(finding.get("figures", {}))
            text = texts.get(self._variant(finding["code"], figures))
            sentences.append(text % figures if text else finding["code"])
        return sentences

    def _variant(self, code, figures):
        if code == "far_from_history":
            return f"{code}_{figures.get('direction')}"
        if code == "stopped" and "children_usage" in figures:
            return "stopped_below"
        if code == "lower_than_last" and figures.get("wrapped_usage") is not None:
            return "lower_than_last_wrapped"
        return code

    def _localised(self, figures):
        values = dict(figures)
        for name in ("date", "today", "last_date", "installed", "removed"):
            if values.get(name):
                values[name] = format_date(self.env, values[name])
        for name in ("expected", "spread", "allowed"):
            if values.get(name):
                # a comparison, not a figure to be added up
                number = float(values[name])
                decimals = 0 if abs(number) >= 10 else 1
                values[name] = f"{number:.{decimals}f}".removesuffix(".0")
        if "kind" in values:
            kinds = self.env["property.meter.reading"]._fields["kind"]
            values["kind"] = dict(kinds._description_selection(self.env)).get(values["kind"])
        return values

    def _texts(self):
        _ = self.env._
        return {
            "missing": _("Not read."),
            "out_of_dial": _("%(index)s does not fit the dial of %(digits)s digits."),
            "negative_usage": _("The usage %(usage)s is negative."),
            "lower_than_last": _("%(index)s is lower than the last index %(previous_index)s."),
            "lower_than_last_wrapped": _(
                "%(index)s is lower than the last index %(previous_index)s; if the dial had begun"
                " again at zero, the usage would be %(wrapped_usage)s."
            ),
            "rollover": _(
                "The dial seems to have begun again at zero after %(previous_index)s: usage"
                " %(usage)s."
            ),
            "duplicate": _("There is already a reading of this kind on %(date)s."),
            "future": _("%(date)s is in the future; today is %(today)s."),
            "before_last": _("There is already a later reading, of %(last_date)s."),
            "before_installation": _("The meter was installed on %(installed)s only."),
            "after_removal": _("The meter was removed on %(removed)s."),
            "multiplier_changed": _(
                "The multiplier was %(previous_multiplier)s at the last reading and is"
                " %(multiplier)s now."
            ),
            "far_from_history_high": _(
                "Usage %(usage)s is far above the usual %(expected)s of this meter."
            ),
            "far_from_history_low": _(
                "Usage %(usage)s is far below the usual %(expected)s of this meter."
            ),
            "zero_occupied": _("No usage in %(days)s days, although the unit is used."),
            "use_when_vacant": _("Usage %(usage)s, although the unit is vacant."),
            "stopped": _("The meter stands still: %(equal_indexes)s equal indexes in a row."),
            "stopped_below": _(
                "The meter stands still, although those below it used %(children_usage)s."
            ),
            "children_exceed_parent": _(
                "The meters below used %(children_usage)s, more than the %(usage)s of this one."
            ),
        }
