#include "core/failure_facts.hpp"

#include <gtest/gtest.h>

namespace orrery {
namespace {

const std::string words = "{particle} at (1, 2) comes within 0.5 of {other particle} in step 7; {particle}";

TEST(FailureFacts, NameParticlesByTheirIdsWhereTheseAreKnown) {
  FailureFacts facts{.kind = FailureKind::force_out_of_range, .step = 7, .particles = {3, 12}};
  EXPECT_EQ(with_names(words, facts),
            "particle #3 at (1, 2) comes within 0.5 of particle #12 in step 7; particle #3");
  facts.ids = {1003, 17};
  facts.has_ids = true;
  EXPECT_EQ(with_names(words, facts),
            "particle 1003 at (1, 2) comes within 0.5 of particle 17 in step 7; particle 1003");
}

TEST(FailureFacts, CallAParticleThatIsNotKnownAnother) {
  const FailureFacts facts{.kind = FailureKind::force_out_of_range, .step = 7, .particles = {3, -1}};
  const FactualError error(ExitCode::simulation_failed, words, facts);
  EXPECT_STREQ(error.what(),
               "particle #3 at (1, 2) comes within 0.5 of another particle in step 7; particle #3");
  EXPECT_EQ(error.words(), words);
  EXPECT_EQ(error.facts(), facts);
}

}  // namespace
}  // namespace orrery
