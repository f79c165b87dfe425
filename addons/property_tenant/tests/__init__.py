from . import test_stacking_plan
from . import test_calc_approval
from . import test_approval
from . import test_approval_access
from . import test_approval_concurrency
from . import test_approval_rules
from . import test_privacy
