"""Kannel as a relay: HTTP `sendsms` -> smsbox -> bearerbox -> SMPP.

It asks the carrier for reports and matches them; no application hears of them, as ours tells none over HTTP either. It logs
panics alone, for it would write two errors for every report that has no address to go to. With a spool it keeps every message
in a file until it is handed over, without it in memory alone. Debian has no SMPP server for Kannel (`opensmppbox`), so
messages come in over HTTP.
"""

import pathlib
import urllib.request

import ground

LINK = """
group = smsc
smsc = smpp
smsc-id = carrier
host = 127.0.0.1
port = {carrier}
transceiver-mode = 1
smsc-username = {login}
smsc-password = {secret}
system-type = ""
address-range = ""
source-addr-ton = 0
source-addr-npi = 1
dest-addr-ton = 0
dest-addr-npi = 1
max-pending-submits = {window}
enquire-link-interval = 30
reconnect-delay = 1
"""
CONFIG = """
group = core
admin-port = {admin}
admin-password = secret
admin-allow-ip = "127.0.0.1"
smsbox-port = {box}
box-allow-ip = "127.0.0.1"
log-level = 4
log-file = "{folder}/bearerbox.log"
dlr-storage = internal
sms-outgoing-queue-limit = -1
{store}
{links}
group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-chars = "0123456789"
log-level = 4
log-file = "{folder}/smsbox.log"

group = sendsms-user
username = {login}
password = {secret}
max-messages = 10
concatenation = true
"""


def prepare(options):
    there = lambda: pathlib.Path("/usr/sbin/bearerbox").is_file()  # noqa: E731
    ground.system(["kannel"], there, options.install)
    return f"kannel {ground.version('kannel')}"


class Kannel:
    """Both boxes, before this carrier."""

    way = "kannel"

    def __init__(self, plan, carrier, spool):
        folder = ground.folder("kannel")
        ports = {"admin": ground.free(), "box": ground.free(), "sendsms": ground.free()}
        words = {"login": plan.login, "secret": plan.secret, "carrier": carrier, "window": plan.window}
        store = f'store-type = spool\nstore-location = "{ground.folder("kannel-spool")}"' if spool else ""
        config = folder / "kannel.conf"
        config.write_text(CONFIG.format(folder=folder, store=store, links=LINK.format(**words) * plan.links, **words, **ports))
        self.port, self.admin, self.programs = ports["sendsms"], ports["admin"], []
        try:
            for box, port in (("bearerbox", ports["box"]), ("smsbox", ports["sendsms"])):
                self.programs.append(ground.Program(box, [f"/usr/sbin/{box}", str(config)]))
                ground.listening(self.programs[-1], port, box)
            ground.until(lambda: self.status().count("(online") >= plan.links, "Kannel is bound")
        except BaseException:
            self.end()
            raise

    def status(self):
        at = f"http://127.0.0.1:{self.admin}/status.txt?password=secret"
        with urllib.request.urlopen(at, timeout=5) as said:
            return said.read().decode(errors="replace")

    def parts(self):
        return {"kannel": self.programs}

    def end(self):
        for box in reversed(self.programs):
            box.end(5)
