"""The publishers of the official files, played on loopback; for tests alone.

    with serving(mirror, work) as publishers:
        publishers.misbehave("www.ons.gov.uk", behaviours.short(), times=1)
        subprocess.run(["pockets", "fetch"], env={**os.environ, **publishers.environment})
        assert publishers.record.most_open["www.ons.gov.uk"] == 1

``mirror`` is a folder of official files or the one of `tests.publishers.tiny`, an England of two
hundred neighbourhoods under the same names of files.
"""

from tests.publishers import behaviours
from tests.publishers.playing import Publishers, serving
from tests.publishers.tiny import write_tiny

__all__ = ["Publishers", "behaviours", "serving", "write_tiny"]
