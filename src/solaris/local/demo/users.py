"""The cast of the demo data: invented people of an invented company, under an address domain that belongs to nobody."""

from dataclasses import dataclass
from enum import StrEnum

from solaris.domain.roles import Role

DOMAIN = "demo.local"


class Habit(StrEnum):
    """How much of the allowance a person uses, and whether he buys more."""

    NONE = "none"
    LIGHT = "light"
    STEADY = "steady"
    HEAVY = "heavy"  # goes beyond the allowance and buys credits


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One invented user.

    `percent` is the usage that the present month is brought to; None leaves what the habit gives. `joined_days_ago` None: some day
    before the usage that is made up.
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
        """The address; it belongs to nobody."""
        return f"{self.account}@{DOMAIN}"

    @property
    def known_for_days(self) -> int:
        """How long ago the account was made; spread over some months for those who were there before."""
        return 61 + sum(self.account.encode()) % 120 if self.joined_days_ago is None else self.joined_days_ago


ADMIN = DemoPerson("admin", "Administração Solaris", "profissional", Habit.LIGHT, role=Role.SUPER_ADMIN)
SECOND_ADMIN = DemoPerson("gestao", "Renata Figueiredo", "profissional", Habit.LIGHT, role=Role.ADMIN)
OPERATOR = DemoPerson("operacao", "Beatriz Nogueira", "profissional", Habit.LIGHT, role=Role.OPERATOR)
SUPPORT = DemoPerson("suporte", "Caio Siqueira", "basico", Habit.LIGHT, role=Role.SUPPORT)
JOAO = DemoPerson("joao", "João Pereira", "basico", Habit.NONE)
MARIA = DemoPerson("maria", "Maria Gonçalves", "basico", percent=80)
PEDRO = DemoPerson("pedro", "Pedro Araújo", "basico", percent=100)

# Each of these gets a password and an API key. Two may move tokens, so that a second person can be tried out.
WITH_LOGIN = (ADMIN, JOAO, MARIA, PEDRO, OPERATOR, SUPPORT, SECOND_ADMIN)
# Their usage is brought to the promised figure again in every new month.
KEPT_AT_PERCENT = (MARIA, PEDRO)

PEOPLE = (
    *WITH_LOGIN,
    DemoPerson("ana.ribeiro", "Ana Ribeiro", "profissional", Habit.HEAVY),
    DemoPerson("andre.magalhaes", "André Magalhães", "empresarial", Habit.STEADY),
    DemoPerson("antonia.conceicao", "Antônia da Conceição", "basico", Habit.LIGHT),
    DemoPerson("barbara.antunes", "Bárbara Antunes", "basico", percent=84),
    DemoPerson("bruno.falcao", "Bruno Falcão", "profissional", Habit.STEADY),
    DemoPerson("camila.guimaraes", "Camila Guimarães", "basico", Habit.HEAVY),
    DemoPerson("carlos.brandao", "Carlos Brandão", "empresarial", Habit.LIGHT),
    DemoPerson("cecilia.assuncao", "Cecília Assunção", "profissional", percent=87),
    DemoPerson("claudio.simoes", "Cláudio Simões", "basico", Habit.STEADY),
    DemoPerson("debora.valenca", "Débora Valença", "profissional", Habit.HEAVY),
    DemoPerson("diego.paixao", "Diego Paixão", "basico", Habit.STEADY),
    DemoPerson("eduarda.leao", "Eduarda Leão", "basico", percent=93),
    DemoPerson("fabio.inacio", "Fábio Inácio", "profissional", Habit.LIGHT),
    DemoPerson("fernanda.batista", "Fernanda Batista", "empresarial", Habit.STEADY),
    DemoPerson("flavia.monteiro", "Flávia Monteiro", "basico", Habit.HEAVY),
    DemoPerson("gabriel.ramalho", "Gabriel Ramalho", "basico", Habit.STEADY),
    DemoPerson("helena.coutinho", "Helena Coutinho", "profissional", Habit.STEADY),
    DemoPerson("heloisa.frazao", "Heloísa Frazão", "basico", percent=97),
    DemoPerson("igor.barbosa", "Igor Barbosa", "profissional", Habit.LIGHT),
    DemoPerson("isabela.macedo", "Isabela Macedo", "basico", Habit.STEADY, joined_days_ago=35),
    DemoPerson("jose.galvao", "José Galvão", "basico", Habit.HEAVY),
    DemoPerson("julia.sampaio", "Júlia Sampaio", "profissional", Habit.STEADY, joined_days_ago=28),
    DemoPerson("larissa.quintao", "Larissa Quintão", "basico", Habit.STEADY, joined_days_ago=21),
    DemoPerson("leticia.damasio", "Letícia Damásio", "empresarial", Habit.HEAVY),
    DemoPerson("lucia.estevao", "Lúcia Estêvão", "basico", Habit.LIGHT, joined_days_ago=14),
    DemoPerson("marcio.trindade", "Márcio Trindade", "basico", percent=100),
    DemoPerson("monica.teixeira", "Mônica Teixeira", "profissional", Habit.STEADY, joined_days_ago=9),
    DemoPerson("natalia.ferraz", "Natália Ferraz", "basico", Habit.LIGHT, suspended=True),
    DemoPerson("otavio.salomao", "Otávio Salomão", "basico", Habit.STEADY, suspended=True),
    DemoPerson("rafael.conceicao", "Rafael Conceição", "profissional", Habit.STEADY, joined_days_ago=3),
    DemoPerson("sergio.hipolito", "Sérgio Hipólito", "basico", Habit.LIGHT, joined_days_ago=0),
    DemoPerson("tais.bulhoes", "Taís Bulhões", "basico", Habit.STEADY, joined_days_ago=0),
    DemoPerson("vinicius.aragao", "Vinícius Aragão", "profissional", Habit.LIGHT, joined_days_ago=0),
    DemoPerson("zelia.cordeiro", "Zélia Cordeiro", "empresarial", Habit.LIGHT),
)
