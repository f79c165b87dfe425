"""The collector: goes and looks at what is odd, and decides as a person would."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .plan import month_end, pick

CONFIRM, REREAD, ESTIMATE, CORRECT, MISSING = "confirm", "reread", "estimate", "correct", "missing"


@dataclass(frozen=True)
class Decision:
    """What was decided about the reading of a dial on a day, in the order of deciding."""

    month: int
    number: str
    day: date
    kind: str
    what: str
    index: Decimal | None = None


class Collector:
    """Decides on what the checks have flagged; keeps a list of it.

    :param plan: says what the dials really show
    :param reader: the user who decides; ``supervisor`` where more rights are needed
    """

    reasons = {
        "far_from_history": "Read again, it is right: the garden was watered.",
        "zero_occupied": "The family is away; the meter runs.",
        "use_when_vacant": "Cleaners and craftsmen were there.",
        "stopped": "Looked at it: nobody uses water there.",
        "rollover": "The dial began again at zero.",
    }

    def __init__(self, plan, env, estate, reader, supervisor):
        self.plan, self.env, self.estate = plan, env, estate
        self.reader, self.supervisor = reader, supervisor
        self.decisions = []

    def decide_all(self, month):
        """Go on until nothing waits; one decision may make its neighbour odd."""
        for _turn in range(4):
            waiting = self.env["property.meter.reading"].search(
                [
                    ("estate_id", "=", self.estate.id),
                    ("state", "in", ("draft", "flagged")),
                    ("date", "<=", month_end(month)),
                ],
                order="date, id",
            )
            if not waiting:
                return
            for reading in waiting:
                if reading.state == "flagged":
                    self.decide(month, reading)
        raise AssertionError(f"still flagged: {waiting.mapped('display_name')}")

    def decide(self, month, reading):
        """Look at the dial, then read again, confirm, correct or estimate."""
        look = self.plan.by_look[reading.meter_id.name, reading.date, reading.kind]
        codes = {found["code"] for found in reading.findings}
        index = Decimal(str(reading.index_value))
        if index != look.index and not reading.estimated:
            self._note(month, reading, REREAD, look.index)
            reading.with_user(self.reader).action_reread(float(look.index), "Misread.")
        elif "lower_than_last" in codes and not self._rolled_over(reading):
            self._correct_last(month, reading, index)
        elif self._stands_still(reading) or self._nobody_at_home(reading, codes):
            self._note(month, reading, ESTIMATE)
            reading.with_user(self.reader).action_estimate("Could not be read again.")
        else:
            self._note(month, reading, CONFIRM)
            reason = next((self.reasons[code] for code in self.reasons if code in codes), "Seen.")
            user = self.supervisor if reading.severity == "block" else self.reader
            reading.with_user(user).action_accept(reason)

    def _note(self, month, reading, what, index=None):
        self.decisions.append(
            Decision(month, reading.meter_id.name, reading.date, reading.kind, what, index)
        )

    def _rolled_over(self, reading):
        """A dial near its end goes on at zero; a little less than before is a mistake."""
        before, turn = Decimal(str(reading.index_previous)), Decimal(10) ** reading.meter_id.digits
        return before - Decimal(str(reading.index_value)) > turn / 2

    def _correct_last(self, month, reading, index):
        """This one is right, so the reading before it was too high."""
        last = reading.previous_id
        number, day, kind = reading.meter_id.name, last.date, last.kind
        right = min(self.plan.by_look[number, day, kind].index, index)
        self.decisions.append(Decision(month, number, day, kind, CORRECT, right))
        if last.state == "billed":
            last.with_user(self.supervisor).action_correct(float(right), "It was read too high.")
        else:
            last.with_user(self.reader).action_reread(float(right), "It was read too high.")

    @staticmethod
    def _stands_still(reading):
        """A meter that does not turn while those below it do."""
        return any(
            found["code"] == "stopped" and "children_usage" in found["figures"]
            for found in reading.findings
        )

    @staticmethod
    def _nobody_at_home(reading, codes):
        """Every fourth flat with far too much is locked when somebody comes to look."""
        return (
            codes == {"far_from_history"}
            and reading.kind == "regular"
            and reading.unit_id.usage == "residential"
            and reading.findings[0]["figures"]["direction"] == "high"
            and not pick(f"{reading.meter_id.name} {reading.date}", "locked", 4)
        )

    def estimate_forgotten(self, month):
        """What nobody has read is estimated, on a round of its building and day."""
        missing = self.env["property.meter"]._get_missing_readings(
            self.estate, month_end(month).replace(day=1), month_end(month)
        )
        for meter in missing:
            day = self.plan.reading_day(self.plan.dials[meter.name].code, month)
            readings = self._walk(meter, day)
            if len(readings) != 1:
                raise AssertionError(f"{len(readings)} estimates for {meter.name}")
            self.decisions.append(Decision(month, meter.name, day, "regular", MISSING))
        return len(missing)

    def _walk(self, meter, day):
        Round = self.env["property.reading.round"].with_user(self.reader)
        walk = Round.create(
            {
                "estate_id": self.estate.id,
                "building_ids": [(6, 0, meter.building_id.ids)],
                "commodity": meter.commodity,
                "date": day,
            }
        )
        walk.action_finish()
        walk.action_estimate_missing("Nobody was there to open the door.")
        return walk.reading_ids.filtered(lambda row: row.meter_id == meter and row.estimated)
