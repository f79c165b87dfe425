from . import test_calc_money
from . import test_calc_periods
from . import test_calc_usage
from . import test_calc_words
