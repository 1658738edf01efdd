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
