#include "core/thread_start.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <cstdlib>

#include "core/error.hpp"

namespace orrery {
namespace {

TEST(StartThreads, StartsThemAll) {
  start_threads(5);
  int threads = 0;
#pragma omp parallel num_threads(5) reduction(+ : threads)
  threads += 1;
  EXPECT_EQ(threads, 5);
}

TEST(StartThreads, RefusesMoreThanThereIsRoomFor) {
  // Stacks that no machine has room for, in address space or otherwise.
  setenv("OMP_STACKSIZE", "100000G", 1);
  try {
    start_threads(3);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::internal);
    const std::string message = error.what();
    EXPECT_EQ(message.find("run.threads 3: cannot start a thread"), 0U) << message;
    EXPECT_EQ(message.find("Resource temporarily"), std::string::npos) << message;
  }
  unsetenv("OMP_STACKSIZE");
  EXPECT_NO_THROW(start_threads(1));
}

}  // namespace
}  // namespace orrery
