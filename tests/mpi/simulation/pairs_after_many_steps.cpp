/// Whether bits are still the same after many steps.

#include "tried_motion.hpp"

namespace orrery::test {
namespace {

std::uint64_t digest_of(const PlainState& state) {
  std::uint64_t digest = 0;
  for (const auto* triples : {&state.position, &state.displacement})
    for (const Triple& triple : *triples)
      for (const double number : triple)
        digest = (digest ^ std::bit_cast<std::uint64_t>(number + 0.0)) * 0x9E3779B97F4A7C15U + 1;
  return digest;
}

/// Sizes of groups of ranks that run side by side, one row after the other.
std::vector<std::array<int, 3>> groups_of(int ranks) {
  if (ranks == 8) return {{8, 0, 0}, {6, 2, 0}, {4, 3, 1}};
  return {{ranks, 0, 0}, {ranks - 1, 1, 0}};
}

/// With 1, 2, 3, 4, 6 and 8 ranks (in a world of 8; with 1, 2 and 3 in one of 3), each with one thread and
/// with two, with three skins, and with and without balance.
TEST(InteractingMotion, IsThatOfAllPairsAfterTwoThousandSteps) {
  const std::vector<TriedLaw> all_laws = laws();
  std::vector<Tried> all;
  for (const TriedLaw& law : all_laws) {
    const bool is_flat = law.name == "soft-disc";
    const Box box = is_flat ? box_of(2, 9.0, {reflect, reflect, periodic})
                            : box_of(3, 5.5, {periodic, periodic, periodic});
    all.push_back(tried(law, box, disturbed_lattice(box, is_flat ? 9 : 4, grids_of(*law.law, box), 21), 2000,
                        "2,000 steps"));
  }
  compute_ends(all);
  // Who changes them says why in the commit.
  const std::vector<std::uint64_t> stored{0xb2700131bda99a18, 0xb2700131bda99a18, 0xed3cc0cf6c7ca248,
                                          0x7cc160b9885a2098, 0x21874c0415e337ea};
  for (std::size_t index = 0; index < all.size(); ++index)
    EXPECT_EQ(digest_of(all[index].end), stored[index])
        << all[index].name << std::hex << ": 0x" << digest_of(all[index].end);

  std::size_t next = 0;
  for (const std::array<int, 3>& sizes : groups_of(world().size())) {
    const int rank = world().rank();
    const auto ranks = world().split(rank < sizes[0] ? 0 : rank < sizes[0] + sizes[1] ? 1 : 2);
    for (const int threads : {1, 2}) {
      for (const double skin : {0.1, 0.3, 0.7}) {
        for (const bool balance : {false, true}) {
          const Tried& one = all[next++ % all.size()];
          expect_the_plain_end(one, *ranks, {.skin = skin, .threads = threads, .balance = balance});
        }
      }
    }
  }
}

}  // namespace
}  // namespace orrery::test
