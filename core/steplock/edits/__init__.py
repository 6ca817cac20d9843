"""Floor 4. The edits that rules ask for: meaning to text edits, exact to the byte.

Each returns None where the edit cannot be exact (an alias in the way, a shape not foreseen), and the
finding then stands without a fix. What an alias names is edited at its anchor. Values are YAML source text;
one of several lines is written with `\\n` and its own relative indentation, and takes the file's line ends.
"""

from steplock.edits.comments import comment_above, set_comment
from steplock.edits.keys import add_key, put_block, replace_value, set_key
from steplock.edits.places import indentation
from steplock.edits.removal import remove_item, remove_key
from steplock.edits.texts import replace_text

__all__ = [
    "add_key",
    "comment_above",
    "indentation",
    "put_block",
    "remove_item",
    "remove_key",
    "replace_text",
    "replace_value",
    "set_comment",
    "set_key",
]
