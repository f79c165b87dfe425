"""A year of a real estate's meters, for ``test_bay_estate``.

``data`` reads what was published, ``plan`` makes up the rest, ``files`` writes it as
people would send it, ``collector`` decides about odd readings, ``ledger`` computes
every bill and loss a second time, ``figures`` sums up.
"""
