from . import property_balance_compute
from . import property_meter_exchange
from . import property_meter_exchange_line
from . import property_reading_decision
from . import property_round_estimate
from . import property_letter_delivery
from . import property_letter_void
from . import property_payment_register
