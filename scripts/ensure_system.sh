#!/bin/sh
# Make sure that the system packages named exist: `ensure_system.sh postgresql chromium redis-server gettext`.
# They are what pip can't bring. Root on Debian or Ubuntu gets them installed; anyone else is told what to install.
set -eu

has() {
    case $1 in
        # Trying it is the only sure answer: Debian keeps the server's programs off PATH.
        postgresql) .venv/bin/python scripts/with_pg.py true >/dev/null 2>&1 ;;
        chromium)
            [ -n "${CHROMIUM:-}" ] || command -v chromium-headless-shell || command -v chromium ||
                command -v chromium-browser ;;
        redis-server) command -v redis-server ;;
        gettext) command -v xgettext && command -v msgfmt ;;
    esac >/dev/null
}

missing=
for package in "$@"; do
    has "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing with apt-get:$missing"
    apt-get update -qq
    # The shell of Chromium has no window to draw: tests take a third less. Ubuntu has no such package.
    case $missing in
        *chromium*) ! apt-cache show chromium-headless-shell >/dev/null 2>&1 ||
            missing=$(echo "$missing" | sed 's/chromium/chromium-headless-shell/') ;;
    esac
    # shellcheck disable=SC2086  # one word a package
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "Missing:$missing. Install first, on Debian or Ubuntu: sudo apt-get install$missing" >&2
    exit 1
fi
