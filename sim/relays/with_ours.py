"""Our gateway as a relay: SMPP or HTTP -> read, decide in shadow mode, on record -> SMPP.

The configuration is that of `cargo xtask bench gateway`, with HTTP besides: 12,000 of 20,000 recipients have agreed, and every
decision, letter and report is durable before it is answered.
"""

import subprocess

import ground

AGREED = 12_000
CONFIG = """
[ledger]
folder = "ledger"
keys = "ledger.keys"
master = "master.key"
[outbox]
folder = "outbox"
[listen]
smpp = "127.0.0.1:{smpp}"
http = "127.0.0.1:{http}"
[[account]]
name = "mall"
login = {{ smpp = "{login}", http = "{login}" }}
secret = "{secret}"
sources = ["{source}", "10690001*"]
advertiser = "yunqi"
content_provider = "yunqi"
controller = "yunqi"
content = "retail"
kind = "commercial"
mode = "shadow"
charset = "ucs2"
connections = 256
[[upstream]]
name = "carrier"
protocol = "smpp"
version = "3.4"
address = "127.0.0.1:{carrier}"
login = "{login}"
secret = "{secret}"
links = {links}
window = {window}
[[route]]
upstream = "carrier"
[[party]]
party = "yunqi"
name = "云栖百货有限公司"
contact = "400-812-3123"
online_business = true
[[brand]]
member_kind = "party"
member = "yunqi"
brand = "云栖"
from = 2020-01-01
asserted_by = "yunqi"
[[brand]]
member_kind = "signature"
member = "云栖百货"
brand = "云栖"
from = 2020-01-01
asserted_by = "yunqi"
[[port]]
port = "10690001*"
use = "commercial"
shared = false
refusal_free = true
"""
COLUMNS = ("recipient,act,occurred_at,origin,event_id,covers,controller,brand,channels,control,bundling,prominence,forced,"
           "related,notice")
NOTICES = """notice,version,hash,title,names_controller,states_purpose,states_categories,states_retention,states_rights,\
states_type_frequency_period
n1,1,0bb2,营销短信单独同意,yes,yes,yes,yes,yes,yes
"""


class Ours:
    """The gateway, before this carrier; `way` is how messages come in."""

    def __init__(self, plan, carrier, way):
        self.way, self.anning, self.folder = way, str(plan.anning), ground.folder("anning")
        ports = {"smpp": ground.free(), "http": ground.free()}
        words = {"login": plan.login, "secret": plan.secret, "source": plan.source, "carrier": carrier,
                 "links": plan.links, "window": plan.window}
        (self.folder / "gateway.toml").write_text(CONFIG.format(**words, **ports))
        self._call("ledger", "init")
        self._agree(plan.first)
        self.port, self.programs = ports["http" if way == "anning" else "smpp"], []
        try:
            environment = {**ground.os.environ, "ANNING_LOG": "error"}
            command = [self.anning, "serve", "gateway.toml", "--drain", "4"]
            self.programs.append(ground.Program("anning", command, cwd=self.folder, env=environment))
            self.programs[0].line("^ready", 30)
        except BaseException:
            self.end()
            raise

    def _call(self, what, how, *more):
        command = [self.anning, what, how, "ledger", "--master", "master.key", *more]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise AssertionError(f"anning {what} {how}: {done.stdout}{done.stderr}")

    def _agree(self, first):
        """Puts it on record that these people ticked a box of their own for this sender."""
        given = "given,2026-01-05T10:00:00+08:00,captured"
        how = "both,yunqi,云栖,sms,ticked_by_recipient,separate,on_face,no,no,n1"
        rows = (f"{first + n},{given},e{n},{how}" for n in range(AGREED))
        (self.folder / "in").mkdir()
        (self.folder / "in/consents.csv").write_text("\n".join([COLUMNS, *rows]) + "\n")
        (self.folder / "in/notices.csv").write_text(NOTICES)
        self._call("ledger", "import", "in")

    def parts(self):
        return {"anning": self.programs}

    def end(self):
        for program in self.programs:
            program.end(10)
