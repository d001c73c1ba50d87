"""What the tests of the administration's pages stand on: the demo's company with sixty days of usage, and staff of every role."""

from pathlib import Path
from zoneinfo import ZoneInfo

from tests.browser.axe import assert_accessible
from tests.browser.services import Services
from tests.browser.visitor import DESKTOP, PHONE, Visitor

from solaris.domain.roles import Role
from solaris.local.demo.data import DemoData
from solaris.local.demo.logins import DemoKeyring
from solaris.platform.logs import build_log

ZONE = ZoneInfo("America/Sao_Paulo")
HARMFUL_NAME = "<img src=x onerror=\"document.title='owned'\">"
STAFF_NAMES = {
    Role.SUPPORT: "Sofia Suporte",
    Role.OPERATOR: "Olavo Operador",
    Role.ADMIN: "Alice Administradora",
    Role.SUPER_ADMIN: "Davi Dono",
}


def email_of(role: Role) -> str:
    """The address of the one member of the staff with that role."""
    return f"{role.value}@example.com"


async def arrange_staff(services: Services) -> None:
    """One person of each role."""
    for role, name in STAFF_NAMES.items():
        await services.user(email_of(role), name, role=role)


async def arrange_company(services: Services, folder: Path) -> None:
    """The staff, and the demo's people with their usage, purchases and requests."""
    await arrange_staff(services)
    log = build_log("browser-tests", level="error", form="json")
    keyring = DemoKeyring(services.database, folder, log, password="demonstração")
    await DemoData(services.database, keyring, log, zone=ZONE).load()


async def glance(visitor: Visitor, name: str) -> None:
    """Photograph a dialog or one state of a page, light and wide, then dark and narrow; both must be accessible."""
    for theme, size, viewport in (("light", "desktop", DESKTOP), ("dark", "phone", PHONE)):
        await visitor.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of the two it names
        await visitor.page.set_viewport_size(viewport)  # type: ignore[arg-type]  # width and height
        await visitor._settle()
        await visitor.photograph(f"{name}-{theme}-{size}")
        await visitor.assert_nothing_cut_off()
        await assert_accessible(visitor.page)
    await visitor.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]  # as above
    await visitor.page.emulate_media(color_scheme="light")
