from . import test_stacking_plan
