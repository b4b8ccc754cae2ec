// A carrier of SMPP made of the npm package `smpp`: nobody here wrote it. It says what it sees as JSON, a line each, and
// takes orders the same way; it ends with its standard input.
//
//   node carrier.mjs FOLDER [PORT]     (FOLDER holds node_modules/smpp)
//
// Orders: {"do":"answer","how":"ok"|"hold"|"refuse","status":N}, {"do":"release"},
//         {"do":"reports","how":"at once"|"none"|"decimal","stat":"DELIVRD","state":2,"err":"000"},
//         {"do":"report","id":"…"} of a message it took,
//         {"do":"finish","to":"…"} of one it holds, {"do":"reply","from":"…","to":"…","text":"…"}, {"do":"drop"}.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import path from "node:path";

const smpp = createRequire(path.join(process.argv[2], "package.json"))("smpp");

const say = (event) => process.stdout.write(JSON.stringify(event) + "\n");
const sessions = new Set();
let answers = { how: "ok" };
let reports = { how: "at once", stat: "DELIVRD", state: 2, err: "000" };
let held = [];
const taken = new Map();
let next = 0;

const stamp = () => {
  const d = new Date();
  const two = (n) => String(n).padStart(2, "0");
  return two(d.getFullYear() % 100) + two(d.getMonth() + 1) + two(d.getDate()) + two(d.getHours()) + two(d.getMinutes());
};

const text = (pdu) => {
  const said = pdu.message_payload ?? pdu.short_message;
  const message = said?.message ?? said;
  return Buffer.isBuffer(message) ? { hex: message.toString("hex") } : { text: message };
};

function take(session, pdu) {
  next += 1;
  // Eight hex digits with leading zeros, as many servers give them.
  const id = (0xa0000 + next).toString(16).padStart(8, "0");
  session.send(pdu.response({ message_id: id }));
  say({ event: "took", id, to: pdu.destination_addr, ...text(pdu) });
  taken.set(id, pdu);
  if (reports.how !== "none" && pdu.registered_delivery & 1) report(session, pdu, id);
}

function report(session, pdu, given) {
  // Given in hex, reported in decimal: many servers do.
  const id = reports.how === "decimal" ? String(parseInt(given, 16)) : given;
  const { stat, state, err } = reports;
  const words = `id:${id} sub:001 dlvrd:001 submit date:${stamp()} done date:${stamp()} stat:${stat} err:${err} text:`;
  const told = {
    source_addr: pdu.destination_addr, source_addr_ton: pdu.dest_addr_ton, source_addr_npi: pdu.dest_addr_npi,
    destination_addr: pdu.source_addr, dest_addr_ton: pdu.source_addr_ton, dest_addr_npi: pdu.source_addr_npi,
    esm_class: 4, short_message: words, receipted_message_id: id, message_state: state,
  };
  session.deliver_sm(told, (answer) => say({ event: "report answered", id, status: answer.command_status }));
}

const server = smpp.createServer((session) => {
  sessions.add(session);
  session.on("error", (error) => say({ event: "error", what: String(error) }));
  session.on("close", () => { sessions.delete(session); say({ event: "closed" }); });
  for (const bind of ["bind_transceiver", "bind_transmitter", "bind_receiver"]) {
    session.on(bind, (pdu) => {
      const right = pdu.password === "upsecret";
      session.send(pdu.response({ command_status: right ? 0 : smpp.ESME_RBINDFAIL }));
      say({ event: "bound", as: bind, system_id: pdu.system_id, right });
    });
  }
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => { session.send(pdu.response()); session.close(); });
  session.on("unknown", (pdu) => say({ event: "unknown", command: pdu.command_id }));
  session.on("submit_sm", (pdu) => {
    const udh = pdu.short_message?.udh;
    say({
      event: "submit", to: pdu.destination_addr, from: pdu.source_addr, coding: pdu.data_coding, esm: pdu.esm_class,
      registered: pdu.registered_delivery, udh: udh ? Buffer.concat(udh.map((e) => Buffer.from(e))).toString("hex") : null,
      sar: pdu.sar_total_segments ? [pdu.sar_msg_ref_num, pdu.sar_total_segments, pdu.sar_segment_seqnum] : null,
      payload: pdu.message_payload !== undefined, ...text(pdu),
    });
    if (answers.how === "hold") held.push([session, pdu]);
    else if (answers.how === "refuse") session.send(pdu.response({ command_status: answers.status }));
    else take(session, pdu);
  });
});

server.listen(Number(process.argv[3] ?? 0), "127.0.0.1", () => say({ event: "listening", port: server.address().port }));

const orders = {
  answer: (order) => { answers = order; },
  reports: (order) => { reports = { ...reports, ...order }; },
  release: () => { answers = { how: "ok" }; held.splice(0).forEach(([session, pdu]) => take(session, pdu)); },
  reply: (order) => {
    const session = [...sessions].at(-1);
    const told = { source_addr: order.from, destination_addr: order.to, data_coding: 8, short_message: order.text };
    session.deliver_sm(told, (answer) => say({ event: "reply answered", status: answer.command_status }));
  },
  report: (order) => report([...sessions].at(-1), taken.get(order.id), order.id),
  // What it had not answered it took all the same; the report comes on whatever line there is.
  finish: (order) => {
    const [, pdu] = held.find(([, one]) => one.destination_addr === order.to);
    held = held.filter(([, one]) => one !== pdu);
    report([...sessions].at(-1), pdu, "0000ffff");
  },
  drop: () => sessions.forEach((session) => session.destroy()),
};
createInterface({ input: process.stdin })
  .on("line", (line) => { const order = JSON.parse(line); orders[order.do](order); })
  .on("close", () => process.exit(0));
