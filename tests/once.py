"""Folders that several processes of one run of the tests share, made by the first that asks."""

from __future__ import annotations

import fcntl
import shutil


def once(folder, make):
    """Return a folder that the first process of the run makes; the others wait until it is whole.

    A process that dies at it lets go of the lock; the next one finds nothing whole and tries again.
    """
    done = folder.with_suffix(".done")
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            done.touch()
    return folder
