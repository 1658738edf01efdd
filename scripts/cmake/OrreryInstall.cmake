# `cmake --install` and the package that `find_package(orrery)` finds.
include(CMakePackageConfigHelpers)

install(TARGETS orrery_settings EXPORT orreryTargets)
set_target_properties(orrery_settings PROPERTIES EXPORT_NAME settings)
install(EXPORT orreryTargets NAMESPACE orrery:: DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/orrery")
configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/scripts/cmake/orreryConfig.cmake.in" "${PROJECT_BINARY_DIR}/orreryConfig.cmake"
  INSTALL_DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/orrery")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/orreryConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/orreryConfig.cmake" "${PROJECT_BINARY_DIR}/orreryConfigVersion.cmake"
        DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/orrery")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/config" DESTINATION "${CMAKE_INSTALL_DATADIR}/orrery")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")

# The scripts, which find what they need beside themselves: share/orrery/scripts/plot and others.
set(ORRERY_SCRIPTS_DIR "${CMAKE_INSTALL_DATADIR}/orrery")
foreach(script plot animate report import export build-page setup)
  install(PROGRAMS "${PROJECT_SOURCE_DIR}/scripts/${script}" DESTINATION "${ORRERY_SCRIPTS_DIR}/scripts" COMPONENT scripts)
endforeach()
install(FILES "${PROJECT_SOURCE_DIR}/scripts/which_python.py" DESTINATION "${ORRERY_SCRIPTS_DIR}/scripts" COMPONENT scripts)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/scripts/orrery" DESTINATION "${ORRERY_SCRIPTS_DIR}/scripts" COMPONENT scripts
        PATTERN __pycache__ EXCLUDE)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/web/report" DESTINATION "${ORRERY_SCRIPTS_DIR}/web" COMPONENT scripts
        PATTERN node_modules EXCLUDE)
# The program of the report's page, if it has been built.
install(FILES "${PROJECT_SOURCE_DIR}/build/report/page.html" "${PROJECT_SOURCE_DIR}/build/report/.sources"
        DESTINATION "${ORRERY_SCRIPTS_DIR}/build/report" COMPONENT scripts OPTIONAL)
