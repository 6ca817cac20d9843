"""A real Neovim, set up as editors/nvim says."""

from pathlib import Path

import pytest

from editors.scene import (
    DRIVERS,
    EDITORS,
    MARKS,
    NAME,
    ONE_FIXED,
    WORKFLOW,
    drive,
    lay_out,
    program,
)
from steplock import fix

SETUPS = {
    "0.11": f"vim.opt.runtimepath:prepend('{EDITORS}/nvim') vim.lsp.enable('steplock')",
    "0.10": f"dofile('{EDITORS}/nvim/init-0.10.lua')",
}


@pytest.mark.parametrize("version", SETUPS)
def test_neovim(version: str, tmp_path: Path) -> None:
    nvim = program("nvim", "on Linux it comes with requirements/dev.txt")
    workflow = lay_out(tmp_path)
    setup = tmp_path / "setup.lua"
    setup.write_text(SETUPS[version], "utf-8")
    own = {f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "STATE")}
    script = DRIVERS / "neovim.lua"
    fix_on_save = EDITORS / "nvim" / "fix-on-save.lua"
    editor: list[str | Path] = [nvim, "--clean", "--headless", "-l", script, setup, fix_on_save]
    seen = drive(editor, workflow, **own)
    assert not seen["attached_to_other"]
    assert seen["marks"] == MARKS
    assert "`v4` was commit" in seen["hover"]
    assert seen["saved"] == ONE_FIXED
    assert {*seen["marks_after"]} == {*MARKS} - {"artipacked"}
    # On save, as by the command.
    assert workflow.read_text("utf-8") == fix(WORKFLOW, NAME).text
