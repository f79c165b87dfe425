from . import directory_page
