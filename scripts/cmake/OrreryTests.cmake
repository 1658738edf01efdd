# How tests are registered. Every test has a timeout and says how many processors it takes.
find_package(GTest REQUIRED)
include(GoogleTest)

find_program(ORRERY_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH DOC "Python that has h5py, MDAnalysis and pytest")

# Sanitizers and unoptimised builds take their time.
set(ORRERY_TEST_TIMEOUT 60 CACHE STRING "Seconds after which a test has failed")

# Environment of tests under MPI: more ranks than cores are all right, and root may run mpirun. Leaks
# are looked for where MPI is not: it unloads its plugins at the end, and what they keep can then not be told from ours.
set(orrery_mpi_environment
    OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
    UBSAN_OPTIONS=print_stacktrace=1 ASAN_OPTIONS=detect_leaks=0)
# One variable: gtest_discover_tests takes lists apart.
set(orrery_leak_environment "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/support/leaks.supp:print_suppressions=0")

# add_unit_test(NAME SOURCES ... LINK ...): one process; every case is a test of its own.
function(add_unit_test name)
  cmake_parse_arguments(test "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${test_SOURCES})
  target_link_libraries(${name} PRIVATE ${test_LINK} orrery_strict GTest::gmock GTest::gtest_main)
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/tests/support")
  target_compile_definitions(${name} PRIVATE ORRERY_TEST_DATA="${CMAKE_CURRENT_SOURCE_DIR}")
  gtest_discover_tests(${name} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT ${ORRERY_TEST_TIMEOUT} LABELS unit ENVIRONMENT "${orrery_leak_environment}")
endfunction()

# add_mpi_test(NAME SOURCES ... LINK ... [RANKS n ...] [SLOW_RANKS n ...] [THREADS t] [TIMEOUT seconds]): the whole program once for
# each number of ranks. With those of SLOW_RANKS it is kept out of the sanitizers' run.
function(add_mpi_test name)
  cmake_parse_arguments(test "" "THREADS;TIMEOUT" "SOURCES;LINK;RANKS;SLOW_RANKS" ${ARGN})
  if(NOT test_THREADS)
    set(test_THREADS 1)
  endif()
  if(NOT test_TIMEOUT)
    set(test_TIMEOUT ${ORRERY_TEST_TIMEOUT})
  endif()
  add_executable(${name} ${test_SOURCES})
  target_link_libraries(${name} PRIVATE ${test_LINK} orrery_test_mpi_main orrery_strict)
  foreach(ranks IN LISTS test_RANKS test_SLOW_RANKS)
    set(labels mpi)
    if(ranks IN_LIST test_SLOW_RANKS)
      list(APPEND labels slow)
    endif()
    set(registered "${name}.ranks_${ranks}")
    add_test(NAME ${registered} COMMAND ${MPIEXEC_EXECUTABLE} --oversubscribe ${MPIEXEC_NUMPROC_FLAG} ${ranks} $<TARGET_FILE:${name}>)
    math(EXPR processors "${ranks} * ${test_THREADS}")
    set_tests_properties(${registered} PROPERTIES TIMEOUT ${test_TIMEOUT} LABELS "${labels}" PROCESSORS ${processors}
                                                  ENVIRONMENT "${orrery_mpi_environment};OMP_NUM_THREADS=${test_THREADS}")
  endforeach()
endfunction()

# add_python_test(NAME FILE [TIMEOUT seconds] [PROCESSORS n] [LABELS ...]): a file of pytest cases that run whole programs.
# Label `slow` keeps a test out of the sanitizers' run.
function(add_python_test name file)
  cmake_parse_arguments(test "" "TIMEOUT;PROCESSORS" "LABELS" ${ARGN})
  if(NOT test_TIMEOUT)
    set(test_TIMEOUT ${ORRERY_TEST_TIMEOUT})
  endif()
  if(NOT test_PROCESSORS)
    set(test_PROCESSORS 2)
  endif()
  add_test(NAME ${name} COMMAND ${ORRERY_PYTHON} -m pytest -q -p no:cacheprovider "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
  set_tests_properties(${name} PROPERTIES TIMEOUT ${test_TIMEOUT} LABELS "apps;${test_LABELS}" PROCESSORS ${test_PROCESSORS}
    ENVIRONMENT "${orrery_mpi_environment};TESTED_ORRERY=$<TARGET_FILE:orrery>;PYTHONDONTWRITEBYTECODE=1")
endfunction()
