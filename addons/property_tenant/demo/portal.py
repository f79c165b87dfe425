"""Two occupants with a login for the portal: `tenant` moves in, `owner` lives in the garden."""

import base64

from odoo.fields import Command

from .signature import draw

#: login: who it is, for which occupancies, as what
TENANT = ("tenant", "刘敏 Liu Min", "liumin@orient-trade.example")


class Portal:
    def __init__(self, loader):
        self.loader, self.env, self.ref = loader, loader.env, loader.ref

    def make_login(self, login, partner):
        """A login without an invitation; the password is the login, as of all in the demo."""
        company = self.ref("estate_hq").company_id
        self.loader.make(
            "res.users",
            [
                (
                    f"user_{login}",
                    {
                        "login": login,
                        "password": login,
                        "partner_id": partner.id,
                        "lang": self.loader.chinese,
                        "tz": "Asia/Shanghai",
                        "company_id": company.id,
                        "company_ids": [Command.set(company.ids)],
                        "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
                    },
                )
            ],
        )
        return self.ref(f"user_{login}")

    def load_tenant(self):
        """The agent of the firm that moves in; one paper was sent in and waits to be checked."""
        login, name, email = TENANT
        lease = self.ref("occupancy_moving_in")
        self.loader.make(
            "res.partner",
            [
                (
                    "partner_portal_tenant",
                    {
                        "name": name,
                        "email": email,
                        "phone": "010-65880126",
                        "parent_id": lease.partner_id.id,
                        "lang": self.loader.chinese,
                    },
                )
            ],
        )
        partner = self.ref("partner_portal_tenant")
        for occupancy in lease + self.ref("occupancy_successor"):
            self.env["property.occupancy.contact"].create(
                {
                    "occupancy_id": occupancy.id,
                    "partner_id": partner.id,
                    "role": "agent",
                    "portal_access": True,
                }
            )
        user = self.make_login(login, partner)
        papers = lease._get_missing_papers().sorted("id")
        if papers:
            self.env["property.portal.upload"].with_user(user)._send_in(
                papers[-1].sudo(), "扫描件 scan.png", draw_bytes(7), note="原件下周带来"
            )

    def load_owner(self):
        """An owner who lives in the garden."""
        flats = self.env["property.occupancy"].search(
            [
                ("estate_id", "=", self.ref("estate_rv").id),
                ("kind", "=", "owner"),
                ("self_use", "=", True),
                ("state", "=", "active"),
                ("unit_id.usage", "=", "residential"),
            ],
            order="unit_id",
        )
        partner = flats[0].partner_id
        flats.filtered(lambda flat: flat.partner_id == partner).portal_party = True
        if not partner.email:
            partner.email = "owner@riverside.example"
        self.make_login("owner", partner)


def draw_bytes(seed):
    """A picture that stands for a scan."""
    return base64.b64decode(draw(seed))


def load(loader):
    portal = Portal(loader)
    portal.load_tenant()
    portal.load_owner()
