# exitgate_grammar(<language> <variable>): the folder that holds a grammar for tree-sitter, fetched when it is not there.
# exitgate_grammar_library(<language>): the library exitgate_tree_sitter_<language> of it.
#
# Grammars are not Debian packages, so a pinned version is taken from npm where npm is there (`npm pack` downloads this one
# package and installs nothing), else from the grammar's own release archive. Both hold the same files, and the files that
# are compiled are checked one by one, so it does not matter where they came from, and they can be put there by hand.
# They are kept outside the build folder: the second configuration needs no network.
#
# A grammar is one record below. Its version must have ABI 14 (LANGUAGE_VERSION in its parser.c), which Debian 12's tree-sitter
# runtime (0.20.7) reads, and a scanner in C, if any.
#   exitgate_language_<name>          what messages call it
#   exitgate_grammar_<name>_version   of npm's package tree-sitter-<name>; the release's tag is the same with a "v" before it
#   exitgate_grammar_<name>_package   the <name> of that package, where it holds several grammars: typescript
#   exitgate_grammar_<name>_sources   the folder of parser.c and scanner.c in it
#   exitgate_grammar_<name>_files     SHA-256 and path of each file that is compiled or included

set(exitgate_language_python Python)
set(exitgate_grammar_python_version 0.23.6)
set(exitgate_grammar_python_sources src)
set(exitgate_grammar_python_files
  5df63395433197cb65168e95f5ce705cb1dd4c12a11a85020755a5c4b8b55c21 src/parser.c
  411b2357bc1286b171fd042ccb0f640109074cc341d3cd78b5628144887f7ab8 src/scanner.c
  b29c1c9fb7cc82f58c84b376df1297d6e2737a1d655fd356db0859e3c29c2fea src/tree_sitter/alloc.h
  5bdf6ed1a78e3409fd443e085ca967a64c188a5d082aaf7f819bccd53a471c94 src/tree_sitter/array.h
  a1f6ef161fbaf48a0e10fca90ef5290a062462b307b3898aa562993853b9f80a src/tree_sitter/parser.h)

set(exitgate_language_ruby Ruby)
set(exitgate_grammar_ruby_version 0.23.1)
set(exitgate_grammar_ruby_sources src)
set(exitgate_grammar_ruby_files
  4ce468358b6f4e25a35c8cf6bc0eaf60665bc22d602f8c939323c2347255cd15 src/parser.c
  e7a6196d6e78bf4c6728502e924c867dee5d851c6253e43fcdb8ba169009bc58 src/scanner.c
  b29c1c9fb7cc82f58c84b376df1297d6e2737a1d655fd356db0859e3c29c2fea src/tree_sitter/alloc.h
  4ff743903dc46f5db6aa54f31c6b4d160a8a9779e5b2ab1ee59ae7ebcd850ea1 src/tree_sitter/array.h
  a1f6ef161fbaf48a0e10fca90ef5290a062462b307b3898aa562993853b9f80a src/tree_sitter/parser.h)

set(exitgate_language_javascript JavaScript)
set(exitgate_grammar_javascript_version 0.23.1)
set(exitgate_grammar_javascript_sources src)
set(exitgate_grammar_javascript_files
  1150721590eca3c7b6623c7dc3498184f3e22c5d895a08b4806ebf5804f817c3 src/parser.c
  b3d3f64284d97bf80749c026862427782cf7ecc0b7dc094e6698ab311c9a42c7 src/scanner.c
  b29c1c9fb7cc82f58c84b376df1297d6e2737a1d655fd356db0859e3c29c2fea src/tree_sitter/alloc.h
  4ff743903dc46f5db6aa54f31c6b4d160a8a9779e5b2ab1ee59ae7ebcd850ea1 src/tree_sitter/array.h
  a1f6ef161fbaf48a0e10fca90ef5290a062462b307b3898aa562993853b9f80a src/tree_sitter/parser.h)

set(exitgate_language_typescript TypeScript)
set(exitgate_grammar_typescript_version 0.23.2)
set(exitgate_grammar_typescript_sources typescript/src)
set(exitgate_grammar_typescript_files
  74fe453edd70f4eae9af0a1050cbd7943d8971d59165b6aaebbaa0a0b716d1aa typescript/src/parser.c
  9125013b42cb888379d9be909f1d73dfb75a37626c2cdbf4122718a2b431a6d3 typescript/src/scanner.c
  b29c1c9fb7cc82f58c84b376df1297d6e2737a1d655fd356db0859e3c29c2fea typescript/src/tree_sitter/alloc.h
  4ff743903dc46f5db6aa54f31c6b4d160a8a9779e5b2ab1ee59ae7ebcd850ea1 typescript/src/tree_sitter/array.h
  a1f6ef161fbaf48a0e10fca90ef5290a062462b307b3898aa562993853b9f80a typescript/src/tree_sitter/parser.h
  da66ef2bd14a3f7ea743e25ba068c6c9aae2c3509db200ff80c4a0e6116e564c common/scanner.h)

set(exitgate_language_go Go)
set(exitgate_grammar_go_version 0.23.4)
set(exitgate_grammar_go_sources src)
set(exitgate_grammar_go_files
  3e412fb341a5ccb20455b34a8e3c1068cc064bd044146255fd47442458f5d575 src/parser.c
  b29c1c9fb7cc82f58c84b376df1297d6e2737a1d655fd356db0859e3c29c2fea src/tree_sitter/alloc.h
  4ff743903dc46f5db6aa54f31c6b4d160a8a9779e5b2ab1ee59ae7ebcd850ea1 src/tree_sitter/array.h
  a1f6ef161fbaf48a0e10fca90ef5290a062462b307b3898aa562993853b9f80a src/tree_sitter/parser.h)

set(exitgate_language_java Java)
set(exitgate_grammar_java_version 0.23.5)
set(exitgate_grammar_java_sources src)
set(exitgate_grammar_java_files
  4add5150cf4531eb5dd97f3343dcf65cd11704c84711348b328582b83424a0e4 src/parser.c
  b29c1c9fb7cc82f58c84b376df1297d6e2737a1d655fd356db0859e3c29c2fea src/tree_sitter/alloc.h
  5bdf6ed1a78e3409fd443e085ca967a64c188a5d082aaf7f819bccd53a471c94 src/tree_sitter/array.h
  a1f6ef161fbaf48a0e10fca90ef5290a062462b307b3898aa562993853b9f80a src/tree_sitter/parser.h)

set(exitgate_language_tsx TSX)
set(exitgate_grammar_tsx_package typescript)
set(exitgate_grammar_tsx_version 0.23.2)
set(exitgate_grammar_tsx_sources tsx/src)
set(exitgate_grammar_tsx_files
  1902cb53fa7ff5179df89b2eea863165e84c8cc866226419dc26921d8c055885 tsx/src/parser.c
  d563cd30b2f39718c9ae4292795c5ce03a2ad01954ba3a86ef84c2781a736673 tsx/src/scanner.c
  b29c1c9fb7cc82f58c84b376df1297d6e2737a1d655fd356db0859e3c29c2fea tsx/src/tree_sitter/alloc.h
  4ff743903dc46f5db6aa54f31c6b4d160a8a9779e5b2ab1ee59ae7ebcd850ea1 tsx/src/tree_sitter/array.h
  a1f6ef161fbaf48a0e10fca90ef5290a062462b307b3898aa562993853b9f80a tsx/src/tree_sitter/parser.h
  da66ef2bd14a3f7ea743e25ba068c6c9aae2c3509db200ff80c4a0e6116e564c common/scanner.h)

# OUT: the package that holds the grammar.
function(exitgate_grammar_package language out)
  set(name ${language})
  if(DEFINED exitgate_grammar_${language}_package)
    set(name ${exitgate_grammar_${language}_package})
  endif()
  set(${out} tree-sitter-${name} PARENT_SCOPE)
endfunction()

# OUT: "" when every file of the grammar in FOLDER is there and is the one expected, else what is wrong.
function(exitgate_check_grammar language folder out)
  set(wrong "")
  set(files ${exitgate_grammar_${language}_files})
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
function(exitgate_download_grammar language file out)
  exitgate_grammar_package(${language} package)
  set(version ${exitgate_grammar_${language}_version})
  set(archive_address https://github.com/tree-sitter/${package}/archive/refs/tags/v${version}.tar.gz)
  get_filename_component(folder ${file} DIRECTORY)
  set(reasons "")
  find_program(EXITGATE_NPM npm)
  mark_as_advanced(EXITGATE_NPM)
  if(EXITGATE_NPM)
    execute_process(COMMAND ${EXITGATE_NPM} pack ${package}@${version} --silent --ignore-scripts
      WORKING_DIRECTORY ${folder} TIMEOUT 120 RESULT_VARIABLE failed OUTPUT_VARIABLE named ERROR_VARIABLE said
      OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(failed EQUAL 0 AND EXISTS ${folder}/${package}-${version}.tgz)
      file(RENAME ${folder}/${package}-${version}.tgz ${file})
      set(${out} "" PARENT_SCOPE)
      return()
    endif()
    string(APPEND reasons "  npm pack ${package}@${version}: exit code ${failed}\n")
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

function(exitgate_grammar language out)
  set(title ${exitgate_language_${language}})
  exitgate_grammar_package(${language} package)
  set(version ${exitgate_grammar_${language}_version})
  set(sources ${exitgate_grammar_${language}_sources})
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
  set(folder ${cache}/tree-sitter-${language}-${version})
  set(${out} ${folder} PARENT_SCOPE)
  # The folders of the package that hold the files: "src", or "typescript" and "common".
  set(parts "")
  set(files ${exitgate_grammar_${language}_files})
  while(files)
    list(POP_FRONT files expected name)
    string(REGEX REPLACE "/.*" "" part ${name})
    list(APPEND parts ${part})
  endwhile()
  list(REMOVE_DUPLICATES parts)
  list(LENGTH parts count)
  if(count EQUAL 1)
    set(by_hand "To put it there by hand: take ${package} ${version} from a machine with a network and copy its folder ${parts} to\n  ${folder}/${parts}")
  else()
    list(JOIN parts " and " named_parts)
    set(by_hand "To put it there by hand: take ${package} ${version} from a machine with a network and copy its folders ${named_parts} into\n  ${folder}")
  endif()

  if(EXISTS ${folder}/${sources})
    exitgate_check_grammar(${language} ${folder} wrong)
    if(wrong)
      message(FATAL_ERROR "The ${title} grammar in ${folder} is not the one expected: ${wrong}.\n"
        "Remove that folder, then configure again. ${by_hand}")
    endif()
    return()
  endif()

  # Everything happens in a private folder beside the final one, which appears by one rename, whole or not at all.
  string(RANDOM LENGTH 12 unique)
  set(work ${cache}/.${package}-${unique})
  file(MAKE_DIRECTORY ${work}/whole)
  message(STATUS "Fetching the ${title} grammar (${package} ${version}) into ${folder}")
  exitgate_download_grammar(${language} ${work}/archive.tgz reasons)
  if(NOT reasons)
    file(ARCHIVE_EXTRACT INPUT ${work}/archive.tgz DESTINATION ${work}/unpacked)
    file(GLOB tops ${work}/unpacked/*)  # 'package' from npm, 'PACKAGE-VERSION' from the release archive
    list(GET tops 0 top)
    exitgate_check_grammar(${language} ${top} wrong)
    if(wrong)
      set(reasons "  what was fetched is not the grammar expected: ${wrong}\n")
    endif()
  endif()
  if(reasons)
    file(REMOVE_RECURSE ${work})
    message(FATAL_ERROR "The ${title} grammar (${package} ${version}) could not be fetched:\n${reasons}${by_hand}")
  endif()
  set(files ${exitgate_grammar_${language}_files})
  while(files)
    list(POP_FRONT files expected name)
    get_filename_component(below ${name} DIRECTORY)
    file(COPY ${top}/${name} DESTINATION ${work}/whole/${below})
  endwhile()
  # Another configuration may have been faster: then its files are as good, since they are checked below.
  file(RENAME ${work}/whole ${folder} RESULT renamed)
  file(REMOVE_RECURSE ${work})
  exitgate_check_grammar(${language} ${folder} wrong)
  if(wrong)
    message(FATAL_ERROR "The ${title} grammar could not be kept in ${folder}: ${wrong} (${renamed}).\n"
      "Make that folder writable, or set the environment's EXITGATE_CACHE to one that is.")
  endif()
endfunction()

function(exitgate_grammar_library language)
  exitgate_grammar(${language} grammar)
  set_property(GLOBAL PROPERTY EXITGATE_GRAMMAR_${language} ${grammar})
  set(sources ${grammar}/${exitgate_grammar_${language}_sources})
  # Not our code: none of our warnings, and optimised in every build type, for it is megabytes of tables that nobody debugs.
  add_library(exitgate_tree_sitter_${language} STATIC ${sources}/parser.c)
  if(EXISTS ${sources}/scanner.c)
    target_sources(exitgate_tree_sitter_${language} PRIVATE ${sources}/scanner.c)
  endif()
  target_include_directories(exitgate_tree_sitter_${language} PRIVATE ${sources})
  target_compile_options(exitgate_tree_sitter_${language} PRIVATE -w -O2)
  set_target_properties(exitgate_tree_sitter_${language} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_link_libraries(exitgate_tree_sitter_${language} PUBLIC PkgConfig::TREE_SITTER)
endfunction()
