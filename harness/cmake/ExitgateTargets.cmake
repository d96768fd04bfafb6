# One way to declare each kind of target. No list of files is kept anywhere: a new file in a folder is part of its library.

# The headers of Exitgate are included by their place in its source tree, also where they are installed.
function(exitgate_options target)
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/exitgate>)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON)
  # What a program does not call is not loaded at its start, whichever compiler links it.
  target_link_options(${target} PRIVATE LINKER:--as-needed)
  if(EXITGATE_WARNINGS)
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:${EXITGATE_WARNINGS}>)
  endif()
endfunction()

# exitgate_library(<name> [DEPENDS <library>...]): the static library exitgate_<name> of all *.cpp in the current folder.
function(exitgate_library name)
  cmake_parse_arguments(LIBRARY "" "" "DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_library(exitgate_${name} STATIC ${sources})
  exitgate_options(exitgate_${name})
  target_link_libraries(exitgate_${name} PUBLIC ${LIBRARY_DEPENDS})
endfunction()

# In seconds. Under a sanitizer a test that verifies thousands of mutants of an archive takes ten times as long.
set(EXITGATE_TEST_TIMEOUT 300)
if(EXITGATE_SANITIZE)
  set(EXITGATE_TEST_TIMEOUT 1200)
endif()

# exitgate_test(<library> [DEPENDS <library>...]): the test program test-<library> of all *_test.cpp in the current folder.
function(exitgate_test library)
  cmake_parse_arguments(TEST "" "" "DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_executable(test-${library} ${sources})
  exitgate_options(test-${library})
  target_link_libraries(test-${library} PRIVATE ${TEST_DEPENDS} GTest::gmock GTest::gtest_main)
  gtest_discover_tests(test-${library} TEST_PREFIX ${library}. DISCOVERY_MODE PRE_TEST
    PROPERTIES LABELS ${library} TIMEOUT ${EXITGATE_TEST_TIMEOUT})
endfunction()
