"""Many questions at once."""

from gitserver import Handler, Repository, Server
from steplock_hooks import remote
from steplock_hooks.remote import NotFound, Refs, Remote, Resolved


def test_each_question_has_its_answer(server: Server, here: Remote) -> None:
    names = [f"acme/a{number}" for number in range(12)]
    commits: dict[str, str] = {}
    for name in names:
        made = Repository(server.root, name)
        made.tag("v1", commits.setdefault(name, made.commit({"a": name})))
    answers = dict(
        remote.every(lambda name: remote.commit(here, name, "v1"), [*names, "acme/none"])
    )
    assert answers.pop("acme/none") == NotFound("acme/none")
    assert answers == {name: Resolved("v1", "tag", commit) for name, commit in commits.items()}


def test_whoever_stops_early_does_not_wait(setup: Repository, server: Server, here: Remote) -> None:
    setup.tag("v1", one := setup.commit({"a": "1"}))
    waited = []

    def slow(handler: Handler, _: bytes) -> None:
        if "slow" in handler.path:
            waited.append(handler.server.closing.wait(20))

    server.fault = slow
    answers = remote.every(
        lambda name: remote.refs(here._replace(timeout=300), name), ["acme/slow", "acme/setup"]
    )
    assert next(answers) == ("acme/setup", Refs({"v1": one}, {}, {}))
    answers.close()
    assert waited == []
    # What was stopped is no answer, and not kept as one.
    server.fault = None
    assert remote.refs(here, "acme/slow") == NotFound("acme/slow")
