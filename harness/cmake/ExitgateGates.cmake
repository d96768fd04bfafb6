# exitgate_add_gates([NAME <name>] [REPO <dir>] [COMMIT <rev>] [CONFIG <file>] [SUITE <path>...]
#                    [PROFILE <name>] [OUT <dir>] [PROGRAM <exitgate>] [DEPENDS <target>...])
#
# Registers the exit gates of a repository as tests of this build folder, in the manner of gtest_discover_tests: what
# ctest reads is written at each start of ctest, so that a changed or new gate file counts without reconfiguring.
#
#   REPO      the target; without it, the project that calls. Relative paths are below the calling CMakeLists.txt
#   NAME      goes before the names of the tests ("service.EG-CG1.retention") and becomes a label of them. For a second
#             call in one build it must be given
#   PROFILE   which of the suite's gates are asked: minimal, evidence, strict, database, or all
#   OUT       holds the run directory (OUT/run) and OUT/archives; without it, `exit-gates` or `exit-gates-NAME` in the
#             calling directory's build folder
#   PROGRAM   the exitgate program, as a target or a path; without it, the one that this file came with
#
# The environment's EXITGATE_REPO, EXITGATE_COMMIT, EXITGATE_CONFIG, EXITGATE_SUITE and EXITGATE_PROFILE go before what is given
# here, but not for a call with a NAME. A live database is named by the environment alone, by EXITGATE_DATABASE, or for a call with
# NAME my-service by EXITGATE_DATABASE_my_service: its URL must not get into a file.
#
# Needs enable_testing() in the top-level CMakeLists.txt. A CTestCustom.cmake of the project's own keeps its content.

function(exitgate_add_gates)
  cmake_parse_arguments(GATES "" "NAME;REPO;COMMIT;CONFIG;PROFILE;OUT;PROGRAM" "SUITE;DEPENDS" ${ARGN})
  if(GATES_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "exitgate_add_gates: unknown argument '${GATES_UNPARSED_ARGUMENTS}'")
  endif()
  if(GATES_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "exitgate_add_gates: no value for ${GATES_KEYWORDS_MISSING_VALUES}")
  endif()
  if(DEFINED BUILD_TESTING AND NOT BUILD_TESTING)
    message(STATUS "Exitgate: BUILD_TESTING is off, so the exit gates are not registered")
    return()
  endif()
  get_property(names GLOBAL PROPERTY EXITGATE_GATES_NAMES)
  set(name "${GATES_NAME}")
  if(name STREQUAL "")
    set(name "(without a NAME)")
    set(suffix "")
  elseif(name MATCHES "^[A-Za-z0-9_][A-Za-z0-9_-]*$")
    set(suffix "-${name}")
  else()
    message(FATAL_ERROR "exitgate_add_gates: NAME '${name}' may hold letters, digits, '_' and '-' only")
  endif()
  if(name IN_LIST names)
    message(FATAL_ERROR "exitgate_add_gates: a call ${name} was made before in this build, and the names of the tests "
      "would be the same.\nGive each call a NAME of its own: exitgate_add_gates(NAME service REPO …)")
  endif()
  set_property(GLOBAL APPEND PROPERTY EXITGATE_GATES_NAMES "${name}")

  if(NOT GATES_PROGRAM)
    if(NOT TARGET Exitgate::exitgate)
      message(FATAL_ERROR "exitgate_add_gates: there is no exitgate program.\n"
        "Call find_package(Exitgate), or give PROGRAM <path>")
    endif()
    set(GATES_PROGRAM Exitgate::exitgate)
  endif()
  if(TARGET ${GATES_PROGRAM})
    set(program $<TARGET_FILE:${GATES_PROGRAM}>)
    list(APPEND GATES_DEPENDS ${GATES_PROGRAM})
    if(TARGET exitgate_all_checks)
      list(APPEND GATES_DEPENDS exitgate_all_checks)
    endif()
  else()
    set(program ${GATES_PROGRAM})
  endif()
  if(NOT GATES_REPO)
    set(GATES_REPO ${PROJECT_SOURCE_DIR})
  endif()
  set(paths "")
  foreach(path IN LISTS GATES_SUITE)
    cmake_path(ABSOLUTE_PATH path)
    list(APPEND paths ${path})
  endforeach()
  set(GATES_SUITE ${paths})
  cmake_path(ABSOLUTE_PATH GATES_REPO)
  if(GATES_CONFIG)
    cmake_path(ABSOLUTE_PATH GATES_CONFIG)
  endif()
  if(NOT GATES_OUT)
    set(GATES_OUT exit-gates${suffix})
  endif()
  cmake_path(ABSOLUTE_PATH GATES_OUT BASE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
  file(MAKE_DIRECTORY ${GATES_OUT})

  # Beside this file in the source tree, else where they are installed: their labels, for when no program can say them.
  get_property(gates GLOBAL PROPERTY EXITGATE_GATES_DIRECTORY)
  if(NOT gates)
    set(gates ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../gates)
  endif()
  set(checks ${CMAKE_BINARY_DIR}/exitgate-checks)  # as in ExitgateChecks.cmake
  file(REAL_PATH ${CMAKE_CURRENT_BINARY_DIR} directory)
  set(given "")
  foreach(option REPO COMMIT CONFIG SUITE PROFILE)
    string(APPEND given "set(given_${option} [==[${GATES_${option}}]==])\n")
  endforeach()
  set(discover_script ${GATES_OUT}/exitgate-discover.cmake)
  file(READ ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/discover.cmake.in text)
  string(CONFIGURE "${text}" text @ONLY)
  file(GENERATE OUTPUT ${discover_script} CONTENT "${text}")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${discover_script})
  # Once at build time: ctest reads CTestCustom.cmake, which names the post-test command, before it reads the tests.
  add_custom_target(exitgate_discover${suffix} ALL COMMAND ${CMAKE_COMMAND} -P ${discover_script}
    COMMENT "Discovering the exit gates" VERBATIM)
  if(GATES_DEPENDS)
    add_dependencies(exitgate_discover${suffix} ${GATES_DEPENDS})
  endif()
  # At the end of the configuration the project's own CTestCustom.cmake is there, and enable_testing() was called.
  cmake_language(EVAL CODE "cmake_language(DEFER DIRECTORY [==[${CMAKE_SOURCE_DIR}]==]
    CALL exitgate_connect_gates exitgate_discover${suffix} [==[${CMAKE_CURRENT_SOURCE_DIR}]==] [==[${CMAKE_CURRENT_BINARY_DIR}]==] [==[${GATES_OUT}]==])")
endfunction()

# For exitgate_add_gates alone. ctest reads the CTestCustom.cmake of the folder that it is started in: that of the
# directory that registered the gates, and that of each directory above it.
function(exitgate_connect_gates target source binary out)
  get_property(checks GLOBAL PROPERTY EXITGATE_OWN_CHECKS)
  if(checks)
    add_dependencies(${target} ${checks})
  endif()
  foreach(directory ${source} ${CMAKE_SOURCE_DIR})
    get_directory_property(testing DIRECTORY ${directory} DEFINITION CMAKE_TESTING_ENABLED)
    if(NOT testing)
      message(FATAL_ERROR "exitgate_add_gates: testing is not enabled in ${directory}, so ctest would find no gate.\n"
        "Call enable_testing() in the top-level CMakeLists.txt, before add_subdirectory()")
    endif()
  endforeach()
  set(directory ${binary})
  exitgate_add_to_custom_file(${CMAKE_BINARY_DIR} ${out})
  while(directory MATCHES "^${CMAKE_BINARY_DIR}/")
    exitgate_add_to_custom_file(${directory} ${out})
    cmake_path(GET directory PARENT_PATH directory)
  endwhile()
endfunction()

# Adds one line to DIRECTORY/CTestCustom.cmake, once; whatever else it holds stays.
function(exitgate_add_to_custom_file directory out)
  set(file ${directory}/CTestCustom.cmake)
  set(text "")
  if(EXISTS ${file})
    file(READ ${file} text)
    # Exitgate 0.1 wrote all of the file.
    if(text MATCHES "^# Written by exitgate")
      set(text "")
    endif()
  endif()
  # Relative: a copy of the build folder must not reach into the first one.
  file(RELATIVE_PATH way ${directory} ${out}/exitgate-custom.cmake)
  set(line "include(\"\${CMAKE_CURRENT_LIST_DIR}/${way}\" OPTIONAL)  # exitgate: do not remove\n")
  string(FIND "${text}" "${line}" found)
  if(found EQUAL -1)
    if(NOT text STREQUAL "" AND NOT text MATCHES "\n$")
      string(APPEND text "\n")
    endif()
    file(WRITE ${file} "${text}${line}")
  endif()
endfunction()
