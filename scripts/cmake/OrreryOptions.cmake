# Switches of the build, and the compile settings that every target of ours shares.

option(ORRERY_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(ORRERY_CHECK_HEADERS "Check that every header compiles alone" ON)
option(ORRERY_CHECKS "Keep assertions and the checks of the standard library" OFF)
option(ORRERY_SANITIZE "Build with the address and undefined-behaviour sanitizers" OFF)
option(ORRERY_WARNINGS_AS_ERRORS "Treat warnings as errors" ${PROJECT_IS_TOP_LEVEL})

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")

# What the language level and the arithmetic are: part of every target, and of what an outside project sees.
# Contraction of a*b+c would make the bits depend on compiler and instruction set.
add_library(orrery_settings INTERFACE)
target_compile_features(orrery_settings INTERFACE cxx_std_20)
target_compile_options(orrery_settings INTERFACE -ffp-contract=off)

# What we hold our own code to.
add_library(orrery_strict INTERFACE)
target_compile_options(
  orrery_strict INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
                          -Wold-style-cast -Woverloaded-virtual)
if(ORRERY_WARNINGS_AS_ERRORS)
  target_compile_options(orrery_strict INTERFACE -Werror)
endif()
if(ORRERY_CHECKS)
  target_compile_definitions(orrery_strict INTERFACE _GLIBCXX_ASSERTIONS)
  target_compile_options(orrery_strict INTERFACE -UNDEBUG)
endif()
if(ORRERY_SANITIZE)
  target_compile_options(orrery_settings INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
                                                   -fno-omit-frame-pointer)
  target_link_options(orrery_settings INTERFACE -fsanitize=address,undefined)
endif()
