"""Floor 7. Policies of teams that took their workflows apart, as configurations that one line selects."""

from __future__ import annotations

# What Astral published of how it secures its releases: no trigger that runs strangers' work with powers, every action by
# its commit, no permissions but those a job names, secrets in environments, nothing mutable behind a pin.
# https://astral.sh/blog/open-source-security-at-astral
_ASTRAL = """\
rules:
  forbidden-triggers: on
  unpinned-uses:
    enabled: true
    policies:
      "*": hash-pin
  unpinned-images: on
  excessive-permissions: on
  secrets-outside-env: on
  release-without-environment: on
  mutable-download: on
  unpinnable-action: on
  dependabot-cooldown: on
"""

# Tiers of trust: what strangers send runs without powers, powers come behind gates, runners of one's own see no
# stranger's code, agents have the least they need, and only known providers may be named by a tag.
_TRUST_TIERS = """\
rules:
  unpinned-uses:
    enabled: true
    policies:
      actions/*: ref-pin
      github/*: ref-pin
      "*": hash-pin
  self-hosted-runner: on
  self-hosted-pull-request: on
  untrusted-checkout: on
  untrusted-checkout-toctou: on
  dangerous-triggers: on
  open-comment-command: on
  spoofable-gate: on
  fail-open-gate: on
  agent-open-to-strangers: on
  agent-overpowered: on
  agent-untrusted-workspace: on
  agent-output-executed: on
"""

PRESETS = {"astral": _ASTRAL, "trust-tiers": _TRUST_TIERS}
