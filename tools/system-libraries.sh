#!/usr/bin/env bash
# See to what pip cannot install, on Debian and Ubuntu; elsewhere say what is missing.
#
#   system-libraries.sh offscreen PYTHON   what Qt needs without a window (tests, pictures)
#   system-libraries.sh window PYTHON      what Qt needs to open a window
#   system-libraries.sh font               one font with Chinese characters
#   system-libraries.sh venv PYTHON        the module venv of that Python
#   system-libraries.sh make               make itself
#   system-libraries.sh package PYTHON     what PyInstaller needs to bundle that Python
#   system-libraries.sh display            Xvfb, a display where there is no screen
#
# Packages are installed as root or through a sudo that asks nothing; otherwise the command is
# printed. The exit code is 1 only where there is no going on without what is missing.
set -euo pipefail
PATH="$PATH:/usr/sbin:/sbin"

# A library that is looked for, and the Debian package that has it.
offscreen_libraries=(
    libGL.so.1:libgl1
    libEGL.so.1:libegl1
    libglib-2.0.so.0:libglib2.0-0
    libfontconfig.so.1:libfontconfig1
    libxkbcommon.so.0:libxkbcommon0
    libdbus-1.so.3:libdbus-1-3
    libgssapi_krb5.so.2:libgssapi-krb5-2 # this and the next: pyside6-lupdate, pyside6-lrelease
    libbrotlidec.so.1:libbrotli1
)
window_libraries=(
    "${offscreen_libraries[@]}"
    libxcb-cursor.so.0:libxcb-cursor0
    libxcb-icccm.so.4:libxcb-icccm4
    libxcb-keysyms.so.1:libxcb-keysyms1
    libxcb-shape.so.0:libxcb-shape0
    libxkbcommon-x11.so.0:libxkbcommon-x11-0
)

say() { echo "$*" >&2; }

is_debian() { command -v apt-get >/dev/null && command -v dpkg >/dev/null; }

# apt_install PACKAGE...: install them, or say how and return 1.
apt_install() {
    local root=()
    if ((EUID != 0)); then
        if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
            say "Missing system packages. Please run:  sudo apt-get install --no-install-recommends $*"
            return 1
        fi
        root=(sudo -n)
    fi
    say "Installing system packages: $*"
    local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@")
    local log
    log=$(mktemp)
    if "${root[@]}" "${install[@]}" >"$log" 2>&1 \
        || { "${root[@]}" apt-get update -qq >"$log" 2>&1 && "${root[@]}" "${install[@]}" >>"$log" 2>&1; }; then
        rm -f "$log"
        return 0
    fi
    tail -n 5 "$log" >&2
    rm -f "$log"
    say "That failed. Please run:  sudo apt-get install --no-install-recommends $*"
    return 1
}

# missing LIBRARY:PACKAGE...: print the pairs whose library the loader does not know.
missing() {
    local known pair
    known=$(ldconfig -p)
    for pair in "$@"; do
        [[ $known == *$'\t'"${pair%%:*} "* ]] || echo "$pair"
    done
}

# qt_starts PYTHON: an application comes up on the platform that the environment asks for.
qt_starts() {
    "$1" -c 'from PySide6.QtWidgets import QApplication; QApplication([])' >/dev/null 2>&1
}

qt_libraries() {
    local python=$1 lacking
    shift
    command -v ldconfig >/dev/null || return 0 # not Linux, or not the GNU C library
    mapfile -t lacking < <(missing "$@")
    ((${#lacking[@]})) || return 0
    if is_debian; then
        apt_install "${lacking[@]#*:}" && return 0
    else
        say "These libraries are missing: ${lacking[*]%%:*}. Please install them with your system's package manager."
    fi
    if qt_starts "$python"; then
        say "Qt starts without them; going on."
    elif is_debian; then
        say "Qt cannot start without them."
        return 1
    fi
}

# Noto and not the far smaller WenQuanYi: its SC face has the right Simplified shapes at every
# weight, and the app's font list names it.
font() {
    [[ $(uname -s) == Linux ]] || return 0
    if command -v fc-list >/dev/null; then
        [[ -z $(fc-list :lang=zh-cn family) ]] || return 0
    elif compgen -G "/usr/share/fonts/*/*/*CJK*" >/dev/null; then
        return 0
    fi
    if is_debian; then
        apt_install fonts-noto-cjk && return 0
    fi
    say "No font with Chinese characters is installed (Noto Sans CJK would do): the Chinese window will lack them."
}

venv() {
    "$1" -c 'import venv, ensurepip' 2>/dev/null && return 0
    local version
    version=$("$1" -c 'import sys; print("{}.{}".format(*sys.version_info))')
    if is_debian; then
        apt_install "python$version-venv"
    else
        say "Python $version lacks the module venv or ensurepip. Please install it with your system's package manager."
        return 1
    fi
}

# PyInstaller reads libraries with objdump, and bundles Python as a shared library: Debian's own
# Python has it in a package of its own.
package() {
    [[ $(uname -s) == Linux ]] || return 0
    local packages=() library
    command -v objdump >/dev/null && command -v strip >/dev/null || packages+=(binutils)
    library=$("$1" -c 'import sysconfig; print(sysconfig.get_config_var("INSTSONAME") or "")')
    if [[ $library == *.a || -z $library ]] \
        || ! "$1" -c 'import ctypes, os, sys, sysconfig
name, folder = sysconfig.get_config_var("INSTSONAME"), sysconfig.get_config_var("LIBDIR")
path = os.path.join(folder, name)
ctypes.CDLL(path if os.path.exists(path) else name)' 2>/dev/null; then
        packages+=("libpython$("$1" -c 'import sys; print("{}.{}".format(*sys.version_info))')")
    fi
    ((${#packages[@]})) || return 0
    if is_debian; then
        apt_install "${packages[@]}"
    else
        say "Packaging needs binutils and Python's shared library. Please install them with your system's package manager."
    fi
}

display() {
    command -v Xvfb >/dev/null && return 0
    if is_debian; then
        apt_install xvfb
    else
        say "Xvfb is missing. Please install it with your system's package manager."
        return 1
    fi
}

case ${1:-} in
    offscreen) QT_QPA_PLATFORM=offscreen qt_libraries "$2" "${offscreen_libraries[@]}" ;;
    window) qt_libraries "$2" "${window_libraries[@]}" ;;
    font) font ;;
    venv) venv "$2" ;;
    package) package "$2" ;;
    display) display ;;
    make) is_debian && apt_install make ;;
    *)
        say "usage: $0 offscreen PYTHON | window PYTHON | font | venv PYTHON | package PYTHON | display | make"
        exit 2
        ;;
esac
