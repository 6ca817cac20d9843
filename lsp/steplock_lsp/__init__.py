"""The language server: the rule core, in an editor."""
