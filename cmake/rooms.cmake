# The one table of who may use whom. A room is a folder of lib/; the build links it with exactly
# these rooms, and cmake/check_includes.cmake refuses an include that is not listed here.
# room | floor | rooms it may use
set(SG_ROOMS
    "base|1|"
    "stats|1|"
    "http|2|base"
    "json|2|base"
    "source|2|base"
    "record|3|json base"
    "promql|3|http json base"
    "forge|3|http json base"
    "config|4|record source base"
    "judge|4|record stats base"
    "import|4|record json base"
    "baseline|4|record json base"
    "testbench|5|config record source http json stats base"
    "measure|5|promql config record stats base"
    "view|5|judge record base"
    "plot|6|view judge record base"
    "report|7|plot view judge record json base"
    "session|6|testbench measure promql judge record config stats base"
)

# External libraries are walled in as well: library | the only room that may include it | its headers
set(SG_EXTERNALS
    "curl|http|curl/"
    "cjson|json|cjson/"
    "fyaml|config|libfyaml"
)
