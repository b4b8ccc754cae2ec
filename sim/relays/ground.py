"""What all measurements stand on: packages, free ports, processes and their CPU time.

Processes, waits and ports are those of the tests against strangers (`edge/gateway/tests/strangers`): one way of starting
and ending programs in this repository. CPU is user and system time from /proc, in seconds.
"""

import atexit
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
TICKS = os.sysconf("SC_CLK_TCK")


def strangers():
    """The folder with `world.py`: in the repository we stand in, or named in ANNING_STRANGERS."""
    named = os.environ.get("ANNING_STRANGERS")
    below = [pathlib.Path(named)] if named else [up / "edge/gateway/tests/strangers" for up in HERE.parents]
    for folder in below:
        if (folder / "world.py").is_file():
            return folder
    sys.exit("edge/gateway/tests/strangers is not above this script: name it in ANNING_STRANGERS")


if "ANNING_OUT" not in os.environ:
    os.environ["ANNING_OUT"] = tempfile.mkdtemp(prefix="anning-relays-")
    atexit.register(shutil.rmtree, os.environ["ANNING_OUT"], ignore_errors=True)
OUT = pathlib.Path(os.environ["ANNING_OUT"]).resolve()
os.environ["ANNING_OUT"] = str(OUT)
sys.path.insert(0, str(strangers()))

import test_kannel  # noqa: E402
import world  # noqa: E402

Program, until, free, reached = world.Program, world.until, test_kannel.free, test_kannel.reached


class Skipped(Exception):
    """Why a relay is not measured here."""


def most(seconds):
    """Everything ends within so many seconds: the alarm that `world` sets for its tests is moved."""
    world.MOST = seconds
    signal.alarm(seconds)


def system(packages, there, install):
    """Debian packages, installed as root unless what they bring is there."""
    if there():
        return
    by_hand = f"needs {' '.join(packages)}; as root: apt-get install {' '.join(packages)}"
    if not install or os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Skipped(by_hand)
    print(f"installing {', '.join(packages)}, once", file=sys.stderr, flush=True)
    for words in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        run(["apt-get", "--quiet", *words], within=600, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    if not there():
        raise Skipped(by_hand)


def venv(base, folder, packages, install):
    """A venv of this Python with these packages, made unless a note says that it has exactly them."""
    python, note, wanted = folder / "bin/python", folder / "installed.txt", "\n".join(packages)
    if note.is_file() and note.read_text() == wanted:
        return python
    if not install:
        raise Skipped(f"needs {', '.join(packages)} from PyPI in {folder}")
    print(f"installing {', '.join(packages)}, once", file=sys.stderr, flush=True)
    run([base, "-m", "venv", "--clear", str(folder)], within=120)
    run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages], within=600)
    # Written last: an install that broke off is done again.
    note.write_text(wanted)
    return python


def run(command, within, **more):
    """Runs something to its end; what goes wrong is a reason to skip."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=within, **more)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Skipped(f"{' '.join(command[:4])}: {error}") from error
    if done.returncode:
        raise Skipped(f"{' '.join(command[:4])}: {(done.stderr or done.stdout).strip()[-400:]}")
    return done.stdout


def version(package):
    """The Debian version of a package, if it comes from there."""
    said = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True)
    return said.stdout.strip() or "of unknown version"


def listening(program, port, what):
    """Waits until this program listens; one that ended instead says why."""
    until(lambda: program.alive() and reached(port), f"{what} listens", 60)


def folder(name):
    """An empty folder."""
    made = OUT / name
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    return made


def stat(pid):
    """Parent and CPU ticks of a process; none if it has gone."""
    try:
        # The name may hold blanks: fields are counted from behind it.
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return None
    return int(fields[1]), int(fields[11]) + int(fields[12])


def cpu(*programs):
    """Seconds of CPU that these programs and all that they started have used."""
    all_ = {int(name): stat(name) for name in os.listdir("/proc") if name.isdigit()}
    all_ = {pid: found for pid, found in all_.items() if found}
    ours = {program.process.pid for program in programs}
    grown = True
    while grown:
        more = {pid for pid, (parent, _) in all_.items() if parent in ours} - ours
        grown = bool(more)
        ours |= more
    return sum(all_[pid][1] for pid in ours if pid in all_) / TICKS


def quiet(programs, within):
    """Waits until they have nothing left to do: less than 4 % of a core for a second."""
    end, before = time.monotonic() + within, cpu(*programs)
    while time.monotonic() < end:
        time.sleep(1)
        now = cpu(*programs)
        if now - before < 0.04:
            return
        before = now


def busy():
    """Seconds of CPU that the whole machine has used, waiting for the disk and being idle left out."""
    user, nice, kernel, _, _, *rest = map(int, pathlib.Path("/proc/stat").read_text().split("\n")[0].split()[1:9])
    return (user + nice + kernel + sum(rest)) / TICKS


def calm(share, within):
    """Waits until the machine uses less than this share of its cores for three seconds, but not longer than that."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        before = busy()
        time.sleep(3)
        if busy() - before < 3 * share * os.cpu_count():
            return


class Neighbours:
    """Which share of all cores belonged to work that is not part of this measurement."""

    def __init__(self, programs):
        self.programs = programs
        self.began, self.busy, self.own = time.monotonic(), busy(), self._own()

    def _own(self):
        # Senders have ended, and been waited for, when this is asked again.
        spent = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return spent + cpu(*self.programs)

    def share(self):
        seconds = (time.monotonic() - self.began) * os.cpu_count()
        return max(0.0, (busy() - self.busy) - (self._own() - self.own)) / seconds
