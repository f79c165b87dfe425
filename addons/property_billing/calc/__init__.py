"""Rules of the billing addon as plain functions.

Nothing here knows Odoo: numbers are ``Decimal`` (``Fraction`` where a value must
stay exact until it is rounded), days are ``date``, everything else is a frozen
dataclass. Models fetch the data, call a rule and store what comes back.
"""
