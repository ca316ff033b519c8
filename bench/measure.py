"""What the benchmarks of whole programs share: running, timing, and how much memory it took."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

PROJECT = pathlib.Path(__file__).resolve().parent.parent
OVERPAK = PROJECT / "target/overpak/bin/overpak"
FLATPAKS = PROJECT / "testing/flatpaks"
DNF = PROJECT / "testing/distro/dnf"
ENVIRONMENT = os.environ | {"LC_ALL": "C.UTF-8"}

peak = 0


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def run(command, **environment):
    """Runs a command, shows what it printed if it fails, and notes its largest process."""
    global peak
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT,
                                   stdin=subprocess.DEVNULL, env=ENVIRONMENT | environment)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        log.seek(0)
        text = log.read()
        if process.returncode:
            sys.exit(f"{' '.join(map(str, command))}: exit code {process.returncode}\n{text[-4000:]}")
    peak = max(peak, usage.ru_maxrss)
    return text


def overpak(*arguments, **environment):
    run([OVERPAK, *arguments, "--quiet"], **environment)


def measured(work, *arguments):
    """Seconds, and KiB of the largest process."""
    global peak
    peak = 0
    began = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - began, peak


@contextlib.contextmanager
def scratch():
    """A directory for all that is measured, which goes afterwards. For root it is a filesystem of its
    own, with a journal, as most machines have: ext4 without one leaves the inodes of deleted files
    alone for minutes, and looks at each of them for every new file, so that a run would be the
    slower the more was deleted before it."""
    with tempfile.TemporaryDirectory(prefix="overpak-bench-", ignore_cleanup_errors=True) as directory:
        root = pathlib.Path(directory) / "root"
        root.mkdir()
        if os.geteuid() != 0:
            yield root
            return
        image = pathlib.Path(directory) / "ext4"
        with open(image, "wb") as file:
            file.truncate(64 << 30)
        run(["mkfs.ext4", "-q", "-F", image])
        run(["mount", "-o", "loop", image, root])
        try:
            yield root
        finally:
            run(["umount", "--lazy", root])


def delete(directory):
    subprocess.run(["chmod", "-R", "u+rwX", directory], check=False, capture_output=True)
    shutil.rmtree(directory, ignore_errors=True)
