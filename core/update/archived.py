"""Rewrite the list of archived repositories, `core/steplock/tables/archived.json`.

    python core/update/archived.py archived-repos.txt

The file has one `owner/repo` a line. That a repository is archived is shown on its page; nobody repairs it any more.
"""

from __future__ import annotations

from update import facts

# zizmor 1.32.0, released in 2026, is where the names come from; its file is told as the source.
READ = "2026-11-21"
SOURCE = "zizmor 1.32.0 (MIT), data/archived-repos.txt"


def main() -> None:
    [path] = facts.given("archived-repos.txt")
    names = {
        facts.action(line.strip()) for line in path.read_text("utf-8").splitlines() if line.strip()
    }
    facts.write("archived", sorted(names), source=SOURCE, day=READ)


if __name__ == "__main__":
    main()
