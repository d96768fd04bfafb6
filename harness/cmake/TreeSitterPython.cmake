# exitgate_python_grammar(<variable>): the folder that holds the Python grammar for tree-sitter, fetched when it is not there.
#
# It is not a Debian package, so a pinned version is taken from npm where npm is there (`npm pack` downloads this one package and
# installs nothing), else from the grammar's own release archive. Both hold the same files, and the files that are
# compiled are checked one by one, so it does not matter where they came from, and they can be put there by hand.
# They are kept outside the build folder: the second configuration needs no network.

set(version 0.23.6)  # ABI 14, which Debian 12's tree-sitter runtime (0.20.7) reads
set(archive_address https://github.com/tree-sitter/tree-sitter-python/archive/refs/tags/v${version}.tar.gz)
set(grammar_files
  5df63395433197cb65168e95f5ce705cb1dd4c12a11a85020755a5c4b8b55c21 src/parser.c
  411b2357bc1286b171fd042ccb0f640109074cc341d3cd78b5628144887f7ab8 src/scanner.c
  b29c1c9fb7cc82f58c84b376df1297d6e2737a1d655fd356db0859e3c29c2fea src/tree_sitter/alloc.h
  5bdf6ed1a78e3409fd443e085ca967a64c188a5d082aaf7f819bccd53a471c94 src/tree_sitter/array.h
  a1f6ef161fbaf48a0e10fca90ef5290a062462b307b3898aa562993853b9f80a src/tree_sitter/parser.h)

# OUT: "" when every file of FOLDER is there and is the one expected, else what is wrong.
function(exitgate_check_grammar folder out)
  set(wrong "")
  set(files ${grammar_files})
  while(files)
    list(POP_FRONT files expected name)
    if(NOT EXISTS ${folder}/${name})
      set(wrong "${name} is missing")
      break()
    endif()
    file(SHA256 ${folder}/${name} found)
    if(NOT found STREQUAL expected)
      set(wrong "${name} has SHA-256 ${found}, expected ${expected}")
      break()
    endif()
  endwhile()
  set(${out} "${wrong}" PARENT_SCOPE)
endfunction()

# Leaves an archive of the grammar as FILE, or says in OUT why it could not.
function(exitgate_download_grammar file out)
  get_filename_component(folder ${file} DIRECTORY)
  set(reasons "")
  find_program(EXITGATE_NPM npm)
  mark_as_advanced(EXITGATE_NPM)
  if(EXITGATE_NPM)
    execute_process(COMMAND ${EXITGATE_NPM} pack tree-sitter-python@${version} --silent --ignore-scripts
      WORKING_DIRECTORY ${folder} TIMEOUT 120 RESULT_VARIABLE failed OUTPUT_VARIABLE named ERROR_VARIABLE said
      OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(failed EQUAL 0 AND EXISTS ${folder}/tree-sitter-python-${version}.tgz)
      file(RENAME ${folder}/tree-sitter-python-${version}.tgz ${file})
      set(${out} "" PARENT_SCOPE)
      return()
    endif()
    string(APPEND reasons "  npm pack tree-sitter-python@${version}: exit code ${failed}\n")
  else()
    string(APPEND reasons "  npm is not installed\n")
  endif()
  # Who serves it does not matter: what is compiled is checked file by file.
  file(DOWNLOAD ${archive_address} ${file} TIMEOUT 120 STATUS status)
  list(GET status 0 failed)
  if(failed EQUAL 0)
    set(${out} "" PARENT_SCOPE)
    return()
  endif()
  list(GET status 1 said)
  string(APPEND reasons "  ${archive_address}: ${said}\n")
  set(${out} "${reasons}" PARENT_SCOPE)
endfunction()

function(exitgate_python_grammar out)
  if(DEFINED ENV{EXITGATE_CACHE} AND NOT "$ENV{EXITGATE_CACHE}" STREQUAL "")
    set(cache "$ENV{EXITGATE_CACHE}")
  elseif(DEFINED ENV{XDG_CACHE_HOME} AND NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
    set(cache "$ENV{XDG_CACHE_HOME}/exitgate")
  elseif(DEFINED ENV{HOME} AND NOT "$ENV{HOME}" STREQUAL "")
    set(cache "$ENV{HOME}/.cache/exitgate")
  else()
    set(cache "${CMAKE_BINARY_DIR}/cache")
  endif()
  get_filename_component(cache "${cache}" ABSOLUTE BASE_DIR "${CMAKE_BINARY_DIR}")
  set(folder ${cache}/tree-sitter-python-${version})
  set(${out} ${folder} PARENT_SCOPE)
  set(by_hand "To put it there by hand: take tree-sitter-python ${version} from a machine with a network and copy its folder src to\n  ${folder}/src")

  if(EXISTS ${folder}/src)
    exitgate_check_grammar(${folder} wrong)
    if(wrong)
      message(FATAL_ERROR "The Python grammar in ${folder} is not the one expected: ${wrong}.\n"
        "Remove that folder, then configure again. ${by_hand}")
    endif()
    return()
  endif()

  # Everything happens in a private folder beside the final one, which appears by one rename, whole or not at all.
  string(RANDOM LENGTH 12 unique)
  set(work ${cache}/.tree-sitter-python-${unique})
  file(MAKE_DIRECTORY ${work}/whole/src)
  message(STATUS "Fetching the Python grammar (tree-sitter-python ${version}) into ${folder}")
  exitgate_download_grammar(${work}/archive.tgz reasons)
  if(NOT reasons)
    file(ARCHIVE_EXTRACT INPUT ${work}/archive.tgz DESTINATION ${work}/unpacked)
    file(GLOB tops ${work}/unpacked/*)  # 'package' from npm, 'tree-sitter-python-VERSION' from the release archive
    list(GET tops 0 top)
    exitgate_check_grammar(${top} wrong)
    if(wrong)
      set(reasons "  what was fetched is not the grammar expected: ${wrong}\n")
    endif()
  endif()
  if(reasons)
    file(REMOVE_RECURSE ${work})
    message(FATAL_ERROR "The Python grammar (tree-sitter-python ${version}) could not be fetched:\n${reasons}${by_hand}")
  endif()
  file(COPY ${top}/src/parser.c ${top}/src/scanner.c ${top}/src/tree_sitter DESTINATION ${work}/whole/src)
  # Another configuration may have been faster: then its files are as good, since they are checked below.
  file(RENAME ${work}/whole ${folder} RESULT renamed)
  file(REMOVE_RECURSE ${work})
  exitgate_check_grammar(${folder} wrong)
  if(wrong)
    message(FATAL_ERROR "The Python grammar could not be kept in ${folder}: ${wrong} (${renamed}).\n"
      "Make that folder writable, or set the environment's EXITGATE_CACHE to one that is.")
  endif()
endfunction()
