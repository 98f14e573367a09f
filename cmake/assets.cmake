# Files that the binary carries: each becomes a C string, in a table by its path (cmake/embed.cmake) or by a
# name of its own (cmake/embed_text.cmake).
# SG_ASSETS_<room> lists generated sources for a room, SG_ASSETS_svcgate those of the program.
# sg_embed(room folder patterns strip header table)
function(sg_embed room folder patterns strip header table)
    set(root "${CMAKE_SOURCE_DIR}/${folder}")
    set(generated "${CMAKE_BINARY_DIR}/generated/${room}_assets.c")
    set(globs ${patterns})
    list(TRANSFORM globs PREPEND "${root}/")
    file(GLOB_RECURSE files CONFIGURE_DEPENDS ${globs})
    list(JOIN patterns "|" joined)
    add_custom_command(
        OUTPUT "${generated}"
        COMMAND ${CMAKE_COMMAND} "-DROOT=${root}" "-DPATTERNS=${joined}" "-DSTRIP=${strip}"
                "-DHEADER=${header}" "-DTABLE=${table}" "-DOUT=${generated}"
                -P "${CMAKE_SOURCE_DIR}/cmake/embed.cmake"
        DEPENDS ${files} "${CMAKE_SOURCE_DIR}/cmake/embed.cmake"
        COMMENT "embedding ${folder}/"
        VERBATIM)
    set(SG_ASSETS_${room} "${generated}" PARENT_SCOPE)
endfunction()

sg_embed(testbench testbench "bench/*;images.txt" "bench/" "testbench/assets.h" sg_assets)
sg_embed(svcgate ci-templates
         "github/workflows/svcgate.yml;github/workflows/svcgate-publish.yml;gitlab/svcgate.gitlab-ci.yml"
         "" "init_files.h" init_files)

set(schema "${CMAKE_SOURCE_DIR}/schema/config.schema.json")
set(generated "${CMAKE_BINARY_DIR}/generated/config_schema.c")
add_custom_command(
    OUTPUT "${generated}"
    COMMAND ${CMAKE_COMMAND} "-DFILE=${schema}" "-DOUT=${generated}" -DNAME=sg_config_schema
            -DHEADER=config/config.h -P "${CMAKE_SOURCE_DIR}/cmake/embed_text.cmake"
    DEPENDS "${schema}" "${CMAKE_SOURCE_DIR}/cmake/embed_text.cmake"
    COMMENT "embedding schema/config.schema.json")
set(SG_ASSETS_config "${generated}")
