/**
 * What the server reads. By path and never by language: the same file is `yaml` to one user and
 * `github-actions-workflow` to another.
 */
export const PATTERNS = [
  "**/.{github,forgejo,gitea}/workflows/*.{yml,yaml}",
  "**/.github/workflows/actions.lock",
  "**/.github/dependabot.{yml,yaml}",
  "**/action.{yml,yaml}",
  "**/.pre-commit-{config,hooks}.yaml",
  "**/{steplock,zizmor}.{yml,yaml}",
];

export const SELECTOR = PATTERNS.map((pattern) => ({ scheme: "file", pattern }));
