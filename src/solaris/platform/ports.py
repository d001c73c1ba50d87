"""A port that is taken: the same condition for the services and for the servers that `solaris up` starts."""

from solaris.domain.errors import SolarisError


class PortTaken(SolarisError):
    """Something else listens on the port; the message is one English line that names it and what moves it."""

    code = "port_taken"
