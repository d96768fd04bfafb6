# exitgate_add_check(<name> SOURCES <file>... [LINK_LIBRARIES <library>...])
#
# A check of one's own, in C++: one source file makes a `const exitgate::check::Check` of that name known, as those in
# Exitgate's checks/ do (docs/checks.md). Its executable is called <name>, and gate files of this project write
# `check: <name>`: every exitgate_add_gates() of the build knows it, whichever is called first. The target is
# check-<name>, linked to Exitgate::check. Other programs, such as a unit test of the check, link Exitgate::check alone.
function(exitgate_add_check name)
  cmake_parse_arguments(CHECK "" "" "SOURCES;LINK_LIBRARIES" ${ARGN})
  if(CHECK_UNPARSED_ARGUMENTS OR NOT CHECK_SOURCES)
    message(FATAL_ERROR "exitgate_add_check: expected exitgate_add_check(${name} SOURCES <file>... [LINK_LIBRARIES <library>...])")
  endif()
  if(NOT name MATCHES "^[A-Za-z0-9_][A-Za-z0-9_-]*$")
    message(FATAL_ERROR "exitgate_add_check: the name '${name}' may hold letters, digits, '_' and '-' only")
  endif()
  if(NOT TARGET Exitgate::check)
    get_property(missing GLOBAL PROPERTY EXITGATE_CHECK_MISSING)
    message(FATAL_ERROR "exitgate_add_check: there is no library Exitgate::check: ${missing}")
  endif()
  add_executable(check-${name} ${CHECK_SOURCES})
  target_link_libraries(check-${name} PRIVATE Exitgate::check Exitgate::check_main ${CHECK_LINK_LIBRARIES})
  target_link_options(check-${name} PRIVATE LINKER:--as-needed)
  set_target_properties(check-${name} PROPERTIES OUTPUT_NAME ${name}
    RUNTIME_OUTPUT_DIRECTORY $<1:${CMAKE_BINARY_DIR}/exitgate-checks>)
  set_property(GLOBAL APPEND PROPERTY EXITGATE_OWN_CHECKS check-${name})
endfunction()
