from . import test_access_matrix
from . import test_access_records
from . import test_i18n
from . import test_odoo_lint
from . import test_public_methods
from . import test_random_sequences
from . import test_screens
from . import test_tours_billing
