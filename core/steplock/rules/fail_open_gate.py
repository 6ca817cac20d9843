"""A job that stands for all others passes although they failed, or were skipped.

## Why is this bad?
One job is made the required check, and waits for all others. When one of them fails, GitHub skips it, and a skipped check counts as
passed: the pull request can be merged with failing tests. With `if: always()` and nothing that looks at the results it is green
whatever happened.

The same happens to tests that are chosen by what changed: after a force push or in a shallow clone the commit before cannot be
found, the list of changes comes out empty, and nothing is tested.

## Example
```yaml
on: pull_request
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: make test
  all-green:
    needs: [test]
    runs-on: ubuntu-latest
    steps:
      - run: echo done
```

Use instead:
```yaml
on: pull_request
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: make test
  all-green:
    if: always()
    needs: [test]
    runs-on: ubuntu-latest
    steps:
      - if: contains(needs.*.result, 'failure') || contains(needs.*.result, 'cancelled')
        run: exit 1
```

## References
- [Skipped jobs count as passed](https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/troubleshooting-required-status-checks#handling-skipped-but-required-checks)
- [Checks in the next job](https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#always)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.expression import UNKNOWN, Unknown, Value, truth
from steplock.lazy import pattern
from steplock.model import Job, Step
from steplock.rule import Confidence, Finding, Related, Severity, rule
from steplock.shell import Command
from steplock.syntax import Mapping, Scalar
from steplock.trust.needs import runs_regardless

_EVENTS = frozenset({"pull_request", "pull_request_target", "merge_group"})
_ANSWERS = frozenset({"echo", "true", "exit", "printf", ":", "write-host", "write-output"})
_BEFORE = "github.event.before"


_NAMES = pattern(
    r"(?i)\b(?:all|ci|tests?|checks?|build|required?|status|gate|success|pass(?:ed)?|ok|green|completed?|done|"
    r"finish(?:ed)?|conclusion|results?|summary|final|merge)(?:\b|[-_ ])"
)


@rule(severity=Severity.MEDIUM, confidence=Confidence.MEDIUM)
def check(job: Job) -> Iterator[Finding]:
    if job.workflow.events.isdisjoint(_EVENTS | {"push"}):
        return
    if job.needs and not job.workflow.events.isdisjoint(_EVENTS) and _stands_for_others(job):
        yield from _gate(job)
    yield from _changes(job)


def _stands_for_others(job: Job) -> bool:
    """Whether nothing waits for a job and it does nothing of its own, so that it can only be a check."""
    if job.uses is not None or any(job.id in other.needs for other in job.workflow.jobs):
        return False
    if not job.steps or not all(map(_only_answers, job.steps)):
        return False
    return _NAMES.search(f"{job.id} {job.name.value if job.name else ''}") is not None


def _only_answers(step: Step) -> bool:
    """Whether a step says or fails, and does nothing else."""
    if step.uses is not None:
        return step.uses.slug == "re-actors/alls-green"
    if step.script is None or not step.script.commands:
        return False
    return all(command.name in _ANSWERS or _tests(command) for command in step.script.commands)


def _tests(command: Command) -> bool:
    return command.name in ("[", "[[", "test", "grep", "jq") or "condition" in command.inside


def _gate(job: Job) -> Iterator[Finding]:
    related = (Related("its condition", job.condition.span),) if job.condition else ()
    if not _runs_after_failure(job):
        yield Finding(
            job.key.span,
            "when one of the jobs it needs fails, this is skipped, and a skipped check counts as passed: "
            "give it `if: always()`, and fail where a result in `needs` is not `success`",
            related=related,
            scope=job.span,
        )
    elif not any(map(_may_fail, job.steps)):
        yield Finding(
            job.key.span,
            "this runs and passes whatever came out of the jobs it needs: fail where a result in `needs` is not `success`",
            related=related,
            scope=job.span,
        )


def _runs_after_failure(job: Job) -> bool:
    """Whether a job runs, for all that can be seen, when one that it needs has failed."""
    if not runs_regardless(job) or job.condition is None:
        return False
    root = job.condition.parsed.root
    status = {"success": False, "failure": True, "cancelled": False}
    return root is None or truth(root, _failed, status) is not False


def _failed(path: tuple[str, ...]) -> Value | Unknown:
    return {"one": {"result": "failure"}} if path == ("needs",) else UNKNOWN


def _may_fail(step: Step) -> bool:
    """Whether a step looks at results, or fails by itself."""
    if step.uses is not None or "needs" in step.document.text[slice(*step.span)]:
        return True
    commands = step.script.commands if step.script else ()
    ends = [c for c in commands if c.name == "exit" and c.argv and c.argv[0].value != "0"]
    return bool(ends) or any(command.name == "false" or _tests(command) for command in commands)


def _changes(job: Job) -> Iterator[Finding]:
    """Lists of changes that come out empty, without a word, where the commit before is not to be had."""
    for step in job.steps:
        if step.run is None or "diff" not in step.run.value or step.script is None:
            continue
        variables = _holding_before(step)
        for command in step.script.commands:
            if command.runs("git", "diff") and _swallows(step, command):
                words = [word for word in command.argv if _names_before(word.value, variables)]
                if words and _is_shallow(step):
                    span = step.document.locate(step.run, command.span)
                    yield Finding(
                        span,
                        "after a force push, and in a shallow clone, the commit before is not there: the list of changes "
                        "comes out empty, and what depends on it is skipped, and so passed; fetch it, or test everything",
                        confidence=Confidence.LOW,
                        scope=step.span,
                    )


def _holding_before(step: Step) -> frozenset[str]:
    """The variables of a step that hold the commit before."""
    items = step.env.items if isinstance(step.env, Mapping) else ()
    return frozenset(k.value for k, v in items if isinstance(v, Scalar) and _BEFORE in v.value)


def _names_before(word: str, variables: frozenset[str]) -> bool:
    return _BEFORE in word or any(
        f"${name}" in word or f"${{{name}}}" in word for name in variables
    )


def _swallows(step: Step, command: Command) -> bool:
    """Whether the script goes on although the command fails."""
    if "substitution" in command.inside or "condition" in command.inside:
        return True
    after = [
        c
        for c in (step.script.commands if step.script else ())
        if c.span.start > command.span.start
    ]
    return bool(after) and after[0].operator in ("|", "||")


def _is_shallow(step: Step) -> bool:
    """Whether the checkout before fetches less than everything."""
    for earlier in reversed(step.parent.steps[: step.index]):
        if earlier.uses is not None and earlier.uses.action == "actions/checkout":
            depth = earlier.input("fetch-depth")
            return depth is None or depth.value.strip() != "0"
    return False
