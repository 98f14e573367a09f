# Files that the binary carries: each becomes a C string named by its path (cmake/embed.cmake).
# SG_ASSETS_<room> lists generated sources for a room.
file(GLOB_RECURSE files CONFIGURE_DEPENDS
     "${CMAKE_SOURCE_DIR}/testbench/bench/*" "${CMAKE_SOURCE_DIR}/testbench/images.txt")
set(generated "${CMAKE_BINARY_DIR}/generated/testbench_assets.c")
add_custom_command(
    OUTPUT "${generated}"
    COMMAND ${CMAKE_COMMAND} "-DROOT=${CMAKE_SOURCE_DIR}/testbench" "-DOUT=${generated}"
            -P "${CMAKE_SOURCE_DIR}/cmake/embed.cmake"
    DEPENDS ${files} "${CMAKE_SOURCE_DIR}/cmake/embed.cmake"
    COMMENT "embedding testbench/")
set(SG_ASSETS_testbench "${generated}")
