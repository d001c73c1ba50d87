"""What every measuring part is given: the servers, the sizes, and one door through which loads are run and counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench import load
from bench.audit import Books
from bench.calls import Call, Target
from bench.findings import Proof
from bench.load import Result, Shape
from bench.options import Options
from bench.servers import Running, Stage, quiet


@dataclass
class Server:
    """A server to be compared: where it is called, and the process behind it (None: the upstream itself)."""

    target: Target
    running: Running

    @property
    def name(self) -> str:
        """As tables show it."""
        return self.target.name


@dataclass
class Scene:
    """One run's servers. `litellm` is None where it is left out."""

    options: Options
    stage: Stage
    books: Books
    direct: Server
    forwarder: Server
    proxy: Server
    litellm: Server | None
    say: Callable[[str], None]
    _answered: int = field(default=0, init=False)
    _failed: int = field(default=0, init=False)

    async def run(self, server: Server, call: Call, shape: Shape, keys: Sequence[str] | None = None) -> Result:
        """Load one server. What the proxy answers is counted, so that its books can be compared with it."""
        target = server.target if keys is None else server.target.with_keys(keys)
        result = await load.run(target.port, target.requests(call), shape)
        if server is self.proxy:
            self._answered += result.answered
            self._failed += sum(result.failures.values())
        if result.failures:
            self.say(f"  {server.name}: {sum(result.failures.values())} failed, first: {result.first_failure}")
        await quiet()
        return result

    async def prove(self, name: str) -> Proof:
        """Compare the proxy's answers since the last proof with its books."""
        proof = await self.books.prove(name, answered=self._answered, failed=self._failed)
        self._answered = self._failed = 0
        return proof

    async def warm_up(self) -> None:
        """Every server answers some calls before anything is measured; the proxy one for each user, which opens their wallet."""
        for server in (self.direct, self.forwarder, *([self.litellm] if self.litellm else [])):
            await self.run(server, Call(), Shape(8, requests=100, seconds=20))
            await self.run(server, Call(stream=True), Shape(8, requests=40, seconds=20))
        users = len(self.proxy.target.keys)
        await self.run(self.proxy, Call(), Shape(16, requests=users, seconds=60))
        await self.run(self.proxy, Call(stream=True), Shape(16, requests=200, seconds=20))
