"""What every test here stands on: the gateway as a newcomer starts it, and a carrier that nobody here wrote.

`ANNING` is the binary, `ANNING_OUT` an empty folder, `ANNING_NODE` where npm's `smpp` is. Ports are free ones, waits
are bounded, and whatever was started is ended.
"""

import contextlib
import ctypes
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).parent
OUT = pathlib.Path(os.environ["ANNING_OUT"])
WAIT = 20.0
# A test that takes longer than this has failed.
MOST = 240

PORT = "10690001"
OFFER = "【云栖百货】今晚八点全场五折，满300减50，抢券下单 客服4008123123 拒收请回复R"
assert len(OFFER) <= 70
LONG = ("【云栖百货】今晚八点全场五折，满300减50，点击领券 https://yq.example/a "
        "家电、服饰、美妆、母婴、食品各会场同时开启，先到先得，会员另享九五折，"
        "数量有限，售完即止，详情请到店咨询或者登录商城查看活动细则。"
        "客服4008123123 拒收请回复R")
assert len(LONG) > 70

facts = 0


def too_long(*_):
    raise AssertionError(f"not done within {MOST} s")


signal.signal(signal.SIGALRM, too_long)
signal.alarm(MOST)


def end_with_parent():
    """Even where this script is killed, nothing it started stays."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def fact(words):
    """A line for each thing shown."""
    global facts
    facts += 1
    print(f"  shown: {words}", flush=True)


def same(got, wanted, what):
    if got != wanted:
        raise AssertionError(f"{what}: got {got!r}, wanted {wanted!r}")


def until(look, what, within=WAIT):
    """Waits until `look` gives something, and gives it."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {within} s: {what}")


class Program:
    """A process whose lines are kept, and which is ended."""

    def __init__(self, name, command, **more):
        self.name = name
        self.lines = []
        self.log = open(OUT / f"{name}.err", "ab")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log,
                                        text=True, start_new_session=True, preexec_fn=end_with_parent, **more)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def line(self, pattern, within=WAIT):
        def look():
            for line in list(self.lines):
                if found := re.search(pattern, line):
                    return found
            self.alive()
            return None
        return until(look, f"{self.name} says {pattern!r}", within)

    def alive(self):
        if self.process.poll() is not None:
            raise AssertionError(f"{self.name} ended with {self.process.returncode}: {self.errors()[-2000:]}")
        return True

    def errors(self):
        self.log.flush()
        return (OUT / f"{self.name}.err").read_text(errors="replace")

    def end(self, within=WAIT):
        """Asks it to end; what does not is killed, and that is told."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(within)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(5)
        self.reader.join(5)
        self.process.stdin.close()
        self.process.stdout.close()
        self.log.close()
        return self.process.returncode


class Carrier(Program):
    """npm's `smpp` as a server; see carrier.mjs."""

    def __init__(self, port=0):
        super().__init__("carrier", ["node", str(HERE / "carrier.mjs"), os.environ["ANNING_NODE"], str(port)])
        self.port = self.event("listening")["port"]

    def do(self, what, **more):
        self.process.stdin.write(json.dumps({"do": what, **more}) + "\n")
        self.process.stdin.flush()

    def events(self, event, **fits):
        all_ = [json.loads(line) for line in list(self.lines)]
        return [e for e in all_ if e["event"] == event and all(e.get(k) == v for k, v in fits.items())]

    def event(self, event, count=1, within=WAIT, **fits):
        """The last of at least so many events of this kind."""
        def look():
            found = self.events(event, **fits)
            return found if len(found) >= count else None
        return until(look, f"carrier sees {count} x {event} {fits}", within)[-1]


CONFIG = """
[ledger]
folder = "ledger"
master = "master.key"
[outbox]
folder = "outbox"
[listen]
smpp = "127.0.0.1:0"
cmpp = "127.0.0.1:0"
[[account]]
name = "mall"
login = {{ cmpp = "901234", smpp = "mall" }}
secret = "secret08"
sources = ["10690001*"]
advertiser = "yunqi"
content_provider = "yunqi"
controller = "yunqi"
kind = "commercial"
mode = "{mode}"
charset = "gsm7"
{account}
[[upstream]]
name = "carrier"
{upstream}
address = "127.0.0.1:{carrier}"
links = 1
window = {window}
id_form = "{id_form}"
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


SMPP = 'protocol = "smpp"\nversion = "3.4"\nlogin = "anning"\nsecret = "upsecret"'
CMPP = 'protocol = "cmpp"\nversion = "3.0"\nlogin = "901234"\nsecret = "secret08"'


class Gateway(Program):
    """`anning serve`, on a ledger in which some people agreed."""

    def __init__(self, carrier, agreed, window=32, account="", id_form="same", upstream=SMPP, mode="enforce",
                 name="gateway"):
        self.home = OUT / name
        self.home.mkdir(parents=True, exist_ok=True)
        config = CONFIG.format(carrier=carrier, window=window, account=account, id_form=id_form, upstream=upstream,
                               mode=mode)
        (self.home / "gateway.toml").write_text(config)
        if not (self.home / "ledger").exists():
            self.call("ledger", "init", *self.ledger())
            self.agree(agreed)
        super().__init__(name, [os.environ["ANNING"], "serve", "gateway.toml", "--drain", "4"], cwd=self.home)
        self.line("^ready")
        self.smpp = int(self.line(r"^smpp at 127\.0\.0\.1:(\d+)")[1])
        self.cmpp = int(self.line(r"^cmpp at 127\.0\.0\.1:(\d+)")[1])

    @staticmethod
    def ledger():
        return ["ledger", "--master", "master.key"]

    def call(self, *words):
        done = subprocess.run([os.environ["ANNING"], *words], cwd=self.home, capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise AssertionError(f"anning {' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def agree(self, people):
        """Puts it on record that these people ticked a box of their own for this sender."""
        folder = self.home / "in"
        folder.mkdir(exist_ok=True)
        columns = ("recipient,act,occurred_at,origin,event_id,covers,controller,brand,channels,control,bundling,"
                   "prominence,forced,related,notice")
        rows = [f"{who},given,2026-01-05T10:00:00+08:00,captured,e{n},both,yunqi,云栖,sms,ticked_by_recipient,separate,"
                f"on_face,no,no,n1" for n, who in enumerate(people)]
        (folder / "consents.csv").write_text("\n".join([columns, *rows]) + "\n")
        (folder / "notices.csv").write_text(
            "notice,version,hash,title,names_controller,states_purpose,states_categories,states_retention,states_rights,"
            "states_type_frequency_period\nn1,1,0bb2,营销短信单独同意,yes,yes,yes,yes,yes,yes\n")
        said = self.call("ledger", "import", *self.ledger(), "in")
        if f"{len(people)} acts on record" not in said:
            raise AssertionError(f"import: {said}")

    def acts_of(self, who):
        """What the ledger has of somebody; the gateway must have ended."""
        return self.call("ledger", "show", *self.ledger(), who)


def post_mortem(carrier):
    """What everybody said last."""
    for path in sorted(OUT.glob("*.err")):
        print(f"--- {path.stem}\n{path.read_text(errors='replace')[-3000:]}", file=sys.stderr)
    print("--- carrier saw\n" + "\n".join(carrier.lines[-20:]), file=sys.stderr)


@contextlib.contextmanager
def world(people, **more):
    """A carrier and a gateway before it."""
    carrier = Carrier()
    gateway = None
    try:
        gateway = Gateway(carrier.port, people, **more)
        carrier.event("bound", right=True)
        yield carrier, gateway
    except BaseException:
        post_mortem(carrier)
        raise
    finally:
        ended = gateway.end() if gateway else 0
        carrier.end()
    same(ended, 0, "the gateway's exit code")


def end():
    print(f"  {facts} facts shown")
