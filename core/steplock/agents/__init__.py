"""Floor 3. AI agents that steps run: who can set them going, what they are told, what they may do.

The modules are imported one by one, since a rule that finds no agent named needs none but `invocation` and `around`.
"""
