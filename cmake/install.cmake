# cmake --install: the program, and what it says of itself: manual page and completions, each where man and
# the shells look. The program writes them, so a cross-compiled one is installed without.
include(GNUInstallDirs)
install(TARGETS svcgate)

function(sg_install_words file destination)
    set(path "${CMAKE_BINARY_DIR}/generated/${file}")
    string(JOIN "\" \"" words ${ARGN})
    install(CODE "execute_process(COMMAND \"$<TARGET_FILE:svcgate>\" \"${words}\"
        OUTPUT_FILE \"${path}\" COMMAND_ERROR_IS_FATAL ANY)")
    install(FILES "${path}" DESTINATION "${destination}")
endfunction()

if(NOT CMAKE_CROSSCOMPILING)
    sg_install_words(svcgate.1 "${CMAKE_INSTALL_MANDIR}/man1" man)
    sg_install_words(svcgate "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" completion bash)
    sg_install_words(_svcgate "${CMAKE_INSTALL_DATADIR}/zsh/site-functions" completion zsh)
    sg_install_words(svcgate.fish "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d" completion fish)
endif()
