from odoo.tools import SQL


def pre_init_hook(env):
    """Create the extension that the exclusion constraints of occupancies need.

    Without it Odoo only logs an error and installs the tables without the
    constraint, so it has to be there before the first table is made.
    """
    env.cr.execute(SQL("CREATE EXTENSION IF NOT EXISTS btree_gist"))
