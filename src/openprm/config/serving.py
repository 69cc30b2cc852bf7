"""What each web process loads: the WSGI application, tied to the life of the process that started it."""

from openprm.config.processes import die_with_parent

die_with_parent()

from openprm.config.wsgi import application  # noqa: E402  after we are tied to our parent

__all__ = ["application"]
