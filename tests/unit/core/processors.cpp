#include "core/processors.hpp"

#include <gtest/gtest.h>

namespace orrery {
namespace {

TEST(ProcessorListText, JoinsNeighbours) {
  EXPECT_EQ(processor_list_text({}), "");
  EXPECT_EQ(processor_list_text({0}), "0");
  EXPECT_EQ(processor_list_text({0, 1, 2, 5, 7, 8}), "0-2,5,7-8");
}

TEST(ProcessorName, IsNeverEmpty) {
  EXPECT_NE(processor_name(), "");
}

TEST(Processors, BindingIsSeenAndCanBeTakenBack) {
  const auto before = bound_processors();
  ASSERT_FALSE(before.empty());
  ASSERT_TRUE(bind_to_processors({before.front()}));
  EXPECT_EQ(bound_processors(), std::vector<int>{before.front()});
  ASSERT_TRUE(bind_to_processors(before));
  EXPECT_EQ(bound_processors(), before);
}

}  // namespace
}  // namespace orrery
