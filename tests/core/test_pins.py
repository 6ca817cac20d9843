import importlib.util
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest

from gitserver import Repository
from steplock import version
from steplock.tables import pins

CORE = Path(__file__).parents[2] / "core"
TABLE = CORE / "steplock" / "tables" / "pins.txt"
A, B, C, D = ("a" * 40, "b" * 40, "c" * 40, "d" * 40)


@pytest.fixture(scope="module")
def update() -> ModuleType:
    spec = importlib.util.spec_from_file_location("update_pins", CORE / "update" / "pins.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def use(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pins, "_TABLE", str(table))
    pins._record.cache_clear()
    monkeypatch.setattr(pins, "_record", pins._record.__wrapped__)


def rows(path: Path, *snapshots: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(s) + "\n" for s in snapshots), "utf-8")
    return path


@pytest.fixture
def small(update: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table of three repositories, written from JSON lines."""
    source = rows(
        tmp_path / "actions.jsonl",
        {"repo": "Zed/last", "head_date": "2026-01-03", "tags": {}},
        {
            "repo": "Acme/setup",
            "head_date": "2026-01-02",
            "tags": {
                "v1": B,
                "v1.0": B,
                "v1.0.0": A,
                "v1.0.1": B,
                "v2": C,
                "v2.0.0-rc.1": C,
                "latest": B,
                "next": D,
            },
        },
        {
            "repo": "acme/Another",
            "head_date": "2026-01-01",
            "tags": {"1": A, "1.0.0": A, "part-v9.0.0": B},
        },
    )
    table = tmp_path / "pins.txt"
    assert update.main([str(source), "--table", str(table)]) == 0
    use(table, monkeypatch)
    return table


def test_a_tag_gives_its_commit(small: Path) -> None:
    assert pins.commit("acme/setup", "v1.0.0") == A
    assert pins.commit("ACME/Setup", "v1") == B
    assert pins.commit("acme/another", "part-v9.0.0") == B


@pytest.mark.parametrize("tag", ["", "v9", "V1", "v1.0 v1", "v1\n", " v1", A, "a", "2026-01-02"])
def test_an_unknown_tag_has_no_commit(small: Path, tag: str) -> None:
    assert pins.commit("acme/setup", tag) is None
    assert pins.exact("acme/setup", tag) is None


@pytest.mark.parametrize(
    "repo",
    [
        "",
        "acme",
        "acme/",
        "acme/setu",
        "acme/setupp",
        "zzz/zzz",
        "0/0",
        "é/é",
        "\ud800/x",
        "acme/setup 2026-01-02",
    ],
)
def test_an_unknown_repository_is_unknown_throughout(small: Path, repo: str) -> None:
    assert not pins.known(repo)
    assert pins.canonical(repo) is None
    assert pins.date(repo) is None
    assert pins.commit(repo, "v1") is None
    assert pins.tags(repo, A) == ()
    assert pins.exact(repo, "v1") is None
    assert pins.newest(repo) is None


def test_a_repository_is_found_in_any_case(small: Path) -> None:
    assert pins.known("aCmE/sEtUp")
    assert pins.canonical("acme/another") == "acme/Another"
    assert pins.date("acme/another") == "2026-01-01"
    assert pins.date("zed/LAST") == "2026-01-03"


def test_a_commit_gives_its_tags(small: Path) -> None:
    assert pins.tags("acme/setup", B) == ("v1.0.1", "v1.0", "v1", "latest")
    assert pins.tags("acme/setup", B.upper()) == ("v1.0.1", "v1.0", "v1", "latest")
    assert pins.tags("acme/setup", "e" * 40) == ()
    assert pins.tags("acme/setup", B[:12]) == ()
    assert pins.tags("zed/last", A) == ()


@pytest.mark.parametrize(
    ("repo", "tag", "expected"),
    [
        ("acme/setup", "v1", ("Acme/setup", "v1.0.1", B)),
        ("acme/setup", "v1.0", ("Acme/setup", "v1.0.1", B)),
        ("acme/setup", "v1.0.0", ("Acme/setup", "v1.0.0", A)),
        ("acme/setup", "latest", ("Acme/setup", "v1.0.1", B)),
        ("acme/setup", "v2", ("Acme/setup", "v2", C)),
        ("acme/setup", "next", ("Acme/setup", "next", D)),
        ("acme/another", "1", ("acme/Another", "1.0.0", A)),
        ("acme/another", "part-v9.0.0", ("acme/Another", "part-v9.0.0", B)),
    ],
)
def test_the_exact_version_of_a_tag(
    small: Path, repo: str, tag: str, expected: tuple[str, str, str]
) -> None:
    assert pins.exact(repo, tag) == expected


def test_the_newest_version(small: Path) -> None:
    assert pins.newest("acme/setup") == ("Acme/setup", "v2", C)
    assert pins.newest("acme/setup", 1) == ("Acme/setup", "v1.0.1", B)
    assert pins.newest("acme/setup", 3) is None
    assert pins.newest("acme/another") == ("acme/Another", "1.0.0", A)
    assert pins.newest("zed/last") is None


def test_a_repository_read_again_replaces_its_record_alone(
    update: ModuleType, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = small.read_text("ascii")
    monkeypatch.setattr(
        update,
        "from_git",
        lambda repos: [update.Snapshot(repo, "2026-02-02", {"v3": D}) for repo in repos],
    )
    assert update.main(["--from-git", "Zed/last", "--table", str(small)]) == 0
    after = small.read_text("ascii")
    assert after == before.replace(":Zed/last 2026-01-03\n", f":Zed/last 2026-02-02 v3\n{D} v3\n")


def test_a_repository_out_of_reach_keeps_its_record(
    update: ModuleType, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = small.read_bytes()
    monkeypatch.setattr(update, "from_git", lambda repos: [])
    assert update.main(["--from-git", "--table", str(small)]) == 1
    assert small.read_bytes() == before


def test_tags_are_read_with_git(
    update: ModuleType,
    small: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    served = Repository(tmp_path / "served", "acme/Another")
    served.tag("v1", commit := served.commit({"action.yml": ""}))
    served.annotate("v1.0.0", commit)
    config = tmp_path / "gitconfig"
    config.write_text(f'[url "file://{tmp_path}/served/"]\ninsteadOf = https://github.com/\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    asked = ["--from-git", "acme/Another", "Acme/setup", "--table", str(small)]
    assert update.main(asked) == 1
    assert capsys.readouterr().err == "Acme/setup: Acme/setup was not found\n"
    assert pins.exact("acme/another", "v1") == ("acme/Another", "v1.0.0", commit)
    assert pins.commit("acme/another", "1.0.0") is None
    assert pins.commit("acme/setup", "v1") == B


@pytest.mark.parametrize(
    "row",
    [
        {"repo": "a/b c", "head_date": "2026-01-01", "tags": {}},
        {"repo": "a/b\n:c/d", "head_date": "2026-01-01", "tags": {}},
        {"repo": "a/b", "head_date": "yesterday", "tags": {}},
        {"repo": "a/b", "head_date": "2026-01-01", "tags": {"v1": "abc"}},
    ],
)
def test_a_wrong_row_is_refused_and_the_table_stays(
    update: ModuleType, small: Path, tmp_path: Path, row: dict[str, object]
) -> None:
    before = small.read_bytes()
    with pytest.raises(ValueError):
        update.main([str(rows(tmp_path / "wrong.jsonl", row)), "--table", str(small)])
    assert small.read_bytes() == before


def test_a_tag_that_the_table_cannot_hold_is_left_out(update: ModuleType, tmp_path: Path) -> None:
    table = tmp_path / "pins.txt"
    source = rows(
        tmp_path / "rows.jsonl",
        {"repo": "a/b", "head_date": "2026-01-01", "tags": {"vé": A, "v1": A}},
    )
    assert update.main([str(source), "--table", str(table)]) == 0
    assert [s.tags for s in update.read(table)] == [{"v1": A}]


def test_the_table_is_what_its_script_writes(update: ModuleType, tmp_path: Path) -> None:
    update.write(tmp_path / "pins.txt", update.read(TABLE))
    assert (tmp_path / "pins.txt").read_bytes() == TABLE.read_bytes()


def test_the_whole_table_is_found_again(update: ModuleType) -> None:
    snapshots = list(update.read(TABLE))
    assert len(snapshots) >= 420
    for repo, date, tags in snapshots:
        assert (pins.canonical(repo.upper()), pins.date(repo)) == (repo, date)
        assert {tag: pins.commit(repo, tag) for tag in tags} == tags
        assert all(tag in pins.tags(repo, commit) for tag, commit in tags.items())
        best = version.newest(tags)
        assert pins.newest(repo) == (best and (repo, best.tag, tags[best.tag]))


# As they stand in many public workflows.
@pytest.mark.parametrize(
    ("repo", "tag", "commit"),
    [
        ("actions/checkout", "v4.2.2", "11bd71901bbe5b1630ceea73d27597364c9af683"),
        ("actions/checkout", "v4.1.7", "692973e3d937129bcbf40652eb9f2f61becf3332"),
        (
            "actions/upload-artifact",
            "v4.6.2",
            "ea165f8d65b6e75b540449e92b4886f43607fa02",
        ),
        ("actions/setup-python", "v5.6.0", "a26af69be951a213d495a4c3e4e4022e16d87065"),
        ("astral-sh/setup-uv", "v6.1.0", "f0ec1fc3b38f5e7cd731bb6ce540c5af426746bb"),
    ],
)
def test_well_known_pins(repo: str, tag: str, commit: str) -> None:
    assert pins.commit(repo, tag) == commit
    assert pins.tags(repo, commit)[0] == tag
    assert pins.exact(repo, tag) == (pins.canonical(repo), tag, commit)


def test_threads_look_up_at_once(small: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        found = list(
            pool.map(lambda repo: pins.commit(repo, "v1.0.0"), ["acme/setup", "no/one"] * 200)
        )
    assert found == [A, None] * 200
