"""Settings of a database that ./run or ./test makes; fed to ``odoo shell``.

The suite needs nothing from the internet, so what calls out, or invites to, is taken away.
"""

UNWANTED = [
    "google_gmail",
    "mail_bot",
    "microsoft_outlook",
    "partner_autocomplete",
    "snailmail",
    "web_unsplash",
]
env = env  # noqa: F821, PLW0127  (given by the shell)

env["ir.module.module"].search(
    [("name", "in", UNWANTED), ("state", "=", "installed")]
).button_immediate_uninstall()

# The registry was rebuilt: a fresh environment sees what is left.
env = env(user=env.user.id)
parameters = env["ir.config_parameter"]
# Odoo waits a second per PDF otherwise.
parameters.set_param("report.print_delay", "0")
# Tells the publisher about the installation once a week.
publisher = env.ref("mail.ir_cron_module_update_notification", raise_if_not_found=False)
if publisher:
    publisher.active = False
# No guided tours of Odoo's own apps for the administrator.
env["res.users"].search([]).tour_enabled = False
env.cr.commit()
