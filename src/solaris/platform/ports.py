"""The error for a port in use, shared by the services and the servers that `solaris up` starts."""

from solaris.domain.errors import SolarisError


class PortTaken(SolarisError):
    """The port is in use.

    The message is one English line with the port and the setting to change.
    """

    code = "port_taken"
