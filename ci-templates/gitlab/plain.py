#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes svcgate.gitlab-ci.yml from the component: every input is replaced by its default.

    ci-templates/gitlab/plain.py            writes it
    ci-templates/gitlab/plain.py --check    exits 1 if it is not the current one
"""

import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
COMPONENT = HERE / "templates/svcgate/template.yml"
PLAIN = HERE / "svcgate.gitlab-ci.yml"
HEAD = """\
# svcgate in a GitLab pipeline: docs/ci-gitlab.md explains it. In .gitlab-ci.yml:
#
#   include:
#     - local: .gitlab-ci.svcgate.yml     # as `svcgate init --ci gitlab` calls it
#   .svcgate:                             # what is to be otherwise, for all jobs
#     variables: { SVCGATE_MODE: observe }
#   svcgate:                              # for one of them
#     extends: [.svcgate, .svcgate-dind]
#
# Made by plain.py from templates/svcgate/template.yml, the same as a CI/CD component: change that one.
"""


def plain():
    head, body = COMPONENT.read_text().split("\n---\n")
    defaults = dict(re.findall(r"^    (\w+):\n      default: (.*)$", head, re.MULTILINE))
    body = re.sub(r"\$\[\[ inputs\.(\w+) \]\]", lambda found: defaults[found[1]], body)
    return HEAD + "\n" + body


def main():
    if sys.argv[1:] != ["--check"]:
        PLAIN.write_text(plain())
    elif PLAIN.read_text() != plain():
        sys.exit(f"{PLAIN.name} is not made from the current component; run ci-templates/gitlab/plain.py")


main()
