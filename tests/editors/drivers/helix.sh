#!/bin/sh
# Take the quick fix in a real Helix, by hand: helix.sh FOLDER COMMAND...
# FOLDER is a repository with .github/workflows/test.yml; COMMAND starts Helix; steplock and tmux are on the PATH.
# Prints the screens, and what is then on the disk.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
shift
config=$(mktemp -d)
mkdir "$config/helix"
cp "$here/../../../editors/helix/languages.toml" "$config/helix/"

type() { tmux -L steplock send-keys "$@"; sleep 1; }
show() { tmux -L steplock capture-pane -p | sed 's/ *$//' | grep -v '^$'; echo; }

cd "$folder"
tmux -L steplock new-session -d -x 120 -y 30 env XDG_CONFIG_HOME="$config" "$@" .github/workflows/test.yml
trap 'rm -r "$config"' EXIT
sleep 4
type '/actions/checkout' Enter
show
type ' a'
show
type Enter
type ':wq' Enter
tmux -L steplock kill-server 2>/dev/null || true
cat .github/workflows/test.yml
