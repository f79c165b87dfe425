from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date

from ..calc.today import SECTIONS, crosstab, day_begins, in_order

#: who sees figures and graphs beside the work
DASHBOARD_GROUPS = (
    "property_tenant.group_manager,property_tenant.group_general_manager,"
    "property_tenant.group_controller"
)


class PropertyToday(models.AbstractModel):
    """The screen everybody begins with: what is to be done today, with counts.

    Each block and each addon says what its records ask for by extending
    ``_get_lines`` (and ``_get_figures``, ``_get_graphs`` for the dashboard)::

        class PropertyToday(models.AbstractModel):
            _inherit = "property.today"

            def _get_lines(self):
                return super()._get_lines() + [
                    Line(
                        "loan_overdue",
                        self.env._("Things lent that are overdue"),
                        "property.item.loan",
                        [("state", "=", "out"), ("date_due", "<", self._today())],
                        "property_tenant.property_item_loan_action",
                        "property_tenant.group_front_desk,property_tenant.group_security",
                    )
                ]

    Lines are only declared; counting is done here, with the rights of the
    reader, in one query per line that is the reader's work (two if it can be
    late). What a person may not read is not shown.
    """

    _name = "property.today"
    _description = "Today"

    # --- declared by the blocks ------------------------------------------------

    @api.model
    def _get_lines(self):
        """What is to be done: a list of ``calc.today.Line``."""
        return []

    @api.model
    def _get_figures(self):
        """Figures of the dashboard: a list of ``calc.today.Figure``."""
        return []

    @api.model
    def _get_graphs(self):
        """Graphs of the dashboard: a list of ``calc.today.Graph``."""
        return []

    # --- for declaring -----------------------------------------------------------

    @api.model
    def _get_zone(self):
        """The clock by which a day begins: the estates', when all of the reader's have one."""
        # few rows, of which the reader sees his own estates only
        zones = set(self.env["property.estate"].search([]).mapped("tz"))
        own = self.env.user.tz
        return own if len(zones) > 1 and own in zones else min(zones, default=own)

    @api.model
    def _by_the_clock(self):
        """``self`` on the day of the estates, wherever the reader and the server are."""
        return self.with_context(tz=self._get_zone() or "UTC")

    @api.model
    def _today(self):
        return fields.Date.context_today(self)

    @api.model
    def _day_begins(self, days=0):
        """When the day so many days ahead begins, for comparing with moments: text in UTC."""
        return fields.Datetime.to_string(day_begins(self._in_days(days), self.env.tz))

    @api.model
    def _in_days(self, days):
        return fields.Date.add(self._today(), days=days)

    @api.model
    def _has_dashboard(self):
        return self.env.user.has_groups(DASHBOARD_GROUPS)

    # --- read by the screen ----------------------------------------------------------

    @api.model
    def get_today(self):
        """What the current user has to do, by section; for the screen “Today”."""
        if not self.env.user.has_group("property_tenant.group_user"):
            raise AccessError(
                self.env._("“Today” is for the staff of the estates. Ask a manager for a role.")
            )
        self = self._by_the_clock()
        lines = [
            self._count_line(line) for line in in_order(self._get_lines()) if self._is_my_line(line)
        ]
        titles = {
            "now": self.env._("To do today"),
            "soon": self.env._("In the next days"),
            "watch": self.env._("To keep an eye on"),
        }
        sections = [
            {
                "key": section,
                "title": titles[section],
                "lines": [line for line in lines if line["section"] == section and line["count"]],
            }
            for section in SECTIONS
        ]
        return {
            "name": self.env.user.name,
            "date": format_date(self.env, self._today(), date_format="full"),
            "sections": [section for section in sections if section["lines"]],
            "nothing": [line for line in lines if not line["count"]],
            "has_dashboard": self._has_dashboard(),
        }

    @api.model
    def get_dashboard(self):
        """Figures and graphs for managers and controllers."""
        if not self._has_dashboard():
            raise AccessError(
                self.env._("The dashboard is for managers and controllers. Ask a manager.")
            )
        self = self._by_the_clock()
        return {
            "figures": [self._show_figure(figure) for figure in self._get_figures()],
            "graphs": [
                self._draw(graph)
                for graph in self._get_graphs()
                if self._may(graph.model, graph.groups)
            ],
        }

    @api.model
    def _may(self, model, groups):
        return self.env[model].has_access("read") and (
            not groups or self.env.user.has_groups(groups)
        )

    @api.model
    def _is_my_line(self, line):
        return self._may(line.model, line.groups)

    @api.model
    def _count_line(self, line):
        domain = Domain(line.domain)
        if line.building and self.env["property.building"]._has_own():
            # whoever has buildings of his own begins with these, as in the lists
            domain &= Domain(f"{line.building}.steward_ids", "in", self.env.user.ids)
        records = self.env[line.model]
        count = records.search_count(domain)
        late = records.search_count(domain & Domain(line.late)) if count and line.late else 0
        return {
            "key": line.key,
            "label": line.label,
            "model": line.model,
            "count": count,
            "late": late,
            "icon": line.icon,
            "section": line.section,
            "window": self._get_window(line.action, line.label, domain, line.context),
        }

    @api.model
    def _get_window(self, xmlid, name, domain, context=None):
        """What the client makes of the window ``xmlid``: narrowed, without its own filters."""
        return {
            "xmlid": xmlid,
            "name": name,
            "domain": list(Domain(domain)),
            "context": dict(context or {}),
        }

    @api.model
    def _show_figure(self, figure):
        window = False
        if figure.action:
            window = self._get_window(figure.action, figure.label, figure.domain)
        return {
            "key": figure.key,
            "label": figure.label,
            "value": figure.value,
            "detail": figure.detail,
            "alarming": figure.alarming,
            "window": window,
        }

    @api.model
    def _draw(self, graph):
        records = self.env[graph.model]
        groups = records.formatted_read_group(
            list(Domain(graph.domain)), list(graph.groupby), [graph.measure]
        )
        found = [
            (
                [self._get_key(records, spec, group[spec]) for spec in graph.groupby],
                group[graph.measure],
                list(Domain(graph.domain) & Domain(group["__extra_domain"])),
            )
            for group in groups
        ]
        labels, rows = crosstab(found, graph.limit)
        return {
            "key": graph.key,
            "title": graph.title,
            "kind": graph.kind,
            "labels": labels,
            "rows": rows,
            "window": self._get_window(graph.action, graph.title, graph.domain),
        }

    @api.model
    def _get_key(self, records, spec, value):
        """A group as (what it is told apart by, what people read)."""
        field = records._fields[spec.split(":")[0]]
        if field.type == "selection":
            labels = dict(field._description_selection(self.env))
            return value, labels.get(value) or self.env._("None")
        if isinstance(value, (list, tuple)):
            return value[0], value[1] or ""
        return value, str(value) if value else self.env._("None")
