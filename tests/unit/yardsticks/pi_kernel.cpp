#include "yardsticks/pi_kernel.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "core/instruction_set.hpp"
#include "yardsticks/plain_pi.hpp"

namespace orrery {
namespace {

std::int64_t count_one_by_one(std::uint64_t seed, Range samples) {
  std::int64_t hits = 0;
  for (std::int64_t sample = samples.begin; sample < samples.end; ++sample)
    hits += is_hit(seed, sample) ? 1 : 0;
  return hits;
}

TEST(PiKernel, CountsWhatRandom123GivesOnEveryInstructionSet) {
  for (const std::string& set : available_instruction_sets()) {
    choose_instruction_set(set);
    EXPECT_EQ(pi_instruction_set(), set);
    for (const std::uint64_t seed : {0ULL, 1ULL, 0xfedcba9876543210ULL}) {
      for (const std::int64_t begin : {0LL, 1LL, 7LL, (1LL << 33) - 20, (1LL << 43) - 3}) {
        for (const std::int64_t count : {0, 1, 2, 3, 5, 8, 47, 48, 49, 1000}) {
          const Range samples{begin, begin + count};
          EXPECT_EQ(count_hits(seed, samples), count_one_by_one(seed, samples))
              << set << " seed " << seed << " from " << begin << " " << count;
        }
      }
    }
  }
  choose_instruction_set("auto");
}

TEST(PiKernel, CountsTheSameInAnyPieces) {
  const std::int64_t whole = count_hits(3, {0, 100'000});
  for (const std::int64_t piece : {1, 17, 4096, 99'999}) {
    std::int64_t sum = 0;
    for (std::int64_t begin = 0; begin < 100'000; begin += piece)
      sum += count_hits(3, {begin, std::min<std::int64_t>(begin + piece, 100'000)});
    EXPECT_EQ(sum, whole) << piece;
  }
}

TEST(PiKernel, AgreesWithPlainLoopsAsFarAsChanceAllows) {
  constexpr std::int64_t samples = 1'000'000;
  const double error = std::sqrt(0.785398 * 0.214602 * samples);
  for (const std::int64_t hits :
       {count_hits(5, {0, samples}), count_hits_plainly(5, samples), count_hits_by_hand(5, samples)})
    EXPECT_NEAR(static_cast<double>(hits), 785398.16, 4.0 * error);
}

}  // namespace
}  // namespace orrery
