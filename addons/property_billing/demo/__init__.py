"""The demo of billing: accounts, fees, meters and a year of bills.

Loaded once by ``property.billing.run._load_demo``. Every number follows from the
tables here and from a fixed seed; days count from today in the estates' time zone.
"""
