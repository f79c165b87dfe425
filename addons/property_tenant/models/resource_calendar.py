from datetime import datetime, timedelta

from pytz import timezone

from odoo import models
from odoo.fields import Domain
from odoo.tools.date_utils import float_to_time
from odoo.tools.intervals import Intervals

from ..calc.visits import days_between


class ResourceCalendar(models.Model):
    """Working hours know the holidays and the make-up working days of the company."""

    _inherit = "resource.calendar"

    def _attendance_intervals_batch(
        self, start_dt, end_dt, resources=None, domain=None, tz=None, lunch=False
    ):
        result = super()._attendance_intervals_batch(
            start_dt, end_dt, resources=resources, domain=domain, tz=tz, lunch=lunch
        )
        # the bounds may fall on other days by the clock of the place
        first = start_dt.date() - timedelta(days=1)
        last = end_dt.date() + timedelta(days=1)
        days = self._get_special_days(first, last)
        if not days:
            return result
        hours = self._get_make_up_hours(domain, lunch)
        zones = {resource.id: timezone(resource.tz) for resource in resources or ()}
        for key, intervals in result.items():
            zone = tz or zones.get(key) or timezone(self.tz)
            free = self._as_intervals(days["holiday"], [(0.0, 24.0, hours)], zone)
            extra = [
                (max(start, start_dt), min(stop, end_dt), hour)
                for start, stop, hour in self._as_intervals(
                    days["work"], [(hour.hour_from, hour.hour_to, hour) for hour in hours], zone
                )
                if max(start, start_dt) < min(stop, end_dt)
            ]
            # on a make-up day its own hours hold, whatever the week says
            worked = self._as_intervals(days["work"], [(0.0, 24.0, hours)], zone)
            kept = intervals - Intervals([*free, *worked], keep_distinct=True)
            result[key] = kept | Intervals(extra, keep_distinct=True)
        return result

    def _get_special_days(self, first, last):
        """Days within the bounds, by kind; nothing where there is none."""
        company = self.company_id or self.env.company
        # what is worked is no secret, and deadlines do not depend on who asks
        rows = (
            self.env["property.calendar.day"]
            .sudo()
            .search_fetch(
                Domain("company_id", "=", company.id)
                & Domain("calendar_id", "in", (False, self.id))
                & Domain("date_from", "<=", last)
                & Domain("date_to", ">=", first),
                ["kind", "date_from", "date_to"],
            )
        )
        days = {"holiday": [], "work": []} if rows else {}
        for row in rows:
            days[row.kind] += days_between(max(row.date_from, first), min(row.date_to, last))
        return days

    def _get_make_up_hours(self, domain, lunch):
        """The hours of the first day of the week that is worked."""
        hours = self.attendance_ids.filtered(
            lambda hour: (
                not hour.display_type
                and (hour.day_period == "lunch") == lunch
                and (not self.two_weeks_calendar or hour.week_type == "0")
            )
        ).filtered_domain(Domain(domain or Domain.TRUE))
        first = min(hours.mapped("dayofweek"), default=False)
        return hours.filtered(lambda hour: hour.dayofweek == first)

    def _as_intervals(self, days, hours, zone):
        def at(day, hour):
            if hour >= 24.0:
                day, hour = day + timedelta(days=1), 0.0
            return zone.localize(datetime.combine(day, float_to_time(hour)))

        return [
            (at(day, start), at(day, stop), hour) for day in days for start, stop, hour in hours
        ]
