"""What a job holds that a stranger would want."""

from __future__ import annotations

from functools import lru_cache

from steplock.expression import contexts
from steplock.model import Job, Permissions, Step, Workflow, expressions
from steplock.named import NamedTuple
from steplock.repository import Repository
from steplock.syntax import Mapping, Scalar
from steplock.tables import runners
from steplock.trust.callers import callers


class Powers(NamedTuple):
    writes: tuple[str, ...]
    """The scopes its token may write, as far as the file says."""
    is_default_token: bool
    """Whether nothing says what its token may do, so that the repository's setting decides."""
    secrets: tuple[str, ...]
    """The secrets it names, the token not among them; `*` for all of them."""
    oidc: bool
    """Whether it may ask for an identity at a cloud or a registry."""
    environment: str | None
    self_hosted: bool

    @property
    def any(self) -> bool:
        return bool(
            self.writes or self.is_default_token or self.secrets or self.oidc or self.self_hosted
        )

    def phrases(self) -> tuple[str, ...]:
        """What to say of them, the worst first."""
        said = []
        if self.secrets:
            named = "every secret" if "*" in self.secrets else f"`secrets.{self.secrets[0]}`"
            more = f" and {len(self.secrets) - 1} more" if len(self.secrets) > 1 else ""
            said.append(f"{named}{more}")
        if self.is_default_token:
            said.append("a token whose powers nothing limits")
        if "*" in self.writes:
            said.append("a token that may write everything")
        else:
            said.extend(f"`{scope}: write`" for scope in self.writes if scope != "id-token")
        if self.oidc:
            said.append("an identity at other services (`id-token: write`)")
        if self.self_hosted:
            said.append("a runner of its own, which the next job uses again")
        return tuple(said)


def powers(job: Job, repository: Repository | None = None) -> Powers:
    """The powers of a job, apart from the event that starts it.

    In a workflow that is only called, those that its callers in the repository leave it.
    """
    writes = _writes(job.effective_permissions)
    secrets = _secrets(job)
    if repository is not None and job.workflow.is_only_called:
        given = [powers(caller, repository) for caller in callers(job.workflow, repository)]
        if given and writes is None and not any(one.is_default_token for one in given):
            writes = tuple(dict.fromkeys(scope for one in given for scope in one.writes))
        elif given and writes:
            ceiling = {scope for one in given for scope in one.writes}
            if not any(one.is_default_token for one in given) and "*" not in ceiling:
                writes = tuple(scope for scope in writes if scope in ceiling or scope == "*")
        if given and not any(one.secrets for one in given):
            secrets = ()
    return _powers(job, writes, secrets)


def _writes(permissions: Permissions | None) -> tuple[str, ...] | None:
    """The scopes that may be written; None where nothing says."""
    if permissions is None:
        return None
    if permissions.all == "write-all":
        return ("*",)
    return tuple(s.name for s in permissions.scopes if s.level == "write")


def _powers(job: Job, known: tuple[str, ...] | None, secrets: tuple[str, ...]) -> Powers:
    writes = known or ()
    return Powers(
        writes,
        known is None,
        secrets,
        "id-token" in writes or "*" in writes,
        _environment(job),
        _self_hosted(job),
    )


def _secrets(job: Job) -> tuple[str, ...]:
    if isinstance(job.secrets, Scalar) and job.secrets.value == "inherit":
        return ("*",)
    named = _named(job.workflow)
    return tuple(sorted(named.get(job.id, frozenset()) | named[""]))


@lru_cache(maxsize=64)
def _named(workflow: Workflow) -> dict[str, frozenset[str]]:
    """By job, the secrets it names; under the empty name those of the workflow's own `env:`."""
    found: dict[str, set[str]] = {"": set()}
    for expression in expressions(workflow):
        if "secrets" not in expression.text.lower() or expression.parsed.root is None:
            continue
        owner = expression.parent
        job = owner.job if isinstance(owner, Step) else owner if isinstance(owner, Job) else None
        for reference in contexts(expression.parsed.root):
            if reference.path[0] == "secrets" and reference.path[1:] != ("github_token",):
                name = reference.path[1] if len(reference.path) > 1 else "*"
                found.setdefault(job.id if job else "", set()).add(name.upper())
    return {name: frozenset(names) for name, names in found.items()}


def _environment(job: Job) -> str | None:
    match job.environment:
        case Scalar(value=value):
            return value
        case Mapping() as node:
            scalar = node.scalar("name")
            return scalar.value if scalar else None
    return None


def _self_hosted(job: Job) -> bool:
    """Whether it runs on machines of the project's own, which may outlive the job."""
    for label in job.runner.possible():
        runner = runners.of(label.text)
        if label.text.lower() == "self-hosted" or (runner and runner.host == "self-hosted"):
            return True
    return False
