from . import test_access_matrix
from . import test_access_records
from . import test_public_methods
