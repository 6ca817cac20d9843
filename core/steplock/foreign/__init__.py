"""Floor 3. Code and files of strangers: the steps that bring them into a job, and those that run them there.

The modules are imported one by one, since a rule that finds nothing brought in (`sources`) needs none but that.
"""
