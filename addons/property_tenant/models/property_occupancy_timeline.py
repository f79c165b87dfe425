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
                    "opens": lambda inspection: inspection.unit_id,   # else the record itself
                }
            ]

``self`` is the whole dossier: the leading occupancy and its further units. What
the reader may not see is left out: the records are searched with the reader's
rights, the model is skipped where there are none. Each provider asks the database
once for a page, whatever has happened. One whose entries are not records of a model
gives ``entries(place, limit)`` in place of the model: dicts with ``date``, ``key``,
``title``, ``text``, ``model`` and ``id`` (or a ``domain`` and ``name`` of a list).
"""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..calc.timeline import Place, moment, older

#: entries of one request; those after them are asked for with ``before``
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
                "entries": lambda place, limit: self._get_timeline_states(place, limit, states),
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

    def _get_timeline_states(self, place, limit, states):
        """When the occupancies changed their state, by whom."""
        field = self.env["ir.model.fields"].sudo()._get(self._name, "state")
        domain = [
            ("mail_message_id.model", "=", self._name),
            ("mail_message_id.res_id", "in", self.ids),
            ("field_id", "=", field.id),
            *older(place, "state", "mail_message_id.date", False),
        ]
        # the changes of states of occupancies that the reader sees; nothing else of the messages
        values = self.env["mail.tracking.value"].sudo().search(domain, order="id desc", limit=limit)
        labels = self._get_state_labels_anywhere(states)
        return [
            {
                "date": value.mail_message_id.date,
                "key": value.id,
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
        :param before: ``next`` of the page before, or a moment (UTC, as text): what is older
        :return: {"kinds": [{kind, label, icon}…], "entries": […], "more": bool,
            "next": where the next page begins, or False}
        """
        self.ensure_one()
        self.check_access("read")
        try:
            place = Place.read(before) if before else None
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
                entries += dossier._get_timeline_entries(provider, place, limit + 1)
        entries.sort(key=_get_place, reverse=True)
        more = len(entries) > limit
        entries = entries[:limit]
        return {
            "kinds": seen,
            "more": more,
            "next": more and _get_place(entries[-1]).tell(),
            "entries": [
                {**entry, "date": fields.Datetime.to_string(entry["date"])} for entry in entries
            ],
        }

    def _get_timeline_entries(self, provider, place, limit):
        shared = {name: provider[name] for name in ("kind", "icon")}
        if "entries" in provider:
            return [{**shared, "day": False, **row} for row in provider["entries"](place, limit)]
        # a provider that reads with more rights says why, and chooses what its readers see
        records = provider.get("records", self.env[provider["model"]])
        name = provider["date"]
        is_day = records._fields[name].type == "date"
        domain = [
            *provider["domain"],
            (name, "!=", False),
            *older(place, provider["kind"], name, is_day),
        ]
        text = provider.get("text")
        opens = provider.get("opens", lambda record: record)
        return [
            {
                **shared,
                "date": moment(record[name]),
                "key": record.id,
                "day": is_day,
                "title": provider["title"](record),
                "text": (text and text(record)) or "",
                "model": opens(record)._name,
                "id": opens(record).id,
            }
            for record in records.search(domain, order=f"{name} desc, id desc", limit=limit)
        ]


def _get_place(entry):
    return Place(entry["date"], entry["kind"], entry["key"])
