"""A container image that names no digest, and so can change from run to run.

## Why is this bad?
Whoever can push to the image's repository, or takes it over, decides what the job runs. Without a tag, or with
`latest`, that happens without anybody meaning it.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    container: alpine:latest
    steps:
      - run: make test
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    container: alpine:3.22@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
    steps:
      - run: make test
```

A version tag without a digest is reported to pedants only.

## References
- [Pull an image by digest](https://docs.docker.com/reference/cli/docker/image/pull/#pull-an-image-by-digest-immutable-identifier)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock import expression
from steplock.expression.outcomes import outcomes
from steplock.model import Image, ImageName, Job, parse_image
from steplock.rule import Confidence, Finding, Persona, Related, Severity, rule


@rule(severity=Severity.HIGH)
def check(image: Image) -> Iterator[Finding]:
    value = image.scalar.value.strip()
    if not value:
        return  # no container at all
    if "${{" not in value:
        if finding := _judge(image, parse_image(value)):
            yield finding
        return
    fences = list(expression.fences(value))
    if len(fences) == 1 and fences[0].span == (0, len(value)):
        yield from _expression(image, value[fences[0].inner.start : fences[0].inner.end])
    elif finding := _judge(image, _blurred(value, fences)):
        yield finding


def _judge(image: Image, name: ImageName, related: tuple[Related, ...] = ()) -> Finding | None:
    if name.digest:
        return None
    if name.tag and name.tag != "latest":
        message = f"the tag `{name.tag}` of `{name.repository}` can be moved to another image; add its digest"
        return Finding(image.span, message, persona=Persona.PEDANTIC, related=related)
    how = "`latest`" if name.tag else "no tag, which is `latest`,"
    message = (
        f"`{name.repository}` has {how} and changes whenever somebody pushes; pin it to a digest"
    )
    return Finding(image.span, message, related=related)


def _blurred(value: str, fences: list[expression.Fence]) -> ImageName:
    """An image of which a part is an expression: a letter in its place, so that the rest can be judged."""
    for fence in reversed(fences):
        value = value[: fence.span.start] + "x" + value[fence.span.end :]
    return parse_image(value)


def _expression(image: Image, text: str) -> Iterator[Finding]:
    root = expression.parse(text).root
    for leaf in outcomes(root) if root is not None else ():
        match leaf:
            case expression.Literal(value=str(value)):
                if value and (finding := _judge(image, parse_image(value))):
                    yield finding
            case expression.Literal():
                continue
            case _:
                yield from _leaf(image, expression.path(leaf))


def _leaf(image: Image, path: tuple[str, ...] | None) -> Iterator[Finding]:
    matrix = image.parent.matrix if isinstance(image.parent, Job) else None
    if path is None or path[0] != "matrix" or matrix is None or len(path) < 2:
        yield Finding(
            image.span, "whether this image is pinned cannot be seen", confidence=Confidence.LOW
        )
        return
    values = matrix.values(path[1:])
    for scalar in values.scalars:
        if "${{" in scalar.value or not scalar.value:
            continue
        related = (Related("this value of the matrix", scalar.span),)
        if finding := _judge(image, parse_image(scalar.value), related):
            yield finding
    if values.is_dynamic:
        message = "whether every image of this matrix is pinned cannot be seen"
        yield Finding(image.span, message, confidence=Confidence.LOW)
