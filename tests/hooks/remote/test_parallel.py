"""Many questions at once."""

from gitserver import Repository, Server, hang
from steplock_hooks import remote
from steplock_hooks.remote import NotFound, Refs, Remote, Resolved


def test_each_question_has_its_answer(server: Server, here: Remote) -> None:
    names = [f"acme/a{number}" for number in range(12)]
    commits = {}
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
    server.fault = lambda handler, body: hang(handler, body) if "slow" in handler.path else None
    answers = remote.every(
        lambda name: remote.refs(here._replace(timeout=300), name), ["acme/slow", "acme/setup"]
    )
    assert next(answers) == ("acme/setup", Refs({"v1": one}, {}, {}))
    answers.close()
    assert not server.closing.is_set()
