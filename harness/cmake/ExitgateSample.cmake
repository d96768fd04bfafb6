# The target without --repo: the sample service, made into a git repository in the build folder. EXITGATE_SAMPLE names
# it; the target exitgate_sample makes it anew when its files change.
set(EXITGATE_SAMPLE ${PROJECT_BINARY_DIR}/sample)
file(GLOB_RECURSE sample_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/samples/service/*)
add_custom_command(OUTPUT ${EXITGATE_SAMPLE}.stamp
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${EXITGATE_SAMPLE}
  COMMAND ${PROJECT_SOURCE_DIR}/scripts/make-sample ${EXITGATE_SAMPLE}
  COMMAND ${CMAKE_COMMAND} -E touch ${EXITGATE_SAMPLE}.stamp
  DEPENDS ${sample_files} ${PROJECT_SOURCE_DIR}/scripts/make-sample
  COMMENT "Making the sample repository" VERBATIM)
add_custom_target(exitgate_sample DEPENDS ${EXITGATE_SAMPLE}.stamp)
