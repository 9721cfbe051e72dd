#!/bin/sh
# Writes a minimal Debian system as a tar stream to stdout, for `docker import`.
# Usage: build-base.sh SUITE MIRROR [KEYRING]
set -eu
suite=$1 mirror=$2 keyring=${3:-}

signed_by=${keyring:+[signed-by=$keyring]}
set -- --variant=apt --quiet

# Kept in the image, so that every later package install is as lean: no documentation, and no fsync for a layer that is
# thrown away anyway when the machine dies.
for option in force-unsafe-io 'path-exclude=/usr/share/doc/*' 'path-exclude=/usr/share/man/*' \
  'path-exclude=/usr/share/locale/*' 'path-exclude=/usr/share/info/*' 'path-exclude=/usr/share/lintian/*'; do
  set -- "$@" --dpkgopt="$option"
done
set -- "$@" --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' --aptopt='Acquire::Retries "3"'

# A mirror of the testing suite may be older than its Release file allows. Signatures are still checked.
case $suite in forky) set -- "$@" --aptopt='Acquire::Check-Valid-Until "false"' ;; esac
case $mirror in https:*) set -- "$@" --include=ca-certificates ;; esac

# Packages with alternatives (Java) fail without this folder; no package may ask a question during a build.
set -- "$@" --customize-hook='mkdir -p "$1/usr/share/man/man1"' \
  --customize-hook='echo debconf debconf/frontend select Noninteractive | chroot "$1" debconf-set-selections'

# A keyring that no Debian package brings must be inside, where the image's own apt looks for it.
if [ -n "$keyring" ]; then
  export KEYRING="$keyring"
  set -- "$@" --customize-hook='[ -e "$1$KEYRING" ] || { mkdir -p "$1${KEYRING%/*}" && cp "$KEYRING" "$1$KEYRING"; }'
fi

exec mmdebstrap "$@" "$suite" - "deb $signed_by $mirror $suite main"
