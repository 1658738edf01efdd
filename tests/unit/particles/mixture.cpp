#include "particles/mixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <set>
#include <vector>

#include "core/error.hpp"
#include "core/option_set.hpp"
#include "particles/random_permutation.hpp"
#include "particles/species_options.hpp"

namespace orrery {
namespace {

std::vector<std::uint64_t> order(std::uint64_t seed, std::uint64_t count) {
  const RandomPermutation permutation(seed, Purpose::species, count);
  std::vector<std::uint64_t> places;
  for (std::uint64_t number = 0; number < count; ++number) places.push_back(permutation(number));
  return places;
}

TEST(RandomPermutation, MapsEveryNumberToAPlaceOfItsOwn) {
  for (const std::uint64_t count :
       {1U, 2U, 3U, 4U, 5U, 7U, 8U, 9U, 31U, 32U, 33U, 1000U, 65536U, 65537U, 100'000U}) {
    auto places = order(3, count);
    std::sort(places.begin(), places.end());
    for (std::uint64_t place = 0; place < count; ++place) ASSERT_EQ(places[place], place) << count;
  }
}

TEST(RandomPermutation, StaysBelowALargeCount) {
  constexpr std::uint64_t count = (std::uint64_t{1} << 48) - 12'345;
  const RandomPermutation permutation(1, Purpose::species, count);
  std::set<std::uint64_t> places;
  for (std::uint64_t number = 0; number < 1000; ++number) {
    places.insert(permutation(number));
    places.insert(permutation(count - 1 - number));
  }
  EXPECT_EQ(places.size(), 2000);
  EXPECT_LT(*places.rbegin(), count);
}

/// Chi squared of where each number goes, and of which subsets come first, over many seeds.
TEST(RandomPermutation, DrawsAllSubsetsAlike) {
  constexpr int count = 8, chosen = 4, seeds = 7000, subsets = 70;
  std::array<int, 256> found{};
  std::array<std::array<int, count>, count> place_of{};
  for (int seed = 0; seed < seeds; ++seed) {
    const auto places = order(static_cast<std::uint64_t>(seed), count);
    std::size_t subset = 0;
    for (std::size_t number = 0; number < count; ++number) {
      ++place_of[number][places[number]];
      if (places[number] < chosen) subset |= std::size_t{1} << number;
    }
    ++found[subset];
  }
  const auto excess = [](double chi2, double freedoms) {
    return (chi2 - freedoms) / std::sqrt(2.0 * freedoms);
  };
  double of_subsets = 0.0, of_places = 0.0;
  for (std::size_t subset = 0; subset < found.size(); ++subset) {
    if (std::popcount(subset) != chosen) continue;
    of_subsets += std::pow(found[subset] - 1.0 * seeds / subsets, 2) / (1.0 * seeds / subsets);
  }
  for (const auto& row : place_of)
    for (const int times : row) of_places += std::pow(times - 1.0 * seeds / count, 2) / (1.0 * seeds / count);
  EXPECT_LT(std::abs(excess(of_subsets, subsets - 1)), 4);
  EXPECT_LT(std::abs(excess(of_places, (count - 1) * (count - 1))), 4);
}

TEST(Mixture, GivesEachSpeciesItsExactNumber) {
  struct Case {
    std::int64_t count;
    std::vector<double> shares;
    std::vector<std::int64_t> expected;
  };
  for (const Case& each :
       {Case{10, {0.5, 0.5}, {5, 5}}, Case{10, {1, 1, 1, 1}, {3, 2, 3, 2}},
        Case{500, {0.5, 0.2, 0.3}, {250, 100, 150}}, Case{7, {0.9, 0.1}, {6, 1}},
        Case{3, {0, 1, 0}, {0, 3, 0}}, Case{0, {0.5, 0.5}, {0, 0}}, Case{1, {0.4, 0.6}, {0, 1}}}) {
    const Mixture mixture(1, each.count, each.shares);
    std::vector<std::set<std::int64_t>> numbers(each.shares.size());
    for (std::int64_t id = 0; id < each.count; ++id) {
      const SpeciesPlace place = mixture.place_of(ParticleId{static_cast<std::uint64_t>(id)});
      EXPECT_TRUE(numbers[static_cast<std::size_t>(place.species)].insert(place.number).second);
    }
    for (std::size_t species = 0; species < numbers.size(); ++species) {
      EXPECT_EQ(mixture.count_of(species), each.expected[species]);
      ASSERT_EQ(std::ssize(numbers[species]), each.expected[species]);
      const auto beyond = std::find_if(numbers[species].begin(), numbers[species].end(),
                                       [&](std::int64_t number) { return number >= each.expected[species]; });
      EXPECT_EQ(beyond, numbers[species].end());  // so they are 0, 1, 2, ...
    }
  }
}

TEST(Mixture, IsADifferentOneWithEverySeed) {
  const std::array<double, 2> shares{0.5, 0.5};
  const Mixture one(1, 1000, shares), two(2, 1000, shares);
  int alike = 0;
  for (std::uint64_t id = 0; id < 1000; ++id)
    alike += one.place_of(ParticleId{id}).species == two.place_of(ParticleId{id}).species ? 1 : 0;
  EXPECT_NEAR(alike, 500, 4 * std::sqrt(250.0));
}

TEST(SpeciesOptions, RefuseFractionsThatAreNoShares) {
  const auto refusal = [](std::vector<double> mass, std::vector<double> fractions) -> std::string {
    try {
      SpeciesOptions{.mass = std::move(mass), .fractions = std::move(fractions)}.validate();
    } catch (const OptionConflict& conflict) {
      return conflict.what();
    }
    return "accepted";
  };
  EXPECT_EQ(refusal({1, 2}, {}), "accepted");
  EXPECT_EQ(refusal({1, 2, 3}, {0.7, 0.2, 0.1}), "accepted");
  EXPECT_EQ(refusal({1, 2}, {0.7, 0.2, 0.1}),
            "of particles.fractions there are 3, of particles.mass 2 (each species has one of both); give as "
            "many of one as of the other");
  EXPECT_EQ(
      refusal({1, 2}, {0.5, 0.25}),
      "particles.fractions add up to 0.75, not to 1 (they are shares of all particles); change them, or "
      "leave them out for equal shares");
}

}  // namespace
}  // namespace orrery
