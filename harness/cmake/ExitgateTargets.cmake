# One way to declare each kind of target. No list of files is kept anywhere: a new file in a room is part of it.

function(exitgate_options target)
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
  if(EXITGATE_WARNINGS)
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:${EXITGATE_WARNINGS}>)
  endif()
endfunction()

# exitgate_room(<name> [DEPENDS <library>...]): the static library exitgate_<name> of all *.cpp in the current folder.
function(exitgate_room name)
  cmake_parse_arguments(ROOM "" "" "DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(NOT sources)  # a room that nobody has moved into yet
    add_library(exitgate_${name} INTERFACE)
    target_link_libraries(exitgate_${name} INTERFACE ${ROOM_DEPENDS})
    return()
  endif()
  add_library(exitgate_${name} STATIC ${sources})
  exitgate_options(exitgate_${name})
  target_link_libraries(exitgate_${name} PUBLIC ${ROOM_DEPENDS})
endfunction()

# exitgate_test(<room> [DEPENDS <library>...]): the test program test-<room> of all *_test.cpp in the current folder.
function(exitgate_test room)
  cmake_parse_arguments(TEST "" "" "DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_executable(test-${room} ${sources})
  exitgate_options(test-${room})
  target_link_libraries(test-${room} PRIVATE ${TEST_DEPENDS} GTest::gmock GTest::gtest_main)
  gtest_discover_tests(test-${room} TEST_PREFIX ${room}. DISCOVERY_MODE PRE_TEST
    PROPERTIES LABELS ${room} TIMEOUT 300)
endfunction()
