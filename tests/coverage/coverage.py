#!/usr/bin/env python3
# Line coverage by room, from a build of preset `coverage` whose tests have run: asks gcov for its
# JSON and needs nothing else. Fails where a room is under its floor in floors.txt.
# Usage: coverage.py BUILD [--lines ROOM], the second prints the lines of a room that no test reached.
import collections
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FLOORS = pathlib.Path(__file__).with_name("floors.txt")
BATCH = 50


def room_of(file):
    """lib/judge/exact.c is of lib/judge; None for what is no room's source."""
    try:
        parts = pathlib.Path(file).resolve().relative_to(ROOT).parts
    except ValueError:
        return None
    if len(parts) == 3 and parts[0] in ("lib", "cmd") and parts[2].endswith(".c"):
        return "/".join(parts[:2])
    return None


def gcov(build):
    """What gcov says of each object file, also of those that never ran."""
    notes = sorted(str(path) for path in build.rglob("*.gcno"))
    if not notes:
        sys.exit(f"{build} has no *.gcno: build the preset `coverage` first")
    for start in range(0, len(notes), BATCH):
        command = ["gcov", "--json-format", "--stdout", *notes[start : start + BATCH]]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for line in done.stdout.splitlines():
            if line.strip():
                yield json.loads(line)


def count(build):
    """{room: {(file, line): times}}; a source that is built into several programs counts once."""
    rooms = collections.defaultdict(collections.Counter)
    for document in gcov(build):
        folder = document["current_working_directory"]
        for file in document["files"]:
            path = pathlib.Path(folder, file["file"])
            room = room_of(path)
            for line in file["lines"] if room else ():
                rooms[room][str(path.resolve().relative_to(ROOT)), line["line_number"]] += line["count"]
    return rooms


def floors():
    rows = (line.split("#")[0].split() for line in FLOORS.read_text().splitlines())
    return {row[0]: float(row[1]) for row in rows if row}


def table(rooms):
    least = floors()
    short = sorted(set(least) - set(rooms))
    print(f"{'room':16} {'lines':>6} {'reached':>8} {'share':>8} {'floor':>6}")
    for room in sorted(rooms):
        lines = rooms[room].values()
        reached = sum(times > 0 for times in lines)
        share = 100 * reached / len(lines)
        floor = least.get(room)
        if floor is None or share < floor:
            short.append(room)
        print(f"{room:16} {len(lines):6} {reached:8} {share:6.1f} % {'none' if floor is None else floor:>6}")
    everything = [times for lines in rooms.values() for times in lines.values()]
    reached = sum(times > 0 for times in everything)
    print(f"{'all':16} {len(everything):6} {reached:8} {100 * reached / len(everything):6.1f} %")
    return short


def main():
    rooms = count(pathlib.Path(sys.argv[1]).resolve())
    if sys.argv[2:3] == ["--lines"]:
        for (file, line), times in sorted(rooms[sys.argv[3]].items()):
            if times == 0:
                print(f"{file}:{line}: {(ROOT / file).read_text().splitlines()[line - 1].strip()}")
        return
    short = table(rooms)
    if short:
        sys.exit(f"under the floor of {FLOORS.relative_to(ROOT)}, or not in it: {', '.join(short)}")


main()
