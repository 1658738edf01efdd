#include "io/hdf5_handle.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <array>
#include <fstream>
#include "sanitizers.hpp"

namespace orrery {
namespace {

/// Leaves this process so many bytes of address space beyond what it has, while it lives.
class LittleMemory {
public:
  explicit LittleMemory(std::uint64_t more) {
    getrlimit(RLIMIT_AS, &before_);
    std::uint64_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    const struct rlimit limit { pages * 4096 + more, before_.rlim_max };
    setrlimit(RLIMIT_AS, &limit);
  }
  ~LittleMemory() { setrlimit(RLIMIT_AS, &before_); }
  LittleMemory(const LittleMemory&) = delete;
  LittleMemory& operator=(const LittleMemory&) = delete;

private:
  struct rlimit before_ {};
};

TEST(Hdf5Handle, SaysWhenTheLibraryGotNoMemory) {
  if (is_under_address_sanitizer) GTEST_SKIP() << "the sanitizer's own allocator ends the program";
  start_hdf5();
  // A chunk of 1 GiB, which the library holds whole when a number of it is written.
  const hsize_t rows = hsize_t{1} << 27U, one = 1;
  const Hdf5Handle properties(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "properties");
  check_hdf5(H5Pset_fapl_core(properties.get(), 4096, false), "in memory");
  const Hdf5Handle file(H5Fcreate("no file", H5F_ACC_TRUNC, H5P_DEFAULT, properties.get()), H5Fclose, "file");
  const Hdf5Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "properties");
  check_hdf5(H5Pset_chunk(creation.get(), 1, &rows), "chunk");
  check_hdf5(H5Pset_deflate(creation.get(), 1), "filter");
  const Hdf5Handle space(H5Screate_simple(1, &rows, nullptr), H5Sclose, "space");
  const Hdf5Handle numbers(H5Dcreate2(file.get(), "numbers", H5T_NATIVE_DOUBLE, space.get(), H5P_DEFAULT,
                                      creation.get(), H5P_DEFAULT),
                           H5Dclose, "data set");
  const Hdf5Handle memory(H5Screate_simple(1, &one, nullptr), H5Sclose, "space");
  const hsize_t first = 0;
  check_hdf5(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, &first, nullptr, &one, nullptr), "select");
  const double number = 1.0;
  const LittleMemory limit(std::uint64_t{100} << 20U);
  try {
    check_hdf5(H5Dwrite(numbers.get(), H5T_NATIVE_DOUBLE, memory.get(), space.get(), H5P_DEFAULT, &number),
               "cannot write numbers");
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::internal);
    EXPECT_THAT(error.what(), testing::StartsWith("cannot write numbers: out of memory: "));
    EXPECT_THAT(error.what(), testing::HasSubstr("ulimit -v"));
  }
}

}  // namespace
}  // namespace orrery
