/// Motions on ranks and threads, held against plain ones.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/fixed_point.hpp"
#include "laws/attraction.hpp"
#include "laws/lennard_jones.hpp"
#include "laws/soft_disc.hpp"
#include "plain_pairs.hpp"
#include "simulation/interacting_motion.hpp"
#include "world.hpp"

namespace orrery::test {

inline constexpr auto periodic = Boundary::periodic, reflect = Boundary::reflect, open = Boundary::open;

/// A power of two, so that velocities are displacements over it, exactly.
inline constexpr double time_step = 0x1p-7;

/// One mass for all particles.
using Masses = decltype(MotionSettings::mass);

/// A law, and what it says of one pair, written down here once more in the same order of operations.
struct TriedLaw {
  std::string name;
  std::unique_ptr<PairLaw> law;
  std::function<double(double r2)> force_over_distance;
};

inline std::vector<TriedLaw> laws() {
  std::vector<TriedLaw> laws;
  const LennardJonesOptions cut{.epsilon = 1.25, .sigma = 0.96, .cutoff = 2.4};
  const auto plain = [cut](double r2) {
    const double q = cut.sigma * cut.sigma / r2, q2 = q * q, q3 = q2 * q;
    const double prefactor = 24.0 * cut.epsilon / (cut.sigma * cut.sigma);
    return prefactor * (q2 * q2) * ((q3 + q3) - 1.0);
  };
  for (const auto truncation : {LennardJonesTruncation::cut, LennardJonesTruncation::shifted,
                                LennardJonesTruncation::force_shifted}) {
    LennardJonesOptions options = cut;
    options.truncation = truncation;
    auto law = std::make_unique<LennardJonesLaw>(options);
    const double there = law->constants().value[4];  // of the force, held against its formula in another test
    TriedLaw tried{"lennard-jones, " + std::string(law->method()), std::move(law), plain};
    if (truncation == LennardJonesTruncation::force_shifted)
      tried.force_over_distance = [plain, there](double r2) { return plain(r2) - there / std::sqrt(r2); };
    laws.push_back(std::move(tried));
  }
  const AttractionOptions pull{.strength = 2.0, .cutoff = 1.5};
  laws.push_back({"attraction", std::make_unique<AttractionLaw>(pull), [pull](double r2) {
                    return r2 > 0.0 ? pull.strength / pull.cutoff - pull.strength / std::sqrt(r2) : 0.0;
                  }});
  const SoftDiscOptions disc{.stiffness = 500.0, .diameter = 1.0};
  laws.push_back({"soft-disc", std::make_unique<SoftDiscLaw>(disc), [disc](double r2) {
                    return r2 > 0.0 ? disc.stiffness * disc.diameter / std::sqrt(r2) - disc.stiffness : 0.0;
                  }});
  return laws;
}

inline int exponent_above(double number) {
  int exponent = 0;
  std::frexp(number, &exponent);
  return exponent;
}

inline PlainPairs::Grids grids_of(const PairLaw& law, const Box& box) {
  const double longest = *std::max_element(box.lengths.begin(), box.lengths.end());
  const bool is_open = std::count(box.boundary.begin(), box.boundary.begin() + box.axes, Boundary::open) > 0;
  return {.position = FixedPoint::term_bits - (is_open ? 8 : 2) - exponent_above(longest),
          .displacement = FixedPoint::term_bits - exponent_above(law.constants().cutoff),
          .force = FixedPoint::for_terms_up_to(law.force_bound()).bits};
}

/// With which the least change of a force is the least change of a displacement: no bit of a force can hide.
inline double revealing_mass(const PlainPairs::Grids& grids) {
  return 0.5 * time_step * time_step * std::ldexp(1.0, grids.displacement - grids.force);
}

inline double on_grid(double number, int bits) {
  return std::ldexp(std::nearbyint(std::ldexp(number, bits)), -bits);
}

/// Not a standard distribution: theirs differ between libraries.
class Uniform {
public:
  explicit Uniform(unsigned seed) : random_(seed) {}
  /// From -most to most.
  double operator()(double most) { return most * (static_cast<double>(random_() >> 11) * 0x1p-52 - 1.0); }

private:
  std::mt19937_64 random_;
};

/// Particles near the sites of a lattice that fills the box, but for an edge of it.
inline PlainState disturbed_lattice(const Box& box, int sites, const PlainPairs::Grids& grids,
                                    unsigned seed) {
  Uniform uniform(seed);
  PlainState state;
  for (int site = 0; site < (box.axes == 2 ? sites * sites : sites * sites * sites); ++site) {
    const std::array<int, 3> at{site % sites, site / sites % sites, site / sites / sites};
    if (at[0] * 3 > sites * 2 && at[1] * 3 > sites * 2) continue;
    Triple x{}, u{};
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(box.axes); ++axis) {
      const double spacing = box.lengths[axis] / sites;
      x[axis] = on_grid((at[axis] + 0.5) * spacing + uniform(0.06 * spacing), grids.position);
      u[axis] = on_grid(uniform(2.0) * time_step, grids.displacement);
    }
    state.position.push_back(x);
    state.displacement.push_back(u);
  }
  return state;
}

/// This rank's even part of all particles.
inline RowsById part_of(const PlainState& state, const Communicator& ranks) {
  const Range mine = EvenSplit(std::ssize(state.position), ranks.size()).part(ranks.rank());
  RowsById part;
  part.position.resize(3);
  part.velocity.resize(3);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    for (std::int64_t row = mine.begin; row < mine.end; ++row) {
      part.position[axis].push_back(state.position[static_cast<std::size_t>(row)][axis]);
      part.velocity[axis].push_back(state.displacement[static_cast<std::size_t>(row)][axis] / time_step);
    }
  }
  return part;
}

inline bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

/// How many numbers of this rank's part have other bits. Zeros count as equal: a number that is neither above
/// nor below 0 has no sign to speak of.
inline int differences(const RowsById& expected, const RowsById& found) {
  int count = 0;
  const auto compare = [&count](const auto& a, const auto& b) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      if (a[axis].size() != b[axis].size()) ++count;
      for (std::size_t row = 0; row < std::min(a[axis].size(), b[axis].size()); ++row) {
        const double x = a[axis][row], y = b[axis][row];
        if (!same_bits(x, y) && !(x == 0.0 && y == 0.0)) ++count;
      }
    }
  };
  compare(expected.position, found.position);
  compare(expected.velocity, found.velocity);
  return count;
}

inline std::string text_of(const Box& box) {
  std::string text = std::to_string(box.axes) + "-D ";
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(box.axes); ++axis)
    text += box.boundary[axis] == periodic ? 'p' : box.boundary[axis] == reflect ? 'r' : 'o';
  return text;
}

/// One start, and where plain computation takes it.
struct Tried {
  std::string name;
  const TriedLaw* law = nullptr;
  Box box;
  double mass = 1.0;
  PlainState start;
  std::int64_t steps = 0;
  PlainState end{};
};

inline Tried tried(const TriedLaw& law, const Box& box, PlainState start, std::int64_t steps,
                   const std::string& name) {
  return {.name = law.name + ", " + text_of(box) + ", " + name,
          .law = &law,
          .box = box,
          .mass = revealing_mass(grids_of(*law.law, box)),
          .start = std::move(start),
          .steps = steps};
}

/// Computes all ends, each on one rank. Collective.
inline void compute_ends(std::vector<Tried>& all) {
  const auto rank_of = [](std::size_t index) { return static_cast<int>(index) % world().size(); };
  for (std::size_t index = 0; index < all.size(); ++index) {
    if (rank_of(index) != world().rank()) continue;
    Tried& each = all[index];
    const PairLaw& law = *each.law->law;
    const PlainPairs plain(each.box, law.constants().cutoff, time_step, each.mass, grids_of(law, each.box),
                           each.law->force_over_distance);
    each.end = each.start;
    for (std::int64_t step = 0; step < each.steps; ++step) plain.step(each.end);
  }
  for (std::size_t index = 0; index < all.size(); ++index) {
    world().push(all[index].end.position, rank_of(index));
    world().push(all[index].end.displacement, rank_of(index));
  }
}

inline void expect_the_plain_end(const Tried& tried, const Communicator& ranks, const MotionSettings& given) {
  MotionSettings settings = given;
  settings.step = time_step;
  settings.mass = Masses{tried.mass};
  const std::string what = tried.name + ", " + std::to_string(ranks.size()) + " ranks, " +
                           std::to_string(settings.threads) + " threads, skin " +
                           std::to_string(settings.skin) + (settings.balance ? ", balanced" : "");
  InteractingMotion motion(ranks, *tried.law->law, tried.box, settings, std::ssize(tried.start.position));
  EXPECT_EQ(motion.box().lengths, tried.box.lengths) << what << ": lengths that are not on the grid";
  motion.begin(part_of(tried.start, ranks));
  motion.evolve({0, tried.steps / 3}, [](std::int64_t) {});
  motion.evolve({tried.steps / 3, tried.steps}, [](std::int64_t) {});
  EXPECT_EQ(differences(part_of(tried.end, ranks), motion.rows_by_id()), 0) << what;
}

inline Box box_of(int axes, double edge, std::array<Boundary, 3> boundary) {
  Box box{.axes = axes, .lengths = {}, .boundary = boundary};
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes); ++axis)
    box.lengths[axis] = edge + 0.25 * static_cast<double>(axis);
  return box;
}

}  // namespace orrery::test
