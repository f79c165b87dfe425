from . import property_approval_decision
from . import property_approval_try
from . import property_approval_try_line
from . import property_occupancy_override
from . import property_settings
from . import property_signature_place
from . import property_signature_sign
from . import property_inspection_reason
