"""The commands of `steplock`, one module each: `run` takes what was asked and gives the exit code."""
