"""CMPP by strangers: pycmpp 2.0.2 (2.0) and cmppy 0.3 (3.0) through the gateway, out to npm's `smpp`."""

import contextlib
import io
import os
import threading
import time

import cmppy
import pycmpp.cmpp
import pycmpp.cmpp_defines as defines
import pycmpp.request
import pycmpp.response

import world
from world import LONG, OFFER, PORT, fact, same, until

AGREED, OTHER, STRANGER = "13800000001", "13800000003", "13800000002"


class Submit(pycmpp.request.SubmitRequestInstance):
    """pycmpp keeps the access number it is given to itself, and submits without one; this is what it is given for."""

    def create(self, **more):
        return super().create(src_id=PORT, **more)


class Old:
    """A client of CMPP 2.0."""

    def __init__(self, port, secret="secret08", delivery=1):
        self.answers, self.told, self.logins, self.alive = [], [], [], 0
        outer = self

        class OnLogin(pycmpp.cmpp.handlers.BaseHandler):
            def __call__(self):
                answer = pycmpp.response.ConnectResponseInstance()
                answer.resolve(self.message)
                outer.logins.append(answer)

        class OnSubmitted(pycmpp.cmpp.handlers.BaseHandler):
            def __call__(self):
                answer = pycmpp.response.SubmitResponseInstance()
                answer.resolve(self.message)
                outer.answers.append(answer)

        class OnAlive(pycmpp.cmpp.handlers.BaseHandler):
            def __call__(self):
                outer.alive += 1

        class OnDeliver(pycmpp.cmpp.handlers.BaseHandler):
            """pycmpp has none: it leaves deliveries without an answer."""

            def __call__(self):
                message = self.message
                length = message[76]
                outer.told.append((message[75], message[77:77 + length], message[54:75].rstrip(b"\0"), message[20:41]))
                head = (21).to_bytes(4, "big") + (0x80000005).to_bytes(4, "big") + message[8:12]
                self.cmpp.send(head + message[12:20] + b"\0")

        self.client = pycmpp.cmpp.Cmpp("127.0.0.1", port, "901234", secret, PORT, delivery=delivery, client_heartbeat=False)
        self.client.handlers.update({
            defines.CMPP_CONNECT_RESP: OnLogin, defines.CMPP_SUBMIT_RESP: OnSubmitted,
            defines.CMPP_ACTIVE_TEST_RESP: OnAlive, 5: OnDeliver})
        threading.Thread(target=self.client.run, daemon=True).start()
        until(lambda: self.logins, "pycmpp hears of its login")

    def send(self, text, to, parts=1):
        before = len(self.answers)
        self.client.submit(text, to)
        until(lambda: len(self.answers) >= before + parts, f"pycmpp has {parts} answers")
        return self.answers[before:]

    def report(self, ident):
        def of():
            return [c for kind, c, *_ in list(self.told) if kind == 1 and c[:8] == ident.to_bytes(8, "big")]
        found = until(of, f"pycmpp has a report on {ident:016x}, it has {self.told}")
        same((len(found), len(found[0])), (1, 60), "reports, and their length in 2.0")
        return found[0]


def two(carrier, gateway):
    wrong = Old(gateway.cmpp, secret="nothing")
    same(wrong.logins[0].status, 3, "status of a wrong secret")
    fact("pycmpp: a wrong secret is status 3")
    old = Old(gateway.cmpp)
    same((old.logins[0].status, old.logins[0].version), (0, defines.CMPP_VERSION), "login")
    [answer] = old.send(OFFER, [AGREED])
    same(answer.status, 0, "status")
    seen = carrier.event("submit")
    same((seen["to"], seen["from"], seen["text"], seen["coding"]), (AGREED, PORT, OFFER, 8), "what the carrier saw")
    report = old.report(answer.msg_id)
    same((report[8:15], report[35:56].rstrip(b"\0").decode()), (b"DELIVRD", AGREED), "its report")
    fact("pycmpp (2.0): an offer goes out over SMPP, its report of 60 bytes comes back with the id it was given")

    before = len(carrier.events("submit"))
    parts = -(-len(LONG) // 64)
    answers = old.send(LONG, [AGREED], parts=parts)
    same([a.status for a in answers], [0] * parts, "statuses of a long message")
    for answer in answers:
        same(old.report(answer.msg_id)[8:15], b"DELIVRD", "a segment's report")
    seen = carrier.events("submit")[before:]
    same(("".join(s["text"] for s in seen), {bool(s["udh"]) for s in seen}), (LONG, {True}), "a long message")
    fact(f"pycmpp: {parts} segments with a UDH, each with its report")

    [answer] = old.send(OFFER, [STRANGER])
    same(answer.status, 106, "Result without consent")
    fact("pycmpp: without consent Result 106")
    [answer] = old.send(OFFER, [AGREED, STRANGER, OTHER])
    same(answer.status, 0, "Result of a mixed submit")
    first = answer.msg_id
    words = [old.report(first + n)[8:15] for n in range(3)]
    same(words, [b"DELIVRD", b"XN:0106", b"DELIVRD"], "reports of a mixed submit")
    fact("pycmpp: one submit to three people, one of whom did not agree: DELIVRD, XN:0106, DELIVRD under Msg_Id, +1, +2")

    carrier.do("reply", **{"from": OTHER, "to": PORT, "text": "退订"})
    told = until(lambda: [t for t in old.told if t[0] == 0], "pycmpp has the reply")[0]
    same((told[1].decode("utf-16-be"), told[2], told[3].rstrip(b"\0")), ("退订", OTHER.encode(), PORT.encode()), "the reply")
    [answer] = old.send(OFFER, [OTHER])
    same(answer.status, 101, "Result after a withdrawal")
    fact("pycmpp: 退订 comes through as a DELIVER, and the next submit is Result 101")

    old.client.send(pycmpp.request.ActiveTestRequestInstance().create())
    until(lambda: old.alive, "ACTIVE_TEST is answered")
    old.client.terminate()

    # As it is out of the box: no access number, and deliveries that nobody answers.
    mute = Old(gateway.cmpp)
    mute.client.handlers.pop(5)
    [answer] = mute.send(OFFER, [AGREED])
    same(answer.status, 0, "status")
    time.sleep(1)
    [answer] = mute.send(OFFER, [AGREED])
    same(answer.status, 0, "a submit after a report that it left without an answer")
    fact("pycmpp leaves DELIVER without an answer, and is served all the same")
    pycmpp.cmpp.SubmitRequestInstance = pycmpp.request.SubmitRequestInstance
    [answer] = mute.send(OFFER, [AGREED])
    same(answer.status, 10, "Result without Src_Id")
    fact("pycmpp as it is names no Src_Id: Result 10")


def three(carrier, gateway):
    def send(to, text, source=PORT):
        request = cmppy.SubmitReq("901234", text, src_id=source, dest_terminal_id=to)
        with contextlib.redirect_stdout(io.StringIO()):
            return cmppy.Cmppy("127.0.0.1", gateway.cmpp, "901234", "secret08").request(request)

    before = len(carrier.events("submit"))
    answer = send([AGREED], OFFER)
    same((answer.result, carrier.event("submit", count=before + 1)["text"]), (0, OFFER), "an offer")
    fact(f"cmppy (3.0): connected, submitted with id {answer.msg_id:016x}, ended")
    same(send([STRANGER], OFFER).result, 106, "Result without consent")
    same(send(["12"], OFFER).result, 13, "Result of no telephone number")
    fact("cmppy: Result 106 in four bytes without consent; 13 for what is no number")


def main():
    pycmpp.cmpp.SubmitRequestInstance = Submit
    with world.world([AGREED, OTHER]) as (carrier, gateway):
        two(carrier, gateway)
        three(carrier, gateway)
    world.end()


if __name__ == "__main__":
    try:
        main()
    except BaseException:
        import traceback
        traceback.print_exc()
        os._exit(1)
    # pycmpp's thread reads a closed socket for ever.
    os._exit(0)
