"""Everything that happened about an occupancy, newest first, without filing it twice.

A block that has records about occupancies adds a provider::

    class PropertyOccupancy(models.Model):
        _inherit = "property.occupancy"

        def _get_timeline_providers(self):
            return super()._get_timeline_providers() + [
                {
                    "kind": "inspection",
                    "label": self.env._("Inspections"),
                    "icon": "fa-check-square-o",
                    "model": "property.inspection",
                    "domain": [("occupancy_id", "in", self.ids)],
                    "date": "date",
                    "title": lambda inspection: inspection.display_name,
                    "text": lambda inspection: inspection.note,       # may be left out
                }
            ]

``self`` is the whole dossier: the leading occupancy and its further units. What
the reader may not see is left out: the records are searched with the reader's
rights, the model is skipped where there are none.
"""

from datetime import datetime, time

from odoo import api, fields, models
from odoo.exceptions import UserError

#: entries of one request; more are asked for with ``before``
PAGE = 60
MOST = 500


class PropertyOccupancy(models.Model):
    _inherit = "property.occupancy"

    def _get_timeline_providers(self):
        """What is about the occupancies of one dossier; see above."""
        states = dict(self._fields["state"]._description_selection(self.env))
        approvals = self.env["property.approval"]
        verdicts = dict(approvals._fields["verdict"]._description_selection(self.env))
        return [
            {
                "kind": "state",
                "label": self.env._("Occupancy"),
                "icon": "fa-home",
                "entries": lambda before, limit: self._get_timeline_states(before, limit, states),
            },
            {
                "kind": "document",
                "label": self.env._("Papers"),
                "icon": "fa-file-text-o",
                "model": "property.document",
                "domain": [("occupancy_id", "in", self.ids)],
                "date": "date_received",
                "title": lambda document: document.display_name,
                "text": self._get_timeline_document,
            },
            {
                "kind": "loan",
                "label": self.env._("Papers Lent"),
                "icon": "fa-share-square-o",
                "model": "property.document.loan",
                "domain": [("occupancy_id", "in", self.ids), ("date_out", "!=", False)],
                "date": "date_out",
                "title": lambda loan: loan.display_name,
                "text": lambda loan: " · ".join(
                    filter(None, (loan.borrower_id.name, loan.purpose))
                ),
            },
            {
                "kind": "approval",
                "label": self.env._("Approvals"),
                "icon": "fa-gavel",
                "model": "property.approval",
                "domain": [
                    ("res_model", "=", "property.occupancy"),
                    ("res_id", "in", self.ids),
                    ("date", "!=", False),
                ],
                "date": "date",
                "title": lambda row: f"{row.gate_name}: {verdicts[row.verdict]}",
                "text": lambda row: " · ".join(filter(None, (row.user_id.name, row.opinion))),
            },
        ]

    def _get_timeline_document(self, document):
        states = dict(document._fields["state"]._description_selection(self.env))
        parts = [document.name]
        if document.state != "filed":
            parts += [states[document.state], document.void_reason]
        return " · ".join(filter(None, parts))

    def _get_timeline_states(self, before, limit, states):
        """When the occupancies changed their state, by whom."""
        field = self.env["ir.model.fields"].sudo()._get(self._name, "state")
        domain = [
            ("mail_message_id.model", "=", self._name),
            ("mail_message_id.res_id", "in", self.ids),
            ("field_id", "=", field.id),
        ]
        if before:
            domain.append(("mail_message_id.date", "<", before))
        # the changes of states of occupancies that the reader sees; nothing else of the messages
        values = self.env["mail.tracking.value"].sudo().search(domain, order="id desc", limit=limit)
        labels = self._get_state_labels_anywhere(states)
        return [
            {
                "date": value.mail_message_id.date,
                "title": labels.get(value.new_value_char, value.new_value_char),
                "text": " · ".join(
                    filter(
                        None,
                        (
                            self.browse(value.mail_message_id.res_id).unit_id.code,
                            value.mail_message_id.author_id.name,
                        ),
                    )
                ),
                "model": self._name,
                "id": value.mail_message_id.res_id,
            }
            for value in values
        ]

    @api.model
    def _get_state_labels_anywhere(self, states):
        """Names of states in any language → in the reader's: the log keeps the name of its day."""
        labels = {}
        for code, __ in self.env["res.lang"].get_installed():
            there = self._fields["state"]._description_selection(self.with_context(lang=code).env)
            labels |= {name: states[key] for key, name in there}
        return labels

    def get_timeline(self, kinds=None, before=None, limit=PAGE):
        """What happened about the dossier, newest first.

        :param kinds: kinds of providers; None: all
        :param before: only what is older than this (UTC, as text)
        :return: {"kinds": [{kind, label, icon, count}…], "entries": […], "more": bool}
        """
        self.ensure_one()
        self.check_access("read")
        try:
            before = fields.Datetime.to_datetime(before) if before else None
            limit = min(max(int(limit), 1), MOST)
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._("The time line cannot begin at %s. Open it again.", before)
            ) from error
        lead = self.lead_id or self
        dossier = (lead | lead.member_ids)._filtered_access("read")
        entries, seen = [], []
        for provider in dossier._get_timeline_providers():
            if "model" in provider and not self.env[provider["model"]].has_access("read"):
                continue
            seen.append({name: provider[name] for name in ("kind", "label", "icon")})
            if kinds is None or provider["kind"] in kinds:
                entries += dossier._get_timeline_entries(provider, before, limit + 1)
        entries.sort(key=lambda entry: (entry["date"], entry["id"]), reverse=True)
        return {
            "kinds": seen,
            "entries": [
                {**entry, "date": fields.Datetime.to_string(entry["date"])}
                for entry in entries[:limit]
            ],
            "more": len(entries) > limit,
        }

    def _get_timeline_entries(self, provider, before, limit):
        shared = {name: provider[name] for name in ("kind", "icon")}
        if "entries" in provider:
            return [{**shared, "day": False, **row} for row in provider["entries"](before, limit)]
        records = self.env[provider["model"]]
        name = provider["date"]
        is_day = records._fields[name].type == "date"
        domain = list(provider["domain"]) + [(name, "!=", False)]
        if before:
            domain.append((name, "<", before.date() if is_day else before))
        text = provider.get("text")
        return [
            {
                **shared,
                "date": self._timeline_time(record[name], is_day),
                "day": is_day,
                "title": provider["title"](record),
                "text": (text and text(record)) or "",
                "model": record._name,
                "id": record.id,
            }
            for record in records.search(domain, order=f"{name} desc, id desc", limit=limit)
        ]

    def _timeline_time(self, value, is_day):
        return datetime.combine(value, time.min) if is_day else value
