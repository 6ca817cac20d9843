"""A real Emacs with Eglot, which takes no edits later and no diagnostics but pushed ones."""

from pathlib import Path

from editors.scene import DRIVERS, EDITORS, MARKS, ONE_FIXED, drive, lay_out, program

HINT = "apt-get install emacs-nox elpa-eglot elpa-yaml-mode"


def test_emacs(tmp_path: Path) -> None:
    emacs = program("emacs", HINT)
    workflow = lay_out(tmp_path)
    (tmp_path / ".emacs.d").mkdir()
    setup = EDITORS / "emacs" / "steplock-eglot.el"
    script = DRIVERS / "emacs.el"
    seen = drive([emacs, "--batch", "-l", script, setup], workflow, HOME=str(tmp_path))
    assert not seen["attached_to_other"]
    assert seen["marks"] == MARKS
    assert workflow.read_text("utf-8") == seen["saved"] == ONE_FIXED
    assert {*seen["marks_after"]} == {*MARKS} - {"artipacked"}
