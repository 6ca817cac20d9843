"""What is known of the action behind a `uses:`: its versions and its pages."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from steplock.model import Step, Uses
from steplock.tables import downloads, pins
from steplock.trust import situation
from steplock_lsp.granted import needs_lines

GITHUB = "https://github.com"


def version_of(uses: Uses) -> str | None:
    """The most precise tag that stood for the commit of a `uses:`."""
    if not uses.is_commit:
        return None
    return next(iter(pins.tags(uses.slug, uses.ref)), None)


def page(uses: Uses) -> str | None:
    """The address of exactly the code that a remote `uses:` runs."""
    if not uses.is_remote or uses.slug.count("/") != 1 or not uses.ref or "${{" in uses.value:
        return None
    owner, repo, *_ = uses.name.split("/")
    kind = "blob" if uses.subpath.endswith((".yml", ".yaml")) else "tree"
    below = f"/{quote(uses.subpath)}" if uses.subpath else ""
    return f"{GITHUB}/{quote(owner)}/{quote(repo)}/{kind}/{quote(uses.ref)}{below}"


def uses_text(uses: Uses) -> str | None:
    """Markdown: which version a `uses:` runs, the newest that is known, what it fetches, what it needs."""
    address = page(uses)
    if address is None:
        return None
    lines = [f"[**`{uses.name}`**]({address}) at `{uses.ref}`", "", *_versions(uses)]
    if isinstance(uses.parent, Step):
        lines += _downloads(uses.parent, uses)
        lines += needs_lines(uses.parent)
    return "\n".join(lines).rstrip()


def _versions(uses: Uses) -> Iterator[str]:
    if uses.is_commit:
        if tags := pins.tags(uses.slug, uses.ref):
            yield f"- This commit is {_names(tags)}."
    elif commit := pins.commit(uses.slug, uses.ref):
        yield f"- `{uses.ref}` was commit `{commit}`. It can be moved to another."
    if newest := pins.newest(uses.slug):
        date = pins.date(uses.slug)
        yield f"- The newest version known is `{newest.tag}` (`{newest.commit}`), as of {date}."


def _downloads(step: Step, uses: Uses) -> Iterator[str]:
    download = downloads.of(uses.action, uses.version or "")
    if download is None or not downloads.moves(uses.action, situation(step)):
        return
    yield "- Pinned or not, when it runs it downloads something that can change."
    if download.input and not download.input.startswith("env:"):
        example = f": {download.example}" if download.example else ""
        yield f"  An exact value of `{download.input}{example}` fixes that."


def _names(tags: tuple[str, ...]) -> str:
    first, *rest = (f"`{tag}`" for tag in tags)
    return f"{first} (also {', '.join(rest)})" if rest else first
