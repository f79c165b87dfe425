from odoo.tools import SQL


def migrate(cr, version):
    """Issued papers are counted under FM; F belongs to final notices."""
    cr.execute(SQL("UPDATE property_counter SET series = 'FM' WHERE series = 'F'"))
