include(GNUInstallDirs)

# orrery_module(NAME SOURCES ... HEADERS ... [PUBLIC ...] [PRIVATE ...])
#
# One static library per folder of lib/. Headers are included as "module/file.hpp". A module is shown the headers
# of the modules it links, and no others: each module's headers are found through a directory of its own in the
# build tree, so that an include which the layers forbid does not compile.
function(orrery_module name)
  cmake_parse_arguments(module "" "" "SOURCES;HEADERS;PUBLIC;PRIVATE" ${ARGN})
  set(target orrery_${name})
  set(include_root "${PROJECT_BINARY_DIR}/include/${name}")
  file(MAKE_DIRECTORY "${include_root}")
  file(CREATE_LINK "${CMAKE_CURRENT_SOURCE_DIR}" "${include_root}/${name}" SYMBOLIC)

  add_library(${target} STATIC ${module_SOURCES})
  add_library(orrery::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  target_include_directories(${target} PUBLIC "$<BUILD_INTERFACE:${include_root}>"
                                              "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/orrery>")
  target_link_libraries(${target} PUBLIC orrery_settings ${module_PUBLIC}
                                  PRIVATE $<BUILD_INTERFACE:orrery_strict> ${module_PRIVATE})
  set_property(GLOBAL APPEND PROPERTY ORRERY_MODULES ${target})
  set(links ${module_PUBLIC} ${module_PRIVATE})
  list(FILTER links INCLUDE REGEX "^orrery::")
  list(TRANSFORM links REPLACE "^orrery::" "")
  list(JOIN links " " links)
  set_property(GLOBAL APPEND_STRING PROPERTY ORRERY_MODULE_LINKS "${name}: ${links}\n")

  # Every header compiles alone: those that a source of the same name includes first (scripts/check-layers sees to
  # it) do so there.
  foreach(header IN LISTS module_HEADERS)
    string(REGEX REPLACE "hpp$" "cpp" source "${header}")
    if(source IN_LIST module_SOURCES)
      continue()
    endif()
    string(MAKE_C_IDENTIFIER "${header}" id)
    set(check "${PROJECT_BINARY_DIR}/header_checks/${name}_${id}.cpp")
    file(CONFIGURE OUTPUT "${check}" CONTENT "#include \"${name}/${header}\"\n")
    list(APPEND checks "${check}")
  endforeach()
  if(ORRERY_BUILD_TESTS AND ORRERY_CHECK_HEADERS AND checks)
    add_library(${target}_headers OBJECT ${checks})
    target_link_libraries(${target}_headers PRIVATE ${target} orrery_strict)
  endif()

  install(TARGETS ${target} EXPORT orreryTargets)
  list(TRANSFORM module_HEADERS PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
  install(FILES ${module_HEADERS} DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/orrery/${name}")
endfunction()

# Writes which module links which, one module a line, for scripts/module-graph: "build/module_links.txt".
function(orrery_write_module_links)
  get_property(links GLOBAL PROPERTY ORRERY_MODULE_LINKS)
  file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/module_links.txt" CONTENT "${links}" @ONLY)
endfunction()
