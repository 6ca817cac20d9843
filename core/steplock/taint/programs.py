"""What programs answer, as far as it matters who chose their text."""

from __future__ import annotations

import enum

from steplock.lazy import pattern
from steplock.shell import Command, Word
from steplock.taint import letters


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Print what they are given: as words, on standard input, or as files.
_PRINTS = _set("echo printf print write-output write-host")
_FILTERS = _set(
    "awk base64 cat column cut envsubst fmt fold gawk grep egrep fgrep head jq nl paste perl rev ripgrep rg sed"
    " sort tac tail tee tr uniq xargs yq tomlq dasel"
)
# Print numbers, hashes, times and names of the machine.
_PLAIN = _set(
    "cksum command date expr hostname id md5sum mktemp nproc openssl pwd seq sha1sum sha256sum sha512sum shasum"
    " uname uuidgen wc which whoami arch getconf stat du df test true false [ [[ cd set export sleep exit"
)
_GIT_PLAIN = _set("rev-list merge-base hash-object count-objects write-tree commit-tree rev-parse")
# Fields of `gh ... --json`, or of an answer picked with `--jq`, that hold nothing of an author's choice.
_PLAIN_FIELDS = _set(
    "additions assets changedFiles closed closedAt conclusion createdAt databaseId deletions event headRefOid"
    " headSha id isCrossRepository isDraft isFork mergeCommit mergeStateStatus mergeable mergedAt node_id number"
    " permission reviewDecision role_name sha startedAt state status total_count updatedAt url html_url visibility"
    " default_branch length commentsCount mergeable_state draft merged created_at updated_at run_id admin"
    " merge_commit_sha oid login baseRefName baseRefOid"
)
# Fields that hold one line.
_LINE_FIELDS = _set("title displayTitle headRefName headBranch ref name label email")
_PLACE = pattern(r"%[-+ 0#]*\d*(?:\.\d+)?([a-zA-Z])")
_NUMBER = pattern(r"(?:^|\|)\s*(?:tonumber|length)\s*(?:$|//)")
# `s/[^0-9]//g` leaves digits.
_KEEPS = pattern(r"s(?:/(\[\^[^/]+\])[*+]?/_?-?/g|,(\[\^[^,]+\]),,g)")
# Options that take the next word, by program.
_VALUED = {
    "base64": _set("-w --wrap"),
    "cut": _set("-b -c -d -f --delimiter --fields"),
    "fold": _set("-w"),
    "grep": _set("-A -B -C -e -f -m"),
    "head": _set("-c -n"),
    "jq": _set("-f --from-file --indent -L"),
    "nl": _set("-b -s -w"),
    "paste": _set("-d"),
    "sed": _set("-e -f -l"),
    "sort": _set("-k -S -t -T"),
    "tail": _set("-c -n"),
    "uniq": _set("-f -s -w"),
    "yq": _set("-e -I -o -p"),
    **dict.fromkeys(("awk", "gawk"), _set("-F -f -v")),
}
# Options of jq that take the next two.
_JQ_PAIRS = _set("--arg --argjson --slurpfile --rawfile")
_GH_TEXTS = {"pr", "issue", "run", "discussion", "api", "search", "release"}


class Asks(enum.Enum):
    """What a program's answer is made of."""

    NOTHING = enum.auto()
    """Numbers, hashes, times."""
    GITHUB = enum.auto()
    """Titles, bodies, branches and comments of strangers."""
    TREE = enum.auto()
    """Files and commits of the work tree."""
    UNKNOWN = enum.auto()


def passes_on(command: Command) -> bool:
    """Whether it prints its words, or what is piped into it."""
    return command.name in _PRINTS or command.name in _FILTERS


def breaks_lines(command: Command, *, dash: bool = False) -> bool:
    """Whether it may print one line as several; dash: its `echo` reads backslashes."""
    if command.name in ("grep", "egrep", "rg"):
        return command.has_flag("-o", clustered=True)
    if command.name == "echo":
        return dash or command.has_flag("-e", clustered=True)
    if command.name == "printf":
        form = command.argv[:1]
        return bool(form) and (not form[0].literal or "%b" in form[0].value)
    if command.name in ("jq", "yq"):
        return not joins_lines(command)
    if command.name == "tr":
        return any("\n" in letters.listed(word.value) for word in command.operands()[1:])
    return command.name in ("awk", "fold", "fmt", "gawk", "perl", "sed", "xargs")


def joins_lines(command: Command) -> bool:
    """Whether no line that it prints is as somebody wrote it: they are made one, or JSON."""
    words = [word.value for word in command.argv]
    match command.name:
        case "jq":
            return not prints_strings(command) or _picks_line(program_text(command))
        case "gh":
            query = command.option("--jq", "-q")
            return query is not None and _picks_line(query.value)
        case "tr":
            return _takes_lines_away(command)
        case "head" | "tail":
            return any(word in ("-1", "-n1", "--lines=1") for word in words) or words[:2] == [
                "-n",
                "1",
            ]
        case "paste":
            return command.has_flag("-s", clustered=True)
        case "base64":
            return command.has_flag("-w0", "--wrap=0") or "-w" in words
        case "xargs":
            return not words or words == ["echo"]
    return False


def prints_strings(command: Command) -> bool:
    """Whether it is jq and prints strings as they are, with the line ends that they hold."""
    if command.name != "jq":
        return False
    words = [word.value for word in command.argv]
    raw = command.has_flag("-r", "-j", "--raw-output", "--join-output", clustered=True)
    return raw and not any("tojson" in word or "@" in word for word in words)


def _takes_lines_away(command: Command) -> bool:
    """Whether `tr` deletes line ends, or makes something else of them."""
    first, *second = [letters.listed(word.value) for word in command.operands()] or [letters.ALL]
    away = first
    if command.has_flag("-c", "-C", "--complement", clustered=True):
        away = letters.ALL - first
    if not command.has_flag("-d", "--delete", clustered=True) and not second:
        return False
    return "\n" in away and not any("\n" in one for one in second)


def _picks_line(query: str) -> bool:
    return _leaf(query) in _LINE_FIELDS and "[]" not in query


def files_read(command: Command) -> tuple[Word, ...]:
    """The files that it prints, by name."""
    inputs = tuple(r.target for r in command.redirects if r.op == "<")
    if command.name not in _FILTERS or command.name in ("tee", "tr", "xargs", "envsubst"):
        return inputs
    own = 0 if command.name in ("cat", "head", "tail", "sort", "uniq", "tac", "nl", "base64") else 1
    if command.name in ("sed", "grep") and command.has_flag("-e"):
        own = 0
    if command.name == "jq" and command.has_flag("-f", "--from-file"):
        own = 0
    return (*_operands(command)[own:], *inputs)


def _operands(command: Command) -> tuple[Word, ...]:
    if command.name == "jq":
        words = list(command.words)
        for at in range(len(words) - 1, command.head, -1):
            if words[at].value in _JQ_PAIRS:
                del words[at : at + 3]
        command = command._replace(words=tuple(words))
    name = "grep" if command.name in ("egrep", "fgrep", "rg", "ripgrep") else command.name
    return command.operands(_VALUED.get(name, ()))


def program_text(command: Command) -> str:
    """The program that jq is given."""
    words = _operands(command) if command.name == "jq" else ()
    return words[0].value if words else ""


def left(command: Command) -> letters.Letters:
    """The characters that a filter leaves of any text."""
    match command.name:
        case "tr" if command.has_flag("-c", "-C", "--complement", clustered=True):
            kept = (letters.listed(word.value) for word in command.operands())
            return frozenset[str]().union(*kept) - {"\n"}
        case "grep" | "egrep" | "rg":
            from steplock.taint.tested import lines_kept

            return lines_kept(command)
        case "printf" if command.argv and command.argv[0].literal:
            if all(place in "diuxXeEfFgGo" for place in _PLACE.findall(command.argv[0].value)):
                return letters.DIGITS
        case "jq" if _NUMBER.search(program_text(command)):
            return letters.DIGITS
        case "sed" if not command.has_flag("-e", "-f", "--expression", "--file"):
            words = _operands(command)
            if words and (match := _KEEPS.fullmatch(words[0].value)):
                return letters.ALL - letters.matched(match[1])
    return letters.ALL


def picks_plain(command: Command) -> bool:
    """Whether it picks a field that, in the event and in answers of GitHub, is a number, a hash, a login..."""
    return command.name == "jq" and _leaf(program_text(command)) in _PLAIN_FIELDS


def answers_nothing_free(command: Command) -> bool:
    """Whether nothing that goes into it comes out as it was."""
    name = command.name
    if name in _PLAIN:
        return True
    if name in ("grep", "rg"):
        return command.has_flag("-c", "--count", "-q", clustered=True)
    return asks(command) is Asks.NOTHING


def asks(command: Command) -> Asks:
    """What the answer of a program holds that is no mere filter."""
    if command.name in _PLAIN:
        return Asks.NOTHING
    if command.name == "git":
        return _git(command)
    if command.name == "gh":
        return _gh(command)
    return Asks.UNKNOWN


def _git(command: Command) -> Asks:
    operands = [word.value for word in command.operands(("-C", "-c"))]
    verb = operands[0] if operands else ""
    if verb in _GIT_PLAIN and not command.has_flag("--abbrev-ref"):
        return Asks.NOTHING
    if verb in ("log", "show"):
        style = command.option("--format", "--pretty")
        text = style.value.removeprefix("format:") if style else ""
        placeholders = {part[:1] for part in text.split("%")[1:]}
        dates = {"c", "a"}
        plain = placeholders <= {"H", "h", "T", "t", "P", "p", "n"} | dates
        named = any(f"%{who}{what}" in text for who in "ac" for what in "nNeElL")
        return Asks.NOTHING if text and plain and not named else Asks.TREE
    if verb in ("diff", "diff-tree", "ls-files", "ls-tree", "describe", "tag", "branch", "status"):
        return Asks.TREE
    return Asks.UNKNOWN


_GH_VALUED = frozenset(
    [
        "-F", "-H", "-L", "-R", "-S", "-X", "-f", "-l", "-p", "-q", "-s", "-t", "--cache", "--field", "--header",
        "--hostname", "--input", "--jq", "--json", "--label", "--limit", "--method", "--preview", "--raw-field",
        "--repo", "--search", "--state", "--template",
    ]
)  # fmt: skip


def _gh(command: Command) -> Asks:
    operands = [word.value for word in command.operands(_GH_VALUED)]
    if not operands or operands[0] not in _GH_TEXTS:
        return Asks.UNKNOWN
    query = command.option("--jq", "-q")
    if query and _leaf(query.value) in _PLAIN_FIELDS:
        return Asks.NOTHING
    if operands[0] == "api":
        endpoint = operands[1] if len(operands) > 1 else ""
        texts = ("/pulls", "/issues", "/comments", "/compare", "/commits", "/reviews")
        return Asks.GITHUB if any(text in endpoint for text in texts) else Asks.UNKNOWN
    if operands[0] == "release" or operands[1:2] not in (["view"], ["list"], ["diff"], ["status"]):
        return Asks.UNKNOWN
    fields = command.option("--json")
    if fields and set(fields.value.split(",")) <= _PLAIN_FIELDS:
        return Asks.NOTHING
    return Asks.GITHUB


def _leaf(query: str) -> str:
    """The last field that a jq query picks: `number` of `.[0].number // empty`."""
    stem = query.split("//")[0].split("| select(")[0].strip().rstrip("])}\"' ")
    name = stem.rpartition(".")[2] if "." in stem else stem.rpartition("|")[2].strip()
    return name.strip(" []()")
