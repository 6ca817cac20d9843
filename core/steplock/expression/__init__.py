"""Floor 1. GitHub Actions expressions: what stands between `${{` and `}}`, and in `if:`.

Read as the runner reads them: the grammar, limits, coercions and functions follow
https://github.com/actions/runner (src/Sdk/Expressions) and
https://github.com/actions/languageservices (expressions), both as of August 2026, and
https://docs.github.com/en/actions/reference/workflows-and-actions/expressions.
"""

from steplock.expression.condition import Condition, Reading, condition, holds
from steplock.expression.evaluate import (
    Lookup,
    Status,
    constant,
    evaluate,
    lookup_in,
    truth,
)
from steplock.expression.fences import Fence, embedded, fences
from steplock.expression.parser import Parsed, Problem, parse
from steplock.expression.references import Reference, contexts, flows, path
from steplock.expression.signatures import FUNCTIONS, Function
from steplock.expression.tree import (
    Access,
    And,
    Binary,
    Call,
    Group,
    Index,
    Literal,
    Name,
    Node,
    Not,
    Or,
    Property,
    Star,
    children,
    walk,
)
from steplock.expression.values import FALSY, TRUTHY, UNKNOWN, Unknown, Value, literal, to_text

__all__ = [
    "FALSY",
    "FUNCTIONS",
    "TRUTHY",
    "UNKNOWN",
    "Access",
    "And",
    "Binary",
    "Call",
    "Condition",
    "Fence",
    "Function",
    "Group",
    "Index",
    "Literal",
    "Lookup",
    "Name",
    "Node",
    "Not",
    "Or",
    "Parsed",
    "Problem",
    "Property",
    "Reading",
    "Reference",
    "Star",
    "Status",
    "Unknown",
    "Value",
    "children",
    "condition",
    "constant",
    "contexts",
    "embedded",
    "evaluate",
    "fences",
    "flows",
    "holds",
    "literal",
    "lookup_in",
    "parse",
    "path",
    "to_text",
    "truth",
    "walk",
]
