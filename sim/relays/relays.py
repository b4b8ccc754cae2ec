"""Measures SMS relays beside ours: messages a second end to end, and CPU a message.

    python relays.py PATH/TO/anning [--rounds 3] [--messages 20000] [--only bare,ours-smpp,...] [--json FILE]

Between the same sender and the same simulated carrier, one after another in each round:

    bare          SMPP, no relay: what the two ends can themselves
    ours-smpp     our gateway, SMPP in, SMPP out: reads, decides, has all on record
    jasmin        Jasmin, SMPP in, SMPP out
    ours-http     our gateway, HTTP in, SMPP out
    kannel        Kannel, HTTP in, SMPP out, messages in memory alone
    kannel-spool  the same with a spool on disk

Units: `taken/s` is messages a second at the carrier, from the first to the last; `reported/s` until the sender had all reports
as well (SMPP alone); `CPU` is microseconds of user and system time of the relay's processes a message, reports included; a
ratio of rates is of `taken/s`, ours over theirs and each over bare, round by round; one of CPU is theirs over ours. Figures
are medians of the rounds. `others` is the share of all cores that work beside this took: rates mean little where it is large,
least of all for relays that hand a message through several processes; CPU says more then.

Needs Linux and, for what is not there yet, apt as root and PyPI; what can't be had is skipped and said. Packages of Debian may
start a service of their own when they are installed; none of them is used here. Exits with 1 if nothing could be measured.
"""

import argparse
import json
import os
import pathlib
import platform
import signal
import statistics
import sys
import time

import ends
import ground
import with_jasmin
import with_kannel
import with_ours

# Of --messages: so many that each takes some seconds and none takes minutes.
SHARES = {"bare": 10, "ours-smpp": 3, "jasmin": 0.2, "ours-http": 2, "kannel": 1, "kannel-spool": 1}
# A machine that others use less than this is calm.
CALM = 0.2
RATIOS = (("ours-smpp", "jasmin"), ("ours-http", "kannel"), ("ours-http", "kannel-spool"), ("ours-smpp", "bare"),
          ("jasmin", "bare"), ("ours-http", "bare"), ("kannel", "bare"), ("kannel-spool", "bare"))


def starts(plan, options):
    """How each is started before a carrier's port; and why others are not."""
    all_ = {
        "bare": (lambda _: "the simulated ends alone", lambda port: None),
        "ours-smpp": (lambda _: ours(plan), lambda port: with_ours.Ours(plan, port, "smpp")),
        "jasmin": (with_jasmin.prepare, lambda port: with_jasmin.Jasmin(plan, port, options.tools)),
        "ours-http": (lambda _: ours(plan), lambda port: with_ours.Ours(plan, port, "anning")),
        "kannel": (with_kannel.prepare, lambda port: with_kannel.Kannel(plan, port, spool=False)),
        "kannel-spool": (with_kannel.prepare, lambda port: with_kannel.Kannel(plan, port, spool=True)),
    }
    wanted = options.only.split(",") if options.only else list(all_)
    if unknown := set(wanted) - set(all_):
        sys.exit(f"no such relay: {', '.join(sorted(unknown))}; there are {', '.join(all_)}")
    ready, versions, skipped = {}, {}, {}
    for name in wanted:
        prepare, start = all_[name]
        try:
            versions[name], ready[name] = prepare(options), start
        except ground.Skipped as why:
            skipped[name] = str(why)
            print(f"skipped {name}: {why}", file=sys.stderr, flush=True)
    return ready, versions, skipped


def ours(plan):
    return ground.run([str(plan.anning), "--version"], within=20).strip()


def machine():
    name = next((line.split(":")[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().split("\n")
                 if line.startswith("model name")), platform.machine())
    return f"{name}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}"


def rounds(plan, ready, skipped, options):
    """Runs by relay, in turn, so that what the machine does beside falls on all of them."""
    runs, until = {name: [] for name in ready}, time.monotonic() + 60 * options.minutes
    for turn in range(options.rounds):
        for name, start in list(ready.items()):
            if time.monotonic() > until:
                print(f"{options.minutes} minutes are over: {name} has {turn} rounds", file=sys.stderr, flush=True)
                continue
            ground.calm(CALM, options.wait)
            count = max(int(options.messages * SHARES[name]), 100)
            try:
                run = ends.measure(plan, start, count, options.patience)
            except (AssertionError, OSError, StopIteration) as error:
                if "not done within" in str(error):
                    raise
                print(f"{name}, round {turn + 1}: {str(error)[-1000:]}", file=sys.stderr, flush=True)
                skipped[name] = f"round {turn + 1}: {str(error)[-300:]}"
                del ready[name]
                continue
            runs[name].append(run)
            print(f"round {turn + 1}: {line(name, run)}", file=sys.stderr, flush=True)
    return {name: some for name, some in runs.items() if some}


def line(name, run):
    cost = ", ".join(f"{part} {micros:.0f} µs" for part, micros in run["cpu_micros"].items())
    lost = "" if run["taken_by_carrier"] == run["messages"] else f" of {run['messages']} (!)"
    return (f"{name}: {run['per_second']:.0f}/s, took {run['taken_by_carrier']}{lost}, reported {run['reported']}, "
            f"{cost or 'no relay'}; load {run['load']:.1f}, others {run['neighbours']:.0%}")


def median(values):
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def summary(runs):
    """Medians by relay, and ratios round by round."""
    medians = {}
    for name, some in runs.items():
        parts = some[0]["cpu_micros"]
        medians[name] = {
            "per_second": median(run["per_second"] for run in some),
            "lowest": min(run["per_second"] for run in some), "highest": max(run["per_second"] for run in some),
            "reported_per_second": median(run["reported_per_second"] for run in some),
            "cpu_micros": {part: median(run["cpu_micros"][part] for run in some) for part in parts},
            "neighbours": median(run["neighbours"] for run in some), "rounds": len(some),
            "whole": all(run["taken_by_carrier"] == run["messages"] and not run["twice"] for run in some),
        }
    ratios = {f"{one}/{other}": median(a["per_second"] / b["per_second"]
                                       for a, b in zip(runs[one], runs[other]) if b["per_second"])
              for one, other in RATIOS if one in runs and other in runs}
    costs = {name: sum(of["cpu_micros"].values()) for name, of in medians.items()}
    cheaper = {f"{other}/{one}": costs[other] / costs[one] for one, other in RATIOS if costs.get(one) and costs.get(other)}
    return medians, ratios, cheaper


def table(medians, ratios, cheaper):
    rows = ["| relay | taken/s, median (lowest to highest) | reported/s | CPU a message, µs | others | all arrived once |",
            "| --- | --- | --- | --- | --- | --- |"]
    for name, of in medians.items():
        cost = ", ".join(f"{part} {micros:.0f}" for part, micros in of["cpu_micros"].items()) or "-"
        reported = f"{of['reported_per_second']:,.0f}" if of["reported_per_second"] else "-"
        rows.append(f"| {name} | {of['per_second']:,.0f} ({of['lowest']:,.0f} to {of['highest']:,.0f}) | {reported} | {cost} | "
                    f"{of['neighbours']:.0%} | {'yes' if of['whole'] else 'no'} |")
    rows += ["", "| ratio of taken/s, median of the rounds | |", "| --- | --- |"]
    rows += [f"| {name} | {ratio:.3g} |" for name, ratio in ratios.items() if ratio is not None]
    rows += ["", "| ratio of CPU a message, of the medians, brokers and stores included | |", "| --- | --- |"]
    return "\n".join(rows + [f"| {name} | {ratio:.3g} |" for name, ratio in cheaper.items()])


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("anning", type=pathlib.Path, help="the released binary")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--messages", type=int, default=20_000, help="for Kannel; others have a multiple of it")
    parser.add_argument("--only", help="names of what is measured, with commas between")
    parser.add_argument("--patience", type=int, default=120, help="seconds that one run may take")
    parser.add_argument("--minutes", type=float, default=40, help="no run begins later than that")
    parser.add_argument("--wait", type=int, default=30, help="seconds that each run may wait for others to be calm")
    parser.add_argument("--tools", type=pathlib.Path, default=pathlib.Path("~/.cache/anning-relays"), help="where a venv is made")
    parser.add_argument("--no-install", dest="install", action="store_false", help="measure only what is there already")
    parser.add_argument("--json", type=pathlib.Path, help="file for all figures; otherwise they follow the table")
    return parser.parse_args()


def main():
    options = arguments()
    options.anning, options.tools = options.anning.resolve(), options.tools.expanduser().resolve()
    if not options.anning.is_file():
        sys.exit(f"no such binary: {options.anning}")
    plan = ends.Plan(options.anning)
    # So that what was started is ended then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # Installing comes first, and has bounds of its own.
    ground.most(2_000)
    ready, versions, skipped = starts(plan, options)
    ground.most(int(60 * options.minutes) + 2 * options.patience + options.wait + 200)
    began = time.strftime("%Y-%m-%d %H:%M")
    runs = rounds(plan, ready, skipped, options)
    medians, ratios, cheaper = summary(runs)
    print(f"{machine()}; {began}; medians of {options.rounds} rounds\n")
    for name, what in versions.items():
        print(f"- {name}: {what}")
    for name, why in skipped.items():
        print(f"- skipped {name}: {why}")
    print("\n" + table(medians, ratios, cheaper) + "\n")
    whole = json.dumps({"machine": machine(), "began": began, "versions": versions, "skipped": skipped, "medians": medians,
                        "ratios": ratios, "cpu_ratios": cheaper, "runs": runs}, indent=1)
    options.json.write_text(whole + "\n") if options.json else print(whole)
    sys.exit(0 if runs else 1)


if __name__ == "__main__":
    main()
