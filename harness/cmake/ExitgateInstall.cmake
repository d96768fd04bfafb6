# What `cmake --install` and CPack take, as two components: `runtime` is the program, its checks and gate files, and
# exitgate_add_gates for CMake projects; `development` is what a check of one's own is compiled with.
include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/Exitgate)
set(generated ${PROJECT_BINARY_DIR}/install)

install(TARGETS exitgate EXPORT ExitgateProgram DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT runtime)
get_property(checks GLOBAL PROPERTY EXITGATE_CHECK_PROGRAMS)
install(TARGETS ${checks} DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/exitgate/checks COMPONENT runtime)
install(DIRECTORY gates/ DESTINATION ${CMAKE_INSTALL_DATADIR}/exitgate/gates COMPONENT runtime)
install(DIRECTORY harness/gate/schemas/ DESTINATION ${CMAKE_INSTALL_DATADIR}/exitgate/schemas COMPONENT runtime)
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs COMPONENT runtime)

file(RELATIVE_PATH EXITGATE_GATES_FROM_PACKAGE ${CMAKE_INSTALL_PREFIX}/${package}
  ${CMAKE_INSTALL_FULL_DATADIR}/exitgate/gates)
configure_package_config_file(harness/cmake/ExitgateConfig.cmake.in ${generated}/ExitgateConfig.cmake
  INSTALL_DESTINATION ${package} NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
# While the version begins with 0, another second number may be another interface.
write_basic_package_version_file(${generated}/ExitgateConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${generated}/ExitgateConfig.cmake ${generated}/ExitgateConfigVersion.cmake
  harness/cmake/ExitgateGates.cmake harness/cmake/ExitgateChecks.cmake
  harness/cmake/discover.cmake.in DESTINATION ${package} COMPONENT runtime)
install(EXPORT ExitgateProgram NAMESPACE Exitgate:: DESTINATION ${package} COMPONENT runtime)

# Exitgate::check and what it stands on, with the headers. OUT: our libraries that TARGETS lead to, themselves included.
function(exitgate_libraries_below out)
  set(found "")
  set(waiting ${ARGN})
  while(waiting)
    list(POP_FRONT waiting library)
    if(library IN_LIST found)
      continue()
    endif()
    list(APPEND found ${library})
    foreach(property LINK_LIBRARIES INTERFACE_LINK_LIBRARIES)
      get_target_property(linked ${library} ${property})
      string(REGEX MATCHALL "exitgate_[a-z_]+" linked "${linked}")
      list(APPEND waiting ${linked})
    endforeach()
  endwhile()
  set(${out} ${found} PARENT_SCOPE)
endfunction()
exitgate_libraries_below(libraries exitgate_check_api exitgate_check_main)
set(include ${CMAKE_INSTALL_INCLUDEDIR}/exitgate)
install(TARGETS ${libraries} EXPORT ExitgateCheck DESTINATION ${CMAKE_INSTALL_LIBDIR}/exitgate COMPONENT development)
install(EXPORT ExitgateCheck NAMESPACE Exitgate:: DESTINATION ${package} COMPONENT development)
foreach(library IN LISTS libraries)
  string(REPLACE exitgate_ "" folder ${library})
  file(GLOB headers CONFIGURE_DEPENDS harness/${folder}/*.h)
  install(FILES ${headers} DESTINATION ${include}/harness/${folder} COMPONENT development)
endforeach()
install(DIRECTORY ${PROJECT_BINARY_DIR}/generated/harness DESTINATION ${include} COMPONENT development
  FILES_MATCHING PATTERN "*.h")

# cpack -G DEB: exitgate, and exitgate-dev for checks of one's own.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME exitgate)
set(CPACK_PACKAGE_VENDOR Exitgate)
set(CPACK_PACKAGE_CONTACT "The Exitgate authors <exitgate@invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "exit gates for a repository and its database, with an evidence archive")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL runtime development)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME exitgate)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
# ctest runs the gates, git reads the repository, and libpq5 is loaded by name (harness/database/libpq.h). Most gates need
# no server.
set(CPACK_DEBIAN_RUNTIME_PACKAGE_DEPENDS "cmake (>= ${CMAKE_MINIMUM_REQUIRED_VERSION}), git, libpq5")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_RECOMMENDS "postgresql, postgresql-client")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SUGGESTS "alembic, python3-psycopg2, skopeo, ninja-build")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME exitgate-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
  "exitgate (= ${PROJECT_VERSION}), libsqlite3-dev, libfmt-dev, libssl-dev")
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION "The exitgate program, its checks and gate files, and the CMake package.")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "The library and the headers for checks of one's own in C++.")
include(CPack)
