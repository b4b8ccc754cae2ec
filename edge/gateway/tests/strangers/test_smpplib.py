"""smpplib 2.2.4 through the gateway to npm's `smpp`."""

import time

import smpplib.client
import smpplib.consts
import smpplib.exceptions
import smpplib.gsm

import world
from world import LONG, OFFER, PORT, fact, same

AGREED, STRANGER = "13800000001", "13800000002"


class Sender:
    """A transceiver that keeps what it is told."""

    def __init__(self, port, password="secret08"):
        self.answers, self.told = [], []
        self.client = smpplib.client.Client("127.0.0.1", port, timeout=1)
        self.client.set_message_sent_handler(lambda pdu, **_: self.answers.append(pdu))
        self.client.set_message_received_handler(lambda pdu, **_: self.told.append(pdu) and None)
        self.client.set_error_pdu_handler(lambda pdu: None)
        self.client.connect()
        self.client.bind_transceiver(system_id="mall", password=password)

    def send(self, to, text, encoding=smpplib.consts.SMPP_ENCODING_ISO10646, source=PORT, **more):
        before = len(self.answers)
        if more.pop("payload", False):
            parts, coding, esm = [b""], encoding, 0
            more["message_payload"] = text.encode("utf-16-be")
        else:
            parts, coding, esm = smpplib.gsm.make_parts(text, encoding)
        for part in parts:
            self.client.send_message(
                source_addr_ton=0, source_addr_npi=1, source_addr=source, dest_addr_ton=int(to.startswith("86")), dest_addr_npi=1,
                destination_addr=to, short_message=part, data_coding=coding, esm_class=esm, registered_delivery=True,
                **more)
        self.read(lambda: len(self.answers) >= before + len(parts), f"{len(parts)} answers")
        return self.answers[before:]

    def read(self, done, what):
        end = time.monotonic() + world.WAIT
        while not done():
            assert time.monotonic() < end, f"smpplib did not get {what}"
            self.client.poll()
            time.sleep(0.02)

    def report(self, ident):
        def of():
            return [p for p in self.told if p.receipted_message_id and p.receipted_message_id.rstrip(b"\0") == ident]
        self.read(of, f"a report on {ident}")
        return of()[0]

    def leave(self):
        self.client.unbind()
        self.client.disconnect()


def main():
    with world.world([AGREED]) as (carrier, gateway):
        try:
            Sender(gateway.smpp, password="wrong")
            raise AssertionError("let in with a wrong password")
        except smpplib.exceptions.PDUError as refused:
            fact(f"a wrong password is refused: {refused}")

        sender = Sender(gateway.smpp)
        fact("bound as transceiver")

        [answer] = sender.send(AGREED, OFFER)
        same(answer.status, 0, "status")
        seen = carrier.event("submit")
        same((seen["to"], seen["text"], seen["coding"]), (AGREED, OFFER, 8), "what the carrier saw")
        fact(f"a Chinese offer to somebody who agreed arrives, answered with id {answer.message_id.decode()}")
        report = sender.report(answer.message_id)
        assert b"stat:DELIVRD" in report.short_message, report.short_message
        same(report.message_state, 2, "message_state")
        fact("its report comes back under the id that the gateway gave")

        [answer] = sender.send(STRANGER, OFFER)
        same(answer.status, 0x406, "status of an offer without consent")
        fact("without consent: 0x406")
        [answer] = sender.send("86" + AGREED, OFFER)
        same((answer.status, carrier.event("submit", count=2)["to"]), (0, "86" + AGREED), "international form")
        fact("the same person in international form is the same person")

        same(len(carrier.events("submit")), 2, "submits at the carrier")

        answers = sender.send(AGREED, LONG)
        same([a.status for a in answers], [0] * len(answers), "statuses")
        carrier.event("submit", count=2 + len(answers))
        seen = carrier.events("submit")[2:]
        same("".join(s["text"] for s in seen), LONG, "segments, joined")
        assert all(s["udh"] and s["esm"] & 0x40 for s in seen), seen
        for answer in answers:
            sender.report(answer.message_id)
        fact(f"{len(answers)} segments with a UDH arrive as they were, and each has its report")

        sender.leave()
        fact("unbound")
    world.end()


if __name__ == "__main__":
    main()
