"""Kannel 1.4.5 (bearerbox and smsbox) through the gateway to npm's `smpp`: what an operator who has run it for years sees."""

import http.server
import signal
import socket
import threading
import time
import urllib.parse
import urllib.request

import world
from world import LONG, OFFER, OUT, PORT, Program, fact, same, until

PEOPLE = [f"1380000000{n}" for n in range(1, 8)]
STRANGER = "13800000009"

CONFIG = """
group = core
admin-port = {admin}
admin-password = secret
admin-allow-ip = "127.0.0.1"
smsbox-port = {box}
box-allow-ip = "127.0.0.1"
log-file = "{out}/bearerbox.log"
log-level = 0
access-log = "{out}/access.log"
sms-resend-retry = -1
sms-resend-freq = 1

group = smsc
smsc = smpp
smsc-id = anning
host = 127.0.0.1
port = {gateway}
transceiver-mode = 1
smsc-username = mall
smsc-password = secret08
system-type = ""
address-range = ""
dest-addr-ton = 0
dest-addr-npi = 1
source-addr-ton = 0
source-addr-npi = 1
enquire-link-interval = 1
reconnect-delay = 1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-chars = "0123456789"
mo-recode = true

group = sendsms-user
username = me
password = me
max-messages = 10
concatenation = true

group = sms-service
keyword = default
catch-all = true
max-messages = 0
get-url = "http://127.0.0.1:{ears}/mo?from=%p&text=%a"
"""


def free():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Ears:
    """Hears what Kannel tells its application: delivery reports and messages."""

    def __init__(self):
        self.heard = []
        heard = self.heard

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                url = urllib.parse.urlsplit(self.path)
                query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
                heard.append((url.path, query))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def reports(self, name, kind=None):
        told = [q for path, q in list(self.heard) if path == "/dlr" and q["name"] == name]
        return [q for q in told if kind is None or q["type"] == str(kind)]

    def report(self, name, kind):
        return until(lambda: self.reports(name, kind), f"Kannel reports {kind} of {name}, it has {self.reports(name)}")[0]


class Kannel:
    """Both boxes."""

    def __init__(self, gateway, ears):
        ports = {"admin": free(), "box": free(), "sendsms": free(), "gateway": gateway, "ears": ears.port, "out": OUT}
        (OUT / "kannel.conf").write_text(CONFIG.format(**ports))
        self.ears, self.ports, self.boxes = ears, ports, []

    def start(self):
        for box, port in (("bearerbox", self.ports["box"]), ("smsbox", self.ports["sendsms"])):
            self.boxes.append(Program(box, [f"/usr/sbin/{box}", str(OUT / "kannel.conf")]))
            until(lambda: self.boxes[-1].alive() and reached(port), f"{box} listens")
        until(lambda: "online" in self.status(), "Kannel is bound")

    def status(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports['admin']}/status.txt?password=secret", timeout=5) as said:
            return said.read().decode(errors="replace")

    def send(self, name, to, text):
        ears = f"http://127.0.0.1:{self.ears.port}/dlr?name={name}&type=%d&answer=%A&to=%p"
        query = urllib.parse.urlencode({
            "username": "me", "password": "me", "from": PORT, "to": to, "text": text, "coding": 2, "charset": "UTF-8",
            "dlr-mask": 31, "dlr-url": ears})
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports['sendsms']}/cgi-bin/sendsms?{query}", timeout=10) as said:
            same(said.status, 202, "sendsms")

    def end(self):
        for box in reversed(self.boxes):
            box.end()


def reached(port):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def main():
    ears = Ears()
    with world.world(PEOPLE, window=1) as (carrier, gateway):
        kannel = Kannel(gateway.smpp, ears)
        try:
            kannel.start()
            fact("Kannel is bound as transceiver")
            sending(kannel, ears, carrier)
            refusing(kannel, ears, carrier)
            recalling(kannel, ears, carrier)
            slowing(kannel, ears, carrier, gateway)
        finally:
            kannel.end()
    again = [line for line in (OUT / "access.log").read_text(errors="replace").splitlines() if "FAILED Receive DLR" in line]
    same(again, [], "reports that Kannel knows nothing of, or was told before")
    fact("each report was told once")
    shown = gateway.acts_of(PEOPLE[1])
    assert "given" in shown and "withdrawn" in shown, shown
    fact("the ledger has the consent and its withdrawal")
    world.end()


def sending(kannel, ears, carrier):
    kannel.send("short", PEOPLE[0], OFFER)
    ears.report("short", 8)
    told = ears.report("short", 1)
    assert "stat:DELIVRD" in told["answer"], told
    seen = carrier.event("submit")
    same((seen["to"], seen["text"]), (PEOPLE[0], OFFER), "a short message")
    fact("a short Chinese message: submitted, delivered, matched by Kannel")

    kannel.send("long", PEOPLE[0], LONG)
    told = ears.report("long", 1)
    assert "stat:DELIVRD" in told["answer"], told
    carrier.event("submit", count=3)
    seen = carrier.events("submit")[1:]
    same("".join(s["text"] for s in seen), LONG, "a long message")
    same(len({s["udh"][:8] for s in seen}), 1, "one reference")
    fact(f"a long one in {len(seen)} segments: decided once, delivered, matched by Kannel")


def refusing(kannel, ears, carrier):
    kannel.send("stranger", STRANGER, OFFER)
    told = ears.report("stranger", 16)
    assert "NACK/0x00000406" in told["answer"], told
    kannel.send("long-stranger", STRANGER, LONG)
    # Of a message in parts Kannel itself does not keep the number.
    assert ears.report("long-stranger", 16)["answer"].startswith("NACK/")
    time.sleep(2.5)
    same(carrier.events("submit", to=STRANGER), [], "messages to a stranger at the carrier")
    assert "queued 0" in kannel.status().split("SMS:")[1].split("DLR")[0].replace("(0 queued)", "queued 0"), kannel.status()
    fact(f"without consent, short or long: Kannel takes it as final, {told['answer']!r}, and keeps nothing")


def recalling(kannel, ears, carrier):
    stopped = PEOPLE[1]
    carrier.do("reply", **{"from": stopped, "to": PORT, "text": "T"})
    same(carrier.event("reply answered")["status"], 0, "answer to the refusal")
    told = until(lambda: [q for path, q in list(ears.heard) if path == "/mo"], "Kannel hears the refusal")[0]
    same((told["from"], told["text"]), (stopped, "T"), "the refusal as Kannel has it")
    seen = carrier.event("submit", to=stopped)
    assert "退订已生效" in seen["text"], seen
    fact("T is on record, acknowledged, confirmed to the person, told to Kannel")
    kannel.send("stopped", stopped, OFFER)
    told = ears.report("stopped", 16)
    assert "NACK/0x00000401" in told["answer"], told
    fact(f"the next message is refused: {told['answer']!r}")

    carrier.do("answer", how="hold")
    kannel.send("held", PEOPLE[2], OFFER)
    carrier.event("submit", to=PEOPLE[2])
    kannel.send("queued", PEOPLE[3], OFFER)
    ears.report("queued", 8)
    carrier.do("reply", **{"from": PEOPLE[3], "to": PORT, "text": "退订"})
    told = until(lambda: [q for q in ears.reports("queued") if q["type"] in ("2", "16")], "the queued one is recalled")[0]
    assert "stat:REJECTD" in told["answer"], told
    carrier.do("release")
    ears.report("held", 1)
    seen = carrier.event("submit", to=PEOPLE[3])
    same(len(carrier.events("submit", to=PEOPLE[3])), 1, "submits to somebody who refused: the confirmation")
    assert "退订已生效" in seen["text"], seen
    fact("what waited for somebody who refused meanwhile is recalled, and reported REJECTD")


def slowing(kannel, ears, carrier, gateway):
    config = gateway.home / "gateway.toml"
    config.write_text(config.read_text().replace('mode = "enforce"', 'mode = "enforce"\nrate = 1'))
    gateway.process.send_signal(signal.SIGHUP)
    gateway.line("configuration read again")
    for n in range(4):
        kannel.send(f"slow{n}", PEOPLE[4 + n % 3], OFFER)
    for n in range(4):
        ears.report(f"slow{n}", 1)
    same(sum(len(carrier.events("submit", to=who)) for who in PEOPLE[4:7]), 4, "messages at the carrier")
    log = (OUT / "bearerbox.log").read_text(errors="replace")
    assert "0x00000058" in log or "hrottl" in log, "nothing was slowed down"
    fact("beyond the account's rate: 0x58, Kannel waits and tries again, each arrives once; set by a reload")


if __name__ == "__main__":
    main()
