"""What is mutated, and which tests have to notice: a pattern over the names that ctest knows. Sanitizers are
part of it, as they are of `./dev test`, but where the tests would take minutes. `only`: tests that are run for some files alone."""

ROOMS = {
    "judge": {
        "sources": ["lib/judge/*.c"],
        "tests": r"unit_judge_|unit_report_test_(formats|golden|plan|limits)|cli_(judge|baseline|plan|waivers|bundles)$",
        # Forecasts, held against simulated sessions: half a minute that tells nothing of the rest.
        "only": {r"unit_judge_test_plan|unit_report_test_plan|cli_plan": r"plan|power|outlook|store|sequence"},
        "sanitize": False,
    },
    "measure": {
        "sources": ["lib/measure/*.c"],
        "tests": r"unit_(measure|session)_",
        "sanitize": True,
    },
    "session": {
        "sources": ["lib/session/*.c"],
        "tests": r"unit_session_",
        "sanitize": True,
    },
    "verb_run": {
        "sources": ["cmd/svcgate/verb_run.c", "cmd/svcgate/run_options.c"],
        "tests": r"cli_(run|policy|terminal|help|mistakes|modes|config|files|source)$",
        "sanitize": False,
    },
}
