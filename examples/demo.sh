#!/bin/sh
# What steplock does for a repository, from a commit that it stops to one that it lets through.
# `make demo` runs this with steplock, pre-commit and git on the PATH.
set -eu
exec 2>&1

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

# Nothing of the user's git or caches is used or changed.
for name in $(env | sed -n 's/^\(GIT_[A-Z_]*\)=.*/\1/p'); do unset "$name"; done
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=demo GIT_AUTHOR_EMAIL=demo@example.org
export GIT_COMMITTER_NAME=demo GIT_COMMITTER_EMAIL=demo@example.org
export XDG_CACHE_HOME="$work/cache" PRE_COMMIT_HOME="$work/hooks"

heading() {
  printf '\n%s\n%s\n\n' "$1" "$(printf '%s' "$1" | sed 's/./=/g')"
}

say() {
  printf '$ %s\n' "$*"
}

# Show a command and run it; it is to end with the exit code named first.
ends_with() {
  expected=$1
  shift
  say "$@"
  code=0
  "$@" || code=$?
  if [ "$code" -ne "$expected" ]; then
    echo "demo: this should have ended with $expected, and ended with $code" >&2
    exit 1
  fi
}

cp -R "$root/examples/unsafe" "$work/repository"
cd "$work/repository"
git init --quiet

heading "1. What is unsafe in this repository"
ends_with 1 steplock check

heading "2. What can be repaired safely: the workflows do the same afterwards"
ends_with 1 steplock fix --diff

heading "3. With the hooks, the commit is refused, and what is safe is repaired"
cat > .pre-commit-config.yaml << CONFIG
repos:
  - repo: file://$root
    rev: $(git -C "$root" rev-parse HEAD)
    hooks:
      - id: steplock-fix
      - id: steplock
CONFIG
say cat .pre-commit-config.yaml
cat .pre-commit-config.yaml
echo
ends_with 0 pre-commit install --install-hooks
git add --all
ends_with 1 git commit --message=Workflows

heading "4. What is left takes a decision"
echo "Why one of them matters, and what to write instead:"
echo
ends_with 0 steplock explain dangerous-triggers
echo
echo "A person decides (examples/repaired has the result):"
echo
cp -R "$root/examples/repaired/." .
git --no-pager diff --stat
git add --all

heading "5. Now the commit passes"
ends_with 0 git commit --message=Workflows
git --no-pager log --oneline --stat
