"""Ask for many repositories at once."""

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed

from steplock.annotations import TypeVar
from steplock_hooks.remote import git

_AT_ONCE = 8

Question = TypeVar("Question")
Answer = TypeVar("Answer")


def every(
    ask: Callable[[Question], Answer], questions: Iterable[Question]
) -> Generator[tuple[Question, Answer], None, None]:
    """Each question with its answer, as they come in, eight at a time.

    Whoever stops early (Ctrl-C, a closed iterator) ends the commands that still run.
    """
    with ThreadPoolExecutor(_AT_ONCE, "steplock-remote") as pool:
        asked = {pool.submit(ask, question): question for question in questions}
        try:
            for done in as_completed(asked):
                yield asked[done], done.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            with git.stopped():
                pool.shutdown(wait=True)
            raise
