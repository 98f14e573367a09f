"""What is mutated, and which tests have to notice: a pattern over the names that ctest knows."""

ROOMS = {
    "judge": {
        "sources": ["lib/judge/*.c"],
        "tests": r"unit_judge_|unit_report_test_(formats|golden|plan|limits)|cli_(judge|baseline|plan|waivers)$",
    },
    "measure": {
        "sources": ["lib/measure/*.c"],
        "tests": r"unit_(measure|session)_",
    },
    "session": {
        "sources": ["lib/session/*.c"],
        "tests": r"unit_session_|cli_(plan|run|run_.*|fake.*)$",
    },
    "verb_run": {
        "sources": ["cmd/svcgate/verb_run.c", "cmd/svcgate/run_options.c"],
        "tests": r"cli_(run|run_.*|fake.*|help|mistakes|modes|config|files|inputs|disk|source)$",
    },
}
