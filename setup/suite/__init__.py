"""What run and test do once the machine is prepared: databases, demo server, tests, linters.

Only the standard library and psycopg2. Started by ./run and ./test with the environment
that setup/common.sh and setup/postgres.sh export (PG*, ODOO_*, PATH).
"""
