from odoo import fields, models
from odoo.tools import format_amount, format_date, formatLang


class PropertyCharge(models.Model):
    """The explanation of a charge in words and numbers, in the reader's language.

    What was computed is stored as plain data (``explanation``); here it becomes
    labels, sentences and formatted numbers. The template only places them, so
    screen, paper and portal say the same.
    """

    _inherit = "property.charge"

    def _prepare_explanation(self):
        """What the template shows, as plain values in the reader's language.

        ``facts``: (label, value) pairs; ``formula``; ``readings``, ``tiers``,
        ``extras`` and ``corrections``: rows; ``counters`` and ``notes``:
        sentences; ``total``. What a charge does not have is empty.
        """
        self.ensure_one()
        data = self.explanation or {}
        values = {
            "title": self.product_id.display_name,
            "unit": data.get("unit") or self.unit_id.display_name,
            "period": self._explain_period(data.get("date_from"), data.get("date_to")),
            "description": self.description or "",
            "facts": [],
            "formula": "",
            "readings": [],
            "uom": self.uom_name or "",
            "tariff": self._explain_tariff(data),
            "tiers": [],
            "extras": [],
            "counters": [],
            "corrections": [],
            "notes": [],
            "total": self._explain_money(self.amount),
        }
        explain = getattr(self, f"_explain_{data.get('method')}", None)
        if explain:
            explain(data, values)
        values["notes"] += self._explain_tax()
        return values

    # --- methods ------------------------------------------------------------

    def _explain_area(self, data, values):
        area = self._explain_number(data.get("quantity"))
        label = (
            self.env._("Net area") if data.get("area_basis") == "net" else self.env._("Gross area")
        )
        values["facts"] += [
            (label, f"{area} m²"),
            (self.env._("Rate per m²"), self._explain_rate(data)),
            *self._explain_days(data),
        ]
        values["formula"] = self._explain_formula(
            [f"{area} m²", self._explain_price(data.get("rate"))], data
        )

    def _explain_fixed(self, data, values):
        values["facts"] += [
            (self.env._("Fixed amount"), self._explain_rate(data)),
            *self._explain_days(data),
        ]
        values["formula"] = self._explain_formula([self._explain_price(data.get("rate"))], data)

    def _explain_metered(self, data, values):
        values["readings"] = self._explain_readings(data)
        values["facts"] += self._explain_days(data)
        self._explain_tiers(data.get("price") or {}, values)

    def _explain_correction(self, data, values):
        values["notes"].append(
            self.env._("An earlier bill was computed anew. Only the difference is charged here.")
        )
        for row in data.get("correction") or []:
            values["corrections"].append(
                {
                    "period": self._explain_period(row.get("date_from"), row.get("date_to")),
                    "old_usage": self._explain_number(row.get("old_usage")),
                    "new_usage": self._explain_number(row.get("new_usage")),
                    "old_total": self._explain_money(row.get("old_total")),
                    "new_total": self._explain_money(row.get("new_total")),
                    "difference": self._explain_money(row.get("difference")),
                }
            )

    # --- parts --------------------------------------------------------------

    def _explain_tariff(self, data):
        """The tariff, with the day on which its prices began."""
        name = self.env["property.tariff"].browse(data.get("tariff_id") or []).exists().name
        name = name or data.get("tariff") or ""
        since = sorted(self.tariff_version_ids.mapped("date_from"))
        if not name or not since:
            return name
        return self.env._(
            "%(tariff)s, prices since %(days)s",
            tariff=name,
            days=", ".join(format_date(self.env, day) for day in since),
        )

    def _explain_rate(self, data):
        price = self._explain_price(data.get("rate"))
        period = self.fee_rule_id.period
        if period == "quarter":
            return self.env._("%(price)s for a quarter", price=price)
        if period == "half_year":
            return self.env._("%(price)s for half a year", price=price)
        if period == "year":
            return self.env._("%(price)s for a year", price=price)
        return self.env._("%(price)s for a month", price=price)

    def _explain_days(self, data):
        """The days that are charged, when they are not the whole period."""
        if data.get("days") == data.get("days_of_period"):
            return []
        text = self.env._(
            "%(days)s of the %(all)s days of the period",
            days=data.get("days"),
            all=data.get("days_of_period"),
        )
        return [(self.env._("Days"), text)]

    def _explain_formula(self, factors, data):
        if data.get("days") != data.get("days_of_period"):
            factors = [*factors, f"{data.get('days')}/{data.get('days_of_period')}"]
        if len(factors) == 1:
            return ""
        return f"{' × '.join(factors)} = {self._explain_money(data.get('amount'))}"

    def _explain_readings(self, data):
        registers = dict(
            self.env["property.meter.reading"]._fields["register"]._description_selection(self.env)
        )
        photos = self._explain_photos()
        rows = []
        for row in data.get("usage") or []:
            notes = []
            if row.get("estimated"):
                notes.append(self.env._("Estimated; the next reading corrects it."))
            if row.get("rolled_over"):
                notes.append(self.env._("The dial passed its last number and began again at zero."))
            if row.get("days") != row.get("days_of_reading"):
                notes.append(
                    self.env._(
                        "%(usage)s in %(all)s days; %(days)s of these days are charged here.",
                        usage=self._explain_number(row.get("usage")),
                        all=row.get("days_of_reading"),
                        days=row.get("days"),
                    )
                )
            rows.append(
                {
                    "meter": row.get("meter") or "",
                    "register": registers.get(row.get("register"), ""),
                    "period": self._explain_period(row.get("date_from"), row.get("date_to")),
                    "index_previous": self._explain_number(row.get("index_previous")),
                    "index": self._explain_number(row.get("index")),
                    "multiplier": self._explain_number(row.get("multiplier")),
                    "usage": self._explain_number(row.get("quantity")),
                    "notes": notes,
                    "photo": photos.get(row.get("reading_id")),
                }
            )
        return rows

    def _explain_photos(self):
        """Addresses of the photos of the readings that the reader may see: {reading id: url}."""
        return self._explain_photos_of(self.usage_ids.reading_id)

    def _explain_photos_of(self, readings):
        if not readings.browse().has_access("read"):
            return {}
        return {
            reading.id: f"/web/image/property.meter.reading/{reading.id}/photo"
            for reading in readings._filtered_access("read")
            if reading.has_photo
        }

    def _explain_tiers(self, price, values):
        registers = dict(
            self.env["property.meter.reading"]._fields["register"]._description_selection(self.env)
        )
        lines = price.get("lines") or []
        days = {(line.get("date_from"), line.get("date_to")) for line in lines}
        for line in lines:
            values["tiers"].append(
                {
                    "tier": self._explain_tier(line),
                    "register": registers.get(line.get("register"), ""),
                    # several only when the price changed within the period
                    "period": self._explain_period(line.get("date_from"), line.get("date_to"))
                    if len(days) > 1
                    else "",
                    "quantity": self._explain_number(line.get("quantity")),
                    "price": self._explain_price(line.get("price")),
                    "amount": self._explain_money(line.get("amount")),
                }
            )
        if float(price.get("standing") or 0):
            values["extras"].append(
                (self.env._("Standing charge"), self._explain_money(price["standing"]))
            )
        if float(price.get("minimum_top_up") or 0):
            label = self.env._(
                "Added up to the minimum charge of %(minimum)s",
                minimum=self._explain_money(price.get("minimum")),
            )
            values["extras"].append((label, self._explain_money(price["minimum_top_up"])))
        for counter in price.get("counters") or []:
            values["counters"].append(
                self.env._(
                    "Tiers count over the year: %(before)s %(measure)s were used before,"
                    " %(after)s %(measure)s with this bill.",
                    before=self._explain_number(counter.get("open")),
                    after=self._explain_number(counter.get("close")),
                    measure=self.uom_name or "",
                )
            )

    def _explain_tier(self, line):
        start = self._explain_number(line.get("quantity_from"))
        if line.get("quantity_to") is None:
            if not float(line.get("quantity_from") or 0):
                return self.env._("All usage")
            return self.env._("Over %(start)s", start=start)
        end = self._explain_number(line.get("quantity_to"))
        return self.env._("%(start)s to %(end)s", start=start, end=end)

    def _explain_tax(self):
        """Whether tax comes on top; of a billed charge what the bill says."""
        taxes = self.move_line_id.tax_ids if self.move_line_id else self.product_id.taxes_id
        taxes = taxes.filtered(lambda tax: tax.company_id == self.company_id)
        names = ", ".join(tax.tax_label or tax.name for tax in taxes if tax.price_include)
        sentences = []
        if names:
            sentences.append(self.env._("The amount includes %(tax)s tax.", tax=names))
        names = ", ".join(tax.tax_label or tax.name for tax in taxes if not tax.price_include)
        if names:
            sentences.append(self.env._("The bill adds %(tax)s tax to the amount.", tax=names))
        return sentences

    # --- formats ------------------------------------------------------------

    def _explain_period(self, start, end):
        if not start:
            start, end = self.period_start, self.period_end
        if not start:
            return ""
        shown = [format_date(self.env, fields.Date.to_date(day)) for day in (start, end) if day]
        return " – ".join(dict.fromkeys(shown))

    def _explain_number(self, text):
        """A number with as many decimals as it has, in the reader's notation."""
        if text in (None, ""):
            return ""
        decimals = len(str(text).partition(".")[2])
        return formatLang(self.env, float(text), digits=decimals)

    def _explain_money(self, amount):
        return format_amount(self.env, float(amount or 0), self.currency_id)

    def _explain_price(self, text):
        """A price per unit: at least the decimals of the currency, more where it has more."""
        number = str(text or "0")
        places = self.currency_id.decimal_places
        decimals = max(places, len(number.partition(".")[2]))
        if decimals == places:
            return self._explain_money(number)
        shown = formatLang(self.env, float(number), digits=decimals)
        symbol = self.currency_id.symbol or ""
        if self.currency_id.position == "before":
            return f"{symbol}\N{NO-BREAK SPACE}{shown}"
        return f"{shown}\N{NO-BREAK SPACE}{symbol}"
