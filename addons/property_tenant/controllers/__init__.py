from . import directory_page
from . import portal_pages
from . import portal_units
from . import portal_papers
