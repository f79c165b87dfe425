"""What the tours share: an estate whose data is Chinese, its staff, and four ways to see it."""

import json
import os
from dataclasses import dataclass
from unittest import skipUnless

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import HttpCase

from odoo.addons.property_billing.calc.periods import month_period, period_label
from odoo.addons.property_billing.tests.common import BillingBuilders
from odoo.addons.queue_job.job import Job

from .common import read_table

ALL = os.environ.get("PROPERTY_TEST_ALL") == "1"


@dataclass(frozen=True)
class Variant:
    """In which language, and how wide, a person sees the screens."""

    name: str
    lang: str
    size: str = "1366x768"
    touch: bool = False

    @property
    def test(self):
        """Decorator: the first variant always runs, the others with all tests."""
        return skipUnless(ALL or self == VARIANTS[0], "PROPERTY_TEST_ALL: another language, width")


VARIANTS = (
    Variant("zh", "zh_CN"),
    Variant("zh_phone", "zh_CN", "375x667", True),
    Variant("en", "en_US"),
    Variant("en_phone", "en_US", "375x667", True),
)


def in_every_variant(case):
    """Class decorator: each ``process_NAME`` becomes ``test_NAME_VARIANT``, one per variant."""

    def make(process, variant):
        def test(self):
            self.appear(variant)
            process(self)

        test.__doc__ = process.__doc__
        return variant.test(test)

    for name in [name for name in vars(case) if name.startswith("process_")]:
        for variant in VARIANTS:
            test = make(getattr(case, name), variant)
            test.__name__ = f"test_{name.removeprefix('process_')}_{variant.name}"
            setattr(case, test.__name__, test)
    return case


class TourCase(BillingBuilders, HttpCase):
    """An estate of one building, its owners, tenants and staff; everything is called in Chinese.

    Codes have a digit, so that a Latin word on a Chinese screen is one that nobody translated.
    """

    #: role: name of the person; the login is ``tour_`` and the role
    staff = {}
    #: seconds for one part of a process, on a busy machine
    patience = 120

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "lang": "zh_CN"})
        cls.company = cls.env.company
        cls.company.name = "海湾物业管理有限公司"
        cls.env.ref("base.user_admin").name = "系统管理员"
        cls.estate = cls.make_estate("HW1", name="海湾花园")
        cls.building = cls.make_building(cls.estate, "1", name="一号楼")
        cls.unit, cls.unit_2, cls.unit_3 = (
            cls.make_unit(cls.building, code, floor=floor, usage="residential", area_gross=area)
            for code, floor, area in (("1-101", 1, 100.0), ("1-102", 1, 80.0), ("1-201", 2, 120.0))
        )
        cls.owner = cls.make_partner("王建国")
        cls.owner_2 = cls.make_partner("李秀英")
        cls.people = {
            role: cls.make_user(
                role, cls.estate, login=f"tour_{role}", password=f"tour_{role}", name=name
            )
            for role, name in cls.staff.items()
        }
        cls.known = [row["text"].lower() for row in read_table("latin_words.csv")]

    @classmethod
    def make_partner(cls, name="Party", **values):
        """Bills and what Odoo writes on them are in the party's language."""
        return super().make_partner(name, lang="zh_CN", **values)

    @classmethod
    def make_month(cls):
        """A month to bill: a fee by area, water by tiers; one unit has nobody to bill."""
        last = fields.Date.today() + relativedelta(months=-1)
        cls.period = month_period(last.year, last.month)
        cls.label = f"HW1 {period_label(cls.period.start, cls.period.end)}"
        cls.income_account = cls.env["account.account"].search(
            [("account_type", "=", "income"), ("company_ids", "in", cls.company.id)], limit=1
        )
        cls.income_account.name = "物业服务收入"
        cls.estate.journal_id = cls.env["account.journal"].create(
            {"name": "海湾花园账单", "code": "HW1", "type": "sale", "company_id": cls.company.id}
        )
        long_ago = cls.period.start + relativedelta(years=-1)
        for unit, owner in ((cls.unit, cls.owner), (cls.unit_2, cls.owner_2)):
            cls.make_occupancy(unit, owner, "owner", long_ago, self_use=True, state="active")
        cls.make_fee_rule(cls.make_fee_item("物业管理费"), rate=2.5, date_from=long_ago)
        cls.make_fee_rule(
            cls.make_fee_item("水费"),
            "metered",
            tariff_id=cls.make_tariff("居民用水", "water_cold", [(0, 4.0), (10, 6.0)]).id,
            date_from=long_ago,
        )
        cls.meter = cls.make_meter("W-101", cls.unit, date_installed=long_ago)
        cls.make_reading(cls.meter, cls.period.start + relativedelta(days=-1), 100)
        cls.make_reading(cls.meter, cls.period.end, 113)

    @classmethod
    def post_month(cls):
        """The posted run of that month; asked for by the supervisor, approved by the manager."""
        cls.approver = cls.people["manager"]
        run = cls.make_run(cls.period.start.year, cls.period.start.month)
        return cls.post_run(run.with_user(cls.people["billing_supervisor"])).with_env(cls.env)

    def appear(self, variant):
        """From now on everybody sees the client in this variant."""
        self.variant = variant
        self.browser_size = variant.size
        self.touch_enabled = variant.touch
        for user in self.env["res.users"].search([("share", "=", False)]):
            user.lang = variant.lang
        # the chatter begins with what the tours do
        self.env.flush_all()
        self.cr.precommit.run()
        self.env["mail.message"].search([("model", "=like", "property.%")]).unlink()

    def play(self, part, role, action, **data):
        """One person plays a part of the process; ``data`` is what its steps need to know."""
        # while a PDF is made, the page goes on asking
        self.http_request_allow_all = True
        given = json.dumps({"known": self.known, "data": data})
        options = json.dumps({"startUrl": "", "stepDelay": 0, "debug": False})
        self.start_tour(
            f"/odoo/{action}",
            part,
            login=f"tour_{role}",
            timeout=self.patience,
            code=f"localStorage.setItem('property_tour.given', {json.dumps(given)});"
            f"odoo.startTour({part!r}, {options})",
        )
        self.env.invalidate_all()

    def do_jobs(self):
        """What waits in the background is done, as by the runner of the jobs."""
        waiting = [("state", "=", "pending")]
        while row := self.env["queue.job"].search(waiting, order="date_created", limit=1):
            job = Job.load(self.env, row.uuid)
            # as by the runner: a job that is being done is no longer waiting
            job.set_started()
            job.store()
            job.perform()
            job.set_done()
            job.store()
            job.enqueue_waiting()
            self.env.flush_all()
            self.env.invalidate_all()
