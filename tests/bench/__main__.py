"""`python -m tests.bench`: what each page costs beside its floor, and how the cost grows with the register."""

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from qms import jobs
from tests.bench import papers, planning, planning_year, sheets
from tests.bench.floor import Seen, open_page
from tests.bench.load import Cost, Server, serving
from tests.bench.pages import Page, pages
from tests.bench.stock import DAY, Stock, opened, sessions

REPORT: Final = Path("instance/bench.txt")
_DAYS: Final = (3, 4, 5)  # after the day of the stock: a Monday, a Tuesday and a Wednesday
_LINE: Final = "{:20} {:>7} {:>5} |" + " {:>7}" * 6 + " |" + " {:>7}" * 4 + " | {:>6} {:>6}"
_APP: Final = ("req/s", "p50", "p95", "cpu", "8:req/s", "8:p95")
_FLOOR: Final = ("req/s", "p50", "cpu", "8:req/s")

Say = Callable[[str], None]


def main() -> None:
    """Measure, print and write down."""
    asked = _asked()
    lines: list[str] = []

    def say(line: str) -> None:
        lines.append(line)
        print(line, flush=True)

    if not asked.only_growth:
        _floors(asked, say)
        _planning(asked, say)
        planning.measure(say, is_quick=asked.quick)
        planning_year.measure(say, is_quick=asked.quick)
        papers.measure(say)
        sheets.measure(say)
    _growth(asked, say)
    if not asked.quick:
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _asked() -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    reader.add_argument("--quick", action="store_true", help="a few offices and requests: shows that it works, no more")
    reader.add_argument("--pages", default="", help="only pages whose names begin so, divided by commas")
    reader.add_argument("--only-growth", action="store_true", help="no floors and no planning")
    reader.add_argument("--seconds", type=float, help="how long to ask for each page")
    asked = reader.parse_args()
    asked.seconds = asked.seconds or (0.02 if asked.quick else 2.0)
    asked.rounds = 1 if asked.quick else 3
    asked.offices = 4 if asked.quick else 200
    return asked


def _chosen(asked: argparse.Namespace) -> list[Page]:
    wanted = tuple(name.strip() for name in asked.pages.split(",") if name.strip())
    return [page for page in pages() if not wanted or page.name.startswith(wanted)]


def _prepared(asked: argparse.Namespace, stock: Stock) -> tuple[Path, list[Page], dict[str, str], dict[str, Seen]]:
    """The stock's folder, its pages, the cookies of their readers, and what each page does once."""
    folder = stock.make()
    with opened(folder) as app:
        found = _chosen(asked)
        cookies = sessions({page.email for page in found if page.email})
        return folder, found, cookies, {page.name: open_page(app, page, cookies) for page in found}


def _floors(asked: argparse.Namespace, say: Say) -> None:
    """Each page beside its floor. The first office has a twentieth of everything, so that its lists are full."""
    stock = Stock(asked.offices, 20, 10, share_of_first=0.5 if asked.quick else 0.05)
    folder, found, cookies, seen = _prepared(asked, stock)
    say(f"{asked.offices} offices, {asked.offices * 200} findings; times in ms, with 1 client and with 8")
    say(_LINE.format("", "", "", "app", *[""] * 5, "floor", *[""] * 3, "ratio", ""))
    say(_LINE.format("page", "queries", "kB", *_APP, *_FLOOR, "cpu", "p50"))
    with serving("app", folder, cookies) as app, serving("floor", folder, cookies) as floor:
        for page in found:
            say(_compared(page, seen[page.name], app, floor, asked))
        say(f"memory of the web process: {app.memory:.0f} MB; of the floor: {floor.memory:.0f} MB")


def _compared(page: Page, seen: Seen, app: Server, floor: Server, asked: argparse.Namespace) -> str:
    alone = _in_turns([(app, page), (floor, page)], asked, clients=1)
    crowd = _in_turns([(app, page), (floor, page)], asked, clients=8)
    ours, bare = (_best(costs) for costs in alone)
    size = (page.name, len(seen.statements), f"{seen.size / 1024:.0f}")
    figures = (ours.per_second, ours.p50, ours.p95, ours.cpu, _best(crowd[0]).per_second, _best(crowd[0]).p95)
    floors = (bare.per_second, bare.p50, bare.cpu, _best(crowd[1]).per_second)
    ratios = (f"{ours.cpu / max(bare.cpu, 0.01):.2f}", f"{ours.p50 / bare.p50:.2f}")
    return _LINE.format(*size, *(f"{value:.1f}" for value in (*figures, *floors)), *ratios)


def _in_turns(pairs: list[tuple[Server, Page]], asked: argparse.Namespace, *, clients: int) -> list[list[Cost]]:
    """Several rounds, the servers by turns, so that whatever else the computer does hits all of them alike."""
    costs: list[list[Cost]] = [[] for _ in pairs]
    for _ in range(asked.rounds):
        for place, (server, page) in enumerate(pairs):
            costs[place].append(server.measure(page, clients=clients, seconds=asked.seconds / asked.rounds))
    return costs


def _best(costs: list[Cost]) -> Cost:
    """The round that the rest of the computer disturbed least."""
    return min(costs, key=lambda cost: cost.cpu)


def _planning(asked: argparse.Namespace, say: Say) -> None:
    """A day's reminders of all offices, on three days in a row, and the nightly look at everything."""
    made = Stock(asked.offices, 20, 10, share_of_first=0.5 if asked.quick else 0.05).make()
    with tempfile.TemporaryDirectory() as spoilt:
        folder = Path(shutil.copytree(made, Path(spoilt) / "instance"))
        with opened(folder):
            for after in _DAYS:
                say(_timed("plan", after))
            say(_timed("sweep", _DAYS[-1]))


def _timed(job: str, after: int) -> str:
    day = DAY + timedelta(days=after)
    began = time.monotonic()
    said = jobs.run_job(job, day)
    return f"{job} of {day}: {time.monotonic() - began:.1f} s, {said}"


def _growth(asked: argparse.Namespace, say: Say) -> None:
    """The same pages of a small register, a large one, and a large one that is mostly one office."""
    few, many = (2, 3) if asked.quick else (2, 200)
    stocks = {
        "4,000": Stock(asked.offices, few, 10, share_of_first=0.5),  # full lists, as in the others
        "400,000": Stock(asked.offices, many, 10),
        "40 % in one": Stock(asked.offices, many, 10, share_of_first=0.4),
    }
    say("")
    say("CPU per page in ms" + "".join(f" {name:>14}" for name in stocks))
    prepared = [_prepared(asked, stock) for stock in stocks.values()]
    servers = [serving("app", folder, cookies) for folder, _, cookies, _ in prepared]
    with servers[0] as small, servers[1] as large, servers[2] as uneven:
        for same in zip(*(found for _, found, _, _ in prepared), strict=True):
            turns = _in_turns(list(zip((small, large, uneven), same, strict=True)), asked, clients=1)
            costs = [_best(rounds).cpu for rounds in turns]
            ratios = " ".join(f"x{cost / max(costs[0], 0.01):.2f}" for cost in costs[1:])
            say(f"{same[0].name:20}" + "".join(f" {cost:>12.1f}" for cost in costs) + f"  {ratios}")
    _rows(asked, say)


def _rows(asked: argparse.Namespace, say: Say) -> None:
    """How many statements each page sends for ten rows and for a thousand."""
    few, many = (_prepared(asked, Stock(1, audits, 10))[3] for audits in (1, 10 if asked.quick else 100))
    say("")
    say(
        "statements for 10 and for 1,000 findings: "
        + ", ".join(f"{name} {len(seen.statements)}/{len(many[name].statements)}" for name, seen in few.items())
    )


if __name__ == "__main__":
    main()
