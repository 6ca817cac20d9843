"""What is known of the action behind a `uses:`: its versions and its pages."""

from __future__ import annotations

from urllib.parse import quote

from steplock.model import Uses
from steplock.tables import pins

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
    """Markdown: which version a `uses:` runs, and which is the newest that is known."""
    address = page(uses)
    if address is None:
        return None
    lines = [f"[**`{uses.name}`**]({address}) at `{uses.ref}`", ""]
    if uses.is_commit:
        tags = pins.tags(uses.slug, uses.ref)
        if tags:
            lines.append(f"- This commit is {_names(tags)}.")
    else:
        commit = pins.commit(uses.slug, uses.ref)
        if commit:
            lines.append(f"- `{uses.ref}` was commit `{commit}`. It can be moved to another.")
    newest = pins.newest(uses.slug)
    if newest:
        lines.append(
            f"- The newest version known is `{newest.tag}` (`{newest.commit}`), "
            f"as of {pins.date(uses.slug)}."
        )
    return "\n".join(lines).rstrip()


def _names(tags: tuple[str, ...]) -> str:
    first, *rest = (f"`{tag}`" for tag in tags)
    return f"{first} (also {', '.join(rest)})" if rest else first
