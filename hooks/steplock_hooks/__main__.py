"""`python -m steplock_hooks` is `steplock`."""

from steplock_hooks.cli import main

raise SystemExit(main())
