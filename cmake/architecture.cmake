# Makes docs/architecture.md from cmake/rooms.cmake, the first comment of each room's header, and the
# hand-written end in docs/architecture.in.md. Run: cmake -P cmake/architecture.cmake
# With -DOUT=FILE it is written there; the test cli_architecture compares it with the committed page.
cmake_minimum_required(VERSION 3.20)
get_filename_component(ROOT "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
include("${CMAKE_CURRENT_LIST_DIR}/rooms.cmake")
if(NOT DEFINED OUT)
    set(OUT "${ROOT}/docs/architecture.md")
endif()

# The first sentence of a file's second comment, with the licence's line left out.
function(first_sentence file out)
    file(READ "${file}" text LIMIT 2000)
    string(REPLACE ";" "," text "${text}")
    string(REGEX REPLACE "^/\\*[^\n]*SPDX[^\n]*\n" "" text "${text}")
    if(NOT text MATCHES "^/\\*")
        message(FATAL_ERROR "${file} does not say in a comment what its room does")
    endif()
    string(FIND "${text}" "*/" end)
    string(SUBSTRING "${text}" 0 ${end} text)
    string(REGEX REPLACE "\n \\*" " " text "${text}")
    string(REGEX REPLACE "^/\\* *" "" text "${text}")
    string(REGEX REPLACE "  +" " " text "${text}")
    # A full stop ends a sentence when a blank and a capital letter, or nothing, follows.
    if(text MATCHES "^(([^.]|\\.[^ ]|\\. [^A-Z])+\\.)( |$)")
        set(text "${CMAKE_MATCH_1}")
    endif()
    string(STRIP "${text}" text)
    set(${out} "${text}" PARENT_SCOPE)
endfunction()

set(highest 0)
foreach(row IN LISTS SG_ROOMS)
    string(REPLACE "|" ";" cells "${row}")
    list(GET cells 0 room)
    list(GET cells 1 floor)
    string(REGEX REPLACE "^[^|]*\\|[^|]*\\|" "" uses "${row}")
    list(APPEND rooms ${room})
    set(floor_${room} ${floor})
    string(REPLACE " " ";" uses_${room} "${uses}")
    foreach(used IN LISTS uses_${room})
        list(APPEND users_${used} ${room})
    endforeach()
    list(APPEND on_floor_${floor} ${room})
    if(floor GREATER highest)
        set(highest ${floor})
    endif()
endforeach()

set(text "<!-- Made by cmake/architecture.cmake from cmake/rooms.cmake, the headers and
     docs/architecture.in.md; do not edit this page. -->
# Architecture

The program is divided into *rooms*, one folder of \`lib/\` each. A room uses only rooms on lower floors,
and only those that [\`cmake/rooms.cmake\`](../cmake/rooms.cmake) allows it: the build, the include check and
this page are made from that table. A room's public header is \`lib/<room>/<room>.h\` (base, stats, record,
judge and view have several); the rest is private to it.

## Floors

| floor | rooms |
|---|---|
| top | \`cmd/svcgate\`: argv in, exit code out |
")
foreach(floor RANGE ${highest} 1 -1)
    list(SORT on_floor_${floor})
    string(REPLACE ";" ", " names "${on_floor_${floor}}")
    string(APPEND text "| ${floor} | ${names} |\n")
endforeach()

string(APPEND text "
## Rooms

| room | what it does | uses | used by |
|---|---|---|---|
")
foreach(floor RANGE ${highest} 1 -1)
    foreach(room IN LISTS on_floor_${floor})
        first_sentence("${ROOT}/lib/${room}/${room}.h" sentence)
        list(SORT uses_${room})
        list(SORT users_${room})
        string(REPLACE ";" ", " uses "${uses_${room}}")
        string(REPLACE ";" ", " users "${users_${room}}")
        string(REPLACE "|" "\\|" sentence "${sentence}")
        string(APPEND text "| [${room}](../lib/${room}/) | ${sentence} | ${uses} | ${users} |\n")
    endforeach()
endforeach()

string(APPEND text "
## Libraries

Each is known to one room alone.

| library | room |
|---|---|
")
foreach(external IN LISTS SG_EXTERNALS)
    string(REPLACE "|" ";" cells "${external}")
    list(GET cells 0 library)
    list(GET cells 1 owner)
    string(APPEND text "| ${library} | ${owner} |\n")
endforeach()

file(READ "${ROOT}/docs/architecture.in.md" rest)
string(APPEND text "\n${rest}")
file(WRITE "${OUT}" "${text}")
message("${OUT} is written")
