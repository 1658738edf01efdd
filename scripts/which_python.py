"""Lets a script run with a Python that has what it needs, whatever `python3` is: that of Debian, of pyenv, conda or a venv.

Has to run where nothing is installed, and with older versions of Python: only the standard library, and no new syntax.
"""

import importlib
import os
import subprocess
import sys

EX_UNAVAILABLE = 69
OLDEST = (3, 10)
TRIED = "SCRIPT_PYTHON_WAS_CHOSEN"  # in the environment of the Python that was chosen, which chooses no other
PROBE_SECONDS = 60
# The packages of Debian that are not called python3- and the name of the module.
DEBIAN = {"MDAnalysis": "python3-mdanalysis"}

# Scripts only read HDF5 files, beside their writers and on file systems without locks.
os.environ["HDF5_USE_FILE_LOCKING"] = "FALSE"


def need(name, *modules):
    """Returns if this Python has the modules; else goes on in another that has, or ends the program with a message.

    name  of the program
    """
    missing = _missing(modules)
    if missing is None:
        os.environ.pop(TRIED, None)
        return
    if TRIED not in os.environ:
        for command in _others():
            if _has(command, modules):
                os.environ[TRIED] = sys.executable or "1"
                os.execv(command[0], command + [os.path.abspath(sys.argv[0])] + sys.argv[1:])
    packages = " ".join(DEBIAN.get(module, "python3-" + module) for module in modules)
    message = ("%s: %s (%d.%d) cannot be used: %s; no other Python was found that can; install Debian's %s (scripts/setup does) or, "
               "with pip or conda into the Python of your choice, %s"
               % ((name, sys.executable or "this Python") + sys.version_info[:2] + (missing, packages, " ".join(modules))))
    if sys.stderr is not None:
        sys.stderr.write("".join(letter if letter.isprintable() else "?" for letter in message) + "\n")
    sys.exit(EX_UNAVAILABLE)


def _missing(modules):
    """Why this Python cannot be used; None if it can."""
    if sys.version_info < OLDEST:
        return "it is older than %d.%d" % OLDEST
    for module in modules:
        try:
            importlib.import_module(module)
        except Exception as error:  # packages that do not fit each other fail in many ways
            if isinstance(error, ModuleNotFoundError) and error.name == module:
                return "it has no module %s" % module
            return "%s does not work in it (%s)" % (module, " ".join(str(error).split())[:120])
    return None


def _others():
    """Commands that start other Pythons, without what the environment and the user's home add where that is not theirs."""
    found = []
    bare = ["-E", "-s"]
    if sys.executable:
        found.append([sys.executable] + bare)
    places = [os.environ.get(name, "") + "/bin" for name in ("VIRTUAL_ENV", "CONDA_PREFIX") if os.environ.get(name)]
    places += [place for place in os.environ.get("PATH", "").split(os.pathsep) if os.path.isabs(place)]
    for place in places + ["/usr/bin", "/usr/local/bin"]:
        for program in ("python3", "python"):
            path = os.path.join(place, program)
            if os.path.isfile(path) and os.access(path, os.X_OK):
                found += [[path], [path] + bare]
    seen = set()
    return [command for command in found if not (tuple(command) in seen or seen.add(tuple(command)))]


def _has(command, modules):
    probe = "import sys\nassert sys.version_info >= %r\nimport %s" % (OLDEST, ", ".join(modules))
    try:
        with open(os.devnull, "r+") as nothing:
            return subprocess.call(command + ["-c", probe], stdin=nothing, stdout=nothing, stderr=nothing,
                                   timeout=PROBE_SECONDS) == 0
    except (OSError, subprocess.SubprocessError):
        return False
