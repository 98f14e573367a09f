#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""zsh_complete.py SCRIPT LINE: what zsh offers for LINE, one a line.

Runs a zsh without anybody's configuration on a terminal of its own, loads SCRIPT, types LINE and
a key that hands what was found to the ordinary completer, `compadd -O`, instead of showing it.
"""
import os
import pty
import select
import sys
import time

SETUP = r"""
PS1='' RPS1='' PROMPT_EOL_MARK=''
unsetopt zle_bracketed_paste 2>/dev/null; unset zle_bracketed_paste
autoload -Uz compinit && compinit -u -D
. {script}
compadd() {{
    if [[ ${{@[1,(i)(-|--)]}} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
    local -a found
    builtin compadd -O found "$@"
    (( $#found )) && print -rl -- $found >> {answers}
    builtin compadd "$@"
}}
finish() {{ print done > {done}; exit; }}
zle -C offer list-choices _main_complete
zle -N finish
bindkey '^X' offer; bindkey '^Y' finish
print ready > {ready}
"""


def wait_for(path, master, seconds=60):
    end = time.monotonic() + seconds
    while not os.path.exists(path):
        if time.monotonic() > end:
            sys.exit(f"zsh does not answer: {path}")
        if select.select([master], [], [], 0.02)[0]:
            try:
                os.read(master, 65536)
            except OSError:
                return


def main():
    script, line = sys.argv[1:]
    names = {key: os.path.abspath(f".zsh-{key}") for key in ("answers", "done", "ready", "setup")}
    for path in names.values():
        if os.path.exists(path):
            os.remove(path)
    with open(names["setup"], "w", encoding="utf-8") as file:
        file.write(SETUP.format(script=os.path.abspath(script), **names))
    pid, master = pty.fork()
    if pid == 0:
        os.environ.update(TERM="dumb", COLUMNS="200", LINES="200")
        os.execvp("zsh", ["zsh", "-f", "-i"])
    os.write(master, f". {names['setup']}\n".encode())
    wait_for(names["ready"], master)
    os.write(master, line.encode() + b"\x18\x19")
    wait_for(names["done"], master)
    os.waitpid(pid, 0)
    if os.path.exists(names["answers"]):
        with open(names["answers"], encoding="utf-8") as file:
            sys.stdout.write("".join(dict.fromkeys(file)))


if __name__ == "__main__":
    main()
