"""The pages, navigation and panels that this domain contributes."""

PAGES = ()
NAV = ()
HOME_PANELS = ()
OBJECT_PANELS = ()
SETTINGS_PAGES = ()
