"""Floor 9. The command line and the pre-commit hooks: terminal, disk, git, processes."""
