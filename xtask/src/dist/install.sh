#!/bin/sh
# Installs Earmark, or takes it out again. It copies files and does nothing else; what it copied is written down in
# share/earmark/installed, by which it is taken out, with this archive or without it.
set -eu

usage() {
    cat <<'TEXT'
usage: install.sh [--system] [--uninstall]

  without options   for you alone: ~/.clap, ~/.vst3, ~/.local/bin and ~/.local/share
  --system          for everybody: /usr/lib/clap, /usr/local/lib/vst3, /usr/local/bin and /usr/local/share
  --uninstall       takes out what was installed; your own models, settings and projects stay

Later, share/earmark/uninstall.sh does the same as --uninstall.
DESTDIR stands before every place of --system, for those who make packages.
TEXT
}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
scope=user
task=install
case $0 in
    *uninstall.sh) task=uninstall ;;
esac
for argument in "$@"; do
    case $argument in
        --system) scope=system ;;
        --uninstall) task=uninstall ;;
        -h | --help) usage && exit 0 ;;
        *) usage >&2 && exit 2 ;;
    esac
done

if [ "$scope" = system ]; then
    stop=${DESTDIR:-}
    clap=$stop/usr/lib/clap
    vst3=$stop/usr/local/lib/vst3
    bin=$stop/usr/local/bin
    share=$stop/usr/local/share
else
    stop=${HOME:?HOME names no folder to install into}
    clap=$stop/.clap
    vst3=$stop/.vst3
    bin=$stop/.local/bin
    share=${XDG_DATA_HOME:-$stop/.local/share}
fi
own=$share/earmark
# The copy that was installed lies beside its list.
[ -f "$here/installed" ] && own=$here
list=$own/installed

# Deletes a file, and the folders above it that are empty then.
take_out() {
    rm -f -- "$1"
    folder=$(dirname -- "$1")
    while [ "$folder" != "$stop" ] && [ "$folder" != / ] && rmdir -- "$folder" 2>/dev/null; do
        folder=$(dirname -- "$folder")
    done
}

uninstall() {
    [ -f "$list" ] || { echo "nothing is installed: there is no $list"; return 0; }
    while IFS= read -r file; do
        [ "$file" = "$list" ] || take_out "$file"
    done <"$list"
    take_out "$list"
}

# Copies a file to a place. A host may hold an older one open: it keeps what it has, the name goes to the new one.
put() {
    mkdir -p -- "$(dirname -- "$2")"
    echo "$2" >>"$list"
    cp -- "$here/$1" "$2.new"
    mv -f -- "$2.new" "$2"
}

if [ "$task" = uninstall ]; then
    uninstall
    echo "Earmark is not installed any more."
    exit 0
fi

cd "$here"
sha256sum --check --quiet SHA256SUMS || {
    echo "This archive is damaged; fetch it again. Nothing was installed." >&2
    exit 1
}
if [ -f "$list" ]; then uninstall; fi
mkdir -p -- "$own"
: >"$list"
find . -type f | sed 's|^\./||' | LC_ALL=C sort | while IFS= read -r file; do
    case $file in
        Earmark.clap) put "$file" "$clap/$file" ;;
        Earmark.vst3/*) put "$file" "$vst3/$file" ;;
        earmark | earmark-standalone) put "$file" "$bin/$file" ;;
        models/* | LICENSE | THIRD-PARTY-LICENCES.txt | README.md | CHANGELOG.md | sbom.cdx.json) put "$file" "$own/$file" ;;
        share/*) put "$file" "$share/${file#share/}" ;;
        install.sh) put "$file" "$own/uninstall.sh" ;;
    esac
done

echo "Earmark is installed. Let your DAW look for new plug-ins; it lists Earmark among the effects."
case :$PATH: in
    *":$bin:"*) ;;
    *) echo "$bin is not on your PATH: add it to call \`earmark\` by its name." ;;
esac
echo "To take it out: $own/uninstall.sh"
