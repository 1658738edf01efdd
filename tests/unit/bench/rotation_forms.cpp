#include "bench/rotation_forms.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/error.hpp"
#include "integrators/independent_kernels.hpp"

namespace orrery {
namespace {

/// A form that the law has and the table lacks would never be timed.
TEST(RotationForms, AreAllThatTheLawHas) {
  const auto& methods = independent_kernels("rotation").methods;
  std::set<int> expected;
  for (std::size_t index = 0; index < methods.size(); ++index) {
    if (methods[index].evolve != nullptr) expected.insert(static_cast<int>(index));
  }
  std::set<int> found;
  for (const auto& form : rotation_forms) found.insert(form.law().method_index());
  EXPECT_EQ(found, expected);
  EXPECT_EQ(found.size(), rotation_forms.size()) << "a form stands twice";
}

TEST(RotationForms, AreFoundByName) {
  for (const auto& form : rotation_forms) EXPECT_EQ(rotation_form(form.name()).method, form.method);
  EXPECT_EQ(rotation_form_names().size(), rotation_forms.size());
  EXPECT_THROW(rotation_form("auto"), Error);
}

TEST(RotationForms, KnowWhichOfThemJump) {
  EXPECT_FALSE(rotation_form("direct").is_closed());
  EXPECT_TRUE(rotation_form("circle").is_closed());
}

TEST(RotationForms, HaveALimitEach) {
  for (const auto& form : rotation_forms) EXPECT_GT(form.items, 0.0) << form.name();
  EXPECT_EQ(rotation_form("direct").limit, Limit::divider);
}

}  // namespace
}  // namespace orrery
