# What `cmake --install` and CPack take, as two components: `runtime` is the program, its checks and gate files, and
# exitgate_add_gates for CMake projects; `development` is what a check of one's own is compiled with.
include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/Exitgate)
set(generated ${PROJECT_BINARY_DIR}/install)

install(TARGETS exitgate EXPORT ExitgateProgram DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT runtime)
get_property(checks GLOBAL PROPERTY EXITGATE_CHECK_PROGRAMS)
install(TARGETS ${checks} DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/exitgate/checks COMPONENT runtime)
install(DIRECTORY gates/ DESTINATION ${CMAKE_INSTALL_DATADIR}/exitgate/gates COMPONENT runtime)
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs COMPONENT runtime)

file(RELATIVE_PATH EXITGATE_GATES_FROM_PACKAGE ${CMAKE_INSTALL_PREFIX}/${package}
  ${CMAKE_INSTALL_FULL_DATADIR}/exitgate/gates)
configure_package_config_file(harness/cmake/ExitgateConfig.cmake.in ${generated}/ExitgateConfig.cmake
  INSTALL_DESTINATION ${package} NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
# While the version begins with 0, another second number may be another interface.
write_basic_package_version_file(${generated}/ExitgateConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${generated}/ExitgateConfig.cmake ${generated}/ExitgateConfigVersion.cmake
  harness/cmake/ExitgateGates.cmake harness/cmake/discover.cmake.in DESTINATION ${package} COMPONENT runtime)
install(EXPORT ExitgateProgram NAMESPACE Exitgate:: DESTINATION ${package} COMPONENT runtime)
