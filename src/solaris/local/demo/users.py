"""The users of the demo data: an invented company under a reserved mail domain."""

from dataclasses import dataclass
from enum import StrEnum

from solaris.domain.roles import Role

DOMAIN = "demo.local"


class Habit(StrEnum):
    """How much of the allowance a user uses, and whether they buy more."""

    NONE = "none"
    LIGHT = "light"
    STEADY = "steady"
    HEAVY = "heavy"  # goes beyond the allowance and buys credits


@dataclass(frozen=True, slots=True)
class DemoUser:
    """One invented user.

    `percent` is the usage that the current month is filled up to; None: as the habit gives.
    `joined_days_ago` None: a day before the generated usage begins.
    """

    account: str
    name: str
    plan_type: str
    habit: Habit = Habit.STEADY
    percent: int | None = None
    joined_days_ago: int | None = None
    suspended: bool = False
    role: Role = Role.USER

    @property
    def email(self) -> str:
        """The address, in a domain without mailboxes."""
        return f"{self.account}@{DOMAIN}"

    @property
    def known_for_days(self) -> int:
        """Age of the account in days; spread over some months where `joined_days_ago` is None."""
        return 61 + sum(self.account.encode()) % 120 if self.joined_days_ago is None else self.joined_days_ago


ADMIN = DemoUser("admin", "Administração Solaris", "profissional", Habit.LIGHT, role=Role.SUPER_ADMIN)
SECOND_ADMIN = DemoUser("gestao", "Renata Figueiredo", "profissional", Habit.LIGHT, role=Role.ADMIN)
OPERATOR = DemoUser("operacao", "Beatriz Nogueira", "profissional", Habit.LIGHT, role=Role.OPERATOR)
SUPPORT = DemoUser("suporte", "Caio Siqueira", "basico", Habit.LIGHT, role=Role.SUPPORT)
JOAO = DemoUser("joao", "João Pereira", "basico", Habit.NONE)
MARIA = DemoUser("maria", "Maria Gonçalves", "basico", percent=80)
PEDRO = DemoUser("pedro", "Pedro Araújo", "basico", percent=100)

# Each of these gets a password and an API key. Two may grant credits, so that approval by a second
# admin can be tried.
WITH_LOGIN = (ADMIN, JOAO, MARIA, PEDRO, OPERATOR, SUPPORT, SECOND_ADMIN)
# Their usage is filled up to `percent` again in every new month.
KEPT_AT_PERCENT = (MARIA, PEDRO)

DEMO_USERS = (
    *WITH_LOGIN,
    DemoUser("ana.ribeiro", "Ana Ribeiro", "profissional", Habit.HEAVY),
    DemoUser("andre.magalhaes", "André Magalhães", "empresarial", Habit.STEADY),
    DemoUser("antonia.conceicao", "Antônia da Conceição", "basico", Habit.LIGHT),
    DemoUser("barbara.antunes", "Bárbara Antunes", "basico", percent=84),
    DemoUser("bruno.falcao", "Bruno Falcão", "profissional", Habit.STEADY),
    DemoUser("camila.guimaraes", "Camila Guimarães", "basico", Habit.HEAVY),
    DemoUser("carlos.brandao", "Carlos Brandão", "empresarial", Habit.LIGHT),
    DemoUser("cecilia.assuncao", "Cecília Assunção", "profissional", percent=87),
    DemoUser("claudio.simoes", "Cláudio Simões", "basico", Habit.STEADY),
    DemoUser("debora.valenca", "Débora Valença", "profissional", Habit.HEAVY),
    DemoUser("diego.paixao", "Diego Paixão", "basico", Habit.STEADY),
    DemoUser("eduarda.leao", "Eduarda Leão", "basico", percent=93),
    DemoUser("fabio.inacio", "Fábio Inácio", "profissional", Habit.LIGHT),
    DemoUser("fernanda.batista", "Fernanda Batista", "empresarial", Habit.STEADY),
    DemoUser("flavia.monteiro", "Flávia Monteiro", "basico", Habit.HEAVY),
    DemoUser("gabriel.ramalho", "Gabriel Ramalho", "basico", Habit.STEADY),
    DemoUser("helena.coutinho", "Helena Coutinho", "profissional", Habit.STEADY),
    DemoUser("heloisa.frazao", "Heloísa Frazão", "basico", percent=97),
    DemoUser("igor.barbosa", "Igor Barbosa", "profissional", Habit.LIGHT),
    DemoUser("isabela.macedo", "Isabela Macedo", "basico", Habit.STEADY, joined_days_ago=35),
    DemoUser("jose.galvao", "José Galvão", "basico", Habit.HEAVY),
    DemoUser("julia.sampaio", "Júlia Sampaio", "profissional", Habit.STEADY, joined_days_ago=28),
    DemoUser("larissa.quintao", "Larissa Quintão", "basico", Habit.STEADY, joined_days_ago=21),
    DemoUser("leticia.damasio", "Letícia Damásio", "empresarial", Habit.HEAVY),
    DemoUser("lucia.estevao", "Lúcia Estêvão", "basico", Habit.LIGHT, joined_days_ago=14),
    DemoUser("marcio.trindade", "Márcio Trindade", "basico", percent=100),
    DemoUser("monica.teixeira", "Mônica Teixeira", "profissional", Habit.STEADY, joined_days_ago=9),
    DemoUser("natalia.ferraz", "Natália Ferraz", "basico", Habit.LIGHT, suspended=True),
    DemoUser("otavio.salomao", "Otávio Salomão", "basico", Habit.STEADY, suspended=True),
    DemoUser("rafael.conceicao", "Rafael Conceição", "profissional", Habit.STEADY, joined_days_ago=3),
    DemoUser("sergio.hipolito", "Sérgio Hipólito", "basico", Habit.LIGHT, joined_days_ago=0),
    DemoUser("tais.bulhoes", "Taís Bulhões", "basico", Habit.STEADY, joined_days_ago=0),
    DemoUser("vinicius.aragao", "Vinícius Aragão", "profissional", Habit.LIGHT, joined_days_ago=0),
    DemoUser("zelia.cordeiro", "Zélia Cordeiro", "empresarial", Habit.LIGHT),
)
