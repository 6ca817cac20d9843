"""What stops a run: a mistake in the command or in the configuration."""


class Complaint(Exception):
    """Says in a line or a few what is wrong and what to do; the run ends with code 2."""
