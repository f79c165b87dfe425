from . import directory_page
from . import portal_pages
from . import portal_units
from . import portal_papers
from . import portal_things
from . import portal_data
from . import portal_sign
